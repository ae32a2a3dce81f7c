"""Calls given another argument, rid of one, or pointed at a module: byte for byte the author's text otherwise."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.fix import Edit
from backend_mentor.reading.endpoints.trees import enclosing, enclosing_function, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source

_CLOSING = re.compile(r"(?:\s*\))*")
_REST = re.compile(r"\s*(?:,\s*)?(?:#[^\n]*\n\s*)*\Z")
_COMMA = re.compile(r"(?P<kept>(?:\s*\))*)\s*,\s*")


def keyword_added(source: Source, call: ast.Call, text: str) -> Edit | None:
    """Return the edit that gives a call one more keyword argument; None where its end can not be told for sure."""
    end = source.span_of(call).end - 1
    given = _arguments(source, call)
    if not given:
        empty = source.span_of(call.func).end
        return Edit(end, end, text) if source.text[empty:end].strip() == "(" else None
    last = given[-1][1]
    if isinstance(call.args[-1] if call.args else None, ast.GeneratorExp):
        return None
    closing = _CLOSING.match(source.text, last, end)
    place = closing.end() if closing else last
    return Edit(place, place, f", {text}") if _REST.match(source.text[place:end]) else None


def keyword_removed(source: Source, call: ast.Call, name: str) -> Edit | None:
    """Return the edit that takes a keyword argument away, with its line where it has one of its own.

    None where a comment stands beside it, or brackets around its value.
    """
    found = next((each for each in call.keywords if each.arg == name), None)
    if found is None:
        return None
    start, end = source.span_of(found).start, source.span_of(found).end
    line = source.text.rfind("\n", 0, start) + 1
    line_end = source.text.find("\n", end)
    behind = source.text[end : line_end if line_end != -1 else len(source.text)].strip()
    if not source.text[line:start].strip() and behind in {"", ","} and line_end != -1:
        return Edit(line, line_end + 1, "")
    if not source.text[line:start].strip() and "#" in behind:
        return None
    after = source.text[end : source.span_of(call).end]
    if not re.match(r"\s*[,)]", after) or "(" in source.text[start:end]:
        return None
    before = [each for each in _arguments(source, call) if each[1] <= start]
    if not before:
        comma = re.match(r"\s*,[ \t]*", after)
        return Edit(start, end + (comma.end() if comma else 0), "")
    between = _COMMA.fullmatch(source.text[before[-1][1] : start])
    return Edit(before[-1][1] + len(between["kept"]), end, "") if between else None


def means_module(source: Source, name: str, node: ast.AST) -> bool:
    """Return whether a name means the module of that name at a node, as soon as the cell imports it at its top.

    Not so where the cell gives the name another meaning anywhere, or imports the module only below the node.
    """
    inside = enclosing_function(source.tree, node)
    for each in walk(source.tree):
        if not _binds(each, name):
            continue
        function = enclosing_function(source.tree, each)
        if not isinstance(each, ast.Import) or any(alias.asname == name for alias in each.names):
            return False
        if function is not None:
            if function is inside:
                return False
            continue
        if any(isinstance(above, ast.If | ast.ExceptHandler | ast.ClassDef) for above in enclosing(source.tree, each)):
            return False
        if each.lineno > getattr(node, "lineno", 0) and inside is None:
            return False
    return True


def _binds(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=found, ctx=ast.Store() | ast.Del()):
            return found == name
        case ast.arg(arg=found):
            return found == name
        case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) | ast.ClassDef(name=found):
            return found == name
        case ast.ExceptHandler(name=found) | ast.MatchAs(name=found) | ast.MatchStar(name=found):
            return found == name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in names)
    return False


def _arguments(source: Source, call: ast.Call) -> list[tuple[int, int]]:
    """Return from where to where each argument goes, in the order of the text; a star before one is left out."""
    spans = [source.span_of(each) for each in (*call.args, *call.keywords)]
    return sorted((each.start, each.end) for each in spans)
