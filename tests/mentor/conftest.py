"""No test of the mentor reaches beyond this machine, and none sees a key of whoever runs it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest


class BeyondLoopback(Exception):  # noqa: N818  it names what was tried
    """A test tried to reach another machine."""


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Refuse every connection but loopback's, and hide the environment's keys, logins and proxies."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert isinstance(address, tuple)
            if address[0] not in ("127.0.0.1", "::1", "localhost"):
                raise BeyondLoopback(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    home = tmp_path_factory.mktemp("home")
    for name in [each for each in os.environ if each.startswith(("ANTHROPIC_", "CLAUDE_"))]:
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(home / "anthropic"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setattr(Path, "home", classmethod(lambda cls: home))
