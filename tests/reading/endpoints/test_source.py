"""What is read of a cell of Python code."""

from __future__ import annotations

import pytest

from backend_mentor.domain.endpoint import HandlerKind, ModelKind, ParameterKind
from backend_mentor.domain.errors import CellError
from backend_mentor.domain.work import Building, TransactionStep
from tests.reading.endpoints.cells import ALL, DJANGO, FASTAPI, FLASK, LITESTAR, REST_FRAMEWORK, SQLALCHEMY, STARLETTE
from tests.reading.endpoints.samples import handler, read


@pytest.mark.parametrize("framework", ALL)
def test_the_framework_is_known_by_what_is_imported(framework: str) -> None:
    source = read(ALL[framework])
    assert source.framework == framework
    assert source.unread == ()


ROUTES = [
    (FASTAPI, "read_berth", "/v1/berths/{berth_id}", ("GET",)),
    (FASTAPI, "make_berth", "/v1/berths", ("POST",)),
    (FASTAPI, "tides", "/tides", ("WEBSOCKET",)),
    (FLASK, "bike", "/bikes/<int:bike_id>", ("GET", "DELETE")),
    (DJANGO, "seed_list", "/seeds/", ()),
    (DJANGO, "seed_detail", "/seeds/<int:pk>/", ()),
    (REST_FRAMEWORK, "HiveViewSet.retrieve", None, ("GET",)),
    (REST_FRAMEWORK, "HiveViewSet.smoke", None, ("POST",)),
    (REST_FRAMEWORK, "Harvest.post", None, ("POST",)),
    (REST_FRAMEWORK, "rename", None, ("PUT",)),
    (STARLETTE, "lamps", "/lamps/{street:str}", ("GET",)),
    (STARLETTE, "flicker", "/flicker", ("WEBSOCKET",)),
    (LITESTAR, "KiteController.one", "/kites/{kite_id:int}", ("GET",)),
    (LITESTAR, "make", "/kites", ("POST",)),
]


@pytest.mark.parametrize(("text", "name", "path", "methods"), ROUTES, ids=[each[1] for each in ROUTES])
def test_a_handler_is_read_with_its_address(text: str, name: str, path: str | None, methods: tuple[str, ...]) -> None:
    found = next(each for each in read(text).handlers if each.name == name)
    assert (found.route, found.methods) == (path, methods)


def test_every_parameter_of_a_fastapi_handler_has_its_source() -> None:
    found = handler(read(FASTAPI), "read_berth")
    assert [(each.name, each.kind, each.provider) for each in found.parameters] == [
        ("berth_id", ParameterKind.PATH, None),
        ("me", ParameterKind.DEPENDENCY, "current_user"),
        ("q", ParameterKind.QUERY, None),
        ("db", ParameterKind.DEPENDENCY, "get_db"),
    ]
    assert found.dependencies == ("verify_token", "current_user", "get_db")
    assert found.guards == ("verify_token", "current_user")


PARAMETERS = [
    ("body: BerthIn", ParameterKind.BODY),
    ("flags: dict", ParameterKind.BODY),
    ("names: list[str] = Query()", ParameterKind.QUERY),
    ("agent: Annotated[str, Header()]", ParameterKind.HEADER),
    ("picture: UploadFile", ParameterKind.FILE),
    ("request: Request", ParameterKind.REQUEST),
    ("mode: Literal['UploadFile', 'Request']", ParameterKind.QUERY),
    ("db: SessionDep", ParameterKind.UNKNOWN),
    ("name: 'str | None' = None", ParameterKind.QUERY),
]


@pytest.mark.parametrize(("parameter", "kind"), PARAMETERS, ids=[each[0] for each in PARAMETERS])
def test_a_fastapi_parameter_is_told_by_its_marker_or_type(parameter: str, kind: ParameterKind) -> None:
    model = "class BerthIn(BaseModel):\n    name: str\n"
    source = read(f'from fastapi import FastAPI\napp = FastAPI()\n{model}@app.post("/x")\ndef make({parameter}): ...\n')
    assert source.handlers[0].parameters[0].kind is kind


