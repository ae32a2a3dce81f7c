"""The database decides whether a row is there already."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from backend_mentor.domain.proof import Condition
from backend_mentor.domain.proposal import Tradeoffs
from backend_mentor.proposals.code.fix import Change, Declines, Edit, Fixes
from backend_mentor.proposals.code.places import indent_of, lines_of, node_of
from backend_mentor.reading.endpoints.tables import tables
from backend_mentor.reading.endpoints.trees import dotted, enclosing_function, last_name

if TYPE_CHECKING:
    from backend_mentor.domain.endpoint import Source
    from backend_mentor.domain.finding import Finding


_HEAD = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase):\n"
    "    pass\n\n\n"
    "class User(Base):\n    __tablename__ = 'users'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    email: Mapped[str] = mapped_column('é', unique=True)\n\n\n"
)
_USERS = "from fastapi import HTTPException\nfrom sqlalchemy import select\n" + _HEAD
_USERS_AFTER = (
    "from fastapi import HTTPException\nfrom sqlalchemy import select\nfrom sqlalchemy.exc import IntegrityError\n"
    + _HEAD
)


class InsertDecidedByDatabase:
    """Answer as the check does where the commit finds that the row is there already.

    Valid where the cell declares the column unique that is looked for, the check raises, and one commit follows the
    insert: then the commit raises IntegrityError for the second of two requests.
    """

    name: ClassVar[str] = "insert-decided-by-database"
    answers: ClassVar[tuple[str, ...]] = ("check-then-insert",)
    examples: ClassVar[tuple[Fixes | Declines, ...]] = (
        Fixes(
            _USERS
            + "def register(session, email: str):\n    if session.query(User).filter(User.email == email).first():\n"
            "        raise HTTPException(409, 'é')\n    session.add(User(email=email))\n    session.commit()  # é\n",
            _USERS_AFTER + "def register(session, email: str):\n"
            "    if session.query(User).filter(User.email == email).first():\n"
            "        raise HTTPException(409, 'é')\n    session.add(User(email=email))\n    try:\n"
            "        session.commit()  # é\n    except IntegrityError as error:\n        session.rollback()\n"
            "        raise HTTPException(409, 'é') from error\n",
        ),
        Fixes(
            _USERS + "async def register(db, email: str):\n"
            "    known = await db.scalar(select(User).where(User.email == email))\n    if known is not None:\n"
            "        raise HTTPException(409)\n    user = User(email=email)\n    db.add(user)\n    await db.commit()\n"
            "    return user.id\n",
            _USERS_AFTER + "async def register(db, email: str):\n"
            "    known = await db.scalar(select(User).where(User.email == email))\n    if known is not None:\n"
            "        raise HTTPException(409)\n    user = User(email=email)\n    db.add(user)\n    try:\n"
            "        await db.commit()\n    except IntegrityError as error:\n        await db.rollback()\n"
            "        raise HTTPException(409) from error\n    return user.id\n",
        ),
        Declines(
            _USERS.replace(", unique=True", "") + "def register(session, email: str):\n"
            "    if session.query(User).filter(User.email == email).first():\n        raise HTTPException(409)\n"
            "    session.add(User(email=email))\n    session.commit()\n",
            because="the column is not unique, so that the database would take both",
        ),
        Declines(
            _USERS + "def register(session, email: str):\n"
            "    if session.query(User).filter(User.email == email).first():\n        return None\n"
            "    session.add(User(email=email))\n    session.commit()\n",
            because="the check answers instead of raising",
        ),
    )

    def change(self, source: Source, finding: Finding) -> Change | None:
        """Put the commit into a `try`."""
        query = node_of(source, finding, ast.expr)
        function = enclosing_function(source.tree, query) if query is not None else None
        if query is None or function is None or not _looks_for_unique(source, query):
            return None
        raised = next(
            (
                each.body[0]
                for each in function.body
                if isinstance(each, ast.If) and each.lineno >= query.lineno and len(each.body) == 1
            ),
            None,
        )
        commits = [each for each in function.body if _commits(each)]
        if not isinstance(raised, ast.Raise) or raised.cause is not None or raised.exc is None or len(commits) != 1:
            return None
        commit = commits[0]
        lines, indent = lines_of(source, commit), indent_of(source, commit)
        if lines is None or indent is None or not isinstance(commit, ast.Expr) or "\n" in source.code_of(commit):
            return None
        code = source.code_of(commit)
        step = "\t" if indent.startswith("\t") else "    "
        line = source.text[lines[0] : lines[1]].strip()
        text = (
            f"{indent}try:\n{indent}{step}{line}\n{indent}except IntegrityError as error:\n"
            f"{indent}{step}{code.replace('.commit', '.rollback')}\n"
            f"{indent}{step}raise {source.code_of(raised.exc)} from error\n"
        )
        return Change(
            title="Let the database decide whether it is there already",
            reason="The check answers as before; where two requests pass it together, the second one is told the same "
            "instead of an error of the server.",
            edits=(Edit(*lines, text),),
            imports=("sqlalchemy.exc.IntegrityError",),
            tradeoffs=Tradeoffs("any other constraint that the row breaks is answered like this one too"),
            conditions=(Condition("the column that is looked for is unique", "its declaration"),),
        )


def _looks_for_unique(source: Source, query: ast.expr) -> bool:
    """Return whether the query compares a unique column of a class of the cell, and nothing else."""
    known = tables(source)
    compared = [
        (each.left, each.ops[0]) for each in ast.walk(query) if isinstance(each, ast.Compare) and len(each.ops) == 1
    ]
    if len(compared) != 1 or not isinstance(compared[0][1], ast.Eq):
        return False
    column = compared[0][0]
    table = known.get(dotted(column.value)) if isinstance(column, ast.Attribute) else None
    found = table.columns.get(column.attr) if table is not None and isinstance(column, ast.Attribute) else None
    return found is not None and found.is_unique and table is not None and not table.is_django


def _commits(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    return isinstance(value, ast.Call) and last_name(value) == "commit"
