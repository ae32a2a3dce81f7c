"""Uploads that stream to disk within bounds, are what they claim to be, and are served so that they can not run."""

import logging
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, status
from fastapi import Path as PathParameter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, String, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from starlette.requests import ClientDisconnect

logger = logging.getLogger("file_upload")

Identify = Callable[[Request], int | None]
Scan = Callable[[Path], bool]

# What a file begins with; whatever the caller says of it is not believed.
_BEGINNINGS: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (0, b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (0, b"%PDF-", "application/pdf", ".pdf"),
)
_BEGINNING_BYTES = 16


@dataclass(frozen=True)
class Settings:
    """What an operator sets. The folder lies outside of everything that a web server serves by itself."""

    folder: Path
    bytes_at_most: int = 10 * 2**20
    quota_bytes: int = 100 * 2**20
    """Of one user, over all files."""
    files_per_user: int = 1_000
    types: frozenset[str] = frozenset({"image/png", "image/jpeg"})


class Base(DeclarativeBase):
    """The tables."""


class Usage(Base):
    """How much a user holds; one row, so that one UPDATE decides what still fits."""

    __tablename__ = "upload_usage"

    user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    held_bytes: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)


class Upload(Base):
    """A file that is there; its name is ours."""

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]


class UploadRead(BaseModel):
    """A file as its owner sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    media_type: str
    size: int


class TooBigError(Exception):
    """More bytes came than one file may have."""


class WrongTypeError(Exception):
    """The file is of no type that is taken."""


def tell_type(beginning: bytes) -> str | None:
    """Return the media type that a file's first bytes mean, None for any other.

    It tells no more than that: a file can begin as an image and hold a script further on. So it is served with the
    type that we found, and `nosniff`.
    """
    for offset, magic, media_type, _ in _BEGINNINGS:
        if beginning[offset : offset + len(magic)] == magic:
            return media_type
    return None


@dataclass(frozen=True)
class Storage:
    """What handlers need of this app."""

    settings: Settings
    sessions: sessionmaker[Session]
    identify: Identify
    scan: Scan

    def path(self, upload_id: str) -> Path:
        """Return where a file lies; ids are ours, nothing of a caller's name is in it."""
        return self.settings.folder / upload_id

    async def receive(self, chunks: AsyncIterator[bytes], target: Path) -> tuple[str, int]:
        """Write what comes, piece by piece, and return its type and size; raises TooBigError and WrongTypeError."""
        size, beginning, media_type = 0, b"", None
        # x: never over a file that is there; 0600: for nobody but this process.
        file = os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        with file:
            async for chunk in chunks:
                size += len(chunk)
                if size > self.settings.bytes_at_most:
                    raise TooBigError
                beginning = (beginning + chunk)[:_BEGINNING_BYTES] if len(beginning) < _BEGINNING_BYTES else beginning
                if media_type is None and len(beginning) == _BEGINNING_BYTES:
                    media_type = self._check_type(beginning)
                await run_in_threadpool(file.write, chunk)
            media_type = media_type or self._check_type(beginning)
            await run_in_threadpool(file.flush)
            await run_in_threadpool(os.fsync, file.fileno())
        return media_type, size

    def _check_type(self, beginning: bytes) -> str:
        media_type = tell_type(beginning)
        if media_type is None or media_type not in self.settings.types:
            raise WrongTypeError
        return media_type

    def keep(self, upload: Upload) -> bool:
        """Write the row and take its bytes of the user's quota; False where they do not fit any more.

        The condition decides in the database: of two uploads at once that fit only one by one, one is refused.
        """
        with suppress(IntegrityError), self.sessions.begin() as session:  # somebody else made the row first
            if session.get(Usage, upload.user_id) is None:
                session.add(Usage(user_id=upload.user_id))
        fits = (
            update(Usage)
            .where(
                Usage.user_id == upload.user_id,
                Usage.held_bytes + upload.size <= self.settings.quota_bytes,
                Usage.files < self.settings.files_per_user,
            )
            .values(held_bytes=Usage.held_bytes + upload.size, files=Usage.files + 1)
        )
        with self.sessions.begin() as session:
            if session.execute(fits.returning(Usage.user_id)).one_or_none() is None:
                return False
            session.add(upload)
        return True

    def forget(self, upload_id: str, user_id: int) -> bool:
        """Delete a file of the user's, and return whether there was one."""
        gone = delete(Upload).where(Upload.id == upload_id, Upload.user_id == user_id).returning(Upload.size)
        with self.sessions.begin() as session:
            size = session.scalars(gone).one_or_none()
            if size is None:
                return False
            less = {"held_bytes": Usage.held_bytes - size, "files": Usage.files - 1}
            session.execute(update(Usage).where(Usage.user_id == user_id).values(less))
        # After the commit: a file without a row is swept some day, a row without a file is an error for its owner.
        self.path(upload_id).unlink(missing_ok=True)
        return True

    def sweep(self, older_than: float) -> int:
        """Delete files without a row that were last written before that time, and return how many: after a crash."""
        swept = 0
        with self.sessions() as session:
            known = set(session.scalars(select(Upload.id)))
        for file in self.settings.folder.iterdir():
            if file.name not in known and file.is_file() and file.stat().st_mtime < older_than:
                file.unlink(missing_ok=True)
                swept += 1
        return swept


