"""OR over conditions of two joined tables becomes UNION ALL."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import output_name, set_where
from backend_mentor.proposals.preconditions import disjuncts, total_order, where_conjuncts
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import is_plain


class OrAcrossTablesToUnionAll(Rewrite):
    """Ask for each side of an OR by itself, the second side without what the first one found.

    Always valid for a query without aggregates, DISTINCT and windows: each row of the join goes to the first branch
    where the first condition is true, and to the second where it is false or NULL (IS TRUE tells them apart) and the
    second condition is true. Duplicates stay, no key is needed. With LIMIT the order has to be total.
    """

    name: ClassVar[str] = "or-across-tables-to-union-all"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("or-across-tables", "join-filter-discards-rows")
    reason: ClassVar[str] = (
        "An OR over columns of two tables can be checked only after the join of all rows; "
        "alone, each side can start from an index of its own table."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "the FROM clause stands twice and has to be changed twice", "neither condition is selective or has an index"
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id"
            " WHERE o.id > 0 AND (o.total = 2 OR a.country = 'a')",
            "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.id > 0 AND o.total = 2"
            " UNION ALL SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id"
            " WHERE o.id > 0 AND a.country = 'a' AND NOT (o.total = 2) IS TRUE",
            SQLITE,
        ),
        Becomes(
            "SELECT o.id, a.email FROM orders o LEFT JOIN accounts a ON a.id = o.account_id"
            " WHERE o.quantity = 2 OR a.score = 1 ORDER BY o.id LIMIT 2",
            "SELECT o.id, a.email FROM orders o LEFT JOIN accounts a ON a.id = o.account_id WHERE o.quantity = 2"
            " UNION ALL SELECT o.id, a.email FROM orders o LEFT JOIN accounts a ON a.id = o.account_id"
            " WHERE a.score = 1 AND NOT (o.quantity = 2) IS TRUE ORDER BY id LIMIT 2",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT count(*) FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.total = 2 OR a.country = 'a'",
            because="each branch would count for itself",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT DISTINCT o.status FROM orders o JOIN accounts a ON a.id = o.account_id"
            " WHERE o.total = 2 OR a.country = 'a'",
            because="a status of both branches would come twice",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.total = 2 OR a.country = 'a'"
            " ORDER BY o.total LIMIT 3",
            because="orders of one total come in any order, so the LIMIT keeps other ones",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT o.id FROM orders o WHERE o.total = 2 OR o.quantity = 1",
            because="both columns are of one table, whose indexes the database combines itself",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Take one OR apart."""
        for select in draft.selects():
            if isinstance(select.parent, (exp.Subquery, exp.CTE, type(None))) and len(draft.sources(select)) > 1:
                step = _split(draft, select)
                if step is not None:
                    return step
        return None


def _split(draft: Draft, select: exp.Select) -> Step | None:
    if not is_plain(select, but=("order", "limit", "offset", "with_")):
        return None
    order = _output_order(draft, select)
    either = next((each for each in where_conjuncts(select) if _spans_tables(draft, select, each)), None)
    if either is None or order is None:
        return None
    first, *others = disjuncts(either)
    second = others[0]
    for other in others[1:]:
        second = exp.Or(this=second, expression=other)
    rest = [each for each in where_conjuncts(select) if each is not either]
    branches = []
    not_first = exp.Not(this=exp.Is(this=exp.Paren(this=first.copy()), expression=exp.true()))
    for added in ([first.copy()], [second.copy(), not_first]):
        branch = select.copy()
        for clause in ("order", "limit", "offset", "with_"):
            branch.set(clause, None)
        set_where(branch, [*(each.copy() for each in rest), *added])
        branches.append(branch)
    tail = {name: select.args[name].copy() for name in ("limit", "offset", "with_") if select.args.get(name)}
    tail.update({"order": order} if order.expressions else {})
    union = exp.Union(this=branches[0], expression=branches[1], distinct=False, **tail)
    root = union if select.parent is None else None
    if root is None:
        select.replace(union)
    ground = Condition("each row belongs to exactly one branch", "the second leaves out what IS TRUE in the first")
    return Step("Ask for each side of the OR by itself", (ground,), root)


def _spans_tables(draft: Draft, select: exp.Select, condition: exp.Expr) -> bool:
    parts = disjuncts(condition)
    owners = []
    for part in parts:
        owner = next((each for each in draft.sources(select) if draft.owned_by(part, (each,)) is True), None)
        if owner is None or part.find(exp.Query) or not part.find(exp.Column):
            return False
        owners.append(owner)
    return len(parts) > 1 and any(owner is not owners[0] for owner in owners)


def _output_order(draft: Draft, select: exp.Select) -> exp.Order | None:
    """Return the query's ORDER BY in terms of its output columns; one without keys where it has none.

    None where a key is no output column, or where LIMIT cuts an order that is not total.
    """
    order = select.args.get("order")
    cut = select.args.get("limit") or select.args.get("offset")
    if order is None:
        return None if cut else exp.Order(expressions=[])
    if cut and not any(total_order(draft, select, source) for source in draft.sources(select)):
        return None
    names = [projection.alias_or_name.lower() for projection in select.expressions]
    copy = order.copy()
    for ordered, mine in zip(order.expressions, copy.expressions, strict=True):
        same = [each for each in select.expressions if each.unalias() == ordered.this]
        named = [each for each in select.expressions if each.alias and each.alias == ordered.this.name]
        output = (same or named)[:1]
        name = output_name(output[0]) if output else None
        if name is None or names.count(name.name.lower()) != 1:
            return None
        mine.set("this", exp.Column(this=name))
    return copy if isinstance(copy, exp.Order) else None
