"""Which secrets a notebook holds, and texts without them in any form that text takes."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote

from backend_mentor.mentor.redaction import MARK, Redactor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SENSITIVE = (
    r"(?:[\w-]*(?:password|passwd|passphrase|secret\w*|token|credentials?|"
    r"(?:api|access|private|signing|secret|encryption|master|service|account|license|ssh)[_-]?key(?:[_-]?id)?)|"
    r"(?:[\w-]*[_-])?(?:pass|passcode|pwd|cookie|webhook|dsn|salt|signature|session[_-]?id|"
    r"auth(?:orization|entication)?|connection[_-]?string))"
)
_OPENING = r"(?<![A-Za-z0-9])"
_QUOTE = r"\\*(?:\"|'|&quot;|&\#39;|&\#x27;)"
# Each one's last group is the secret itself.
_FINDERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "private key",
        re.compile(r"(-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))", re.S),
    ),
    ("password in an address", re.compile(r"[a-z][a-z0-9+.-]*://[^\s/:@'\"]*:([^\s'\"<>]+)@", re.I)),
    ("Authorization header", re.compile(r"\b(?:Bearer|Basic|Digest|ApiKey)\s+([A-Za-z0-9._~+/=-]{6,})", re.I)),
    ("Authorization header", re.compile(r"Authorization\W+(?:(?:Bearer|Basic|Token)\W+)?([^\s'\"\\<>&,]{6,})", re.I)),
    (
        "value of a secret's name",
        re.compile(
            rf"{_OPENING}(?!getpass){_SENSITIVE}{_QUOTE}?\]?\s*(?::\s*\w+\s*=|=>|[:=,(])\s*[rbf]?({_QUOTE})(.+?)\1",
            re.I,
        ),
    ),
    ("value of a secret's name", re.compile(r"\b(?:password|identified\s+by)\s+'([^'\n]+)'", re.I)),
    (
        "environment assignment",
        re.compile(rf"(?m)^\s*(?:[!%]?(?:env|set|export)\s+)?{_SENSITIVE}=([^\s'\"(){{}}\[\]]+)$", re.I),
    ),
    (
        "environment assignment",
        re.compile(r"(?m)\b[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD)=([^\s'\"]+)"),
    ),
    ("environment assignment", re.compile(r"(?m)%(?:set_)?env\s+" + _SENSITIVE + r"[ =]([^\s'\"]+)", re.I)),
    ("value in an address", re.compile(rf"[?&;]{_SENSITIVE}=([^\s&;'\"<>]+)", re.I)),
    ("password of a connection", re.compile(r"\bpassword=([^\s'\",)]+)(?=[^\n]*\b(?:host|dbname|user)=)", re.I)),
    ("password of a connection", re.compile(r"\b(?:host|dbname|user)=\S+[^\n]*?\bpassword=([^\s'\"]+)", re.I)),
    ("password of a command", re.compile(r"(?:\s-u|--user)[ =]['\"]?[^\s:'\"]+:([^\s'\"]+)")),
    ("password of a command", re.compile(rf"--{_SENSITIVE}[ =]['\"]?([^\s'\"]{{4,}})", re.I)),
    (
        "key of a known form",
        re.compile(
            r"\b((?:sk|rk|pk)[-_](?:live|test|ant|proj)?[A-Za-z0-9_-]{12,}|whsec_\w{8,}|(?:AKIA|ASIA)[A-Z0-9]{16}"
            r"|(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza|npm_|hf_|pypi-|ya29\.|SG\.|dop_v1_|shpat_)[\w.-]{8,}"
            r"|eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?|https://hooks\.slack\.com/services/[\w/]+)"
        ),
    ),
    ("address of a person", re.compile(r"([\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+)")),
)
# Words, as people write them: `password: hunter2`, `the token is abc`.
_PROSE = re.compile(
    rf"{_OPENING}{_SENSITIVE}[*_`]*\s*([:=]|\bis\b|\bwas\b)[\s*_`]*([^\s'\"`*<>(){{}}\[\],;]{{4,}})", re.I
)
_COMMENT = re.compile(r"(?:#|--\s).*")
_RANDOM = re.compile(r"(?<![\w/.])([A-Za-z0-9_+]{24,}={0,2})(?![\w/])")
_QUOTED_RANDOM = re.compile(r"['\"]([A-Za-z0-9+/_=-]{24,})['\"]")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HOME = re.compile(r"(?:/home/|/Users/|[A-Z]:\\+Users\\+)[^/\\\s'\"<>:]+")
# What stands for a value that is filled in elsewhere: `{password}`, `$PASSWORD`, `%s`, `:password`, `<password>`.
_PLACEHOLDER = re.compile(r"\{.*\}|\$\{?[A-Z_]+\}?|%\(?\w+\)?s?|:[a-z_]+|<[^<>]*>|\*+|\.+|x+", re.IGNORECASE)
# Words that stand where a password could and mean none; taken out everywhere they would tear the text.
_COMMON = frozenset(
    """postgres password passwd secret localhost redacted changeme string token none null true false root admin
    example username required optional default hidden getpass""".split()  # noqa: SIM905  a list reads worse
)
_SHORTEST = 6
"""Characters from which a secret is looked for everywhere; a shorter one is taken out where it was found."""


def is_sensitive(name: str) -> bool:
    """Return whether a variable, key or column of this name holds a secret."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.fullmatch(rf"{_SENSITIVE}(?:[_-]?(?:hash|value|text|plain|encrypted|\d+))*", spaced, re.I) is not None


