"""The outputs of cells, as a lesson keeps them and as they are compared."""

import copy
import difflib
import html

import nbformat


def keep(notebook, path):
    """Writes a notebook that ran into its file, with nothing in it that differs from run to run."""
    kept = nbformat.read(path, as_version=4)
    count = 0
    for old, new in zip(kept.cells, notebook.cells):
        if old.cell_type == "code":
            count += 1
            old.execution_count = count
            old.outputs = [_kept(output, count) for output in new.outputs]
    path.write_text(nbformat.writes(kept) + "\n", encoding="utf-8")


def _kept(output, count):
    output = copy.deepcopy(output)
    if output.output_type == "execute_result":
        output.execution_count = count
    if _image(output):
        output.data.pop("text/plain", None)  # the picture's address in memory
    return output


def text(outputs):
    """What a reader sees, as text: an image by its type alone, and whatever kernel printed it."""
    return "".join(_text(output) for output in outputs)


def _text(output):
    if output.output_type == "stream":
        return output.text
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}\n"
    if _image(output):
        return f"({_image(output)})\n"
    for kind in ("text/html", "text/markdown", "text/plain"):
        if kind in output.data:
            return html.unescape(output.data[kind]).rstrip("\n") + "\n"
    return f"({', '.join(output.data)})\n"


def _image(output):
    return next((kind for kind in output.get("data", {}) if kind.startswith("image/")), None)


def difference(expected, expected_name, actual, actual_name):
    """The lines in which two texts differ; an empty text if they don't."""
    lines = difflib.unified_diff(
        expected.splitlines(), actual.splitlines(), expected_name, actual_name, lineterm="", n=1
    )
    return "\n".join(lines)
