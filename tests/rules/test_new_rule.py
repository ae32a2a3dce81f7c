"""The scaffold lists a new rule so that the listing still imports and keeps its order."""

from __future__ import annotations

import ast
from pathlib import Path

from tests import new_rule


def test_a_new_rule_is_imported_in_order_and_stands_last_in_the_tuple() -> None:
    listing = (new_rule.RULES / "plan" / "__init__.py").read_text()
    extended = new_rule.listed(listing, "plan", "memory_is_short", "MemoryIsShort")
    ast.parse(extended)
    imports = [line for line in extended.splitlines() if line.startswith("from backend_mentor.rules.plan.")]
    assert imports == sorted(imports)
    assert extended.rstrip().endswith("    MemoryIsShort(),\n)")


def test_a_folder_that_does_not_exist_is_refused() -> None:
    assert new_rule.main(["nowhere", "memory is short"]) == 2


def test_an_existing_rule_is_never_overwritten() -> None:
    module = Path(new_rule.RULES / "plan" / "skip_scan.py")
    before = module.read_text()
    assert new_rule.main(["plan", "skip scan"]) == 2
    assert module.read_text() == before
