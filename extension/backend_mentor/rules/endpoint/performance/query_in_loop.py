"""The rule query-in-loop."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import (
    calls,
    chain,
    enclosing,
    enclosing_function,
    last_name,
    loops_around,
    names_in,
    own_nodes,
    root_name,
    targets,
)
from backend_mentor.rules.endpoint.databases import asks_database, chained
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.loops import ends_with_first, has_no_group, is_fixed
from backend_mentor.rules.endpoint.report import report
from backend_mentor.rules.endpoint.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_SCHEMA_CHANGE = re.compile(r"\s*(create|drop|alter|pragma|set|truncate|comment|vacuum|analyze|grant)\b", re.I)
_WRITE = re.compile(r"\s*(insert|update|delete|replace|merge)\b", re.I)
_INSTEAD_OF_READS = (
    "Ask for all of them in one statement (`in_`, a join, `selectinload`, `prefetch_related`) before the loop, and "
    "look each one up in a dictionary."
)
_INSTEAD_OF_WRITES = "Write all of them in one statement (`executemany`, `insert().values([…])`, `bulk_update`)."
_INSTEAD_OF_REFRESH = (
    "Leave it out where nothing is read that the database fills in, or select all of them in one statement with "
    "`execution_options(populate_existing=True)`."
)
_WRITING = frozenset({"insert", "upsert", "update", "delete", "replace", "merge", "save", "create", "add"})
_ONCE = frozenset({"startup", "start", "setup", "seed", "init", "initialize", "bootstrap", "migrate", "lifespan"})
_MAKES_ROWS = frozenset({"all", "scalars", "fetchall", "filter", "get_queryset", "values_list"})
_BATCHES = frozenset({"batched", "chunked", "chunks", "batches", "pages", "iter_pages", "paginate"})


class QueryInLoop:
    """A loop sends one statement for each of its items.

    The number of round trips grows with the data: what takes 2 ms for one row takes 2 s for a thousand.
    """

    name: ClassVar[str] = "query-in-loop"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def totals(session, order_ids):
                return [session.get(Order, order_id).total for order_id in order_ids]
            """,
            says="`session.get` is sent once for each order_id",
        ),
        FlagsCode(
            """
            def names(connection, users):
                for user in users:
                    row = connection.execute("SELECT name FROM people WHERE id = ?", (user.id,)).fetchone()
                    print(row)
            """,
            says="`connection.execute` is sent once for each user",
        ),
        FlagsCode(
            """
            def view(request):
                for book in Book.objects.all():
                    author = Author.objects.get(pk=book.author_id)
            """,
            says="`Author.objects.get` is sent once for each book",
        ),
        PassesCode(
            """
            def load(session, ids):
                for chunk in batched(ids, 500):
                    session.execute(select(User).where(User.id.in_(chunk)))
            """,
            because="a batch per statement is the remedy",
        ),
        FlagsCode(
            """
            def rename(connection, people):
                for person in people:
                    connection.execute("UPDATE people SET name = ? WHERE id = ?", (person.name, person.id))
            """,
            says="`connection.execute` writes once for each person",
        ),
        PassesCode(
            """
            async def annotate(session, notes):
                for note in notes:
                    key = await session.scalar(insert_on_conflict(note).returning(Note.id))
                    yield key
            """,
            because="what is written comes back row by row, in the order that it was given",
        ),
        PassesCode(
            """
            def hits(session, wanted):
                sources = {}
                sources["note"] = Note
                sources["chat"] = Chat
                return [session.execute(select(model).where(model.title == wanted)) for model in sources.values()]
            """,
            because="there are two sources, however much data there is",
        ),
        PassesCode(
            """
            def tag(request, names):
                for name in names:
                    tag, _ = Tag.objects.get_or_create(name=name)
                    request.thread.tags.add(tag)
            """,
            because="there is no one statement that finds or makes all of them",
        ),
        PassesCode(
            """
            def orphans(files):
                return [name for name in files if Document.objects.filter(path__contains=name).count() == 0]
            """,
            because="what a path contains can not be looked up in a list",
        ),
        PassesCode(
            """
            def load(session, groups):
                return [session.execute(select(User).where(User.id.in_(group.ids))) for group in groups]
            """,
            because="it asks for a group's rows at once",
        ),
        PassesCode(
            """
            def find(session, sites, path):
                for site in sites:
                    page = session.get(Page, site.root).route(path)
                    if page:
                        return page
            """,
            because="it ends with the first that fits",
        ),
        FlagsCode(
            """
            def rename(connection, rows):
                for row in rows:
                    connection.execute(people.update().where(people.c.id == row.id).values(name=row.name))
                    connection.execute(orders.update().where(orders.c.buyer == row.id).values(name=row.name))
            """,
            says="`connection.execute` writes once for each row",
            times=1,
        ),
        PassesCode(
            """
            def look_up(values):
                for name, key in values.items():
                    model = apps.get_model(MODELS[name])
                    found = model.objects.get(id=key)
            """,
            because="each item has a table of its own",
        ),
        PassesCode(
            """
            def wait(session):
                for attempt in range(3):
                    session.execute(text("SELECT 1"))
            """,
            because="what is asked does not depend on the item: it tries again",
        ),
        PassesCode(
            """
            def pages(session, urls):
                return [session.get(url, timeout=3) for url in urls]
            """,
            because="this session is an HTTP client's",
        ),
        PassesCode(
            """
            @app.on_event("startup")
            def start_up(session, names):
                for name in names:
                    session.get(Setting, name)
            """,
            because="it runs once, when the process starts",
        ),
        PassesCode(
            """
            def rows(sessions, days):
                for day in days:
                    with sessions() as session:
                        yield session.execute(select(Sale).where(Sale.day == day)).all()
            """,
            because="each item gets a session of its own while it is streamed",
        ),
        PassesCode(
            """
            from alembic import op
            def upgrade(connection, rows):
                for row in rows:
                    connection.execute("UPDATE people SET name = ? WHERE id = ?", row)
            """,
            because="a migration runs once",
        ),
        PassesCode(
            """
            def save(self, session, item, data):
                for name, value in data.items():
                    statement = self._statement_for(name, value)
                    setattr(item, name, session.execute(statement).scalars().all())
            """,
            because="each field asks for rows of another table, which the model knows",
        ),
        PassesCode(
            """
            def welcome(user):
                for name in settings.DEFAULT_GROUPS:
                    user.groups.add(Group.objects.get(name=name))
            """,
            because="the operator has set them, whatever the data",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each statement in a loop whose arguments depend on the loop's item, unless the loop goes by batches."""
        if any(origin.startswith("alembic") for _, origin in source.imports):
            return  # a migration runs once
        told: set[tuple[int, ...]] = set()
        for call in calls(source.tree):
            if not asks_database(call) or _changes_schema(call):
                continue
            item = _item(source, call)
            if item is None or _is_meant(source, call) or ends_with_first(source, call) or has_no_group(source, call):
                continue
            if _asks_another_table(source, call) or _is_made_elsewhere(source, call):
                continue
            written = _writes(call)
            around = tuple(id(iterable) for _, iterable in loops_around(source.tree, call))
            if written and (not _takes_many_rows(call) or around in told):
                continue  # what a loop writes is told once
            if written:
                told.add(around)
            yield report(
                self,
                source,
                call,
                severity=Severity.INFO if written else None if _walks_rows(source, call) else Severity.ADVICE,
                what=f"`{'.'.join(chain(call))}` {'writes' if written else 'is sent'} once for each {item}.",
                why="Each statement is a round trip to the database: the time grows with the number of items.",
                instead=_INSTEAD_OF_WRITES
                if written
                else _INSTEAD_OF_REFRESH
                if last_name(call) == "refresh"
                else _INSTEAD_OF_READS,
            )


def _asks_another_table(source: Source, call: ast.Call) -> bool:
    """Return whether each item has a model of its own: no statement could ask for all of them."""
    root = root_name(call.func)
    function = enclosing_function(source.tree, call)
    varied = frozenset().union(*(variables for variables, _ in loops_around(source.tree, call)))
    made_of = {
        name
        for node in (own_nodes(function) if function is not None else ())
        if isinstance(node, ast.Assign) and names_in(node.value) & varied
        for name in targets(node)
    }
    return "objects" in chain(call) and root in varied | made_of


def _is_made_elsewhere(source: Source, call: ast.Call) -> bool:
    """Return whether a function of the project makes the statement of each item: for which table, it alone knows."""
    given = call.args[0] if call.args and last_name(call) in {"execute", "scalars", "scalar"} else None
    function = enclosing_function(source.tree, call)
    if not isinstance(given, ast.Name) or function is None:
        return False
    made = [node.value for node in own_nodes(function) if isinstance(node, ast.Assign) and given.id in targets(node)]
    return bool(made) and all(isinstance(each, ast.Call) and chain(each)[:1] == ("self",) for each in made)


def _walks_rows(source: Source, call: ast.Call) -> bool:
    """Return whether a loop around the call goes through rows that the cell has fetched."""
    function = enclosing_function(source.tree, call)
    nodes = list(own_nodes(function)) if function is not None else []
    for _, iterable in loops_around(source.tree, call):
        held = names_in(iterable)
        made = [node.value for node in nodes if isinstance(node, ast.Assign) and targets(node) & held]
        if any(
            isinstance(each, ast.Call) and _fetches(each) for value in (iterable, *made) for each in ast.walk(value)
        ):
            return True
        if isinstance(iterable, ast.Attribute):
            return True  # a relation of a row, or rows that somebody else has fetched
    return False


def _fetches(call: ast.Call) -> bool:
    return asks_database(call) or "objects" in chain(call) or last_name(call) in _MAKES_ROWS


def _writes(call: ast.Call) -> bool:
    """Return whether the statement changes rows: different values for each row have few other ways."""
    words = {word for each in (call, *chained(call)) for word in words_of(last_name(each))} | {
        found[1].lower()
        for each in ast.walk(call)
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and (found := _WRITE.match(each.value))
    }
    inner = {word for each in ast.walk(call) if isinstance(each, ast.Call) for word in words_of(last_name(each))}
    return bool((words | inner) & _WRITING)


def _takes_many_rows(call: ast.Call) -> bool:
    """Return whether the same statement can be given a list of rows, and answers nothing that belongs to one."""
    return last_name(call) in {"execute", "exec"} and "returning" not in ast.unparse(call).lower()


def _is_meant(source: Source, call: ast.Call) -> bool:
    """Return whether the code runs once, or streams its items with a session for each."""
    function = enclosing_function(source.tree, call)
    if function is None:
        return False
    if _ONCE & set(words_of(function.name)):
        return True
    streams = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))
    loops = [each for each in enclosing(source.tree, call) if isinstance(each, ast.For | ast.AsyncFor)]
    opened = [each for each in enclosing(source.tree, call) if isinstance(each, ast.With | ast.AsyncWith)]
    return streams and bool(loops) and any(loops[0] in enclosing(source.tree, each) for each in opened)


