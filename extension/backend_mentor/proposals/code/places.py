"""Where a change goes: the node that a finding speaks of, its line, and the text around it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeVar

from backend_mentor.proposals.code.fix import Edit
from backend_mentor.reading.endpoints.trees import enclosing, enclosing_function, own_nodes, targets, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

Node = TypeVar("Node", bound=ast.AST)


def node_of(source: Source, finding: Finding, kind: type[Node]) -> Node | None:
    """Return the node of a kind that stands where the finding does; None where there is none."""
    span = finding.place.span
    if span is None:
        return None
    for node in walk(source.tree):
        if isinstance(node, kind) and getattr(node, "lineno", None) == span.line:
            found = source.span_of(node)
            if (found.start, found.end) == (span.start, span.end) and not is_in_text(source, node):
                return node
    return None


def call_of(source: Source, finding: Finding) -> ast.Call | None:
    """Return the call that a finding speaks of: the whole of it stands there, or the name of what is called."""
    name = node_of(source, finding, ast.expr)
    above = next(iter(enclosing(source.tree, name)), None) if name is not None else None
    if isinstance(above, ast.Call) and above.func is name:
        return above
    return node_of(source, finding, ast.Call)


def is_in_text(source: Source, node: ast.AST) -> bool:
    """Return whether a node stands inside an f-string, where Python 3.11 does not know its place."""
    return any(isinstance(each, ast.JoinedStr) for each in enclosing(source.tree, node))


def can_await(source: Source, node: ast.AST) -> bool:
    """Return whether `await` can be written before a node: it runs in the body of an `async def`."""
    for each in enclosing(source.tree, node):
        if isinstance(each, ast.AsyncFunctionDef):
            return True
        if isinstance(each, ast.FunctionDef | ast.Lambda | ast.GeneratorExp | ast.ClassDef | ast.JoinedStr):
            return False
    return False


def awaited(source: Source, call: ast.AST, text: str = "await ") -> tuple[Edit, ...]:
    """Return the edits that await an expression, in brackets where something is asked of its result."""
    above = next(iter(enclosing(source.tree, call)), None)
    asked = isinstance(above, ast.Attribute | ast.Subscript) and above.value is call
    asked = asked or (isinstance(above, ast.Call) and above.func is call)
    if not asked:
        return (added_before(source, call, text),)
    return (added_before(source, call, f"({text}"), added_after(source, call, ")"))


def names_bound(root: ast.AST) -> frozenset[str]:
    """Return each name that a tree gives a meaning to, by assignment, parameter, definition or import."""
    found = {each.id for each in ast.walk(root) if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)}
    found |= {each.arg for each in ast.walk(root) if isinstance(each, ast.arg)}
    found |= {
        each.name for each in ast.walk(root) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    imported = (
        alias for each in ast.walk(root) if isinstance(each, ast.Import | ast.ImportFrom) for alias in each.names
    )
    return frozenset(found | {alias.asname or alias.name.partition(".")[0] for alias in imported})


def statement_of(source: Source, node: ast.AST) -> ast.stmt | None:
    """Return the statement that a node is part of, the node itself where it is one."""
    return next((each for each in (node, *enclosing(source.tree, node)) if isinstance(each, ast.stmt)), None)


def block_of(source: Source, statement: ast.stmt) -> list[ast.stmt] | None:
    """Return the list of statements that a statement stands in."""
    above = next(iter(enclosing(source.tree, statement)), None)
    for name in ("body", "orelse", "finalbody"):
        block = getattr(above, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return None


def only_assignment(source: Source, name: ast.Name) -> ast.Assign | None:
    """Return the one assignment of a local variable that is read at one place alone, which is `name`."""
    function = enclosing_function(source.tree, name)
    if function is None:
        return None
    written = [each for each in own_nodes(function) if name.id in targets(each)]
    used = [each for each in ast.walk(function) if isinstance(each, ast.Name) and each.id == name.id]
    if len(written) != 1 or len(used) != 2 or not isinstance(written[0], ast.Assign):
        return None
    return written[0] if isinstance(written[0].targets[0], ast.Name) and len(written[0].targets) == 1 else None


def indent_of(source: Source, statement: ast.stmt) -> str | None:
    """Return the white space that a statement's line begins with; None where other code stands before it."""
    start = source.line_offsets[statement.lineno - 1]
    before = source.text[start : source.span_of(statement).start]
    return before if not before.strip() else None


def lines_of(source: Source, statement: ast.stmt) -> tuple[int, int] | None:
    """Return from where to where the lines of a statement go, its line break too; None where it shares them.

    A comment behind the statement is part of its lines.
    """
    if indent_of(source, statement) is None:
        return None
    decorators = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(each.lineno for each in decorators)])
    last = statement.end_lineno or statement.lineno
    end = source.line_offsets[last] if last < len(source.line_offsets) else len(source.text)
    behind = source.text[source.span_of(statement).end : end].strip()
    return None if behind and not behind.startswith("#") else (source.line_offsets[first - 1], end)


def replaced(source: Source, node: ast.AST, text: str) -> Edit:
    """Return the edit that puts a text in the place of a node."""
    span = source.span_of(node)
    return Edit(span.start, span.end, text)


def added_after(source: Source, node: ast.AST, text: str) -> Edit:
    """Return the edit that puts a text behind a node."""
    end = source.span_of(node).end
    return Edit(end, end, text)


def added_before(source: Source, node: ast.AST, text: str) -> Edit:
    """Return the edit that puts a text before a node."""
    start = source.span_of(node).start
    return Edit(start, start, text)


def argument_added(source: Source, call: ast.Call, text: str) -> Edit:
    """Return the edit that gives a call one more argument, behind those that it has."""
    given = [*call.args, *(each.value for each in call.keywords)]
    if not given:
        end = source.span_of(call).end - 1
        return Edit(end, end, text)
    last = max(source.span_of(each).end for each in given)
    # A generator that is the one argument has brackets of its own only where the author wrote them.
    return Edit(last, last, f", {text}")


def quoted(source: Source, text: str) -> str:
    """Return a literal of a plain text, in the quotation marks that the cell uses most."""
    mark = "'" if source.text.count("'") > source.text.count('"') else '"'
    return f"{mark}{text}{mark}"


def has_comment(source: Source, start: int, end: int) -> bool:
    """Return whether a comment, or a text that looks like one, stands between two places."""
    return "#" in source.text[start:end]


def end_of_imports(source: Source) -> int | None:
    """Return where the line after a cell's first block of imports begins; None where it begins with none."""
    last = None
    for number, statement in enumerate(source.tree.body):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            last = statement
        elif number or not isinstance(statement, ast.Expr):
            break
    lines = lines_of(source, last) if last is not None else None
    return None if lines is None or not source.text[: lines[1]].endswith("\n") else lines[1]
