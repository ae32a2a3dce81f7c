"""What kinds of value a column can hold, and how a raw value is made to fit one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.domain.schema import Column


class Family(StrEnum):
    """A kind of value, the same for every engine."""

    INTEGER = "integer"
    REAL = "real"
    NUMERIC = "numeric"
    TEXT = "text"
    ISO_TEXT = "iso text"
    """Text that holds ISO dates or timestamps, as SQLite keeps them."""
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    ZONED_TIMESTAMP = "zoned timestamp"
    TIME = "time"
    INTERVAL = "interval"
    UUID = "uuid"
    JSON = "json"
    ARRAY = "array"
    BYTES = "bytes"
    ANY = "any"
    """A SQLite column without a type, which keeps what it is given."""
    LABELS = "labels"
    """A type with named values only, such as an enum: nothing but values already seen will do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A family with the limits that the declared type sets."""

    family: Family
    length: int | None = None
    """Characters at most."""
    scale: int | None = None
    """Digits after the point."""
    low: int | None = None
    high: int | None = None


_TEMPORAL = {Family.DATE, Family.TIMESTAMP, Family.ZONED_TIMESTAMP, Family.ISO_TEXT}
_ISO = re.compile(r"^\d{4}-\d\d(-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?)?$")
_INTEGER_BITS = {"smallint": 15, "int2": 15, "integer": 31, "int": 31, "int4": 31, "serial": 31}
_POSTGRES_FAMILIES = (
    (r"(smallint|integer|bigint|int[248]?|(big|small)?serial|oid)$", Family.INTEGER),
    (r"(real|double precision|float\d*)", Family.REAL),
    (r"(numeric|decimal|money)", Family.NUMERIC),
    (r"bool", Family.BOOLEAN),
    (r"timestamp.*with time zone|timestamptz", Family.ZONED_TIMESTAMP),
    (r"timestamp", Family.TIMESTAMP),
    (r"date$", Family.DATE),
    (r"time", Family.TIME),
    (r"interval", Family.INTERVAL),
    (r"uuid", Family.UUID),
    (r"json", Family.JSON),
    (r"bytea", Family.BYTES),
    (r"(text|character|varchar|char|citext|name|bpchar)", Family.TEXT),
)


def kind_of(column: Column, dialect: str, seen: tuple[object, ...] = ()) -> Kind:
    """Return what the column holds; `seen` are values that it was compared with: they tell ISO text from other."""
    declared = column.type.strip().lower()
    if dialect == "sqlite":
        return Kind(_sqlite_family(declared, column, seen))
    if declared.endswith("[]"):
        return Kind(Family.ARRAY)
    family = next((family for pattern, family in _POSTGRES_FAMILIES if re.match(pattern, declared)), Family.LABELS)
    numbers = [int(number) for number in re.findall(r"\d+", declared.partition("(")[2])]
    if family is Family.TEXT:
        return Kind(family, length=numbers[0] if numbers else None)
    if family is Family.NUMERIC and numbers:
        scale = numbers[1] if len(numbers) > 1 else 0
        high = 10 ** (numbers[0] - scale) - 1
        return Kind(family, scale=scale, low=-high, high=high)
    if family is Family.INTEGER:
        high = 2 ** _INTEGER_BITS.get(declared, 63) - 1
        return Kind(family, low=-high - 1, high=high)
    return Kind(family)


def _sqlite_family(declared: str, column: Column, seen: tuple[object, ...]) -> Family:
    if "int" in declared:
        return Family.INTEGER
    if any(word in declared for word in ("char", "clob", "text")):
        return Family.ISO_TEXT if holds_iso(column, seen) else Family.TEXT
    if not declared or "blob" in declared:
        return Family.ISO_TEXT if holds_iso(column, seen) else Family.ANY
    if any(word in declared for word in ("real", "floa", "doub")):
        return Family.REAL
    if "bool" in declared:
        return Family.INTEGER
    if "date" in declared or "time" in declared:
        return Family.ISO_TEXT if holds_iso(column, seen) or not _has_numbers(column) else Family.INTEGER
    return Family.NUMERIC


def holds_iso(column: Column, seen: tuple[object, ...]) -> bool:
    """Return whether the column's own values, or those it is compared with, are ISO dates."""
    known = [value for value in (*_known(column), *seen) if value is not None]
    texts = [value for value in known if isinstance(value, str)]
    return bool(texts) and all(is_iso(value) for value in texts)


