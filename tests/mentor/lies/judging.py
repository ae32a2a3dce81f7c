"""Lies and truths before the gate, and what passed, by class: `python -m tests.mentor.lies.judging`."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backend_mentor.databases.base import Database
from backend_mentor.domain.proof import Measurement, Proof, Runs
from backend_mentor.domain.proposal import Proposal, ProposalKind, Source, Tradeoffs
from backend_mentor.domain.review import Review
from backend_mentor.domain.schema import Index, IndexColumn
from backend_mentor.mentor.case import Case
from backend_mentor.mentor.prose import gate
from backend_mentor.mentor.tools import carry_out
from backend_mentor.pipeline import review
from tests.mentor.lies import (
    answers,
    calls,
    careful_voices,
    everyday,
    full_sentences,
    further,
    further_voices,
    many_voices,
    mixed_voices,
    model_voice,
    one_more_voice,
    plain_claims,
    plain_speech,
    plain_words,
    prose,
    rewrites,
    terse_voices,
    truths,
)
from tests.mentor.lies.calls import Call
from tests.mentor.lies.shop import make_shop

REWRITES = {**rewrites.LIES, **further.REWRITES}
CALLS = {**calls.LIES, **further.CALLS}
SENTENCES = {
    **prose.LIES,
    **plain_words.LIES,
    **one_more_voice.LIES,
    **further_voices.LIES,
    **many_voices.LIES,
    **plain_speech.LIES,
    **everyday.LIES,
    **terse_voices.LIES,
    **mixed_voices.LIES,
    **careful_voices.LIES,
    **plain_claims.LIES,
    **full_sentences.LIES,
    **model_voice.LIES,
    **answers.LIES,
}
TRUE_BY_CLASS = {
    "the judges' words": prose.TRUTHS,
    "plain words": plain_words.TRUTHS,
    **one_more_voice.TRUTHS,
    **further_voices.TRUTHS,
    **many_voices.TRUTHS,
    **plain_speech.TRUTHS,
    **everyday.TRUTHS,
    **terse_voices.TRUTHS,
    **mixed_voices.TRUTHS,
    **careful_voices.TRUTHS,
    **plain_claims.TRUTHS,
    **full_sentences.TRUTHS,
    **model_voice.TRUTHS,
    **answers.TRUTHS,
}
TRUE_SENTENCES = tuple(sentence for sentences in TRUE_BY_CLASS.values() for sentence in sentences)


@dataclass(frozen=True, slots=True)
class Score:
    """How many of a class there were, and which of them came through (of lies) or did not (of truths)."""

    name: str
    total: int
    wrong: tuple[str, ...]


class Bench:
    """The shop, and the reviews of its queries, each made once."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._reviews: dict[str, Review] = {}
        self._talk: tuple[Case, str] | None = None

    def case(self, sql: str) -> Case:
        """Open a fresh case of a query, in whose conversation another query was explained."""
        if sql not in self._reviews:
            self._reviews[sql] = review(sql, self.database, analyze=False)
        return Case.open(self._reviews[sql], self.database)

    def shows(self, call: Call, sql: str = calls.SLOW) -> bool:
        """Return whether a call puts anything before the user, or is answered as if it had."""
        case = self.case(sql)
        other = str(carry_out(case, "explain_query", {"sql": calls.OTHER}).content["result"])
        result = carry_out(case, call.tool, _filled(call.arguments, other))
        shown = case.findings or case.proposals or case.questions or case.escalations
        return bool(shown) or not result.is_error

    def marks(self, sentence: str) -> bool:
        """Return whether a sentence is marked as not verified, in a conversation in which several things were tried."""
        case, other = self._talk = self._talk or self._conversation()
        passages = gate(sentence.replace("{other}", other), case.evidence)
        return any(passage.unverified for passage in passages)

    def _conversation(self) -> tuple[Case, str]:
        case = self.case(calls.SLOW)
        other = str(carry_out(case, "explain_query", {"sql": calls.OTHER}).content["result"])
        refuted = calls.SLOW.replace("= '2026-03-02'", ">= '2026-03-02'")
        carry_out(case, "report_proposal", calls.rewrite(refuted).arguments)
        kept = calls.SLOW.replace("JOIN customers", "INNER JOIN customers")
        carry_out(case, "report_proposal", calls.rewrite(kept).arguments)
        case.evidence.add("", statement=calls.SLOW, proposal=_measured(), accepted=True, index_sought="orders_day_idx")
        return case, other


