"""Reviews made by hand from domain values; the renderers' output for each is kept in tests/golden.

`python -m tests.sample_reviews` writes that output anew, and the JSON Schema of a review to extension/catalogue.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import Cell, CellKind, Span
from backend_mentor.domain.finding import Evidence, Finding, Place, Responsibility, Severity
from backend_mentor.domain.plan import Buffers, Operation, Plan, PlanNode
from backend_mentor.domain.proof import (
    Condition,
    Cost,
    Counterexample,
    Measurement,
    OwnData,
    Proof,
    Rows,
    Runs,
    Trials,
)
from backend_mentor.domain.proposal import Proposal, ProposalKind, Tradeoffs
from backend_mentor.domain.review import (
    Escalation,
    Explanation,
    Level,
    Provenance,
    Question,
    Review,
    Skipped,
    Step,
)
from backend_mentor.domain.schema import Engine, Index, IndexColumn
from backend_mentor.renderers import RENDERERS
from backend_mentor.renderers.schema import review_schema
from backend_mentor.renderers.view import View
from tests.sample_code_review import unlimited_wait

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(__file__).parents[1] / "extension" / "catalogue" / "review.schema.json"
SUFFIXES = {"text": "txt", "markdown": "md", "html": "html", "json": "json"}

SQLITE = Engine("sqlite", (3, 45, 1))
POSTGRES = Engine("postgres", (18, 6))

_SLOW_SQL = """\
SELECT o.id, a.name, o.placed_at
FROM orders AS o
JOIN accounts AS a ON a.id = o.account_id
WHERE date(o.placed_at) = '2026-03-02'
ORDER BY o.placed_at DESC
LIMIT 10"""
_FAST_SQL = _SLOW_SQL.replace(
    "WHERE date(o.placed_at) = '2026-03-02'", "WHERE o.placed_at >= '2026-03-02'\n  AND o.placed_at < '2026-03-03'"
)
_BETWEEN_SQL = _SLOW_SQL.replace(
    "date(o.placed_at) = '2026-03-02'", "o.placed_at BETWEEN '2026-03-02' AND '2026-03-03'"
)


def slow_orders() -> Review:
    """Return the review of a SQLite query that hides its column in a function, run and measured."""
    return Review(
        cell=Cell(_SLOW_SQL, CellKind.SQL, "slow.sql", "sqlite", spans=(Span(0, len(_SLOW_SQL)),)),
        provenance=Provenance(
            "0.1.0", "demo.db", SQLITE, analyzed=True, milliseconds=412.0, timings=(("plan", 61.0), ("proofs", 322.5))
        ),
        statement=_SLOW_SQL,
        explanation=Explanation(
            "Reads orders (200,000 rows) from end to end, keeps the 1,912 placed on 2 March 2026, looks up each one's "
            "account by its primary key, sorts them and returns the ten newest.",
            (
                Step("FROM", "reads orders, 200,000 rows"),
                Step("JOIN", "looks up each order's account by accounts.id"),
                Step("WHERE", "keeps the orders whose date(placed_at) is 2 March 2026"),
                Step("ORDER BY", "sorts by placed_at, newest first"),
                Step("LIMIT", "returns the first ten"),
            ),
        ),
        plan=_slow_plan(),
        findings=(
            Finding(
                "full-scan-behind-function",
                Severity.WARNING,
                Responsibility.PERFORMANCE,
                "orders is read whole to keep 1 % of it",
                "date(placed_at) is computed for every row, so the index orders_placed_at can not be used",
                "compare the column itself with a range of one day",
                (Evidence("orders has 200,000 rows", "catalogue"), Evidence("SCAN o", "plan")),
                Place(Span.of(_SLOW_SQL, 101, 139), 2),
            ),
        ),
        proposals=(_range_rewrite(),),
        rejected=(_between_rewrite(),),
        questions=(
            Question(
                "Ten newest by placed_at: two orders of the same second come in any order. Is id a fit tie-breaker?",
                "Without one the same query can return different rows on different days.",
            ),
        ),
        conclusion="Take the rewrite compare-column-not-function: 1,804,112 steps become 43,950, 38 ms become 0.9 ms.",
    )


def _slow_plan() -> Plan:
    scan = PlanNode(
        Operation.SCAN,
        "SCAN o",
        2,
        relation="orders",
        alias="o",
        filter="date(o.placed_at) = '2026-03-02'",
        estimated_rows=200_000,
        actual_rows=1_912,
        visited_rows=200_000,
        loops=1,
    )
    search = PlanNode(
        Operation.SEARCH,
        "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)",
        3,
        relation="accounts",
        alias="a",
        index_condition="a.id = o.account_id",
        estimated_rows=1,
        actual_rows=1,
        visited_rows=1,
        loops=1_912,
    )
    join = PlanNode(
        Operation.NESTED_LOOP,
        "nested loop",
        1,
        estimated_rows=20_000,
        actual_rows=1_912,
        loops=1,
        children=(scan, search),
    )
    top = PlanNode(
        Operation.TOP_SORT,
        "USE TEMP B-TREE FOR ORDER BY",
        0,
        keys=("placed_at",),
        estimated_rows=10,
        actual_rows=10,
        loops=1,
        children=(join,),
    )
    source = "QUERY PLAN\n|--SCAN o\n|--SEARCH a USING INTEGER PRIMARY KEY (rowid=?)\n`--USE TEMP B-TREE FOR ORDER BY"
    return Plan(SQLITE, top, source, analyzed=True, milliseconds=38.2, steps=1_804_112)


def _range_rewrite() -> Proposal:
    condition = Condition("placed_at holds ISO dates", "all 200,000 rows of orders")
    return Proposal(
        ProposalKind.REWRITE,
        "compare-column-not-function",
        "Compare placed_at itself with a range of one day",
        _SLOW_SQL,
        _FAST_SQL,
        "ISO dates sort as text, so a day is the range from its midnight to the next, which an index can walk.",
        Tradeoffs("none, the index is there already", "placed_at ever holds times with a zone offset"),
        answers=("full-scan-behind-function",),
        conditions=(condition,),
        proof=Proof(
            conditions=(condition,),
            trials=Trials(312, 207, 1, 86.0, mutants=17, mutants_killed=17),
            own_data=OwnData(10, 0, 0, ordered=True),
            measurement=Measurement(
                Runs((38.1, 37.6, 39.4, 38.0, 37.9, 38.3, 40.2), 1_804_112, 10),
                Runs((0.9, 0.91, 0.88, 0.93, 0.9, 0.9, 0.95), 43_950, 10),
                "steps",
                "your database",
            ),
        ),
    )


def _between_rewrite() -> Proposal:
    columns = ("id", "account_id", "placed_at")
    example = Counterexample(
        (Rows("orders", columns, ((1, 1, "2026-03-03"),)), Rows("accounts", ("id", "name"), ((1, "a"),))),
        Rows("before", ("id", "name", "placed_at"), ()),
        Rows("after", ("id", "name", "placed_at"), ((1, "a", "2026-03-03"),)),
        4,
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER, placed_at TEXT);",
    )
    return Proposal(
        ProposalKind.REWRITE,
        "between-two-days",
        "Use BETWEEN and the next day",
        _SLOW_SQL,
        _BETWEEN_SQL,
        "BETWEEN holds both its ends, so midnight of the next day is in it too.",
        Tradeoffs("none"),
        proof=Proof(trials=Trials(4, 3, 1, 1.2, counterexample=example)),
    )


_UNPAID_SQL = """\
SELECT c.name, count(*) AS unpaid
FROM customers c
JOIN invoices i ON i.customer_id = c.id
WHERE i.status = 'unpaid'
  AND i.due_at < $1