def get_storage(request: Request) -> Storage:
    """Return what the app was made with."""
    storage: Storage = request.app.state.storage
    return storage


def get_user(request: Request, storage: Annotated[Storage, Depends(get_storage)]) -> int:
    """Return the caller; raises 401 where nobody is known. It runs before a byte of the body is read."""
    user_id = storage.identify(request)
    if user_id is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Sign in first.", {"WWW-Authenticate": "Bearer"})
    return user_id


def check_length(request: Request, storage: Annotated[Storage, Depends(get_storage)]) -> None:
    """Refuse a body that says itself that it is too big, before it is sent; one that lies is counted as it comes."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and (len(said) > 18 or int(said) > storage.settings.bytes_at_most):
        raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, "The file is too big.")


User = Annotated[int, Depends(get_user)]
Stored = Annotated[Storage, Depends(get_storage)]
UploadId = Annotated[str, PathParameter(pattern="^[0-9a-f]{32}$")]
REFUSALS: dict[int | str, dict[str, object]] = {
    400: {"description": "The upload was broken off"},
    401: {"description": "Nobody is signed in"},
    413: {"description": "The file is too big, or the quota is used up"},
    415: {"description": "The file is of no type that is taken"},
    422: {"description": "The scan refused it"},
}
router = APIRouter(prefix="/uploads", tags=["uploads"])


@router.post(
    "", status_code=status.HTTP_201_CREATED, dependencies=[Depends(get_user), Depends(check_length)], responses=REFUSALS
)
async def create_upload(request: Request, user_id: User, storage: Stored) -> UploadRead:
    """Upload a file as the body of the request; its type is told from its bytes, its name is given by the server."""
    upload_id = secrets.token_hex(16)
    target = storage.path(upload_id)
    kept = False
    try:
        media_type, size = await storage.receive(request.stream(), target)
        if not await run_in_threadpool(storage.scan, target):
            logger.warning("upload refused by the scan", extra={"user_id": user_id, "size": size})
            raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, "The file was refused.")
        upload = Upload(id=upload_id, user_id=user_id, media_type=media_type, size=size)
        shown = UploadRead.model_validate(upload)
        kept = await run_in_threadpool(storage.keep, upload)
        if not kept:
            raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, "Your quota is used up. Delete a file first.")
    except TooBigError:
        raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, "The file is too big.") from None
    except WrongTypeError:
        raise HTTPException(status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, "Files of this type are not taken.") from None
    except ClientDisconnect:
        # Nobody reads it; without it the server would log an error of its own.
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "The upload was broken off.") from None
    finally:
        # Also where the caller is cancelled, which is no Exception.
        if not kept:
            target.unlink(missing_ok=True)
    return shown


@router.get("/{upload_id}", response_class=FileResponse, responses={404: {"description": "No such file of yours"}})
def read_upload(upload_id: UploadId, user_id: User, storage: Stored) -> FileResponse:
    """Download a file of one's own; a browser saves it and never shows or runs it in our origin."""
    with storage.sessions() as session:
        mine = select(Upload).where(Upload.id == upload_id, Upload.user_id == user_id)
        upload = session.scalars(mine).one_or_none()
    if upload is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such file.")
    ending = next(end for _, _, media_type, end in _BEGINNINGS if media_type == upload.media_type)
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    return FileResponse(
        storage.path(upload.id), headers=headers, media_type=upload.media_type, filename=upload.id + ending
    )


@router.delete(
    "/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={404: {"description": "No such file of yours"}},
)
def delete_upload(upload_id: UploadId, user_id: User, storage: Stored) -> None:
    """Delete a file of one's own; its bytes are free again."""
    if not storage.forget(upload_id, user_id):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such file.")


def create_app(engine: Engine, settings: Settings, identify: Identify, scan: Scan) -> FastAPI:
    """Return the app on a database and a folder that exist; `scan` says whether a file is clean, on a thread."""
    # The framework's own bound stands a little above ours: it holds for every other route too.
    app = FastAPI(title="Uploads", max_body_size=settings.bytes_at_most + 2**16)
    app.state.storage = Storage(settings, sessionmaker(engine, expire_on_commit=False), identify, scan)
    app.include_router(router)
    return app
