"""What has to hold of the steps that make a statement's text before values can be collected beside them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.places import block_of
from backend_mentor.proposals.code.sql_text import read_added, read_text
from backend_mentor.proposals.code.sql_values import can_be_marked
from backend_mentor.reading.endpoints.assembled import joined_lists
from backend_mentor.reading.endpoints.trees import dotted, enclosing, own_nodes, targets, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.proposals.code.drivers import Marker
    from backend_mentor.proposals.code.sql_text import Text
    from backend_mentor.reading.endpoints.assembled import Assembled, Step
    from backend_mentor.reading.endpoints.trees import Function


def text_of_step(source: Source, step: Step) -> Text | None:
    """Return the text that a step adds, without the variable that it is added to."""
    node = step.expression
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            left = left.left
        if dotted(left) == step.variable:
            return read_added(source, node, step.variable)
    return read_text(source, node)


def beginnings(function: Function, whole: Assembled) -> tuple[ast.stmt, ...] | None:
    """Return the statements that begin the text and its lists, in their order; None where one begins twice."""
    found: list[ast.stmt] = []
    for name in (whole.variable, *whole.lists):
        written = [each for each in own_nodes(function) if name in targets(each)]
        first = [each for each in written if isinstance(each, ast.Assign) and name not in _read(each.value)]
        steps = [step.statement for step in whole.steps if step.variable == name]
        if len(first) != 1 or any(each not in steps for each in written if each is not first[0]):
            return None
        if first[0].lineno > min([first[0].lineno, *(each.lineno for each in steps)]):
            return None
        if name in whole.lists and not isinstance(first[0].value, ast.List):
            return None
        found.append(first[0])
    return tuple(sorted(found, key=lambda each: each.lineno))


def holds_text_alone(source: Source, function: Function, whole: Assembled, marker: Marker) -> bool:
    """Return whether each step is text that can stand beside markers, outside of loops, with its quotes closed."""
    for step in whole.steps:
        if any(isinstance(each, ast.For | ast.AsyncFor | ast.While) for each in _around(source, function, step)):
            return False
        text = text_of_step(source, step)
        shown = text.shown() if text is not None else _constants(step)
        if shown is None or shown.count("'") % 2 or shown.count('"') % 2 or not can_be_marked(shown, marker):
            return False
    return True


def is_from_list(function: Function, text: Text) -> bool:
    """Return whether all that is filled into a text is refused before where it is not one of a fixed set."""
    holes = {each.hole for each in text.pieces if each.hole}
    checked = {
        dotted(each.test.left)
        for each in own_nodes(function)
        if isinstance(each, ast.If)
        and isinstance(each.test, ast.Compare)
        and isinstance(each.test.ops[0], ast.NotIn)
        and isinstance(each.test.comparators[0], ast.Set | ast.Tuple | ast.List | ast.Dict | ast.Name)
        and isinstance(each.body[-1], ast.Raise | ast.Return)
        and each in function.body
    }
    return bool(holes) and holes <= checked


def is_in_order(source: Source, whole: Assembled, filled: Sequence[Step]) -> bool:
    """Return whether values collected behind each step come in the order in which their markers stand in the text."""
    joints = [step for step in whole.steps if any(True for _ in joined_lists(step.expression))]
    if not whole.lists:
        return True
    if len(whole.lists) != 1 or len(joints) != 1 or len(list(joined_lists(joints[0].expression))) != 1:
        return False
    joint, items = joints[0].statement, [step.statement.lineno for step in filled if step.variable in whole.lists]
    before = [
        step.statement.lineno
        for step in filled
        if step.variable == whole.variable and step.statement.lineno < joint.lineno
    ]
    ordered = all(line < joint.lineno for line in items) and max(before, default=0) < min(items, default=joint.lineno)
    return ordered and _is_always_joined(source, joint, whole)


def _is_always_joined(source: Source, joint: ast.stmt, whole: Assembled) -> bool:
    """Return whether the list gets into the text wherever it holds something."""
    firsts = [step.statement for step in whole.steps if step.variable == whole.variable]
    begun = block_of(source, firsts[0])
    above = next(iter(enclosing(source.tree, joint)), None)
    if isinstance(above, ast.If) and dotted(above.test) in whole.lists and joint in above.body:
        return block_of(source, above) is begun
    return block_of(source, joint) is begun


def _around(source: Source, function: Function, step: Step) -> Iterator[ast.AST]:
    for each in enclosing(source.tree, step.expression):
        if each is function:
            return
        yield each


def _constants(step: Step) -> str | None:
    """Return the plain text of a step of constants, joined lists and the variable itself; None for anything else."""
    lists = set(joined_lists(step.expression))
    names = _read(step.expression)
    calls = [each for each in within(step.expression) if isinstance(each, ast.Call)]
    if not names <= {step.variable, *lists} or len(calls) != len(lists):
        return None
    texts = [each.value for each in ast.walk(step.expression) if isinstance(each, ast.Constant)]
    return re.sub(r"\s+", " ", " ".join(str(each) for each in texts))


def _read(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
