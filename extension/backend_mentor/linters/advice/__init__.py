"""What a linter's rule means for a backend, and what to do about it, by the linter's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.linters.advice.behaviour import BEHAVIOUR
from backend_mentor.linters.advice.entry import Advice
from backend_mentor.linters.advice.frameworks import FRAMEWORKS
from backend_mentor.linters.advice.security import SECURITY

if TYPE_CHECKING:
    from collections.abc import Mapping

ADVICE: Mapping[str, Advice] = {code: each for each in (*SECURITY, *BEHAVIOUR, *FRAMEWORKS) for code in each.codes}
