"""The re-run test: a lesson shows the same in whatever order its reader ran the cells.

A cell that asks its reader to change something names an example in its metadata:

    "genpt": {"change": {"from": "levels = 3", "to": "levels = 4"}}

Two kernels tell. The reader's has run the whole lesson; for each change in turn it runs the changed
cell alone, every later cell again, and the cell as it was. The fresh one runs the lesson with all
changes from the start. A changed cell must show the same in both, every other cell what it showed
before. The reader's kernel has one change at a time and the fresh one has all, so that a cell which
depends on the change of another differs too.
"""

from outputs import difference, text
from session import CellFailure, Session


def check(path, kernel):
    """Checks a lesson; yields (what, problem) a check, the problem empty if there is none."""
    with Session(path, kernel) as reader:
        cells = reader.code_cells()
        kept = {i: text(reader.notebook.cells[i].outputs) for i in cells}
        try:
            shown = {i: text(reader.run(i)) for i in cells}
        except CellFailure as failure:
            yield "runs", f"cell {failure.number}\n{failure}"
            return
        yield "runs", ""
        yield "shows the kept outputs", problems(
            difference(kept[i], f"cell {i + 1} as kept", shown[i], f"cell {i + 1} as run")
            for i in cells
        )
        changes = changed_sources(reader.notebook)
        fresh = changed_from_the_start(path, kernel, changes) if changes else {}
        for index, source in changes.items():
            yield f"cell {index + 1}, changed", rerun(reader, index, source, fresh[index], shown)


def changed_sources(notebook):
    """The source with the change, by index, of each cell that names one."""
    changes = {}
    for index, cell in enumerate(notebook.cells):
        change = cell.metadata.get("genpt", {}).get("change")
        if change:
            places = cell.source.count(change["from"])
            if places != 1:
                raise SystemExit(
                    f"cell {index + 1}: {change['from']!r} must stand there once, not {places} times"
                )
            changes[index] = cell.source.replace(change["from"], change["to"])
    return changes


def changed_from_the_start(path, kernel, changes):
    """What each code cell shows in a fresh kernel, by index."""
    with Session(path, kernel) as session:
        return {i: show(session, i, changes.get(i)) for i in session.code_cells()}


def rerun(reader, index, source, fresh, shown):
    """Changes one cell in the reader's kernel and takes the change back; returns the problems."""
    original = reader.notebook.cells[index].source
    changed = show(reader, index, source)
    found = [difference(fresh, "in a fresh kernel", changed, "run again")]
    for later in (i for i in reader.code_cells() if i > index):
        name = f"cell {later + 1}"
        found.append(difference(shown[later], name, show(reader, later), f"{name}, run again"))
    found.append(difference(shown[index], "before", show(reader, index, original), "changed back"))
    return problems(found)


def show(session, index, source=None):
    """What a cell shows; a failure stands for its outputs."""
    try:
        return text(session.run(index, source))
    except CellFailure as failure:
        return f"fails:\n{failure}\n"


def problems(found):
    """Those that are not empty, as one text."""
    return "\n".join(problem for problem in found if problem)
