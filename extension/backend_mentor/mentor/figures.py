"""Numbers in sentences and in results, each with its unit, and whether one says the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unit(StrEnum):
    """What a number counts. Numbers of two units are never compared, but plain ones with shares."""

    PLAIN = "plain"
    MILLISECONDS = "milliseconds"
    BYTES = "bytes"
    PERCENT = "percent"
    FACTOR = "factor"
    WORK = "work"
    """Steps of a virtual machine, or pages."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a result holds, in its base unit, and the tables that it is about."""

    value: float
    unit: Unit = Unit.PLAIN
    about: frozenset[str] = frozenset()
    counts: str = ""
    """What it counts, as `rows`, `trials` or `indexes`; empty where nobody knows."""
    when: str = ""
    """`before` or `after`, of a measurement; else empty."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a sentence says it, in its base unit; `step` is half of the last digit that was given."""

    text: str
    value: float
    unit: Unit
    step: float
    bound: str = ""
    """`over` or `under` where the sentence gives a bound, `about` where it rounds; else empty."""
    start: int = 0
    noun: str = ""
    """The word behind it: `rows`, `pages`."""
    counts: str = ""
    """What it counts, where a word behind it tells."""
    when: str = ""
    """`before` or `after`, where the words around it tell."""

    def says(self, figure: Figure) -> bool:
        """Return whether the number is that figure, rounded as it was written."""
        if self.unit is not figure.unit or not _agree(self.counts, figure.counts) or not _agree(self.when, figure.when):
            return False
        if self.unit is Unit.FACTOR:
            return abs(figure.value - self.value) <= max(self.step, 0.05 * figure.value)
        if self.bound == "scale":
            return self.value <= figure.value < self.value * 1000
        if self.bound == "over":
            return self.value <= figure.value <= self.value * 1.5
        if self.bound == "under":
            return self.value / 1.5 <= figure.value <= self.value
        return abs(figure.value - self.value) <= self.step * 1.0001


def _agree(said: str, known: str) -> bool:
    return not (said and known) or said == known


_UNITS: dict[str, tuple[Unit, float]] = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), (Unit.MILLISECONDS, 1.0)),
    **dict.fromkeys(("µs", "us", "microseconds"), (Unit.MILLISECONDS, 0.001)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), (Unit.MILLISECONDS, 1000.0)),
    **dict.fromkeys(("min", "minute", "minutes"), (Unit.MILLISECONDS, 60_000.0)),
    **dict.fromkeys(("hour", "hours"), (Unit.MILLISECONDS, 3_600_000.0)),
    **dict.fromkeys(("byte", "bytes"), (Unit.BYTES, 1.0)),
    **dict.fromkeys(("kB", "KB", "kilobytes"), (Unit.BYTES, 1e3)),
    **dict.fromkeys(("MB", "megabytes", "MiB"), (Unit.BYTES, 1e6)),
    **dict.fromkeys(("GB", "gigabytes", "GiB"), (Unit.BYTES, 1e9)),
    **dict.fromkeys(("%", "percent", "per cent"), (Unit.PERCENT, 1.0)),
    **dict.fromkeys(("x", "×", "times", "-fold", "fold"), (Unit.FACTOR, 1.0)),
    **dict.fromkeys(("k", "K", "thousand"), (Unit.PLAIN, 1e3)),
    **dict.fromkeys(("M", "million", "millions"), (Unit.PLAIN, 1e6)),
    "billion": (Unit.PLAIN, 1e9),
}
_UNIT = "|".join(sorted((re.escape(unit) for unit in _UNITS), key=len, reverse=True))
_NUMBER = re.compile(
    r"(?<![\w.:/#'-])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:\s?(?P<unit>{_UNIT})(?![\w]))?(?![\w:]|\.\d|-\d|,\d)(?:\s+(?P<noun>[a-z]+))?"
)
_BOUNDS = {
    "over": r"(over|more than|above|at least|upwards of)",
    "under": r"(under|less than|below|fewer than|at most|up to)",
    "about": r"(about|around|roughly|nearly|almost|some|approximately|circa|~)",
}
_SMALL = {
    "half a": 0.5,
    "a": 1.0,
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "several": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "seven": 7.0,
    "eight": 8.0,
    "nine": 9.0,
    "ten": 10.0,
    "twelve": 12.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "seventy": 70.0,
    "eighty": 80.0,
    "ninety": 90.0,
}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_COUNTED = re.compile(
    rf"\b(?P<many>{'|'.join(sorted(_SMALL, key=len, reverse=True))})\s+(?P<what>hundred|thousand|million|"
    rf"billion|percent|per cent|"
    r"indexes|indices|tables|columns|seconds|milliseconds|minutes|megabytes|gigabytes)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?P<many>one|two|three|a)[ -](?P<part>third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|twentieth|"
    r"thirtieth|fiftieth|sixtieth|hundredth|thousandth)s?\b|"
    r"\b(?P<half>half) (?:of )?(?:the |all |its )?"
    r"(?:\w+ )?(?:rows|orders|values|records)\b",
    re.IGNORECASE,
)
_PARTS = {
    "third": 3.0, "quarter": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0, "eighth": 8.0, "ninth": 9.0,
    "tenth": 10.0, "twelfth": 12.0, "twentieth": 20.0, "thirtieth": 30.0, "fiftieth": 50.0, "sixtieth": 60.0,
    "hundredth": 100.0, "thousandth": 1000.0,
}  # fmt: skip
_VAGUE = re.compile(
    r"\b(?P<scale>hundreds|thousands|millions|billions) of\b|\bto (?P<to>millions|billions)\b",
    re.IGNORECASE,
)
_WORDS = {"ten": 10.0, "twenty": 20.0, "fifty": 50.0, "hundred": 100.0, "thousand": 1000.0, "million": 1e6}
_TWICE = re.compile(
    r"\b(twice(?= (?:as|the)\b)|double[sd]?|halv(?:e|es|ed|ing)|half (?:the|of the|its) (?:time|work|cost)|"
    r"half as (?:long|"
    r"much|many))\b",
    re.IGNORECASE,
)
_SMALL_FACTOR = re.compile(
    r"\b(?P<many>two|three|four|five|six|seven|eight|nine|twelve)(?:fold|[ -]fold| times)\b(?! a\b)", re.IGNORECASE
)
_SPELLED = re.compile(
    r"\b(?P<word>ten|twenty|fifty|(?:a |one )?(?:hundred|thousand|million))(?P<unit>fold|[ -]fold| times)?"
    r"(?:\s+(?P<noun>[a-z]+))?\b",
    re.IGNORECASE,
)


