"""From what the user names to a connected database: a path, a URL, an alias, an engine's or driver's own object."""

from __future__ import annotations

import configparser
import os
import re
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import quote, unquote, urlsplit

from backend_mentor.databases.base import Limits, Stop
from backend_mentor.domain.errors import ConnectError, NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from backend_mentor.databases.base import Database, SharedCopy
    from backend_mentor.domain.schema import Schema

ENTRY_POINTS = "backend_mentor.databases"
"""The group under which a package offers a further engine: the name is the URL's scheme, the object its opener."""

CONNECTIONS_FILE = "~/.jupysql/connections.ini"


class Opener(Protocol):
    """Connects to a database by its address."""

    def __call__(self, address: str, *, limits: Limits, stop: Stop) -> Database:
        """Return the connected database; raises ConnectError."""


@dataclass(frozen=True, slots=True)
class _Terms:
    limits: Limits
    stop: Stop
    variables: Mapping[str, object]
    connections_file: Path


@dataclass(frozen=True, slots=True)
class _Engine:
    """An engine of ours: where its code is, what it needs, and by which objects of its driver it is known."""

    module: str
    name: str
    needs: str | None = None
    """The driver's module, which is looked for before our own is imported."""
    extra: str | None = None
    """The optional dependency of this package that brings it."""
    plain_path: bool = False
    """True where the address is a file's path and not the URL itself."""
    drivers: tuple[str, ...] = ()
    """The top-level modules whose connections it can take over."""
    takes_over: str = "connect"
    """The class method that does so."""


_SQLITE = _Engine(
    "backend_mentor.databases.sqlite.connection",
    "SQLiteDatabase",
    plain_path=True,
    drivers=("sqlite3",),
    takes_over="adopt",
)
_POSTGRES = _Engine(
    "backend_mentor.databases.postgres.connection",
    "PostgresDatabase",
    needs="psycopg",
    extra="postgres",
    drivers=("psycopg", "psycopg2"),
)
_SCHEMES = {"sqlite": _SQLITE, "file": _SQLITE, "postgresql": _POSTGRES, "postgres": _POSTGRES}


def connect(
    target: object,
    *,
    limits: Limits | None = None,
    stop: Stop | None = None,
    variables: Mapping[str, object] | None = None,
    connections_file: str | os.PathLike[str] | None = None,
) -> Database:
    """Return the database that `target` names, connected and read-only.

    `target` is a path, a URL, the name of one of `variables`, a section of the connections file, a SQLAlchemy engine
    or connection, or a connection of `sqlite3` or `psycopg`. The file is `connections_file`, else
    BACKEND_MENTOR_CONNECTIONS, else JupySQL's own. Raises ConnectError with what to do.
    """
    file = connections_file or os.environ.get("BACKEND_MENTOR_CONNECTIONS") or CONNECTIONS_FILE
    terms = _Terms(limits or Limits(), stop or Stop(), variables or {}, Path(file).expanduser())
    if isinstance(target, os.PathLike):
        return _open(_SQLITE, os.fspath(target), terms)
    if isinstance(target, str):
        try:
            return _connect_text(target.strip(), terms)
        except (OSError, RuntimeError, ValueError) as error:
            # pathlib and urllib raise these for a path too long, a home that is not there, half an IPv6 address. The
            # text itself may hold a password, and so may the error: neither is shown.
            raise ConnectError(
                f"What is to be connected to can be read neither as a path nor as an address ({type(error).__name__}).",
                "Give a path, or an address such as sqlite:///shop.db or postgresql://user@host/shop.",
            ) from None
    return _connect_object(target, terms)


def open_shared_copy(schema: Schema, name: str) -> AbstractContextManager[SharedCopy]:
    """Open a new database of the schema's engine for strangers; `name` is the original's.

    Raises NotSupportedError for an engine that a package of somebody else's brought.
    """
    if schema.engine.name not in {engine.module.split(".")[-2] for engine in _SCHEMES.values()}:
        raise NotSupportedError(
            f"A database of {schema.engine.title} can not be shared.", "Share a notebook on SQLite or PostgreSQL."
        )
    module = import_module(f"backend_mentor.databases.{schema.engine.name}.sharing")
    opener = cast("Callable[[Schema, str], AbstractContextManager[SharedCopy]]", module.open_copy)
    return opener(schema, name)


def default_target() -> str | None:
    """Return DATABASE_URL from the environment, or None."""
    return os.environ.get("DATABASE_URL") or None


def _connect_text(target: str, terms: _Terms) -> Database:
    if not target:
        raise ConnectError("No database is named.", "Give a path, a URL or an alias.")
    value = terms.variables.get(target)
    if value is not None and not isinstance(value, str):
        return _connect_object(value, terms)
    text = value if isinstance(value, str) else target
    if re.match(r"[\w+.-]{2,}://", text) or text.startswith("file:"):
        return _connect_url(text, terms)
    if not Path(text).expanduser().exists():
        address = _address_of_section(text, terms.connections_file)
        if address is not None:
            return _connect_url(address, terms)
    if text == ":memory:":
        raise ConnectError(
            "A database in memory is seen only by the connection that made it.",
            "Give that connection itself, by its variable's name.",
        )
    return _open(_SQLITE, text, terms)


