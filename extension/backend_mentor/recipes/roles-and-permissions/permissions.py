"""Who may do what: roles hold permissions, handlers name the one that they need, and what names none does not start."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Path, Query, Request, status
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, Select, String, delete, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

logger = logging.getLogger("permissions")


class Permission(StrEnum):
    """What can be done. Handlers ask for a permission, never for a role: roles change, and handlers should not."""

    READ_OWN = "invoices:read-own"
    READ_ALL = "invoices:read-all"
    WRITE_OWN = "invoices:write-own"
    DELETE_ALL = "invoices:delete-all"
    GRANT_ROLES = "roles:grant"


class Role(StrEnum):
    """What a user is."""

    CUSTOMER = "customer"
    SUPPORT = "support"
    ADMIN = "admin"


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CUSTOMER: frozenset({Permission.READ_OWN, Permission.WRITE_OWN}),
    Role.SUPPORT: frozenset({Permission.READ_OWN, Permission.READ_ALL}),
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    invoices_at_most: int = 100
    """In one answer."""


class Base(DeclarativeBase):
    """The tables."""


class User(Base):
    """An account with one role; an unknown role grants nothing."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool] = mapped_column(default=True)


class Invoice(Base):
    """An invoice and the user that it belongs to."""

    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(index=True)
    cents: Mapped[int]


# An INTEGER column holds no more; beyond it databases answer with an error of their own, which would be a 500.
_GREATEST_KEY = 2**31 - 1
Key = Annotated[int, Path(ge=1, le=_GREATEST_KEY)]


class InvoiceCreate(BaseModel):
    """What callers may set; the owner is the caller."""

    model_config = ConfigDict(extra="forbid")

    cents: Annotated[int, Field(ge=1, le=100_000_000)]


class InvoiceRead(BaseModel):
    """An invoice as callers see it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    owner_id: int
    cents: int


class InvoiceList(BaseModel):
    """Some invoices, oldest first; pass the last id as `after` for those that follow."""

    items: list[InvoiceRead]


class RoleGrant(BaseModel):
    """The role that a user is to have."""

    model_config = ConfigDict(extra="forbid")

    role: Role


@dataclass(frozen=True)
class Caller:
    """Who sends a request, and what they may do."""

    user_id: int
    permissions: frozenset[Permission]

    def may(self, permission: Permission) -> bool:
        """Return whether the caller has this permission."""
        return permission in self.permissions


@dataclass(frozen=True)
class Office:
    """What the handlers need, made once per app."""

    settings: Settings
    sessions: sessionmaker[Session]
    authenticate: Callable[[str], int | None]


def get_office(request: Request) -> Office:
    """Return what the handlers need."""
    office: Office = request.app.state.office
    return office


UsesOffice = Annotated[Office, Depends(get_office)]
bearer = HTTPBearer(auto_error=False)


def permissions_of(role: str) -> frozenset[Permission]:
    """Return what a role grants; one that this version does not know grants nothing."""
    return GRANTS[Role(role)] if role in set(Role) else frozenset()


def get_caller(
    office: UsesOffice, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """Return who sends the request, with the role of this moment; raises 401.

    The role is read from the database and not from the token: one that was taken away is gone with the next request.
    """
    user_id = office.authenticate(credentials.credentials) if credentials else None
    role = None
    if user_id is not None:
        with office.sessions() as session:
            role = session.scalars(select(User.role).where(User.id == user_id, User.is_active)).one_or_none()
    if user_id is None or role is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Sign in.", headers={"WWW-Authenticate": "Bearer"})
    return Caller(user_id, permissions_of(role))


class Needs:
    """A dependency that lets callers with one of these permissions pass, and returns who they are."""

    def __init__(self, *permissions: Permission) -> None:
        """Keep the permissions; the check at start reads them."""
        self.permissions = permissions

    def __call__(self, caller: Annotated[Caller, Depends(get_caller)]) -> Caller:
        """Return the caller; raises 403 where none of the permissions is theirs."""
        if not any(caller.may(each) for each in self.permissions):
            needed = [each.value for each in self.permissions]
            logger.warning("permission refused", extra={"user_id": caller.user_id, "needed": needed})
            raise HTTPException(status.HTTP_403_FORBIDDEN, "Your role does not allow this.")
        return caller


Reader = Annotated[Caller, Depends(Needs(Permission.READ_OWN, Permission.READ_ALL))]
Writer = Annotated[Caller, Depends(Needs(Permission.WRITE_OWN))]
Deleter = Annotated[Caller, Depends(Needs(Permission.DELETE_ALL))]
Granter = Annotated[Caller, Depends(Needs(Permission.GRANT_ROLES))]


def visible_to(caller: Caller) -> Select[Invoice]:
    """Return the query of what the caller may see: the one place that decides it, for lists and for single ones."""
    query = select(Invoice)
    return query if caller.may(Permission.READ_ALL) else query.where(Invoice.owner_id == caller.user_id)


REFUSALS: dict[int | str, dict[str, object]] = {
    401: {"description": "Not signed in"},
    403: {"description": "Your role does not allow this"},
}
NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"description": "There is none that you may see"}}
invoices = APIRouter(prefix="/invoices", tags=["invoices"], responses=REFUSALS)
administration = APIRouter(prefix="/admin", tags=["administration"], responses=REFUSALS)


@invoices.get("")
def list_invoices(
    office: UsesOffice, caller: Reader, after: Annotated[int, Query(ge=0, le=_GREATEST_KEY)] = 0
) -> InvoiceList:
    """List the invoices that the caller may see: the own ones, or all of them."""
    query = visible_to(caller).where(Invoice.id > after).order_by(Invoice.id).limit(office.settings.invoices_at_most)
    with office.sessions() as session:
        return InvoiceList(items=[InvoiceRead.model_validate(each) for each in session.scalars(query)])


@invoices.get("/{invoice_id}", responses=NOT_FOUND)
def read_invoice(office: UsesOffice, caller: Reader, invoice_id: Key) -> InvoiceRead:
    """Return an invoice; one that the caller may not see is not found, so that its number tells nothing."""
    with office.sessions() as session:
        invoice = session.scalars(visible_to(caller).where(Invoice.id == invoice_id)).one_or_none()
    if invoice is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such invoice.")
    return InvoiceRead.model_validate(invoice)


@invoices.post("", status_code=status.HTTP_201_CREATED)
def create_invoice(office: UsesOffice, caller: Writer, invoice: InvoiceCreate) -> InvoiceRead:
    """Write an invoice; it belongs to the caller."""
    written = Invoice(owner_id=caller.user_id, cents=invoice.cents)
    with office.sessions.begin() as session:
        session.add(written)
    return InvoiceRead.model_validate(written)


@invoices.delete("/{invoice_id}", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
def delete_invoice(office: UsesOffice, caller: Deleter, invoice_id: Key) -> None:
    """Delete anybody's invoice."""
    with office.sessions.begin() as session:
        if session.scalars(delete(Invoice).where(Invoice.id == invoice_id).returning(Invoice.id)).one_or_none() is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such invoice.")
    logger.info("invoice deleted", extra={"invoice_id": invoice_id, "by": caller.user_id})