GROUP BY c.name
ORDER BY unpaid DESC"""


def unpaid_invoices() -> Review:
    """Return the review of a Postgres query that an index, built on a scratch copy and measured, makes faster."""
    index = Index(
        "invoices_unpaid_due_at",
        "invoices",
        (IndexColumn("due_at"),),
        where="status = 'unpaid'",
        include=("customer_id",),
    )
    other = Index("invoices_status", "invoices", (IndexColumn("status"),))
    return Review(
        cell=Cell(_UNPAID_SQL, CellKind.SQL, "cell", "postgres"),
        provenance=Provenance(
            "0.1.0",
            "shop on localhost",
            POSTGRES,
            analyzed=True,
            milliseconds=2_310.0,
            notes=("You are connected as a superuser: a role that may only read would be safer.",),
        ),
        statement=_UNPAID_SQL,
        explanation=Explanation("Counts each customer's unpaid invoices that were due before a date, most first."),
        plan=_unpaid_plan(),
        findings=(
            Finding(
                "filter-drops-most-rows",
                Severity.CRITICAL,
                Responsibility.DATABASE,
                "500,000 rows of invoices are read to keep 12,480",
                "no index holds status and due_at together",
                "build a partial index on due_at for unpaid invoices",
            ),
            Finding(
                "stale-statistics",
                Severity.ADVICE,
                Responsibility.DATABASE,
                "invoices changed in 61,000 rows since it was last analyzed",
                "the planner expects 1,250 rows and meets 12,480",
                "run ANALYZE invoices",
            ),
        ),
        proposals=(
            Proposal(
                ProposalKind.INDEX,
                "partial-index",
                "Index the unpaid invoices by the date they are due",
                "",
                "CREATE INDEX invoices_unpaid_due_at ON invoices (due_at) INCLUDE (customer_id)\n"
                "WHERE status = 'unpaid';",
                "Only 2.5 % of the rows are unpaid, so the index is small and holds all that the query reads.",
                Tradeoffs(
                    "0.6 MB on disk, and each change of an unpaid invoice writes one entry more",
                    "invoices is loaded in bulk more often than it is read",
                ),
                answers=("filter-drops-most-rows",),
                index=index,
                proof=Proof(
                    changes_rows=False,
                    cost=Cost(14_250.4, 512.6, "statistics twin", uses_index=True, size_bytes=610_000),
                    measurement=Measurement(
                        Runs((96.0, 97.5, 99.1), 6_412),
                        Runs((7.1, 7.0, 7.4), 71),
                        "pages",
                        "a scratch copy",
                        index_bytes=598_016,
                        build_milliseconds=212.0,
                    ),
                ),
            ),
            Proposal(
                ProposalKind.STATISTICS,
                "analyze",
                "Bring the statistics of invoices up to date",
                "",
                "ANALYZE invoices;",
                "The planner expects a tenth of the rows that there are.",
                Tradeoffs("a second of reading"),
                answers=("stale-statistics",),
                proof=Proof(changes_rows=False),
            ),
        ),
        rejected=(
            Proposal(
                ProposalKind.INDEX,
                "plain-index",
                "Index status alone",
                "",
                "CREATE INDEX invoices_status ON invoices (status);",
                "",
                Tradeoffs("3.4 MB on disk"),
                index=other,
                proof=Proof(changes_rows=False, cost=Cost(14_250.4, 14_250.4, "HypoPG", uses_index=False)),
            ),
        ),
        escalations=(
            Escalation(
                "An index on invoices locks its writes while it is built: agree on CREATE INDEX CONCURRENTLY.",
                "500,000 rows took 0.2 s here; production holds more.",
            ),
        ),
        skipped=(Skipped("own data", "an index changes no rows, so there is nothing to compare"),),
        conclusion="Build the index partial-index: 6,412 pages become 71, 98 ms become 7.1 ms.",
    )


def _unpaid_plan() -> Plan:
    scan = PlanNode(
        Operation.SCAN,
        "Seq Scan",
        3,
        relation="invoices",
        alias="i",
        estimated_rows=1_250,
        actual_rows=12_480,
        loops=1,
        removed_rows=487_520,
        filter="status = 'unpaid' AND due_at < $1",
        cost=13_100.0,
        milliseconds=88.0,
        exclusive_milliseconds=88.0,
        buffers=Buffers(hit=12, read=6_400),
    )
    customers = PlanNode(
        Operation.SEARCH,
        "Index Scan",
        4,
        relation="customers",
        alias="c",
        index="customers_pkey",
        index_condition="id = i.customer_id",
        estimated_rows=1,
        actual_rows=1,
        loops=12_480,
        milliseconds=4.0,
        exclusive_milliseconds=4.0,
    )
    join = PlanNode(
        Operation.NESTED_LOOP,
        "Nested Loop",
        2,
        estimated_rows=1_250,
        actual_rows=12_480,
        loops=1,
        milliseconds=94.0,
        exclusive_milliseconds=2.0,
        children=(scan, customers),
    )
    group = PlanNode(
        Operation.AGGREGATE,
        "HashAggregate",
        1,
        keys=("c.name",),
        estimated_rows=900,
        actual_rows=811,
        loops=1,
        milliseconds=97.0,
        exclusive_milliseconds=3.0,
        children=(join,),
    )
    sort = PlanNode(
        Operation.SORT,
        "Sort",
        0,
        keys=("unpaid DESC",),
        estimated_rows=900,
        actual_rows=811,
        loops=1,
        milliseconds=97.4,
        exclusive_milliseconds=0.4,
        buffers=Buffers(),
        children=(group,),
        details=(("Sort Method", "quicksort"), ("Sort Space Used", 61)),
    )
    return Plan(
        POSTGRES,
        sort,
        '[{"Plan": {"Node Type": "Sort"}}]',
        analyzed=True,
        milliseconds=97.6,
        planning_milliseconds=0.31,
    )


_NOT_IN_SQL = "SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)"
_NOT_EXISTS_SQL = (
    "SELECT name FROM customers WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.customer_id = customers.id)"
)


def tempting_not_exists() -> Review:
    """Return a review whose only idea is refuted by two tables, with values of every awkward type in them."""
    example = Counterexample(
        (
            Rows(
                "customers",
                ("id", "name", "since", "credit", "photo"),
                ((1, "Ada", date(2026, 3, 2), Decimal("12.50"), b"\x00\xff"), (2, "", None, float("nan"), None)),
            ),
            Rows("orders", ("customer_id",), ((None,),)),
        ),
        Rows("before", ("name",), ()),
        Rows("after", ("name",), (("Ada",), ("",))),
        17,
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);",
    )
    return Review(
        cell=Cell(_NOT_IN_SQL, CellKind.SQL, "cell", "sqlite"),
        provenance=Provenance("0.1.0", "shop.db", SQLITE, milliseconds=31.0),
        statement=_NOT_IN_SQL,
        explanation=Explanation("Returns the name of each customer whose id is not among the orders' customers."),
        findings=(
            Finding(
                "not-in-nullable",
                Severity.CRITICAL,
                Responsibility.LOGIC,
                "NOT IN over orders.customer_id returns nothing as soon as one order has no customer",
                "customer_id may be NULL, and a comparison with NULL is never true",
                "say what an order without a customer means, then write NOT EXISTS",
            ),
        ),
        rejected=(
            Proposal(
                ProposalKind.REWRITE,
                "not-in-to-not-exists",
                "Write NOT EXISTS instead of NOT IN",
                _NOT_IN_SQL,
                _NOT_EXISTS_SQL,
                "NOT EXISTS passes over NULL, NOT IN does not.",
                Tradeoffs("none"),
                proof=Proof(
                    trials=Trials(17, 9, 1, 5.0, counterexample=example),
                    own_data=OwnData(0, 0, 2, Rows("only that one returns", ("name",), (("Ada",), ("Bo",)))),
                ),
            ),
        ),
        questions=(Question("Is a customer meant to be listed when an order has no customer?", "Both are sensible."),),
        skipped=(Skipped("plan", "shop.db was locked for 5 s.", "Close the writer and review again."),),
        conclusion="Nothing to put in its place was found, so act on this first: say what an order without a "
        "customer means, then write NOT EXISTS.",
    )


def leave_it() -> Review:
    """Return the review of a query that is good as it is."""
    sql = "SELECT name FROM accounts WHERE id = 7"
    node = PlanNode(
        Operation.SEARCH,
        "SEARCH accounts USING INTEGER PRIMARY KEY (rowid=?)",
        0,
        relation="accounts",
        index_condition="rowid = 7",
    )
    return Review(
        cell=Cell(sql, CellKind.SQL, "cell", "sqlite"),
        provenance=Provenance("0.1.0", "demo.db", SQLITE, milliseconds=9.4),
        statement=sql,
        explanation=Explanation("Returns the name of the one account whose id is 7."),
        plan=Plan(
            SQLITE,
            node,
            "QUERY PLAN\n`--SEARCH accounts USING INTEGER PRIMARY KEY (rowid=?)",
            notes=("SQLite has no statistics of accounts, so it shows no estimate.",),
        ),
        conclusion="Leave it, because no step of its plan stands out.",
    )


def update_and_failure() -> Review:
    """Return the review of a write, and of a second statement of the cell that can not be reviewed."""
    update = "UPDATE accounts SET name = trim(name)"
    broken = "SELECT nam FROM accounts"
    cell = Cell(f"{update};\n{broken}", CellKind.SQL, "fix.sql", "sqlite")
    provenance = Provenance("0.1.0", "demo.db", SQLITE, milliseconds=18.0)
    failed = Review(
        cell,
        provenance,
        statement=broken,
        failure="accounts has no column nam.\nWrite name, the column that resembles it most.",
    )
    return Review(
        cell=cell,
        provenance=provenance,
        statement=update,
        explanation=Explanation("Takes the blanks around name off in every row of accounts."),
        findings=(
            Finding(
                "write-without-where",
                Severity.CRITICAL,
                Responsibility.DATABASE,
                "UPDATE accounts has no WHERE, so all 20,000 rows are written",
                "each row is logged and each index on name is written, changed or not",
                "add WHERE name <> trim(name)",
            ),
        ),
        escalations=(
            Escalation(
                "A change of every account wants a backup and a second pair of eyes.", "", Responsibility.DATABASE
            ),
        ),
        skipped=(Skipped("run", "a write is reviewed and never executed"),),
        conclusion="Nothing to put in its place was found, so act on this first: add WHERE name <> trim(name).",
        further=(failed,),
    )


def huge_plan(nodes: int = 10_000, *, deep: bool = False) -> Review:
    """Return a review whose plan has so many nodes, in one chain or under one parent."""
    sql = "SELECT count(*) FROM parts"
    costly = nodes - 3
    leaves = [
        PlanNode(
            Operation.SCAN,
            "Seq Scan",
            number,
            relation=f"parts_{number}",
            estimated_rows=100.0 + number,
            cost=10.0,
            exclusive_cost=5_000.0 if number == costly else 1.0,
            filter="kept > 0",
        )
        for number in range(1, nodes)
    ]
    root = PlanNode(Operation.APPEND, "Append", 0, estimated_rows=1e6, cost=20_000.0, exclusive_cost=1.0)
    if deep:
        below: tuple[PlanNode, ...] = ()
        for leaf in reversed(leaves):
            below = (replace(leaf, children=below),)
        plan = Plan(POSTGRES, replace(root, children=below), "Append")
    else:
        plan = Plan(POSTGRES, replace(root, children=tuple(leaves)), "Append")
    return Review(
        cell=Cell(sql, CellKind.SQL, "cell", "postgres"),
        provenance=Provenance("0.1.0", "warehouse", POSTGRES, milliseconds=1_400.0),
        statement=sql,
        explanation=Explanation("Counts the rows of parts and all its partitions."),
        plan=plan,
        conclusion="Leave it, because no step of its plan stands out.",
    )


_JUNIOR = View(Level.JUNIOR)
SAMPLES: dict[str, tuple[Review, View]] = {
    "unlimited_wait": (unlimited_wait(), View()),
    "unlimited_wait_hint": (unlimited_wait(), View(hint=True)),
    "slow_orders": (slow_orders(), View()),
    "slow_orders_junior": (slow_orders(), _JUNIOR),
    "slow_orders_hint": (slow_orders(), View(hint=True)),
    "unpaid_invoices": (unpaid_invoices(), View()),
    "tempting_not_exists": (tempting_not_exists(), View()),
    "leave_it": (leave_it(), View()),
    "update_and_failure": (update_and_failure(), View()),
    "huge_plan": (huge_plan(90), View()),
}


def golden_files() -> Iterator[tuple[Path, str]]:
    """Yield each golden file with what the renderers make of its review now."""
    for name, (review, view) in SAMPLES.items():
        for form, suffix in SUFFIXES.items():
            if form == "json" and view != View():
                continue  # the JSON holds all of a review, whatever the view
            yield GOLDEN / f"{name}.{suffix}", RENDERERS[form](review, view)


def schema_file() -> tuple[Path, str]:
    """Return the published JSON Schema with its content now."""
    return SCHEMA, json.dumps(review_schema(), indent=2) + "\n"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    SCHEMA.parent.mkdir(exist_ok=True)
    for path, content in (*golden_files(), schema_file()):
        path.write_text(content, encoding="utf-8")
