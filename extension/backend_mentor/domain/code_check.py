"""What was tried for a change of code, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from backend_mentor.domain.trace import CodeRuns


@dataclass(frozen=True, slots=True)
class Noticed:
    """A finding by its name and its line: in the cell as it was, or in the proposed one where it is new."""

    rule: str
    line: int

    def __str__(self) -> str:
        return f"{self.rule} on line {self.line}"


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """The cell before and after, read and judged by the same rules and linters; run only where `runs` says so."""

    parses: bool
    silenced: tuple[Noticed, ...] = ()
    """What it was to put right, and is no longer found."""
    remaining: tuple[Noticed, ...] = ()
    """What it was to put right, and is still found."""
    added: tuple[Noticed, ...] = ()
    """What is found after it alone."""
    linted: bool = True
    """False where the linters could not be run, so that only our own rules judged."""
    keeps_contract: bool = True
    """False where callers are meant to see another answer: a difference in it does not refute."""
    together: bool = False
    """True where it was judged only as part of everything at once, which takes one reading of a long cell for all."""
    runs: CodeRuns | None = None
    """Both versions run on the same requests."""

    @property
    def refuted(self) -> bool:
        """True where it is no better, by what was tried."""
        differs = self.keeps_contract and self.runs is not None and bool(self.runs.differences)
        return not self.parses or bool(self.remaining) or bool(self.added) or not self.silenced or differs

    @property
    def answers_the_same(self) -> bool:
        """True where both versions ran, and no answer differed."""
        return self.runs is not None and self.runs.answers > 0 and not self.runs.differences

    @property
    def verdict(self) -> str:
        """As in `its 3 findings are gone, nothing new is found`, and what the runs showed."""
        if not self.parses:
            return "it is no Python any more"
        said = [part for part in (self._of_targets(), self._of_new_ones()) if part]
        return "; ".join([", ".join(said), *([self.runs.verdict] if self.runs is not None else ())])

    def _of_targets(self) -> str:
        if self.remaining:
            return f"{_listed(self.remaining)} {'is' if len(self.remaining) == 1 else 'are'} still found"
        if not self.silenced:
            return "it puts nothing right that was found"
        many = len(self.silenced)
        return "its finding is gone" if many == 1 else f"its {many} findings are gone"

    def _of_new_ones(self) -> str:
        if self.added:
            return f"and {_listed(self.added)} {'is' if len(self.added) == 1 else 'are'} new"
        if self.together:
            return "nothing new is found, tried together with the others"
        return "nothing new is found" if self.linted else "our own rules find nothing new, the linters were not run"


def _listed(noticed: tuple[Noticed, ...]) -> str:
    words = [str(each) for each in noticed]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
