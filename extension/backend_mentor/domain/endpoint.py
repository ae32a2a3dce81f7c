"""Endpoint code as read from its source: handlers, what comes into them, what they ask, and what they answer.

Nodes of the syntax tree are kept beside the facts for rules that look closer; they never take part in comparison.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import StrEnum

from backend_mentor.domain.cell import Span
from backend_mentor.domain.work import Answer as Answer
from backend_mentor.domain.work import Background as Background
from backend_mentor.domain.work import Building as Building
from backend_mentor.domain.work import Call as Call
from backend_mentor.domain.work import Query as Query
from backend_mentor.domain.work import Raised as Raised
from backend_mentor.domain.work import Session as Session
from backend_mentor.domain.work import Transaction as Transaction
from backend_mentor.domain.work import TransactionStep as TransactionStep

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class ParameterKind(StrEnum):
    """Where the value of a handler's parameter comes from."""

    PATH = "path"
    QUERY = "query"
    BODY = "body"
    FORM = "form"
    FILE = "file"
    HEADER = "header"
    COOKIE = "cookie"
    DEPENDENCY = "dependency"
    REQUEST = "request"
    """The request itself, or the WebSocket."""
    BACKGROUND = "background"
    """FastAPI's `BackgroundTasks`."""
    RESPONSE = "response"
    """The response that the framework is about to send."""
    UNKNOWN = "unknown"


class HandlerKind(StrEnum):
    """What calls a function."""

    ROUTE = "route"
    WEBSOCKET = "websocket"
    DEPENDENCY = "dependency"
    ERROR_HANDLER = "error handler"
    MIDDLEWARE = "middleware"
    FUNCTION = "function"
    """Nothing in the cell says that a framework calls it."""


