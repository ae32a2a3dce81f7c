"""Tools that look: the schema, a plan, an index that is tried, two queries that are compared, endpoint code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_mentor.domain.cell import CellKind
from backend_mentor.domain.errors import MentorError
from backend_mentor.domain.proof import Proof
from backend_mentor.domain.proposal import Proposal, ProposalKind, Source, Tradeoffs
from backend_mentor.domain.subject import Subject
from backend_mentor.mentor.index_text import read_index
from backend_mentor.mentor.judge_proposal import searches
from backend_mentor.mentor.payloads import plan_payload, proof_payload, review_payload, table_payload
from backend_mentor.mentor.tools.tool import Arguments, Result, Tool
from backend_mentor.pipeline import review
from backend_mentor.proofs.prove import judge_same, prove

if TYPE_CHECKING:
    from backend_mentor.mentor.case import Case

_SQL = {"type": "string", "description": "One query, as the database takes it."}
_MOST_TABLES = 40
_MOST_ROWS = 20


def _describe_schema(case: Case, arguments: Arguments) -> Result:
    wanted = arguments.get("tables")
    names = [str(name) for name in wanted] if isinstance(wanted, list) else []
    found = [table for name in names if (table := case.schema.table(name))]
    tables = found if names else case.schema.tables[:_MOST_TABLES]
    unknown = [name for name in names if case.schema.table(name) is None]
    content: dict[str, object] = {
        "engine": case.schema.engine.title,
        "tables": [table_payload(table, case.redactor) for table in tables],
    }
    if unknown:
        content["not_there"] = [case.redactor.redact(name) for name in unknown]
    if len(case.schema.tables) > len(tables):
        content["further_tables"] = [table.name for table in case.schema.tables if table not in tables]
    return Result(content)


def _explain_query(case: Case, arguments: Arguments) -> Result:
    statement = case.statement(str(arguments["sql"]))
    plan = case.database.explain(statement)
    name = case.evidence.add("", statement=statement.text, plan=plan)
    return Result({"result": name, **plan_payload(plan, case.redactor)})


def _try_index(case: Case, arguments: Arguments) -> Result:
    statement = case.statement(str(arguments["sql"]))
    index = read_index(str(arguments["index"]), case.schema, case.database)
    draft = Proposal(
        ProposalKind.INDEX, "claude-index", f"Index {index.table}", "", index.create_sql(), "", Tradeoffs(""),
        index=index, source=Source.CLAUDE, proof=Proof(changes_rows=False),
    )  # fmt: skip
    tried = prove(draft, Subject(statement, case.schema), case.database, analyze=case.analyze, progress=case.progress)
    sought = searches(case, statement, index)
    name = case.evidence.add(
        index.create_sql(), statement=statement.text, proposal=tried, index_sought=index.name if sought else None
    )
    return Result({"result": name, "searches_by_it": sought, **proof_payload(tried.proof, case.redactor)})


def _check_equivalence(case: Case, arguments: Arguments) -> Result:
    before, after = case.statement(str(arguments["before"])), case.statement(str(arguments["after"]))
    if before.parameters != after.parameters:
        after = replace(after, parameters=before.parameters)
    proof = judge_same(before, after, case.database)
    tried = Proposal(
        ProposalKind.REWRITE, "claude-rewrite", "Compared", before.text, after.text, "", Tradeoffs(""),
        source=Source.CLAUDE, proof=proof,
    )  # fmt: skip
    name = case.evidence.add("", statement=before.text, proposal=tried)
    return Result({"result": name, **proof_payload(proof, case.redactor)})


def _review_endpoint(case: Case, arguments: Arguments) -> Result:
    code = str(arguments.get("code") or case.review.cell.text)
    found = review(code, case.database, name="code", analyze=False)
    if found.cell.kind is not CellKind.ENDPOINT:
        raise MentorError("This is no endpoint code.", "Give the code of the handlers, with their imports.")
    own = code == case.review.cell.text
    texts = [f"{each.what} {each.why} {each.instead}" for each in found.findings]
    name = case.evidence.add(" \n".join(texts), statement=None if own else code)
    return Result({"result": name, **review_payload(found, case.redactor)})


def _read_rows(case: Case, arguments: Arguments) -> Result:
    rows = case.database.fetch(case.statement(str(arguments["sql"])))
    shown = [[None if value is None else str(value)[:200] for value in row] for row in rows.rows[:_MOST_ROWS]]
    content = {"columns": list(rows.columns), "rows": shown, "more": len(rows.rows) > _MOST_ROWS}
    return Result({"result": case.evidence.add(str(shown)), **content})


LOOKING: tuple[Tool, ...] = (
    Tool(
        "describe_schema",
        "Tables of the connected database with columns, keys, checks, indexes and row counts. Without names: all.",
        {"tables": {"type": "array", "items": {"type": "string"}, "description": "Names of tables; empty for all."}},
        ("tables",),
        _describe_schema,
        "reading the schema",
    ),
    Tool(
        "explain_query",
        "The planner's plan of one query, not run. A step with searches_by_the_index true is a seek; an index that is "
        "walked from end to end is none. Write queries are refused.",
        {"sql": _SQL},
        ("sql",),
        _explain_query,
        "reading the plan",
    ),
    Tool(
        "try_index",
        "What an index that does not exist would do for one query: the planner's word and, where the user allowed it, "
        "a measured run on a scratch copy.",
        {"sql": _SQL, "index": {"type": "string", "description": "CREATE INDEX name ON table (columns)"}},
        ("sql", "index"),
        _try_index,
        "trying the index",
    ),
    Tool(
        "check_equivalence",
        "Runs two queries on hundreds of small made-up databases. Tells whether they answer alike, or shows rows that "
        "tell them apart (values as symbols v1, v2, …).",
        {"before": _SQL, "after": _SQL},
        ("before", "after"),
        _check_equivalence,
        "trying both queries on made-up databases",
    ),
    Tool(
        "review_endpoint",
        "What endpoint code in Python does and what the rules find in it, handler by handler. Empty: the cell's code.",
        {"code": {"type": "string", "description": "The code, or empty for the cell."}},
        ("code",),
        _review_endpoint,
        "reviewing the code",
    ),
    Tool(
        "read_rows",
        f"The first {_MOST_ROWS} rows of one query. Only there because the user allowed rows for this one question.",
        {"sql": _SQL},
        ("sql",),
        _read_rows,
        "reading rows, as you allowed",
        shows_rows=True,
    ),
)
