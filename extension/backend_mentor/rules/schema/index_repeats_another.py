"""The rule index-repeats-another."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlglot import exp

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.report import from_catalogue, place_in_text, report
from backend_mentor.rules.rule import Flags, Passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_TABLES = """CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, placed_at TEXT);
    CREATE INDEX orders_account_day ON orders (account_id, placed_at)"""


class IndexRepeatsAnother:
    """A new index begins as one that exists.

    The longer index answers all that the shorter one could. The second one costs room and slows every write.
    """

    name: ClassVar[str] = "index-repeats-another"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate()
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            "CREATE INDEX orders_account ON orders (account_id)",
            says="orders_account repeats the beginning of orders_account_day",
            schema=_TABLES,
        ),
        Flags(
            "CREATE INDEX orders_again ON orders (account_id, placed_at)",
            says="orders_again repeats orders_account_day",
            schema=_TABLES,
        ),
        Passes(
            "CREATE INDEX orders_day ON orders (placed_at)", because="no index begins with placed_at", schema=_TABLES
        ),
        Passes(
            "CREATE UNIQUE INDEX orders_account ON orders (account_id)",
            because="it is a constraint, which the longer index does not keep",
            schema=_TABLES,
        ),
        Passes(
            "CREATE INDEX orders_account ON orders (account_id) WHERE placed_at IS NULL",
            because="a partial index is far smaller",
            schema=_TABLES,
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield an index whose keys an existing whole index begins with."""
        tree = subject.statement.tree
        index = tree.this
        if not isinstance(tree, exp.Create) or not isinstance(index, exp.Index) or tree.args.get("unique"):
            return
        parameters, target = index.args.get("params"), index.args.get("table")
        table = subject.schema.table(target.name) if target is not None else None
        if table is None or parameters is None or parameters.args.get("where"):
            return
        keys, method = _keys(parameters), parameters.args.get("using")
        if not keys or (method is not None and method.name.lower() != "btree"):
            return
        for existing in table.indexes:
            names = tuple(name.lower() for name in existing.column_names[: len(keys)])
            if names != keys or existing.where or existing.method != "btree" or existing.name == index.name:
                continue
            same = len(existing.columns) == len(keys)
            yield report(
                self,
                place_in_text(subject, index),
                what=f"In this schema {index.name} repeats {'' if same else 'the beginning of '}{existing.name}.",
                why=f"{existing.name} ({', '.join(existing.column_names)}) answers the same searches; each write "
                "pays for both.",
                instead="Leave it out." if same else f"Leave it out; use {existing.name}.",
                evidence=(from_catalogue(f"{existing.name} on {table.name} ({', '.join(existing.column_names)})"),),
            )
            return


def _keys(parameters: exp.Expr) -> tuple[str, ...]:
    """Return the plain columns of an index in lower case; none where a key is an expression or has a direction."""
    keys = parameters.args.get("columns") or ()
    columns = [key.this if isinstance(key, exp.Ordered) else key for key in keys]
    plain = all(isinstance(column, exp.Column) for column in columns)
    descending = any(isinstance(key, exp.Ordered) and key.args.get("desc") for key in keys)
    return tuple(column.name.lower() for column in columns) if plain and not descending else ()