@administration.put("/users/{user_id}/role", status_code=status.HTTP_204_NO_CONTENT, responses=NOT_FOUND)
def grant_role(office: UsesOffice, caller: Granter, user_id: Key, grant: RoleGrant) -> None:
    """Give a user a role. Nobody changes the own one, and nobody grants what they do not have."""
    if user_id == caller.user_id:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Somebody else has to change your role.")
    if not GRANTS[grant.role] <= caller.permissions:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "You can not grant more than you have.")
    with office.sessions.begin() as session:
        changed = session.scalars(update(User).where(User.id == user_id).values(role=grant.role).returning(User.id))
        if changed.one_or_none() is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such user.")
    logger.info("role granted", extra={"user_id": user_id, "role": grant.role.value, "by": caller.user_id})


class UnguardedError(Exception):
    """A handler that names no permission; its text is the handlers' names."""


def guards_of(route: APIRoute) -> tuple[Permission, ...]:
    """Return the permissions that a route names, wherever among its dependencies."""
    found: list[Permission] = []
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        if isinstance(dependant.call, Needs):
            found += dependant.call.permissions
        waiting += dependant.dependencies
    return tuple(found)


def check_guards(routers: tuple[APIRouter, ...]) -> None:
    """Raise UnguardedError where a handler names no permission, so that a forgotten guard ends the start."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    unguarded = [route.name for route in routes if not guards_of(route)]
    if unguarded:
        raise UnguardedError(", ".join(unguarded))


def create_app(
    engine: Engine,
    authenticate: Callable[[str], int | None],
    settings: Settings | None = None,
    routers: tuple[APIRouter, ...] = (invoices, administration),
) -> FastAPI:
    """Return the app on a database whose tables exist; raises UnguardedError for a handler without a permission.

    `authenticate` turns a bearer token into a user's id.
    """
    check_guards(routers)
    app = FastAPI(title="Invoices")
    app.state.office = Office(settings or Settings(), sessionmaker(engine, expire_on_commit=False), authenticate)
    for router in routers:
        app.include_router(router)
    return app
