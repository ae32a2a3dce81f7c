"""What comes in, what does not, what is left behind when it breaks, and how it goes out again."""

import asyncio
import os
import stat
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from file_upload import Base, Settings, Storage, TooBigError, Upload, Usage, create_app, tell_type
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session
from starlette.types import Message, Scope

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 92
ADA = {"X-User": "1"}
BOB = {"X-User": "2"}

T = TypeVar("T")
Given = TypeVarTuple("Given")


def in_a_loop(work: Callable[[*Given], Awaitable[T]], *given: *Given) -> T:
    """Run it in a loop of its own, in another thread: a notebook's is running already."""
    with start_blocking_portal() as portal:
        return portal.call(work, *given)


class Scanner:
    """A scanner that finds what it is told to."""

    bad = b"EICAR"

    def __call__(self, path: Path) -> bool:
        return self.bad not in path.read_bytes()


def identify(request: Request) -> int | None:
    user = request.headers.get("x-user")
    return int(user) if user else None


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'uploads.db'}", connect_args={"timeout": 30})
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


@pytest.fixture
def app(engine: Engine, folder: Path) -> FastAPI:
    return create_app(engine, Settings(folder, bytes_at_most=1_000, quota_bytes=250), identify, Scanner())


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app)


def pieces(*each: bytes) -> Iterator[bytes]:
    yield from each


def send(client: TestClient, content: bytes = PNG, headers: dict[str, str] = ADA) -> str:
    answer = client.post("/uploads", content=content, headers=headers)
    assert answer.status_code == 201
    return str(answer.json()["id"])


def held(engine: Engine, user_id: int = 1) -> tuple[int, int]:
    with Session(engine) as session:
        usage = session.get(Usage, user_id)
        return (usage.held_bytes, usage.files) if usage else (0, 0)


def test_a_file_comes_back_as_it_was_sent(client: TestClient) -> None:
    answer = client.post("/uploads", content=PNG, headers=ADA)
    assert answer.json() == {"id": answer.json()["id"], "media_type": "image/png", "size": 100}
    assert client.get(f"/uploads/{answer.json()['id']}", headers=ADA).content == PNG


def test_a_file_goes_out_so_that_no_browser_runs_it(client: TestClient) -> None:
    headers = client.get(f"/uploads/{send(client)}", headers=ADA).headers
    assert headers["content-type"] == "image/png"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-disposition"].startswith("attachment")
    assert "sandbox" in headers["content-security-policy"]


def test_a_file_is_readable_for_this_process_alone(client: TestClient, folder: Path) -> None:
    assert stat.S_IMODE((folder / send(client)).stat().st_mode) == 0o600


def test_what_says_that_it_is_too_big_is_refused_before_it_is_read(client: TestClient, folder: Path) -> None:
    read = []

    def body() -> Iterator[bytes]:
        for number in range(100):
            read.append(number)
            yield PNG

    answer = client.post("/uploads", content=body(), headers={**ADA, "Content-Length": "1001"})
    assert answer.status_code == 413
    assert list(folder.iterdir()) == []
    assert client.post("/uploads", content=b"", headers={**ADA, "Content-Length": "9" * 5_000}).status_code == 413


def test_what_is_too_big_without_saying_so_is_stopped_as_it_comes(app: FastAPI, folder: Path) -> None:
    given = []

    async def body() -> AsyncIterator[bytes]:
        for number in range(1_000):
            given.append(number)
            yield PNG

    storage: Storage = app.state.storage
    with pytest.raises(TooBigError):
        in_a_loop(storage.receive, body(), folder / "x")
    assert len(given) == 11
    assert (folder / "x").stat().st_size <= 1_000


def test_a_chunked_body_that_is_too_big_leaves_no_file(client: TestClient, folder: Path, engine: Engine) -> None:
    answer = client.post("/uploads", content=pieces(*[PNG] * 11), headers=ADA)
    assert answer.status_code == 413
    assert list(folder.iterdir()) == []
    assert held(engine) == (0, 0)


def test_exactly_as_much_as_is_allowed_comes_in(engine: Engine, folder: Path) -> None:
    client = TestClient(create_app(engine, Settings(folder, bytes_at_most=100), identify, Scanner()))
    send(client)
    assert client.post("/uploads", content=PNG + b"x", headers=ADA).status_code == 413


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PN",
        b"<svg onload=alert(1)>",
        b"<html><script>",
        b"GIF89a" + b"\0" * 50,
        b"%PDF-1.7" + b"\0" * 50,
        b"PK\3\4",
    ],
)
def test_a_file_that_is_not_what_it_claims_is_refused_and_gone(
    client: TestClient, folder: Path, content: bytes
) -> None:
    answer = client.post("/uploads", content=content, headers={**ADA, "Content-Type": "image/png"})
    assert answer.status_code == 415
    assert list(folder.iterdir()) == []


def test_a_type_is_told_from_bytes_that_come_one_by_one(client: TestClient) -> None:
    answer = client.post("/uploads", content=pieces(*(PNG[at : at + 1] for at in range(100))), headers=ADA)
    assert (answer.status_code, answer.json()["media_type"]) == (201, "image/png")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "a" * 31, "A" * 32, "a" * 32 + "%0a"])
