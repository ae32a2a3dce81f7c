"""What was tried, what came of it, and the verdict that follows. Nothing here can be declared: it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from backend_mentor.domain.code_check import CodeCheck


@dataclass(frozen=True, slots=True)
class Condition:
    """A precondition of a rewrite and how it was established on this schema."""

    text: str
    """As in `customers.id can not be NULL`."""
    grounds: str
    """As in `declared NOT NULL`."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A small table to be shown: the content of a trial table, or a result."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    error: str | None = None
    """The database's words where a query failed instead of answering."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A database, shrunk to the fewest rows, on which the two statements answer differently."""

    tables: tuple[Rows, ...]
    before: Rows
    after: Rows
    trial: int
    """Which trial found it, from 1."""
    script: str
    """DDL and INSERTs that make the database, and both statements."""
    difference: str = "rows"
    """What differs: `rows`, `order`, `columns`, `types` or `error`."""


@dataclass(frozen=True, slots=True)
class Trials:
    """The two statements, run on small made-up databases that respect the schema's constraints."""

    databases: int
    telling: int
    """On how many of them the original returned at least one row."""
    seed: int
    milliseconds: float
    counterexample: Counterexample | None = None
    mutants: int | None = None
    """Wrong variants of the user's statement that were run on the same databases, to judge the trials themselves."""
    mutants_killed: int | None = None
    exhausted_rows: int | None = None
    """k where every database of up to k rows per table over a small domain was tried."""


@dataclass(frozen=True, slots=True)
class OwnData:
    """Both statements, run on the user's own rows and compared inside the database."""

    rows: int
    only_before: int
    only_after: int
    sample: Rows | None = None
    ordered: bool = False
    """True where the order was compared too."""

    @property
    def same(self) -> bool:
        """True where neither statement returned a row that the other did not."""
        return self.only_before == 0 and self.only_after == 0


