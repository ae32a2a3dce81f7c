"""What the sidebar asks and what it is told, as both sides write it: the front end's types are made from these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from backend_mentor.renderers.delivery import Delivery  # noqa: F401  the annotations name it
    from backend_mentor.renderers.page import Spoken

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Nothing:
    """A question that says all by its kind."""


@dataclass(frozen=True, slots=True)
class ReviewWish:
    """Review a cell."""

    text: str
    name: str = "cell"
    level: str = "senior"
    hint: bool = False
    analyze: bool | None = None
    """None leaves it to the database."""
    alias: str = ""
    """What to connect to where nothing is connected; empty for DATABASE_URL, else the demo."""
    milliseconds: int | None = None
    """The most that one statement may run; None for the usual."""


@dataclass(frozen=True, slots=True)
class ConnectWish:
    """Connect to a path, a URL, a variable of the notebook or an alias."""

    target: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class TestWish:
    """Try a connection without keeping it."""

    target: str


@dataclass(frozen=True, slots=True)
class StopWish:
    """Stop what the question of this mark started."""

    of: str


@dataclass(frozen=True, slots=True)
class ShowWish:
    """Show an earlier review by its number, from 1."""

    number: int
    level: str = "senior"


@dataclass(frozen=True, slots=True)
class AskWish:
    """Answer a question about a review: Claude where it speaks for the connection, else from the review itself."""

    question: str
    number: int
    """Of the review, from 1."""
    level: str = "senior"
    language: str = ""
    """What Claude is to answer in; empty leaves it to Claude."""


@dataclass(frozen=True, slots=True)
class ConsentWish:
    """Show what a question about a review would send; an empty question for the first one."""

    question: str
    number: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class MentorWish:
    """Let Claude speak for a connection, or let it be silent again."""

    on: bool
    alias: str
    """The connection that the user said yes for: no other one is turned on."""


@dataclass(frozen=True, slots=True)
class Questions:
    """Every kind of question, by its name."""

    hello: Nothing
    warm: Nothing
    history: Nothing
    review: ReviewWish
    connect: ConnectWish
    test: TestWish
    stop: StopWish
    show: ShowWish
    ask: AskWish
    consent: ConsentWish
    mentor: MentorWish


class Event(StrEnum):
    """What happens to something that was started."""

    PROGRESS = "progress"
    PREVIEW = "preview"
    SPEECH = "speech"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, and what to do."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A database that is connected."""

    alias: str
    name: str
    engine: str
    current: bool
    mentored: bool
    """True where Claude was turned on for it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An earlier review."""

    number: int
    name: str
    conclusion: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What leaves the machine once the user says yes, and to whom."""

    alias: str
    database: str
    host: str
    speaker: str
    price: str
    request: str
    """The first request, byte for byte, but for the key."""
    missing: Failure | None
    """Why it can not be turned on: there is no key."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a question about a review."""

    question: str
    speaker: str
    """The persona and the model, or empty where the review itself answered."""
    delivery: Annotated[Json, "Delivery"] | None
    unknown: Failure | None
    """What to do where the review says nothing about it."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer or an event; only what is not None is sent."""

    ask: str = ""
    """The mark of the question."""
    event: Event | None = None
    failed: Failure | None = None
    started: bool | None = None
    stopping: bool | None = None
    stage: str | None = None
    seconds: float | None = None
    version: str | None = None
    connections: tuple[Connection, ...] | None = None
    reviews: int | None = None
    """How many the kernel remembers."""
    delivery: Annotated[Json, "Delivery"] | None = None
    connected: str | None = None
    works: str | None = None
    notes: tuple[str, ...] | None = None
    history: tuple[Entry, ...] | None = None
    consent: Consent | None = None
    spoken: tuple[tuple[Spoken, ...], ...] | None = None
    """What Claude has said by now, in paragraphs, each sentence judged."""
    answered: Answered | None = None
