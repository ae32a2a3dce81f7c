"""The rows of the demo: made up, the same on every machine, and skewed as real ones are."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row: TypeAlias = tuple[object, ...]

_FIRST_DAY: Final = date(2025, 7, 1)
_LAST_DAY: Final = date(2026, 6, 30)
_BUSY_DAY: Final = date(2026, 3, 2)
_DAY_SECONDS: Final = 86_400
_ACCOUNTS: Final = 20_000
_INSTRUMENTS: Final = 500
_ORDERS: Final = 200_000
_PRICE_DAYS: Final = 240
_WATCHED: Final = 10_000

_GIVEN: Final = ("Ada", "Bela", "Dana", "Emil", "Fatou", "Goran", "Hana", "Jin", "Kira", "Liam", "Mona", "Ravi", "Uma")
_FAMILY: Final = (
    "Abel",
    "Berg",
    "Costa",
    "Diaz",
    "Evans",
    "Gruber",
    "Haas",
    "Ito",
    "Jansen",
    "Kaya",
    "Meyer",
    "Okafor",
)
_DOMAINS: Final = ("example.com", "example.org", "example.net")
_COUNTRIES: Final = {"DE": 40, "FR": 18, "AT": 12, "NL": 10, "IT": 8, "ES": 6, "PL": 4, "SE": 1.5, "EE": 0.4, "IS": 0.1}
_CHANNELS: Final = {"app": 62, "web": 27, "api": 8, "phone": 1, None: 2}


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows by table, each in the order in which it came into being."""

    accounts: tuple[Row, ...]
    instruments: tuple[Row, ...]
    orders: tuple[Row, ...]
    trades: tuple[Row, ...]
    prices: tuple[Row, ...]
    watchlists: tuple[Row, ...]

    def of(self, table: str) -> tuple[Row, ...]:
        """Return the rows of that table, in the order of its columns."""
        rows: tuple[Row, ...] = getattr(self, table)
        return rows


def make_rows(seed: int = 2026) -> Rows:
    """Return about 500,000 rows; the same for the same seed."""
    random_source = random.Random(seed)  # noqa: S311 - nothing secret is made here
    accounts = tuple(_accounts(random_source))
    instruments = tuple(_instruments(random_source))
    levels = [10 ** (0.7 + 2 * random_source.random()) for _ in instruments]
    orders = tuple(_orders(random_source, levels))
    trades = tuple(_trades(random_source, orders, levels))
    prices = tuple(_prices(random_source, levels))
    watchers = random_source.choices(range(1, _ACCOUNTS + 1), k=_WATCHED)
    watched = set(zip(watchers, _skewed(random_source, _INSTRUMENTS, _WATCHED, idle=0.0), strict=True))
    watchlists = tuple((*pair, "sell above target" if sum(pair) % 9 == 0 else None) for pair in sorted(watched))
    return Rows(accounts, instruments, orders, trades, prices, watchlists)


def _accounts(random_source: random.Random) -> Iterator[Row]:
    countries = random_source.choices(tuple(_COUNTRIES), tuple(_COUNTRIES.values()), k=_ACCOUNTS)
    opened = datetime(2019, 1, 7, 9)
    for number, country in enumerate(countries, start=1):
        opened += timedelta(seconds=int(random_source.random() * 2 * 11_600))
        given, family = random_source.choice(_GIVEN), random_source.choice(_FAMILY)
        email = f"{given}.{family}{number}@{random_source.choice(_DOMAINS)}"
        status = random_source.choices(("active", "closed", "suspended"), (90, 8, 2))[0]
        closed = opened + (datetime(2026, 6, 30) - opened) * random_source.random() if status == "closed" else None
        referred_by = 1 + int(random_source.random() ** 2 * (number - 1)) if random_source.random() < 0.25 else None
        yield (
            number,
            # People write their address as they like: a third never presses Shift.
            email.lower() if random_source.random() < 0.35 else email,
            f"{given} {family}",
            country,
            status,
            0.0 if status == "closed" else round(random_source.expovariate(1 / 8_000), 2),
            referred_by if number > 1 else None,
            _moment(opened),
            _moment(closed) if closed else None,
        )


