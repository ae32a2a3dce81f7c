"""The rule state-in-process."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.wording import listed
from backend_mentor.rules.endpoint.code import calls, enclosing, last_name, names_in, own_nodes, parameters, targets
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Handler, Source
    from backend_mentor.domain.finding import Finding


# What a process keeps of its own accord, and can make anew.
_MAY_BE_EMPTY = re.compile(r"cache|memo|profil|stats|metric|debug", re.IGNORECASE)


class StateInProcess:
    """A request changes a variable of the process.

    With two workers there are two of it, and after a restart it is empty.
    """

    name: ClassVar[str] = "state-in-process"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.LOGIC
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            carts = {}
            @app.post("/carts/{key}")
            def put(key: str, item: str):
                carts[key] = item
            """,
            says="put writes to carts, which lives in this process alone",
        ),
        FlagsCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            carts = {}
            @app.post("/carts/{key}")
            def put(key: str, item: str):
                carts[key] = item
            @app.delete("/carts/{key}")
            def clear(key: str):
                carts.pop(key)
            """,
            says="put writes to carts, which lives in this process alone; so does clear",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            rates = {}
            @app.get("/rates/{key}")
            def rate(key: str):
                return rates[key]
            """,
            because="it is only read",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/rates")
            def rate():
                rates = {}
                rates["a"] = 1
                return rates
            """,
            because="it is the function's own",
        ),
        PassesCode(
            """
            import asyncio
            from fastapi import FastAPI
            app = FastAPI()
            running = set()
            @app.post("/orders")
            async def place():
                task = asyncio.create_task(mail())
                running.add(task)
                task.add_done_callback(running.discard)
            """,
            because="a running task is of this process anyway",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            pages = {}
            @app.get("/pages/{key}")
            def page(key: str):
                if key not in pages:
                    pages[key] = render(key)
                return pages[key]
            """,
            because="it is filled with what each process can make for itself",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask(__name__)
            _menu = None
            @app.get("/menu")
            def menu():
                global _menu
                if _menu is None:
                    _menu = load()
                return _menu
            """,
            because="it is made once for each process, and is the same in all",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask(__name__)
            rate_cache = {}
            @app.get("/rates/<key>")
            def rate(key):
                rate_cache[key] = fetch(key)
                return rate_cache[key]
            """,
            because="a cache may be empty, by its name",
        ),
        PassesCode(
            """
            from flask import Flask
            app = Flask(__name__)
            _terms = None
            @app.get("/terms")
            def terms():
                global _terms
                path = FOLDER / "terms.md"
                if path.exists():
                    _terms = path.read_text()
                return _terms
            """,
            because="each process reads it from the same place",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield the first write of each handler to a dictionary, list or set of the top level, or through `global`."""
        shared = {
            name
            for node in source.tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and _is_collection(node.value)
            for name in targets(node)
            if not _MAY_BE_EMPTY.search(name)
        } - _task_sets(source)
        told: dict[str, list[tuple[str, ast.AST]]] = {}
        for handler in source.handlers:
            if handler.node is None or handler.kind is not HandlerKind.ROUTE or _MAY_BE_EMPTY.search(handler.name):
                continue
            takes = {each.arg for each in parameters(handler.node)}
            globals_named = {
                name
                for node in own_nodes(handler.node)
                if isinstance(node, ast.Global)
                for name in node.names
                if not _MAY_BE_EMPTY.search(name) and (_is_write(handler) or takes)
            }
            own = takes.union(*(targets(node) for node in own_nodes(handler.node))) - globals_named
            found = next(
                (
                    (node, name)
                    for node in own_nodes(handler.node)
                    for name in (_written(node, globals_named),)
                    if name in (shared - own) | globals_named and not _is_filled_once(source, node, name)
                ),
                None,
            )
            if found is not None:
                told.setdefault(found[1], []).append((handler.name, found[0]))
        for name, places in told.items():
            others = [handler.rpartition(".")[2] for handler, _ in places[1:]]
            likewise = f"; so {'does' if len(others) == 1 else 'do'} {listed(others)}" if others else ""
            yield report(
                self,
                source,
                places[0][1],
                what=f"{places[0][0]} writes to {name}, which lives in this process alone{likewise}.",
                why="With two workers each has its own, a restart empties it, and requests in "
                "threads change it at once.",
                instead="Keep it in the database, or in Redis where it is to expire.",
            )


def _is_write(handler: Handler) -> bool:
    """Return whether a request is to change something: what a GET without input sets, each process finds for itself."""
    return not handler.methods or bool(set(handler.methods) - {"GET", "HEAD"})


def _is_filled_once(source: Source, node: ast.AST, name: str) -> bool:
    """Return whether a write stands under a condition on what is written: it fills what is not there yet."""
    return any(isinstance(each, ast.If) and name in names_in(each.test) for each in enclosing(source.tree, node))


def _task_sets(source: Source) -> set[str]:
    """Return the sets that hold running tasks: a task is of this process, and leaves the set when it has done."""
    return {
        each.value.id
        for call in calls(source.tree)
        if last_name(call) == "add_done_callback"
        for each in call.args
        if isinstance(each, ast.Attribute) and each.attr == "discard" and isinstance(each.value, ast.Name)
    }


def _is_collection(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Dict | ast.List | ast.Set):
        return True
    return isinstance(node, ast.Call) and last_name(node) in {"dict", "list", "set", "defaultdict", "deque", "Counter"}


def _written(node: ast.AST, declared: set[str]) -> str:
    """Return the variable that a node changes in place or assigns as a global; empty if none."""
    match node:
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in {
            "append",
            "add",
            "update",
            "pop",
            "setdefault",
            "extend",
            "remove",
            "discard",
            "clear",
            "insert",
        }:
            return name
        case ast.Name(id=name, ctx=ast.Store()) if name in declared:
            return name
    return ""
