"""Classes that describe data: request and response models, tables, serializers."""

from __future__ import annotations

import ast

from backend_mentor.domain.endpoint import Model, ModelField, ModelKind
from backend_mentor.reading.endpoints.syntax import Reader, dotted, text_of
from backend_mentor.reading.endpoints.trees import walk

_KINDS = {
    "pydantic.BaseModel": ModelKind.PYDANTIC,
    "pydantic_settings.BaseSettings": ModelKind.PYDANTIC,
    "BaseModel": ModelKind.PYDANTIC,
    "sqlmodel.SQLModel": ModelKind.SQLMODEL,
    "sqlalchemy.orm.DeclarativeBase": ModelKind.SQLALCHEMY,
    "django.db.models.Model": ModelKind.DJANGO,
    "models.Model": ModelKind.DJANGO,
    "db.Model": ModelKind.SQLALCHEMY,
    "rest_framework.serializers.Serializer": ModelKind.SERIALIZER,
    "rest_framework.serializers.ModelSerializer": ModelKind.SERIALIZER,
    "serializers.Serializer": ModelKind.SERIALIZER,
    "serializers.ModelSerializer": ModelKind.SERIALIZER,
}


def read_models(reader: Reader) -> tuple[Model, ...]:
    """Return the cell's models; one whose base stands in the cell too is of its base's kind."""
    classes = [node for node in walk(reader.tree) if isinstance(node, ast.ClassDef)]
    classes.sort(key=lambda node: node.lineno)
    kinds: dict[str, ModelKind] = {}
    found = []
    for node in classes:
        kind = _kind(reader, node, kinds)
        if kind:
            kinds[node.name] = kind
            bases = tuple(name for base in node.bases if (name := dotted(base)))
            table = _table(reader, node)
            found.append(Model(node.name, kind, bases, _fields(reader, node), table, reader.span(node), node))
    return tuple(found)


def _kind(reader: Reader, node: ast.ClassDef, kinds: dict[str, ModelKind]) -> ModelKind | None:
    for base in node.bases:
        inner = base.value if isinstance(base, ast.Subscript) else base
        full = reader.full(inner)
        if found := kinds.get(full) or _KINDS.get(full):
            return found
        # `Base = declarative_base()` stands in another module as often as not: a table's name tells as well.
        if any(_targets(each) == "__tablename__" for each in node.body):
            return ModelKind.SQLALCHEMY
    decorators = {reader.full(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list}
    if "pydantic.dataclasses.dataclass" in decorators:
        return ModelKind.PYDANTIC
    return ModelKind.DATACLASS if "dataclasses.dataclass" in decorators else None


def _fields(reader: Reader, node: ast.ClassDef) -> tuple[ModelField, ...]:
    found = []
    for each in node.body:
        name = _targets(each)
        if not name or name.startswith("__") or name == "model_config":
            continue
        if isinstance(each, ast.AnnAssign):
            found.append(ModelField(name, reader.code(each.annotation), reader.code(each.value), reader.span(each)))
        elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Call):
            found.append(ModelField(name, None, reader.code(each.value), reader.span(each)))
    return tuple(found)


def _table(reader: Reader, node: ast.ClassDef) -> str | None:
    for each in node.body:
        if isinstance(each, ast.Assign) and _targets(each) == "__tablename__":
            return text_of(each.value)
        if isinstance(each, ast.ClassDef) and each.name == "Meta":
            named = (
                text_of(line.value)
                for line in each.body
                if isinstance(line, ast.Assign) and _targets(line) == "db_table"
            )
            return next(named, None)
    return None


def _targets(node: ast.stmt) -> str | None:
    if isinstance(node, ast.AnnAssign):
        return dotted(node.target)
    return dotted(node.targets[0]) if isinstance(node, ast.Assign) else None
