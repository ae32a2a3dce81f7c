"""Values are handed to the logger beside the message."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Fixes
from backend_mentor.proposals.code.logs import logger_of
from backend_mentor.proposals.code.places import is_in_text, node_of, replaced
from backend_mentor.reading.endpoints.trees import calls, dotted, full_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_LOGS = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\n"
_CONVERSIONS = {-1: "%s", ord("s"): "%s", ord("r"): "%r"}
_LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception"})


class LogArgumentsPassed:
    """Write `"order %s paid", order` for an f-string in a call of a logger.

    Valid for a logger of the standard library that the cell makes itself, and for values without a format of their
    own. They are worked out as before; only their text is made when it is needed.
    """

    name: ClassVar[str] = "log-arguments-passed"
    answers: ClassVar[tuple[str, ...]] = ("eager-log-message",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _LOGS + "def pay(é):\n    logger.info(f'é {é.total} of {é!r}: 5 %', extra={'é': 1})  # é\n"
            "    logger.debug(f'{é}')\n",
            _LOGS + "def pay(é):\n    logger.info('é %s of %r: 5 %%', é.total, é, extra={'é': 1})  # é\n"
            "    logger.debug('%s', é)\n",
        ),
        Fixes(
            "import logging\n\n\nclass Shop:\n\tasync def pay(self, é):\n\t\tlogging.warning(\n"
            "\t\t\tf\"é {é['total']}\",  # é\n\t\t)",
            "import logging\n\n\nclass Shop:\n\tasync def pay(self, é):\n\t\tlogging.warning(\n"
            "\t\t\t\"é %s\", é['total'],  # é\n\t\t)",
        ),
        Declines(
            _LOGS + "def pay(total):\n    logger.info(f'{total:,.2f} paid')\n",
            because="the number has a format that the logger does not know",
        ),
        Declines(
            "def pay(logger, total):\n    logger.info(f'{total} paid')\n",
            because="what the logger makes of `%s` is not known",
        ),
        Declines(
            _LOGS + "def pay(total):\n    logger.info('%s paid' % total)\n",
            because="a tuple would be spread over the message",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace each f-string of the cell by a text and its values: they are told of once for all."""
        text = node_of(source, finding, ast.JoinedStr)
        edits = {
            call.args[0]: replaced(source, call.args[0], written)
            for call in calls(source.tree)
            if _is_standard(source, call) and (written := _passed(source, call)) is not None
        }
        if text is None or text not in edits:
            return None
        return Change(
            title="Pass the values to the logger",
            reason="The message stays one text for whoever groups them, and is put together only where it is written.",
            edits=tuple(edits.values()),
            tradeoffs=Tradeoffs("none", "the value changes before a handler of another thread writes it"),
            conditions=(Condition("the logger is of the standard library", f"{len(edits)} calls of it"),),
        )


def _passed(source: Source, call: ast.Call) -> str | None:
    text = call.args[0] if len(call.args) == 1 else None
    if not isinstance(text, ast.JoinedStr) or is_in_text(source, text):
        return None
    return _written(source, text)


def _is_standard(source: Source, call: ast.Call) -> bool:
    owner, _, level = dotted(call.func).rpartition(".")
    if level not in _LEVELS:
        return False
    if full_name(source.tree, call.func) == f"logging.{level}":
        return True
    logger = logger_of(source)
    return logger is not None and not logger.edits and logger.name == owner


def _written(source: Source, text: ast.JoinedStr) -> str | None:
    """Return the text with `%s` in it, and the values behind it; None where its form says more than that."""
    code = source.code_of(text)
    mark = code[1:2]
    if code[:1] not in "fF" or mark not in ("'", '"') or code[1:4] == mark * 3 or "\\" in code or "\n" in code:
        return None
    if code.count(mark) != 2 or not code.endswith(mark):
        return None
    message, values = "", list[str]()
    for part in text.values:
        if isinstance(part, ast.Constant):
            message += str(part.value).replace("%", "%%")
        elif isinstance(part, ast.FormattedValue) and part.format_spec is None and part.conversion in _CONVERSIONS:
            message += _CONVERSIONS[part.conversion]
            values.append(ast.unparse(part.value))
        else:
            return None
    plain = all(not isinstance(each, ast.NamedExpr | ast.Yield | ast.Lambda) for each in ast.walk(text))
    return f"{mark}{message}{mark}, {', '.join(values)}" if plain and values else None