def test_litestar_gives_data_dependencies_and_query_parameters() -> None:
    source = read(LITESTAR)
    kinds = [each.kind for each in handler(source, "KiteController.one").parameters]
    assert kinds == [ParameterKind.PATH, ParameterKind.DEPENDENCY, ParameterKind.QUERY]
    assert handler(source, "make").parameters[0].kind is ParameterKind.BODY


QUERIES = [
    (FASTAPI, "SELECT * FROM ships WHERE name = '{q}'", Building.F_STRING, False, False),
    (FASTAPI, "db.scalars(select(Crew).where(Crew.ship_id == ship.id))", Building.ORM, True, False),
    (FASTAPI, "db.add(Berth(**body.model_dump()))", Building.ORM, False, True),
    (FLASK, "SELECT * FROM bikes WHERE id = %s", Building.PERCENT, False, False),
    (FLASK, "DELETE FROM bikes WHERE id = ?", Building.LITERAL, False, True),
    (DJANGO, 'Seed.objects.create(name=request.POST["name"])', Building.ORM, False, True),
    (DJANGO, "Seed.objects.filter(price__gt=1).values()", Building.ORM, False, False),
    (DJANGO, "seed.save()", Building.ORM, False, True),
    (REST_FRAMEWORK, "Hive.objects.all().update(honey=0)", Building.ORM, False, True),
    (STARLETTE, "SELECT * FROM lamps", Building.LITERAL, False, False),
    (SQLALCHEMY, "select(Loaf).where(Loaf.price > 1).limit(10)", Building.ORM, False, False),
    (SQLALCHEMY, "session.execute(update(Loaf).values(price=0))", Building.ORM, False, True),
    (SQLALCHEMY, "session.query(Loaf).filter(Loaf.id == 1).count()", Building.ORM, False, False),
]


@pytest.mark.parametrize(("text", "query", "building", "in_loop", "writes"), QUERIES, ids=[each[1] for each in QUERIES])
def test_a_query_is_found_inside_the_code(
    text: str, query: str, building: Building, in_loop: bool, writes: bool
) -> None:
    source = read(text)
    found = next(each for each in source.queries if each.text == query)
    assert (found.building, found.in_loop, found.writes) == (building, in_loop, writes)
    assert found.span.start == text.index(text[found.span.start : found.span.end])


BUILT = [
    ('"SELECT a FROM t WHERE b = " + name', Building.CONCATENATION, "SELECT a FROM t WHERE b = {name}"),
    ('"SELECT a " + "FROM t"', Building.LITERAL, "SELECT a FROM t"),
    ('"SELECT a FROM {}".format(table)', Building.FORMAT, "SELECT a FROM {}"),
    ("make_query()", Building.VARIABLE, "make_query()"),
]


@pytest.mark.parametrize(("expression", "building", "text"), BUILT, ids=[each[0] for each in BUILT])
def test_it_is_said_how_a_query_is_put_together(expression: str, building: Building, text: str) -> None:
    (query,) = read(f"cursor.execute({expression})\n").queries
    assert (query.building, query.text) == (building, text)


SILENT = [
    ('http_client.get("https://example.org/")', "a web address is no row's key"),
    ('settings.get("SELECT")', "a mapping's `get` sends nothing"),
    ("executor.execute(job)", "nothing says that it is a database"),
    ('cache_db.delete("key")', "a key-value store deletes by its text"),
    ('session.execute("PRAGMA foreign_keys = ON")', "a setting of the connection is no query"),
    ("feed.query('x').all()", "nothing says that a feed is a database"),
    ('re.compile("x").match(text).group()', "a chain of calls with no database in it"),
]


@pytest.mark.parametrize(("text", "because"), SILENT, ids=[each[1] for each in SILENT])
def test_no_query_is_seen_where_there_is_none(text: str, because: str) -> None:
    assert read(text + "\n").queries == (), because


def test_what_a_loop_goes_through_is_asked_for_once() -> None:
    source = read("for row in db.execute('SELECT 1'):\n    db.execute('SELECT 2')\n")
    assert [each.in_loop for each in source.queries] == [False, True]


def test_raised_statuses_are_read_with_their_conditions() -> None:
    (raised,) = handler(read(FASTAPI), "read_berth").raises
    assert (raised.status, raised.detail, raised.condition) == (404, "no such berth", "berth is None")
    assert handler(read(FLASK), "bike").raises[0].status == 404
    assert handler(read(DJANGO), "seed_detail").raises[0].name == "get_object_or_404"
    assert handler(read(REST_FRAMEWORK), "HiveViewSet.retrieve").raises[0].status == 404


