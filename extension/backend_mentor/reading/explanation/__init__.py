"""What a statement does, in plain words and without a model."""

from __future__ import annotations

from backend_mentor.domain.review import Explanation, Step
from backend_mentor.domain.statement import StatementKind
from backend_mentor.domain.subject import Subject
from backend_mentor.reading.explanation.changes import explain_write
from backend_mentor.reading.explanation.conditions import say_condition
from backend_mentor.reading.explanation.definitions import explain_definition
from backend_mentor.reading.explanation.names import Names
from backend_mentor.reading.explanation.queries import say_query
from backend_mentor.reading.explanation.steps import steps_of
from backend_mentor.reading.explanation.summary import summarise
from backend_mentor.reading.explanation.wording import code, sentence


def explain(subject: Subject) -> Explanation:
    """Return what the statement does: a paragraph, and its steps in the order in which the database does them.

    Row counts are the schema's; rows kept are the plan's, and said to be expected where they were not counted.
    """
    statement, names = subject.statement, Names.of(subject, say_condition, say_query)
    if statement.kind is StatementKind.QUERY:
        return Explanation(summarise(statement.tree, names), tuple(steps_of(statement.tree, names)))
    if statement.kind is StatementKind.WRITE:
        return explain_write(statement.tree, names)
    if statement.kind is StatementKind.DEFINITION:
        return explain_definition(statement.tree, names)
    word = statement.text.split(maxsplit=1)[0].upper()
    text = sentence(f"{code(statement.text)} is a command to the database, not a query")
    return Explanation(text, (Step(word, text),))
