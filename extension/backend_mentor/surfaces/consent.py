"""What Claude would be sent, byte for byte, and at what price: shown before anything is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_mentor.mentor.client import Claude
    from backend_mentor.mentor.speech import Body


def written(client: Claude, body: Body) -> str:
    """Return a request as it goes over the wire, headers and body, with the key's place named and the key left out."""
    headers, data = client.wire(body)
    lines = [
        f"POST {client.base_url.rstrip('/')}/v1/messages",
        *(f"{name}: {value}" for name, value in headers.items()),
        "authorization: Bearer (your key)",
        "",
        data.decode(),
    ]
    return "\n".join(lines)


def price_of(model: str) -> str:
    """Return what the tokens of a model cost, in words."""
    from backend_mentor.mentor.prices import DATE, PRICES

    price = PRICES.get(model)
    if price is None:
        return "no price is known here, so tokens are counted and money is not"
    return f"${price.input:.2f} a million tokens in, ${price.output:.2f} out (prices of {DATE})"
