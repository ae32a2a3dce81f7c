"""The call that sends a statement, where the values that belong to it can be passed beside it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.proposals.code.answering import takes_arguments
from backend_mentor.proposals.code.drivers import Marker, is_text_of_sqlalchemy, marker_of
from backend_mentor.reading.endpoints.trees import enclosing, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source

_ASYNCPG = frozenset({"execute", "fetch", "fetchrow", "fetchval"})
_WITH_VALUES = frozenset({"execute", "scalar", "scalars", "stream", "exec_driver_sql"})


@dataclass(frozen=True, slots=True)
class Sent:
    """The call that takes the statement, the expression that is its argument there, and the way of marking a value."""

    call: ast.Call
    argument: ast.expr
    marker: Marker


def sent_by(source: Source, node: ast.expr) -> Sent | None:
    """Return what sends an expression as the whole of a statement; None where it passes values or is not known."""
    above = next(iter(enclosing(source.tree, node)), None)
    if not isinstance(above, ast.Call) or above.args != [node] or above.keywords:
        return None
    if is_text_of_sqlalchemy(source, above):
        outer = next(iter(enclosing(source.tree, above)), None)
        sends = isinstance(outer, ast.Call) and last_name(outer) in _WITH_VALUES and above in outer.args
        if not isinstance(outer, ast.Call) or not sends:
            return None
        plain = outer.args == [above] and not outer.keywords and takes_arguments(source, outer)
        return Sent(outer, above, Marker.COLON) if plain else None
    if not isinstance(above.func, ast.Attribute) or not takes_arguments(source, above):
        return None
    marker = marker_of(source, above.func.value)
    wanted = _ASYNCPG if marker is Marker.DOLLAR else {"execute"}
    return Sent(above, node, marker) if marker is not None and above.func.attr in wanted else None
