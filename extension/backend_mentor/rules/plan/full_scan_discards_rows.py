"""The rule full-scan-discards-rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation, PlanNode
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.conditions import access_name, conditions_on
from backend_mentor.rules.figures import SCAN_FLOOR_ROWS, plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.selectivity import fraction_kept
from backend_mentor.rules.wording import count, excerpt, listed, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


# A filter that keeps more than a tenth of the rows is cheaper by a scan than by an index: one random page a row.
_KEPT_AT_MOST = 0.1


class FullScanDiscardsRows:
    """A table is read from end to end to keep few of its rows.

    Every row is fetched and checked, so the time grows with the table and not with the answer. An index on the
    columns of the filter goes straight to the rows that are wanted. A filter that keeps more than a tenth of the
    table is left alone: there a scan is the right plan.
    """

    name: ClassVar[str] = "full-scan-discards-rows"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT * FROM orders WHERE status = 'open'",
            says="orders is read whole, 200,000 rows, to keep 2,000 (1 %)",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    table="orders",
                    expected=2080,
                    rows=2000,
                    milliseconds=40.0,
                    said={"Filter": "(status = 'open'::text)", "Rows Removed by Filter": 198000},
                ),
                execution=40.1,
            ),
        ),
        Flags(
            "SELECT * FROM orders WHERE account_id = 7",
            says="orders is read whole, 20,000 rows",
            schema="""CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER);
                INSERT INTO orders (account_id)
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n""",
            plan="SCAN orders",
        ),
        Passes(
            "SELECT * FROM orders WHERE status <> 'open'",
            because="it keeps nine rows of ten, and a scan is the cheapest way to most of a table",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    table="orders",
                    expected=180000,
                    rows=180000,
                    milliseconds=40.0,
                    said={"Filter": "(status <> 'open'::text)", "Rows Removed by Filter": 20000},
                ),
                execution=40.1,
            ),
        ),
        Passes(
            "SELECT * FROM countries WHERE name = 'Malta'",
            because="250 rows fit on a few pages: no index is faster than reading them",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    table="countries",
                    rows=1,
                    milliseconds=0.05,
                    said={"Filter": "(name = 'Malta'::text)", "Rows Removed by Filter": 249},
                ),
                execution=0.06,
            ),
        ),
        Flags(
            "SELECT (SELECT sum(t.quantity) FROM trades t WHERE t.instrument_id = i.id) FROM instruments i",
            says="trades is read whole, 21 times over, 3,150,000 rows, to keep 10,500",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    step(
                        "Seq Scan",
                        table="trades",
                        rows=500,
                        loops=21,
                        milliseconds=12.0,
                        said={
                            "Alias": "t",
                            "Filter": "(t.instrument_id = i.id)",
                            "Rows Removed by Filter": 149500,
                            "Parent Relationship": "SubPlan",
                            "Subplan Name": "SubPlan 1",
                        },
                    ),
                    table="instruments",
                    rows=21,
                    milliseconds=260.0,
                ),
                execution=261.0,
            ),
        ),
        Passes(
            "SELECT * FROM orders WHERE status = 'open' LIMIT 10",
            because="the LIMIT ended the scan after 900 rows, which is as cheap as an index",
            engine="postgres",
            plan=plan_json(
                step(
                    "Limit",
                    step(
                        "Seq Scan",
                        table="orders",
                        expected=2080,
                        rows=10,
                        milliseconds=0.2,
                        said={"Filter": "(status = 'open'::text)", "Rows Removed by Filter": 890},
                    ),
                    expected=10,
                    rows=10,
                    milliseconds=0.2,
                ),
                execution=0.3,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each scan that reads many rows to keep few."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SCAN) if figures else ():
            read = figures.rows_read(node) if figures else None
            if figures is None or read is None or read.rows < SCAN_FLOOR_ROWS or not figures.weighs(node):
                continue
            conditions = conditions_on(subject, node)
            kept = figures.rows_returned(node)
            if kept is None and figures.may_stop_early(node):
                continue
            fraction = _estimate(subject, node, conditions) if kept is None else kept.rows / read.rows
            if not conditions or not _selective(conditions, fraction):
                continue
            keeps = "" if kept is None else f", to keep {kept.rows:,.0f} ({percent(kept.rows / read.rows)})"
            times = f"{count(node.loops, 'time')} over, " if node.loops is not None and node.loops > 1 else ""
            shown = " and ".join(excerpt(each, subject.engine.name) for each in conditions)
            yield report(
                self,
                place_in_plan(node),
                what=f"{node.relation} is read whole, {times}{count(read.rows)}{keeps}.",
                why=f"Each row is fetched and checked against {shown}; {_why_no_index(subject, node, conditions)}.",
                instead=_remedy(conditions, node, subject.engine.name),
                evidence=(read.evidence, *((kept.evidence,) if kept else ()), from_plan(node.label)),
            )


def _estimate(subject: Subject, node: PlanNode, conditions: tuple[exp.Expr, ...]) -> float | None:
    table = subject.schema.table(node.relation or "")
    known = [fraction_kept(each, table) for each in conditions] if table is not None else []
    fractions = [each for each in known if each is not None]
    return min(fractions) if fractions else None


def _selective(conditions: tuple[exp.Expr, ...], fraction: float | None) -> bool:
    if fraction is not None:
        return fraction <= _KEPT_AT_MOST
    # Without any figure only an equality with a constant is sure to keep few rows of many.
    return any(isinstance(each, (exp.EQ, exp.In)) for each in conditions)


def _columns(conditions: tuple[exp.Expr, ...], node: PlanNode) -> tuple[exp.Column, ...]:
    """Return the columns of the scanned table that the conditions name, and not those of the rows around it."""
    own = {(name or "").lower() for name in ("", node.alias or node.relation)}
    found = (column for each in conditions for column in each.find_all(exp.Column))
    return tuple(column for column in found if column.table.lower() in own)


def _named(conditions: tuple[exp.Expr, ...], node: PlanNode) -> str:
    # No index finds what differs from a value.
    useful = tuple(each for each in conditions if not isinstance(each, (exp.NEQ, exp.Not))) or conditions
    names = dict.fromkeys(column.name for column in _columns(useful, node))
    return listed(names) if names else ""


def _remedy(conditions: tuple[exp.Expr, ...], node: PlanNode, dialect: str) -> str:
    named = _named(conditions, node) or "the columns of this filter"
    wrapped = next((each.this for each in conditions if _is_wrapped(each)), None)
    if wrapped is not None and len(conditions) == 1:
        return f"Compare {named} itself and index it, or index {excerpt(wrapped, dialect)}."
    return f"Give {named} of {node.relation} an index."


def _is_wrapped(condition: exp.Expr) -> bool:
    return (
        isinstance(condition, (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between))
        and isinstance(condition.this, exp.Func)
        and condition.this.find(exp.Column) is not None
    )


def _why_no_index(subject: Subject, node: PlanNode, conditions: tuple[exp.Expr, ...]) -> str:
    table = subject.schema.table(node.relation or "")
    if table is None:
        return "the plan uses no index for it"
    for column in _columns(conditions, node):
        name = access_name(table, column.name)
        if name is not None:
            return f"{name} is there and the condition, as it is written, does not use it"
    return f"no index of {table.name} begins with {_named(conditions, node) or 'its columns'}"
