"""The rule cache-without-user."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import chain, full_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.rules.endpoint.code import Function


class CacheWithoutUser:
    """An answer that depends on who asks is cached by its address alone.

    The first user's data is shown to all others until it expires.
    """

    name: ClassVar[str] = "cache-without-user"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            "from flask import Flask\nfrom flask_login import current_user\napp = Flask(__name__)\n@app.route('/me')\n"
            "@cache.cached(timeout=60)\ndef me():\n    return {'name': current_user.name}\n",
            says="me is cached by its address and answers with what belongs to current_user",
        ),
        PassesCode(
            "from flask import Flask\nfrom flask_login import current_user\napp = Flask(__name__)\n@app.route('/me')\n"
            "@cache.cached(timeout=60, make_cache_key=by_user)\ndef me():\n    return {'name': current_user.name}\n",
            because="the key is the user's",
        ),
        PassesCode(
            "from flask import Flask\napp = Flask(__name__)\n@app.route('/news')\n@cache.cached(timeout=60)\n"
            "def news():\n    return {'news': []}\n",
            because="it is the same for all",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each view of Flask under `cache.cached` without a key of its own that reads the user or the session."""
        for handler in source.handlers:
            for decorator in handler.node.decorator_list if handler.node is not None else ():
                if not isinstance(decorator, ast.Call) or chain(decorator)[-2:] != ("cache", "cached"):
                    continue
                if {"key_prefix", "make_cache_key", "unless"} & {each.arg for each in decorator.keywords}:
                    continue
                user = _reads_user(source, handler.node) if handler.node is not None else ""
                if user:
                    yield report(
                        self,
                        source,
                        decorator,
                        what=f"{handler.name} is cached by its address and answers with what belongs to {user}.",
                        why="Whoever asks next is shown the data of the one before.",
                        instead="Put the user into the key (`make_cache_key`), or cache what is the same for all.",
                    )


def _reads_user(source: Source, function: Function) -> str:
    for node in own_nodes(function):
        name = full_name(source.tree, node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if name in {"flask_login.current_user", "flask.g.user", "flask.session"}:
            return name.partition(".")[2]
    return ""
