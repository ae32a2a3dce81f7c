"""SQLAlchemy's statements as SQL, from source alone: the common subset, and nothing where a part is not known."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.orm_conditions import Conditions, UntranslatedError
from backend_mentor.reading.endpoints.tables import MAPPED, Table, tables
from backend_mentor.reading.endpoints.trees import dotted, full_name, last_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.work import Query

# How rows are loaded beside the statement, or run: the statement's own text stays as it is.
_BESIDE = frozenset({"options", "execution_options", "unique", "all", "scalars", "one", "one_or_none", "yield_per"})
_CHANGES_THE_STATEMENT = frozenset({"joinedload", "contains_eager", "with_loader_criteria", "subqueryload"})


@dataclass(frozen=True, slots=True)
class Translated:
    """A statement that code puts together by calls, as the SQL that comes of it."""

    sql: str
    """Values of the code are placeholders with their names: `:email`."""
    tables: tuple[str, ...]
    """Those that it reads, by their names in the database."""


@dataclass
class _Select:
    columns: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    having: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    limit: str | None = None
    offset: str | None = None
    is_distinct: bool = False

    def sql(self) -> str:
        """Return the statement, a clause a line."""
        parts = [f"SELECT {'DISTINCT ' if self.is_distinct else ''}{', '.join(self.columns)}"]
        parts.append(f"FROM {', '.join(self.tables)}")
        parts += self.joins
        parts += [f"WHERE {' AND '.join(self.conditions)}"] if self.conditions else []
        parts += [f"GROUP BY {', '.join(self.groups)}"] if self.groups else []
        parts += [f"HAVING {' AND '.join(self.having)}"] if self.having else []
        parts += [f"ORDER BY {', '.join(self.order)}"] if self.order else []
        parts += [f"LIMIT {self.limit}"] if self.limit else []
        parts += [f"OFFSET {self.offset}"] if self.offset else []
        return "\n".join(parts)


def translate(source: Source, query: Query, dialect: str) -> Translated | None:
    """Return the SQL of `select(Model).where(…)` or `session.query(Model).filter(…)`, None where it is not known.

    Written for the SQL that SQLAlchemy 2.0 emits; what depends on more than the source, as a subquery or a window, is
    declined.
    """
    mapped = {name: table for name, table in tables(source).items() if table.model.kind in MAPPED}
    node = _statement_of(source, query)
    if node is None or not mapped:
        return None
    try:
        return _translated(source, node, mapped, dialect)
    except UntranslatedError:
        return None


def _statement_of(source: Source, query: Query) -> ast.Call | None:
    """Return the chain of calls that makes the statement: the sent one, or the one that sends itself."""
    call = query.call
    if call is not None and source.span_of(call) == query.span:
        if call.args and isinstance(call.args[0], ast.Call) and _starts_with_select(source, call.args[0]):
            return call.args[0]
        return call
    for node in walk(source.tree):
        if isinstance(node, ast.Call) and source.span_of(node) == query.span:
            return node
    return None


def _starts_with_select(source: Source, node: ast.Call) -> bool:
    first = next(reversed(list(_links(node))))
    return full_name(source.tree, first.func).rpartition(".")[2] == "select"


def _links(node: ast.expr) -> Iterator[ast.Call]:
    """Yield the calls of a chain, the last one first."""
    while True:
        if isinstance(node, ast.Call):
            yield node
            node = node.func
        elif isinstance(node, ast.Attribute):
            node = node.value
        else:
            return


def _translated(source: Source, node: ast.Call, mapped: dict[str, Table], dialect: str) -> Translated:
    first, *others = reversed(list(_links(node)))
    names = Conditions(source, mapped, dialect)
    select = _Select()
    if last_name(first) not in {"select", "query"} or not first.args:
        raise UntranslatedError
    for each in first.args:
        _choose(select, names, each)
    for call in others:
        _add(select, names, call)
    if not select.tables:
        raise UntranslatedError
    return Translated(select.sql(), tuple(names.used))


def _choose(select: _Select, names: Conditions, node: ast.expr) -> None:
    table = names.mapped.get(dotted(node))
    if table is not None:
        select.columns += [names.column(table, each) for each in table.columns]
        found = [names.table(table)]
    else:
        text = names.value(node)
        select.columns.append(text)
        found = [names.table(each) for each in names.owners(node)]
    select.tables += [each for each in found if each not in select.tables]


def _add(select: _Select, names: Conditions, call: ast.Call) -> None:
    method = last_name(call)
    if method in _BESIDE:
        if any(last_name(each) in _CHANGES_THE_STATEMENT for each in walk(call) if isinstance(each, ast.Call)):
            raise UntranslatedError
        return
    if any(isinstance(each, ast.Starred) for each in call.args):
        raise UntranslatedError
    if method in {"join", "outerjoin"}:
        _join(select, names, call, "LEFT OUTER JOIN" if method == "outerjoin" or names.is_outer(call) else "JOIN")
    elif method == "filter_by":
        select.conditions += names.equalities(call)
    elif method == "distinct" and not call.args:
        select.is_distinct = True
    elif method == "first" and not call.args:
        select.limit = "1"
    elif method == "select_from" and len(call.args) == 1 and dotted(call.args[0]) in names.mapped:
        select.tables = [names.table(names.mapped[dotted(call.args[0])])]
    elif method in {"limit", "offset"} and len(call.args) == 1:
        setattr(select, method, names.value(call.args[0]))
    else:
        _add_to_list(select, names, call, method)


def _add_to_list(select: _Select, names: Conditions, call: ast.Call, method: str) -> None:
    lists = {
        "where": (select.conditions, names.condition),
        "filter": (select.conditions, names.condition),
        "having": (select.having, names.condition),
        "order_by": (select.order, names.order),
        "group_by": (select.groups, names.value),
    }
    if method not in lists:
        raise UntranslatedError
    terms, write = lists[method]
    terms += [write(each) for each in call.args]


def _join(select: _Select, names: Conditions, call: ast.Call, word: str) -> None:
    if not call.args:
        raise UntranslatedError
    target = names.mapped.get(dotted(call.args[0])) or names.target(call.args[0])
    if target is None:
        raise UntranslatedError
    joined = [each for each in names.mapped.values() if each.model.table in names.used]
    on = names.condition(call.args[1]) if len(call.args) == 2 else names.foreign_key(joined, target)
    name = names.table(target)
    if name in select.tables and len(select.tables) > 1:
        select.tables.remove(name)
    select.joins.append(f"{word} {name} ON {on}")
