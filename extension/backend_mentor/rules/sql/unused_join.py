"""The rule unused-join."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.resolve import Resolution, Source, resolve_columns
from backend_mentor.rules.conditions import conjuncts
from backend_mentor.rules.report import from_text, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.wording import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER)"""


class UnusedJoin:
    """A table is joined and nothing of it is used.

    A LEFT JOIN keeps all rows of its left side. Joined by a key it adds and removes none, so it only costs; joined by
    anything else it repeats rows.
    """

    name: ClassVar[str] = "unused-join"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "SELECT o.id FROM orders o LEFT JOIN accounts a ON a.id = o.account_id",
            says="accounts is joined by its key and nothing of it is used",
            schema=_TABLES,
        ),
        Flags(
            "SELECT a.id FROM accounts a LEFT JOIN orders o ON o.account_id = a.id",
            says="orders is joined, nothing of it is used, and it repeats rows",
            schema=_TABLES,
        ),
        Passes(
            "SELECT o.id, a.name FROM orders o LEFT JOIN accounts a ON a.id = o.account_id",
            because="its name is selected",
            schema=_TABLES,
        ),
        Passes(
            "SELECT a.id, count(*) FROM accounts a LEFT JOIN orders o ON o.account_id = a.id GROUP BY a.id",
            because="the repeated rows are counted",
            schema=_TABLES,
        ),
        Passes(
            "SELECT * FROM orders o LEFT JOIN accounts a ON a.id = o.account_id",
            because="the star selects its columns",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each LEFT JOIN whose table is named in its own ON alone."""
        resolution = resolve_columns(subject.statement, subject.schema)
        for query in subject.statement.tree.find_all(exp.Select):
            if not resolution.resolves_all(query) or any(each.is_star for each in query.expressions):
                continue
            if query.find(exp.AggFunc) is not None:
                continue
            for source in resolution.sources(query):
                join = source.join
                if (
                    join is None
                    or join.side != "LEFT"
                    or source.table is None
                    or _is_used(source, join, query, resolution)
                ):
                    continue
                keyed = _is_keyed(source, join, resolution)
                name = source.table.name
                yield report(
                    self,
                    place_in_text(subject, join),
                    what=f"{name} is joined by its key and nothing of it is used."
                    if keyed
                    else f"{name} is joined, nothing of it is used, and it repeats rows.",
                    why="The LEFT JOIN neither adds nor removes a row."
                    if keyed
                    else f"Each row comes once for each partner in {name}.",
                    instead=f"Take {name} out of the query."
                    if keyed
                    else f"Take {name} out, or say with EXISTS what it is there for.",
                    evidence=(from_text(excerpt(join, subject.statement.dialect)),),
                )


def _is_used(source: Source, join: exp.Join, query: exp.Select, resolution: Resolution) -> bool:
    inside = {id(column.node) for column in resolution.columns_within(join)}
    return any(column.source is source and id(column.node) not in inside for column in resolution.columns_within(query))


def _is_keyed(source: Source, join: exp.Join, resolution: Resolution) -> bool:
    equal = {
        column.column.name.lower()
        for condition in conjuncts(join.args.get("on"))
        if isinstance(condition, exp.EQ)
        for column in (resolution.of(condition.this), resolution.of(condition.expression))
        if column is not None and column.source is source
    }
    return source.table is not None and any(
        {name.lower() for name in key} <= equal for key in source.table.unique_keys()
    )
