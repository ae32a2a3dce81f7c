"""The rule overrides-kept."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.rules.endpoint.code import functions, last_name, own_nodes
from backend_mentor.rules.endpoint.example import FlagsCode, PassesCode
from backend_mentor.rules.endpoint.report import excerpt, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class OverridesKept:
    """A test replaces a dependency and leaves it replaced.

    The tests after it run with it, and pass or fail by their order.
    """

    name: ClassVar[str] = "overrides-kept"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.TESTING
    examples: ClassVar[tuple[FlagsCode | PassesCode, ...]] = (
        FlagsCode(
            """
            def test_orders(client):
                app.dependency_overrides[get_current_user] = lambda: ADMIN
                assert client.get("/orders").status_code == 200
            """,
            says="test_orders leaves get_current_user replaced",
        ),
        PassesCode(
            """
            def test_orders(client):
                app.dependency_overrides[get_current_user] = lambda: ADMIN
                assert client.get("/orders").status_code == 200
                app.dependency_overrides.clear()
            """,
            because="it is put back",
        ),
        PassesCode(
            """
            @pytest.fixture
            def admin():
                app.dependency_overrides[get_current_user] = lambda: ADMIN
                yield
                app.dependency_overrides.pop(get_current_user)
            """,
            because="the fixture puts it back",
        ),
    )

    def check(self, source: Source) -> Iterator[Finding]:
        """Yield each override that a test sets, in a cell that puts none back."""
        if re.search(
            r"dependency_overrides\.(?:clear|pop)|dependency_overrides\s*=|del .*dependency_overrides", source.text
        ):
            return
        for function in functions(source.tree):
            for node in own_nodes(function):
                target = node.targets[0] if isinstance(node, ast.Assign) else None
                if not function.name.startswith("test_") or not isinstance(target, ast.Subscript):
                    continue
                if last_name(target.value) == "dependency_overrides":
                    yield report(
                        self,
                        source,
                        node,
                        what=f"{function.name} leaves {excerpt(target.slice)} replaced.",
                        why="The tests that run after it get the replacement too: their result hangs on the order.",
                        instead="Set it in a fixture that ends with `app.dependency_overrides.clear()`.",
                    )
