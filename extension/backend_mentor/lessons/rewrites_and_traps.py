"""Lesson 4: rewrites that keep the answer, and those that three rows break."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import RowsThatDiffer, SameAnswer

_NOT_IN = "SELECT id FROM accounts WHERE id NOT IN (SELECT referred_by FROM accounts)"
_NOT_EXISTS = "SELECT a.id FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM accounts r WHERE r.referred_by = a.id)"
_WITHOUT_NULLS = f"{_NOT_IN[:-1]} WHERE referred_by IS NOT NULL)"
_OF_THE_DAY = """SELECT id FROM orders
WHERE placed_at >= '2026-03-02 00:00:00' AND placed_at < '2026-03-03 00:00:00'"""
_WITH_OPEN_ORDERS = """SELECT a.id, o.id AS order_id
FROM accounts a
LEFT JOIN orders o ON o.account_id = a.id AND o.status = 'open'"""
EXERCISES = (
    Exercise(
        "4.1",
        "Which accounts referred nobody? NOT IN and NOT EXISTS look the same. Give two accounts, as (id, referred_by), "
        "on which they differ.",
        starter="VALUES (1, 2), (2, 1)",
        hints=(
            "What does 1 NOT IN (2, NULL) come to?",
            "An account that nobody referred has NULL in referred_by.",
        ),
        answer="VALUES (1, NULL), (2, 1)",
        goal=RowsThatDiffer("accounts", ("id", "referred_by"), _NOT_IN, _NOT_EXISTS, most_rows=2),
        mistakes=(
            Mistake("VALUES (1, 1), (2, 2)", "Without a NULL the two agree."),
            Mistake("VALUES (1, 2), (2, 3), (3, NULL)", "It does differ, but with one row more than it takes."),
        ),
    ),
    Exercise(
        "4.2",
        "Write NOT IN so that it gives the accounts that referred nobody, whatever is NULL.",
        starter=_NOT_IN,
        hints=(
            "The list must not hold a NULL.",
            "The subquery can leave the NULLs out itself.",
        ),
        answer=_WITHOUT_NULLS,
        goal=SameAnswer(_WITHOUT_NULLS),
        mistakes=(
            Mistake(
                "SELECT id FROM accounts WHERE id NOT IN (SELECT coalesce(referred_by, id) FROM accounts)",
                "The account itself stands in the place of the NULL, and so counts as one that referred somebody.",
            ),
        ),
    ),
    Exercise(
        "4.3",
        "All orders of 2 March, those of its first instant and none of the next day's. Mend the condition.",
        starter="SELECT id FROM orders\nWHERE placed_at BETWEEN '2026-03-02 00:00:00' AND '2026-03-03 00:00:00'",
        hints=("BETWEEN includes both its ends.", "Write two comparisons, and leave the second end out."),
        answer=_OF_THE_DAY,
        goal=SameAnswer(_OF_THE_DAY),
        mistakes=(
            Mistake(
                "SELECT id FROM orders\nWHERE placed_at > '2026-03-02 00:00:00' AND placed_at < '2026-03-03 00:00:00'",
                "The order of midnight sharp belongs to the day.",
            ),
        ),
    ),
    Exercise(
        "4.4",
        "Every account with its open orders, and accounts without any too. Mend the query.",
        starter="""SELECT a.id, o.id AS order_id
FROM accounts a
LEFT JOIN orders o ON o.account_id = a.id
WHERE o.status = 'open'""",
        hints=(
            "What is o.status for an account that has no order?",
            "A condition that decides what is joined belongs into ON.",
        ),
        answer=_WITH_OPEN_ORDERS,
        goal=SameAnswer(_WITH_OPEN_ORDERS),
        mistakes=(
            Mistake(
                """SELECT a.id, o.id AS order_id
FROM accounts a
LEFT JOIN orders o ON o.account_id = a.id
WHERE o.status = 'open' OR o.id IS NULL""",
                "An account whose orders are all filled has orders, so nothing of it is NULL, and it is left out.",
            ),
        ),
    ),
)
