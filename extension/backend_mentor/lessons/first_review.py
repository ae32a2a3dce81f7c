"""Lesson 1: a first review, and the better version it leads to."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import SameAnswer

_ORDERS_OF_ONE_DAY = """SELECT id, account_id, side, quantity
FROM orders
WHERE date(placed_at) = '2026-04-15'"""

_BLOCK_TRADES = """SELECT count(*) > 0 AS has_block_trade
FROM trades
WHERE quantity >= 1000"""

EXERCISES = (
    Exercise(
        "1.1",
        "Write the condition on placed_at so that the index on it can be used. A tenth of the work is enough.",
        starter=_ORDERS_OF_ONE_DAY,
        hints=(
            "date(placed_at) is computed for every order. Which values of placed_at itself belong to that day?",
            "A day is a range: from its first instant, up to but without the first instant of the next day.",
        ),
        answer=_ORDERS_OF_ONE_DAY.replace(
            "date(placed_at) = '2026-04-15'", "placed_at >= '2026-04-15' AND placed_at < '2026-04-16'"
        ),
        goal=SameAnswer(_ORDERS_OF_ONE_DAY, at_most=0.1),
        mistakes=(
            Mistake(
                _ORDERS_OF_ONE_DAY.replace("date(placed_at) = '2026-04-15'", "placed_at = '2026-04-15'"),
                "Only orders of midnight sharp are equal to the day's name.",
            ),
            Mistake(
                _ORDERS_OF_ONE_DAY.replace(
                    "date(placed_at) = '2026-04-15'", "placed_at BETWEEN '2026-04-15' AND '2026-04-16'"
                ),
                "BETWEEN takes in the first instant of the next day.",
            ),
        ),
    ),
    Exercise(
        "1.2",
        "The banner wants to know whether there ever was a block trade. Let the query stop at the first one it finds.",
        starter=_BLOCK_TRADES,
        hints=(
            "count(*) has to see all of them to know that there are more than none.",
            "EXISTS answers as soon as one row is there.",
        ),
        answer="SELECT EXISTS (SELECT 1 FROM trades WHERE quantity >= 1000) AS has_block_trade",
        goal=SameAnswer(_BLOCK_TRADES, at_most=0.1),
        mistakes=(
            Mistake(
                "SELECT EXISTS (SELECT 1 FROM trades WHERE quantity > 1000) AS has_block_trade",
                "A trade of exactly 1,000 pieces is a block trade too.",
            ),
            Mistake(
                "SELECT count(id) > 0 AS has_block_trade FROM trades WHERE quantity >= 1000",
                "Counting another column still counts all of them.",
            ),
        ),
    ),
)
