"""A request in plain words to the recipes that answer it: the same words always mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.request import Match, Request, Understanding
from backend_mentor.domain.review import Explanation, Step
from backend_mentor.reading.words import Word, find_phrase, read_words, stem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backend_mentor.domain.recipe import Recipe

SIGNAL, HINT = 4, 1
_NEAREST_AT_MOST = 3
_ASKED_AT_MOST = 3
_REFUSAL = re.compile(
    r"\b(?:without|instead of|rather than|except|but not|not|no)\s+(?:(?:any|a|an|the|using|use|with)\s+)?([\w-]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A signal or hint of a recipe, and the words of the request that are it."""

    positions: tuple[int, ...]
    weight: int

    def within(self, other: _Found) -> bool:
        return set(self.positions) < set(other.positions)


def read_request(text: str, recipes: Sequence[Recipe]) -> Request:
    """Return what a request asks for.

    It is clear where a signal of a recipe stands in it and no other recipe claims the same words with the same right;
    several things may be asked for at once. It is ambiguous where only hints were found, where two recipes claim the
    same words, or where it rules out what the recipe is built on; unknown where nothing was found.
    """
    words = read_words(text, _vocabulary(recipes))
    found = {recipe.name: _find(recipe, words) for recipe in recipes}
    signals = [each for several in found.values() for each in several if each.weight == SIGNAL]
    matches = []
    for recipe in recipes:
        # The longer phrase owns its words: in `refresh token`, `token` is no hint at a token bucket.
        own = [each for each in found[recipe.name] if not any(each.within(other) for other in signals)]
        if own:
            matches.append((_match(recipe, own, words, text), own))
    matches.sort(key=lambda each: (-each[0].weight, min(each[1][0].positions), each[0].recipe.name))
    return _judge(text, matches)


def explain_request(request: Request) -> Explanation:
    """Return what was understood, in which words of the request, and the design that answers it."""
    if request.understanding is not Understanding.CLEAR:
        return Explanation(_tell_nearest(request))
    wanted = " And ".join(f"{match.recipe.answers}, from “{_quote(match)}”." for match in request.asked)
    steps = [step for match in request.asked for step in _design(match.recipe, named=len(request.asked) > 1)]
    design = " ".join(" ".join(match.recipe.summary.split()) for match in request.asked)
    return Explanation(f"You want {wanted} {design}", tuple(steps))


def _tell_nearest(request: Request) -> str:
    if not request.nearest:
        return "No recipe speaks of these words; %backend recipe lists all there are."
    names = ", ".join(f"{match.recipe.name} (from “{_quote(match)}”)" for match in request.nearest)
    return f"It is not clear what you want. Nearest are: {names}."


def _quote(match: Match) -> str:
    return "”, “".join(match.mentions)


def _design(recipe: Recipe, *, named: bool) -> Iterator[Step]:
    for decision in recipe.decisions:
        clause = recipe.name if named else "decide"
        yield Step(clause, f"{decision.choice}: {decision.because}. Price: {decision.price}.")
    for each in recipe.leaves_out:
        yield Step("left out", f"{each}.")


def _judge(text: str, matches: list[tuple[Match, list[_Found]]]) -> Request:
    asked = [each for each in matches if any(found.weight == SIGNAL for found in each[1])]
    others = tuple(match for match, found in matches if (match, found) not in asked)
    if not asked:
        understanding = Understanding.AMBIGUOUS if others else Understanding.UNKNOWN
        return Request(text, understanding, (), others[:_NEAREST_AT_MOST])
    rivals = [match for match, found in asked if match is not asked[0][0] and _same_right(asked[0], (match, found))]
    if rivals or asked[0][0].ruled_out:
        nearest = tuple(match for match, _ in asked)
        return Request(text, Understanding.AMBIGUOUS, (), (nearest + others)[:_NEAREST_AT_MOST])
    # Of two that claim the same words the heavier has them; the lighter is no second thing that is asked for.
    own = [each for each in asked if each is asked[0] or not _signals(each[1]) <= _signals(asked[0][1])]
    kept = tuple(match for match, _ in own if not match.ruled_out)[:_ASKED_AT_MOST]
    rest = tuple(match for match, _ in matches if match not in kept)
    return Request(text, Understanding.CLEAR, kept, rest[:_NEAREST_AT_MOST])


def _same_right(first: tuple[Match, list[_Found]], second: tuple[Match, list[_Found]]) -> bool:
    return first[0].weight == second[0].weight and _signals(first[1]) == _signals(second[1])


def _signals(found: Iterable[_Found]) -> set[int]:
    return {position for each in found if each.weight == SIGNAL for position in each.positions}


def _find(recipe: Recipe, words: tuple[Word, ...]) -> list[_Found]:
    weighed = [*((each, SIGNAL) for each in recipe.signals), *((each, HINT) for each in recipe.hints)]
    found: list[_Found] = []
    for phrase, weight in weighed:
        positions = find_phrase(phrase, words)
        if positions is not None and not any(set(positions) <= set(each.positions) for each in found):
            found = [each for each in found if each.weight < weight or not set(each.positions) <= set(positions)]
            found.append(_Found(positions, weight))
    return found


def _match(recipe: Recipe, found: list[_Found], words: tuple[Word, ...], text: str) -> Match:
    return Match(
        recipe,
        tuple(dict.fromkeys(_written(each.positions, words, text) for each in found)),
        sum(each.weight for each in found),
        _ruled_out(recipe, text),
        tuple(each for each in recipe.questions if not _speaks_of(each.settled_by, words)),
        tuple(each for each in recipe.escalations if not each.when or _speaks_of(each.when, words)),
    )


def _written(positions: tuple[int, ...], words: tuple[Word, ...], text: str) -> str:
    return " ".join(text[words[positions[0]].start : words[positions[-1]].end].split())


def _ruled_out(recipe: Recipe, text: str) -> tuple[str, ...]:
    """Return what the request does not want and this recipe is built on; `no duplicates` rules out nothing."""
    built_on = {stem_of(part) for part in (*recipe.name.split("-"), *recipe.built_on)}
    return tuple(word for word in _REFUSAL.findall(text) if {stem_of(part) for part in word.split("-")} & built_on)


def _speaks_of(phrases: Iterable[str], words: tuple[Word, ...]) -> bool:
    return any(find_phrase(each, words) is not None for each in phrases)


def _vocabulary(recipes: Iterable[Recipe]) -> frozenset[str]:
    phrases = (phrase for recipe in recipes for phrase in (*recipe.signals, *recipe.hints))
    return frozenset(word for phrase in phrases for word in phrase.replace("-", " ").split())
