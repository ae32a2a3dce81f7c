"""What differs between the engines' indexes, each told as the engines and versions that it holds for."""

from __future__ import annotations

from typing import Final

from backend_mentor.domain.subject import Gate

HAS_INCLUDE: Final = Gate(engines=("postgres",), since=(11,))
"""An index may carry columns that are no keys."""
BUILDS_BESIDE_WRITERS: Final = Gate(engines=("postgres",))
"""CREATE INDEX CONCURRENTLY lets writers go on."""
HAS_ENTRY_HEADER: Final = Gate(engines=("postgres",))
"""An entry has a header of 8 bytes and a line pointer of 4, its values aligned to 8."""
NULLS_ARE_LARGEST: Final = Gate(engines=("postgres",))
"""NULLs come last in ascending order, and an index may put them first; elsewhere they come first, always."""
