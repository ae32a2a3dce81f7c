"""Imports that a change needs, put where the author would have put them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.fix import Edit
from backend_mentor.reading.endpoints.trees import walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source

_Import = ast.Import | ast.ImportFrom


def edits_for_imports(source: Source, names: Iterable[str]) -> tuple[Edit, ...] | None:
    """Return the edits that bind these names, as `secrets` or `sqlalchemy.orm.selectinload`, for the whole cell.

    A name already imported at the top level is left as it is. None where the cell uses one of them for a thing of its
    own: what the new text means would depend on the place then.
    """
    missing = [full for full in dict.fromkeys(names) if not _is_imported(source.tree, full)]
    if any(_is_taken(source.tree, full.rpartition(".")[2]) for full in missing):
        return None
    by_module: dict[str, list[str]] = {}
    for full in missing:
        module, _, name = full.rpartition(".")
        by_module.setdefault(module, []).append(name)
    edits: list[Edit] = []
    lines: list[str] = [f"import {name}" for name in by_module.pop("", [])]
    for module, wanted in by_module.items():
        merged = _merged(source, module, wanted)
        edits += [merged] if merged else []
        lines += [] if merged else [f"from {module} import {', '.join(sorted(wanted, key=_by_type))}"]
    return (*edits, *_inserted(source, lines))


def _is_imported(tree: ast.Module, full: str) -> bool:
    module, _, name = full.rpartition(".")
    for node in _top_level_imports(tree.body):
        for alias in node.names:
            if isinstance(node, ast.Import):
                if alias.asname is None and alias.name.partition(".")[0] == full:
                    return True
            elif not node.level and node.module == module and alias.name == name and alias.asname in (None, name):
                return True
    return False


def _top_level_imports(body: Sequence[ast.stmt]) -> Iterable[_Import]:
    # What stands under TYPE_CHECKING is not there when the code runs; an import that is tried is.
    for statement in body:
        if isinstance(statement, _Import):
            yield statement
        elif isinstance(statement, ast.Try):
            yield from _top_level_imports(statement.body)


def _is_taken(tree: ast.Module, name: str) -> bool:
    for node in walk(tree):
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            return True
        if isinstance(node, ast.arg) and node.arg == name:
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
            return True
    return any(
        (alias.asname or alias.name.partition(".")[0]) == name
        for node in _top_level_imports(tree.body)
        for alias in node.names
    )


def _merged(source: Source, module: str, names: list[str]) -> Edit | None:
    """Return the edit that adds names to the top level's `from module import …`, None where there is no such line."""
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom) and not node.level and node.module == module and node.names[0].name != "*":
            return _added(source, node, sorted(names, key=_by_type))
    return None


def _added(source: Source, node: ast.ImportFrom, names: list[str]) -> Edit:
    there = node.names
    lines = {alias.lineno for alias in there}
    one_a_line = len(lines) == len(there) > 1 or (len(there) == 1 and there[0].lineno > node.lineno)
    between = ",\n" + " " * there[0].col_offset if one_a_line else ", "
    given = [alias.name for alias in there]
    after = len(there)
    if given == sorted(given, key=_by_type):
        after = sum(_by_type(each) < _by_type(names[0]) for each in given)
    if after == 0:
        start = source.span_of(there[0]).start
        return Edit(start, start, "".join(f"{name}{between}" for name in names))
    end = source.span_of(there[after - 1]).end
    return Edit(end, end, "".join(f"{between}{name}" for name in names))


def _by_type(name: str) -> tuple[int, str]:
    # Constants, then classes, then the rest: the order that import sorters keep within a line.
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


def _inserted(source: Source, lines: list[str]) -> tuple[Edit, ...]:
    if not lines:
        return ()
    block = _first_block(source.tree)
    if not block:
        return (_above_all(source, sorted(lines, key=_sorting)),)
    at: dict[int, list[str]] = {}
    for line in sorted(lines, key=_sorting):
        place, text = _beside(source, block, line)
        at.setdefault(place, []).append(text)
    return tuple(Edit(place, place, "".join(dict.fromkeys(texts))) for place, texts in at.items())


def _first_block(tree: ast.Module) -> list[_Import]:
    """Return the imports that the cell begins with, its docstring and `__future__` left out."""
    block: list[_Import] = []
    for number, statement in enumerate(tree.body):
        if isinstance(statement, _Import):
            block += [] if _is_future(statement) else [statement]
        elif number or not _is_docstring(statement):
            break
    return block


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _sorting(line: str) -> tuple[bool, bool, str]:
    _, module, *_ = line.split()
    module = module.rstrip(",")
    return (module.partition(".")[0] not in sys.stdlib_module_names, line.startswith("from"), module)


def _beside(source: Source, block: list[_Import], line: str) -> tuple[int, str]:
    """Return where a new import goes among those that are there, and its text with its line break."""
    keys = [(_sorting(source.code_of(each)) if not _is_relative(each) else (True, True, "~"), each) for each in block]
    wanted = _sorting(line)
    same = [(key, each) for key, each in keys if key[0] == wanted[0]]
    later = next((each for key, each in same if key > wanted), None)
    if later is not None:
        return _line_start(source, later), f"{line}\n"
    if same:
        return _line_end(source, same[-1][1]), f"\n{line}"
    if wanted[0]:
        return _line_end(source, block[-1]), f"\n\n{line}"
    return _line_start(source, block[0]), f"{line}\n\n"


def _is_relative(node: _Import) -> bool:
    return isinstance(node, ast.ImportFrom) and node.level > 0


def _line_start(source: Source, node: ast.stmt) -> int:
    return source.line_offsets[node.lineno - 1]


def _line_end(source: Source, node: ast.stmt) -> int:
    line = node.end_lineno or node.lineno
    end = source.text.find("\n", source.line_offsets[line - 1])
    return len(source.text) if end == -1 else end


def _above_all(source: Source, lines: list[str]) -> Edit:
    """Return the edit that begins the cell's code with imports, after its docstring, `__future__` and magics."""
    before = [each for n, each in enumerate(source.tree.body) if _is_future(each) or (n == 0 and _is_docstring(each))]
    if len(before) < len(source.tree.body):
        first = source.tree.body[len(before)]
        heads = [first, *getattr(first, "decorator_list", [])]
        line = min(each.lineno for each in heads)
        text = source.text.splitlines()
        while line > 1 and text[line - 2].startswith("#"):
            line -= 1
        blank = "\n\n\n" if isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else "\n\n"
        return Edit(source.line_offsets[line - 1], source.line_offsets[line - 1], "\n".join(lines) + blank)
    end = _line_end(source, before[-1])
    return Edit(end, end, "\n\n" + "\n".join(lines))
