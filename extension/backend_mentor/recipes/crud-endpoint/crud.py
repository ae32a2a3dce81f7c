"""Create, read, list, change and delete: one resource done whole, each row its owner's."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, String, UniqueConstraint, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from starlette.exceptions import HTTPException as AnyHTTPException


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    rows_by_default: int = 20
    rows_at_most: int = 100


State = Literal["open", "done"]


class Base(DeclarativeBase):
    """The tables."""


class Task(Base):
    """A task. The unique key settles two creations at once, and carries the list of one owner."""

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("owner_id", "title", name="tasks_owner_id_title_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="open")
    version: Mapped[int] = mapped_column(default=1)


# An INTEGER column holds no more; beyond it databases answer with an error of their own, which would be a 500.
_GREATEST_KEY = 2**31 - 1
Key = Annotated[int, Path(ge=1, le=_GREATEST_KEY)]
# PostgreSQL stores no NUL in text.
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$", examples=["Water the plants"])]


class TaskCreate(BaseModel):
    """What callers may set when they create a task."""

    model_config = ConfigDict(extra="forbid")

    title: Title


class TaskChange(BaseModel):
    """What callers may change; what they do not send stays as it is."""

    model_config = ConfigDict(extra="forbid")

    title: Title = Field(default="")
    state: State = "open"


class TaskRead(BaseModel):
    """A task as callers see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: Title
    state: State
    version: int


class TaskPage(BaseModel):
    """One page, and what to pass as `after` for the next; none on the last."""

    items: list[TaskRead]
    next: int | None


class Problem(BaseModel):
    """An error as RFC 9457 writes it."""

    title: str
    status: int
    detail: str


@dataclass(frozen=True)
class Desk:
    """What the handlers need, made once per app."""

    settings: Settings
    sessions: sessionmaker[Session]
    authenticate: Callable[[str], int | None]


def get_desk(request: Request) -> Desk:
    """Return what the handlers need."""
    desk: Desk = request.app.state.desk
    return desk


UsesDesk = Annotated[Desk, Depends(get_desk)]
bearer = HTTPBearer(auto_error=False)


