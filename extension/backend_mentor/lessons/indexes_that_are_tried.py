"""Lesson 3: an index is a promise to the planner, and a price for every write."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import IndexTried

CANCELLED = """SELECT id, account_id, filled_at
FROM orders
WHERE instrument_id = 202 AND status = 'cancelled'
ORDER BY placed_at DESC, id DESC
LIMIT 20"""

OPEN_ORDERS = """SELECT id, account_id, instrument_id, side, quantity, placed_at
FROM orders
WHERE status = 'open'
ORDER BY placed_at, id
LIMIT 50"""

EXERCISES = (
    Exercise(
        "3.1",
        "Write one index with which the query about instrument 202 takes a fiftieth of the work.",
        starter="CREATE INDEX orders_of_instrument ON orders (side)",
        hints=(
            "Columns compared with = come first: they name one stretch of the index.",
            "Within that stretch the rows should lie in the order in which they are wanted: nothing is sorted, and the "
            "query stops after 20.",
        ),
        answer="CREATE INDEX orders_of_instrument ON orders (instrument_id, status, placed_at DESC, id DESC)",
        goal=IndexTried(CANCELLED, at_most=0.02),
        mistakes=(
            Mistake(
                "CREATE INDEX orders_of_instrument ON orders (placed_at DESC, id DESC, instrument_id, status)",
                "The order comes first, so orders of every instrument stand between those that are wanted.",
            ),
            Mistake("CREATE INDEX orders_of_instrument ON orders (quantity)", "The query does not ask for a quantity."),
        ),
    ),
    Exercise(
        "3.2",
        "One order in two hundred is open. Write an index for the start page that has 100 kB at most.",
        starter="CREATE INDEX open_orders ON orders (status, placed_at, id)",
        hints=(
            "The index above holds all 200,000 orders, and the page asks for about 1,000 of them.",
            "An index with a WHERE of its own holds only the rows that meet it.",
        ),
        answer="CREATE INDEX open_orders ON orders (placed_at, id) WHERE status = 'open'",
        goal=IndexTried(OPEN_ORDERS, at_most=0.2, index_bytes=100 * 1024),
        mistakes=(
            Mistake(
                "CREATE INDEX open_orders ON orders (placed_at, id) WHERE status <> 'filled'",
                "Its condition does not say that the rows are open, so the planner must not rely on it.",
            ),
        ),
    ),
)
