"""The review as JSON, and the schema that promises its shape."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from backend_mentor.domain.proof import Cost, Proof
from backend_mentor.renderers import json as json_renderer
from backend_mentor.renderers import mime
from backend_mentor.renderers.json import review_to_dict, to_json_value
from backend_mentor.renderers.schema import review_schema
from backend_mentor.renderers.view import View
from tests.sample_reviews import SAMPLES, huge_plan, slow_orders, tempting_not_exists

PUBLISHED = [
    *("version", "statement", "cell", "explanation", "plan", "findings", "proposals", "rejected", "questions"),
    *("escalations", "skipped", "narrative", "line", "provenance", "conclusion", "failure", "further"),
]


def _complaints(value: object, schema: dict[str, object], root: dict[str, object]) -> list[str]:
    """Return where a value does not keep to the parts of JSON Schema that the schema is written in."""
    if "$ref" in schema:
        return _complaints(value, root["$defs"][str(schema["$ref"]).removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        tried = [_complaints(value, each, root) for each in schema["anyOf"]]
        return [] if [] in tried else tried[0]
    kinds = {"string": str, "integer": int, "number": int | float, "boolean": bool, "null": type(None)}
    kind = schema.get("type")
    if kind in ("object", "array") and not isinstance(value, dict if kind == "object" else list):
        return [f"{value!r} is no {kind}"]
    if kind == "object":
        missing = set(schema["required"]) - set(value) | set(value) - set(schema["properties"])
        inner = [
            _complaints(item, schema["properties"][key], root) for key, item in value.items() if key not in missing
        ]
        return [*missing, *(each for complaints in inner for each in complaints)]
    if kind == "array":
        items = schema.get("prefixItems") or [schema["items"]] * len(value)
        return [each for item, one in zip(value, items, strict=True) for each in _complaints(item, one, root)]
    if kind is None:
        return []
    fits = isinstance(value, kinds[kind]) and (kind == "boolean") == isinstance(value, bool)
    return [] if fits and value in schema.get("enum", [value]) else [f"{value!r} is no {kind}"]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_json_reads_back_as_the_same_values_and_keeps_to_the_schema(name: str) -> None:
    review, view = SAMPLES[name]
    read = json.loads(json_renderer.render(review, view))
    assert read == review_to_dict(review)
    schema = review_schema()
    assert _complaints(read, schema, schema) == []


def test_the_schema_refuses_what_is_not_a_review() -> None:
    schema = review_schema()
    wrong = review_to_dict(slow_orders())
    wrong["version"] = 1
    del wrong["plan"]
    assert sorted(_complaints(wrong, schema, schema)) == ["1 is no string", "plan"]


def test_the_keys_are_the_published_ones_in_their_order() -> None:
    review = review_to_dict(slow_orders())
    assert list(review) == PUBLISHED
    assert list(review["findings"][0]) == [
        *("rule", "severity", "responsibility", "what", "why", "instead", "evidence", "place")
    ]
    proof = review["proposals"][0]["proof"]
    assert {"verdict", "rung", "effect", "equivalence", "cost", "measurement", "tests"} <= set(proof)
    assert (proof["verdict"], proof["rung"], proof["effect"]) == ("equivalent by rule, faster", "by rule", "faster")


def test_computed_figures_are_part_of_the_json() -> None:
    plan = review_to_dict(slow_orders())["plan"]
    assert (plan["share_unit"], plan["costly"]) == ("rows visited", 2)
    scan = plan["nodes"][2]
    assert (scan["parent"], scan["children"], round(scan["share"], 3)) == (1, [], 0.991)
    assert plan["nodes"][1]["children"] == [2, 3]
    measurement = review_to_dict(slow_orders())["proposals"][0]["proof"]["measurement"]
    assert (measurement["spread_apart"], measurement["before"]["median"]) == (True, 38.1)


def test_values_that_json_lacks_become_text() -> None:
    awkward = (Decimal("1.10"), b"\x00\xff", float("nan"), float("-inf"), 2**60, datetime(2026, 3, 2, 9, 30), "\ud800")
    assert to_json_value(awkward) == [
        *("1.10", "x'00ff'", "nan", "-inf", "1152921504606846976", "2026-03-02 09:30:00", "?")
    ]
    assert to_json_value((0, False, None, 1.5, {"a": (1,)})) == [0, False, None, 1.5, {"a": [1]}]


def test_a_figure_that_is_not_finite_is_unknown() -> None:
    proposal = replace(slow_orders().proposals[0], proof=Proof(cost=Cost(float("nan"), float("inf"), "EXPLAIN")))
    text = json_renderer.render(replace(slow_orders(), proposals=(proposal,)), View())
    assert json.loads(text, parse_constant=pytest.fail)["proposals"][0]["proof"]["cost"]["before"] is None


def test_a_row_of_a_counterexample_keeps_nan_apart_from_null() -> None:
    tables = review_to_dict(tempting_not_exists())["rejected"][0]["proof"]["equivalence"]["trials"]["counterexample"]
    assert tables["tables"][0]["rows"][1] == [2, "", None, "nan", None]


@pytest.mark.parametrize("deep", [False, True])
def test_a_plan_of_any_depth_is_a_flat_list(deep: bool) -> None:
    nodes = json.loads(json_renderer.render(huge_plan(10_000, deep=deep), View()))["plan"]["nodes"]
    assert len(nodes) == 10_000
    assert nodes[9_999]["parent"] == (9_998 if deep else 0)


def test_a_bundle_holds_every_form_and_its_json_is_plain() -> None:
    bundle = mime.render(tempting_not_exists(), View())
    assert list(bundle) == [mime.REVIEW_TYPE, "text/html", "text/markdown", "text/plain"]
    assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle
