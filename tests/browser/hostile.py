"""Texts that would run or fetch something where they are taken for HTML, Markdown, mathematics or a terminal."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RUN = "window.hurt=1"
PEOPLE = 60


def texts(address: str) -> tuple[str, ...]:
    """Return one text for each way in; `address` is asked by those that fetch."""
    return (
        f"<img src=x onerror={RUN}>",
        f"<script>{RUN};alert(1)</script>",
        f"</script></code></pre></style></textarea><svg onload={RUN}><image href={address}/svg></svg>",
        f"<math href='javascript:{RUN}'><mtext><img src={address}/math onerror={RUN}></mtext></math>",
        f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe><iframe src={address}/frame></iframe>",
        f"<object data={address}/object></object><embed src={address}/embed><video autoplay poster={address}/poster>",
        f"<style>body{{background:url({address}/css)}} @import '{address}/import';</style>",
        f"<div style='background:url({address}/style)'>styled</div>",
        f"<link rel=stylesheet href={address}/sheet><meta http-equiv=refresh content='0;url={address}/meta'>",
        f"<details open ontoggle={RUN}><input autofocus onfocus={RUN}><marquee onstart={RUN}>",
        f"<a href='javascript:{RUN}' ping={address}/ping>click</a>",
        f"![pixel]({address}/markdown) ![by name][pixel]\n\n[pixel]: {address}/reference",
        f"[look](javascript:{RUN}) [there]({address}/link 'onerror={RUN}') <{address}/auto>",
        f"$\\href{{javascript:{RUN}}}{{x}}$ \\(\\href{{javascript:{RUN}}}{{y}}\\) $$\\href{{{address}/math}}{{z}}$$",
        f"{address}/glued<img src=x onerror={RUN}><script>{RUN}</script>",
        f'```mermaid\ngraph TD; A["<img src={address}/mermaid onerror={RUN}>"]; click A href "javascript:{RUN}"\n```',
        f"&lt;img src={address}/entity onerror={RUN}&gt; &#60;script&#62;{RUN}&#60;/script&#62;",
        f"\x1b[31mred\x1b]8;;javascript:{RUN}\x07link\x1b]8;;\x07\x1b[0m\x9b31m \u202egnp.exe\u2066\u200b",
        f"\" onmouseover={RUN} x=\" ' onfocus={RUN} autofocus y='",
        f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}} <%= {RUN} %>",
    )


@contextmanager
def listen() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a listener and the paths that it was asked for."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def parse_request(self) -> bool:
            understood = super().parse_request()
            asked.append(self.requestline)
            return understood

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()


def make_database(path: Path, said: tuple[str, ...]) -> None:
    """Make a database whose tables, columns, indexes, comments and rows are these texts."""
    columns = "\n".join(f", {quote(each)} TEXT -- {line(each)}" for each in said)
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE {quote(said[0])} (id INTEGER PRIMARY KEY -- {line(said[0])}\n{columns}\n)")
    connection.execute(f"CREATE TABLE {quote(said[1])} (id INTEGER PRIMARY KEY, other INTEGER, {quote(said[1])} TEXT)")
    connection.execute(f"CREATE INDEX {quote(said[3])} ON {quote(said[0])} ({quote(said[2])})")
    marks = ", ".join("?" * (len(said) + 1))
    connection.executemany(
        f"INSERT INTO {quote(said[0])} VALUES ({marks})", [(number, *said) for number in range(PEOPLE)]
    )
    connection.executemany(
        f"INSERT INTO {quote(said[1])} VALUES (?, ?, ?)", [(n, n, said[n % 9]) for n in range(PEOPLE)]
    )
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def quote(name: str) -> str:
    """Return a text as a name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def line(text: str) -> str:
    """Return a text as one line, as a comment holds it."""
    return " ".join(text.split())


def literal(text: str) -> str:
    """Return a text as a literal in SQL."""
    return "'" + text.replace("'", "''") + "'"
