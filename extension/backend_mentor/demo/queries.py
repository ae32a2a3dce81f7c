"""The demo's slow queries, as such a platform really has them, and pairs that only look alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class DemoQuery:
    """A query of the demo and the story behind it."""

    name: str
    story: str
    """Who asks, and what they see."""
    sql: Mapping[str, str]
    """The text by engine."""
    leave_it: bool = False
    """True where no index and no rewrite halves the work: the right advice is to leave it as it is."""


@dataclass(frozen=True, slots=True)
class TemptingPair:
    """Two statements that look the same and are not."""

    name: str
    tempting: str
    other: str
    difference: str
    """In which rows they differ, and why."""


def _query(name: str, story: str, sql: str, *, leave_it: bool = False) -> DemoQuery:
    text = sql.strip()
    return DemoQuery(name, story, MappingProxyType({"sqlite": text, "postgres": text}), leave_it)


QUERIES: Final[tuple[DemoQuery, ...]] = (
    _query(
        "orders-of-one-day",
        "The back office opens a day's order book and waits, though placed_at has an index.",
        """
SELECT o.id, a.email, o.side, o.quantity, o.placed_at
FROM orders o
JOIN accounts a ON a.id = o.account_id
WHERE date(o.placed_at) = '2026-03-02'
ORDER BY o.placed_at DESC, o.id DESC
LIMIT 10""",
    ),
    _query(
        "any-block-trade",
        "A banner shows whether there ever was a block trade; each page view counts all of them to learn it.",
        """
SELECT count(*) > 0 AS has_block_trade
FROM trades
WHERE quantity >= 1000""",
    ),
    _query(
        "delisted-volume",
        "The archive adds up what each delisted instrument ever traded, reading all trades anew for each of them.",
        """
SELECT i.symbol, i.delisted_on,
       (SELECT sum(t.quantity) FROM trades t WHERE t.instrument_id = i.id) AS traded
FROM instruments i
WHERE i.delisted_on IS NOT NULL""",
    ),
    _query(
        "account-totals",
        "Somebody once fenced this CTE off from the planner, and every account page now adds up all accounts.",
        """
WITH totals AS MATERIALIZED (
  SELECT account_id, count(*) AS orders, sum(quantity) AS quantity
  FROM orders
  GROUP BY account_id
)
SELECT orders, quantity
FROM totals
WHERE account_id = 4242""",
    ),
    _query(
        "orders-to-review",
        "Compliance reviews the orders of one watched account together with all that traded on the last day.",
        """
SELECT o.id, o.account_id, o.status
FROM orders o
WHERE o.account_id = 4242
   OR EXISTS (SELECT 1 FROM trades t WHERE t.order_id = o.id AND t.executed_at >= '2026-06-30')""",
    ),
    _query(
        "newest-trades",
        "The page of a rarely traded instrument is slower than that of a popular one.",
        """
SELECT id, quantity, price, executed_at
FROM trades
WHERE instrument_id = 202
ORDER BY executed_at DESC, id DESC
LIMIT 20""",
    ),
    _query(
        "open-orders",
        "The matching engine's start page lists the open orders, one in two hundred, from all that ever were.",
        """
SELECT id, account_id, instrument_id, side, quantity, placed_at
FROM orders
WHERE status = 'open'
ORDER BY placed_at, id
LIMIT 50""",
    ),
    _query(
        "log-in",
        "People type their address in any case they like, and each log-in reads all accounts.",
        """
SELECT id, name, status
FROM accounts
WHERE lower(email) = 'bela.abel4242@example.net'""",
    ),
    _query(
        "price-statistics",
        "The yearly report looks at every price there is. It needs all of them, and it runs once a year.",
        """
SELECT count(*) AS prices, min(day) AS first_day, max(day) AS last_day,
       min(low) AS lowest, max(high) AS highest,
       avg(open) AS mean_open, avg(close) AS mean_close, sum(volume) AS volume
FROM prices""",
        leave_it=True,
    ),
    _query(
        "month-of-trades",
        "The month's trades go to the regulator: 13,000 whole rows, found by an index in the order they are wanted.",
        """
SELECT id, order_id, instrument_id, quantity, price, fee, executed_at
FROM trades
WHERE executed_at >= '2026-03-01' AND executed_at < '2026-04-01'
ORDER BY executed_at, id""",
        leave_it=True,
    ),
)

TEMPTING: Final[tuple[TemptingPair, ...]] = (
    TemptingPair(
        "not-in-and-null",
        "SELECT id FROM accounts WHERE id NOT IN (SELECT referred_by FROM accounts)",
        "SELECT id FROM accounts WHERE id NOT IN (SELECT referred_by FROM accounts WHERE referred_by IS NOT NULL)",
        "One account that nobody referred puts a NULL into the list, and NOT IN is then true for no account at all.",
    ),
    TemptingPair(
        "between-two-midnights",
        "SELECT id FROM orders WHERE placed_at BETWEEN '2026-03-02 00:00:00' AND '2026-03-03 00:00:00'",
        "SELECT id FROM orders WHERE placed_at >= '2026-03-02 00:00:00' AND placed_at < '2026-03-03 00:00:00'",
        "BETWEEN includes its end: the order of the next day's first instant is counted for both days.",
    ),
    TemptingPair(
        "between-first-and-last-day",
        "SELECT id FROM orders WHERE placed_at BETWEEN '2026-03-01' AND '2026-03-31'",
        "SELECT id FROM orders WHERE placed_at >= '2026-03-01' AND placed_at < '2026-04-01'",
        "The 31st begins at midnight, so BETWEEN leaves out all that happened later on the month's last day.",
    ),
    TemptingPair(
        "left-join-and-where",
        "SELECT a.id, o.id AS order_id FROM accounts a"
        " LEFT JOIN orders o ON o.account_id = a.id WHERE o.status = 'open'",
        "SELECT a.id, o.id AS order_id FROM accounts a LEFT JOIN orders o ON o.account_id = a.id AND o.status = 'open'",
        "A condition on the right table in WHERE drops the accounts without an open order; in ON it keeps them.",
    ),
    TemptingPair(
        "count-of-nothing",
        "SELECT a.id, o.placed FROM accounts a"
        " LEFT JOIN (SELECT account_id, count(*) AS placed FROM orders GROUP BY account_id) o"
        " ON o.account_id = a.id",
        "SELECT a.id, (SELECT count(*) FROM orders o WHERE o.account_id = a.id) AS placed FROM accounts a",
        "For an account without an order the subquery counts 0, and the outer join leaves NULL.",
    ),
)
"""Material for `same`: in each pair the first is what people write when they mean the second."""
