"""Lesson 5: an endpoint that sends one statement more for every row."""

from __future__ import annotations

from backend_mentor.lessons.exercise import Exercise, Mistake
from backend_mentor.lessons.goals import QuietReview, TestsPass

_MODELS = '''from sqlalchemy import ForeignKey, {core}
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship{orm}


class Base(DeclarativeBase): ...


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship()


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))


def count_orders(session: Session) -> dict[str, int]:
    """Return how many orders each customer has."""
    {body}'''

_IN_A_LOOP = "return {each.name: len(each.orders) for each in session.scalars(select(Customer))}"

# Counts what reaches the database for 3 and for 30 customers, of whom every third has no order.
_TESTS = """
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
from cell import Base, Customer, Order, count_orders


def counted(customers):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for number in range(customers):
            orders = [Order() for _ in range(number % 3)]
            session.add(Customer(name=f"customer {number}", orders=orders))
        session.commit()
    statements = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with Session(engine) as session:
        answer = dict(count_orders(session))
    engine.dispose()
    return answer, len(statements)


@pytest.mark.parametrize("customers", [3, 30])
def test_every_customer_is_counted(customers):
    answer, _ = counted(customers)
    assert answer == {f"customer {number}": number % 3 for number in range(customers)}


def test_the_statements_do_not_grow_with_the_rows():
    assert counted(30)[1] == counted(3)[1]
"""
_ONE_STATEMENT = """

def test_one_statement_is_enough():
    assert counted(30)[1] == 1
"""


def _cell(body: str, core: str = "select", orm: str = ", selectinload") -> str:
    return _MODELS.format(body=body, core=core, orm=orm)


_COUNTED = """rows = session.execute(
        select(Customer.name, func.count(Order.id))
        .join(Order, Order.customer_id == Customer.id{outer})
        .group_by(Customer.id, Customer.name)
    )
    return {{name: count for name, count in rows}}"""
_COUNTING = {"core": "func, select", "orm": ""}

EXERCISES = (
    Exercise(
        "5.1",
        "Mend count_orders so that it sends as many statements for 30 customers as for 3.",
        starter=_cell(_IN_A_LOOP),
        hints=(
            "each.orders is a query of its own for each customer. Who could fetch all orders at once?",
            "select(Customer).options(…) takes what is loaded with the customers; selectinload is imported already.",
        ),
        answer=_cell(_IN_A_LOOP.replace("select(Customer)", "select(Customer).options(selectinload(Customer.orders))")),
        goal=QuietReview(("relation-loaded-in-loop",), TestsPass(_TESTS, requires=("sqlalchemy>=2",))),
        mistakes=(
            Mistake(
                _cell(_IN_A_LOOP.replace("select(Customer)", "select(Customer).limit(10)")),
                "Fewer customers are fewer statements, and a wrong answer for all the others.",
            ),
            Mistake(
                _cell(
                    "customers = session.scalars(select(Customer)).all()\n"
                    "    return {each.name: len(session.scalars(select(Order).where("
                    "Order.customer_id == each.id)).all()) for each in customers}"
                ),
                "The query of each customer is now written out, and it is still one for each.",
            ),
        ),
    ),
    Exercise(
        "5.2",
        "Let the database count: one single statement, and 0 for a customer without orders.",
        starter=_cell(_IN_A_LOOP, **_COUNTING),
        hints=(
            "func.count(Order.id) counts, group_by makes it one number for each customer.",
            "An inner join loses the customers who have no order; isouter=True keeps them.",
        ),
        answer=_cell(_COUNTED.format(outer=", isouter=True"), **_COUNTING),
        goal=QuietReview(("relation-loaded-in-loop",), TestsPass(_TESTS + _ONE_STATEMENT, requires=("sqlalchemy>=2",))),
        mistakes=(
            Mistake(
                _cell(_COUNTED.format(outer=""), **_COUNTING), "The inner join leaves out customers without an order."
            ),
            Mistake(
                _cell(
                    _COUNTED.format(outer=", isouter=True").replace("func.count(Order.id)", "func.count()"), **_COUNTING
                ),
                "count(*) counts the joined row of a customer without an order as one.",
            ),
        ),
    ),
)