def get_user_id(desk: UsesDesk, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> int:
    """Return who sends the request; raises 401."""
    user_id = desk.authenticate(credentials.credentials) if credentials else None
    if user_id is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Sign in.", headers={"WWW-Authenticate": "Bearer"})
    return user_id


SignedIn = Annotated[int, Depends(get_user_id)]
IfMatch = Annotated[str, Header(pattern=r'^"[0-9]{1,9}"$', description="The ETag of the version that is changed")]


def tag_of(task: TaskRead) -> str:
    """Return the ETag of a task."""
    return f'"{task.version}"'


def not_found() -> HTTPException:
    """Return the one answer for what does not exist and for what belongs to another."""
    return HTTPException(status.HTTP_404_NOT_FOUND, "You have no such task.")


def title_taken() -> HTTPException:
    """Return the answer to a title that another task of the caller has."""
    return HTTPException(status.HTTP_409_CONFLICT, "You have a task of this title already.")


def refusal(*codes: int) -> dict[int | str, dict[str, object]]:
    """Return the descriptions of these answers for OpenAPI."""
    return {code: {"model": Problem, "description": HTTPStatus(code).phrase} for code in codes}


router = APIRouter(prefix="/tasks", tags=["tasks"], dependencies=[Depends(get_user_id)], responses=refusal(401, 422))


@router.post("", status_code=status.HTTP_201_CREATED, responses=refusal(409))
def create_task(desk: UsesDesk, user_id: SignedIn, wanted: TaskCreate, response: Response) -> TaskRead:
    """Create a task. Its address is in Location, its version in ETag."""
    task = Task(owner_id=user_id, title=wanted.title)
    try:
        with desk.sessions.begin() as session:
            session.add(task)
    except IntegrityError:
        raise title_taken() from None
    created = TaskRead.model_validate(task)
    response.headers["Location"] = f"/tasks/{created.id}"
    response.headers["ETag"] = tag_of(created)
    return created


@router.get("")
def list_tasks(
    desk: UsesDesk,
    user_id: SignedIn,
    state: Annotated[State | None, Query(description="Only those in this state")] = None,
    limit: Annotated[int | None, Query(ge=1, le=1_000, description="A smaller bound is set per app")] = None,
    after: Annotated[int, Query(ge=0, le=_GREATEST_KEY, description="`next` of the page before")] = 0,
) -> TaskPage:
    """List the caller's tasks, oldest first, page by page."""
    rows = min(limit or desk.settings.rows_by_default, desk.settings.rows_at_most)
    query = select(Task).where(Task.owner_id == user_id, Task.id > after).order_by(Task.id).limit(rows + 1)
    if state is not None:
        query = query.where(Task.state == state)
    with desk.sessions() as session:
        found = [TaskRead.model_validate(task) for task in session.scalars(query)]
    return TaskPage(items=found[:rows], next=found[rows - 1].id if len(found) > rows else None)


@router.get("/{task_id}", responses=refusal(404))
def read_task(desk: UsesDesk, user_id: SignedIn, task_id: Key, response: Response) -> TaskRead:
    """Return one of the caller's tasks."""
    with desk.sessions() as session:
        task = session.scalars(select(Task).where(Task.id == task_id, Task.owner_id == user_id)).one_or_none()
    if task is None:
        raise not_found()
    read = TaskRead.model_validate(task)
    response.headers["ETag"] = tag_of(read)
    return read


@router.patch("/{task_id}", responses=refusal(404, 409, 412))
def change_task(
    desk: UsesDesk, user_id: SignedIn, task_id: Key, if_match: IfMatch, change: TaskChange, response: Response
) -> TaskRead:
    """Change what is sent and nothing else, if nobody has changed the task since the version of If-Match."""
    sent = change.model_dump(exclude_unset=True)
    own = (Task.id == task_id, Task.owner_id == user_id)
    statement = (
        update(Task)
        .where(*own, Task.version == int(if_match.strip('"')))
        .values(**sent, version=Task.version + 1)
        .returning(Task)
    )
    try:
        with desk.sessions.begin() as session:
            task = session.scalars(statement).one_or_none()
            if task is None:
                is_there = session.scalars(select(Task.id).where(*own)).one_or_none() is not None
                raise changed_meanwhile() if is_there else not_found()
            changed = TaskRead.model_validate(task)
    except IntegrityError:
        raise title_taken() from None
    response.headers["ETag"] = tag_of(changed)
    return changed


def changed_meanwhile() -> HTTPException:
    """Return the answer to a change of a version that is no longer the last."""
    return HTTPException(status.HTTP_412_PRECONDITION_FAILED, "It was changed meanwhile. Read it again.")


@router.delete("/{task_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_task(desk: UsesDesk, user_id: SignedIn, task_id: Key) -> None:
    """Delete a task. What is gone already is gone: a delete that is sent again has the same answer."""
    with desk.sessions.begin() as session:
        session.execute(delete(Task).where(Task.id == task_id, Task.owner_id == user_id))


def problem(code: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an error as RFC 9457 writes it."""
    body = Problem(title=HTTPStatus(code).phrase, status=code, detail=detail)
    return JSONResponse(body.model_dump(), code, headers, media_type="application/problem+json")


def show_http_error(request: Request, error: Exception) -> Response:
    """Answer what a handler raised, and what has no route."""
    if not isinstance(error, AnyHTTPException):
        raise error
    return problem(error.status_code, str(error.detail), dict(error.headers or {}))


def show_invalid(request: Request, error: Exception) -> Response:
    """Say which fields are wrong, and why; what was sent is not repeated."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return problem(status.HTTP_422_UNPROCESSABLE_CONTENT, "; ".join(faults))


def create_app(engine: Engine, authenticate: Callable[[str], int | None], settings: Settings | None = None) -> FastAPI:
    """Return the app on a database whose tables exist; `authenticate` turns a bearer token into a user's id."""
    app = FastAPI(title="Tasks")
    app.state.desk = Desk(settings or Settings(), sessionmaker(engine, expire_on_commit=False), authenticate)
    app.include_router(router)
    app.add_exception_handler(AnyHTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_invalid)
    return app
