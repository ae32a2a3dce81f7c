"""Mapped classes of a cell: their columns, and the relations between them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Span
from backend_mentor.domain.endpoint import Model, ModelKind
from backend_mentor.reading.endpoints.trees import argument, constant_text, is_true, keyword, last_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_mentor.domain.endpoint import Source

MAPPED = (ModelKind.SQLALCHEMY, ModelKind.SQLMODEL)
_MANY = frozenset({"list", "List", "set", "Set", "Sequence", "Collection", "WriteOnlyMapped", "DynamicMapped"})
_FOREIGN = frozenset({"ForeignKey", "OneToOneField"})
_OPTIONAL = frozenset({"Optional", "Mapped", "Union"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a mapped class, as the class declares it."""

    name: str
    node: ast.Assign | ast.AnnAssign
    call: ast.Call | None
    """`Column(…)`, `mapped_column(…)`, `Field(…)` or `models.XField(…)`."""
    is_primary: bool
    is_unique: bool
    is_indexed: bool
    """With an index of its own, that of a primary or unique key too."""
    references: str | None
    """What a foreign key points to: `users.id` in SQLAlchemy, the class in Django."""
    is_nullable: bool | None


@dataclass(frozen=True, slots=True)
class Relation:
    """An attribute of a mapped class that stands for rows of another one."""

    owner: str
    name: str
    target: str | None
    """The other class, where the cell says which."""
    is_many: bool | None
    """None where the cell does not show it."""
    lazy: str | None
    """What the declaration says on loading: `selectin`, `?` where it is no literal, None where it says nothing."""
    is_django: bool = False

    @property
    def is_lazy(self) -> bool:
        """True where reading the attribute of a row sends a statement, unless the query asked for it."""
        return self.lazy in (None, "select", "True")


@dataclass(frozen=True, slots=True)
class Table:
    """A mapped class with what it inherits inside the cell."""

    model: Model
    columns: Mapping[str, Column]
    relations: Mapping[str, Relation]

    @property
    def is_django(self) -> bool:
        """True for a model of Django."""
        return self.model.kind is ModelKind.DJANGO

    @property
    def primary_key(self) -> str | None:
        """The one column of the primary key; None where there are several, or the cell does not show it."""
        own = [each.name for each in self.columns.values() if each.is_primary]
        if self.is_django and not own:
            return "pk"
        return own[0] if len(own) == 1 else None


@lru_cache(maxsize=32)
def tables(source: Source) -> Mapping[str, Table]:
    """Return the mapped classes of a cell by name."""
    classes = {node.name: node for node in walk(source.tree) if isinstance(node, ast.ClassDef)}
    found = {}
    for model in source.models:
        if model.kind not in (*MAPPED, ModelKind.DJANGO) or model.node is None:
            continue
        columns: dict[str, Column] = {}
        relations: dict[str, Relation] = {}
        for node in _with_bases(model.node, classes):
            for statement in node.body:
                if isinstance(statement, ast.Assign | ast.AnnAssign):
                    _read(statement, model, columns, relations)
        found[model.name] = Table(model, columns, relations)
    _settle(found)
    return MappingProxyType(found)


