"""Definitions in words: what a CREATE, ALTER or DROP would make of the schema."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from backend_mentor.domain.review import Explanation, Step
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.queries import say_query
from backend_mentor.reading.explanation.wording import code, count, listed, sentence, small

_NEVER_RUN = "It is only reviewed here, never run."


def explain_definition(tree: exp.Expr, names: Names) -> Explanation:
    """Return what a definition would create or change, with the rows that stand in the way."""
    parts = list(_parts(tree, names))
    steps = tuple(Step(word, sentence(text)) for word, text in parts)
    first = sentence(parts[0][1])
    more = f" {sentence(listed([text for _, text in parts[1:]]))}" if 1 < len(parts) <= 5 else ""
    return Explanation(f"{first}{more} {_NEVER_RUN}", steps)


def _parts(tree: exp.Expr, names: Names) -> Iterator[tuple[str, str]]:
    kind = str(tree.args.get("kind") or "").upper()
    if isinstance(tree, exp.Create) and kind == "TABLE":
        yield from _create_table(tree, names)
    elif isinstance(tree, exp.Create) and kind == "INDEX":
        yield from _create_index(tree, names)
    elif isinstance(tree, exp.Create) and isinstance(tree.expression, exp.Query):
        yield (
            f"CREATE {kind}",
            f"would create the {kind.lower()} {_name(tree.this)}: {say_query(tree.expression, names)}",
        )
    elif isinstance(tree, exp.Drop):
        goes = " and everything that depends on it" if tree.args.get("cascade") else ""
        for dropped in tree.args.get("tables") or [tree.this]:
            yield f"DROP {kind}", f"would drop the {kind.lower()} {_name(dropped)}{_with_rows(dropped, names)}{goes}"
    elif isinstance(tree, exp.TruncateTable):
        for table in tree.expressions:
            yield "TRUNCATE", f"would empty {_name(table)}{_with_rows(table, names)}"
    elif isinstance(tree, exp.Alter):
        yield from _alter(tree, names)
    else:
        text = names.subject.statement.text
        yield text.split(maxsplit=1)[0].upper(), f"would change the schema with {code(text)}"


def _create_table(tree: exp.Create, names: Names) -> Iterator[tuple[str, str]]:
    target = tree.this
    if isinstance(tree.expression, exp.Query):
        yield (
            "CREATE TABLE",
            f"would create the table {_name(target)} and fill it with {say_query(tree.expression, names)}",
        )
        return
    parts = target.expressions if isinstance(target, exp.Schema) else []
    columns = [each for each in parts if isinstance(each, exp.ColumnDef)]
    yield "CREATE TABLE", f"would create the table {_name(target)} with {count(len(columns), 'column')}"
    keys = [each.name for each in columns if _constraint(each, exp.PrimaryKeyColumnConstraint)]
    for each in parts:
        inner = each.expressions[0] if isinstance(each, exp.Constraint) and each.expressions else each
        if isinstance(inner, exp.PrimaryKey):
            keys = [key.name for key in inner.expressions]
    yield "PRIMARY KEY", f"its primary key is {listed(keys)}" if keys else "it has no primary key"
    references = [f"its {each.name} refers to {said}" for each in columns if (said := _reference(each))]
    references += [
        f"its {listed([key.name for key in each.expressions])} refers to {_reference_text(reference)}"
        for each in target.find_all(exp.ForeignKey)
        if isinstance(reference := each.args.get("reference"), exp.Reference)
    ]
    if references:
        yield "REFERENCES", listed(references)
    free = [
        each.name for each in columns if not _constraint(each, exp.NotNullColumnConstraint) and each.name not in keys
    ]
    if free:
        yield (
            "NULL",
            f"its {listed(free[:6])}{f' and {len(free) - 6} more' if len(free) > 6 else ''} accept NULL"
            if len(free) > 1
            else f"its {free[0]} accepts NULL",
        )


def _constraint(column: exp.ColumnDef, kind: type[exp.Expr]) -> bool:
    return any(isinstance(each.args.get("kind"), kind) for each in column.args.get("constraints") or ())


def _reference(column: exp.ColumnDef) -> str | None:
    reference = column.find(exp.Reference)
    return _reference_text(reference) if reference is not None else None


def _reference_text(reference: exp.Expr) -> str:
    target = reference.this
    keys = [each.name for each in target.expressions] if isinstance(target, exp.Schema) else []
    return _name(target) + (f" ({', '.join(keys)})" if keys else "")


def _create_index(tree: exp.Create, names: Names) -> Iterator[tuple[str, str]]:
    index = tree.this
    table = index.args.get("table")
    parameters = index.args.get("params")
    columns = parameters.args.get("columns") or [] if parameters is not None else []
    keys = listed([names.sql(each) for each in columns])
    unique = "unique " if tree.args.get("unique") else ""
    named = f"{unique}index {index.name}" if index.name else f"{unique}index, named by the database,"
    yield "CREATE INDEX", f"would build the {named} on {_name(table)}{_rows(table, names)} over {keys}"
    where = parameters.args.get("where") if parameters is not None else None
    if isinstance(where, exp.Where):
        yield "WHERE", f"it would hold only rows where {names.say_condition(where.this, names)}"


def _alter(tree: exp.Alter, names: Names) -> Iterator[tuple[str, str]]:
    actions = tree.args.get("actions") or []
    many = f" in {small(len(actions))} ways" if len(actions) > 1 else ""
    yield "ALTER TABLE", f"would change the table {_name(tree.this)}{_rows(tree.this, names)}{many}"
    for action in actions:
        yield _action(action, names)


def _action(action: exp.Expr, names: Names) -> tuple[str, str]:
    if isinstance(action, exp.ColumnDef):
        return "ADD COLUMN", f"it would add the column {action.name}" + (
            f" ({names.sql(action.kind)})" if action.kind else ""
        )
    if isinstance(action, exp.Drop):
        return "DROP", f"it would drop the {str(action.args.get('kind') or 'part').lower()} {_dropped(action)}"
    if isinstance(action, exp.RenameColumn):
        return "RENAME", f"it would rename {action.this.name} to {action.args['to'].name}"
    if isinstance(action, exp.AlterRename):
        return "RENAME", f"it would be renamed to {_name(action.this)}"
    if isinstance(action, exp.AlterColumn) and action.args.get("dtype"):
        return "ALTER COLUMN", f"it would turn {action.name} into {names.sql(action.args['dtype'])}"
    if isinstance(action, exp.AlterColumn) and action.args.get("allow_null") is not None:
        may = "accept" if action.args["allow_null"] else "refuse"
        return "ALTER COLUMN", f"it would make {action.name} {may} NULL"
    return "ALTER", f"it would {code(names.sql(action))}"


def _dropped(action: exp.Drop) -> str:
    return listed([_name(each) for each in action.args.get("tables") or [action.this]])


def _name(node: object) -> str:
    target = node.this if isinstance(node, exp.Schema) else node
    return target.name if isinstance(target, exp.Expr) else ""


def _rows(node: object, names: Names) -> str:
    table = names.subject.schema.table(_name(node))
    return f" ({count(table.rows)})" if table is not None and table.rows is not None else ""


def _with_rows(node: object, names: Names) -> str:
    table = names.subject.schema.table(_name(node))
    return f" with its {count(table.rows)}" if table is not None and table.rows is not None else ""
