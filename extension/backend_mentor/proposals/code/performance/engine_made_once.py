"""An engine that each request makes is made once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import block_of, indent_of, lines_of, names_bound, node_of, statement_of
from backend_mentor.reading.endpoints.trees import calls, dotted, enclosing, enclosing_function, names_in, targets, walk

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding
    from backend_mentor.reading.endpoints.trees import Function


_APP = (
    "from fastapi import FastAPI\nfrom sqlalchemy import create_engine, text\n\n"
    "URL = 'sqlite://'\napp = FastAPI()\n\n\n"
)


class EngineMadeOnce:
    """Make the engine at the top of the cell instead of in the handler.

    Valid where the arguments are the same for each request (literals and names of the top level), the handler does not
    dispose of it, and the name means nothing else in the cell.
    """

    name: ClassVar[str] = "engine-made-once"
    answers: ClassVar[tuple[str, ...]] = ("engine-per-request",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _APP + "@app.get('/items')\ndef items():\n    engine = create_engine(URL, pool_size=5)  # é\n"
            "    with engine.connect() as connection:\n        return connection.execute(text('SELECT 1')).scalar()\n",
            _APP + "engine = create_engine(URL, pool_size=5)  # é\n\n\n@app.get('/items')\ndef items():\n"
            "    with engine.connect() as connection:\n        return connection.execute(text('SELECT 1')).scalar()\n",
        ),
        Fixes(
            _APP + "# all items\n@app.get('/items')\nasync def items():\n    '''All items.'''\n"
            "    engine = create_engine(\n        URL\n    )\n"
            "    return engine.connect().execute(text('SELECT 1')).scalar()\n",
            _APP + "engine = create_engine(\n    URL\n)\n\n\n# all items\n@app.get('/items')\nasync def items():\n"
            "    '''All items.'''\n    return engine.connect().execute(text('SELECT 1')).scalar()\n",
        ),
        Declines(
            _APP + "@app.get('/items/{tenant}')\ndef items(tenant: str):\n    engine = create_engine(URL + tenant)\n"
            "    return engine.connect().execute(text('SELECT 1')).scalar()\n",
            because="each tenant has a database of its own",
        ),
        Declines(
            _APP + "@app.get('/items')\ndef items():\n    engine = create_engine(URL)\n"
            "    found = engine.connect().execute(text('SELECT 1')).scalar()\n    engine.dispose()\n    return found\n",
            because="the handler disposes of it",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Move the statement above the handler."""
        call = node_of(source, finding, ast.Call)
        function = enclosing_function(source.tree, call) if call is not None else None
        statement = statement_of(source, call) if call is not None else None
        if call is None or function is None or not isinstance(statement, ast.Assign) or statement.value is not call:
            return None
        name = min(targets(statement), default="")
        above = next(iter(enclosing(source.tree, function)), None)
        lines, block = lines_of(source, statement), block_of(source, statement)
        if not isinstance(above, ast.Module) or lines is None or block is not function.body or len(block) < 2:
            return None
        if _uses_more(source, call, function) or _means_more(source, function, name):
            return None
        start = _top_of(source, function)
        indent = indent_of(source, statement) or ""
        moved = "".join(
            line.removeprefix(indent) for line in source.text[lines[0] : lines[1]].splitlines(keepends=True)
        )
        return Change(
            title=f"Make {name} once for the process",
            reason="The engine is the same for each request; made once, its pool keeps connections to be used again.",
            edits=(Edit(start, start, f"{moved.rstrip()}\n\n\n"), Edit(lines[0], lines[1], "")),
            tradeoffs=Tradeoffs(
                "the pool's connections stay open between requests", "a worker is forked after this cell has run"
            ),
            conditions=(Condition("its arguments do not depend on the request", source.code_of(call)),),
        )


def _uses_more(source: Source, call: ast.Call, function: Function) -> bool:
    """Return whether an argument is anything but a literal or a name that the top level sets above the function."""
    given = [*call.args, *(each.value for each in call.keywords)]
    early = [each for each in source.tree.body if each.lineno < function.lineno]
    known = names_bound(ast.Module(early, []))
    local = names_bound(function)
    plain = (ast.Constant, ast.Name, ast.Attribute, ast.expr_context, ast.Dict, ast.UnaryOp, ast.USub)
    return any(not isinstance(each, plain) for one in given for each in ast.walk(one)) or any(
        name not in known or name in local for one in given for name in names_in(one)
    )


def _means_more(source: Source, function: Function, name: str) -> bool:
    stores = [each for each in walk(source.tree) if isinstance(each, ast.Name) and each.id == name]
    inside = {id(each) for each in ast.walk(function)}
    elsewhere = any(id(each) not in inside for each in stores)
    written = sum(isinstance(each.ctx, ast.Store) for each in stores)
    disposed = any(dotted(each.func) == f"{name}.dispose" for each in calls(function))
    return elsewhere or written != 1 or disposed


def _top_of(source: Source, function: Function) -> int:
    """Return where the lines of a function begin, with its decorators and the comments above them."""
    line = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    text = source.text.splitlines()
    while line > 1 and text[line - 2].startswith("#"):
        line -= 1
    return source.line_offsets[line - 1]
