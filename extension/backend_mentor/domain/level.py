"""How much is explained."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """Who reads."""

    JUNIOR = "junior"
    SENIOR = "senior"
