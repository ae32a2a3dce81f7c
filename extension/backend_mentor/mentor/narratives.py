"""Claude's words on many reviews at once: what would be asked, what it costs at most, and what came back, judged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_mentor.domain.narrative import Narrative
from backend_mentor.mentor.budget import Budget
from backend_mentor.mentor.prices import BATCH_SHARE, Usage, cost_usd
from backend_mentor.mentor.prompt import compose, introduce
from backend_mentor.mentor.prose import gate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_mentor.mentor.batches import Told
    from backend_mentor.mentor.case import Case
    from backend_mentor.mentor.persona import Persona
    from backend_mentor.mentor.speech import Body

QUESTION = (
    "Explain this review to its author in a short paragraph: what matters most, why it costs, and what to do first. "
    "No tool is at hand now, so report nothing new."
)
REQUESTS_AT_MOST = 10_000
_OUTPUT_TOKENS = 2_000
# Fewer characters a token than any text of this kind has, so that the estimate is an upper one.
_BYTES_A_TOKEN = 2.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a batch takes at most."""

    requests: int
    input_tokens: int
    output_tokens: int
    usd: float | None
    """At the price of a batch; None where the model has no price here."""


def compose_narrative(case: Case, persona: Persona, model: str) -> Body:
    """Return the request for the words on one review: redacted as in a conversation, without tools and rows."""
    told = introduce(case)
    asked = [{"type": "text", "text": told["text"]}, {"type": "text", "text": QUESTION}]
    body = compose(persona, (), [{"role": "user", "content": asked}], model, None, Budget(output_tokens=_OUTPUT_TOKENS))
    # In a batch nothing says when a request runs: a prefix that is written to the cache costs more and is seldom read.
    system = body["system"]
    kept = [{"type": "text", "text": each["text"]} for each in system] if isinstance(system, list) else system
    return {**{name: body[name] for name in body if name not in ("tools", "cache_control")}, "system": kept}


def estimate(bodies: Mapping[str, Body], model: str) -> Estimate:
    """Return the most that these requests take; tokens in are counted from their bytes."""
    sizes = [int(len(json.dumps(body, ensure_ascii=False).encode()) / _BYTES_A_TOKEN) for body in bodies.values()]
    costs = [batch_cost(model, Usage(size, _OUTPUT_TOKENS)) for size in sizes]
    known = [cost for cost in costs if cost is not None]
    usd = sum(known) if len(known) == len(costs) else None
    return Estimate(len(sizes), sum(sizes), len(sizes) * _OUTPUT_TOKENS, usd)


def batch_cost(model: str, usage: Usage) -> float | None:
    """Return what one request of a batch costs in US dollars; None for a model without a price here."""
    whole = cost_usd(model, usage)
    return None if whole is None else whole * BATCH_SHARE


def judge(told: Told, case: Case, persona: Persona, model: str) -> Narrative:
    """Return the words as passages, each with what nothing here bears out; the reason where there are none."""
    passages = gate(told.text, case.evidence, is_code_cell=case.is_code) if told.text else ()
    return Narrative(passages, f"{persona.name} · {model}", (told.reason,) if told.reason else ())
