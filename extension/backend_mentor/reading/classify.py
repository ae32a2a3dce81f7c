"""What a cell holds: SQL, a pasted plan, endpoint code or a request in plain words."""

from __future__ import annotations

import ast
import difflib
import json
import re
import unicodedata

from backend_mentor.domain.cell import Cell, CellKind, Span
from backend_mentor.domain.errors import CellError
from backend_mentor.reading.scanner import Token, TokenKind, code, scan, tokens_of, words
from backend_mentor.reading.sql import UnparsedError, kind_of, parse_tree

CHARACTERS_AT_MOST = 200_000
"""One cell; beyond it a statement is a data load, and parsing alone takes seconds."""

_SQL_WORDS = words(
    "ABORT ALTER ANALYZE ATTACH BEGIN CALL CHECKPOINT CLUSTER COMMENT COMMIT COPY CREATE DELETE DETACH DO DROP END "
    "EXECUTE EXPLAIN GRANT INSERT LISTEN LOCK MERGE NOTIFY PRAGMA PREPARE REFRESH REINDEX RELEASE REPLACE RESET REVOKE "
    "ROLLBACK SAVEPOINT SELECT SET SHOW TABLE TRUNCATE UPDATE VACUUM VALUES WITH"
)
_MISSPELT_OFTEN = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "EXPLAIN")
_STRUCTURE = words("FROM INTO SET WHERE JOIN TABLE INDEX VALUES ON GROUP ORDER LIMIT")
_ENGLISH = words(
    "a about an are best better could do does each every for have how i in it its let like make me more much my need "
    "of our out please query queries should slow slower so than that the their them then there these they this those "
    "to us use want we what when where which why with would you your"
)
_FRAMEWORKS = (
    ("FastAPI", r"\b(from|import)\s+fastapi\b|\bFastAPI\(|\bAPIRouter\("),
    ("Litestar", r"\b(from|import)\s+litestar\b|\bLitestar\("),
    ("Flask", r"\b(from|import)\s+flask\b|\bFlask\(|\bBlueprint\("),
    ("Django", r"\b(from|import)\s+(django|rest_framework)\b|\bmodels\.Model\b|\.objects\.(filter|all|get|exclude)\("),
    ("Starlette", r"\b(from|import)\s+starlette\b|\bStarlette\("),
    ("SQLAlchemy", r"\b(from|import)\s+(sqlalchemy|sqlmodel)\b|\bsession\.(query|execute|scalars)\("),
)
_MAGIC = re.compile(r"\s*%%?(?P<name>sql|backend)\b(?P<line>[^\n]*)")
_POSTGRES_NODE = re.compile(r"\((cost=\d+\.\d+\.\.|actual (time|rows)=)")
_SQLITE_NODE = re.compile(
    r"""(SCAN|SEARCH)\s+\S+|USE TEMP B-TREE FOR |CO-ROUTINE |MATERIALIZE |COMPOUND QUERY$|LEFT-MOST SUBQUERY$|"""
    r"""MERGE \(|(UNION|EXCEPT|INTERSECT)( ALL| USING)|MULTI-INDEX OR$|INDEX \d+$|(CORRELATED )?(SCALAR|LIST) SUB"""
    r"""|RECURSIVE STEP$|SETUP$|BLOOM FILTER |LEFT$|RIGHT$|RIGHT-JOIN |REUSE LIST|USING ROWID SEARCH"""
)
_SQLITE_PREFIX = re.compile(r"^(\d+\|\d+\|\d+\||[\s|`+-]*--|[\s|]*)")


def read_cell(text: str, name: str = "cell", dialect: str = "sqlite") -> Cell:
    """Return the cell with its kind; raises CellError where it is empty, binary or larger than 200,000 characters.

    The text stays as it is: where a `%%sql` line stands before the SQL, `spans` holds the part that follows it.
    """
    _check_readable(text, name)
    start = _body_start(text)
    body = text[start:]
    spans = (Span.of(text, start, len(text)),) if start else ()
    if not body.strip() or _is_commented_out(body, dialect):
        holds = "holds only comments" if body.strip() else "is empty"
        raise CellError(
            f"The {name} {holds}." if name == "cell" else f"{name} {holds}.", "Write a SQL statement in it."
        )
    if _is_plan(body):
        return Cell(text, CellKind.PLAN, name, dialect, None, spans)
    if start and text[:start].lstrip().lstrip("%").startswith("sql"):
        return Cell(text, CellKind.SQL, name, dialect, None, spans)
    if _is_sql(body, dialect):
        return Cell(text, CellKind.SQL, name, dialect, None, spans)
    if _is_python(body):
        return Cell(text, CellKind.ENDPOINT, name, None, _framework(body), spans)
    return Cell(text, CellKind.REQUEST, name, dialect, None, spans)


def _check_readable(text: str, name: str) -> None:
    thing = "The cell" if name == "cell" else name
    if len(text) > CHARACTERS_AT_MOST:
        raise CellError(
            f"{thing} holds {len(text):,} characters; at most {CHARACTERS_AT_MOST:,} are reviewed at once.",
            "Select the one statement that matters; of a long list of VALUES, a few rows are enough.",
        )
    strange = sum(1 for each in text if unicodedata.category(each) in ("Cc", "Cs", "Co") and each not in "\t\n\r\f\v")
    if (
        "\0" in text
        or strange * 20 > len(text)
        or text.count("�") * 20 > len(text) > 0
        or "\udc80" <= max(text, default="") <= "\udcff"
    ):
        raise CellError(f"{thing} is binary, not text.", "Give the SQL as UTF-8 text.")


