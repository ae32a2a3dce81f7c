"""The process that stands between us and a server of ours: it starts it, and stops it when we are gone.

Run as `python -m backend_mentor.databases.postgres.watchdog` with one JSON argument. It writes one line, `ready` or
what went wrong, and then reads its standard input to the end: the kernel closes that pipe even when the process that
holds it is killed, so no server is ever left behind.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_LOOK_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Order:
    """What to start; it crosses the process border as JSON."""

    binaries: str
    directory: str
    socket_directory: str
    settings: dict[str, str]
    user: int | None
    """The uid to run as, where ours is root's."""
    group: int | None
    temporary: bool
    """Whether the directory goes when the server does."""

    @property
    def data(self) -> Path:
        """Where the cluster is."""
        return Path(self.directory) / "data"

    @property
    def owner_file(self) -> Path:
        """Where the processes that run this cluster are written down."""
        return Path(self.directory) / "owner.json"


class StartError(Exception):
    """The server did not start; the text is its own last words."""


def main(arguments: list[str]) -> int:
    """Start the server of the order, report, wait for the end of standard input, stop it."""
    order = Order(**json.loads(arguments[0]))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server: subprocess.Popen[bytes] | None = None
    try:
        _take_over(order)
        _initialize(order)
        server = _start(order)
        _await_ready(order, server)
        print("ready", flush=True)
        sys.stdin.buffer.read()
    except (StartError, OSError) as error:
        print(" ".join(str(error).split()), flush=True)
        return 1
    finally:
        if server is not None:
            _stop(server, order)
            order.owner_file.unlink(missing_ok=True)
        _tidy(order)
    return 0


def _take_over(order: Order) -> None:
    """Stop a server that a dead watchdog left in this directory; refuse where its watchdog lives."""
    if not order.owner_file.exists():
        return
    owner = json.loads(order.owner_file.read_text())
    if started_at(owner["watchdog"][0]) == owner["watchdog"][1]:
        raise StartError(f"{order.directory} is in use by process {owner['watchdog'][0]}")
    process, began = owner["server"]
    if began is not None and started_at(process) == began:
        os.kill(process, signal.SIGINT)
        deadline = time.monotonic() + _STOP_SECONDS
        while started_at(process) == began and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
    if "sockets" in owner:
        _remove_sockets(Path(owner["sockets"]))
    order.owner_file.unlink()


def _remove_sockets(left: Path) -> None:
    """Remove the directory of a dead server's sockets, unless anything else is in it."""
    for socket in left.glob(".s.PGSQL.*"):
        socket.unlink(missing_ok=True)
    if left.name.startswith("mentor-"):
        with suppress(OSError):
            left.rmdir()


def _initialize(order: Order) -> None:
    if (order.data / "PG_VERSION").exists():
        return
    # The C locale with UTF-8 is what every build has; one without ICU too.
    command = ["initdb", "-D", str(order.data), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C"]
    done = _run(order, [*command, "--no-sync"])
    if done.returncode != 0:
        raise StartError(done.stderr or done.stdout)


def _start(order: Order) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": order.socket_directory,
        "unix_socket_permissions": "0700",
        **order.settings,
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (Path(order.directory) / "log").open("ab") as log:
        server = subprocess.Popen(  # noqa: S603  no shell, our own words
            [str(Path(order.binaries) / "postgres"), "-D", str(order.data), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=order.directory,
            env=_environment(),
            user=order.user,
            group=order.group,
            extra_groups=None if order.user is None else [],
        )
    owner = {
        "watchdog": [os.getpid(), started_at(os.getpid())],
        "server": [server.pid, started_at(server.pid)],
        "sockets": order.socket_directory,
    }
    order.owner_file.write_text(json.dumps(owner))
    return server


def _await_ready(order: Order, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    # The eighth line of postmaster.pid is the server's status (src/include/utils/pidfile.h).
    while _status_line(order.data / "postmaster.pid") != "ready":
        if server.poll() is not None or time.monotonic() > deadline:
            raise StartError((Path(order.directory) / "log").read_text(errors="replace")[-500:] or "no answer")
        time.sleep(_LOOK_SECONDS)


def _status_line(pid_file: Path) -> str:
    try:
        lines = pid_file.read_text().splitlines()
    except OSError:
        return ""
    return lines[7].strip() if len(lines) > 7 else ""


def _stop(server: subprocess.Popen[bytes], order: Order) -> None:
    # SIGINT ends sessions and writes everything to disk; SIGQUIT gives up at once and leaves recovery to the next
    # start, which for a cluster that is thrown away never comes.
    polite = () if order.temporary else (signal.SIGINT,)
    for number in (*polite, signal.SIGQUIT, signal.SIGKILL):
        with suppress(ProcessLookupError):
            server.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(_STOP_SECONDS)
            return


def _tidy(order: Order) -> None:
    if order.temporary:
        shutil.rmtree(order.directory, ignore_errors=True)
        return
    shutil.rmtree(order.socket_directory, ignore_errors=True)


def _run(order: Order, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  no shell, our own words
        [str(Path(order.binaries) / command[0]), *command[1:]],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=order.directory,
        env=_environment(),
        user=order.user,
        group=order.group,
        extra_groups=None if order.user is None else [],
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def started_at(process: int) -> str | None:
    """Return when a process began, in the system's own words, or None where there is none of that number."""
    stat = Path(f"/proc/{process}/stat")
    if stat.exists():
        with suppress(OSError):
            # Field 22, counted after the name in parentheses, which can hold anything (proc_pid_stat(5)).
            fields = stat.read_text().rpartition(")")[2].split()
            return None if fields[0] == "Z" else fields[19]
    if Path("/proc/self").exists():
        return None
    command = ["/bin/ps", "-o", "lstart=", "-p", str(process)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  a number, no shell
    return listed.stdout.strip() or None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
