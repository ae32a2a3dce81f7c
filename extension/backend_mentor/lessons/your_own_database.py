"""Lesson 9: a database of one's own, looked at without a chance to change it."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import SameAnswer, TestsPass, WriteRefused

_BY_CAST = """SELECT id, side, quantity, status
FROM orders
WHERE CAST(account_id AS text) = '4242'"""
_AS_NUMBER = "account_id = 4242"
_CAST = "CAST(account_id AS text) = '4242'"

_FIXED = "%backend connect sqlite:///laptop.db"
_FROM_ENVIRONMENT = """import os

shop = os.environ["SHOP_DATABASE"]
%backend connect shop --alias shop"""

# Runs the attempt as a cell, where SHOP_DATABASE names one file, then another, then none.
_TESTS = """
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from backend_mentor.surfaces.magic import load

CELL = Path("cell.py").read_text()
shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
session = load(shell)


def tables_after(address):
    os.environ.pop("SHOP_DATABASE", None)
    if address:
        os.environ["SHOP_DATABASE"] = address
    session.close()
    result = shell.run_cell(CELL)
    if not result.success or session.current is None:
        return None
    return [table.name for table in session.database().schema().tables]


@pytest.fixture(autouse=True)
def databases():
    for name in ("laptop", "production"):
        Path(f"{name}.db").unlink(missing_ok=True)
        with closing(sqlite3.connect(f"{name}.db")) as connection:
            connection.execute(f"CREATE TABLE of_{name} (id INTEGER PRIMARY KEY)")


@pytest.mark.parametrize("place", ["laptop", "production"])
def test_it_connects_to_what_the_environment_names(place):
    assert tables_after(f"sqlite:///{place}.db") == [f"of_{place}"]


def test_where_the_environment_names_nothing_it_fails_instead_of_taking_another_database():
    assert tables_after(None) is None
"""

EXERCISES = (
    Exercise(
        "9.1",
        "Hand in a DELETE or UPDATE of orders that would change rows. See what the connection does with it.",
        starter="DELETE FROM orders WHERE id = 0",
        hints=(
            "No order has the id 0, so even a careless connection would change nothing.",
            "Take a condition that holds for some rows, such as status = 'open'.",
        ),
        answer="UPDATE orders SET quantity = quantity + 1 WHERE status = 'open'",
        goal=WriteRefused("orders", "quantity"),
        mistakes=(
            Mistake("SELECT count(*) FROM orders", "A read says nothing of what a write would do."),
            Mistake("DELETE FROM orders WHERE id < 0", "There is no such row, so nothing would change anyway."),
            Mistake("DELETE FROM order_history", "What fails because the table is missing proves nothing."),
            Mistake("UPDATE orders SET amount = 0", "What fails because the column is missing proves nothing."),
            Mistake("UPDATE accounts SET balance = 0", "That is another table than the one that is watched."),
        ),
    ),
    Exercise(
        "9.2",
        "Let the cell connect to whatever SHOP_DATABASE in the environment names, and to nothing where it is not set.",
        starter=_FIXED,
        hints=(
            "connect takes the name of a variable of the notebook too. How does Python read the environment?",
            'os.environ["SHOP_DATABASE"] fails where the variable is missing, and os.environ.get does not.',
        ),
        answer=_FROM_ENVIRONMENT,
        goal=TestsPass(_TESTS),
        mistakes=(
            Mistake('shop = "sqlite:///laptop.db"\n%backend connect shop', "The address still stands in the notebook."),
            Mistake(
                _FROM_ENVIRONMENT.replace('["SHOP_DATABASE"]', '.get("SHOP_DATABASE", "sqlite:///laptop.db")'),
                "Where the variable was forgotten, another database is reviewed, and nobody notices.",
            ),
            Mistake("%backend connect SHOP_DATABASE", "connect looks for a variable of the notebook by that name."),
        ),
    ),
    Exercise(
        "9.3",
        "The statement that takes most of the day compares a number as text. Mend it; a hundredth of the work will do.",
        starter=_BY_CAST,
        hints=(
            "The index on account_id is sorted by number, and the cast has to be computed for every row.",
            "Leave the column as it is, and write the value as a number.",
        ),
        answer=_BY_CAST.replace(_CAST, _AS_NUMBER),
        goal=SameAnswer(_BY_CAST, at_most=0.01),
        mistakes=(
            Mistake(_BY_CAST.replace(_CAST, "account_id BETWEEN 4242 AND 4243"), "Those are two accounts."),
            Mistake(_BY_CAST.replace(_CAST, "account_id + 0 = 4242"), "The index is no help for a sum either."),
            Mistake(_BY_CAST.replace("= '4242'", "LIKE '4242%'"), "That finds account 42,420 too, and no faster."),
        ),
    ),
)
