"""GraphQL in a cell: the functions that answer its fields, and the schemas and endpoints that are built of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from backend_mentor.reading.endpoints.trees import (
    Function,
    calls,
    constant_text,
    dotted,
    full_name,
    keyword,
    last_name,
    parents,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

_LIBRARIES = ("strawberry", "graphene", "ariadne", "graphql", "strawberry_django")
_STRAWBERRY_SCHEMAS = frozenset({"strawberry.Schema", "strawberry.federation.Schema", "strawberry.schema.Schema"})
_ARIADNE = {"QueryType": "Query", "MutationType": "Mutation", "SubscriptionType": "Subscription"}
_FIRST = frozenset({"self", "root", "parent", "obj", "_", "__", "info", "cls", "source"})


class ResolverKind(StrEnum):
    """What a resolver answers."""

    QUERY = "query"
    MUTATION = "mutation"
    SUBSCRIPTION = "subscription"
    FIELD = "field"
    """A field of an object: it is called once for each of them."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """One function that answers a field; `owner` is the GraphQL type that the field is of."""

    name: str
    owner: str
    kind: ResolverKind
    arguments: tuple[str, ...]
    """The parameters that the caller gives, without the object and `info`."""
    guards: tuple[str, ...]
    """Permission classes and decorators beside the one that makes it a field, as written."""
    returns: str | None
    node: Function = field(compare=False, repr=False)


def speaks_graphql(source: Source) -> bool:
    """Return whether the cell imports a library for GraphQL servers."""
    return any(full.partition(".")[0] in _LIBRARIES for _, full in source.imports)


def read_resolvers(source: Source) -> tuple[Resolver, ...]:
    """Return the resolvers of Strawberry, Graphene and Ariadne in a cell, in order of appearance."""
    if not speaks_graphql(source):
        return ()
    types = _ariadne_types(source)
    found = [each for node in walk(source.tree) if isinstance(node, Function) for each in _read(source, node, types)]
    return tuple(sorted(found, key=lambda each: each.node.lineno))


def schemas(source: Source) -> Iterator[ast.Call]:
    """Yield each call that makes a GraphQL schema or endpoint which runs queries: the place for limits and masks."""
    for call in calls(source.tree):
        full = full_name(source.tree, call.func)
        is_ariadne = full.startswith("ariadne.") and last_name(call) in {"GraphQL", "GraphQLHTTPHandler"}
        if is_ariadne or full in _STRAWBERRY_SCHEMAS:
            yield call


def _read(source: Source, node: Function, types: dict[str, str]) -> Iterator[Resolver]:
    owner = parents(source.tree).get(node)
    names = [full_name(source.tree, each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list]
    if isinstance(owner, ast.ClassDef):
        kind = _method_kind(source, owner, node, names)
        if kind is not None:
            yield _resolver(source, node, owner.name, kind)
        return
    for each in node.decorator_list:
        holder, _, verb = dotted(each.func if isinstance(each, ast.Call) else each).rpartition(".")
        if holder in types and verb in {"field", "source"}:
            yield _resolver(source, node, types[holder], _kind_of(types[holder]))


def _method_kind(source: Source, owner: ast.ClassDef, node: Function, names: list[str]) -> ResolverKind | None:
    marks = {name.rpartition(".")[2] for name in names if name.startswith(("strawberry.", "strawberry_django."))}
    if "mutation" in marks:
        return ResolverKind.MUTATION
    if "subscription" in marks:
        return ResolverKind.SUBSCRIPTION
    if "field" in marks:
        return _kind_of(owner.name)
    bases = {full_name(source.tree, each) for each in owner.bases}
    if node.name == "mutate" and any(each.endswith("Mutation") for each in bases):
        return ResolverKind.MUTATION
    graphene = any(each.startswith("graphene") or each.endswith(("ObjectType", "DjangoObjectType")) for each in bases)
    return _kind_of(owner.name) if graphene and node.name.startswith("resolve_") else None


def _kind_of(owner: str) -> ResolverKind:
    for kind in (ResolverKind.MUTATION, ResolverKind.SUBSCRIPTION, ResolverKind.QUERY):
        if owner.lower().endswith(
            (kind.value, f"{kind.value}s", "queries" if kind is ResolverKind.QUERY else kind.value)
        ):
            return kind
    return ResolverKind.FIELD


def _resolver(source: Source, node: Function, owner: str, kind: ResolverKind) -> Resolver:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    guards: list[str] = []
    for each in node.decorator_list:
        permissions = keyword(each, "permission_classes") if isinstance(each, ast.Call) else None
        extensions = keyword(each, "extensions") if isinstance(each, ast.Call) else None
        for part in (permissions, extensions):
            if isinstance(part, ast.List | ast.Tuple):
                guards += [last_name(one) for one in part.elts]
            elif part is not None:
                guards.append(last_name(part))
        if last_name(each) not in {
            "field",
            "mutation",
            "subscription",
            "source",
            "staticmethod",
            "classmethod",
            "type",
        }:
            guards.append(last_name(each))
    arguments = tuple(each.arg for each in given if each.arg not in _FIRST and last_name(each.annotation) != "Info")
    returns = source.code_of(node.returns) if node.returns is not None else None
    return Resolver(node.name, owner, kind, arguments, tuple(guards), returns, node)


def _ariadne_types(source: Source) -> dict[str, str]:
    """Return the variables that hold Ariadne's types, with the names of these types."""
    found: dict[str, str] = {}
    for node in source.tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        name = full_name(source.tree, node.value.func)
        if not name.startswith("ariadne."):
            continue
        made = last_name(node.value)
        owner = _ARIADNE.get(made) or (
            constant_text(node.value.args[0]) if made == "ObjectType" and node.value.args else None
        )
        if owner:
            found |= {last_name(target): owner for target in node.targets}
    return found
