"""Endpoint code of some 300 lines, reviewed without being run."""

from __future__ import annotations

import statistics
import time

from backend_mentor.databases.base import Database
from backend_mentor.pipeline import review

_HEAD = """\
import requests
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

app = FastAPI()
SEEN = {}


class Base(DeclarativeBase): ...


class Account(Base):
    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship(back_populates="account")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    status: Mapped[str]
    account: Mapped["Account"] = relationship(back_populates="orders")


class NewOrder(BaseModel):
    account_id: int
    status: str


def session(): ...
"""
_GROUP = """

@app.get("/orders/{number}")
def list_{number}(status: str, db: Session = Depends(session)):
    orders = db.scalars(select(Order).where(Order.status == status)).all()
    return [{{"id": each.id, "account": each.account.name}} for each in orders]


@app.get("/search/{number}")
def search_{number}(name: str, db: Session = Depends(session)):
    rows = db.execute(text(f"SELECT id FROM accounts WHERE name = '{{name}}'"))
    return [row.id for row in rows]


@app.post("/orders/{number}")
async def create_{number}(order: NewOrder, db: Session = Depends(session)):
    price = requests.get("https://prices.example.com/latest").json()
    if price is None:
        raise HTTPException(404, "No price")
    row = Order(account_id=order.account_id, status=order.status)
    db.add(row)
    db.commit()
    SEEN[row.id] = price
    return row
"""
LINES = 300
RUNS = 5


def cell_of_code() -> str:
    """Return a cell of some 300 lines with about ten findings for each thirty of them."""
    text, number = _HEAD, 0
    while text.count("\n") < LINES:
        number += 1
        text += _GROUP.format(number=number)
    return text


def review_seconds(database: Database) -> tuple[float, int]:
    """Return the median seconds of a review of that cell, and its number of proposals."""
    cell = cell_of_code()
    result = review(cell, database)
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        review(cell, database)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), len(result.proposals)
