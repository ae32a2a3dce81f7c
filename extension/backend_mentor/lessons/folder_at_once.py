"""Lesson 8: a folder of queries, reviewed in one go and on every change."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import CommandEnds, Folder, QuietReview, SameAnswer

_NEVER_FILLED = "SELECT count(*) AS never_filled FROM orders WHERE filled_at = NULL"
_IS_NULL = _NEVER_FILLED.replace("= NULL", "IS NULL")
_FIND_ACCOUNT = "SELECT id, name, email FROM accounts WHERE name LIKE '%Diaz' ORDER BY id LIMIT 20"
_OF_ONE_DAY = "SELECT id, side, quantity FROM orders WHERE date(placed_at) = '2026-03-02'"
_IGNORED = "-- backend-mentor: ignore leading-wildcard\n"

EXERCISES = (
    Exercise(
        "8.1",
        "One finding in the folder is not about speed: that query gives a wrong number. Mend it.",
        starter=_NEVER_FILLED,
        hints=(
            "Start with the gravest finding, the one marked ■.",
            "Nothing is equal to NULL, not even NULL. There is a comparison that asks for it.",
        ),
        answer=_IS_NULL,
        goal=QuietReview(("comparison-with-null",), then=SameAnswer(_IS_NULL)),
        mistakes=(
            Mistake(_IS_NULL.replace("IS NULL", "IS NOT NULL"), "That counts the orders that were filled."),
            Mistake(
                _IS_NULL.replace("filled_at IS NULL", "status = 'open'"), "Cancelled orders were never filled too."
            ),
            Mistake(_NEVER_FILLED.replace("= NULL", "<> NULL"), "Nothing is unequal to NULL either."),
        ),
    ),
    Exercise(
        "8.2",
        "The team keeps the search by name as it is. Silence this one finding, in the file itself.",
        starter=_FIND_ACCOUNT,
        hints=(
            "A comment in the statement can name the rule. Its name stands in the summary.",
            "The comment begins with -- backend-mentor: ignore.",
        ),
        answer=_IGNORED + _FIND_ACCOUNT,
        goal=QuietReview(("leading-wildcard",), then=SameAnswer(_FIND_ACCOUNT)),
        mistakes=(
            Mistake(
                _IGNORED.replace("leading-wildcard", "function-on-column") + _FIND_ACCOUNT,
                "The comment names another rule.",
            ),
            Mistake(_FIND_ACCOUNT.replace("'%Diaz'", "'Diaz%'"), "Without the first % other accounts are found."),
        ),
    ),
    Exercise(
        "8.3",
        "Write the line for the pipeline: a critical finding fails it, a warning is only listed.",
        starter="backend-mentor review queries",
        hints=(
            "Without an option, a warning fails it too.",
            "--fail-on sets from which severity up the line ends with 1.",
        ),
        answer="backend-mentor review queries --fail-on critical",
        goal=CommandEnds(
            "backend-mentor review",
            (
                Folder("a warning", (("queries/orders.sql", _OF_ONE_DAY + ";\n"),), 0),
                Folder("a critical finding", (("queries/counts.sql", _NEVER_FILLED + ";\n"),), 1),
            ),
        ),
        mistakes=(
            Mistake(
                "backend-mentor review queries --fail-on advice", "That is stricter: less than a warning fails it."
            ),
            Mistake("backend-mentor review queries --fail-on error", "There is no such severity."),
            Mistake("backend-mentor review queries || true", "No shell reads the line, and it would never fail."),
        ),
    ),
)
