"""Measure what the design sets figures for: `python -m tests.benchmarks`.

Machines differ and are noisy, so each figure stands beside a yardstick of the same run; nothing here passes or fails.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from backend_mentor.databases.base import Database
from backend_mentor.demo.connect import connect_demo
from backend_mentor.demo.queries import QUERIES
from backend_mentor.domain.schema import Engine
from backend_mentor.pipeline import review
from backend_mentor.proofs.equivalence import try_equivalence
from backend_mentor.reading.plans import postgres
from backend_mentor.reading.sql import read_statement
from backend_mentor.renderers import RENDERERS
from backend_mentor.renderers.view import View
from tests.benchmarks.code_cells import review_seconds

RUNS = 5
TRIALS = 2000


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure, what it is to reach, and the yardstick that was measured beside it."""

    name: str
    value: float
    unit: str
    target: str
    yardstick: str


def main() -> int:
    """Measure everything and print one line each."""
    database = connect_demo()
    for measure in (load_extension, network_calls_at_load, plan_of_ten_thousand_nodes):
        show(measure())
    for measure_on in (trial_rate, ten_join_review, reviews_are_linear, code_review):
        show(measure_on(database))
    return 0


def show(figure: Figure) -> None:
    """Print one figure as a line."""
    print(f"{figure.name:<42} {figure.value:>10,.3g} {figure.unit:<12} to reach {figure.target:<10} {figure.yardstick}")


def fresh_process_seconds(code: str) -> float:
    """Return the median seconds that `code` takes in a fresh process that has started IPython already."""
    script = f"""
import time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
began = time.perf_counter()
{code}
print(time.perf_counter() - began)
"""
    seconds = []
    for _ in range(RUNS):
        output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
        seconds.append(float(output.split()[-1]))
    return statistics.median(seconds)


def load_extension() -> Figure:
    """Seconds of `%load_ext backend_mentor` in a fresh process, beside those of importing sqlalchemy."""
    seconds = fresh_process_seconds("shell.run_line_magic('load_ext', 'backend_mentor')")
    beside = fresh_process_seconds("import sqlalchemy")
    return Figure("%load_ext, fresh process", seconds, "s", "<= 0.15", f"importing sqlalchemy takes {beside:.3f} s")


def network_calls_at_load() -> Figure:
    """How often `%load_ext` opens a socket or looks up a host."""
    script = """
import sys
calls = []
sys.addaudithook(lambda event, _: calls.append(event) if event.startswith("socket.") else None)
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
calls.clear()
shell.run_line_magic('load_ext', 'backend_mentor')
print(len(calls))
"""
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    return Figure("socket calls of %load_ext", int(output.split()[-1]), "calls", "0", "")


def seconds_of(work: Callable[[], object]) -> float:
    """Return the median seconds of five runs, after one that warms up."""
    work()
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def trial_rate(database: Database) -> Figure:
    """Trial databases a second for one ordinary pair of statements."""
    before = read_statement("SELECT a.id FROM accounts a WHERE NOT (a.id > 5 OR a.id < 2)", database.engine.name)
    after = read_statement("SELECT a.id FROM accounts a WHERE a.id <= 5 AND a.id >= 2", database.engine.name)
    schema = database.schema()
    trials = [try_equivalence(before, after, schema, database, trials=TRIALS) for _ in range(RUNS)]
    rate = statistics.median(each.databases / each.milliseconds * 1000 for each in trials)
    return Figure("trial databases", rate, "a second", ">= 2,000", f"{trials[0].databases:,} tried, rows made included")


def ten_join_review(database: Database) -> Figure:
    """Seconds for a query of ten joins, not run, 300 trials a rewrite."""
    joins = "".join(f" JOIN orders o{n} ON o{n}.id = o.id" for n in range(9))
    sql = f"SELECT o.id FROM orders o JOIN accounts a ON a.id = o.account_id{joins} WHERE coalesce(o.id, 0) = 7"
    seconds = seconds_of(lambda: review(sql, database, analyze=False))
    one = seconds_of(lambda: review("SELECT id FROM orders WHERE id = 7", database, analyze=False))
    return Figure("review of a ten-join query", seconds, "s", "<= 0.5", f"of one table: {one:.3f} s")


def reviews_are_linear(database: Database) -> Figure:
    """How many times longer 40 statements take than 10."""
    texts = [query.sql[database.engine.name] for query in QUERIES]
    few = seconds_of(lambda: [review(text, database, analyze=False) for text in texts])
    many = seconds_of(lambda: [review(text, database, analyze=False) for text in texts * 4])
    return Figure("40 reviews beside 10", many / few, "times", "about 4", f"10 take {few:.2f} s")


def code_review(database: Database) -> Figure:
    """Seconds of the review of a cell of endpoint code, nothing of it run."""
    seconds, proposals = review_seconds(database)
    return Figure("review, code of 300 lines", seconds, "s", "<= 1", f"{proposals} changes offered")


def plan_of_ten_thousand_nodes() -> Figure:
    """Seconds to read and render a plan of 10,000 nodes, beside those of parsing its JSON."""
    node: dict[str, object] = {"Node Type": "Seq Scan", "Relation Name": "t", "Total Cost": 1.0, "Plan Rows": 1}
    leaves = [node] * 100
    branch = {"Node Type": "Append", "Total Cost": 100.0, "Plan Rows": 100, "Plans": leaves}
    text = json.dumps([{"Plan": {"Node Type": "Append", "Total Cost": 1e4, "Plan Rows": 1, "Plans": [branch] * 99}}])
    engine = Engine("postgres", (18, 6))
    demo = review("SELECT id FROM orders WHERE id = 7", connect_demo(), analyze=False)

    def read_and_render() -> None:
        from dataclasses import replace

        plan = postgres.read_plan(text, engine)
        for render in RENDERERS.values():
            render(replace(demo, plan=plan), View())

    beside = seconds_of(lambda: json.loads(text))
    return Figure(
        "plan of 10,000 nodes, five renderings", seconds_of(read_and_render), "s", "<= 2", f"json.loads {beside:.3f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
