"""The rule secret-in-code."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import argument, constant_text, dotted, enclosing, full_name, last_name, walk
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import names_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_ADDRESS = re.compile(r"^[a-z][a-z0-9+]*://(?P<user>[^:/@\s{]+):(?P<password>[^@/\s{}$]+)@(?P<host>[\w.-]+)")
_OWN_MACHINE = frozenset(
    {"localhost", "127.0.0.1", "db", "postgres", "mysql", "redis", "host", "hostname", "example.com"}
)
_GAP = re.compile(r"[<>{}$]|\s|change|your|example|placeholder|dummy|test|xxx|\.\.\.|todo|replace|fake|sample", re.I)
_SCHEMES = frozenset(
    {"bearer", "basic", "token", "password", "secret", "api_key", "apikey", "postgres", "root", "admin"}
)


class SecretInCode:
    """A secret stands in the code.

    It is in each copy of the repository and in its history, and it can not be changed without a release.
    """

    name: ClassVar[str] = "secret-in-code"
    severity: ClassVar[Severity] = Severity.CRITICAL
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode('SECRET_KEY = "f83hf9-2kd8Ga-19dkw0"\n', says="SECRET_KEY has its value in the code"),
        FlagsCode(
            'token = jwt.encode(claims, "s3cr3t-8e1c2f", algorithm="HS256")\n',
            says="The key of `jwt.encode` stands in the code",
        ),
        FlagsCode(
            'engine = create_engine("postgresql://shop:Tr0ub4dor@db.example.com/shop")\n',
            says="An address with a password stands in the code",
        ),
        PassesCode('SECRET_KEY = os.environ["SECRET_KEY"]\n', because="it comes from the environment"),
        PassesCode('TOKEN_URL = "https://login.example.com/token"\n', because="it is an address"),
        PassesCode('password = ""\npassword_field = "new-password"\n', because="these are no secrets"),
        PassesCode(
            'PASSWORD = "password"\nSECRET = "<your secret here>"\n',
            because="a name or a gap to be filled is no secret",
        ),
        PassesCode('class Kind(Enum):\n    API_KEY = "api-key-login-v1"\n', because="it is a name for a kind"),
        PassesCode(
            'engine = create_engine("postgresql://postgres:postgres@localhost/test")\n',
            because="it is the usual database of a developer's own machine",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield literals that are assigned to a secret's name, given as a token's key or part of an address."""
        for node in walk(source.tree):
            if (
                isinstance(node, ast.Assign | ast.AnnAssign)
                and node.value is not None
                and not _in_enumeration(source, node)
            ):
                name = last_name(node.targets[0] if isinstance(node, ast.Assign) else node.target)
                if names_secret(name) and looks_secret(constant_text(node.value), name):
                    yield self._finding(source, node.value, f"{name} has its value in the code.")
            elif isinstance(node, ast.Call) and full_name(source.tree, node.func) in {
                "jwt.encode",
                "jwt.decode",
                "jose.jwt.encode",
                "jose.jwt.decode",
            }:
                key = argument(node, 1, "key")
                if key is not None and looks_secret(constant_text(key), "key"):
                    yield self._finding(source, key, f"The key of `{dotted(node.func)}` stands in the code.")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = _ADDRESS.search(node.value)
                if found and found["host"] not in _OWN_MACHINE and looks_secret(found["password"], found["user"]):
                    yield self._finding(source, node, "An address with a password stands in the code.")

    def _finding(self, source: Source, node: ast.AST, what: str) -> Finding:
        finding = report(
            self,
            source,
            node,
            what=what,
            why="Each copy of the code and its history has it, also after it is taken away (OWASP API8:2023, CWE-798).",
            instead="Read it from the environment or a secret store at start, and replace this one: it is known.",
        )
        # The report of a leak must not be one.
        return replace(finding, evidence=())


def looks_secret(text: str | None, name: str) -> bool:
    """Return whether a literal can be a secret: no gap to be filled, no address, no word, not the name itself."""
    if text is None or len(text) < 8 or _GAP.search(text) or "://" in text or text.endswith((":", "_", "-", ".")):
        return False
    plain = re.sub(r"[\W_]", "", text).lower()
    if plain in _SCHEMES or plain == re.sub(r"[\W_]", "", name).lower() or text.startswith(("/", ".", "X-", "x-")):
        return False
    kinds = sum(bool(re.search(kind, text)) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[^\w]"))
    # Words with hyphens between them are names; a secret mixes kinds of characters or is long.
    return (kinds >= 3 or (kinds == 2 and bool(re.search(r"\d", text)) and len(set(text)) >= 6)) and not re.fullmatch(
        r"[a-z]+([-_.][a-z]+)*([-_.]v?\d+)?", text
    )


def _in_enumeration(source: Source, node: ast.AST) -> bool:
    around = next(enclosing(source.tree, node), None)
    return isinstance(around, ast.ClassDef) and any("Enum" in last_name(base) for base in around.bases)
