"""A notebook's copy without secrets and, where that is wished, without the rows that its outputs show."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from backend_mentor.domain.errors import CellError
from backend_mentor.mentor.redaction import MARK
from backend_mentor.sharing.pictures import without_text
from backend_mentor.sharing.secrets import is_sensitive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nbformat import NotebookNode

    from backend_mentor.sharing.secrets import Eraser, Secrets

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_KEPT_CELL_METADATA = ("tags", "collapsed", "scrolled", "slideshow")
_TABLE_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL | re.IGNORECASE)
_TABLE_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL | re.IGNORECASE)
_STRING = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|#.*")
_LEFT_OUT = "[output left out: it can show rows]"


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook; raises CellError for a file that is none, or one of an older format."""
    import nbformat
    from nbformat.reader import NotJSONError

    try:
        text = path.read_bytes().decode()
        version = json.loads(text).get("nbformat")
        if version != 4:
            raise CellError(
                f"{path} is a notebook of format {version}, and 4 is read."
                if isinstance(version, int)
                else f"{path} is no notebook.",
                "Open it in Jupyter and save it; that writes today's format.",
            )
        notebook = cast("NotebookNode", nbformat.reads(text, as_version=4))
        nbformat.validate(notebook)
    except OSError as error:
        raise CellError(f"{path} can not be read: {error.strerror}.", "Give the path of a notebook.") from error
    except (ValueError, AttributeError, NotJSONError, nbformat.ValidationError) as error:
        raise CellError(f"{path} is no notebook.", "Give the path of an .ipynb that Jupyter opens.") from error
    return notebook


def look_for_secrets(notebook: NotebookNode, secrets: Secrets) -> None:
    """Note every secret of the notebook: sources, outputs, attachments and metadata."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    secrets.names = frozenset(re.findall(r"[A-Za-z_]\w*", _STRING.sub("", code)))
    secrets.look("\n".join(_strings(notebook.metadata, secrets)))
    for cell in notebook.cells:
        secrets.look(cell.source, is_code=cell.cell_type == "code")
        for text in _strings(cell.metadata, secrets):
            secrets.look(text)
        for text in _strings(cell.get("attachments", {}), secrets):
            secrets.look(_decoded(text) or "")
        for output in _joined(cell.get("outputs", [])):
            _look_at_output(output, secrets)


def _look_at_output(output: NotebookNode, secrets: Secrets) -> None:
    for mime, content in output.get("data", {}).items():
        if mime.startswith("image/") and mime != "image/svg+xml":
            continue
        for text in _strings(content, secrets):
            secrets.look(_plain(text))
        if mime == "text/html" and isinstance(content, str):
            for value in _values_of_sensitive_headers(content):
                secrets.add(value, "value of a secret's column")
    for key in ("text", "evalue", "traceback", "metadata"):
        for text in _strings(output.get(key, ""), secrets):
            secrets.look(_plain(text))


def _strings(value: object, secrets: Secrets) -> Iterator[str]:
    """Yield the texts of a JSON value, and note those that stand under a secret's name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str | int) and is_sensitive(key):
                secrets.add(str(inner), "value of a secret's name")
            yield key
            yield from _strings(inner, secrets)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, secrets)


def _values_of_sensitive_headers(html: str) -> Iterator[str]:
    rows = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in _TABLE_CELL.findall(row)] for row in _TABLE_ROW.findall(html)
    ]
    for header, *below in (rows,) if rows else ():
        places = [place for place, name in enumerate(header) if is_sensitive(name)]
        yield from (row[place] for row in below for place in places if place < len(row))