def test_an_exception_that_the_function_catches_itself_is_marked() -> None:
    source = read(
        "def f():\n    try:\n        raise KeyError('a')\n    except Exception:\n        raise ValueError('b')\n"
    )
    assert [(each.name, each.caught) for each in source.functions[0].raises] == [
        ("KeyError", True),
        ("ValueError", False),
    ]


def test_sessions_transactions_and_background_work_are_read() -> None:
    make = handler(read(FASTAPI), "make_berth")
    assert [each.task for each in make.background] == ["tell_pilot"]
    assert [each.step for each in make.transactions] == [TransactionStep.COMMIT]
    assert handler(read(SQLALCHEMY), "stale").sessions[-1].made == "with"


def test_models_are_known_by_their_bases() -> None:
    kinds = {model.name: model.kind for text in ALL.values() for model in read(text).models}
    assert kinds == {
        "BerthIn": ModelKind.PYDANTIC,
        "Seed": ModelKind.DJANGO,
        "HiveSerializer": ModelKind.SERIALIZER,
        "Kite": ModelKind.DATACLASS,
        "Base": ModelKind.SQLALCHEMY,
        "Loaf": ModelKind.SQLALCHEMY,
    }


def test_permission_classes_guard_and_open_doors_do_not() -> None:
    source = read(REST_FRAMEWORK)
    assert handler(source, "HiveViewSet.retrieve").guards == ("IsAuthenticated",)
    assert handler(source, "rename").guards == ()


def test_a_patch_of_a_test_is_no_route() -> None:
    source = read('from unittest import mock\n\n@mock.patch("shop.send")\ndef test_it(send): ...\n')
    assert [each.kind for each in source.functions] == [HandlerKind.FUNCTION]


def test_magics_are_blanked_and_positions_stay_true() -> None:
    magics = "%%backend --run\n%load_ext x\n!pip install é\nfiles = !ls\ndf?\nif a:\n    %time f()\n"
    text = magics + "x = 'ü'; db.execute('SELECT 1')\n"
    source = read(text)
    assert len(source.text) == len(text)
    assert source.unread == ()
    (query,) = source.queries
    assert text[query.span.start : query.span.end] == "'SELECT 1'"


def test_a_percent_sign_in_a_string_or_in_brackets_is_no_magic() -> None:
    text = 'a = (b\n%c)\nq = """\n%name\n!x\n"""\n'
    assert read(text).text == text


def test_await_at_the_top_level_is_read() -> None:
    assert len(read("await session.execute('SELECT 1')\n").queries) == 1


def test_half_finished_code_is_read_as_far_as_it_goes() -> None:
    half = '\n@app.get("/half")\ndef half(a: int):\n    b = a\n    return db.execute(\n'
    text = FASTAPI + half + '\n@app.get("/whole")\ndef whole(): ...\n'
    source = read(text)
    assert [each.name for each in source.handlers][-2:] == ["half", "whole"]
    (unread,) = source.unread
    assert text[unread.span.start : unread.span.end] == "    return db.execute("
    assert unread.reason == "'(' was never closed"
    whole = {each.name: source.is_whole(each.node) for each in source.handlers if each.node}
    assert (whole["half"], whole["whole"], whole["tides"]) == (False, True, True)


@pytest.mark.parametrize(("text", "what"), [("def (", "not Python as it stands"), ("%%backend\n", "holds no Python")])
def test_a_cell_of_which_nothing_can_be_read_is_an_error(text: str, what: str) -> None:
    with pytest.raises(CellError, match=what):
        read(text)


WRITES = [("await Seed.objects.acreate(name=a)", True), ("await Seed.objects.filter(a=1).aget()", False)]


@pytest.mark.parametrize(("text", "writes"), WRITES, ids=[each[0] for each in WRITES])
def test_awaited_calls_of_a_manager_write_as_the_others_do(text: str, writes: bool) -> None:
    assert [each.writes for each in read(text + "\n").queries] == [writes]


def test_models_of_a_query_come_in_the_order_in_which_they_are_written() -> None:
    assert read("session.query(User.id, Order).all()\n").queries[0].models == ("User", "Order")
