"""The rule join-without-condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, Source, resolve_columns
from backend_mentor.rules.conditions import conjuncts, is_constant, query_conditions
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import count, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE orders (id INTEGER PRIMARY
            KEY, account_id INTEGER);
    INSERT INTO accounts (name) VALUES ('a'), ('b'); INSERT INTO orders (account_id) VALUES (1), (2)"""


class JoinWithoutCondition:
    """Two tables are joined by nothing: every row of one is paired with every row of the other.

    The result has the product of both sizes. It is nearly always a forgotten condition; where it is meant, CROSS JOIN
    says so.
    """

    name: ClassVar[str] = "join-without-condition"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT a.name, o.id FROM accounts a, orders o WHERE o.id > 5",
            says="nothing joins orders to accounts",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name, o.id FROM accounts a, orders o WHERE o.account_id = a.id",
            because="the WHERE joins them",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name, o.id FROM accounts a CROSS JOIN orders o",
            because="CROSS JOIN says that it is meant",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name, o.id FROM accounts a, orders o WHERE a.id = 7 AND o.id = 9",
            because="the keys name one row of each",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name, t.n FROM accounts a, (SELECT count(*) AS n FROM orders) t",
            because="a subquery that counts is one row",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.name FROM accounts a NATURAL JOIN orders o",
            because="a natural join has its conditions in the names",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each table that no condition connects with those before it."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            sources = [each for each in resolution.sources(query) if each.table is not None]
            if len(sources) < 2 or any(
                join.args.get("method") or join.args.get("using") for join in query.args.get("joins") or ()
            ):
                continue
            groups = _groups(query, resolution)
            if groups is None:
                continue
            joined = groups.get(sources[0].name.lower())
            for source in sources[1:]:
                meant = source.join is not None and source.join.kind == "CROSS"
                if (
                    groups.get(source.name.lower()) == joined
                    or meant
                    or _is_one_row(source, query, resolution)
                    or _is_one_row(sources[0], query, resolution)
                ):
                    continue
                first, second = sources[0].table, source.table
                sizes = [table.rows for table in (first, second) if table is not None and table.rows is not None]
                product = f" That is {count(sizes[0] * sizes[1], 'pair')}." if len(sizes) == 2 else ""
                yield report(
                    self,
                    place_in_text(subject, source.node),
                    what=f"In this FROM nothing joins {second.name if second else source.name} to "
                    f"{first.name if first else sources[0].name}.{product}",
                    why="Every row of the one is paired with every row of the other.",
                    instead="Add the condition that joins them, or write CROSS JOIN where every pair is meant.",
                    evidence=(from_text(excerpt(query, subject.statement.dialect)),),
                )
                break


def _groups(query: exp.Select, resolution: Resolution) -> dict[str, int] | None:
    """Return a number for each source name, equal for those that conditions connect; None where names do not tell."""
    groups = {source.name.lower(): place for place, source in enumerate(resolution.sources(query))}
    where = query.args.get("where")
    conditions = [*conjuncts(where.this if where else None)]
    for join in query.args.get("joins") or ():
        conditions += conjuncts(join.args.get("on"))
    laterals = [source.node for source in resolution.sources(query) if isinstance(source.node, exp.Lateral)]
    for condition in (*conditions, *laterals):
        names: set[str] = set()
        for column in condition.find_all(exp.Column):
            resolved = resolution.of(column)
            if resolved is None and not column.table:
                return None
            names.add((resolved.source.name if resolved else column.table).lower())
        linked = {groups[name] for name in names if name in groups}
        groups = {name: min(linked) if group in linked else group for name, group in groups.items()}
    return groups


def _is_one_row(source: Source, query: exp.Select, resolution: Resolution) -> bool:
    table = source.table
    fixed: set[str] = set()
    for condition in query_conditions(query):
        if isinstance(condition, exp.EQ):
            for side, other in ((condition.this, condition.expression), (condition.expression, condition.this)):
                column = resolution.of(side)
                if column is not None and column.source is source and is_constant(other):
                    fixed.add(column.column.name.lower())
    return table is not None and any({name.lower() for name in key} <= fixed for key in table.unique_keys())