_A_UNIT = re.compile(
    r"\b(?:under|below|less than|within) (?:a|one) (?P<unit>millisecond|second|minute)\b", re.IGNORECASE
)
_FEW_ROWS = re.compile(
    r"\b(?:has|have|holds?|contains?|with|there (?:are|is)|keeps?) (?:only |just |exactly |about |some |no more than )?"
    r"(?P<many>one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty) "
    r"(?P<noun>rows?|records|entries)\b",
    re.IGNORECASE,
)


def read_numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of a sentence, in digits and in words from ten up."""
    for match in _NUMBER.finditer(text):
        unit, scale = _UNITS.get(match["unit"] or "", (Unit.PLAIN, 1.0))
        digits = match["digits"].replace(",", "")
        if unit is Unit.PLAIN and (match["noun"] or "") in ("steps", "pages", "virtual", "instructions"):
            unit = Unit.WORK
        bound = _bound(text[: match.start()])
        step = _step(digits, rounded=bool(bound) or scale >= 1e3) * scale
        yield Number(
            f"{match['digits']}{match['unit'] or ''}",
            float(digits) * scale,
            unit,
            step,
            bound,
            match.start(),
            match["noun"] or "",
        )
    for match in _TWICE.finditer(text):
        yield Number(match.group(), 2.0, Unit.FACTOR, 0.3, "", match.start())
    yield from _in_words(text)
    for match in _A_UNIT.finditer(text):
        unit, scale = _UNITS[match["unit"].lower()]
        yield Number(match.group(), scale, unit, 0.5 * scale, "under", match.start())
    for match in _SPELLED.finditer(text):
        if re.search(rf"\b(?:{'|'.join(_SMALL)})\s+$", text[: match.start()], re.IGNORECASE):
            continue  # three hundred is read as one number above
        value = _WORDS[match["word"].split()[-1].lower()]
        unit = Unit.FACTOR if match["unit"] else Unit.PLAIN
        yield Number(f"{match['word']}{match['unit'] or ''}", value, unit, 0.5, "", match.start(), match["noun"] or "")


def _in_words(text: str) -> Iterator[Number]:
    for match in _COUNTED.finditer(text):
        what = match["what"].lower()
        unit, scale = _UNITS.get(what, (Unit.PLAIN, _SCALES.get(what, 1.0)))
        value = _SMALL[match["many"].lower()] * scale
        yield Number(match.group(), value, unit, 0.05 * value, "", match.start())
    for match in _FEW_ROWS.finditer(text):
        value = _SMALL[match["many"].lower()]
        yield Number(match["many"], value, Unit.PLAIN, 0.0, "", match.start("many"), "rows")
    for match in _PART.finditer(text):
        many = 1.0 if match["half"] else _SMALL[match["many"].lower()]
        value = many / (2.0 if match["half"] else _PARTS[match["part"].lower()]) * 100
        yield Number(match.group(), value, Unit.PERCENT, min(2.5, 0.1 * value), "", match.start())
    for match in _SMALL_FACTOR.finditer(text):
        yield Number(match.group(), _SMALL[match["many"].lower()], Unit.FACTOR, 0.3, "", match.start())
    for match in _VAGUE.finditer(text):
        scale = _SCALES[(match["scale"] or match["to"]).lower().rstrip("s")]
        yield Number(match.group(), scale, Unit.PLAIN, 0.0, "scale", match.start())


def table_near(sentence: str, position: int, tables: frozenset[str]) -> frozenset[str]:
    """Return the one table that a number of rows at this position is about: `6,000 rows of orders`, `orders has 6,000`.

    None where the sentence names no table."""
    behind = re.match(r"\S+\s+\w+\s+(?:of|in|from)\s+(?:the\s+)?`?(\w+)", sentence[position:])
    if behind and behind[1].lower() in tables:
        return frozenset([behind[1].lower()])
    before = [word.lower() for word in re.findall(r"\w+", sentence[:position]) if word.lower() in tables]
    after = [word.lower() for word in re.findall(r"\w+", sentence[position:]) if word.lower() in tables]
    return frozenset(before[-1:] or after[:1])


def _bound(before: str) -> str:
    found = (name for name, words in _BOUNDS.items() if re.search(rf"\b{words}\s*$|~\s*$", before, re.IGNORECASE))
    return next(found, "")


def _step(digits: str, *, rounded: bool) -> float:
    """Return half of the last digit's place; of a whole number that is rounded, half of its last digit but zero."""
    if "." in digits:
        return 0.5 * 10.0 ** -len(digits.split(".")[1])
    zeros = len(digits) - len(digits.rstrip("0"))
    return 0.5 * 10.0**zeros if rounded and zeros < len(digits) else 0.5