@dataclass(frozen=True, slots=True)
class Cost:
    """The planner's own estimates. SQLite shows none, only whether it would take the index."""

    before: float | None
    after: float | None
    method: str
    """`EXPLAIN`, `HypoPG`, `clone with statistics` or `statistics twin`."""
    uses_index: bool | None = None
    size_bytes: int | None = None
    """Of the proposed index, estimated."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Repeated runs of one statement, interleaved with those of the other."""

    milliseconds: tuple[float, ...]
    count: int | None
    """The noise-free figure: pages touched on Postgres, virtual machine steps on SQLite."""
    rows: int | None = None

    @property
    def median(self) -> float:
        """The median run in milliseconds."""
        return median(self.milliseconds)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Real runs before and after."""

    before: Runs
    after: Runs
    unit: str
    """What `Runs.count` counts: `pages`, `steps`."""
    place: str
    """Where they ran: `your database`, `a scratch copy`."""
    index_bytes: int | None = None
    build_milliseconds: float | None = None

    @property
    def time_factor(self) -> float:
        """Median time after, as a part of the median time before."""
        return self.after.median / self.before.median if self.before.median else 1.0

    @property
    def count_factor(self) -> float | None:
        """Counted work after, as a part of that before."""
        if not self.before.count or self.after.count is None:
            return None
        return self.after.count / self.before.count

    @property
    def spread_apart(self) -> bool:
        """True where the fastest run of the slower statement still took longer than the slowest of the faster."""
        fast, slow = sorted((self.before, self.after), key=lambda runs: runs.median)
        return max(fast.milliseconds) < min(slow.milliseconds)


@dataclass(frozen=True, slots=True)
class TestRun:
    """Tests of a code proposal."""

    __test__ = False  # or pytest would collect it

    passed: int
    failed: int
    output: str = ""


class Rung(StrEnum):
    """How far equivalence was shown."""

    BY_RULE = "by rule"
    EXHAUSTED = "exhausted"
    TESTED = "tested"
    REFUTED = "refuted"
    NOT_DETERMINISTIC = "not deterministic"
    NOT_SUPPORTED = "not supported"
    NOT_APPLICABLE = "not applicable"


class Effect(StrEnum):
    """What it does to the work."""

    UNKNOWN = "unknown"
    NONE = "none"
    CHEAPER = "cheaper"
    FASTER = "faster"
    SLOWER = "slower"


# A measured change below a tenth is noise on the machines that this was tried on.
_NOTABLE = 0.9


@dataclass(frozen=True, slots=True)
class Proof:
    """What was tried for one proposal. `rung`, `effect` and `verdict` follow from it."""

    changes_rows: bool = True
    """False for an index, a statistics target or a setting, which can not change a result."""
    is_new: bool = False
    """True for code that is added: there is no original to compare it with, and its tests are all its evidence."""
    conditions: tuple[Condition, ...] = ()
    """Preconditions checked on this schema; none for a proposal that no rule backs."""
    trials: Trials | None = None
    own_data: OwnData | None = None
    cost: Cost | None = None
    measurement: Measurement | None = None
    tests: TestRun | None = None
    code: CodeCheck | None = None
    """For a change of code: what the rules, the linters and the runs said of it."""
    not_deterministic: str | None = None
    """Why two right answers may differ, as in `LIMIT without a total order`."""
    obstacle: str | None = None
    """Why no trial could be run."""
    notes: tuple[str, ...] = ()
    """What else came of the trials, in whole clauses: a measurement that could not be had, another index that does as
    much for less."""

    @property
    def rung(self) -> Rung:
        """How far equivalence was shown, from what was tried."""
        if not self.changes_rows:
            return Rung.NOT_APPLICABLE
        if self.refuted:
            return Rung.REFUTED
        if self.is_new:
            return Rung.NOT_APPLICABLE
        if self.code is not None:
            return Rung.TESTED if self.code.answers_the_same else Rung.NOT_SUPPORTED
        if self.not_deterministic:
            return Rung.NOT_DETERMINISTIC
        if self.trials is None or self.trials.telling == 0:
            return Rung.NOT_SUPPORTED
        if self.conditions:
            return Rung.BY_RULE
        return Rung.EXHAUSTED if self.trials.exhausted_rows else Rung.TESTED

    @property
    def refuted(self) -> bool:
        """True where one database, made up or the user's own, shows a difference."""
        by_trial = self.trials is not None and self.trials.counterexample is not None
        by_own_data = self.own_data is not None and not self.own_data.same
        by_tests = self.tests is not None and self.tests.failed > 0
        by_code = self.code is not None and self.code.refuted
        return by_trial or by_own_data or by_tests or by_code

    @property
    def effect(self) -> Effect:
        """What it does to the work: measured where it was measured, else the planner's word."""
        if self.measurement is not None:
            return _measured_effect(self.measurement)
        if self.cost is None:
            return Effect.UNKNOWN
        if self.cost.before is None or self.cost.after is None:
            return {True: Effect.CHEAPER, False: Effect.NONE, None: Effect.UNKNOWN}[self.cost.uses_index]
        if self.cost.after <= self.cost.before * _NOTABLE:
            return Effect.CHEAPER
        return Effect.SLOWER if self.cost.before <= self.cost.after * _NOTABLE else Effect.NONE

    @property
    def counts_and_clock_disagree(self) -> bool:
        """True where the counted work fell and the time rose, or the other way round."""
        if self.measurement is None or self.measurement.count_factor is None:
            return False
        by_count, by_clock = self.measurement.count_factor, self.measurement.time_factor
        return (by_count < _NOTABLE and by_clock > 1 / _NOTABLE) or (by_count > 1 / _NOTABLE and by_clock < _NOTABLE)

    @property
    def verdict(self) -> str:
        """The sentence made of both, as in `equivalent by rule, and faster`; of new code what its tests say."""
        if self.is_new:
            return _verdict_of_tests(self.tests)
        if self.code is not None:
            return self.code.verdict
        same = {
            Rung.BY_RULE: "equivalent by rule",
            Rung.EXHAUSTED: "the same on every small database tried",
            Rung.TESTED: f"the same on {self.trials.databases if self.trials else 0} trial databases, no proof",
            Rung.REFUTED: "not equivalent",
            Rung.NOT_DETERMINISTIC: "not comparable, the answer is not determined",
            Rung.NOT_SUPPORTED: "equivalence not tried",
            Rung.NOT_APPLICABLE: "changes no rows",
        }[self.rung]
        if self.rung is Rung.REFUTED:
            return same
        effect = {
            Effect.UNKNOWN: "effect not tried",
            Effect.NONE: "no gain",
            Effect.CHEAPER: "cheaper by the planner's estimate",
            Effect.FASTER: "faster",
            Effect.SLOWER: "slower",
        }[self.effect]
        return f"{same}, {effect}"


def _verdict_of_tests(tests: TestRun | None) -> str:
    if tests is None:
        return "new, its tests not run here"
    if tests.failed:
        return f"new, {tests.failed} of its {tests.passed + tests.failed} tests fail"
    return f"new, its {tests.passed} tests pass" if tests.passed else "new, without a test that ran"


def _measured_effect(measurement: Measurement) -> Effect:
    by_clock, by_count = measurement.time_factor, measurement.count_factor
    counts_agree_faster = by_count is None or by_count <= _NOTABLE
    if by_clock <= _NOTABLE and (counts_agree_faster or measurement.spread_apart):
        return Effect.FASTER
    counts_agree_slower = by_count is None or by_count >= 1 / _NOTABLE
    if by_clock >= 1 / _NOTABLE and (counts_agree_slower or measurement.spread_apart):
        return Effect.SLOWER
    return Effect.NONE