def _instruments(random_source: random.Random) -> Iterator[Row]:
    for number in range(1, _INSTRUMENTS + 1):
        kind = random_source.choices(("share", "fund", "bond"), (75, 17, 8))[0]
        listed = date(2000, 1, 3) + timedelta(days=int(random_source.random() * 9_000))
        delisted = date(2026, 1, 5) + timedelta(days=number % 170) if random_source.random() < 0.04 else None
        letters = "".join(chr(65 + number // 26**power % 26) for power in (2, 1, 0))
        yield (
            number,
            f"{letters}{number % 7}",
            f"{random_source.choice(_FAMILY)} {kind.capitalize()} {number}",
            kind,
            random_source.choices(("EUR", "USD", "CHF"), (70, 25, 5))[0],
            listed.isoformat(),
            delisted.isoformat() if delisted else None,
        )


def _orders(random_source: random.Random, levels: Sequence[float]) -> Iterator[Row]:
    moments = _moments(random_source)
    accounts = _skewed(random_source, _ACCOUNTS, _ORDERS, idle=0.15)
    instruments = _skewed(random_source, _INSTRUMENTS, _ORDERS, idle=0.0)
    channels = random_source.choices(tuple(_CHANNELS), tuple(_CHANNELS.values()), k=_ORDERS)
    recent = ((_LAST_DAY - _FIRST_DAY).days - 4) * _DAY_SECONDS
    days = [(_FIRST_DAY + timedelta(days=day)).isoformat() for day in range(moments[-1] // _DAY_SECONDS + 2)]
    clock = [_moment(datetime.min + timedelta(seconds=second)).split()[1] for second in range(_DAY_SECONDS)]
    for number in range(_ORDERS):
        placed, instrument = moments[number], instruments[number]
        status = _status(random_source.random(), recent=placed >= recent)
        limit = round(levels[instrument - 1] * (0.95 + random_source.random() / 10), 2)
        filled = placed + 1 + int(random_source.expovariate(1 / 900))
        yield (
            number + 1,
            accounts[number],
            instrument,
            "buy" if random_source.random() < 0.56 else "sell",
            1 + int(min(random_source.paretovariate(0.9), 9_999)),
            limit if random_source.random() < 0.6 else None,
            status,
            channels[number],
            f"{days[placed // _DAY_SECONDS]} {clock[placed % _DAY_SECONDS]}",
            f"{days[filled // _DAY_SECONDS]} {clock[filled % _DAY_SECONDS]}" if status == "filled" else None,
        )


def _status(chance: float, *, recent: bool) -> str:
    if recent and chance < 0.45:
        return "open"
    for status, limit in (("filled", 0.71), ("cancelled", 0.93), ("rejected", 0.99), ("part filled", 0.9995)):
        if chance < limit:
            return status
    return "open"


def _moments(random_source: random.Random) -> list[int]:
    """Return when each order is placed, in seconds after the first midnight, in order."""
    days = range((_LAST_DAY - _FIRST_DAY).days + 1)
    dates = [_FIRST_DAY + timedelta(days=day) for day in days]
    weights = [2.5 if day == _BUSY_DAY else 0.08 if day.weekday() > 4 else 1.0 for day in dates]
    moments = [
        # Trading hours run from 8 to 20 o'clock, and the first hour is the busiest.
        day * _DAY_SECONDS + 28_800 + int(random_source.random() ** 1.6 * 43_200)
        for day in random_source.choices(days, weights, k=_ORDERS - 1)
    ]
    # One order falls on the first instant of a day: the row that a BETWEEN counts twice.
    return sorted([*moments, (_BUSY_DAY - _FIRST_DAY).days * _DAY_SECONDS + _DAY_SECONDS])


def _trades(random_source: random.Random, orders: Sequence[Row], levels: Sequence[float]) -> Iterator[Row]:
    number = 0
    for order in orders:
        identifier, _, instrument, _, quantity, _, status, _, placed, filled = order
        if status not in ("filled", "part filled") or not isinstance(quantity, int) or not isinstance(instrument, int):
            continue
        parts = 2 if quantity > 1 and random_source.random() < 0.07 else 1
        for part in range(parts):
            number += 1
            amount = quantity // parts + (quantity % parts if part == 0 else 0)
            price = round(levels[instrument - 1] * (0.95 + random_source.random() / 10), 2)
            fee = round(1 + amount * price * 0.0005, 2) if random_source.random() > 0.08 else None
            yield number, identifier, instrument, amount, price, fee, filled or placed


def _prices(random_source: random.Random, levels: Sequence[float]) -> Iterator[Row]:
    weekdays = [day for back in range(400) if (day := _LAST_DAY - timedelta(days=back)).weekday() < 5][:_PRICE_DAYS]
    closes = list(levels)
    for day in reversed(weekdays):
        for index, before in enumerate(closes):
            close = max(0.5, before * (1 + (random_source.random() - 0.499) / 25))
            high, low = max(before, close) * (1 + random_source.random() / 90), min(before, close) * 0.994
            volume = None if random_source.random() < 0.03 else int(random_source.paretovariate(1.1) * 800)
            closes[index] = close
            yield index + 1, day.isoformat(), round(before, 4), round(high, 4), round(low, 4), round(close, 4), volume


def _skewed(random_source: random.Random, size: int, count: int, *, idle: float) -> list[int]:
    """Return `count` numbers from 1 to `size`, a few of them very often (Zipf's law), the part `idle` of them never."""
    numbers = list(range(1, size + 1))
    random_source.shuffle(numbers)
    active = numbers[: round(size * (1 - idle))]
    weights = list(accumulate(1 / (rank + 12) for rank in range(len(active))))
    return random_source.choices(active, cum_weights=weights, k=count)


def _moment(moment: datetime) -> str:
    return moment.isoformat(" ", "seconds")
