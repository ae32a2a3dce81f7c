"""Personas: agent files in the common format, the shipped ones and the user's own."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import MentorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_PERSONA = "backend-developer"

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<head>.*?)\n---[ \t]*(?:\n|\Z)(?P<body>.*)\Z", re.DOTALL)
_KEY = re.compile(r"^(?P<key>[A-Za-z][\w-]*)[ \t]*:[ \t]?(?P<value>.*)$")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,48}[a-z0-9]")
# What an agent file can ask of the program that runs it; here nothing of it is carried out.
_POWERS = (
    *("tools", "disallowedTools", "hooks", "mcpServers", "permissionMode", "skills", "memory", "background"),
    *("isolation", "initialPrompt", "maxTurns", "observer", "observerMessage", "handoffs"),
)
_COLORS = frozenset(["blue", "cyan", "gray", "green", "magenta", "orange", "pink", "purple", "red", "yellow"])
_LARGEST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Persona:
    """Who speaks: a name, and the instructions that make the voice."""

    name: str
    description: str
    instructions: str
    """The body of the file, which becomes the system prompt. It sets the tone and grants nothing."""
    model: str | None = None
    """As written: `sonnet`, `inherit` or a model's full name."""
    effort: str | None = None
    color: str | None = None
    """One of ten names, None for any other: it never reaches a style sheet as it was written."""
    path: Path | None = None
    """Where it was read; None for a persona that ships."""
    ignored: tuple[str, ...] = ()
    """Fields of the file that would have granted something, and grant nothing here."""

    @property
    def digest(self) -> str:
        """The first twelve digits of the SHA-256 of its instructions, to tell two versions apart."""
        return hashlib.sha256(self.instructions.encode("utf-8", "replace")).hexdigest()[:12]


def find_persona(name: str, folder: Path | None = None) -> Persona:
    """Return the persona of that name, or the one in the file of that path.

    The project's `.claude/agents` goes before the user's, and both before what ships. Raises MentorError, with the
    names that there are, where none has it. `folder` is the project's, by default the working directory.
    """
    if name.endswith(".md") or "/" in name or "\\" in name:
        return read_agent_file(_read(Path(name).expanduser()), Path(name))
    personas = list_personas(folder)
    if name in personas:
        return personas[name]
    near = difflib.get_close_matches(name, personas, n=3)
    raise MentorError(
        f"There is no persona {name}.",
        f"{'The nearest' if near else 'There'} are: {', '.join(near or sorted(personas))}; or give a file's path.",
    )


def list_personas(folder: Path | None = None) -> Mapping[str, Persona]:
    """Return every persona by its name, the one of highest precedence where several have it."""
    found = {persona.name: persona for persona in _shipped()}
    for place in (Path.home() / ".claude" / "agents", (folder or Path.cwd()) / ".claude" / "agents"):
        for path in sorted(place.rglob("*.md")) if place.is_dir() else ():
            try:
                persona = read_agent_file(_read(path), path)
            except MentorError:
                continue  # one broken file of many hides no other; asked for by its path, it says what is wrong
            found[persona.name] = persona
    return found


def read_agent_file(text: str, path: Path | None = None) -> Persona:
    """Return the persona of an agent file; raises MentorError where it has no instructions.

    Many real files are not YAML, since their descriptions hold colons and quotes: fields are read line by line, and a
    value goes on to the next line that names a field.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    parts = _FRONT_MATTER.match(text)
    head, body = (parts["head"], parts["body"]) if parts else ("", text)
    fields = dict(_fields(head))
    where = path.name if path else "The agent file"
    if not body.strip():
        raise MentorError(f"{where} holds no instructions.", "Write what the persona is to do below the second ---.")
    return Persona(
        name=_name(fields.get("name", ""), path),
        description=fields.get("description", ""),
        instructions=body.strip(),
        model=fields.get("model") or None,
        effort=fields.get("effort") or None,
        color=fields["color"].lower() if fields.get("color", "").lower() in _COLORS else None,
        path=path,
        ignored=tuple(key for key in fields if key in _POWERS),
    )


def _fields(head: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of the front matter; within a description only a known word at a line's start ends it."""
    key, lines = "", list[str]()
    for line in head.split("\n"):
        begins = _KEY.match(line)
        if begins and (begins["key"] in _KNOWN or key != "description"):
            if key:
                yield key, _value(lines)
            key, lines = begins["key"], [begins["value"]]
        else:
            lines.append(line.strip())
    if key:
        yield key, _value(lines)


_KNOWN = frozenset(["name", "description", "model", "color", "effort", *_POWERS])


def _value(lines: list[str]) -> str:
    first = lines[0].strip()
    if first in ("|", ">", "|-", ">-", "|+", ">+"):
        lines = lines[1:]
    text = ("\n" if first.startswith("|") else " ").join(line for line in lines if line.strip()).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return text.replace("\\n", "\n")


def _name(written: str, path: Path | None) -> str:
    candidate = re.sub(r"[^a-z0-9]+", "-", (written or (path.stem if path else "")).lower()).strip("-")
    return candidate if _NAME.fullmatch(candidate) else "persona"


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise MentorError(f"{path} is larger than {_LARGEST_BYTES:,} bytes.", "Give an agent file in Markdown.")
        return path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise MentorError(f"{path} can not be read: {error.strerror}.", "Give the path of an agent file.") from error


def _shipped() -> Iterator[Persona]:
    for path in sorted(_shipped_folder().glob("*.md")):
        persona = read_agent_file(_read(path), path)
        yield Persona(persona.name, persona.description, persona.instructions, persona.model, color=persona.color)


def _shipped_folder() -> Path:
    """Return where the personas are: in the package of a wheel, at the top of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "agents"
    return inside if inside.is_dir() else package.parent.parent / "agents"
