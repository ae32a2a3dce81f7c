"""The rule test-that-sleeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import constant, full_name, functions, own_calls
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class TestThatSleeps:
    """A test waits for a fixed time.

    On a busy machine it is too short and the test fails; on any other it is too long.
    """

    name: ClassVar[str] = "test-that-sleeps"
    severity: ClassVar[Severity] = Severity.ADVICE
    responsibility: ClassVar[Responsibility] = Responsibility.TESTING
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def test_token_ends(client):
                token = login(client)
                time.sleep(2)
                assert client.get("/me", headers=token).status_code == 401
            """,
            says="test_token_ends sleeps 2 s",
        ),
        PassesCode(
            """
            def test_token_ends(client, clock):
                token = login(client)
                clock.move(minutes=16)
                assert client.get("/me", headers=token).status_code == 401
            """,
            because="its clock is its own",
        ),
        PassesCode(
            """
            async def test_others_run(client):
                await asyncio.sleep(0)
                assert client.ready
            """,
            because="no time passes: it lets others run",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each sleep of a literal time above zero in a test."""
        for function in functions(source.tree):
            if not function.name.startswith("test_"):
                continue
            for call in own_calls(function):
                seconds = constant(next(iter(call.args), None))
                known = full_name(source.tree, call.func) in {"time.sleep", "asyncio.sleep", "sleep"}
                if known and isinstance(seconds, int | float) and seconds > 0:
                    yield report(
                        self,
                        source,
                        call,
                        what=f"{function.name} sleeps {seconds:g} s.",
                        why="On a busy machine it is too short and the test fails now and then; "
                        "elsewhere everybody waits.",
                        instead="Pass a clock that the test moves, or wait for the event itself with a limit.",
                    )
