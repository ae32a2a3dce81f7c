"""Relations that a serialiser reads from each row of an answer, where no loop is to be seen."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.endpoint import ModelKind
from backend_mentor.reading.endpoints.fetches import assigned_once, awaits_database, nodes_of, read_fetch
from backend_mentor.reading.endpoints.loading import LazyReads
from backend_mentor.reading.endpoints.tables import Relation, Table, tables
from backend_mentor.reading.endpoints.trees import constant_text, is_true, keyword, last_name, names_in, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_mentor.domain.endpoint import Handler, Model, Source

_LISTS = frozenset({"list", "List", "Sequence", "Iterable", "tuple"})


def answered_relations(source: Source) -> Iterator[LazyReads]:
    """Yield the answers of routes whose response model names lazy relations; `variable` is that model."""
    known = tables(source)
    for handler in source.handlers:
        answer = _listed(handler.response_model or handler.return_type)
        model = source.model(answer)
        if handler.node is None or model is None or model.kind not in (ModelKind.PYDANTIC, ModelKind.SQLMODEL):
            continue
        yield from _answers(source, handler, model, known)


def _answers(source: Source, handler: Handler, model: Model, known: Mapping[str, Table]) -> Iterator[LazyReads]:
    if handler.node is None:
        return
    values = assigned_once(handler.node)
    is_async = awaits_database(handler.node)
    for node in nodes_of(handler.node):
        fetch = read_fetch(source, node.value, values, known) if isinstance(node, ast.Return) and node.value else None
        if fetch is None or fetch.most_rows == 1 or not isinstance(node, ast.Return) or node.value is None:
            continue
        # A relation that the handler reads itself is loaded by then, or a finding of the loop that reads it.
        touched = {each.attr for each in walk(handler.node) if isinstance(each, ast.Attribute)}
        paths = tuple(
            (relation,)
            for relation in _lazy(known[fetch.model])
            if relation.name in {each.name for each in model.fields}
            and not fetch.loads((relation.name,))
            and relation.name not in touched
        )
        if paths:
            yield LazyReads(fetch, paths, (node.value,), model.name, is_async)


def serialized_relations(source: Source) -> Iterator[LazyReads]:
    """Yield the querysets of REST framework's views whose serializer reads relations; `variable` is the serializer."""
    known = tables(source)
    classes = {node.name: node for node in walk(source.tree) if isinstance(node, ast.ClassDef)}
    for view in classes.values():
        given = _assignments(view)
        queryset, serializer = given.get("queryset"), classes.get(last_name(given.get("serializer_class")))
        own = {each.name for each in view.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
        if queryset is None or serializer is None or own & {"get_queryset", "list", "get_serializer_class", "get"}:
            continue
        fetch = read_fetch(source, queryset, {}, known)
        if fetch is None or not fetch.is_django:
            continue
        paths = tuple(path for path in _serialized(serializer, known[fetch.model]) if not fetch.loads(_names(path)))
        if paths:
            yield LazyReads(fetch, paths, (queryset,), serializer.name, is_async=False)


def _serialized(serializer: ast.ClassDef, table: Table) -> Iterator[tuple[Relation, ...]]:
    for name, field in _assignments(serializer).items():
        if not isinstance(field, ast.Call) or "write_only" in {each.arg for each in field.keywords}:
            continue
        said = constant_text(keyword(field, "source")) or name
        relation = table.relations.get(said.partition(".")[0])
        kind = last_name(field)
        nested = kind.endswith("Serializer") or kind in {"StringRelatedField", "SlugRelatedField"} or "." in said
        nested = nested or (bool(names_in(field.func)) and kind[:1].isupper() and not kind.endswith("Field"))
        # What stands for many is a list of keys at least, and that too is a statement for each row.
        if relation is not None and (nested or (relation.is_many and is_true(keyword(field, "many")))):
            yield (relation,)


def _assignments(node: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        each.targets[0].id: each.value
        for each in node.body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
    }


def _names(path: tuple[Relation, ...]) -> tuple[str, ...]:
    return tuple(each.name for each in path)


def _lazy(table: Table) -> tuple[Relation, ...]:
    return tuple(each for each in table.relations.values() if each.is_lazy)


def _listed(text: str | None) -> str | None:
    """Return the class of which an annotation is a list: only there does the number of statements grow."""
    try:
        node = ast.parse(text or "", mode="eval").body
    except SyntaxError:
        return None
    is_list = isinstance(node, ast.Subscript) and last_name(node.value) in _LISTS
    return last_name(node.slice) if is_list and isinstance(node, ast.Subscript) else None
