"""The rule document-searched-without-index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.finding import Responsibility, Severity
from backend_mentor.domain.plan import Operation
from backend_mentor.domain.subject import Gate
from backend_mentor.rules.figures import SCAN_FLOOR_ROWS, plan_figures
from backend_mentor.rules.report import from_plan, place_in_plan, report
from backend_mentor.rules.rule import Flags, Passes
from backend_mentor.rules.sample import plan_json, step
from backend_mentor.rules.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_mentor.domain.finding import Finding
    from backend_mentor.domain.subject import Subject


_OPERATORS = {
    "@>": "holds",
    "@?": "path exists",
    "@@": "matches",
    "?|": "has any key",
    "?&": "has all keys",
    "&&": "overlaps",
}
_OPERATOR = re.compile(r"(?<![<>=!?@&|-])(@>|@\?|@@|\?\||\?&|&&)(?![<>=!@&|])")


class DocumentSearchedWithoutIndex:
    """A document, array or text search reads the whole table.

    Operators such as @> and @@ look inside a value. No B-tree can serve them; a GIN index can.
    """

    name: ClassVar[str] = "document-searched-without-index"
    severity: ClassVar[Severity] = Severity.WARNING
    responsibility: ClassVar[Responsibility] = Responsibility.PERFORMANCE
    gate: ClassVar[Gate] = Gate(engines=("postgres",))
    examples: ClassVar[tuple[Flags | Passes, ...]] = (
        Flags(
            'SELECT * FROM events WHERE payload @> \'{"kind": "login"}\'',
            says="events is read whole, 200,000 rows, for payload @>",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    table="events",
                    expected=20,
                    rows=3,
                    milliseconds=70.0,
                    said={"Filter": '(payload @> \'{"kind": "login"}\'::jsonb)', "Rows Removed by Filter": 199997},
                ),
                execution=71.0,
            ),
        ),
        Passes(
            'SELECT * FROM events WHERE payload @> \'{"kind": "login"}\'',
            because="a table of 40 rows needs no index",
            engine="postgres",
            plan=plan_json(
                step(
                    "Seq Scan",
                    table="events",
                    expected=1,
                    rows=3,
                    milliseconds=0.1,
                    said={"Filter": '(payload @> \'{"kind": "login"}\'::jsonb)', "Rows Removed by Filter": 37},
                ),
                execution=0.2,
            ),
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield each large scan with an operator that a GIN index serves."""
        figures = plan_figures(subject)
        for node in figures.running(Operation.SCAN) if figures else ():
            found = _OPERATOR.search(_without_strings(node.filter or ""))
            read = figures.rows_read(node) if figures else None
            if (
                figures is None
                or found is None
                or read is None
                or read.rows < SCAN_FLOOR_ROWS
                or not figures.weighs(node)
            ):
                continue
            column = re.search(r"([a-z_][a-z0-9_.]*)\W*$", _without_strings(node.filter or "")[: found.start()])
            name = column[1] if column else "the column"
            kind = " (payload jsonb_path_ops)".replace("payload", name) if found[1] == "@>" else f" ({name})"
            yield report(
                self,
                place_in_plan(node),
                what=f"{node.relation} is read whole, {count(read.rows)}, for {name} {found[1]}.",
                why=f"{found[1]} looks inside each value of {name}; only a GIN index keeps what is inside.",
                instead=f"CREATE INDEX ON {node.relation} USING gin{kind}.",
                evidence=(read.evidence, from_plan(f"Filter: {node.filter}")),
            )


def _without_strings(text: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", lambda found: " " * len(found[0]), text)
