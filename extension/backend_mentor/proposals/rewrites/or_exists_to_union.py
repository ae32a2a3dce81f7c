"""A condition with OR EXISTS becomes a union of keys."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.domain.subject import Gate
from backend_mentor.proposals.correlation import read_correlation
from backend_mentor.proposals.draft import Draft
from backend_mentor.proposals.idea import Becomes, Refuses
from backend_mentor.proposals.moves import all_of, column_of, identifier
from backend_mentor.proposals.preconditions import disjuncts, in_positive_position, unique_key
from backend_mentor.proposals.replacing import Replacement, replace_first
from backend_mentor.proposals.rewriting import Rewrite, Step
from backend_mentor.proposals.sample import POSTGRES, SQLITE
from backend_mentor.proposals.shapes import is_plain, subselect


class OrExistsToUnion(Rewrite):
    """Look the key up IN a union instead of testing `p OR EXISTS (…)` row by row.

    Valid where the query reads one table, the EXISTS is tied to a NOT NULL key of it by one `=`, and only TRUE is asked
    for: the keys for which p holds and the keys that the subquery knows are then exactly the rows wanted.
    """

    name: ClassVar[str] = "or-exists-to-union"
    gate: ClassVar[Gate] = Gate()
    answers: ClassVar[tuple[str, ...]] = ("or-across-tables", "correlated-subquery-runs-often")
    reason: ClassVar[str] = (
        "Each branch of the union can use an index of its own; the OR makes the database look at every row "
        "and run the subquery for it."
    )
    tradeoffs: ClassVar[Tradeoffs] = Tradeoffs(
        "the keys of both branches are collected and freed of duplicates", "most rows meet one of the conditions"
    )
    examples: ClassVar[tuple[Becomes | Refuses, ...]] = (
        Becomes(
            "SELECT a.email FROM accounts a WHERE a.score = 2"
            " OR EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id AND o.total > 2)",
            "SELECT a.email FROM accounts a WHERE a.id IN (SELECT a.id FROM accounts AS a WHERE a.score = 2"
            " UNION SELECT o.account_id FROM orders o WHERE o.total > 2)",
            SQLITE,
        ),
        Becomes(
            "SELECT id FROM coupons WHERE percent > 0 AND (EXISTS (SELECT 1 FROM orders WHERE coupon_id = coupons.id)"
            " OR code = 'a')",
            "SELECT id FROM coupons WHERE percent > 0 AND (coupons.id IN (SELECT coupons.id FROM coupons"
            " WHERE code = 'a' UNION SELECT orders.coupon_id FROM orders))",
            POSTGRES,
            "postgres",
        ),
        Refuses(
            "SELECT v.page FROM visits v WHERE v.seconds = 1"
            " OR EXISTS (SELECT 1 FROM orders o WHERE o.account_id = v.account_id)",
            because="visits.account_id is no key, so a row could not be found again by it",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT a.id FROM accounts a WHERE a.score = 2"
            " OR NOT EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id)",
            because="the keys that the subquery does not know are no list",
            schema=SQLITE,
        ),
        Refuses(
            "SELECT a.id, a.score = 2 OR EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id) AS known FROM"
            " accounts a",
            because="in a SELECT list the answer can be NULL, and IN would say FALSE",
            schema=SQLITE,
        ),
    )

    def take_step(self, draft: Draft) -> Step | None:
        """Replace one OR."""
        return replace_first(draft, (exp.Or,), _replacement)


def _replacement(draft: Draft, node: exp.Expr) -> Replacement | None:
    select = node.find_ancestor(exp.Select)
    positive = in_positive_position(node)
    if select is None or positive is None or len(draft.sources(select)) != 1:
        return None
    source, where = draft.sources(select)[0], select.args.get("where")
    if (
        source.table is None
        or isinstance(node.parent, exp.Or)
        or node.find_ancestor(exp.Where, exp.Having) is not where
    ):
        return None
    parts = disjuncts(node)
    plain = [part for part in parts if draft.owned_by(part, (source,)) and not part.find(exp.Query)]
    branches = [_branch(draft, part, source) for part in parts if not any(part is each for each in plain)]
    known = [branch for branch in branches if branch is not None]
    if not plain or not known or len(known) < len(branches) or len({branch[1] for branch in known}) != 1:
        return None
    key = unique_key(source.table, [known[0][1]])
    if key is None:
        return None
    column = column_of(source, identifier(known[0][1]))
    own = exp.Select(expressions=[column], from_=exp.From(this=source.node.copy()))
    wanted = plain[0].copy()
    for part in plain[1:]:
        wanted = exp.Or(this=wanted, expression=part.copy())
    own.set("where", exp.Where(this=wanted))
    union: exp.Query = own
    for branch in known:
        union = exp.Union(this=union, expression=branch[0], distinct=True)
    membership = exp.In(this=column.copy(), query=exp.Subquery(this=union))
    title = f"Collect the keys of {source.table.name} from each condition by itself"
    return Replacement(membership, title, (key, positive, *(each for branch in known for each in branch[2])))


def _branch(draft: Draft, part: exp.Expr, source: object) -> tuple[exp.Select, str, tuple[Condition, ...]] | None:
    """Return the query for the keys that an EXISTS knows, the key that it is tied to, and on what grounds."""
    inner = subselect(part.this) if isinstance(part, exp.Exists) else None
    if inner is None or not is_plain(inner, but=("distinct",)):
        return None
    correlation = read_correlation(draft, inner)
    if correlation is None or correlation.foreign or len(correlation.pairs) != 1:
        return None
    key, outer = correlation.pairs[0]
    if outer.source is not source:
        return None
    query = inner.copy()
    query.set("distinct", None)
    query.set("expressions", [column_of(key.source, key.node.this)])
    own = [condition.copy() for condition in correlation.own]
    query.set("where", exp.Where(this=all_of(own)) if own else None)
    return query, outer.column.name, correlation.conditions
