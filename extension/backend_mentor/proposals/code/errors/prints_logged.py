"""What a handler prints goes to the log."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.logs import logger_of
from backend_mentor.proposals.code.places import has_comment, quoted, replaced
from backend_mentor.reading.endpoints.trees import constant_text, dotted, keyword, own_calls, own_nodes

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding

_APP = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/orders')\n"
_AFTER = (
    "import logging\n\nfrom fastapi import FastAPI\n\nlogger = logging.getLogger(__name__)\n\napp = FastAPI()\n\n\n"
    "@app.get('/orders')\n"
)


class PrintsLogged:
    """Write `logger.info` for `print` in handlers, a text with its values beside it.

    Valid for texts and values one beside the other, printed as a line of their own, in a cell that has a logger of the
    standard library or imports below which one line makes it.
    """

    name: ClassVar[str] = "prints-logged"
    answers: ClassVar[tuple[str, ...]] = ("print-in-handler",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "def orders(é: str):\n    print('é: 5 %', é, len(ORDERS))  # é\n    return ORDERS\n",
            _AFTER + "def orders(é: str):\n    logger.info('é: 5 %% %s %s', é, len(ORDERS))  # é\n    return ORDERS\n",
        ),
        Fixes(
            "import logging\n\n"
            + _APP.replace("app =", "log = logging.getLogger('é')\napp =")
            + "async def orders(é: str):\n\tif é:\n\t\tprint(\n\t\t\té\n\t\t)\n\tprint('done')\n\treturn ORDERS",
            "import logging\n\n"
            + _APP.replace("app =", "log = logging.getLogger('é')\napp =")
            + "async def orders(é: str):\n\tif é:\n\t\tlog.info('%s', é)\n\tlog.info('done')\n\treturn ORDERS",
        ),
        Declines(
            _APP + "def orders():\n    print('orders', end='')\n    return ORDERS\n",
            because="it is a part of a line",
        ),
        Declines(
            _APP + "def orders():\n    print(*ORDERS)\n    return ORDERS\n",
            because="how many values there are is not known",
        ),
        Declines(
            _APP + "def orders():\n    print(f'{len(ORDERS):>5}')\n    return ORDERS\n",
            because="the number has a format that the logger does not know",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Replace each `print` of the cell's handlers."""
        logger = logger_of(source)
        if logger is None:
            return None
        edits: list[Edit] = []
        for handler in source.handlers:
            for call in own_calls(handler.node) if handler.node is not None else ():
                if dotted(call.func) not in {"print", "pprint"} or keyword(call, "file") is not None:
                    continue
                text = _message(source, call)
                alone = any(
                    isinstance(each, ast.Expr) and each.value is call for each in own_nodes(handler.node or source.tree)
                )
                if text is None or not alone or dotted(call.func) != "print":
                    return None
                edits.append(replaced(source, call, f"{logger.name}.info({text})"))
        if not edits:
            return None
        return Change(
            title=f"Log with {logger.name}.info instead of print",
            reason="The log gives it a level, a time and a place, and shows or hides it by its level.",
            edits=(*logger.edits, *edits),
            imports=logger.imports,
            tradeoffs=Tradeoffs("it is shown only where the log is set to INFO: `logging.basicConfig(level='INFO')`"),
            conditions=(Condition("there is a logger", logger.grounds),),
        )


def _message(source: Source, call: ast.Call) -> str | None:
    """Return the arguments of a call of the logger; None where what is printed has a form of its own."""
    span = source.span_of(call)
    if call.keywords or not call.args or has_comment(source, span.start, span.end):
        return None
    words, values = list[str](), list[str]()
    for given in call.args:
        text = constant_text(given)
        if isinstance(given, ast.Starred | ast.JoinedStr) or (text is not None and not _is_plain(text)):
            return None
        words.append("%s" if text is None else text)
        values += [] if text is not None else [source.code_of(given)]
    if values:
        words = [
            "%s" if constant_text(each) is None else word.replace("%", "%%")
            for each, word in zip(call.args, words, strict=True)
        ]
    return ", ".join((quoted(source, " ".join(words)), *values))


def _is_plain(text: str) -> bool:
    return text.isprintable() and not set(text) & set("'\"\\")
