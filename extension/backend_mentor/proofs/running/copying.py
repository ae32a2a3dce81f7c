"""A proposed version of a cell, executed in a copy of the notebook's names: the notebook itself is left as it is.

Handlers, helpers, dependencies and the app are made anew. What reaches outside is not: engines, mapped classes, tables
and whatever else the cell did on the way stay those of the cell that the user ran.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.proofs.running.apps import is_app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_mentor.domain.endpoint import Source

COPY_NAME = "<proposed>"
"""The name under which a proposed version is compiled."""

_HARMLESS = frozenset({"getLogger", "compile", "ContextVar", "Lock", "Semaphore", "TypeVar", "OAuth2PasswordBearer"})


@dataclass(frozen=True, slots=True)
class Copy:
    """What a proposed version left behind."""

    names: dict[str, object]
    left_out: tuple[str, ...]
    """Mapped classes that it changes, of which the notebook's own were taken."""


def execute_copy(before: Source, after: Source, namespace: Mapping[str, object]) -> Copy:
    """Return the names that the proposed version leaves behind, starting from a copy of the notebook's.

    Mapped classes are those of the notebook, unless the version changes one and the cell holds their base too: then
    all of them are mapped anew. Raises NotSupportedError where nothing is left that could be run."""
    names = dict(namespace)
    known = {ast.dump(statement) for statement in before.tree.body}
    changed = [each for each in after.tree.body if ast.dump(each) not in known]
    remapped = [each.name for each in changed if isinstance(each, ast.ClassDef) and _is_mapped(names.get(each.name))]
    maps_anew = bool(remapped) and _holds_bases(after.tree, [names[name] for name in remapped], names)
    if remapped and not maps_anew and len(remapped) == len(changed):
        raise NotSupportedError(
            f"The proposal changes {' and '.join(remapped)} alone, mapped to a table by a base of another cell.",
            "Take the change up, run the cell anew, and review it with --run.",
        )
    flags = annotations.compiler_flag if _postpones_annotations(after.tree) else 0
    fresh: set[str] = set()
    if after.unread:
        raise NotSupportedError("The proposed version is not Python as it stands.", "")
    for name, value in list(names.items()):
        if is_app(value) and not _is_assigned(name, after.tree) and _is_decorated_with(name, after.tree):
            names[name] = _fresh(name, value)
            fresh.add(name)
    for statement in after.tree.body:
        if _is_executed(statement, names, known, fresh, maps_anew=maps_anew):
            module = ast.Module([statement], type_ignores=[])
            code = compile(module, COPY_NAME, "exec", flags, dont_inherit=True)
            exec(code, names)  # noqa: S102  the user asked by --run
            fresh |= _apps_assigned(statement, names)
    _carry_overrides(namespace, names)
    return Copy(names, () if maps_anew else tuple(remapped))


def _postpones_annotations(tree: ast.Module) -> bool:
    return any(isinstance(each, ast.ImportFrom) and each.module == "__future__" for each in tree.body)


def _is_mapped(value: object) -> bool:
    return isinstance(value, type) and any(hasattr(value, mark) for mark in ("__mapper__", "_meta", "registry"))


def _holds_bases(tree: ast.Module, classes: list[object], names: dict[str, object]) -> bool:
    """Return whether the cell itself defines the bases by which SQLAlchemy maps these classes."""
    here = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    registries = [getattr(each, "registry", None) for each in classes]
    return all(
        registry is not None
        and any(
            getattr(base := names.get(name), "registry", None) is registry and not hasattr(base, "__mapper__")
            for name in here
        )
        for registry in registries
    )


def _is_executed(
    statement: ast.stmt, names: dict[str, object], known: set[str], fresh: set[str], *, maps_anew: bool
) -> bool:
    """Return whether a statement belongs to what is made anew."""
    changed = ast.dump(statement) not in known
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef):
        return True
    if isinstance(statement, ast.ClassDef):
        return maps_anew or not _is_mapped(names.get(statement.name))
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        assigned = _names_assigned(statement)
        if any(is_app(names.get(name)) or name == "urlpatterns" for name in assigned):
            return True
        if maps_anew and any(_is_table(names.get(name)) for name in assigned):
            return True
        if changed and not _is_harmless(statement.value):
            listed = ", ".join(sorted(assigned)) or "what it assigns"
            raise NotSupportedError(f"The proposal makes {listed} anew, which a trial run must not do.", "")
        return changed
    # `app.include_router(…)` and its kind: on the copy, never on the notebook's own app.
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and _root(statement.value) in fresh


def _is_table(value: object) -> bool:
    return type(value).__module__ == "sqlalchemy.sql.schema"


def _is_harmless(value: ast.expr | None) -> bool:
    if value is None:
        return True
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    return all(_called(call) in _HARMLESS for call in calls)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _names_assigned(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _apps_assigned(statement: ast.stmt, names: dict[str, object]) -> set[str]:
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return set()
    return {name for name in _names_assigned(statement) if is_app(names.get(name))}


def _is_assigned(name: str, tree: ast.Module) -> bool:
    return any(
        name in _names_assigned(statement)
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
    )


def _is_decorated_with(name: str, tree: ast.Module) -> bool:
    return any(
        isinstance(decorator, ast.Call) and _root(decorator) == name
        for statement in tree.body
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
        for decorator in statement.decorator_list
    )


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _fresh(name: str, app: Any) -> Any:
    """Return an app like the notebook's without its routes, for the copy's handlers to register on."""
    kind = type(app)
    if hasattr(app, "import_name") and hasattr(app, "wsgi_app"):
        made = kind(app.import_name)
        made.config.update(app.config)
        return made
    if hasattr(app, "user_middleware"):
        made = kind()
        made.user_middleware = list(app.user_middleware)
        made.exception_handlers = dict(app.exception_handlers)
        made.state = app.state
        return made
    raise NotSupportedError(
        f"{name} was made in another cell, and its routes can not be registered a second time.",
        "Put the app and its handlers into one cell to have the proposal run.",
    )


def _carry_overrides(namespace: Mapping[str, object], names: dict[str, object]) -> None:
    """Let the copy's apps override the dependencies that the notebook's do, by the names of their functions."""
    for name, app in list(names.items()):
        if not is_app(app) or app is namespace.get(name):
            continue
        own = getattr(namespace.get(name), "dependency_overrides", None)
        if own:
            overrides = {names.get(getattr(key, "__name__", ""), key): value for key, value in own.items()}
            vars(app)["dependency_overrides"] = overrides