@dataclass(slots=True)
class Secrets:
    """The secrets found so far, with what kind each is; filled by `look`, then asked for an `Eraser`."""

    kinds: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    """The words of the notebook's code outside its strings: prose that holds one tells of the code."""

    def add(self, value: str, kind: str) -> None:
        """Note one secret, and the form it has within an address."""
        for each in {value, unquote(value)}:
            if len(each) >= _SHORTEST and each.lower() not in _COMMON and not _stands_for_another(each):
                self.kinds.setdefault(each, kind)

    def add_word(self, separator: str, value: str) -> None:
        """Note what prose gives as a secret, unless it is a word as any other."""
        is_word = value.isalpha() and value[1:].islower()
        if value not in self.names and not (is_word and separator not in ":="):
            self.add(value, "value of a secret's name")

    def look(self, text: str, *, is_code: bool = False) -> None:
        """Note what is a secret in a text; `is_code` where bare words are names and not values."""
        for kind, value in found_in(text, is_code=is_code):
            self.add(value, kind)
        for found in _PROSE.finditer("\n".join(_COMMENT.findall(text)) if is_code else text):
            self.add_word(found[1], found[2])

    def eraser(self) -> Eraser:
        """Return what takes these secrets out of texts."""
        return Eraser(tuple(sorted(self.kinds.items(), key=lambda pair: (-len(pair[0]), pair[0]))), Redactor.of(""))


def found_in(text: str, *, is_code: bool) -> Iterator[tuple[str, str]]:
    """Yield kind and value of each secret of a text."""
    for kind, pattern in _FINDERS:
        yield from ((kind, found[found.re.groups]) for found in pattern.finditer(text))
    random = _QUOTED_RANDOM if is_code else _RANDOM
    yield from (("random text", found[1]) for found in random.finditer(text) if _is_random(found[1]))


@dataclass(frozen=True)
class Eraser:
    """Takes known secrets out of texts, in each form in which a text can hold them."""

    known: tuple[tuple[str, str], ...]
    """The longest first, so that none is torn by another."""
    redactor: Redactor
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many were taken out, by place and kind."""

    @cached_property
    def _forms(self) -> dict[str, str]:
        return {form: kind for secret, kind in self.known for form in forms_of(secret)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._forms, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def erase(self, text: str, place: str, *, is_code: bool = False) -> str:
        """Return the text without secrets; `place` says in the counts where it stands."""
        text = _BASE64.sub(lambda found: self._encoded(found[0], place), text)
        text = self._pattern.sub(lambda found: self._note(place, self._forms[found[0]]), text)
        for kind, pattern in _FINDERS:
            text = pattern.sub(partial(self._group, place=place, kind=kind), text)
        if not is_code:
            text = _PROSE.sub(partial(self._group, place=place, kind="value of a secret's name"), text)
        text, homes = _HOME.subn("~", text)
        self.counts[(place, "home folder")] += homes
        redacted = self.redactor.redact(text)
        self.counts[(place, "other secret")] += max(redacted.count(MARK) - text.count(MARK), 0)
        return redacted

    def holds_secret(self, content: bytes) -> bool:
        """Return whether one of the secrets stands in these bytes, in any form."""
        return any(form.encode("utf-8", "surrogatepass") in content for form in (*self._forms, *self._encoded_forms))

    @cached_property
    def _encoded_forms(self) -> frozenset[str]:
        return frozenset(form for secret, _ in self.known for form in _base64_forms(secret))

    def _group(self, found: re.Match[str], *, place: str, kind: str) -> str:
        last = found.re.groups
        if not found[last] or _stands_for_another(found[last]):
            return found[0]
        start, end = found.start(last) - found.start(), found.end(last) - found.start()
        return found[0][:start] + self._note(place, kind) + found[0][end:]

    def _note(self, place: str, kind: str) -> str:
        self.counts[(place, kind)] += 1
        return MARK

    def _encoded(self, run: str, place: str) -> str:
        if any(form in run for form in self._encoded_forms):
            return self._note(place, "secret in base64")
        try:
            text = base64.b64decode(
                run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4), altchars=b"-_" if set("-_") & set(run) else None
            ).decode()
        except (binascii.Error, ValueError):
            return run
        hidden = text.isprintable() and next(found_in(text, is_code=False), None)
        return self._note(place, "secret in base64") if hidden else run


def forms_of(secret: str) -> Iterable[str]:
    """Return how a secret is spelled in plain text, addresses, JSON, HTML, Python and hexadecimal digits."""
    escaped = json.dumps(secret)[1:-1]
    forms = (
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        escaped,
        json.dumps(secret, ensure_ascii=False)[1:-1],
    )
    further = (json.dumps(escaped)[1:-1], html.escape(secret), html.escape(secret, quote=False), repr(secret)[1:-1])
    return dict.fromkeys((*forms, *further, secret.encode("utf-8", "surrogatepass").hex()))


def _base64_forms(secret: str) -> Iterator[str]:
    """Yield the part of the secret's base64 that is the same whatever stands around it, for each of three offsets."""
    raw = secret.encode("utf-8", "surrogatepass")
    for offset in range(3):
        cut = raw[(3 - offset) % 3 :]
        inner = cut[: len(cut) - len(cut) % 3]
        if len(inner) >= _SHORTEST:
            yield base64.b64encode(inner).decode()
            yield base64.urlsafe_b64encode(inner).decode()


def _stands_for_another(value: str) -> bool:
    return MARK in value or _PLACEHOLDER.fullmatch(value) is not None


def _is_random(text: str) -> bool:
    return bool(re.search(r"\d", text) and re.search(r"[A-Za-z]", text)) and len(set(text)) >= 12
