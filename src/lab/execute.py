"""Runs lessons from top to bottom, one line each, and ends at the first cell that fails."""

import time

import outputs
import page
from session import CellFailure, Session
from trust import trust


def execute(paths, kernel, pages, keep):
    """Runs the notebooks `paths` and writes their pages into the folder `pages`.

    With `keep` the outputs go into the notebooks too. Returns whether every cell ran.
    """
    for path in paths:
        start = time.monotonic()
        with Session(path, kernel) as session:
            cells = session.code_cells()
            failure = run_all(session, cells)
        page.write(session.notebook, pages / (path.stem + ".html"))
        if failure:
            print(f"FAILED {path.stem}, cell {failure.number}\n{failure}", flush=True)
            return False
        if keep:
            outputs.keep(session.notebook, path)
        print(f"{path.stem:<30} {len(cells):3} cells {time.monotonic() - start:6.1f} s", flush=True)
    for folder in {path.parent for path in paths}:
        trust(folder)
    return True


def run_all(session, cells):
    """Runs cells in turn; returns the failure of the first that fails, else None."""
    try:
        for index in cells:
            session.run(index)
    except CellFailure as failure:
        return failure
    return None
