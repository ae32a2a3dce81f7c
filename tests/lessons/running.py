"""A lesson, executed in a real kernel and made ready to be kept: the same bytes but for what the engine measures."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
LESSONS = sorted(FOLDER.glob("[0-9]*.ipynb"))
CONNECT = {"SQLite": "%backend connect demo", "PostgreSQL": "%backend postgres"}
_SECONDS_FOR_A_CELL = 300
# A plain reader of notebooks takes the richest form; the others would double the file.
_KEPT_FORMS = ("text/html", "text/plain")


def execute(path: Path, engine: str, folder: Path, kernel: str = "python3") -> nbformat.NotebookNode:
    """Run a lesson top to bottom on an engine, in that folder, and return it; a cell that fails fails the run."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace(CONNECT["SQLite"], CONNECT[engine])
    client = NotebookClient(
        notebook, timeout=_SECONDS_FOR_A_CELL, kernel_name=kernel, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return notebook


def outcomes(notebook: nbformat.NotebookNode) -> dict[str, bool]:
    """Return for each exercise that was handed in whether it is solved."""
    told = [output.get("metadata", {}).get("backend_mentor") for cell in notebook.cells for output in _outputs(cell)]
    return {each["exercise"]: each["is_solved"] for each in told if each}


def settle(notebook: nbformat.NotebookNode) -> None:
    """Take out of an executed lesson what differs from run to run and from machine to machine."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number}"
        cell.metadata = nbformat.from_dict({})
        cell_outputs = [each for each in _outputs(cell) if not _is_progress(each)]
        for output in cell_outputs:
            if "data" in output:
                output.data = {form: text for form, text in output.data.items() if form in _KEPT_FORMS}
        if cell.cell_type == "code":
            cell.outputs = cell_outputs


def machine_paths(text: str) -> list[str]:
    """Return the paths of a machine's own folders that stand in a text."""
    return re.findall(r"(?:/home/|/root/|/tmp/|/Users/|[A-Z]:\\\\)[^\s\"'<]*", text)


def _is_progress(output: nbformat.NotebookNode) -> bool:
    """Return whether nothing is left to see of an output: the line of progress, once it is taken away."""
    return "data" in output and not "".join(output.data.get("text/plain", "")).strip()


def _outputs(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return list(cell.get("outputs", []))
