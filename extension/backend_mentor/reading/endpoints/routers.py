"""Applications and routers: their prefixes, and what runs before each of their handlers."""

from __future__ import annotations

import ast
from dataclasses import replace

from backend_mentor.domain.endpoint import Router
from backend_mentor.reading.endpoints.syntax import Reader, argument, called, dotted, items, keyword, text_of
from backend_mentor.reading.endpoints.trees import walk

_MAKERS = {
    "FastAPI": "FastAPI", "APIRouter": "FastAPI", "Flask": "Flask", "Blueprint": "Flask", "Quart": "Quart",
    "Starlette": "Starlette", "Router": "Starlette", "Litestar": "Litestar", "DefaultRouter": "Django REST framework",
    "SimpleRouter": "Django REST framework",
}  # fmt: skip
_INCLUDES = ("include_router", "register_blueprint", "mount")


def read_routers(reader: Reader) -> tuple[Router, ...]:
    """Return the cell's applications and routers, their prefixes joined where one is included in another."""
    found: dict[str, Router] = {}
    for node in walk(reader.tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name, router = dotted(target), _made(reader, node.value)
            if name and router:
                found[name] = replace(router, name=name, span=reader.span(node))
    included = _included(reader)
    return tuple(_joined(router, found, included) for router in found.values())


def dependency_names(node: ast.expr | None) -> tuple[str, ...]:
    """Return the functions of `dependencies=[Depends(first), Security(second)]`."""
    calls = [each for each in items(node) if isinstance(each, ast.Call)]
    return tuple(name for each in calls if (name := dotted(argument(each, 0, "dependency"))))


def _made(reader: Reader, call: ast.Call) -> Router | None:
    full = reader.full(call.func)
    framework = _MAKERS.get(full.rpartition(".")[2])
    if framework is None:
        return None
    # A class of the cell's own, or another package's, can have the same name.
    if "." in full and not full.startswith((framework.lower(), "rest_framework", "flask", "ninja")):
        return None
    prefix = text_of(keyword(call, "prefix", "url_prefix")) or ""
    return Router("", framework, prefix, dependency_names(keyword(call, "dependencies")), reader.span(call))


def _included(reader: Reader) -> dict[str, tuple[str, ast.Call]]:
    """Return for each included router the one that includes it, and the call."""
    found: dict[str, tuple[str, ast.Call]] = {}
    for node in walk(reader.tree):
        outer, _, verb = (called(node) or "").rpartition(".")
        if isinstance(node, ast.Call) and outer and verb in _INCLUDES:
            place = 1 if verb == "mount" else 0
            inner = dotted(argument(node, place, "router", "app", "blueprint"))
            if inner and inner not in found:
                found[inner] = (outer, node)
    return found


def _joined(router: Router, routers: dict[str, Router], included: dict[str, tuple[str, ast.Call]]) -> Router:
    prefix, dependencies, name, seen = router.prefix, list(router.dependencies), router.name, {router.name}
    while name in included:
        name, call = included[name]
        if name in seen:
            break
        seen.add(name)
        is_mount = isinstance(call.func, ast.Attribute) and call.func.attr == "mount"
        given = argument(call, 0, "path") if is_mount else keyword(call, "prefix", "url_prefix")
        # Flask's prefix at registration replaces the blueprint's own.
        kept = "" if router.framework == "Flask" and text_of(given) else prefix
        prefix = (text_of(given) or "") + kept
        dependencies = [*dependency_names(keyword(call, "dependencies")), *dependencies]
        if name in routers:
            outer = routers[name]
            prefix, dependencies = outer.prefix + prefix, [*outer.dependencies, *dependencies]
    return replace(router, prefix=prefix, dependencies=tuple(dict.fromkeys(dependencies)))
