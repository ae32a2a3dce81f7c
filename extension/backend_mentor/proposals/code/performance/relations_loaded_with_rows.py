"""Relations that are read from each row are loaded together with the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import added_after, quoted
from backend_mentor.proposals.code.sample_tables import DJANGO_TABLES, SQLALCHEMY_TABLES
from backend_mentor.reading.endpoints.loading import lazy_reads
from backend_mentor.reading.endpoints.serialising import answered_relations, serialized_relations
from backend_mentor.reading.endpoints.trees import calls, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.fetches import Fetch
    from backend_mentor.reading.endpoints.tables import Relation


class RelationsLoadedWithRows:
    """Ask for the relations in the query that fetches the rows.

    Valid where the query fetches objects of one mapped class of the cell, the relation is loaded on its first read,
    and no option of the query speaks of it. What the attributes hold is the same; it is only there earlier.
    """

    name: ClassVar[str] = "relations-loaded-with-rows"
    answers: ClassVar[tuple[str, ...]] = (
        "relation-loaded-in-loop",
        "answer-loads-relations",
        "serializer-loads-relations",
    )
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            SQLALCHEMY_TABLES + "def list_authors(session):\n    # é: newest first\n"
            "    rows = session.scalars(\n        select(Author)  # all of them\n        .order_by(Author.id.desc())\n"
            "    ).all()\n    return [{'é': len(author.books)} for author in rows]\n",
            SQLALCHEMY_TABLES + "def list_authors(session):\n    # é: newest first\n"
            "    rows = session.scalars(\n"
            "        select(Author).options(selectinload(Author.books))  # all of them\n"
            "        .order_by(Author.id.desc())\n"
            "    ).all()\n    return [{'é': len(author.books)} for author in rows]\n",
        ),
        Fixes(
            SQLALCHEMY_TABLES + "async def list_books(session):\n    result = await session.execute(select(Book))\n"
            "    for book in result.scalars():\n        print(book.author.name)\n",
            SQLALCHEMY_TABLES + "async def list_books(session):\n"
            "    result = await session.execute(select(Book).options(joinedload(Book.author)))\n"
            "    for book in result.scalars():\n        print(book.author.name)\n",
        ),
        Fixes(
            DJANGO_TABLES + "def page(request):\n    for book in Book.objects.order_by('title')[:20]:\n"
            "        print(book.author.name)\n",
            DJANGO_TABLES + "def page(request):\n"
            "    for book in Book.objects.select_related(\"author\").order_by('title')[:20]:\n"
            "        print(book.author.name)\n",
        ),
        Fixes(
            DJANGO_TABLES + "def page(request):\n    authors = Author.objects.all()\n"
            "    return [[book.title for book in author.books.all()] for author in authors]\n",
            DJANGO_TABLES + 'def page(request):\n    authors = Author.objects.prefetch_related("books").all()\n'
            "    return [[book.title for book in author.books.all()] for author in authors]\n",
        ),
        Declines(
            DJANGO_TABLES
            + "def page(request):\n    for book in Book.objects.only('title'):\n        print(book.author.name)\n",
            because="Django refuses to join a key that `only` leaves out",
        ),
        Declines(
            DJANGO_TABLES + "def sell(request):\n    for book in Book.objects.select_for_update().all():\n"
            "        print(book.author.name)\n",
            because="the join would lock the authors too",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the loader options to the query whose rows the finding speaks of."""
        known = [*lazy_reads(source), *answered_relations(source), *serialized_relations(source)]
        span = finding.place.span
        here = next((each for each in known if span and source.span_of(each.nodes[0]) == span), None)
        if here is None:
            return None
        # Two loops over the same rows need one option for each relation, in one edit.
        paths = {
            tuple(relation.name for relation in path): path
            for each in known
            if each.fetch.start is here.fetch.start
            for path in each.paths
        }
        fetch = here.fetch
        steps = (
            _django_steps(source, fetch, list(paths.values()))
            if fetch.is_django
            else _options(fetch, list(paths.values()))
        )
        if steps is None:
            return None
        text, imports = steps
        names = " and ".join(f"{fetch.model}.{'.'.join(names)}" for names in paths)
        line = source.span_of(fetch.start).line
        return Change(
            title=f"Load {names} together with the rows",
            reason="The rows are the same; the related ones come with one statement, or in a join, instead of one "
            "statement for each row.",
            edits=(added_after(source, fetch.start, text),),
            imports=imports,
            tradeoffs=Tradeoffs(
                "all related rows are fetched, also those that nobody reads",
                "only a few of the rows have their related ones read",
            ),
            conditions=(
                Condition(
                    f"the query fetches {fetch.model} objects alone", f"`{source.code_of(fetch.start)}`, line {line}"
                ),
                Condition(f"{names} is loaded when it is read", "its declaration and the query say nothing else"),
            ),
        )


def _options(fetch: Fetch, paths: list[tuple[Relation, ...]]) -> tuple[str, tuple[str, ...]] | None:
    """Return SQLAlchemy's options for the paths, and what they import."""
    # A join multiplies what is grouped and counted, and would lock the rows of the other table.
    joins = not fetch.step_names & {"with_for_update", "distinct", "group_by", "select_from", "having"}
    # A name in SQL of the author's own would belong to two tables.
    joins = joins and not {"text", "literal_column"} & {last_name(each) for each in calls(fetch.statement)}
    options, imports = [], []
    for path in paths:
        owner, parts = fetch.model, []
        for relation in path:
            loader = "joinedload" if joins and relation.is_many is False else "selectinload"
            parts.append(f"{loader}({owner}.{relation.name})")
            imports.append(f"sqlalchemy.orm.{loader}")
            owner = relation.target or ""
        options.append(".".join(parts))
    return f".options({', '.join(options)})", tuple(dict.fromkeys(imports))


def _django_steps(
    source: Source, fetch: Fetch, paths: list[tuple[Relation, ...]]
) -> tuple[str, tuple[str, ...]] | None:
    """Return Django's calls for the paths; None where the chain forbids a join."""
    names = {path: "__".join(each.name for each in path) for path in paths}
    many = [names[path] for path in paths if any(each.is_many is not False for each in path)]
    joined = [names[path] for path in paths if names[path] not in many]
    if joined and fetch.step_names & {"only", "defer", "select_for_update", "distinct"}:
        return None
    if joined and "RawSQL" in {last_name(each) for each in calls(fetch.statement)}:
        return None
    text = f".select_related({', '.join(quoted(source, each) for each in joined)})" if joined else ""
    text += f".prefetch_related({', '.join(quoted(source, each) for each in many)})" if many else ""
    return text, ()
