"""What travels over the feed: a closed set of messages in each direction, each validated."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9.]{1,12}$")]


class Message(BaseModel):
    """A message; a field that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Subscribe(Message):
    """The client wants the quotes of these symbols."""

    type: Literal["subscribe"]
    symbols: Annotated[list[Symbol], Field(min_length=1, max_length=50)]


class Unsubscribe(Message):
    """The client wants them no longer."""

    type: Literal["unsubscribe"]
    symbols: Annotated[list[Symbol], Field(min_length=1, max_length=50)]


class Alive(Message):
    """The client is there; an answer to the heartbeat."""

    type: Literal["alive"]


Asked = Annotated[Subscribe | Unsubscribe | Alive, Field(discriminator="type")]
asked_messages: TypeAdapter[Subscribe | Unsubscribe | Alive] = TypeAdapter(Asked)


class Quote(Message):
    """The price of a symbol. Each holds all that there is to know, so a later one makes an earlier one useless."""

    type: Literal["quote"] = "quote"
    symbol: Symbol
    # Decimals are text in JSON: a price never passes through a binary fraction.
    bid: Decimal
    ask: Decimal
    exchange_time: datetime
    sequence: int = 0


class Fill(Message):
    """A trade of the user's own. None may be missed, so each has the number after the one before."""

    type: Literal["fill"] = "fill"
    order_id: str
    symbol: Symbol
    price: Decimal
    quantity: Decimal
    exchange_time: datetime
    sequence: int = 0


class Welcome(Message):
    """The first message: where the user's fills stand, and whether some were missed that are not kept any more."""

    type: Literal["welcome"] = "welcome"
    last_fill: int
    resync: bool
    heartbeat_seconds: float


class Heartbeat(Message):
    """Nothing else was to be said."""

    type: Literal["heartbeat"] = "heartbeat"
    server_time: datetime


class Refusal(Message):
    """A message of the client's was not acted on."""

    type: Literal["refusal"] = "refusal"
    reason: str
    symbols: list[str] = []


Told = Quote | Fill | Welcome | Heartbeat | Refusal
