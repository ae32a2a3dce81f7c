"""The question guard-of-writer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility
from backend_mentor.domain.review import Question
from backend_mentor.rules.endpoint.example import AsksCode, PassesCode
from backend_mentor.rules.endpoint.handlers import (
    changes_data,
    is_guarded,
    is_open_on_purpose,
    may_check_inside,
    may_check_outside,
    writing_address,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source

# From this many guarded siblings on, the rule writer-without-guard says it.
_ENOUGH = 3


class GuardOfWriter:
    """Is a handler that writes meant to be open, when others in the cell check who is calling?

    A forgotten dependency looks just like a decision.
    """

    name: ClassVar[str] = "guard-of-writer"
    responsibility: ClassVar[Responsibility] = Responsibility.SECURITY
    examples: ClassVar[tuple[AsksCode | PassesCode, ...]] = (
        AsksCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(order: dict, user=Depends(get_current_user)): ...
            @app.delete("/orders/{key}")
            def remove(key: int):
                db.delete(key)
            """,
            says="Is DELETE /orders/{key} meant to be open to anyone?",
        ),
        PassesCode(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(order: dict): ...
            """,
            because="nothing in the cell checks who is calling, so a gateway may do it for all",
        ),
        PassesCode(
            """
            from fastapi import Depends, FastAPI
            app = FastAPI()
            @app.post("/orders")
            def add(order: dict, user=Depends(get_current_user)): ...
            @app.post("/login")
            def login(form: dict): ...
            """,
            because="nobody is known before he has logged in",
        ),
    )

    def ask(self, source: Source) -> Iterator[Question]:
        """Ask of each writing handler that nothing guards, where one or two of its siblings are guarded."""
        writers = [each for each in source.handlers if changes_data(each)]
        guarded = [each for each in writers if is_guarded(each)]
        if not guarded or len(guarded) >= _ENOUGH or may_check_outside(source):
            return
        bare = [
            each
            for each in writers
            if not is_guarded(each) and not is_open_on_purpose(each) and not may_check_inside(source, each)
        ]
        for handler in bare[:1]:
            more = f" Nor do {len(bare) - 1} more that write." if len(bare) > 1 else ""
            yield Question(
                f"Is {writing_address(handler)} meant to be open to anyone?",
                f"{guarded[0].name} asks {guarded[0].guards[0]} who is calling, {handler.name} asks nobody.{more}",
                self.responsibility,
            )
