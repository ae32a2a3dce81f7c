"""Which framework a cell is written for, by what it imports."""

from __future__ import annotations

import re
from collections.abc import Iterable

# The first that is imported wins: FastAPI is built on Starlette, and the REST framework on Django.
_MODULES = (
    ("fastapi", "FastAPI"),
    ("litestar", "Litestar"),
    ("flask", "Flask"),
    ("quart", "Quart"),
    ("rest_framework", "Django REST framework"),
    ("django", "Django"),
    ("starlette", "Starlette"),
    ("sqlmodel", "SQLAlchemy"),
    ("sqlalchemy", "SQLAlchemy"),
    ("flask_sqlalchemy", "Flask"),
    ("strawberry", "Strawberry"),
)
_WORDS = (
    ("FastAPI", r"\bFastAPI\(|\bAPIRouter\(|\bDepends\("),
    ("Litestar", r"\bLitestar\("),
    ("Flask", r"\bFlask\(__name__|\bBlueprint\(|@\w+\.route\("),
    ("Django REST framework", r"\bAPIView\b|\bModelViewSet\b|@api_view\b"),
    ("Django", r"\bmodels\.Model\b|\.objects\.\w+\("),
    ("Starlette", r"\bStarlette\("),
    ("SQLAlchemy", r"\bsession\.(query|execute|scalars?)\(|\bmapped_column\("),
    ("FastAPI", r"@(app|router)\.(get|post|put|patch|delete|websocket)\("),
)


def framework_of(imported: Iterable[str], text: str) -> str | None:
    """Return the framework's name; where nothing is imported, the one that the names used in the text belong to."""
    tops = {name.partition(".")[0] for name in imported}
    found = next((name for module, name in _MODULES if module in tops), None)
    return found or next((name for name, pattern in _WORDS if re.search(pattern, text)), None)
