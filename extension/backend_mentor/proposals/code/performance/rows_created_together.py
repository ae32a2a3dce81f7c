"""Rows of a loop are inserted together."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.places import has_comment, indent_of, node_of, replaced, statement_of
from backend_mentor.proposals.code.sample_tables import DJANGO_TABLES
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import enclosing, enclosing_function, root_name, targets, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.tables import Table


class RowsCreatedTogether:
    """Insert the rows of a loop with `bulk_create`.

    Valid where the loop does nothing else, the class stands in the cell and has no `save` of its own, and no signal is
    received in the cell.
    """

    name: ClassVar[str] = "rows-created-together"
    answers: ClassVar[tuple[str, ...]] = ("created-one-by-one",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            DJANGO_TABLES + "def load(rows):\n    for row in rows:\n        Author.objects.create(name=row['é'])\n",
            DJANGO_TABLES
            + "def load(rows):\n    Author.objects.bulk_create([Author(name=row['é']) for row in rows])\n",
        ),
        Fixes(
            DJANGO_TABLES + "class Load:\n    def run(self, pairs):\n        for name, key in pairs:\n"
            "            Book.objects.create(\n                title=name,\n                author_id=key,\n"
            "            )\n"
            "        return 'é'\n",
            DJANGO_TABLES + "class Load:\n    def run(self, pairs):\n        Book.objects.bulk_create([Book(\n"
            "                title=name,\n                author_id=key,\n"
            "            ) for name, key in pairs])\n"
            "        return 'é'\n",
        ),
        Declines(
            "from django.db import models\n\n\nclass Author(models.Model):\n"
            "    name = models.CharField(max_length=80)\n\n"
            "    def save(self, *given, **named):\n        super().save(*given, **named)\n        tell(self)\n\n\n"
            "def load(rows):\n    for row in rows:\n        Author.objects.create(name=row['name'])\n",
            because="its own save would not be called",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace the loop."""
        call = node_of(source, finding, ast.Call)
        statement = statement_of(source, call) if call is not None else None
        loop = next(iter(enclosing(source.tree, statement)), None) if statement is not None else None
        if call is None or not isinstance(loop, ast.For) or not isinstance(statement, ast.Expr) or loop.orelse:
            return None
        model, table = root_name(call), tables(source).get(root_name(call))
        if statement.value is not call or loop.body != [statement] or table is None or _does_more(source, table):
            return None
        if call.args or any(isinstance(each, ast.Await | ast.Yield) for each in ast.walk(loop)):
            return None
        above = enclosing_function(source.tree, loop) or source.tree
        later = {
            each.id for each in ast.walk(above) if isinstance(each, ast.Name) and each.lineno > (loop.end_lineno or 0)
        }
        if later & targets(loop):
            return None
        span, given = source.span_of(loop), source.text[source.span_of(call.func).end : source.span_of(call).end]
        if has_comment(source, span.start, span.end) or indent_of(source, loop) is None:
            return None
        target, items = source.code_of(loop.target), source.code_of(loop.iter)
        text = (
            f"{source.code_of(call.func).removesuffix('create')}bulk_create([{model}{given} for {target} in {items}])"
        )
        return Change(
            title=f"Insert the rows of {model} together",
            reason="The same rows are inserted, in one statement for some hundred of them and in one transaction.",
            edits=(replaced(source, loop, text),),
            tradeoffs=Tradeoffs(
                "all objects are in memory at once; one that is refused undoes all",
                "another module receives post_save of this class: bulk_create sends none",
            ),
            conditions=(
                Condition(f"{model} has no save of its own", "its class, in this cell"),
                Condition("no signal is received", "the cell has no receiver"),
            ),
        )


def _does_more(source: Source, table: Table) -> bool:
    own = {
        each.name for each in (table.model.node.body if table.model.node else ()) if isinstance(each, ast.FunctionDef)
    }
    signals = any(
        isinstance(each, ast.Name) and each.id in {"receiver", "post_save", "pre_save"} for each in walk(source.tree)
    )
    inherits = any(base not in {"models.Model", "Model"} for base in table.model.bases)
    return bool(own & {"save", "clean", "full_clean"}) or signals or inherits