@dataclass(slots=True)
class Cleaner:
    """Writes the copy."""

    eraser: Eraser
    hide_rows: bool = False
    rewrite: Callable[[str], str] = lambda source: source
    """Puts the shared database in place of the original."""
    dropped: Counter[str] = field(default_factory=Counter)
    """What was left out whole, by its kind."""
    pictures: int = 0

    def clean(self, notebook: NotebookNode, setup: str) -> NotebookNode:
        """Return a new notebook whose first cell is `setup`; nothing is taken over that is not known to be needed."""
        from nbformat.v4 import new_code_cell, new_notebook

        first = new_code_cell(setup, id="shared-setup")
        cells = [self._cell(cell, number) for number, cell in enumerate(notebook.cells, start=1)]
        if set(notebook.metadata) - {"kernelspec", "language_info"}:
            self.dropped["metadata"] += len(set(notebook.metadata) - {"kernelspec", "language_info"})
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        made = new_notebook(cells=[first, *cells], metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
        return cast("NotebookNode", made)

    def _cell(self, cell: NotebookNode, number: int) -> NotebookNode:
        from nbformat import from_dict

        is_code = cell.cell_type == "code"
        source = self.rewrite(cell.source) if is_code else cell.source
        made: dict[str, object] = {
            "id": f"cell-{number}",
            "cell_type": cell.cell_type,
            "source": self.eraser.erase(source, "code" if is_code else "Markdown", is_code=is_code),
            "metadata": self._metadata(cell.metadata),
        }
        if is_code:
            made["execution_count"] = cell.execution_count if isinstance(cell.execution_count, int) else None
            made["outputs"] = [each for output in _joined(cell.outputs) if (each := self._output(output))]
        elif cell.get("attachments"):
            made["attachments"] = self._attachments(cell.attachments)
        return cast("NotebookNode", from_dict(made))

    def _metadata(self, metadata: dict[str, object]) -> dict[str, object]:
        self.dropped["metadata"] += len(set(metadata) - {*_KEPT_CELL_METADATA})
        kept = {key: value for key, value in metadata.items() if key in _KEPT_CELL_METADATA}
        return cast("dict[str, object]", self._value(kept, "metadata"))

    def _attachments(self, attachments: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        kept: dict[str, dict[str, str]] = {}
        for name, bundle in attachments.items():
            pictures = {mime: text for mime, data in bundle.items() if (text := self._picture(mime, data))}
            if pictures:
                kept[self.eraser.erase(name, "attachments")] = pictures
            self.dropped["attachments"] += len(bundle) - len(pictures)
        return kept

    def _output(self, output: NotebookNode) -> dict[str, object] | None:
        kind = output.output_type
        if self.hide_rows:
            self.dropped["outputs that can show rows"] += 1
            name = self._text(str(output.get("ename", "")))
            text = f"[{name}]\n" if kind == "error" else f"{_LEFT_OUT}\n"
            return {"output_type": "stream", "name": "stdout", "text": text}
        if kind == "stream":
            name = "stderr" if output.name == "stderr" else "stdout"
            return {"output_type": "stream", "name": name, "text": self._text(output.text)}
        if kind == "error":
            lines = [self._text(line) for line in "\n".join(output.traceback).split("\n")]
            return {
                "output_type": kind,
                "ename": self._text(output.ename),
                "evalue": self._text(output.evalue),
                "traceback": lines,
            }
        bundle = self._bundle(output.data)
        if not bundle:
            return None
        made: dict[str, object] = {"output_type": kind, "data": bundle, "metadata": {}}
        if kind == "execute_result":
            made["execution_count"] = output.execution_count if isinstance(output.execution_count, int) else None
        return made

    def _bundle(self, data: dict[str, object]) -> dict[str, object]:
        """Return the forms of an output that can be read and so redacted; all others are left out."""
        kept: dict[str, object] = {}
        for mime, content in data.items():
            if mime.startswith("application/vnd.jupyter.widget"):
                self.dropped["widgets"] += 1
            elif mime.startswith("text/") or mime in ("image/svg+xml", "application/javascript"):
                kept[mime] = self._text(content if isinstance(content, str) else "".join(cast("list[str]", content)))
            elif mime == "application/json" or mime.endswith("+json"):
                kept[mime] = self._value(content, "outputs")
            elif picture := self._picture(mime, content):
                kept[mime] = picture
            else:
                self.dropped[f"{mime} that can not be read"] += 1
        return kept

    def _picture(self, mime: str, content: object) -> str | None:
        if mime != "image/png" or not isinstance(content, str):
            return None
        try:
            picture = without_text(base64.b64decode(content))
        except (binascii.Error, ValueError):
            return None
        if self.eraser.holds_secret(picture):
            return None
        self.pictures += 1
        return base64.b64encode(picture).decode()

    def _text(self, text: str) -> str:
        return self.eraser.erase(_plain(text), "outputs")

    def _value(self, value: object, place: str) -> object:
        if isinstance(value, str):
            return self.eraser.erase(_plain(value), place)
        if isinstance(value, dict):
            return {
                self.eraser.erase(key, place): MARK
                if is_sensitive(key) and isinstance(inner, str | int | float)
                else self._value(inner, place)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self._value(inner, place) for inner in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            return MARK if MARK in self.eraser.erase(str(value), place) else value
        return value


def _joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs with neighbouring pieces of a stream as one: a secret can be printed in two."""
    made: list[NotebookNode] = []
    for output in outputs:
        last = made[-1] if made else None
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            made[-1] = type(last)({**last, "text": last.text + output.text})
        else:
            made.append(output)
    return made


def _plain(text: str) -> str:
    # Colours tear a secret apart.
    return _COLOURS.sub("", text)


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode(text).decode()
    except (binascii.Error, ValueError):
        return text
