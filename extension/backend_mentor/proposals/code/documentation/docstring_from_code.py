"""The fix docstring-from-code."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.endpoint import HandlerKind
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.sentences import sentences_of

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import FunctionNode, Handler, Source
    from backend_mentor.domain.finding import Finding

_DESCRIBED = {"summary", "description", "include_in_schema", None}


class DocstringFromCode:
    """Give a handler the docstring that its code already tells: what it reads, writes, answers and refuses.

    Valid always: a docstring changes the generated documentation and nothing that runs. It says only what stands in the
    code, so a handler whose code shows neither rows nor an answer by its parts is left to its author.
    """

    name: ClassVar[str] = "docstring-from-code"
    answers: ClassVar[tuple[str, ...]] = ("handler-without-description",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            """
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            STOCK = {"tea": 3}
            @app.get("/stock/{name}")
            def read_stock(name: str) -> int:
                if name not in STOCK:
                    raise HTTPException(404, "No such article")
                return STOCK[name]
            """,
            '''
            from fastapi import FastAPI, HTTPException
            app = FastAPI()
            STOCK = {"tea": 3}
            @app.get("/stock/{name}")
            def read_stock(name: str) -> int:
                """Return `STOCK[name]`.

                Answers 404 (No such article) where `name not in STOCK`.
                """
                if name not in STOCK:
                    raise HTTPException(404, "No such article")
                return STOCK[name]
            ''',
        ),
        Fixes(
            """
            from fastapi import FastAPI, HTTPException
            from sqlalchemy import select
            app = FastAPI()
            RESPONSES = {404: {"description": "é"}}
            @app.get("/customers", response_model=list[Out], responses=RESPONSES)
            async def search(name: str, session: AsyncSession = Depends(get_session)):
                found = (await session.scalars(select(Customer).where(Customer.name == name).limit(9))).all()
                if not found:
                    raise HTTPException(404, "é")
                return found
            """,
            '''
            from fastapi import FastAPI, HTTPException
            from sqlalchemy import select
            app = FastAPI()
            RESPONSES = {404: {"description": "é"}}
            @app.get("/customers", response_model=list[Out], responses=RESPONSES)
            async def search(name: str, session: AsyncSession = Depends(get_session)):
                """Return the `Customer` rows whose `name` is `name`.

                Answers 404 (é) where `not found`.
                """
                found = (await session.scalars(select(Customer).where(Customer.name == name).limit(9))).all()
                if not found:
                    raise HTTPException(404, "é")
                return found
            ''',
        ),
        Declines(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/stock")
            def read_all_stock(shop: str):
                found = load(shop)
                return found
            """,
            because="what it returns says no more than its name",
        ),
        Declines(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/stock")
            def stock(): ...
            """,
            because="there is nothing in it yet that could be told",
        ),
        Declines(
            """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/stock")
            def stock() -> int:
                return 3
            """,
            because="its name said once more helps nobody",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Return the docstrings of all handlers that have none and do something."""
        bare = [each for each in source.handlers if _is_bare(each)]
        told = [(each, each.node) for each in bare if each.node is not None and _does_something(each.node)]
        if not told or len(told) < len(bare):
            return None
        edits = [_edit(source, handler, node) for handler, node in told]
        if any(edit is None for edit in edits):
            return None
        many = f"{len(told)} handlers" if len(told) > 1 else told[0][0].name
        return Change(
            f"Describe {many} in the generated documentation",
            "It says what the code shows: which rows by which condition, who is checked, and what is refused when.",
            tuple(edit for edit in edits if edit is not None),
            Tradeoffs(
                "each docstring has to be kept true by hand", "you would write what it is for: then say that too"
            ),
        )


def _is_bare(handler: Handler) -> bool:
    if handler.kind is not HandlerKind.ROUTE or not handler.routes or handler.node is None or handler.docstring:
        return False
    calls = (each for each in handler.node.decorator_list if isinstance(each, ast.Call))
    return not {each.arg for call in calls for each in call.keywords} & _DESCRIBED


def _does_something(node: FunctionNode) -> bool:
    first = node.body[0]
    empty = isinstance(first, ast.Pass) or (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant))
    return not (empty and len(node.body) == 1)


def _edit(source: Source, handler: Handler, node: FunctionNode) -> Edit | None:
    first = node.body[0]
    line = source.line_offsets[first.lineno - 1]
    place = source.span_of(first).start
    indent = source.text[line:place]
    if indent.strip():
        return None
    lines = _lines(handler)
    if not lines:
        return None
    text = f'"""{lines[0]}"""' if len(lines) == 1 else "\n".join((f'"""{lines[0]}', "", *lines[1:], '"""'))
    whole = "\n".join(f"{indent}{each}" if each else "" for each in text.split("\n"))
    return Edit(line, line, f"{whole}\n")


def _lines(handler: Handler) -> list[str]:
    return [line.replace("\\", "\\\\").replace('"""', "'''") for line in sentences_of(handler)]
