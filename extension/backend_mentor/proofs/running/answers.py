"""Whether two versions of an app answer alike: status and JSON, values that change by themselves left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from backend_mentor.domain.trace import AnswerDifference

if TYPE_CHECKING:
    from backend_mentor.proofs.running.call import Reply
    from backend_mentor.proofs.running.growth import Grown

_LONGEST_VALUE = 40


def compare_answers(
    before: Grown, again: Grown, after: Grown, unordered: frozenset[str]
) -> tuple[int, tuple[AnswerDifference, ...]]:
    """Return how many answers could be compared, and those that differ.

    `again` are the answers of the same code once more: where it differs from itself (a clock, a random key), nothing is
    asked of the other. `unordered` are the routes whose lists come in no order that the code asks for. An answer that
    was an error of the server's before shows nothing, and is not counted."""
    compared, differences = 0, []
    for (size, first), (_, second), (_, third) in zip(before.replies, again.replies, after.replies, strict=True):
        for old, same, new in zip(first, second, third, strict=True):
            if old.exchange.status is None or old.exchange.status >= 500:
                continue
            compared += 1
            request = old.exchange.request
            is_ordered = (request.template or request.path) not in unordered
            what = _difference(old, same, new, is_ordered=is_ordered)
            if what is not None:
                differences.append(AnswerDifference(request, size, what))
    return compared, tuple(differences)


def _difference(old: Reply, same: Reply, new: Reply, *, is_ordered: bool) -> str | None:
    if old.exchange.status != new.exchange.status:
        error = f", {new.exchange.error}" if new.exchange.error else ""
        return f"{old.exchange.status} became {new.exchange.status or 'no answer'}{error}"
    try:
        values = [json.loads(reply.body) for reply in (old, same, new)]
    except ValueError:
        return None if new.body in (old.body, same.body) or old.body != same.body else "another body"
    if not is_ordered:
        values = [_sorted(value) for value in values]
    first, second, third = values
    return _differing(first, second, third, "$")


def _differing(old: object, same: object, new: object, path: str) -> str | None:
    """Return the first place at which the new value differs and the old one did not differ from itself."""
    if old == new:
        return None
    if isinstance(old, dict) and isinstance(new, dict) and isinstance(same, dict) and old.keys() == new.keys():
        found = (_differing(old[key], same.get(key), new[key], f"{path}.{key}") for key in old)
        return next((each for each in found if each is not None), None)
    if isinstance(old, list) and isinstance(new, list) and isinstance(same, list) and len(old) == len(new) == len(same):
        triples = zip(old, same, new, strict=True)
        found = (_differing(*triple, f"{path}[{place}]") for place, triple in enumerate(triples))
        return next((each for each in found if each is not None), None)
    if old != same:
        return None
    return f"{path}: {_written(old)} became {_written(new)}"


def _sorted(value: object) -> object:
    if isinstance(value, list):
        return sorted((_sorted(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return {key: _sorted(each) for key, each in value.items()} if isinstance(value, dict) else value


def _written(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