class ModelKind(StrEnum):
    """What a class describes."""

    PYDANTIC = "Pydantic"
    SQLALCHEMY = "SQLAlchemy"
    SQLMODEL = "SQLModel"
    DJANGO = "Django"
    SERIALIZER = "serializer"
    DATACLASS = "dataclass"


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of the cell that is not Python as it stands; nothing in it was judged."""

    span: Span
    reason: str
    """The parser's words, as in `'(' was never closed`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a handler; `default` is its source text, None where it has none."""

    name: str
    kind: ParameterKind
    type: str | None
    """As written, without `Annotated`'s further arguments."""
    default: str | None
    span: Span
    provider: str | None = None
    """The function that a dependency's value comes from, as written."""
    scopes: tuple[str, ...] = ()
    """Those that `Security(…)` asks for."""
    node: ast.arg | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """One address at which a handler answers."""

    path: str | None
    """With the prefixes that the cell shows; None where it is not a literal."""
    methods: tuple[str, ...]
    """In capitals; empty where the code does not say which, as for a Django view."""
    router: str | None = None
    """The variable that it was registered on, as written: `app`, `router`."""
    span: Span = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Handler:
    """A function or method that a framework calls, or may be called by one that is."""

    name: str
    """With its class: `UserView.get`."""
    kind: HandlerKind
    is_async: bool
    routes: tuple[Route, ...]
    parameters: tuple[Parameter, ...]
    span: Span
    decorators: tuple[str, ...] = ()
    """As written, without the `@`, outermost first."""
    dependencies: tuple[str, ...] = ()
    """Functions that run before it, as written: its parameters', its decorator's, its router's and its app's."""
    guards: tuple[str, ...] = ()
    """Decorators, permission classes and dependencies whose names say that they check who is calling."""
    response_model: str | None = None
    status_code: int | None = None
    """Of a plain answer, where the decorator says it."""
    return_type: str | None = None
    docstring: str | None = None
    raises: tuple[Raised, ...] = ()
    answers: tuple[Answer, ...] = ()
    queries: tuple[Query, ...] = ()
    sessions: tuple[Session, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    background: tuple[Background, ...] = ()
    calls: tuple[Call, ...] = ()
    node: FunctionNode | None = field(default=None, compare=False, repr=False)

    @property
    def route(self) -> str | None:
        """The path of its first route."""
        return self.routes[0].path if self.routes else None

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of all its routes, each once."""
        return tuple(dict.fromkeys(method for route in self.routes for method in route.methods))

    def parameters_of(self, *kinds: ParameterKind) -> tuple[Parameter, ...]:
        """Return its parameters of these kinds, in order."""
        return tuple(each for each in self.parameters if each.kind in kinds)


@dataclass(frozen=True, slots=True)
class ModelField:
    """One field or column of a model; type and default are source text."""

    name: str
    type: str | None
    default: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Model:
    """A class that describes data: what comes in, what goes out, or a table."""

    name: str
    kind: ModelKind
    bases: tuple[str, ...]
    fields: tuple[ModelField, ...]
    table: str | None
    """Where the class names one."""
    span: Span
    node: ast.ClassDef | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Router:
    """An application, router or blueprint; `prefix` as far as the cell shows it."""

    name: str
    framework: str
    prefix: str
    dependencies: tuple[str, ...]
    """Those that run before each of its handlers, as written."""
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A cell of Python code, read but never run. It equals itself alone, so that what is found of it can be kept."""

    text: str
    """The cell's own, of the same length, with notebook magics and shell lines blanked out."""
    tree: ast.Module = field(compare=False, repr=False)
    """Of all that could be parsed; positions are those of `text`, columns in bytes of UTF-8."""
    framework: str | None
    """As users call it: `FastAPI`, `Flask`, `Django REST framework`; None where the imports name none."""
    line_offsets: tuple[int, ...]
    """Where each line starts, in characters."""
    handlers: tuple[Handler, ...] = ()
    """Those that a framework calls with a request, in order of appearance."""
    functions: tuple[Handler, ...] = ()
    """The cell's other functions and methods."""
    queries: tuple[Query, ...] = ()
    """All of the cell's, in order of appearance."""
    models: tuple[Model, ...] = ()
    routers: tuple[Router, ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    """What each imported name stands for: `("F", "fastapi.FastAPI")`."""
    unread: tuple[Unread, ...] = ()

    def span_of(self, node: ast.AST) -> Span:
        """Return where a node of the tree stands, in characters."""
        start = self.offset(getattr(node, "lineno", 1), getattr(node, "col_offset", 0))
        end = self.offset(getattr(node, "end_lineno", 1) or 1, getattr(node, "end_col_offset", 0) or 0)
        line = getattr(node, "lineno", 1)
        return Span(start, end, line, start - self.line_offsets[line - 1] + 1)

    def offset(self, line: int, column_bytes: int) -> int:
        """Return the place in `text` of a line (from 1) and a column in bytes of UTF-8, as `ast` counts it."""
        start = self.line_offsets[line - 1]
        # A character is at least one byte, so the column in characters is never further than that in bytes.
        piece = self.text[start : start + column_bytes]
        if piece.isascii():
            return start + column_bytes
        return start + len(piece.encode()[:column_bytes].decode())

    def code_of(self, node: ast.AST) -> str:
        """Return the source of a node as it is written."""
        span = self.span_of(node)
        return self.text[span.start : span.end]

    def resolve(self, name: str) -> str:
        """Return a dotted name with its import undone: `fastapi.FastAPI` for `F` after `import FastAPI as F`."""
        first, dot, rest = name.partition(".")
        return dict(self.imports).get(first, first) + dot + rest

    def is_whole(self, node: ast.AST) -> bool:
        """Return False for a function or class whose end could not be parsed: what it does not hold is not known."""
        end = self.span_of(node).end
        return not any(each.span.start >= end and not self.text[end : each.span.start].strip() for each in self.unread)

    def model(self, name: str | None) -> Model | None:
        """Return the cell's class of this name."""
        return next((each for each in self.models if each.name == name), None)
