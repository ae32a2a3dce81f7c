"""Rows that a loop looks up one by one are looked up together before it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.look_ups import holds_whole_numbers, only_reads, plural
from backend_mentor.proposals.code.places import added_before, indent_of, names_bound, node_of, replaced, statement_of
from backend_mentor.proposals.code.sample_tables import SQLALCHEMY_TABLES
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import dotted, enclosing, enclosing_function, last_name, parameters

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.tables import Table
    from backend_mentor.reading.endpoints.trees import Function


_LISTS = frozenset({"list[int]", "set[int]", "tuple[int, ...]", "List[int]", "Sequence[int]", "frozenset[int]"})


class RowsLookedUpTogether:
    """Fetch all rows by their keys in one query before the loop, and look each one up in a dictionary.

    Valid for `session.get(Model, key)` as the first statement of a `for` over a list of whole numbers, where the class
    stands in the cell with one whole number as its key, and the loop writes nothing.
    """

    name: ClassVar[str] = "rows-looked-up-together"
    answers: ClassVar[tuple[str, ...]] = ("query-in-loop",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            SQLALCHEMY_TABLES + "def totals(session, keys: list[int]):\n    found = []\n    # é\n    for key in keys:\n"
            "        book = session.get(Book, key)  # é\n        if book is not None:\n"
            "            found.append(book.title)\n    return found\n",
            SQLALCHEMY_TABLES + "def totals(session, keys: list[int]):\n    found = []\n    # é\n"
            "    books_by_key = {each.id: each for each in session.scalars(select(Book).where(Book.id.in_(keys)))}\n"
            "    for key in keys:\n"
            "        book = books_by_key.get(key)  # é\n        if book is not None:\n"
            "            found.append(book.title)\n    return found\n",
        ),
        Fixes(
            SQLALCHEMY_TABLES
            + "class Shop:\n    async def totals(self, db, keys: set[int]):\n        for key in keys:\n"
            "            author = await db.get(Author, key)\n            print('é', author)\n",
            SQLALCHEMY_TABLES + "class Shop:\n    async def totals(self, db, keys: set[int]):\n"
            "        authors_by_key = {each.id: each for each in "
            "await db.scalars(select(Author).where(Author.id.in_(keys)))}\n"
            "        for key in keys:\n            author = authors_by_key.get(key)\n            print('é', author)\n",
        ),
        Declines(
            SQLALCHEMY_TABLES
            + "def totals(session, keys):\n    for key in keys:\n        book = session.get(Book, key)\n"
            "        print(book)\n",
            because="keys can be a generator, or hold texts that are not the numbers in the rows",
        ),
        Declines(
            SQLALCHEMY_TABLES + "def close(session, keys: list[int]):\n    for key in keys:\n"
            "        book = session.get(Book, key)\n        session.delete(book)\n",
            because="the loop writes, and a key that comes twice would find a row that is gone",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the query before the loop, and replace the look-up."""
        call = node_of(source, finding, ast.Call)
        statement = statement_of(source, call) if call is not None else None
        loop = next(iter(enclosing(source.tree, statement)), None) if statement is not None else None
        function = enclosing_function(source.tree, call) if call is not None else None
        if call is None or function is None or not isinstance(loop, ast.For) or not isinstance(statement, ast.Assign):
            return None
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        found = _looked_up(source, function, loop, call)
        indent = indent_of(source, loop)
        if value is not call or loop.body[0] is not statement or found is None or indent is None or loop.orelse:
            return None
        table, key = found
        model, keys = table.model.name, source.code_of(loop.iter)
        name = f"{plural(model)}_by_key"
        if {name, "each"} & names_bound(source.tree):
            return None
        waits = "await " if isinstance(statement.value, ast.Await) else ""
        session = dotted(call.func).rpartition(".")[0]
        primary = f"{model}.{table.primary_key}"
        query = f"{waits}{session}.scalars(select({model}).where({primary}.in_({keys})))"
        line = f"{name} = {{each.{table.primary_key}: each for each in {query}}}\n{indent}"
        return Change(
            title=f"Look up all {model} rows in one query",
            reason="The dictionary holds the row of each key that there is, as session.get does, after one round trip.",
            edits=(added_before(source, loop, line), replaced(source, statement.value, f"{name}.get({key})")),
            imports=("sqlalchemy.select",),
            tradeoffs=Tradeoffs(
                "all rows are in memory at once", "the list holds tens of thousands of keys: go by batches then"
            ),
            conditions=(
                Condition(f"{keys} can be gone through twice, and holds whole numbers", "its annotation"),
                Condition(f"{primary} is a whole number and the primary key", "its declaration"),
                Condition("the loop writes nothing", f"lines {loop.lineno} to {loop.end_lineno}"),
            ),
        )


def _looked_up(source: Source, function: Function, loop: ast.For, call: ast.Call) -> tuple[Table, str] | None:
    """Return the class and the loop's key, where each precondition of the look-up holds."""
    if last_name(call) != "get" or len(call.args) != 2 or call.keywords or not isinstance(call.args[1], ast.Name):
        return None
    key, keys = call.args[1].id, loop.iter
    table = tables(source).get(dotted(call.args[0]))
    annotated = next((each.annotation for each in parameters(function) if each.arg == dotted(keys)), None)
    if table is None or table.is_django or table.primary_key is None or annotated is None or dotted(loop.target) != key:
        return None
    if ast.unparse(annotated) not in _LISTS or not holds_whole_numbers(table, table.primary_key):
        return None
    stores = {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return (table, key) if only_reads(source, loop.body, call) and dotted(keys) not in stores else None
