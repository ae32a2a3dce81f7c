"""What tokens cost, as published on the day below; a model that is not listed has no price here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DATE: Final = "2026-11-20"
"""The day on which these prices were read in Anthropic's documentation."""
BATCH_SHARE: Final = 0.5
"""What part of the price a request costs in a batch of messages."""
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one or several calls."""

    input: int = 0
    """Neither read from the prompt cache nor written to it."""
    output: int = 0
    cache_read: int = 0
    cache_written: int = 0
    output_is_known: bool = True
    """False where a call broke off: its output tokens are a lower bound then."""

    @property
    def prompt(self) -> int:
        """All tokens that went in."""
        return self.input + self.cache_read + self.cache_written

    @property
    def total(self) -> int:
        """All tokens."""
        return self.prompt + self.output

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_written + other.cache_written,
            self.output_is_known and other.output_is_known,
        )


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    input: float
    output: float
    cache_written: float
    cache_read: float
    long_prompt: int | None = None
    """From more than this many tokens of prompt on, `long` is the price of the whole request."""
    long: Price | None = None


PRICES: Final[dict[str, Price]] = {
    "claude-haiku-5-5": Price(0.10, 0.50, 0.125, 0.01, 100_000, Price(0.50, 2.50, 0.625, 0.05)),
    "claude-sonnet-5-5": Price(2.0, 10.0, 2.5, 0.10),
    "claude-opus-5-5": Price(4.0, 20.0, 5.0, 0.20),
}


def cost_usd(model: str, usage: Usage) -> float | None:
    """Return what one call costs in US dollars, or None for a model without a price here."""
    price = PRICES.get(model)
    if price is None:
        return None
    if price.long is not None and price.long_prompt is not None and usage.prompt > price.long_prompt:
        price = price.long
    dollars = (
        usage.input * price.input
        + usage.output * price.output
        + usage.cache_written * price.cache_written
        + usage.cache_read * price.cache_read
    )
    return dollars / _MILLION
