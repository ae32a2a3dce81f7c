"""A POST that may be sent again: the same key gives the same answer, and the work is done once."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Path, Request, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import CheckConstraint, Engine, ForeignKey, String, Text, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker


@dataclass(frozen=True)
class Settings:
    """What an operator sets."""

    keys_kept_seconds: float = 24 * 3600.0
    """At least this long a repeated request gets its first answer; clients have to give up before."""
    quantity_at_most: int = 1_000


class Base(DeclarativeBase):
    """The tables."""


class Product(Base):
    """What can be ordered; the constraint holds whatever the code does."""

    __tablename__ = "products"
    __table_args__ = (CheckConstraint("stock >= 0", name="products_stock_not_negative"),)

    sku: Mapped[str] = mapped_column(String(40), primary_key=True)
    stock: Mapped[int]


class Order(Base):
    """An order of one user."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), index=True)
    quantity: Mapped[int]


class KeptAnswer(Base):
    """The answer to a request, by its sender and key; the primary key decides which of two at once does the work."""

    __tablename__ = "kept_answers"

    user_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float] = mapped_column(index=True)


# An INTEGER column holds no more; beyond it databases answer with an error of their own, which would be a 500.
_GREATEST_KEY = 2**31 - 1
Key = Annotated[int, Path(ge=1, le=_GREATEST_KEY)]
# PostgreSQL stores no NUL in text.
Sku = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class OrderCreate(BaseModel):
    """What is ordered."""

    model_config = ConfigDict(extra="forbid")

    sku: Sku
    quantity: Annotated[int, Field(ge=1)]


class OrderRead(BaseModel):
    """An order as callers see it."""

    id: int
    sku: str
    quantity: int


@dataclass(frozen=True)
class Shop:
    """What the handlers need, made once per app."""

    settings: Settings
    sessions: sessionmaker[Session]
    authenticate: Callable[[str], int | None]
    clock: Callable[[], float]


def get_shop(request: Request) -> Shop:
    """Return what the handlers need."""
    shop: Shop = request.app.state.shop
    return shop


UsesShop = Annotated[Shop, Depends(get_shop)]
bearer = HTTPBearer(auto_error=False)


def get_user_id(shop: UsesShop, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> int:
    """Return who sends the request; raises 401."""
    user_id = shop.authenticate(credentials.credentials) if credentials else None
    if user_id is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Sign in.", headers={"WWW-Authenticate": "Bearer"})
    return user_id


SignedIn = Annotated[int, Depends(get_user_id)]
# Printable ASCII without spaces: it goes into an index, and into logs.
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", min_length=8, max_length=128, pattern=r"^[!-~]+$", description="A UUID")
]


class OutOfStockError(Exception):
    """There is not enough of it."""


def digest_of(request: OrderCreate) -> str:
    """Return what tells this request from another one under the same key."""
    return hashlib.sha256(f"POST /orders {request.model_dump_json()}".encode()).hexdigest()


def place_order(session: Session, user_id: int, wanted: OrderCreate) -> OrderRead:
    """Take the goods from the stock and write the order; raises OutOfStockError. The caller commits."""
    enough = (Product.sku == wanted.sku, Product.stock >= wanted.quantity)
    taken = update(Product).where(*enough).values(stock=Product.stock - wanted.quantity).returning(Product.sku)
    if session.scalars(taken).one_or_none() is None:
        raise OutOfStockError
    order = Order(user_id=user_id, sku=wanted.sku, quantity=wanted.quantity)
    session.add(order)
    session.flush()
    return OrderRead(id=order.id, sku=order.sku, quantity=order.quantity)


def do_once(shop: Shop, user_id: int, key: str, wanted: OrderCreate) -> tuple[str, bool]:
    """Return the answer as JSON, and whether it is a repeated one.

    The key, the work and the answer are one transaction: either all three are there or none. Two requests at once meet
    at the primary key; the second waits for the first, fails, and finds its answer.
    """
    kept = KeptAnswer(user_id=user_id, key=key, request_digest=digest_of(wanted), created_at=shop.clock())
    try:
        with shop.sessions.begin() as session:
            session.add(kept)
            session.flush()
            answer = place_order(session, user_id, wanted).model_dump_json()
            kept.body = answer
            return answer, False
    except IntegrityError:
        with shop.sessions() as session:
            first = session.get(KeptAnswer, (user_id, key))
        if first is None:
            raise
    if first.request_digest != digest_of(wanted):
        raise HTTPException(
            status.HTTP_422_UNPROCESSABLE_CONTENT, "This Idempotency-Key belongs to another request. Use a new one."
        )
    return first.body, True


def sweep(shop: Shop) -> None:
    """Delete the answers that nobody will ask for again; run it once an hour."""
    with shop.sessions.begin() as session:
        session.execute(
            delete(KeptAnswer).where(KeptAnswer.created_at < shop.clock() - shop.settings.keys_kept_seconds)
        )


router = APIRouter(prefix="/orders", tags=["orders"], dependencies=[Depends(get_user_id)])
REFUSALS: dict[int | str, dict[str, object]] = {
    401: {"description": "Not signed in"},
    409: {"description": "Not enough in stock; nothing was ordered, and the same key may be sent again"},
}


@router.post("", status_code=status.HTTP_201_CREATED, response_model=OrderRead, responses=REFUSALS)
def create_order(shop: UsesShop, user_id: SignedIn, key: IdempotencyKey, wanted: OrderCreate) -> Response:
    """Place an order. Send the same Idempotency-Key again after a lost connection: the order is placed once."""
    if wanted.quantity > shop.settings.quantity_at_most:
        raise HTTPException(
            status.HTTP_422_UNPROCESSABLE_CONTENT, f"At most {shop.settings.quantity_at_most:,} of one thing."
        )
    try:
        body, is_repeated = do_once(shop, user_id, key, wanted)
    except OutOfStockError:
        raise HTTPException(status.HTTP_409_CONFLICT, "There is not enough in stock.") from None
    headers = {"Location": f"/orders/{OrderRead.model_validate_json(body).id}"}
    if is_repeated:
        headers["Idempotency-Replayed"] = "true"
    return Response(body, status.HTTP_201_CREATED, headers, media_type="application/json")


@router.get("/{order_id}", responses={404: {"description": "You have no such order"}})
def read_order(shop: UsesShop, user_id: SignedIn, order_id: Key) -> OrderRead:
    """Return one of the caller's orders."""
    with shop.sessions() as session:
        order = session.scalars(select(Order).where(Order.id == order_id, Order.user_id == user_id)).one_or_none()
    if order is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "You have no such order.")
    return OrderRead(id=order.id, sku=order.sku, quantity=order.quantity)


def create_app(
    engine: Engine,
    authenticate: Callable[[str], int | None],
    settings: Settings | None = None,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """Return the app on a database whose tables exist; `authenticate` turns a bearer token into a user's id."""
    app = FastAPI(title="Orders")
    app.state.shop = Shop(settings or Settings(), sessionmaker(engine, expire_on_commit=False), authenticate, clock)
    app.include_router(router)
    return app
