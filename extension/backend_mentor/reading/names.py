"""Tables and columns that the database does not have, before it is asked."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from sqlglot import exp

from backend_mentor.domain.errors import UnknownNameError
from backend_mentor.domain.schema import Schema, TableKind
from backend_mentor.domain.statement import Statement, StatementKind
from backend_mentor.domain.subject import Gate
from backend_mentor.reading.places import place_of
from backend_mentor.reading.resolve import Resolution, Source, common_table, resolve_columns
from backend_mentor.reading.scanner import words

_SYSTEM_COLUMNS = words(
    "rowid oid _rowid_ ctid xmin xmax cmin cmax tableoid rank value default true false user session_user current_user "
    "current_role current_catalog current_schema current_date current_time current_timestamp localtime localtimestamp"
)
_PSEUDO_TABLES = frozenset(["excluded", "old", "new"])
# SQLite takes a quoted name that is no column's for a string (https://sqlite.org/quirks.html#dblquote).
_TAKES_NAMES_FOR_STRINGS = Gate(engines=("sqlite",))
_SYSTEM_PREFIXES = ("sqlite_", "pg_", "pragma_")


def check_names(statement: Statement, schema: Schema) -> None:
    """Raise UnknownNameError for the first table or column that the database surely lacks.

    Silent wherever that is not certain: the database itself will say.
    """
    resolution = resolve_columns(statement, schema)
    for table in _tables_read(statement):
        _check_table(table, statement, schema)
    for column in statement.tree.find_all(exp.Column):
        _check_column(column, statement, schema, resolution)
    insert = statement.tree if isinstance(statement.tree, exp.Insert) else None
    if insert is not None and isinstance(insert.this, exp.Schema):
        _check_inserted(insert.this, statement, schema)


def _tables_read(statement: Statement) -> Iterator[exp.Table]:
    tree = statement.tree
    if statement.kind is StatementKind.DEFINITION:
        query = tree.args.get("expression")
        roots: list[exp.Expr] = [query] if isinstance(tree, exp.Create) and isinstance(query, exp.Expr) else []
        roots += [index.args["table"] for index in tree.find_all(exp.Index) if index.args.get("table")]
        if isinstance(tree, exp.Alter) and isinstance(tree.this, exp.Table) and not tree.args.get("exists"):
            roots.append(tree.this)
    elif statement.kind is StatementKind.UTILITY:
        roots = []
    else:
        roots = [tree]
    for root in roots:
        for table in root.find_all(exp.Table):
            if not isinstance(table.parent, exp.Into | exp.Lock) and table.arg_key != "indexed":
                yield table


def _check_table(table: exp.Table, statement: Statement, schema: Schema) -> None:
    name, namespace = table.name, table.db
    if not isinstance(table.this, exp.Identifier) or common_table(table) is not None or table.catalog:
        return
    if name.lower().startswith(_SYSTEM_PREFIXES) or schema.table(name, namespace or None) is not None:
        return
    known = {"main", "public"} | {each.namespace.lower() for each in schema.tables if each.namespace}
    if namespace and namespace.lower() not in known:
        return
    candidates = [each.name for each in schema.tables]
    if not candidates:
        raise _unknown(f"there is no table {name}: the database holds none at all.", name, [], table, statement)
    raise _unknown(f"the database has no table {name}.", name, candidates, table, statement)


def _check_column(column: exp.Column, statement: Statement, schema: Schema, resolution: Resolution) -> None:
    name = column.name
    if resolution.of(column) is not None or _may_be_something_else(column, schema):
        return
    queries = list(_queries_around(column))
    sources = [source for query in queries for source in resolution.sources(query)]
    if column.table:
        _check_qualified(column, statement, schema, resolution, sources)
        return
    if not sources or any(source.offers(name) is not False or _hides_columns(source) for source in sources):
        return
    if any(name.lower() in (source.name.lower(), source.node.name.lower()) for source in sources):
        return
    if any(name.lower() == projection.alias.lower() for query in queries for projection in query.expressions):
        return
    tables = list(dict.fromkeys(source.table.name for source in sources if source.table))
    candidates = sorted({each for source in sources for each in _columns_of(source)})
    if len(tables) == 1 and len(sources) == 1:
        raise _unknown(f"{tables[0]} has no column {name}.", name, candidates, column, statement)
    where = " or ".join(dict.fromkeys(source.name for source in sources if source.name)) or "this query"
    raise _unknown(f"there is no column {name} in {where}.", name, candidates, column, statement)


def _check_qualified(
    column: exp.Column, statement: Statement, schema: Schema, resolution: Resolution, sources: list[Source]
) -> None:
    qualifier = column.table.lower()
    named = [source for source in sources if source.name.lower() == qualifier]
    if not named:
        everywhere = [source.name for source in resolution.all_sources() if source.name]
        if not sources or column.args.get("db") or qualifier in {each.lower() for each in everywhere}:
            return
        if qualifier in _PSEUDO_TABLES or statement.tree.find(exp.Lateral, exp.Pivot):
            return
        hidden = [source.name for source in sources if source.node.name.lower() == qualifier]
        if hidden:
            what = f"{column.table} goes by the name {hidden[0]} here, so {column.table}.{column.name} is unknown."
            raise _unknown(what, column.table, hidden, column, statement)
        what = f"the query reads no table by the name {column.table}, as in {column.table}.{column.name}."
        raise _unknown(what, column.table, everywhere, column, statement)
    if any(source.offers(column.name) is not False or _hides_columns(source) for source in named):
        return
    thing = named[0].table.name if named[0].table else named[0].name
    raise _unknown(f"{thing} has no column {column.name}.", column.name, _columns_of(named[0]), column, statement)


def _check_inserted(target: exp.Schema, statement: Statement, schema: Schema) -> None:
    table = schema.table(target.this.name, target.this.db or None)
    if table is None or table.kind is not TableKind.TABLE:
        return
    for name in target.expressions:
        if table.column(name.name) is None and name.name.lower() not in _SYSTEM_COLUMNS:
            columns = [column.name for column in table.columns]
            raise _unknown(f"{table.name} has no column {name.name}.", name.name, columns, name, statement)


def _may_be_something_else(column: exp.Column, schema: Schema) -> bool:
    if isinstance(column.this, exp.Star) or column.name.lower() in _SYSTEM_COLUMNS:
        return True
    return bool(column.this.args.get("quoted")) and _TAKES_NAMES_FOR_STRINGS.admits(schema.engine)


def _queries_around(node: exp.Expr) -> Iterator[exp.Expr]:
    above = node.parent
    while above is not None:
        if isinstance(above, exp.Select | exp.Update | exp.Delete | exp.Merge | exp.Insert | exp.SetOperation):
            yield above
        above = above.parent


def _hides_columns(source: Source) -> bool:
    if source.table is None:
        return False
    return source.table.kind in (TableKind.VIRTUAL, TableKind.FOREIGN) or not source.table.columns


def _columns_of(source: Source) -> list[str]:
    if source.table is not None:
        return [column.name for column in source.table.columns]
    return sorted(source.columns or ())


def _unknown(what: str, name: str, candidates: Iterable[str], node: exp.Expr, statement: Statement) -> UnknownNameError:
    by_lower = {each.lower(): each for each in candidates}
    near = [by_lower[each] for each in difflib.get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.6)]
    place = place_of(node, statement)
    if place is not None:
        what = f"Line {place.line}, column {place.column}: {what}"
    if near:
        remedy = f"Did you mean {' or '.join(near)}?"
    elif by_lower:
        shown = list(by_lower.values())
        more = f" and {len(shown) - 8} more" if len(shown) > 8 else ""
        remedy = f"There are {', '.join(shown[:8])}{more}."
    else:
        remedy = "Connect to the database that holds it, or create it first."
    return UnknownNameError(what, remedy, name=name, nearest=tuple(near))
