"""Short Postgres plans for the rules' examples, in the form of EXPLAIN (ANALYZE, FORMAT JSON)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Step = dict[str, object]


def step(
    node_type: str,
    *below: Step,
    table: str | None = None,
    index: str | None = None,
    expected: float = 1,
    rows: float | None = None,
    loops: float = 1,
    milliseconds: float = 0.0,
    cost: float = 100.0,
    said: Mapping[str, object] | None = None,
) -> Step:
    """Return one node of a plan.

    `expected` is the planner's estimate and `rows` what came of it, both per loop; without `rows` the statement was
    only explained. `milliseconds` is per loop and holds the nodes below; `said` is what else Postgres prints.
    """
    node: Step = {"Node Type": node_type, "Startup Cost": 0.0, "Total Cost": cost, "Plan Rows": expected}
    node["Plan Width"] = 32
    if table is not None:
        node |= {"Relation Name": table, "Alias": table}
    if index is not None:
        node["Index Name"] = index
    if rows is not None:
        node |= {"Actual Startup Time": 0.0, "Actual Total Time": milliseconds, "Actual Rows": rows}
        node["Actual Loops"] = loops
    node |= said or {}
    if below:
        node["Plans"] = [
            {"Parent Relationship": "Outer" if place == 0 else "Inner"} | each for place, each in enumerate(below)
        ]
    return node


def plan_json(root: Step, *, execution: float | None = None, planning: float = 0.1, **whole: object) -> str:
    """Return a whole plan; `execution` and `planning` are milliseconds, `whole` is what is said of the statement."""
    plan: Step = {"Plan": root, "Planning Time": planning, **whole}
    if execution is not None:
        plan["Execution Time"] = execution
    return json.dumps([plan])
