"""The rule not-in-nullable."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Evidence, Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, ResolvedColumn, resolve_columns
from backend_mentor.rules.conditions import COMPARISONS, query_conditions
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, referred_by INTEGER);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, coupon_id INTEGER)"""


class NotInNullable:
    """NOT IN over a column that may hold NULL returns no row at all once it does.

    `x NOT IN (1, NULL)` is never true: SQL can not say that x differs from an unknown value. One NULL in the
    subquery empties the whole result, without an error.
    """

    name: ClassVar[str] = "not-in-nullable"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT id FROM accounts WHERE id NOT IN (SELECT referred_by FROM accounts)",
            says="accounts.referred_by may be NULL",
            schema=_TABLES,
        ),
        Flags(
            "SELECT id FROM accounts WHERE id NOT IN (SELECT o.coupon_id FROM orders o LEFT JOIN accounts a ON a.id "
            "= o.id)",
            says="orders.coupon_id may be NULL",
            schema=_TABLES,
        ),
        Passes(
            "SELECT id FROM accounts WHERE id NOT IN (SELECT account_id FROM orders)",
            because="account_id is NOT NULL",
            schema=_TABLES,
        ),
        Passes(
            "SELECT id FROM accounts WHERE id NOT IN (SELECT coupon_id FROM orders WHERE coupon_id IS NOT NULL)",
            because="the WHERE keeps NULL out",
            schema=_TABLES,
        ),
        Passes(
            "SELECT id FROM accounts WHERE id NOT IN (SELECT coupon_id FROM orders WHERE coupon_id > 5)",
            because="a comparison is not true for NULL either",
            schema=_TABLES,
        ),
        Passes(
            "SELECT id FROM accounts WHERE id IN (SELECT coupon_id FROM orders)",
            because="IN has no such trap",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each NOT IN whose subquery returns a nullable column."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for negation in subject.statement.tree.find_all(exp.Not):
            membership = negation.this.unnest() if isinstance(negation.this, exp.Paren) else negation.this
            query = membership.args.get("query") if isinstance(membership, exp.In) else None
            select = query.unnest() if isinstance(query, exp.Subquery) else query
            if not isinstance(select, exp.Select) or len(select.expressions) != 1:
                continue
            inner = resolution.of(select.expressions[0].unalias())
            if (
                inner is None
                or not (inner.column.nullable or inner.source.optional)
                or _kept_out(inner, select, resolution)
            ):
                continue
            name = f"{inner.table.name}.{inner.column.name}"
            nullness = (
                "is filled with NULL by the outer join"
                if inner.source.optional and not inner.column.nullable
                else "may be NULL"
            )
            yield report(
                self,
                place_in_text(subject, negation),
                what=f"{name} {nullness}, and one NULL makes this NOT IN return no row.",
                why=f"{excerpt(membership.this, subject.statement.dialect)} NOT IN (…, NULL) is never true, only "
                "false or unknown.",
                instead=f"Write NOT EXISTS, or keep the NULLs out: WHERE {inner.column.name} IS NOT NULL.",
                evidence=(from_catalogue(f"{name} {nullness}"), *_outer_fact(resolution.of(membership.this))),
            )


def _kept_out(inner: ResolvedColumn, select: exp.Select, resolution: Resolution) -> bool:
    for condition in query_conditions(select):
        tested: exp.Expr = condition
        if isinstance(condition, exp.Not) and isinstance(condition.this, exp.Is):
            tested = condition.this
        elif not isinstance(condition, (*COMPARISONS, exp.Like, exp.In, exp.Between)):
            continue
        sides = (tested.this, tested.args.get("expression"))
        found = [resolution.of(side) for side in sides if side is not None]
        if any(each is not None and each.column == inner.column and each.source is inner.source for each in found):
            return True
    return False


def _outer_fact(outer: ResolvedColumn | None) -> tuple[Evidence, ...]:
    if outer is None:
        return ()
    nullness = "may be NULL" if outer.column.nullable or outer.source.optional else "is NOT NULL"
    return (from_catalogue(f"{outer.table.name}.{outer.column.name} {nullness}"),)