def judge_lies(bench: Bench) -> tuple[Score, ...]:
    """Return the score of each class of lies: what came through."""
    scores = [
        Score(f"rewrite: {name}", len(pairs), tuple(a for b, a in pairs if bench.shows(calls.rewrite(a), b)))
        for name, pairs in REWRITES.items()
    ]
    scores += [
        Score(name, len(all_of), tuple(str(each) for each in all_of if bench.shows(each)))
        for name, all_of in CALLS.items()
    ]
    scores += [
        Score(name, len(sentences), tuple(each for each in sentences if not bench.marks(each)))
        for name, sentences in SENTENCES.items()
    ]
    return tuple(scores)


def judge_truths(bench: Bench) -> tuple[Score, ...]:
    """Return the score of true proposals and findings, and of true sentences: what was refused or marked."""
    reports = [(calls.rewrite(after), before) for before, after in rewrites.TRUTHS]
    reports += [(calls.index(after), before) for before, after in truths.INDEXES]
    reports += [(each, calls.SLOW) for each in (*truths.FINDINGS, *truths.CODE)]
    reports += further.TRUTHS
    refused = tuple(str(call) for call, sql in reports if not bench.shows(call, sql))
    marked = tuple(each for each in TRUE_SENTENCES if bench.marks(each))
    return (Score("true reports", len(reports), refused), Score("true sentences", len(TRUE_SENTENCES), marked))


def _filled(value: object, other: str) -> object:
    if isinstance(value, dict):
        return {key: _filled(each, other) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, other) for each in value]
    return value.replace("{other}", other) if isinstance(value, str) else value


def _measured() -> Proposal:
    """Return an index that was measured: 36 ms became 12 ms."""
    before, after = Runs((35.0, 36.0, 37.0), 60_000), Runs((11.0, 12.0, 13.0), 20_000)
    proof = Proof(changes_rows=False, measurement=Measurement(before, after, "steps", "a scratch copy"))
    index = Index("orders_day_idx", "orders", (IndexColumn("date(placed_at)", expression=True),))
    sql = index.create_sql()
    return Proposal(
        ProposalKind.INDEX, "claude-index", "Index the day", "", sql, "", Tradeoffs(""), index=index,
        source=Source.CLAUDE, proof=proof,
    )  # fmt: skip


def main() -> int:
    """Print the table by class; return 1 where a lie came through."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(make_shop(Path(folder) / "shop.db"))
        lies, true = judge_lies(bench), judge_truths(bench)
    print(f"{'lies, by class':<44} {'told':>6} {'accepted':>9}")
    for score in lies:
        print(f"{score.name:<44} {score.total:>6} {len(score.wrong):>9}")
        for each in score.wrong:
            print(f"    {json.dumps(each)[:200]}")
    print(f"{'all lies':<44} {sum(s.total for s in lies):>6} {sum(len(s.wrong) for s in lies):>9}\n")
    print(f"{'truths':<44} {'told':>6} {'refused':>9}")
    for score in true:
        print(f"{score.name:<44} {score.total:>6} {len(score.wrong):>9}")
        for each in score.wrong:
            print(f"    {json.dumps(each)[:200]}")
    return 1 if any(score.wrong for score in lies) else 0


if __name__ == "__main__":
    sys.exit(main())
