"""Lesson 10: what Claude is told, and how what it says is tried."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import SameAnswer, StaysHere

_OF_A_PERSON = "SELECT id, email, status\nFROM accounts\nWHERE name = 'Ravi Jansen'"
_OF_SOMEBODY = "SELECT id, email, status\nFROM accounts\nWHERE name = :name"

_WITH_REJECTED = """SELECT a.id, a.email
FROM accounts a
WHERE EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.id AND o.status = 'rejected')"""
_PROPOSED = """SELECT a.id, a.email
FROM accounts a
JOIN orders o ON o.account_id = a.id
WHERE o.status = 'rejected'"""

EXERCISES = (
    Exercise(
        "10.1",
        "Ask the same question so that the customer's name does not leave this machine.",
        starter=_OF_A_PERSON,
        hints=(
            "What stands in the cell goes out with it. Which part of it is not needed to judge the query?",
            "Write a placeholder, :name, where the name stands.",
        ),
        answer=_OF_SOMEBODY,
        goal=StaysHere(_OF_SOMEBODY, "Ravi Jansen"),
        mistakes=(
            Mistake(_OF_SOMEBODY + " -- Ravi Jansen", "The comment is a part of the cell and goes out with it."),
            Mistake(_OF_A_PERSON.replace("'Ravi Jansen'", "'Ravi' || ' Jansen'"), "The parts tell as much."),
            Mistake(_OF_SOMEBODY.replace("name = :name", "status = :status"), "Another column is asked for."),
            Mistake(_OF_SOMEBODY.replace("name = :name", "name LIKE '%'"), "That asks for all accounts."),
        ),
    ),
    Exercise(
        "10.2",
        "A model proposed this join for EXISTS, and the trials refuted it. Mend it, so that it gives the same rows.",
        starter=_PROPOSED,
        hints=(
            "An account with two rejected orders: how often does it stand in each of the two answers?",
            "Make the rows distinct, or let the subquery give each account once.",
        ),
        answer=_PROPOSED.replace("SELECT", "SELECT DISTINCT", 1),
        goal=SameAnswer(_WITH_REJECTED),
        mistakes=(
            Mistake(
                _PROPOSED.replace("SELECT a.id, a.email", "SELECT DISTINCT o.id, a.email"),
                "Made distinct by the order's number, each order still gives a row.",
            ),
            Mistake(
                _PROPOSED.replace("SELECT", "SELECT DISTINCT", 1).replace("\nWHERE o.status = 'rejected'", ""),
                "Accounts whose orders were all taken are in it too.",
            ),
            Mistake(
                _PROPOSED.replace("JOIN orders o ON", "LEFT JOIN orders o ON").replace("\nWHERE", "\n  AND"),
                "A left join keeps accounts without a rejected order.",
            ),
        ),
    ),
)
