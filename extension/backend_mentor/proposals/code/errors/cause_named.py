"""An exception says what it comes from."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.answering import cause_of, clause_around
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import added_after, node_of
from backend_mentor.reading.endpoints.trees import dotted, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


class CauseNamed:
    """Write `from error` behind an exception that is raised in an `except`.

    Valid where the clause's name still holds what it caught; a clause without one is given the name `error` where the
    cell uses it for nothing else.
    """

    name: ClassVar[str] = "cause-named"
    answers: ClassVar[tuple[str, ...]] = ("cause-lost",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            "def load(é):\n    try:\n        return fetch('é', é)\n    except KeyError as missing:  # é\n"
            "        raise ValueError('é')  # é\n",
            "def load(é):\n    try:\n        return fetch('é', é)\n    except KeyError as missing:  # é\n"
            "        raise ValueError('é') from missing  # é\n",
        ),
        Fixes(
            "class Shop:\n\tasync def load(self, key):\n\t\ttry:\n\t\t\treturn await find(key)\n"
            "\t\texcept (KeyError, IndexError):  # é\n\t\t\traise ValueError(\n\t\t\t\t'é',  # é\n\t\t\t)\n"
            "\t\texcept TypeError as é:\n\t\t\traise LookupError from é\n"
            "\t\texcept OSError as é:\n\t\t\traise LookupError",
            "class Shop:\n\tasync def load(self, key):\n\t\ttry:\n\t\t\treturn await find(key)\n"
            "\t\texcept (KeyError, IndexError) as error:  # é\n\t\t\traise ValueError(\n\t\t\t\t'é',  # é\n"
            "\t\t\t) from error\n"
            "\t\texcept TypeError as é:\n\t\t\traise LookupError from é\n"
            "\t\texcept OSError as é:\n\t\t\traise LookupError from é",
        ),
        Declines(
            "def load(key):\n    try:\n        return fetch(key)\n    except KeyError as error:\n"
            "        error = ValueError(key)\n        raise TypeError(key)\n",
            because="the name no longer holds what was caught",
        ),
        Declines(
            "def load(key, error):\n    try:\n        return fetch(key)\n    except KeyError:\n"
            "        raise ValueError(error)\n",
            because="the clause would take the name from the parameter",
        ),
        Declines(
            "def load(key):\n    try:\n        return fetch(key)\n    except:\n        raise ValueError(key)\n",
            because="a clause for everything can not be given a name",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Add the cause here and wherever else the cell loses one: it is told once for all."""
        node = node_of(source, finding, ast.Raise)
        changed = {each: edits for each in walk(source.tree) if (edits := _caused(source, each))}
        if node is None or node not in changed:
            return None
        clause = clause_around(source, node)
        name = (clause.name if clause is not None else None) or "error"
        return Change(
            title=f"Raise it from {name}",
            reason="The log shows which exception led to it, and no longer as one that was raised by accident.",
            edits=tuple(dict.fromkeys(edit for edits in changed.values() for edit in edits)),
            tradeoffs=Tradeoffs("none", "the cause is of no use to anybody: write `from None` then"),
            conditions=(Condition(f"{name} holds what was caught", "no clause binds its name again"),),
        )


def _caused(source: Source, node: ast.AST) -> tuple[Edit, ...]:
    """Return the edits that name the cause of one `raise`; none where it needs none."""
    clause = clause_around(source, node) if isinstance(node, ast.Raise) else None
    if not isinstance(node, ast.Raise) or node.exc is None or node.cause is not None or clause is None:
        return ()
    line = source.text[source.line_offsets[node.lineno - 1] :].partition("\n")[0]
    cause = cause_of(source, clause)
    if cause is None or dotted(node.exc) == cause[0] or "noqa" in line:
        return ()
    return (*cause[1], added_after(source, node, f" from {cause[0]}"))
