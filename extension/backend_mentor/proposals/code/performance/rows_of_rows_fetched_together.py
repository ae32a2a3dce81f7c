"""What a loop over rows looks up for each of them is looked up for all of them before it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.look_ups import plural
from backend_mentor.proposals.code.places import added_before, indent_of, names_bound, node_of, statement_of
from backend_mentor.proposals.code.row_look_ups import LookUp, look_up_of, rows_gone_through
from backend_mentor.proposals.code.sample_tables import SQLALCHEMY_TABLES
from backend_mentor.reading.endpoints.trees import enclosing_function

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_BOOKS = SQLALCHEMY_TABLES + "async def books(db):\n    rows = (await db.scalars(select(Book))).all()\n"
_AUTHORS = (
    SQLALCHEMY_TABLES + "async def authors(db):\n    rows = (await db.scalars(select(Author))).all()\n    found = []\n"
)


@dataclass(frozen=True, slots=True)
class _Together:
    """The lines before the loop, and what stands in the place of the query in it."""

    before: tuple[str, ...]
    instead: str
    imports: tuple[str, ...]


class RowsOfRowsFetchedTogether:
    """Fetch the rows that belong to all rows of a list in one query, and look them up in a dictionary in the loop.

    Valid where the list holds rows of a class of the cell, the loop only reads and runs to its end, and a row that is
    missing is None in both: the parent by its primary key, or all children by their foreign key in the same order.
    """

    name: ClassVar[str] = "rows-of-rows-fetched-together"
    answers: ClassVar[tuple[str, ...]] = ("query-in-loop",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _BOOKS
            + "    found = []\n    for book in rows:\n        author = await db.get(Author, book.author_id)  # é\n"
            "        found.append({'title': book.title, 'by': author.name if author else 'é'})\n    return found\n",
            _BOOKS + "    found = []\n"
            "    authors_by_key = {\n        each.id: each\n        for each in await db.scalars(\n"
            "            select(Author).where(Author.id.in_({row.author_id for row in rows}))\n        )\n    }\n"
            "    for book in rows:\n        author = authors_by_key.get(book.author_id)  # é\n"
            "        found.append({'title': book.title, 'by': author.name if author else 'é'})\n    return found\n",
        ),
        Fixes(
            _BOOKS + "    return [(await db.scalar(select(Author).where(Author.id == book.author_id))).name"
            " for book in rows]\n",
            _BOOKS + "    authors_by_key = {\n        each.id: each\n        for each in await db.scalars(\n"
            "            select(Author).where(Author.id.in_({row.author_id for row in rows}))\n        )\n    }\n"
            "    return [authors_by_key.get(book.author_id).name for book in rows]\n",
        ),
        Fixes(
            _AUTHORS + "    for author in rows:\n        written = (await db.execute(\n"
            "            select(Book).where(Book.author_id == author.id).order_by(Book.title.desc())\n"
            "        )).scalars().all()\n        found.append([book.title for book in written])\n    return found\n",
            "from collections import defaultdict\n\n"
            + _AUTHORS
            + "    books_by_author_id = defaultdict(list)\n    for each in await db.scalars(\n"
            "        select(Book).where(Book.author_id.in_({row.id for row in rows}))"
            ".order_by(Book.title.desc())\n    ):\n"
            "        books_by_author_id[each.author_id].append(each)\n"
            "    for author in rows:\n        written = books_by_author_id[author.id]\n"
            "        found.append([book.title for book in written])\n    return found\n",
        ),
        Declines(
            _BOOKS + "    for book in rows:\n        author = (await db.execute(select(Author).where(Author.id == "
            "book.author_id))).scalar_one()\n        print(author.name)\n",
            because="an author that is missing is an error there, and None in a dictionary",
        ),
        Declines(
            _BOOKS + "    for book in rows:\n"
            "        author = await db.scalar(select(Author).where(Author.name == book.title))\n"
            "        print(author)\n",
            because="several authors can have that name, and the database compares texts in its own way",
        ),
        Declines(
            _BOOKS + "    for book in rows:\n        author = await db.get(Author, book.author_id)\n"
            "        author.name = 'é'\n        await db.flush()\n",
            because="the loop writes, and the next query would see it",
        ),
        Declines(
            _AUTHORS
            + "    for author in rows:\n        newest = (await db.scalars(select(Book).where(Book.author_id == "
            "author.id).order_by(Book.id.desc()).limit(3))).all()\n        print(newest)\n    return found\n",
            because="a limit counts for each author, and would count once for all of them",
        ),
        Declines(
            SQLALCHEMY_TABLES
            + "async def books(db):\n    rows = await db.scalars(select(Book))\n    for book in rows:\n"
            "        author = await db.get(Author, book.author_id)\n        print(author.name)\n",
            because="the result can be gone through once alone",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the query before the loop, and look up in its place."""
        call = node_of(source, finding, ast.Call)
        rows = rows_gone_through(source, call) if call is not None else None
        found = look_up_of(source, call, rows) if call is not None and rows is not None else None
        first = statement_of(source, rows.loop) if rows is not None and isinstance(rows.loop, ast.For) else None
        first = first or (statement_of(source, call) if call is not None else None)
        function = enclosing_function(source.tree, call) if call is not None else None
        indent = indent_of(source, first) if first is not None else None
        if rows is None or found is None or first is None or function is None or indent is None:
            return None
        together = _together(found, rows.name)
        name = together.instead.partition("[")[0].partition(".")[0]
        if name in names_bound(source.tree) or (not found.is_one and "each" in names_bound(function)):
            return None
        lines = "".join(f"{line}\n{indent}" for line in together.before)
        return Change(
            title=f"Fetch the {plural(found.table.model.name)} of all {rows.name} in one query",
            reason="The dictionary holds for each row what the query in the loop found for it, after one round trip.",
            edits=(added_before(source, first, lines), _replacing(source, found, together.instead)),
            imports=together.imports,
            tradeoffs=Tradeoffs(
                "all of them are in memory at once", "the list holds tens of thousands of rows: go by batches then"
            ),
            conditions=(
                Condition(f"{rows.name} is a list of {rows.table.model.name}", "what it is assigned, once"),
                Condition("the keys are whole numbers", "the declarations of both columns"),
                Condition("the loop only reads, and runs to its end", f"line {call.lineno if call else 1} and around"),
            ),
        )


