"""The rule write-open-to-all."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.reading.endpoints.trees import walk
from backend_mentor.rules.endpoint.code import last_name
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_OPEN = frozenset(
    {"login", "register", "registration", "signup", "token", "webhook", "callback", "password", "reset", "verify",
     "confirm", "contact", "refresh", "logout", "session", "health", "auth", "oauth", "public", "activate", "invite",
     "validate", "validation", "check", "preview", "search", "parse", "sample"}
)  # fmt: skip
_CHECKS = re.compile(
    r"request\.user|permission|authori[sz]|authent|token|signature|verif|secret|api_key|hmac", re.IGNORECASE
)
_WRITERS = frozenset({"create", "update", "partial_update", "destroy", "post", "put", "patch", "delete"})


class WriteOpenToAll:
    """A view that writes lets in everybody, by its own declaration.

    `AllowAny` and an empty list switch off what the settings demand.
    """

    name: ClassVar[str] = "write-open-to-all"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            from rest_framework.viewsets import ModelViewSet
            class OrderView(ModelViewSet):
                queryset = Order.objects.all()
                permission_classes = [AllowAny]
            """,
            says="OrderView lets anyone write",
        ),
        FlagsCode(
            """
            from rest_framework.views import APIView
            class OrderView(APIView):
                permission_classes = []
                def delete(self, request, key): ...
            """,
            says="OrderView lets anyone write",
        ),
        PassesCode(
            """
            from rest_framework.views import APIView
            class LoginView(APIView):
                permission_classes = [AllowAny]
                def post(self, request): ...
            """,
            because="nobody is known before he has logged in",
        ),
        PassesCode(
            """
            from rest_framework.viewsets import ReadOnlyModelViewSet
            class OrderView(ReadOnlyModelViewSet):
                permission_classes = [AllowAny]
            """,
            because="it only reads",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each view class of the REST framework with no permission at all and a method that writes."""
        for node in walk(source.tree):
            if not isinstance(node, ast.ClassDef) or (_OPEN | {"hook", "webhook", "callback"}) & set(
                words_of(node.name)
            ):
                continue
            declared = next(
                (
                    each
                    for each in node.body
                    if isinstance(each, ast.Assign) and last_name(each.targets[0]) == "permission_classes"
                ),
                None,
            )
            if declared is None or not isinstance(declared.value, ast.List | ast.Tuple):
                continue
            names = {last_name(each) for each in declared.value.elts}
            methods = {each for each in node.body if isinstance(each, ast.FunctionDef)}
            checks = any(_CHECKS.search(source.code_of(each)) for each in methods)
            writes_rows = {"ModelViewSet"} & {last_name(each) for each in node.bases} or any(
                each.name in _WRITERS for each in methods
            )
            if names <= {"AllowAny"} and writes_rows and not checks:
                yield report(
                    self,
                    source,
                    declared,
                    what=f"{node.name} lets anyone write: its permission_classes are {excerpt(declared.value)}.",
                    why="It overrules what the settings ask of every view (OWASP API5:2023).",
                    instead="Write `[IsAuthenticated]` or a permission of your own; leave AllowAny to views that read.",
                )
