"""What the model is told: values of the domain as JSON, with no value of any row in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.domain.schema import TableKind
from backend_mentor.mentor.seeks import is_seek

if TYPE_CHECKING:
    from backend_mentor.domain.plan import Plan, PlanNode
    from backend_mentor.domain.proof import Counterexample, Proof, Rows
    from backend_mentor.domain.proposal import Proposal
    from backend_mentor.domain.review import Review
    from backend_mentor.domain.schema import Table
    from backend_mentor.mentor.redaction import Redactor

Payload = dict[str, object]
_MOST_NODES = 60
_MOST_FINDINGS = 12
_LONGEST_PROPOSAL = 4_000


def table_payload(table: Table, redactor: Redactor) -> Payload:
    """Return a table: columns, keys, checks and indexes; no comment, default or statistic, which hold users' values."""
    columns = [f"{each.name} {each.type}{'' if each.nullable else ' NOT NULL'}".strip() for each in table.columns]
    keys = [
        f"({', '.join(key.columns)}) references {key.referenced_table} ({', '.join(key.referenced_columns)})"
        for key in table.foreign_keys
    ]
    indexes = [index.create_sql() for index in table.indexes if not index.primary]
    found: Payload = {"table": table.name, "columns": columns, "primary_key": list(table.primary_key)}
    if table.kind is not TableKind.TABLE:
        found["kind"] = table.kind.value
    for name, texts in (
        ("foreign_keys", keys),
        ("checks", [check.expression for check in table.checks]),
        ("indexes", indexes),
    ):
        if texts:
            found[name] = [redactor.redact(text) for text in texts]
    if table.rows is not None:
        found["rows"] = table.rows
    return found


def plan_payload(plan: Plan, redactor: Redactor) -> Payload:
    """Return a plan as a list of steps, parents first, its conditions without values."""
    shares = plan.shares()
    depths = _depths(plan.root)
    steps = [
        _step(node, depths[node.number], share, redactor)
        for node, share in list(zip(plan.nodes(), shares, strict=True))[:_MOST_NODES]
    ]
    return {"really_run": plan.analyzed, "share_unit": plan.share_unit or "unknown", "steps": steps}


def _step(node: PlanNode, depth: int, share: float | None, redactor: Redactor) -> Payload:
    step: Payload = {"depth": depth, "operation": node.operation.value}
    named = {"table": node.relation, "index": node.index, "alias": node.alias}
    step |= {name: value for name, value in named.items() if value}
    if node.index:
        step["searches_by_the_index"] = is_seek(node)
    conditions = {"index_condition": node.index_condition, "filter": node.filter, "join_condition": node.join_condition}
    step |= {name: redactor.condition(text) for name, text in conditions.items() if text}
    if node.keys:
        step["keys"] = [redactor.condition(key) for key in node.keys]
    counts = {
        "estimated_rows": node.estimated_rows,
        "returned_rows": node.total_actual_rows,
        "visited_rows": node.total_visited_rows,
        "loops": node.loops,
    }
    step |= {name: round(value, 2) for name, value in counts.items() if value is not None}
    if share is not None:
        step["share_percent"] = round(share * 100)
    return step


def _depths(root: PlanNode) -> dict[int, int]:
    depths, pending = {}, [(root, 0)]
    while pending:
        node, depth = pending.pop()
        depths[node.number] = depth
        pending += [(child, depth + 1) for child in node.children]
    return depths


def proof_payload(proof: Proof, redactor: Redactor) -> Payload:
    """Return what was tried and what came of it; a counterexample's values as symbols."""
    found: Payload = {"verdict": proof.verdict}
    if proof.trials is not None:
        found["trial_databases"] = proof.trials.databases
        if proof.trials.counterexample is not None:
            found["counterexample"] = counterexample_payload(proof.trials.counterexample, redactor)
    if proof.own_data is not None:
        own = proof.own_data
        found["own_rows"] = {"rows": own.rows, "only_before": own.only_before, "only_after": own.only_after}
    if proof.cost is not None:
        found["planner"] = {
            "method": proof.cost.method,
            "cost_before": proof.cost.before,
            "cost_after": proof.cost.after,
            "takes_the_index": proof.cost.uses_index,
        }
    if proof.measurement is not None:
        measured = proof.measurement
        found["measured"] = {
            "milliseconds_before": round(measured.before.median, 2),
            "milliseconds_after": round(measured.after.median, 2),
            f"{measured.unit}_before": measured.before.count,
            f"{measured.unit}_after": measured.after.count,
            "place": measured.place,
        }
    if proof.tests is not None:
        found["tests"] = {"passed": proof.tests.passed, "failed": proof.tests.failed}
    remarks = [proof.obstacle, proof.not_deterministic, *proof.notes]
    if any(remarks):
        found["remarks"] = [redactor.without_values(text) for text in remarks if text]
    return found


def counterexample_payload(shown: Counterexample, redactor: Redactor) -> Payload:
    """Return the rows that tell two statements apart, each value but NULL and the cell's own as a symbol.

    Trial tables are filled from the columns' most common values, so a value of theirs may be a user's.
    """
    symbols: dict[object, str] = {}
    return {
        "difference": shown.difference,
        "tables": [_rows(rows, symbols, redactor) for rows in shown.tables],
        "result_before": _rows(shown.before, symbols, redactor),
        "result_after": _rows(shown.after, symbols, redactor),
    }


def _rows(rows: Rows, symbols: dict[object, str], redactor: Redactor) -> Payload:
    if rows.error is not None:
        return {"name": rows.name, "fails": True}
    shown = [[_symbol(value, symbols, redactor) for value in row] for row in rows.rows[:10]]
    return {"name": rows.name, "columns": list(rows.columns), "rows": shown}


def _symbol(value: object, symbols: dict[object, str], redactor: Redactor) -> object:
    if value is None:
        return None
    written = str(value)
    if len(written) > 1 and written in redactor.cell and redactor.redact(written) == written:
        return written
    key = (type(value).__name__, written)
    return symbols.setdefault(key, f"v{len(symbols) + 1}")


def review_payload(review: Review, redactor: Redactor) -> Payload:
    """Return the offline review of one statement, with nothing in it that changes from run to run."""
    found: Payload = {"statement": redactor.redact(review.statement)}
    if review.explanation is not None:
        found["explanation"] = redactor.without_values(review.explanation.summary)
    if review.plan is not None:
        found["plan"] = plan_payload(review.plan, redactor)
    found["findings"] = [
        {
            "rule": each.rule,
            "severity": each.severity.value,
            "what": redactor.without_values(each.what),
            "instead": redactor.without_values(each.instead),
        }
        for each in review.findings[:_MOST_FINDINGS]
    ]
    found["proposals"] = [_proposal(each, redactor) for each in review.proposals]
    found["tried_and_rejected"] = [_proposal(each, redactor) for each in review.rejected[:_MOST_FINDINGS]]
    found["questions"] = [redactor.without_values(each.text) for each in review.questions]
    found["escalations"] = [redactor.without_values(each.text) for each in review.escalations]
    found["skipped"] = [redactor.without_values(f"{each.stage}: {each.reason}") for each in review.skipped]
    if review.failure:
        found["failure"] = redactor.without_values(review.failure)
    return found


def _proposal(proposal: Proposal, redactor: Redactor) -> Payload:
    # Times differ from run to run, and a prompt that differs is no hit in the cache: the verdict is enough.
    return {
        "kind": proposal.kind.value,
        "title": redactor.without_values(proposal.title),
        "after": redactor.redact(proposal.after)[:_LONGEST_PROPOSAL],
        "verdict": proposal.proof.verdict,
    }