def _with_bases(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    yield node
    for base in node.bases:
        other = classes.get(last_name(base))
        if other is not None and other is not node:
            yield from _with_bases(other, {name: each for name, each in classes.items() if each is not node})


def _read(
    node: ast.Assign | ast.AnnAssign, model: Model, columns: dict[str, Column], relations: dict[str, Relation]
) -> None:
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    if not isinstance(target, ast.Name):
        return
    name, made = target.id, last_name(node.value) if isinstance(node.value, ast.Call) else ""
    call = node.value if isinstance(node.value, ast.Call) else None
    if model.kind is ModelKind.DJANGO:
        if call is None or (not made.endswith("Field") and made not in _FOREIGN):
            return
        if made in _FOREIGN or made == "ManyToManyField":
            target_name = _class_named(argument(call, 0, "to"))
            target_name = model.name if target_name == "self" else target_name
            relations.setdefault(name, Relation(model.name, name, target_name, made == "ManyToManyField", None, True))
        if made != "ManyToManyField":
            columns.setdefault(name, _column(name, node, call, made))
    elif made in {"relationship", "Relationship"} and call is not None:
        relations.setdefault(name, _relation(model.name, name, node, call))
    elif made in {"Column", "mapped_column", "Field"} or (
        isinstance(node, ast.AnnAssign) and last_name(_outer(node.annotation)) == "Mapped" and call is None
    ):
        columns.setdefault(name, _column(name, node, call, made))


def _column(name: str, node: ast.Assign | ast.AnnAssign, call: ast.Call | None, made: str) -> Column:
    if call is None:
        return Column(name, node, None, False, False, False, None, None)
    primary = is_true(keyword(call, "primary_key"))
    unique = is_true(keyword(call, "unique")) or made == "OneToOneField"
    index = keyword(call, "index") or keyword(call, "db_index")
    is_key = made == "ForeignKey"
    pointed = next((each for each in call.args if isinstance(each, ast.Call) and last_name(each) == "ForeignKey"), None)
    references = constant_text(keyword(call, "foreign_key"))
    if pointed is not None and pointed.args:
        references = constant_text(pointed.args[0]) or ast.unparse(pointed.args[0])
    elif made in _FOREIGN:
        references = _class_named(argument(call, 0, "to"))
    nullable = keyword(call, "nullable") or keyword(call, "null")
    known = nullable.value if isinstance(nullable, ast.Constant) and isinstance(nullable.value, bool) else None
    indexed = primary or unique or index is not None or is_key
    return Column(name, node, call, primary, unique, indexed, references, known)


def _relation(owner: str, name: str, node: ast.Assign | ast.AnnAssign, call: ast.Call) -> Relation:
    lazy = keyword(call, "lazy")
    options = keyword(call, "sa_relationship_kwargs")
    if isinstance(options, ast.Dict):
        given = {constant_text(key): value for key, value in zip(options.keys, options.values, strict=True)}
        lazy = lazy or given.get("lazy")
    said = None if lazy is None else str(lazy.value) if isinstance(lazy, ast.Constant) else "?"
    target, many = _class_named(argument(call, 0, "argument")), None
    if isinstance(node, ast.AnnAssign):
        typed, many = _typed(node.annotation)
        target = target or typed
        if last_name(_outer(node.annotation)) in {"WriteOnlyMapped", "DynamicMapped"}:
            said = "dynamic"
    listed = keyword(call, "uselist")
    if isinstance(listed, ast.Constant) and isinstance(listed.value, bool):
        many = listed.value
    if keyword(call, "secondary") is not None and many is None:
        many = True
    return Relation(owner, name, target, many, said)


def _typed(annotation: ast.expr) -> tuple[str | None, bool | None]:
    """Return the class that an annotation names, and whether it stands for many of it."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None, None
    if isinstance(annotation, ast.BinOp):
        left = _typed(annotation.left)
        return left if left[0] not in (None, "None") else _typed(annotation.right)
    if isinstance(annotation, ast.Subscript):
        name = last_name(annotation.value)
        if name in _MANY:
            return _typed(annotation.slice)[0], True
        if name in _OPTIONAL:
            return _typed(annotation.slice)
        return None, None
    return last_name(annotation) or None, False


def _outer(annotation: ast.expr) -> ast.expr:
    return annotation.value if isinstance(annotation, ast.Subscript) else annotation


def _class_named(node: ast.AST | None) -> str | None:
    if isinstance(node, ast.Lambda):
        node = node.body
    text = constant_text(node)
    return text.rpartition(".")[2] if text else (last_name(node) or None)


def _settle(found: dict[str, Table]) -> None:
    """Add the ways back of Django's keys, and find out from the foreign keys which relations stand for many."""
    keys = {
        (name, (column.references or "").partition(".")[0])
        for name, table in found.items()
        for column in table.columns.values()
        if column.references
    }
    for name, table in found.items():
        relations = dict(table.relations)
        for relation in table.relations.values():
            other = found.get(relation.target or "")
            if relation.is_many is None and other is not None and not table.is_django:
                points = (name, other.model.table) in keys
                pointed = (other.model.name, table.model.table) in keys
                if points != pointed:
                    relations[relation.name] = Relation(
                        relation.owner, relation.name, relation.target, pointed, relation.lazy
                    )
        found[name] = Table(table.model, table.columns, relations)
    for name, table in list(found.items()):
        for relation in table.relations.values() if table.is_django else ():
            back = _way_back(table, relation)
            other = found.get(relation.target or "")
            if back is not None and other is not None and relation.owner == name:
                found[other.model.name] = Table(other.model, other.columns, {**other.relations, back.name: back})


def _way_back(table: Table, relation: Relation) -> Relation | None:
    """Return the attribute that a key of Django gives to the class that it points to."""
    call = _declared(table).get(relation.name)
    if relation.target is None or call is None:
        return None
    given = keyword(call, "related_name")
    if given is not None and (constant_text(given) or "+").find("%") >= 0:
        return None
    name = constant_text(given)
    if given is not None and (name is None or name.endswith("+")):
        return None
    one = last_name(call) == "OneToOneField"
    plain = relation.owner.lower() if one else f"{relation.owner.lower()}_set"
    return Relation(relation.target, name or plain, relation.owner, not one, None, True)


def _declared(table: Table) -> dict[str, ast.Call]:
    found = {}
    for node in table.model.node.body if table.model.node else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
    return found


def named_tables(source: Source) -> dict[str, Table]:
    """Return the cell's mapped classes, and those of other modules that its queries name: of these nothing is known."""
    found = dict(tables(source))
    for node in walk(source.tree):
        name, kind = "", ModelKind.SQLALCHEMY
        if isinstance(node, ast.Call) and last_name(node) in {"select", "query"} and len(node.args) == 1:
            name = node.args[0].id if isinstance(node.args[0], ast.Name) else ""
        elif isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name):
            name, kind = node.value.id, ModelKind.DJANGO
        if name[:1].isupper() and name not in found:
            found[name] = Table(Model(name, kind, (), (), None, Span(0, 0)), {}, {})
    return found
