from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from backend_mentor.domain.errors import CellError
from backend_mentor.domain.plan import Buffers, Operation, Plan, PlanNode
from backend_mentor.domain.schema import Engine
from backend_mentor.reading.plans.postgres import read_plan, read_plan_text

CORPUS = Path(__file__).parents[2] / "plans" / "postgres"
JSON_FILES = sorted(CORPUS.glob("*/*.json"))
ENGINE = Engine("postgres", (18, 6))


def plan_of(name: str, version: str = "18") -> Plan:
    return read_plan((CORPUS / version / f"{name}.json").read_text(), Engine("postgres", (int(version),)))


def node_of(plan: Plan, label: str) -> PlanNode:
    return next(node for node in plan.nodes() if node.label == label)


def by_file(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", JSON_FILES, ids=by_file)
def test_the_nodes_own_times_costs_and_pages_add_up_to_the_root(path):
    plan = read_plan(path.read_text(), ENGINE)
    raw = json.loads(path.read_text())[0]["Plan"]
    nodes = plan.nodes()
    assert sum(node.exclusive_cost for node in nodes) == pytest.approx(raw["Total Cost"])
    # Averages over workers and loops are rounded by the server to a microsecond: up to 2,000 loops of it.
    assert sum(node.exclusive_milliseconds for node in nodes) == pytest.approx(
        raw["Actual Total Time"], rel=0.05, abs=1
    )
    assert sum(node.buffers.touched for node in nodes) == raw["Shared Hit Blocks"] + raw["Shared Read Blocks"]
    assert [node.number for node in nodes] == list(range(len(nodes)))
    assert plan.analyzed
    assert Operation.OTHER not in {node.operation for node in nodes}


def comparable(node: PlanNode) -> PlanNode:
    """Leave out what two runs of one query do not share."""
    return replace(
        node, children=(), details=(), actual_rows=None, visited_rows=None, removed_rows=None, milliseconds=None,
        exclusive_milliseconds=None, buffers=None,
    )  # fmt: skip


@pytest.mark.parametrize("path", JSON_FILES, ids=by_file)
def test_the_text_of_a_plan_reads_as_its_json_does(path):
    from_json = read_plan(path.read_text(), ENGINE)
    from_text = read_plan_text(path.with_suffix(".txt").read_text(), ENGINE)
    assert [comparable(node) for node in from_text.nodes()] == [comparable(node) for node in from_json.nodes()]
    assert from_text.milliseconds is not None
    assert from_text.planning_milliseconds is not None


@pytest.mark.parametrize("version", ["15", "18"])
def test_a_cte_read_twice_is_charged_once(version):
    plan = plan_of("cte_twice", version)
    [cte] = [node for node in plan.nodes() if node.role == "CTE totals"]
    scans = [node for node in plan.nodes() if node.operation is Operation.CTE_SCAN]
    assert len(scans) == 2
    assert cte.milliseconds > 0
    assert sum(scan.exclusive_milliseconds for scan in scans) == pytest.approx(
        sum(scan.milliseconds for scan in scans) - cte.milliseconds
    )
    assert cte.exclusive_cost > max(scan.exclusive_cost for scan in scans)


@pytest.mark.parametrize("version", ["15", "18"])
def test_an_init_plan_is_paid_for_by_the_node_that_runs_it(version):
    plan = plan_of("init_plan", version)
    [init_plan] = [node for node in plan.nodes() if (node.role or "").startswith("InitPlan 1")]
    assert not init_plan.correlated
    assert plan.root.exclusive_milliseconds == pytest.approx(plan.root.milliseconds - init_plan.milliseconds)


def test_a_subquery_run_for_each_row_is_correlated_and_carries_the_cost():
    plan = plan_of("correlated")
    [subplan] = [node for node in plan.nodes() if node.role == "SubPlan 1"]
    assert subplan.correlated
    assert subplan.loops == 50
    below = sum(node.exclusive_cost for node in subplan.walk())
    assert below > 0.9 * plan.root.cost


def test_a_subquery_kept_in_a_hash_table_is_not_correlated():
    [subplan] = [node for node in plan_of("not_in").nodes() if node.role == "SubPlan 1"]
    assert not subplan.correlated


def test_parallel_work_is_counted_by_the_clock_and_not_by_the_worker():
    plan = plan_of("parallel")
    scan = node_of(plan, "Parallel Seq Scan")
    assert scan.loops == 3
    assert scan.parallel
    assert scan.milliseconds == pytest.approx(dict(scan.details)["Actual Startup Time"], abs=plan.root.milliseconds)
    assert scan.milliseconds <= plan.root.milliseconds


def test_version_18_counts_fractions_of_rows():
    nodes = [node for path in CORPUS.glob("18/*.json") for node in read_plan(path.read_text(), ENGINE).nodes()]
    fractional = [node for node in nodes if node.actual_rows != int(node.actual_rows)]
    assert fractional
    assert all(
        node.total_actual_rows == pytest.approx(round(node.total_actual_rows), abs=0.01 * node.loops)
        for node in fractional
    )


def test_rows_looked_at_are_those_returned_and_those_dropped():
    scan = plan_of("seq_scan").root
    assert (scan.operation, scan.relation, scan.visited_rows) == (Operation.SCAN, "orders", 40_000)
    assert scan.visited_rows == scan.actual_rows + scan.removed_rows
    assert scan.filter == "(orders.amount > '97'::numeric)"


def test_a_node_that_never_ran_has_no_estimate_factor_and_no_time():
    never = [node for node in plan_of("never_executed").nodes() if node.loops == 0]
    assert never
    assert all(node.estimate_factor is None and node.milliseconds == 0 for node in never)


def test_index_scans_say_what_they_search_for_and_whether_the_index_suffices():
    only = plan_of("index_only").root
    assert (only.operation, only.index, only.covering, only.label) == (
        Operation.SEARCH, "orders_pkey", True, "Index Only Scan Backward",
    )  # fmt: skip
    assert only.index_condition == "(orders.id < 100)"
    assert plan_of("index_range").root.covering is False


def test_a_sort_for_a_limit_is_a_top_sort():
    [sort] = [node for node in plan_of("top_sort").nodes() if node.operation is Operation.TOP_SORT]
    assert sort.keys == ("orders.amount DESC", "orders.id")
    assert sort.detail("Sort Method") == "top-N heapsort"


def test_settings_planning_and_just_in_time_figures_stay_with_the_plan():
    plan = plan_of("parallel")
    assert ("parallel_setup_cost", "0") in plan.detail("Settings")
    assert plan.planning_milliseconds > 0
    assert plan.detail("Planning") is not None


def test_renamed_times_are_found_under_their_new_name():
    text = '[{"Plan": {"Node Type": "Seq Scan", "I/O Read Time": 1.5}}]'
    assert read_plan(text, Engine("postgres", (15,))).root.detail("Shared I/O Read Time") == 1.5


def test_a_trigger_stays_with_the_plan():
    text = "Insert on t  (cost=0.00..0.01 rows=0 width=0)\n  ->  Result  (cost=0.00..0.01 rows=1 width=4)\n"
    plan = read_plan_text(f"{text}Trigger for constraint t_fk: time=1.500 calls=3\nExecution Time: 2.0 ms\n", ENGINE)
    assert plan.root.operation is Operation.MODIFY
    assert plan.detail("Triggers") == ((("Trigger Name", "for constraint t_fk"), ("Time", 1.5), ("Calls", 3.0)),)


PLAIN = (CORPUS / "18" / "hash_join.txt").read_text()


def in_psql(text: str) -> str:
    body = "".join(f" {line}\n" for line in text.splitlines())
    return f"      QUERY PLAN      \n{'-' * 60}\n{body}(24 rows)\n\n"


def in_a_table(text: str) -> str:
    width = max(map(len, text.splitlines()))
    rule = f"+{'-' * (width + 2)}+\n"
    body = "".join(f"| {line.ljust(width)} |\n" for line in text.splitlines())
    return f"{rule}| {'QUERY PLAN'.center(width)} |\n{rule}{body}{rule}"


def in_one_cell(text: str) -> str:
    return "".join(f" {line.ljust(100)}+\n" for line in text.splitlines())


def in_quotes(text: str) -> str:
    return '"QUERY PLAN"\n' + "".join(f'"{line}"\n' for line in text.splitlines())


@pytest.mark.parametrize("frame", [in_psql, in_a_table, in_one_cell, in_quotes])
def test_a_pasted_plan_reads_the_same_in_every_frame(frame):
    assert read_plan_text(frame(PLAIN), ENGINE).nodes() == read_plan_text(PLAIN, ENGINE).nodes()


@pytest.mark.parametrize("frame", [in_psql, in_one_cell])
def test_pasted_json_reads_the_same_in_every_frame(frame):
    path = CORPUS / "18" / "hash_join.json"
    assert read_plan_text(frame(path.read_text()), ENGINE).root == read_plan(path.read_text(), ENGINE).root


def test_a_plan_without_costs_has_no_costs():
    plan = read_plan_text("Seq Scan on t\n  Filter: (a = 1)\n", ENGINE)
    assert (plan.root.relation, plan.root.cost, plan.root.exclusive_cost) == ("t", None, None)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "no plan in this text"),
        ("hello", "Line 1"),
        ("Seq Scan on t  (cost=0.00..1.00 rows=1 width=4)\nboo", "Line 2"),
        ('[{"Plan": {"Node', "line 1, column 12"),
        ("[]", 'no object named "Plan"'),
        ('[{"Plan": {"Plans": []}}]', 'its root has no "Node Type"'),
        ('[{"Plan": {"Node Type": "Limit", "Plans": [3]}}]', 'a child of "Limit"'),
        ('[{"Plan": {"Node Type": "Limit", "Plans": 3}}]', 'the "Plans" of "Limit"'),
        ('{"a":' * 5000, "column 25001"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_place(text, place):
    with pytest.raises(CellError, match=place):
        read_plan_text(text, ENGINE)


LEAF = {"Node Type": "Seq Scan", "Total Cost": 1.0, "Actual Rows": 1, "Actual Loops": 1, "Actual Total Time": 1.0,
        "Shared Hit Blocks": 1, "Parent Relationship": "Outer"}  # fmt: skip


def test_ten_thousand_nodes_are_read_however_deep():
    limit = json.dumps(LEAF | {"Node Type": "Limit"})[:-1] + ', "Plans": ['
    deep = read_plan('[{"Plan":' + limit * 9_999 + json.dumps(LEAF) + "]}" * 9_999 + "}]", ENGINE)
    assert len(deep.nodes()) == 10_000
    assert deep.nodes()[-1].buffers == Buffers(hit=1)


def test_ten_thousand_nodes_are_read_however_wide():
    wide = read_plan(json.dumps([{"Plan": LEAF | {"Node Type": "Append", "Plans": [LEAF] * 10_000}}]), ENGINE)
    assert len(wide.nodes()) == 10_001
