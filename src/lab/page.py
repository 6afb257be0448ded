"""A lesson as an HTML page that needs no other file and no network."""

import re

from nbconvert import HTMLExporter

# The template's libraries for formulas and widgets, which lessons do without.
EXTERNAL_SCRIPT = re.compile(r"<script[^>]*\ssrc=[^>]*>\s*</script>")


def write(notebook, path):
    """Writes the page of a notebook to the file `path`."""
    exporter = HTMLExporter(template_name="lab", embed_images=True)
    body, _ = exporter.from_notebook_node(
        notebook, resources={"metadata": {"name": _title(notebook, path.stem)}}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(EXTERNAL_SCRIPT.sub("", body), encoding="utf-8")


def _title(notebook, otherwise):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("# "):
                    return line[2:].strip()
    return otherwise
