"""A count that only tells whether there is a row asks for that."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import has_comment, node_of
from backend_mentor.reading.endpoints.shapes import counts_tested
from backend_mentor.reading.endpoints.trees import chain, enclosing, root_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class ExistenceAsked:
    """Ask whether there is a row instead of counting all.

    Valid for a queryset of Django and a query of SQLAlchemy's session: true where the count is not nought.
    """

    name: ClassVar[str] = "existence-asked"
    answers: ClassVar[tuple[str, ...]] = ("count-only-tested",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def busy(key):\n    if Order.objects.filter(é=key).count() > 0:\n        return True\n",
            "def busy(key):\n    if Order.objects.filter(é=key).exists():\n        return True\n",
        ),
        Fixes(
            "def free(key):\n    return Order.objects.filter(\n        customer=key  # é\n    ).count() == 0\n",
            "def free(key):\n    return not Order.objects.filter(\n        customer=key  # é\n    ).exists()\n",
        ),
        Fixes(
            "def free(session, key):\n"
            "    return key > 3 and not session.query(Order).filter(Order.key == key).count()\n",
            "def free(session, key):\n    return key > 3 and not "
            "session.query(session.query(Order).filter(Order.key == key).exists()).scalar()\n",
        ),
        Declines(
            "def free(key):\n    return -(Order.objects.filter(customer=key).count() == 0)\n",
            because="the place of the test does not bear a `not`",
        ),
        Declines(
            "def first(key):\n    return Order.objects.all()[:20].count() > 0\n",
            because="a queryset that was cut asks otherwise",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Write `exists()` where the count and its comparison stood."""
        call = node_of(source, finding, ast.Call)
        found = next((each for each in counts_tested(source) if each[0] is call), None) if call is not None else None
        if call is None or found is None or not isinstance(call.func, ast.Attribute):
            return None
        _, test, wanted = found
        above = next(iter(enclosing(source.tree, test)), None)
        negated = isinstance(test, ast.UnaryOp)
        if not negated and not isinstance(above, ast.If | ast.While | ast.Return | ast.Assign | ast.BoolOp | ast.IfExp):
            return None
        inner, whole = source.span_of(call), source.span_of(test)
        end = source.span_of(call.func.value).end
        if any(isinstance(each, ast.Subscript) for each in ast.walk(call.func)) or has_comment(source, end, whole.end):
            return None
        if source.text[whole.start : inner.start].strip() not in {"", "not"}:
            return None
        is_django = "objects" in chain(call)
        receiver = root_name(call)
        before = "" if is_django else f"{receiver}.query("
        after = ".exists()" if is_django else ".exists()).scalar()"
        prefix = before if wanted or negated else f"not {before}"
        return Change(
            title="Ask whether there is one",
            reason="It is true where the count is not nought, and the database stops at the first row.",
            edits=(Edit(inner.start, inner.start, prefix), Edit(end, whole.end, after))
            if prefix
            else (Edit(end, whole.end, after),),
            tradeoffs=Tradeoffs("none", "the number itself is needed afterwards"),
            conditions=(Condition("only whether there is a row is used", f"`{source.code_of(test)}`"),),
        )
