"""Two people change the same thing: the second is told so, and nobody's change is lost."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Path, Request, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, String, Text, delete, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    body_characters_at_most: int = 100_000


class Base(DeclarativeBase):
    """The tables."""


class Document(Base):
    """A document; its version goes up by one with each change, in the UPDATE that makes it."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)


# An INTEGER column holds no more; beyond it databases answer with an error of their own, which would be a 500.
_GREATEST_KEY = 2**31 - 1
Key = Annotated[int, Path(ge=1, le=_GREATEST_KEY)]
# PostgreSQL stores no NUL in text.
_WITHOUT_NUL = r"^[^\x00]*$"


class DocumentWrite(BaseModel):
    """What callers may set: the owner and the version are not theirs to choose."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=_WITHOUT_NUL)]
    body: Annotated[str, Field(pattern=_WITHOUT_NUL)]


class DocumentRead(BaseModel):
    """A document as callers see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    body: str
    version: int


@dataclass(frozen=True)
class Shelf:
    """What the handlers need, made once per app."""

    settings: Settings
    sessions: sessionmaker[Session]
    authenticate: Callable[[str], int | None]


def get_shelf(request: Request) -> Shelf:
    """Return what the handlers need."""
    shelf: Shelf = request.app.state.shelf
    return shelf


UsesShelf = Annotated[Shelf, Depends(get_shelf)]
bearer = HTTPBearer(auto_error=False)


def get_user_id(shelf: UsesShelf, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> int:
    """Return who sends the request; raises 401."""
    user_id = shelf.authenticate(credentials.credentials) if credentials else None
    if user_id is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Sign in.", headers={"WWW-Authenticate": "Bearer"})
    return user_id


SignedIn = Annotated[int, Depends(get_user_id)]
IfMatch = Annotated[str | None, Header(description="The ETag of the version that was changed", max_length=200)]
IfNoneMatch = Annotated[str | None, Header(description="ETags of versions that are there already", max_length=1000)]

_TAG = re.compile(r'"v(?P<version>[0-9]{1,18})"')


def tag_of(version: int) -> str:
    """Return the ETag of a version."""
    return f'"v{version}"'


def expected_version(if_match: IfMatch = None) -> int:
    """Return the version that the caller has changed; raises 428 where it names none.

    `*` means any version, which is the blind overwrite that this is about, and a weak tag (`W/…`) never matches here
    (RFC 9110, section 13.1.1).
    """
    if if_match is None or if_match.strip() == "*":
        raise HTTPException(
            status.HTTP_428_PRECONDITION_REQUIRED, "Read the document, and send its ETag as If-Match with the change."
        )
    named = _TAG.fullmatch(if_match.strip())
    if named is None or int(named["version"]) > _GREATEST_KEY:
        raise changed_meanwhile()
    return int(named["version"])


Expected = Annotated[int, Depends(expected_version)]


def changed_meanwhile() -> HTTPException:
    """Return the answer to a change of a version that is no longer the last."""
    return HTTPException(
        status.HTTP_412_PRECONDITION_FAILED, "It was changed meanwhile. Read it again and repeat your change."
    )


def not_found() -> HTTPException:
    """Return the one answer for what does not exist and for what belongs to another."""
    return HTTPException(status.HTTP_404_NOT_FOUND, "You have no such document.")


def refuse(session: Session, user_id: int, document_id: int) -> HTTPException:
    """Return why a change found no row: the document is not there for this user, or its version has gone on."""
    own = select(Document.version).where(Document.id == document_id, Document.owner_id == user_id)
    return not_found() if session.scalars(own).one_or_none() is None else changed_meanwhile()


def check_size(shelf: Shelf, written: DocumentWrite) -> None:
    """Raise 422 for a body that is longer than allowed."""
    if len(written.body) > shelf.settings.body_characters_at_most:
        most = shelf.settings.body_characters_at_most
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, f"A body has at most {most:,} characters.")


REFUSALS: dict[int | str, dict[str, object]] = {
    401: {"description": "Not signed in"},
    404: {"description": "You have no such document"},
}
LOCKED: dict[int | str, dict[str, object]] = {
    412: {"description": "It was changed meanwhile"},
    428: {"description": "If-Match is missing"},
}
router = APIRouter(prefix="/documents", tags=["documents"], dependencies=[Depends(get_user_id)], responses=REFUSALS)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_document(shelf: UsesShelf, user_id: SignedIn, written: DocumentWrite, response: Response) -> DocumentRead:
    """Write a new document."""
    check_size(shelf, written)
    document = Document(owner_id=user_id, title=written.title, body=written.body)
    with shelf.sessions.begin() as session:
        session.add(document)
    response.headers["Location"] = f"/documents/{document.id}"
    response.headers["ETag"] = tag_of(document.version)
    return DocumentRead.model_validate(document)


@router.get("/{document_id}", response_model=DocumentRead, responses={304: {"description": "You have this version"}})
def read_document(
    shelf: UsesShelf, user_id: SignedIn, document_id: Key, response: Response, if_none_match: IfNoneMatch = None
) -> DocumentRead | Response:
    """Return a document with its ETag, or 304 without it where the caller has this version."""
    with shelf.sessions() as session:
        document = session.scalars(
            select(Document).where(Document.id == document_id, Document.owner_id == user_id)
        ).one_or_none()
    if document is None:
        raise not_found()
    headers = {"ETag": tag_of(document.version), "Cache-Control": "private, no-cache"}
    known = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    if known & {headers["ETag"], "*"}:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return DocumentRead.model_validate(document)


@router.put("/{document_id}", responses=LOCKED)
def replace_document(
    shelf: UsesShelf,
    user_id: SignedIn,
    document_id: Key,
    expected: Expected,
    written: DocumentWrite,
    response: Response,
) -> DocumentRead:
    """Replace a document, if nobody has changed it since the version that If-Match names."""
    check_size(shelf, written)
    # One statement finds, checks and changes: between a look and a write another could come.
    change = (
        update(Document)
        .where(Document.id == document_id, Document.owner_id == user_id, Document.version == expected)
        .values(title=written.title, body=written.body, version=Document.version + 1)
        .returning(Document)
    )
    with shelf.sessions.begin() as session:
        document = session.scalars(change).one_or_none()
        if document is None:
            raise refuse(session, user_id, document_id)
        changed = DocumentRead.model_validate(document)
    response.headers["ETag"] = tag_of(changed.version)
    return changed


@router.delete("/{document_id}", status_code=status.HTTP_204_NO_CONTENT, responses=LOCKED)
def delete_document(shelf: UsesShelf, user_id: SignedIn, document_id: Key, expected: Expected) -> None:
    """Delete a document, if nobody has changed it since the version that If-Match names."""
    own = (Document.id == document_id, Document.owner_id == user_id, Document.version == expected)
    with shelf.sessions.begin() as session:
        if session.scalars(delete(Document).where(*own).returning(Document.id)).one_or_none() is None:
            raise refuse(session, user_id, document_id)


def create_app(engine: Engine, authenticate: Callable[[str], int | None], settings: Settings | None = None) -> FastAPI:
    """Return the app on a database whose tables exist; `authenticate` turns a bearer token into a user's id."""
    app = FastAPI(title="Documents")
    app.state.shelf = Shelf(settings or Settings(), sessionmaker(engine, expire_on_commit=False), authenticate)
    app.include_router(router)
    return app