def _body_start(text: str) -> int:
    match = _MAGIC.match(text)
    if not match:
        return 0
    line = match["line"]
    options = re.match(
        r"""(\s+(--?\w[\w-]*(=\S+)?(\s+(?!--)[\w./-]+(?=\s|$))?|\S+://\S+|@\S+|\[[^\]]+\]|\w+\s*=?<<))*""", line
    )
    rest = line[options.end() if options else 0 :]
    first = re.match(r"\s*\(*\s*(\w+)", rest)
    if first and first[1].upper() in _SQL_WORDS:
        return match.start("line") + len(line) - len(rest.lstrip())
    return min(match.end() + 1, len(text))


def _is_commented_out(text: str, dialect: str) -> bool:
    if all(line.lstrip().startswith(("#", "--")) for line in text.splitlines() if line.strip()):
        return True
    return all(token.text == ";" or token.kind is TokenKind.COMMENT for token in tokens_of(text, dialect))


def _is_plan(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    if text.lstrip().startswith(("[", "{")):
        return _is_json_plan(text)
    if any(_POSTGRES_NODE.search(line) for line in lines):
        first = lines[0].strip().upper()
        return (
            first.split()[0].strip("(") not in _SQL_WORDS - {"INSERT", "UPDATE", "DELETE", "MERGE"} or "COST=" in first
        )
    if lines[0].strip() == "QUERY PLAN" or ("QUERY PLAN" in lines[0] and set(lines[0]) & set("|-+")):
        return len(lines) > 1
    return all(_SQLITE_NODE.match(_SQLITE_PREFIX.sub("", line).strip()) for line in lines)


def _is_json_plan(text: str) -> bool:
    if '"Node Type"' not in text:
        return False
    try:
        json.loads(re.sub(r"\s*\+$", "", text, flags=re.MULTILINE))
    except ValueError:
        # Cut or framed by psql: whoever reads the plan says what is wrong with it.
        return '"Plan"' in text
    return True


def _is_sql(text: str, dialect: str) -> bool:
    # Of a long text that begins with none of its words only the first one is looked at.
    loose = (each for each in tokens_of(text, dialect) if each.kind is not TokenKind.COMMENT and each.text != "(")
    word = first.word if (first := next(loose, None)) else ""
    if not word:
        return False
    near = difflib.get_close_matches(word, _MISSPELT_OFTEN, n=1, cutoff=0.8)
    if word not in _SQL_WORDS and not near:
        return False
    tokens = [token for token in code(scan(text, dialect)) if token.text != "("]
    if word not in _SQL_WORDS:
        return any(token.word in _STRUCTURE for token in tokens) and not _is_english(tokens)
    if _parses(text, dialect):
        return word == "SELECT" or word == "WITH" or not _reads_like_prose(tokens)
    return not _is_english(tokens)


def _parses(text: str, dialect: str) -> bool:
    first = text.split(";")[0] if ";" in text else text
    try:
        tree = parse_tree(first, dialect)
    except UnparsedError:
        return False
    except CellError:
        return True
    return kind_of(tree).value != "utility"


def _is_english(tokens: list[Token]) -> bool:
    """Weigh the words that only prose has against the signs that only SQL has."""
    if _begins_like_prose(tokens):
        return True
    loose = [token for before, token, after in _neighbours(tokens) if token.word and "." not in (before, after)]
    english = sum(token.text.lower() in _ENGLISH and not token.text.isupper() for token in loose[1:])
    signs = sum(token.kind is not TokenKind.WORD and token.text not in (",", ".", "?", "!", "'") for token in tokens)
    structure = sum(token.word in _STRUCTURE | _SQL_WORDS for token in loose)
    capitals = sum(token.word in _STRUCTURE | _SQL_WORDS and token.text.isupper() for token in loose)
    return english * 2 > signs + structure + capitals


def _begins_like_prose(tokens: list[Token]) -> bool:
    """Notice `show me …`, `with a key …`, `explain the …`: an article after the first word, and no SQL after that."""
    articles = {"the", "me", "my", "an", "this", "that", "these", "those", "us", "how", "what"}
    if tokens[0].word != "SELECT":
        articles |= {"a"}
    second = tokens[min(1, len(tokens) - 1)]
    if len(tokens) < 2 or second.text.lower() not in articles or second.text.isupper():
        return False
    third = tokens[2] if len(tokens) > 2 else None
    return third is None or (bool(third.word) and third.word not in _STRUCTURE | {"AS"})


def _reads_like_prose(tokens: list[Token]) -> bool:
    words = [token.text.lower() for token in tokens if token.word]
    return len(words) == len(tokens) and any(
        word in _ENGLISH - {"to", "in", "for", "each", "like"} for word in words[1:]
    )


def _neighbours(tokens: list[Token]) -> list[tuple[str, Token, str]]:
    texts = ["", *(token.text for token in tokens), ""]
    return [(texts[index], token, texts[index + 2]) for index, token in enumerate(tokens)]


def _is_python(text: str) -> bool:
    source = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in text.splitlines())
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return bool(
            re.search(r"^\s*(from \w[\w.]* import |import \w|(async )?def \w+\(|@\w[\w.]*|class \w+[(:])", text, re.M)
        )
    return any(not isinstance(node, ast.Expr) or isinstance(node.value, ast.Call | ast.Await) for node in tree.body)


def _framework(text: str) -> str | None:
    return next((name for name, pattern in _FRAMEWORKS if re.search(pattern, text)), None)
