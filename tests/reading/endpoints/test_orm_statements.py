"""SQLAlchemy's statements as SQL: what is read from the source is what SQLAlchemy itself compiles."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
import sqlalchemy
import sqlglot
from sqlalchemy.dialects import postgresql, sqlite
from sqlglot import exp

from backend_mentor.domain.cell import Cell, CellKind
from backend_mentor.reading.endpoints import read_source
from backend_mentor.reading.endpoints.orm_statements import Translated, translate

MODELS = """
from sqlalchemy import ForeignKey, String, and_, func, not_, or_, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

class Base(DeclarativeBase): ...

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column("mail", String(200))
    city: Mapped[str | None]
    orders: Mapped[list["Order"]] = relationship(back_populates="user")

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    status: Mapped[str]
    total: Mapped[int]
    user: Mapped["User"] = relationship(back_populates="orders")
"""
VALUES: dict[str, object] = {"email": "e", "status": "s", "size": 7, "start": 3}

STATEMENTS = [
    "select(User)",
    "select(User).where(User.email == email)",
    "select(User).where(User.email != email, User.city.is_(None))",
    "select(User.id, User.email).where(User.city == None).order_by(User.email.desc()).limit(size).offset(start)",
    "select(Order).where(or_(Order.total > 5, Order.status == status), Order.total <= 90)",
    "select(Order).where((Order.total > 5) & ~(Order.status == 'open'))",
    "select(Order).where(not_(Order.total < 5)).distinct()",
    "select(Order).where(Order.status.in_(['open', 'paid']))",
    "select(Order).where(Order.total.between(1, 9), Order.status.like('o%'))",
    "select(User).where(User.email.ilike(email))",
    "select(User).where(User.email.startswith(email))",
    "select(User).join(Order).where(Order.status == status)",
    "select(User).join(User.orders).where(Order.status == status)",
    "select(Order.id, User.email).join(User, Order.user_id == User.id, isouter=True)",
    "select(func.count()).select_from(Order).where(Order.status == status)",
    "select(Order.status, func.sum(Order.total).label('n')).group_by(Order.status).having(func.sum(Order.total) > 9)",
    "select(User).options(selectinload(User.orders)).where(func.lower(User.email) == email)",
]


def translated(expression: str, dialect: str, sent: str = "session.scalars({}).all()") -> Translated | None:
    text = f"{MODELS}\n\ndef handler(session, email, status, size, start):\n    return {sent.format(expression)}\n"
    source = read_source(Cell(text, CellKind.ENDPOINT))
    (query,) = source.queries
    return translate(source, query, dialect)


@pytest.fixture(scope="module")
def module() -> Iterator[ModuleType]:
    made = ModuleType("cell_of_models")
    sys.modules[made.__name__] = made  # SQLAlchemy looks annotations up there
    vars(made).update(VALUES)
    exec(MODELS, vars(made))
    yield made
    del sys.modules[made.__name__]


def compiled(module: ModuleType, expression: str, dialect: sqlalchemy.Dialect) -> str:
    statement = eval(expression, vars(module))
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def bound(sql: str) -> str:
    values = {name: f"'{value}'" if isinstance(value, str) else str(value) for name, value in VALUES.items()}
    return re.sub(r":(\w+)", lambda found: values[found[1]], sql)


def plain(sql: str, dialect: str) -> str:
    tree = sqlglot.parse_one(sql, read=dialect)
    bare = tree.transform(lambda node: node.this if isinstance(node, exp.Paren) else node)
    # SQLAlchemy gives an unnamed function a name of its own; the database does the same work for it.
    return bare.sql(dialect=dialect).replace(" AS count_1", "")


@pytest.mark.parametrize("expression", STATEMENTS)
def test_a_statement_is_what_sqlalchemy_compiles_for_sqlite(expression: str, module: ModuleType) -> None:
    found = translated(expression, "sqlite")
    assert found is not None
    assert plain(bound(found.sql), "sqlite") == plain(compiled(module, expression, sqlite.dialect()), "sqlite")


@pytest.mark.parametrize("expression", STATEMENTS)
def test_a_statement_is_what_sqlalchemy_compiles_for_postgres(expression: str, module: ModuleType) -> None:
    found = translated(expression, "postgres")
    assert found is not None
    own = compiled(module, expression, postgresql.dialect()).replace("%%", "%")
    assert plain(bound(found.sql), "postgres") == plain(own, "postgres")


@pytest.mark.parametrize(
    "expression",
    [
        "select(User).where(User.id.in_(select(Order.user_id)))",
        "select(User).where(User.email == func.my_function(User.city))",
        "select(User).with_for_update()",
        "select(User).options(joinedload(User.orders))",
        "select(Stranger)",
        "select(User).where(User.nickname == email)",
        "select(User).where(*filters)",
        "select(func.row_number().over(order_by=User.id))",
        "select(User).order_by('email')",
    ],
)
def test_what_the_source_does_not_show_is_declined(expression: str) -> None:
    assert translated(expression, "sqlite") is None


def test_a_legacy_query_is_read_as_the_statement_that_it_sends() -> None:
    expression = "session.query(User).filter(User.email == email).order_by(User.id).limit(10).all()"
    found = translated(expression, "sqlite", sent="{}")
    assert found is not None
    assert found.sql.splitlines() == [
        "SELECT users.id, users.mail, users.city",
        "FROM users",
        "WHERE users.mail = :email",
        "ORDER BY users.id",
        "LIMIT 10",
    ]
    assert found.tables == ("users",)


def test_a_statement_that_was_given_a_name_first_is_read_too() -> None:
    text = (
        f"{MODELS}\ndef handler(session):\n    stmt = select(User).limit(5)\n    return session.scalars(stmt).all()\n"
    )
    source = read_source(Cell(text, CellKind.ENDPOINT))
    found = translate(source, source.queries[0], "sqlite")
    assert found is not None
    assert found.sql.endswith("LIMIT 5")
