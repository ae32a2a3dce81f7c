"""What is bigger than the cell: matters to take to the team."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sqlglot import exp

from backend_mentor.domain.finding import Finding, Responsibility
from backend_mentor.domain.review import Escalation
from backend_mentor.domain.schema import Table
from backend_mentor.domain.statement import StatementKind
from backend_mentor.domain.subject import Gate, Subject
from backend_mentor.reading.resolve import resolve_columns

_ROWS_OF_A_LARGE_TABLE = 100_000
"""From here on a lock that lasts as long as a pass over the table is felt: some tenths of a second and more."""
_ROWS_FOR_ONE_SERVER = 500_000_000
_BYTES_FOR_ONE_SERVER = 500_000_000_000
"""Beyond half a billion rows or 500 GB, vacuum, backup and restore of one table take hours on common hardware."""

_LOCKS_WHILE_IT_WORKS = Gate(engines=("postgres",))
_SECRET = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|api_?key|access_?token|refresh_?token|token|ssn|cvv)(_hash)?$"
)


def escalate(subject: Subject, findings: Sequence[Finding]) -> tuple[Escalation, ...]:
    """Return the matters that one cell can not settle, the gravest first. A table is large from 100,000 rows on; it
    outgrows one server at 500,000,000 rows or 500 GB."""
    found = [
        *_writes_everything(subject),
        *_destroys(subject),
        *_locks(subject),
        *_secrets(subject),
        *_outgrows(subject),
    ]
    return tuple(dict.fromkeys(found))


def _writes_everything(subject: Subject) -> Iterator[Escalation]:
    tree = subject.statement.tree
    if not isinstance(tree, exp.Update | exp.Delete) or tree.args.get("where") is not None:
        return
    if tree.args.get("from_") or tree.args.get("using") or not isinstance(tree.this, exp.Table):
        return
    table = _table(tree.this, subject)
    verb = "changes" if isinstance(tree, exp.Update) else "deletes"
    yield Escalation(
        f"It {verb} every row of {tree.this.name}{_size(table)}. Have a second person read it before it runs.",
        "There is no WHERE, and no way back but a backup. Run it in a transaction and read the row count first.",
    )


def _destroys(subject: Subject) -> Iterator[Escalation]:
    tree = subject.statement.tree
    targets: list[exp.Expr] = []
    if isinstance(tree, exp.Drop) and str(tree.args.get("kind")).upper() == "TABLE":
        targets = tree.args.get("tables") or [tree.this]
    elif isinstance(tree, exp.TruncateTable):
        targets = list(tree.expressions)
    for target in targets:
        table = _table(target, subject)
        if table is not None and table.rows:
            yield Escalation(
                f"{table.name}{_size(table)} would be gone. Agree on a backup and on who still reads it.",
                "A dropped or emptied table comes back only from a backup.",
            )
    if isinstance(tree, exp.Alter) and any(_drops_column(each) for each in tree.args.get("actions") or ()):
        yield Escalation(
            f"Code that still reads the dropped column of {tree.this.name} fails at once. Release that code first.",
            "Old and new versions of the application run side by side during a release.",
        )


def _drops_column(action: exp.Expr) -> bool:
    return isinstance(action, exp.Drop) and str(action.args.get("kind")).upper() == "COLUMN"


def _locks(subject: Subject) -> Iterator[Escalation]:
    tree = subject.statement.tree
    if not _LOCKS_WHILE_IT_WORKS.admits(subject.engine):
        return
    if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Index) and not tree.args.get("concurrently"):
        table = _table(tree.this.args.get("table"), subject)
        if _is_large(table) and table is not None:
            yield Escalation(
                f"Building this index blocks every write to {table.name}{_size(table)} until it is done.",
                "CREATE INDEX takes a SHARE lock. Use CREATE INDEX CONCURRENTLY in production, outside a transaction.",
            )
    if not isinstance(tree, exp.Alter):
        return
    table = _table(tree.this, subject)
    if table is None or not _is_large(table):
        return
    for action in tree.args.get("actions") or ():
        reason = _why_it_locks(action, tree)
        if reason:
            yield Escalation(f"This blocks {table.name}{_size(table)} while it works. {reason[0]}", reason[1])


def _why_it_locks(action: exp.Expr, tree: exp.Alter) -> tuple[str, str] | None:
    if isinstance(action, exp.AlterColumn) and action.args.get("dtype"):
        return (
            "Add a new column, fill it in batches and swap the names.",
            "Most changes of a column's type rewrite every row and index under an ACCESS EXCLUSIVE lock: nobody reads "
            "or writes meanwhile.",
        )
    if isinstance(action, exp.AlterColumn) and action.args.get("allow_null") is False:
        return (
            "Add CHECK (… IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT, then SET NOT NULL.",
            "SET NOT NULL reads the whole table under an ACCESS EXCLUSIVE lock unless a validated CHECK proves it.",
        )
    checked = isinstance(action, exp.AddConstraint) and not tree.args.get("not_valid")
    if checked and action.find(exp.CheckColumnConstraint, exp.ForeignKey, exp.Check):
        return (
            "Add it NOT VALID, then VALIDATE CONSTRAINT in a second statement.",
            "A new constraint is checked against every row under its lock; VALIDATE lets writes go on.",
        )
    return None


def _secrets(subject: Subject) -> Iterator[Escalation]:
    tree = subject.statement.tree
    if subject.statement.kind is not StatementKind.QUERY or not isinstance(tree, exp.Select):
        return
    resolution = resolve_columns(subject.statement, subject.schema)
    selected = [resolution.of(each.unalias()) for each in tree.expressions]
    names = [f"{each.table.name}.{each.column.name}" for each in selected if each and _is_secret(each.column.name)]
    if any(isinstance(each, exp.Star) for each in tree.expressions):
        tables = [source.table for source in resolution.sources(tree) if source.table is not None]
        names += [f"{table.name}.{each.name}" for table in tables for each in table.columns if _is_secret(each.name)]
    if names:
        said = " and ".join(dict.fromkeys(names))
        yield Escalation(
            f"The result carries {said}. Agree with whoever answers for security that it may leave the database.",
            "Secrets in a result end up in logs, caches and notebook outputs. Select only the columns that you need.",
            Responsibility.SECURITY,
        )


def _is_secret(name: str) -> bool:
    return _SECRET.search(name.lower()) is not None


def _outgrows(subject: Subject) -> Iterator[Escalation]:
    resolution = resolve_columns(subject.statement, subject.schema)
    for source in resolution.all_sources():
        table = source.table
        if table is None:
            continue
        if (table.rows or 0) >= _ROWS_FOR_ONE_SERVER or (table.size_bytes or 0) >= _BYTES_FOR_ONE_SERVER:
            yield Escalation(
                f"{table.name}{_size(table)} is outgrowing one server. Plan partitions, an archive or a second store.",
                "Beyond half a billion rows or 500 GB, vacuum, backup and restore of one table take hours.",
                Responsibility.PERFORMANCE,
            )


def _table(node: object, subject: Subject) -> Table | None:
    return subject.schema.table(node.name, node.db or None) if isinstance(node, exp.Table) else None


def _is_large(table: Table | None) -> bool:
    return table is not None and (table.rows or 0) >= _ROWS_OF_A_LARGE_TABLE


def _size(table: Table | None) -> str:
    return f" ({table.rows:,} rows)" if table is not None and table.rows is not None else ""