def _changes_schema(call: ast.Call) -> bool:
    """Return whether a statement works on one table or setting: there is no other way than one after the other."""
    texts = [each.value for each in ast.walk(call) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(_SCHEMA_CHANGE.match(text) for text in texts) or "ddl" in ast.unparse(call).lower()


def _item(source: Source, call: ast.Call) -> str | None:
    """Return the variable of the loop that the statement depends on."""
    for variables, iterable in loops_around(source.tree, call):
        words = {word for name in (*chain(iterable), *variables) for word in words_of(name)}
        if words & (_BATCHES | {"chunk", "batch", "page", "attempt", "segment", "slice"}) or _steps(iterable):
            return None
        if is_fixed(source, call, iterable):
            continue
        used = _reads(source, call) & variables
        if used:
            return min(used)
    return None


def _reads(source: Source, call: ast.Call) -> frozenset[str]:
    """Return the variables in the call's arguments and in what was assigned just before from them."""
    found = frozenset().union(
        *(names_in(part) for each in chained(call) for part in (*each.args, *(given.value for given in each.keywords)))
    )
    function = enclosing_function(source.tree, call)
    if function is None:
        return found
    for node in own_nodes(function):
        if isinstance(node, ast.Assign) and targets(node) & found and node.lineno < call.lineno:
            found |= names_in(node.value)
    return found


def _steps(iterable: ast.expr) -> bool:
    return isinstance(iterable, ast.Call) and last_name(iterable) == "range" and len(iterable.args) == 3