def test_no_name_of_a_caller_leads_out_of_the_folder(client: TestClient, name: str) -> None:
    assert client.get(f"/uploads/{name}", headers=ADA).status_code in {404, 422}
    assert client.delete(f"/uploads/{name}", headers=ADA).status_code in {404, 405, 422}


def test_a_name_that_is_sent_is_not_used(client: TestClient, folder: Path) -> None:
    headers = {**ADA, "Content-Disposition": 'attachment; filename="../../evil.php"'}
    name = send(client, headers=headers)
    assert [each.name for each in folder.iterdir()] == [name]
    assert "evil" not in client.get(f"/uploads/{name}", headers=ADA).headers["content-disposition"]


def test_a_file_is_never_written_over_another_nor_through_a_link(app: FastAPI, folder: Path, tmp_path: Path) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield PNG

    storage: Storage = app.state.storage
    victim = tmp_path / "victim"
    victim.write_text("safe")
    os.symlink(victim, folder / "link")
    with pytest.raises(FileExistsError):
        in_a_loop(storage.receive, body(), folder / "link")
    assert victim.read_text() == "safe"


def test_nobody_unknown_uploads_and_nobody_reads_what_is_anothers(client: TestClient, folder: Path) -> None:
    assert client.post("/uploads", content=PNG).status_code == 401
    assert list(folder.iterdir()) == []
    name = send(client)
    assert client.get(f"/uploads/{name}", headers=BOB).status_code == 404
    assert client.delete(f"/uploads/{name}", headers=BOB).status_code == 404
    assert client.get(f"/uploads/{name}").status_code == 401
    assert client.get(f"/uploads/{name}", headers=ADA).status_code == 200


def test_a_file_that_the_scan_refuses_is_gone(client: TestClient, folder: Path, engine: Engine) -> None:
    assert client.post("/uploads", content=PNG + b"EICAR", headers=ADA).status_code == 422
    assert list(folder.iterdir()) == []
    assert held(engine) == (0, 0)


def test_a_quota_is_kept_and_freed_by_deleting(client: TestClient, engine: Engine, folder: Path) -> None:
    first = send(client)
    send(client)
    refused = client.post("/uploads", content=PNG, headers=ADA)
    assert (refused.status_code, len(list(folder.iterdir()))) == (413, 2)
    send(client, headers=BOB)
    assert client.delete(f"/uploads/{first}", headers=ADA).status_code == 204
    assert client.delete(f"/uploads/{first}", headers=ADA).status_code == 404
    assert held(engine) == (100, 1)
    send(client)


def test_the_number_of_files_is_bounded_too(engine: Engine, folder: Path) -> None:
    client = TestClient(create_app(engine, Settings(folder, files_per_user=1), identify, Scanner()))
    send(client)
    assert client.post("/uploads", content=PNG, headers=ADA).status_code == 413


def test_of_many_uploads_at_once_no_more_than_the_quota_are_kept(app: FastAPI, engine: Engine) -> None:
    storage: Storage = app.state.storage
    begin = threading.Barrier(8)
    kept: list[bool] = []

    def keep(number: int) -> None:
        begin.wait()
        kept.append(storage.keep(Upload(id=f"{number:032x}", user_id=1, media_type="image/png", size=100)))

    threads = [threading.Thread(target=keep, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(kept) == [False] * 6 + [True] * 2
    assert held(engine) == (200, 2)


@pytest.mark.parametrize("disconnects", [True, False])
def test_an_upload_that_is_broken_off_leaves_no_file(app: FastAPI, folder: Path, disconnects: bool) -> None:
    answered: list[object] = []
    sent: list[Message] = [{"type": "http.request", "body": PNG, "more_body": True}]

    async def receive() -> Message:
        if sent:
            return sent.pop()
        assert len(list(folder.iterdir())) == 1
        if disconnects:
            return {"type": "http.disconnect"}
        raise asyncio.CancelledError

    async def answer(message: Message) -> None:
        answered.append(message.get("status"))

    scope: Scope = {"type": "http", "method": "POST", "path": "/uploads", "raw_path": b"/uploads", "query_string": b""}
    more: Scope = {"headers": [(b"x-user", b"1")], "http_version": "1.1", "scheme": "http", "root_path": ""}
    with suppress(CancelledError):
        in_a_loop(app, {**scope, **more}, receive, answer)
    assert list(folder.iterdir()) == []
    assert answered[:1] == ([400] if disconnects else [])


def test_what_a_crash_left_is_swept_and_what_is_young_or_known_stays(
    app: FastAPI, client: TestClient, folder: Path
) -> None:
    name = send(client)
    (folder / "left").write_bytes(PNG)
    (folder / "young").write_bytes(PNG)
    for old in (name, "left"):
        os.utime(folder / old, (100, 100))
    assert app.state.storage.sweep(older_than=200) == 1
    assert {each.name for each in folder.iterdir()} == {name, "young"}


def test_a_row_names_only_types_that_are_known(client: TestClient, engine: Engine) -> None:
    send(client)
    with Session(engine) as session:
        assert session.scalars(select(Upload.media_type)).all() == ["image/png"]
    assert (tell_type(b"\xff\xd8\xff\xe0"), tell_type(b"%PDF-1.7"), tell_type(b"x")) == (
        "image/jpeg",
        "application/pdf",
        None,
    )
