"""What ./jbang lab has Python do: run lessons into pages, or check them.

    lessons.py execute [--keep] --kernel NAME --pages FOLDER NOTEBOOK...
    lessons.py check --kernel NAME NOTEBOOK...

`execute` prints a line a lesson; one that begins with FAILED and what follows it tell of the first
cell that failed. `check` prints a line a check, "ok - " or "not ok - " before its name, and under
the latter, indented, what is wrong. Either exits with 1 if something failed.
"""

import argparse
import sys
from pathlib import Path

from check import check
from execute import execute


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["execute", "check"])
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("notebooks", type=Path, nargs="+")
    given = parser.parse_args()
    if given.task == "execute":
        return execute(given.notebooks, given.kernel, given.pages, given.keep)
    return all([report(path, given.kernel) for path in given.notebooks])


def report(path, kernel):
    """Prints what a lesson's checks found; returns whether all is well."""
    well = True
    for what, problem in check(path, kernel):
        print(f"{'not ok' if problem else 'ok'} - {path.stem}: {what}")
        for line in problem.splitlines():
            print("    " + line)
        sys.stdout.flush()
        well = well and not problem
    return well


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
