"""The rule template-from-caller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import dotted, full_name, last_name, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.taint import from_caller, text_of_callers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_HOLDERS = re.compile(r"env|jinja|templat|engine", re.IGNORECASE)
_LIBRARIES = ("jinja2.", "mako.", "django.template")
_MAKES = frozenset(
    {"render_template_string", "from_string", "Template", "flask.render_template_string", "jinja2.Template"}
)


class TemplateFromCaller:
    """What the caller sends is part of a template.

    A template is a program: `{{ config }}` prints your settings.
    """

    name: ClassVar[str] = "template-from-caller"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from flask import Flask, request, render_template_string
            app = Flask("shop")
            @app.get("/hello")
            def hello():
                name = request.args["name"]
                return render_template_string(f"<p>Hello {name}</p>")
            """,
            says="`render_template_string` reads name as part of the template",
        ),
        PassesCode(
            """
            from flask import Flask, request, render_template_string
            app = Flask("shop")
            @app.get("/hello")
            def hello():
                name = request.args["name"]
                return render_template_string("<p>Hello {{ name }}</p>", name=name)
            """,
            because="the name is a value of the template",
        ),
        PassesCode(
            """
            from string import Template
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/hello")
            def hello(name: str):
                return Template(name).safe_substitute(shop="ours")
            """,
            because="these templates only put values in",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each template of Jinja, Mako or Django that a handler makes from text of the caller."""
        for function, tainted in text_of_callers(source):
            for call in own_calls(function):
                if (
                    last_name(call) not in _MAKES
                    or not call.args
                    or full_name(source.tree, call.func).startswith("string.")
                ):
                    continue
                if last_name(call) == "from_string" and not _HOLDERS.search(dotted(call.func)):
                    continue
                if last_name(call) == "Template" and not full_name(source.tree, call.func).startswith(_LIBRARIES):
                    continue
                sent = from_caller(call.args[0], tainted)
                if sent is not None:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"`{dotted(call.func)}` reads {sent} as part of the template.",
                        why="`{{ config }}` in the value prints your settings, and a longer one runs commands "
                        "(OWASP API8:2023, CWE-1336).",
                        instead="Keep the template a constant and pass the value by name: `{{ name }}`.",
                    )
