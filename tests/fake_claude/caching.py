"""The prompt cache: which part of a prompt was sent before, up to a breakpoint."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tests.fake_claude.validation import cached_blocks

# Below this many tokens nothing is cached, and no error says so.
LEAST_TOKENS = 512


@dataclass(slots=True)
class PromptCache:
    """The prefixes that earlier requests marked."""

    known: set[str] = field(default_factory=set)

    def usage(self, body: dict[str, object]) -> dict[str, object]:
        """Return the input side of `usage` for a request, and remember its marked prefixes."""
        prefix, sizes, marked = f"{body['model']}\n", [], []
        prefixes = []
        for block in cached_blocks(body):
            prefix += json.dumps({key: value for key, value in block.items() if key != "cache_control"}) + "\n"
            prefixes.append(prefix)
            sizes.append(max(len(prefix) // 4, 1))
            marked.append("cache_control" in block)
        if "cache_control" in body and marked:
            marked[-1] = True
        read = max((size for each, size in zip(prefixes, sizes, strict=True) if each in self.known), default=0)
        ends = [n for n, is_marked in enumerate(marked) if is_marked and sizes[n] >= LEAST_TOKENS]
        kept = max((sizes[n] for n in ends), default=0)
        self.known |= {prefixes[n] for n in ends}
        written, total = max(kept - read, 0), sizes[-1] if sizes else 1
        return {
            "input_tokens": max(total - read - written, 1),
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": read,
            "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
            "service_tier": "standard",
        }
