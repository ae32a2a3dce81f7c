"""Whether two statements mean the same: both are run on made-up databases until one tells them apart."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from backend_mentor.domain.errors import NotSupportedError
from backend_mentor.domain.proof import Counterexample, Rows, Trials
from backend_mentor.proofs.comparison import difference, tells
from backend_mentor.proofs.determinism import limit_without_order, tie_breakers_missing, volatile_part
from backend_mentor.proofs.mutants import judge_by_mutants
from backend_mentor.proofs.reproduction import script, shown_tables
from backend_mentor.proofs.result_order import read_order
from backend_mentor.proofs.shrink import shrink
from backend_mentor.proofs.trial_data import plan_trial_data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.databases.base import Database, TrialBench
    from backend_mentor.domain.schema import Schema
    from backend_mentor.domain.statement import Statement
    from backend_mentor.domain.subject import Fact
    from backend_mentor.proofs.result_order import ResultOrder
    from backend_mentor.proofs.trial_data import TrialData

Clock = Callable[[], float]

DEFAULT_TRIALS = 300
_BUDGET_MILLISECONDS = 4_000
# Below this part of telling trials, more are made that aim at the conditions with every row.
_ENOUGH_TELLING = 0.2


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of the trials of one pair of statements."""

    trials: Trials | None
    not_deterministic: str | None = None
    """Why a difference proves nothing, or why the answer is open even though none was found."""
    note: str | None = None
    """What the user should know where no trial told anything."""


def try_equivalence(
    before: Statement,
    after: Statement,
    schema: Schema,
    database: Database,
    *,
    facts: frozenset[Fact] = frozenset(),
    trials: int = DEFAULT_TRIALS,
    seed: int = 1,
) -> Trials:
    """Return what came of running both statements on made-up databases.

    Raises NotSupportedError where the pair can not be tried, or where its answer changes from run to run.
    """
    judgement = judge_pair(before, after, schema, database, facts=facts, trials=trials, seed=seed)
    if judgement.trials is None:
        raise NotSupportedError(judgement.not_deterministic or "No trial could be run.", "Compare by hand.")
    return judgement.trials


def judge_pair(
    before: Statement,
    after: Statement,
    schema: Schema,
    database: Database,
    *,
    facts: frozenset[Fact] = frozenset(),
    trials: int = DEFAULT_TRIALS,
    seed: int = 1,
    clock: Clock = time.perf_counter,
) -> Judgement:
    """Return the trials of a pair, and whether its answer is determined; raises NotSupportedError where it has none."""
    volatile = volatile_part(before) or volatile_part(after)
    if volatile is not None:
        return Judgement(None, volatile)
    began = clock()
    with database.bench(schema, facts) as bench:
        bench.supports(before)
        bench.supports(after)
        data = plan_trial_data((before, after), schema, bench.admits, facts)
        ties = (*tie_breakers_missing(before, schema), *tie_breakers_missing(after, schema))
        pair = _Pair(before, after, read_order(before, folded=_folds(data)), bench, data, ties)
        pair.run(_databases(data, trials, seed, pair), lambda: _go_on(database, clock, began))
        if pair.tried == 0:
            raise NotSupportedError(
                "No made-up database passed the constraints of the tables.", "Compare the results on the real data."
            )
        counterexample = pair.counterexample()
        killed, mutants = (None, None)
        if counterexample is None and pair.telling:
            killed, mutants = judge_by_mutants(before, pair.order, pair.told, bench, clock)
        milliseconds = (clock() - began) * 1000
    result = Trials(pair.tried, pair.telling, seed, milliseconds, counterexample, mutants, killed)
    open_answer = pair.excuse or (limit_without_order(before) if counterexample is None else None)
    return Judgement(result, open_answer, _note(pair))


@dataclass(slots=True)
class _Pair:
    """Two statements on a bench, and what they answered so far."""

    before: Statement
    after: Statement
    order: ResultOrder
    bench: TrialBench
    data: TrialData
    ties: tuple[str, ...]
    tried: int = 0
    told: list[tuple[tuple[Rows, ...], Rows]] = field(default_factory=list)
    """The databases on which the original answered with rows, and that answer."""
    found: tuple[int, tuple[Rows, ...]] | None = None
    """The number of the trial that told the statements apart, and its database."""
    excuse: str | None = None
    error: str | None = None

    @property
    def telling(self) -> int:
        """On how many databases the original returned a row."""
        return len(self.told)

    def run(self, databases: Iterator[tuple[Rows, ...]], go_on: Callable[[], bool]) -> None:
        """Try database after database until one tells the statements apart."""
        for tables in databases:
            if not go_on():
                return
            try:
                before, after = self.bench.run(tables, (self.before, self.after))
            except ValueError:
                continue  # a row that only the engine itself could refuse
            self.tried += 1
            self.error = before.error or self.error
            if tells(before, after):
                self.told.append((tables, before))
            if difference(before, after, self.order, partial(self._full, tables)) is None:
                continue
            if self.differs(tables) is None:
                self.excuse = "the same statement on the same rows answered differently from one run to the next"
            elif self.ties:
                self.excuse = self.ties[0]
            else:
                self.found = (self.tried, tables)
            return

    def differs(self, tables: tuple[Rows, ...]) -> str | None:
        """Return what differs on these tables; None where nothing does or a row is refused."""
        try:
            before, after = self.bench.run(tables, (self.before, self.after))
        except ValueError:
            return None
        return difference(before, after, self.order, lambda: self._full(tables))

    def counterexample(self) -> Counterexample | None:
        """Return the database that told the statements apart, shrunk; None where none did."""
        if self.found is None:
            return None
        trial, tables = self.found
        kind = self.differs(tables)
        tables = shrink(tables, self.data, lambda smaller: self.differs(smaller) == kind)
        before, after = self.bench.run(tables, (self.before, self.after))
        text = script(tables, self.data, self.before, self.after)
        return Counterexample(shown_tables(tables, self.data), before, after, trial, text, kind or "rows")

    def _full(self, tables: tuple[Rows, ...]) -> Rows | None:
        if self.order.full is None:
            return None
        try:
            return self.bench.run(tables, (self.order.full,))[0]
        except (NotSupportedError, ValueError):
            return None


def _databases(data: TrialData, trials: int, seed: int, pair: _Pair) -> Iterator[tuple[Rows, ...]]:
    """Yield the databases to try; where few of them tell anything, half as many again that aim better."""
    yield from data.databases(trials, seed)
    if pair.telling < trials * _ENOUGH_TELLING:
        yield from data.databases(trials // 2, seed + 1, focused=True)


def _go_on(database: Database, clock: Clock, began: float) -> bool:
    database.stop.check()
    return (clock() - began) * 1000 < _BUDGET_MILLISECONDS


def _folds(data: TrialData) -> bool:
    columns = chain.from_iterable(plan.table.columns for plan in data.plans)
    return any((column.collation or "").upper() in ("NOCASE", "RTRIM") for column in columns)


def _note(pair: _Pair) -> str | None:
    if pair.telling or pair.found is not None:
        return None
    if pair.error is not None:
        return f"the statement failed on every trial database: {pair.error}"
    return f"the statement returned no row on any of {pair.tried:,} trial databases, so they tell nothing"
