"""A notebook and the Java kernel that runs its cells."""

import contextlib
import copy
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

SECONDS_A_CELL = 600

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
KERNEL_FRAME = re.compile(r"\s*at (java\.|jdk\.|org\.dflib\.|org\.rapaio\.|REPL\.)")


class CellFailure(Exception):
    """A cell that ended in an error: its number among all cells from 1 on, its source, and why."""

    def __init__(self, number, source, message):
        super().__init__(message)
        self.number = number
        self.source = source

    def __str__(self):
        source = "\n".join("  | " + line for line in self.source.splitlines())
        message = "\n".join("  " + line for line in self.args[0].splitlines())
        return f"{source}\n{message}"


class Session:
    """One kernel, started for one notebook. Cells are named by their index among all cells."""

    def __init__(self, path, kernel):
        self.path = path
        self.kernel = kernel
        self.notebook = nbformat.read(path, as_version=4)

    def __enter__(self):
        self._stack = contextlib.ExitStack()
        try:
            self._start()
        except RuntimeError:  # now and then a kernel hangs while it starts: once more
            self._start()
        return self

    def __exit__(self, *exception):
        return self._stack.__exit__(*exception)

    def _start(self):
        self._client = NotebookClient(
            self.notebook,
            kernel_name=self.kernel,
            timeout=SECONDS_A_CELL,
            allow_errors=True,  # run() finds them in the outputs
            record_timing=False,
            shutdown_kernel="immediate",  # it holds nothing, and takes seconds to say goodbye
            resources={"metadata": {"path": str(self.path.parent)}},
        )
        # What the kernel's process prints of its own is no answer of ours.
        self._stack.enter_context(self._client.setup_kernel(stdout=sys.stderr))

    def code_cells(self):
        """The indexes of the cells that hold code, top to bottom."""
        return [i for i, cell in enumerate(self.notebook.cells) if cell.cell_type == "code"]

    def run(self, index, source=None):
        """Runs a cell, with `source` for its own if given; returns its outputs.

        Raises CellFailure. The notebook then holds the cell as it ran.
        """
        cell = copy.deepcopy(self.notebook.cells[index])
        if source is not None:
            cell.source = source
        self.notebook.cells[index] = cell
        try:
            self._client.execute_cell(cell, index)
        except (CellTimeoutError, DeadKernelError) as problem:
            raise CellFailure(index + 1, cell.source, str(problem).strip()) from problem
        for output in cell.outputs:
            if output.output_type == "error":
                raise CellFailure(index + 1, cell.source, message(output))
        return cell.outputs


def message(error):
    """An error as its reader wants it: no colours, and no frames of the kernel."""
    lines = COLOUR.sub("", "\n".join(error.traceback)).splitlines()
    return "\n".join(line for line in lines if line.strip() and not KERNEL_FRAME.match(line))