def _together(found: LookUp, rows: str) -> _Together:
    model, waits = found.table.model.name, "await " if found.is_awaited else ""
    among = f"{model}.{found.column}.in_({{row.{found.row_column} for row in {rows}}})"
    query = f"select({model}).where({among}){found.order}"
    if found.is_one:
        name = f"{plural(model)}_by_key"
        lines = (
            f"{name} = {{",
            f"    each.{found.column}: each",
            f"    for each in {waits}{found.session}.scalars(",
            f"        {query}",
            "    )",
            "}",
        )
        return _Together(lines, f"{name}.get({found.row}.{found.row_column})", ("sqlalchemy.select",))
    name = f"{plural(model)}_by_{found.column}"
    collected = (
        f"{name} = defaultdict(list)",
        f"for each in {waits}{found.session}.scalars(",
        f"    {query}",
        "):",
        f"    {name}[each.{found.column}].append(each)",
    )
    imports = ("sqlalchemy.select", "collections.defaultdict")
    return _Together(collected, f"{name}[{found.row}.{found.row_column}]", imports)


def _replacing(source: Source, found: LookUp, text: str) -> Edit:
    """Return the edit that puts a look-up in the place of the query, with the brackets that only `await` needed."""
    span = source.span_of(found.node)
    whole = source.text[span.start - 1 : span.end + 2]
    in_brackets = isinstance(found.node, ast.Await) and whole.startswith("(") and whole.endswith(").")
    return Edit(span.start - in_brackets, span.end + in_brackets, text)