def _connect_url(url: str, terms: _Terms) -> Database:
    scheme = url.split(":", 1)[0].lower()
    # SQLAlchemy's spelling names the driver too: postgresql+psycopg://.
    dialect, _, driver = scheme.partition("+")
    engine = _SCHEMES.get(dialect)
    if engine is None:
        return _connect_by_entry_point(dialect, url, terms)
    if engine.plain_path:
        return _open(engine, _path_of_url(url), terms)
    return _open(engine, dialect + url[len(scheme) :] if driver else url, terms)


def _connect_by_entry_point(scheme: str, url: str, terms: _Terms) -> Database:
    offered = {each.name: each for each in entry_points(group=ENTRY_POINTS)}
    if scheme in offered:
        opener = cast("Opener", offered[scheme].load())
        return opener(url, limits=terms.limits, stop=terms.stop)
    known = ", ".join(f"{each}://" for each in sorted({*_SCHEMES, *offered}))
    raise ConnectError(f"{scheme}:// is no database that the mentor knows.", f"Use one of {known}, or a path.")


def _open(engine: _Engine, address: str, terms: _Terms) -> Database:
    opener = _load(engine).connect
    return opener(address, limits=terms.limits, stop=terms.stop)


def _take_over(engine: _Engine, connection: object, terms: _Terms) -> Database:
    take_over = cast("Callable[..., Database]", getattr(_load(engine), engine.takes_over))
    return take_over(connection, limits=terms.limits, stop=terms.stop)


def _load(engine: _Engine) -> _DatabaseClass:
    if engine.needs:
        try:
            import_module(engine.needs)
        except ImportError as error:
            raise ConnectError(
                f"The driver {engine.needs} is not installed here.",
                f'Run `pip install "backend-mentor[{engine.extra}]"` and restart the kernel.',
            ) from error
    return cast("_DatabaseClass", getattr(import_module(engine.module), engine.name))


class _DatabaseClass(Protocol):
    connect: Opener


def _connect_object(target: object, terms: _Terms) -> Database:
    if hasattr(target, "dialect") and hasattr(target, "engine"):
        return _connect_sqlalchemy(target, terms)
    # Its bases are looked at too: a subclass of a driver's connection lives in the user's own module.
    modules = {base.__module__.split(".")[0] for base in type(target).__mro__}
    engine = next((each for each in _SCHEMES.values() if modules.intersection(each.drivers)), None)
    if engine is None or not hasattr(target, "cursor"):
        raise ConnectError(
            f"A {type(target).__name__} is not something to connect to.",
            "Give a path, a URL, a SQLAlchemy engine, or a connection of sqlite3 or psycopg.",
        )
    return _take_over(engine, target, terms)


class _SQLAlchemyURL(Protocol):
    def render_as_string(self, *, hide_password: bool) -> str: ...


class _SQLAlchemyRawConnection(Protocol):
    dbapi_connection: object

    def close(self) -> None: ...


class _SQLAlchemyEngine(Protocol):
    url: _SQLAlchemyURL

    def raw_connection(self) -> _SQLAlchemyRawConnection: ...


def _connect_sqlalchemy(target: object, terms: _Terms) -> Database:
    """Connect anew by the engine's URL; a SQLite database in memory is taken from its own connection."""
    engine = cast("_SQLAlchemyEngine", getattr(target, "engine", target))
    address = engine.url.render_as_string(hide_password=False)
    if _SCHEMES.get(address.split(":", 1)[0].split("+")[0]) is not _SQLITE:
        return _connect_url(address, terms)
    if hasattr(target, "connection"):
        return _take_over(_SQLITE, target.connection.dbapi_connection, terms)
    with closing(engine.raw_connection()) as raw:
        return _take_over(_SQLITE, raw.dbapi_connection, terms)


def _path_of_url(url: str) -> str:
    """Return the file of sqlite:///relative, sqlite:////absolute or a SQLite URI file:path?mode=ro."""
    if url.startswith("file:"):
        return unquote(urlsplit(url).path)
    path = unquote(urlsplit(url).path)
    rest = path[1:] if path.startswith("/") else path
    if rest in ("", ":memory:"):
        raise ConnectError(
            "A database in memory is seen only by the connection that made it.",
            "Give that connection or engine itself, by its variable's name.",
        )
    return unquote(urlsplit(rest).path) if rest.startswith("file:") else rest


def _address_of_section(name: str, file: Path) -> str | None:
    """Return the URL of a section of a connections file in JupySQL's form, or None where there is none."""
    # No interpolation: a password may hold a percent sign.
    parser = configparser.ConfigParser(interpolation=None)
    try:
        found = parser.read(file)
    except configparser.Error as error:
        raise ConnectError(f"{file} can not be read as an INI file.", "Correct it, or give a URL.") from error
    if not found or not parser.has_section(name):
        return None
    section = parser[name]
    scheme = section.get("drivername", "")
    if not scheme:
        raise ConnectError(f"The section {name} of {file} has no drivername.", "Add one: drivername = postgresql")
    user, password = section.get("username", ""), section.get("password", "")
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "") + ("@" if user else "")
    place = section.get("host", "") + (f":{section['port']}" if section.get("port") else "")
    return f"{scheme}://{login}{place}/{section.get('database', '')}"
