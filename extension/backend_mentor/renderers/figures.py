"""Numbers as people read them: `200,000 rows`, `38 -> 0.9 ms`, `94 %`, `4.1 MB`."""

from __future__ import annotations

from math import isfinite

ARROW = "->"


def write_number(value: float) -> str:
    """Return a count with commas; below ten one decimal is kept where it is not whole."""
    if not isfinite(value):
        return str(value)
    if value == int(value) or abs(value) >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 0.1 else f"{value:.2g}"


def count(value: float, noun: str) -> str:
    """Return the count with its noun, in the plural unless there is exactly one: `1 row`, `10 rows`."""
    return f"{write_number(value)} {noun}{'' if value == 1 else 's'}"


def write_milliseconds(value: float) -> str:
    """Return a duration in the unit that suits it: `0.9 ms`, `38 ms`, `1.2 s`, `2 min 5 s`."""
    figure, unit = _duration(value, value)
    return f"{figure} {unit}".rstrip()


def write_duration_change(before: float, after: float) -> str:
    """Return two durations in milliseconds in one unit, that of the longer: `38 -> 0.9 ms`."""
    longer = max(before, after)
    (first, unit), (second, _) = _duration(before, longer), _duration(after, longer)
    if unit == "":
        return f"{write_milliseconds(before)} {ARROW} {write_milliseconds(after)}"
    return f"{first} {ARROW} {second} {unit}"


def write_change(before: float, after: float) -> str:
    """Return a figure before and after: `1,804,112 -> 43,950`."""
    return f"{write_number(before)} {ARROW} {write_number(after)}"


def write_bytes(value: float) -> str:
    """Return a size in decimal units, as disks are sold: `4.1 MB`."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= size:
            amount = value / size
            return f"{amount:,.0f} {unit}" if amount >= 100 else f"{amount:.1f} {unit}"
    return count(value, "byte")


def write_share(share: float) -> str:
    """Return a part of 1 in percent; a part too small to round to one is `<1 %`."""
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 <= share < 1:
        return ">99 %"
    return f"{share * 100:.0f} %"


def write_factor(factor: float) -> str:
    """Return a factor: `10×`, `1.4×`."""
    return f"{factor:,.0f}×" if factor >= 10 else f"{factor:.2g}×"


def _duration(value: float, scale: float) -> tuple[str, str]:
    if scale >= 120_000:
        minutes, seconds = divmod(round(value / 1000), 60)
        return f"{minutes} min {seconds} s", ""
    if scale >= 1000:
        return _significant(value / 1000), "s"
    return _significant(value), "ms"


def _significant(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"