def is_iso(value: object) -> bool:
    """Return whether a value is the text of an ISO date or timestamp, the day or the time left out or not."""
    return isinstance(value, str) and _ISO.match(value) is not None


def _known(column: Column) -> tuple[object, ...]:
    statistics = column.statistics
    if statistics is None:
        return ()
    return (statistics.low, statistics.high, *(value for value, _ in statistics.common))


def _has_numbers(column: Column) -> bool:
    return any(isinstance(value, int | float) for value in _known(column))


def is_temporal(kind: Kind) -> bool:
    """Return whether the values are points in time."""
    return kind.family in _TEMPORAL


def fit(value: object, kind: Kind) -> object:
    """Return the value as the column would hold it, or None where it can not."""
    if value is None:
        return None
    try:
        fitted = _FITTERS.get(kind.family, _fit_text)(value, kind)
    except (ValueError, TypeError, InvalidOperation, OverflowError):
        return None
    if kind.low is not None and kind.high is not None and isinstance(fitted, int | Decimal):
        return fitted if kind.low <= fitted <= kind.high else None
    return fitted


def _fit_integer(value: object, _: Kind) -> object:
    number = Decimal(str(value))
    return int(number) if abs(number) < 2**63 else None


def _fit_boolean(value: object, _: Kind) -> object:
    if isinstance(value, str):
        return {"t": True, "true": True, "f": False, "false": False}.get(value.lower())
    return bool(value)


def _fit_numeric(value: object, kind: Kind) -> object:
    number = Decimal(str(value))
    return number if kind.scale is None else number.quantize(Decimal(1).scaleb(-kind.scale))


def _fit_text(value: object, kind: Kind) -> object:
    return str(value)[: kind.length]


def _fit_iso(value: object, _: Kind) -> object:
    return value if is_iso(value) else None


def _fit_date(value: object, _: Kind) -> object:
    return as_moment(value).date()


def _fit_timestamp(value: object, _: Kind) -> object:
    return as_moment(value)


def _fit_zoned(value: object, _: Kind) -> object:
    return as_moment(value).replace(tzinfo=UTC)


def _fit_time(value: object, _: Kind) -> object:
    return value if isinstance(value, time) else time.fromisoformat(str(value))


def _fit_bytes(value: object, _: Kind) -> object:
    return value if isinstance(value, bytes) else str(value).encode()


def _keep(value: object, _: Kind) -> object:
    return float(value) if isinstance(value, Decimal) else value


_FITTERS = {
    Family.INTEGER: _fit_integer,
    Family.BOOLEAN: _fit_boolean,
    Family.REAL: lambda value, _: float(str(value)),
    Family.NUMERIC: _fit_numeric,
    Family.TEXT: _fit_text,
    Family.ISO_TEXT: _fit_iso,
    Family.DATE: _fit_date,
    Family.TIMESTAMP: _fit_timestamp,
    Family.ZONED_TIMESTAMP: _fit_zoned,
    Family.TIME: _fit_time,
    Family.BYTES: _fit_bytes,
    Family.ANY: _keep,
}


def as_moment(value: object) -> datetime:
    """Return a point in time without a zone; raises ValueError where the value is none."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = str(value)
    if not is_iso(text):
        raise ValueError(text)
    if len(text) == 7:
        text += "-01"
    return datetime.fromisoformat(text).replace(tzinfo=None)


def fresh(kind: Kind, number: int, example: object = None) -> object:
    """Return a value that differs for each number, for keys that need more values than their pool holds."""
    family = kind.family
    if family in (Family.INTEGER, Family.ANY):
        return (example if isinstance(example, int) else 3) + 1 + number
    if family in (Family.REAL, Family.NUMERIC):
        return float(4 + number) if family is Family.REAL else Decimal(4 + number)
    if family is Family.UUID:
        return f"00000000-0000-4000-8000-{number:012d}"
    if family in _TEMPORAL:
        start = as_moment(example) if isinstance(example, date) or is_iso(example) else datetime(2001, 1, 1)
        moment = start + timedelta(days=number + 1)
        if family is Family.ISO_TEXT:
            return moment.isoformat(sep=" ") if isinstance(example, str) and len(example) > 10 else str(moment.date())
        return fit(moment, kind)
    if family is Family.TIME:
        return time(number % 24, number // 24 % 60)
    if family is Family.BYTES:
        return f"k{number}".encode()
    if family is Family.TEXT:
        return f"k{number}"[-kind.length :] if kind.length else f"k{number}"
    return None
