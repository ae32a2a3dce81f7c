"""The app that a cell defines, found among the notebook's own objects."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from backend_mentor.domain.errors import NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_mentor.domain.endpoint import Source


class Interface(StrEnum):
    """How an app is called."""

    ASGI = "ASGI"
    WSGI = "WSGI"
    DJANGO = "Django"


@dataclass(frozen=True, slots=True)
class App:
    """An app of the notebook, and how it is called."""

    name: str
    """Its variable."""
    interface: Interface
    target: Any
    """The app itself; Django's URL patterns."""


# By the module and class, so that no framework is imported for the sake of asking.
_ASGI = (
    ("fastapi.applications", "FastAPI"),
    ("starlette.applications", "Starlette"),
    ("litestar.app", "Litestar"),
    ("quart.app", "Quart"),
)
_WSGI = (("flask.app", "Flask"),)
_ROUTERS = (("fastapi.routing", "APIRouter"), ("flask.blueprints", "Blueprint"))


def find_app(source: Source, namespace: Mapping[str, object]) -> App:
    """Return the app that the cell's routes are registered on.

    Raises NotSupportedError where the notebook holds none."""
    apps = list(_apps(namespace))
    for each in apps:
        if _is_defined(each.name, source):
            return each
    for name, router in _instances(namespace, _ROUTERS):
        if _is_defined(name, source):
            return _with_app_around(name, router)
    patterns = namespace.get("urlpatterns")
    if (source.framework or "").startswith("Django") and isinstance(patterns, list) and _is_django_ready():
        return App("urlpatterns", Interface.DJANGO, patterns)
    if len(apps) == 1:
        return apps[0]
    if apps:
        names = ", ".join(each.name for each in apps)
        raise NotSupportedError(f"The cell defines no app, and the notebook has several: {names}.", "Name one app.")
    raise NotSupportedError(
        "The cell leaves no app to send requests to.",
        "Define app = FastAPI(), Flask(__name__), Starlette(…), Litestar(…), Quart(…) or Django's urlpatterns.",
    )


def values_of(namespace: Mapping[str, object]) -> Iterator[tuple[str, Any]]:
    """Yield the notebook's names and values, without the proxies that can be asked nothing outside of a request."""
    for name, value in list(namespace.items()):
        if _is_readable(value):
            yield name, value


def _is_readable(value: object) -> bool:
    with suppress(Exception):
        # Flask's `request` and its kind raise for any attribute that they are asked for.
        return getattr(value, "backend_mentor", None) is None
    return False


def is_app(value: object) -> bool:
    """Return whether a value is an app or a router of a framework."""
    return _is_one_of(value, (*_ASGI, *_WSGI, *_ROUTERS))


def _apps(namespace: Mapping[str, object]) -> Iterator[App]:
    for kinds, interface in ((_ASGI, Interface.ASGI), (_WSGI, Interface.WSGI)):
        for name, value in _instances(namespace, kinds):
            yield App(name, interface, value)


def _instances(namespace: Mapping[str, object], kinds: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, Any]]:
    for name, value in list(namespace.items()):
        if not name.startswith("_") and _is_one_of(value, kinds):
            yield name, value


def _is_one_of(value: object, kinds: tuple[tuple[str, str], ...]) -> bool:
    return any((kind.__module__, kind.__name__) in kinds for kind in type(value).__mro__)


def _is_defined(name: str, source: Source) -> bool:
    routed = {route.router for handler in source.handlers for route in handler.routes}
    return name in routed or any(router.name == name for router in source.routers)


def _with_app_around(name: str, router: Any) -> App:
    """Return an app with nothing but the router, where the notebook has not built its app yet."""
    if type(router).__name__ == "APIRouter":
        from fastapi import FastAPI

        api = FastAPI()
        api.include_router(router)
        return App(name, Interface.ASGI, api)
    from flask import Flask

    site = Flask("backend_mentor_run")
    site.register_blueprint(router)
    return App(name, Interface.WSGI, site)


def _is_django_ready() -> bool:
    apps = sys.modules.get("django.apps")
    return apps is not None and bool(apps.apps.ready)
