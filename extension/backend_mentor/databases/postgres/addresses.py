"""What a user connects by, to an address and a name without its password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from backend_mentor.databases.postgres.opening import Address
from backend_mentor.domain.errors import ConnectError, NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DRIVER = re.compile(r"^(postgres(?:ql)?)\+\w+://")
_OWN_SESSION = (
    "The review has sessions of its own: temporary tables, SET commands and open transactions of yours are not seen."
)


@runtime_checkable
class _Url(Protocol):
    def render_as_string(self, hide_password: bool = True) -> str: ...


def address_of(target: object) -> tuple[Address, str | None]:
    """Return the address, and a note where a session of the user's own was given, which is not used itself."""
    if isinstance(target, str):
        return _address(_parameters(_DRIVER.sub(r"\1://", target))), None
    url = getattr(getattr(target, "engine", target), "url", None)
    if isinstance(url, _Url):
        text = url.render_as_string(hide_password=False)
        return _address(_parameters(_DRIVER.sub(r"\1://", text))), _OWN_SESSION
    read_parameters = getattr(getattr(target, "info", target), "get_parameters", None) or getattr(
        target, "get_dsn_parameters", None
    )
    if callable(read_parameters):
        parameters = dict(read_parameters())
        password = getattr(getattr(target, "info", None), "password", None)
        return _address({**parameters, **({"password": password} if password else {})}), _OWN_SESSION
    raise ConnectError(
        f"A {type(target).__name__} is no PostgreSQL database.",
        "Give an address (postgresql://…), a SQLAlchemy engine or a psycopg connection.",
    )


def _parameters(text: str) -> Mapping[str, object]:
    try:
        import psycopg.conninfo
    except ImportError:
        raise NotSupportedError(
            "PostgreSQL needs the package psycopg, which is not installed.",
            'Install it: pip install "backend-mentor[postgres]"',
        ) from None
    try:
        return psycopg.conninfo.conninfo_to_dict(text)
    except psycopg.Error:
        # libpq repeats the address, and with it the password, in what it says.
        raise ConnectError(
            "The address of the PostgreSQL database can not be read.",
            "Write it as postgresql://user:password@host:5432/database, with % signs for special letters.",
        ) from None


def _address(parameters: Mapping[str, object]) -> Address:
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    database = str(given.get("dbname") or given.get("user") or "the default database")
    host = str(given.get("host") or given.get("hostaddr") or "localhost")
    place = "localhost" if host.startswith("/") else f"{host}:{given.get('port', 5432)}"
    return Address(given, f"{database} on {place}")
