"""The figures that results hold: of measurements, proofs, plans and tables, each with its unit and what it is of."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.plan import Plan
from backend_mentor.domain.proof import Measurement, Proof
from backend_mentor.mentor.figures import Figure, Unit, read_numbers, table_near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.schema import Table


def figures_of(value: object, about: frozenset[str] = frozenset()) -> Iterator[Figure]:
    """Yield the numbers of a value of the domain; a member's name tells its unit."""
    if isinstance(value, Measurement):
        yield from _measured(value)
    elif isinstance(value, Proof):
        yield from _proof_figures(value)
    elif isinstance(value, Plan):
        yield from _plan_figures(value)
    elif is_dataclass(value):
        for member in fields(value):
            yield from _named(member.name, getattr(value, member.name), about)
    elif isinstance(value, dict):
        for name, held in value.items():
            yield from _named(str(name), held, about)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _named("", held, about)


def _named(name: str, held: object, about: frozenset[str]) -> Iterator[Figure]:
    if isinstance(held, bool) or held is None:
        return
    if isinstance(held, int | float):
        yield Figure(float(held), _unit_of(name), about)
    elif not isinstance(held, str):
        yield from figures_of(held, about)


def _unit_of(name: str) -> Unit:
    if name.endswith("milliseconds"):
        return Unit.MILLISECONDS
    return Unit.BYTES if name.endswith("bytes") else Unit.PLAIN


def table_figures(table: Table) -> Iterator[Figure]:
    """Yield how many rows, columns and indexes a table has, and its size in bytes."""
    about = frozenset([table.name.lower()])
    counts = {"rows": table.rows, "columns": len(table.columns), "indexes": len(table.indexes)}
    yield from (Figure(float(count), Unit.PLAIN, about, name) for name, count in counts.items() if count is not None)
    if table.size_bytes is not None:
        yield Figure(float(table.size_bytes), Unit.BYTES, about)


def _plan_figures(plan: Plan) -> Iterator[Figure]:
    for node, share in zip(plan.nodes(), plan.shares(), strict=True):
        about = frozenset([node.relation.lower()]) if node.relation else frozenset()
        counts = (
            *(node.estimated_rows, node.actual_rows, node.visited_rows, node.loops, node.cost, node.removed_rows),
            *(node.total_actual_rows, node.total_visited_rows),
        )
        yield from (Figure(float(count), Unit.PLAIN, about) for count in counts if count is not None)
        times = (node.milliseconds, node.exclusive_milliseconds)
        yield from (Figure(float(time), Unit.MILLISECONDS, about) for time in times if time is not None)
        if share is not None:
            yield Figure(share * 100, Unit.PERCENT, about)
        visited, kept = node.total_visited_rows, node.total_actual_rows
        if visited and kept is not None:
            yield Figure(kept / visited * 100, Unit.PERCENT, about)
    if plan.steps is not None:
        yield Figure(float(plan.steps), Unit.WORK)
    for time in (plan.milliseconds, plan.planning_milliseconds):
        if time is not None:
            yield Figure(time, Unit.MILLISECONDS)


def _proof_figures(proof: Proof) -> Iterator[Figure]:
    if proof.measurement is not None:
        yield from _measured(proof.measurement)
    if proof.cost is not None:
        yield from figures_of(proof.cost)
        if proof.cost.before and proof.cost.after:
            yield from _factor(proof.cost.after / proof.cost.before)
    if proof.trials is not None:
        trials = proof.trials
        tried = (
            *(("trials", count) for count in (trials.databases, trials.telling)),
            *(("mutants", count) for count in (trials.mutants, trials.mutants_killed)),
        )
        yield from (Figure(float(count), counts=name) for name, count in tried if count is not None)
    if proof.own_data is not None:
        compared = (proof.own_data.rows, proof.own_data.only_before, proof.own_data.only_after)
        yield from (Figure(float(count)) for count in compared)
    if proof.tests is not None:
        yield from (Figure(float(count)) for count in (proof.tests.passed, proof.tests.failed))


def _measured(measurement: Measurement) -> Iterator[Figure]:
    for when, runs in (("before", measurement.before), ("after", measurement.after)):
        yield Figure(runs.median, Unit.MILLISECONDS, when=when)
        yield Figure(float(len(runs.milliseconds)), counts="runs")
        if runs.rows is not None:
            yield Figure(float(runs.rows), counts="rows")
        if runs.count is not None:
            yield Figure(float(runs.count), Unit.WORK, when=when)
    yield Figure(measurement.before.median - measurement.after.median, Unit.MILLISECONDS, when="saved")
    if measurement.before.count is not None and measurement.after.count is not None:
        yield Figure(float(measurement.before.count - measurement.after.count), Unit.WORK, when="saved")
    yield from _factor(measurement.time_factor)
    if measurement.count_factor is not None:
        yield from _factor(measurement.count_factor)
    if measurement.index_bytes is not None:
        yield Figure(float(measurement.index_bytes), Unit.BYTES)


def _factor(left: float) -> Iterator[Figure]:
    """Yield what people make of a part that is left: times less, times more, percent less."""
    if left > 0:
        yield Figure(1 / left, Unit.FACTOR)
        yield Figure(left, Unit.FACTOR)
    yield Figure((1 - left) * 100, Unit.PERCENT)
    yield Figure(left * 100, Unit.PERCENT)


def figures_said(sentence: str, tables: frozenset[str]) -> Iterator[Figure]:
    """Yield the numbers that a sentence of the engine names, each with the table next to it."""
    for number in read_numbers(sentence):
        counts = "rows" if number.noun.startswith("row") else ""
        yield Figure(number.value, number.unit, table_near(sentence, number.start, tables), counts)
