"""What only the author can answer: questions where the statement leaves its intent open."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from backend_mentor.domain.review import Question
from backend_mentor.domain.schema import Table
from backend_mentor.domain.statement import StatementKind
from backend_mentor.domain.subject import Gate, Subject
from backend_mentor.reading.aggregates import gives_one_row
from backend_mentor.reading.resolve import Resolution, ResolvedColumn, resolve_columns
from backend_mentor.rules.conditions import conjuncts

_AT_MOST = 3
_TAKES_BARE_COLUMNS = Gate(engines=("sqlite",))
_UNKNOWN = "of the"
_LENGTH_OF_A_DATE = len("2026-03-02")


def ask(subject: Subject) -> tuple[Question, ...]:
    """Return at most three questions: on wrong results first, then on unstable ones, then on cost."""
    if subject.statement.kind is StatementKind.UTILITY:
        return ()
    resolution = resolve_columns(subject.statement, subject.schema)
    found: dict[str, Question] = {}
    for asking in _ASKED:
        for question in asking(subject, resolution):
            found.setdefault(question.text, question)
    return tuple(found.values())[:_AT_MOST]


def _null_in_not_in(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    for node in subject.statement.tree.find_all(exp.Not):
        membership = node.this.unnest() if isinstance(node.this, exp.Paren) else node.this
        query = membership.args.get("query") if isinstance(membership, exp.In) else None
        select = query.unnest() if isinstance(query, exp.Subquery) else query
        if not isinstance(select, exp.Select) or len(select.expressions) != 1:
            continue
        column = resolution.of(select.expressions[0].unalias())
        if column is None or not _can_be_null(column) or _excludes_null(select, column, resolution):
            continue
        yield Question(
            f"{_name(column)} accepts NULL: is NOT IN meant to find nothing at all once one of these is NULL?",
            f"One NULL in {_name(column)} makes NOT IN unknown for every row, so the result is empty. "
            "NOT EXISTS compares without that trap.",
        )


def _outer_turned_inner(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    for select in subject.statement.tree.find_all(exp.Select):
        where = select.args.get("where")
        for condition in conjuncts(where.this if isinstance(where, exp.Where) else None):
            if not isinstance(condition, exp.Binary) or isinstance(condition, exp.Is | exp.NullSafeEQ | exp.Or):
                continue
            sides = [resolution.of(side) for side in (condition.this, condition.expression)]
            column = next((side for side in sides if side is not None and _is_filled_by_left_join(side)), None)
            if column is None:
                continue
            other = column.table.name
            yield Question(
                f"Are rows without a match in {other} meant to be left out?",
                f"WHERE compares {_name(column)}, which is NULL for them, so the LEFT JOIN works like an inner one. "
                f"Keep them by moving the condition into ON; else write JOIN.",
            )


def _limit_without_order(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    tree = subject.statement.tree
    if not isinstance(tree, exp.Select) or not _limited(tree) or tree.args.get("order"):
        return
    sources = resolution.sources(tree)
    if not sources or gives_one_row(tree) or _limit_text(tree) in ("0", "1"):
        return
    table = next((source.table for source in sources if source.table and source.table.primary_key), None)
    key = f" Is ORDER BY {', '.join(table.primary_key)} what you mean?" if table and len(sources) == 1 else ""
    yield Question(
        f"Which{'' if _limit_text(tree) == _UNKNOWN else f' {_limit_text(tree)}'} rows do you want?{key}",
        "LIMIT without ORDER BY returns whichever rows come first today; an index or a VACUUM can change them.",
    )


def _day_ends_at_midnight(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    for node in subject.statement.tree.find_all(exp.Between, exp.LTE):
        bound = node.args["high"] if isinstance(node, exp.Between) else node.expression
        column = resolution.of(node.this)
        inner = bound.this if isinstance(bound, exp.Cast) else bound
        if column is None or not isinstance(inner, exp.Literal) or len(inner.name) != _LENGTH_OF_A_DATE:
            continue
        if inner.name.count("-") == 2 and _holds_times(column):
            yield Question(
                f"Is all of {inner.name} meant to be in?",
                f"{_name(column)} holds times, and the date stands for its first instant: what happened later on "
                f"{inner.name} is left out. Write {column.column.name} < the day after.",
            )


def _bare_columns(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    tree = subject.statement.tree
    group = tree.args.get("group")
    if not isinstance(tree, exp.Select) or not isinstance(group, exp.Group) or not group.expressions:
        return
    if not _TAKES_BARE_COLUMNS.admits(subject.engine) or tree.find(exp.Min, exp.Max):
        return
    grouped = {column.name.lower() for each in group.expressions for column in each.find_all(exp.Column)}
    tables = {id(column.table) for each in group.expressions for column in resolution.columns_within(each)}
    if any(isinstance(each, exp.Literal) for each in group.expressions) or len(resolution.sources(tree)) > 1:
        return
    for projection in tree.expressions:
        column = resolution.of(projection.unalias())
        if column is None or column.node.name.lower() in grouped or projection.alias.lower() in grouped:
            continue
        if id(column.table) in tables and _holds_key(grouped, column.table):
            continue
        yield Question(
            f"Which {column.column.name} of each group do you want?",
            f"{_name(column)} is neither grouped by nor aggregated: SQLite takes it from any row of the group. "
            f"Group by it too, or write max({column.column.name}).",
        )


def _ties(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    tree = subject.statement.tree
    order = tree.args.get("order")
    if not isinstance(tree, exp.Select) or not isinstance(order, exp.Order) or not _limited(tree):
        return
    if tree.args.get("group") or tree.args.get("distinct") or _limit_text(tree) == "0":
        return
    sources = resolution.sources(tree)
    keys = [resolution.of(each.this) for each in order.expressions]
    first = keys[0] if keys else None
    if first is None or not sources or any(source.table is None for source in sources):
        return
    names = {key.column.name.lower() for key in keys if key is not None and key.source is first.source}
    names |= _pinned(tree, first, resolution)
    # Another table can repeat a row only where it has many rows for one: its own key must then be sorted by too.
    if _holds_key(names, first.table) or not first.table.primary_key or None in keys:
        return
    qualifier = f"{first.source.name}." if len(sources) > 1 else ""
    candidate = ", ".join(f"{qualifier}{each}" for each in first.table.primary_key)
    returned = "which row is" if _limit_text(tree) == "1" else f"which {_limit_text(tree)} rows are"
    yield Question(
        f"Two rows can have the same {first.column.name}: is {candidate} a fit tie-breaker?",
        f"Rows that tie come in any order, so {returned} returned can change from run to run, and "
        f"pages can repeat or miss rows. ORDER BY …, {candidate} settles it.",
    )


def _null_in_inequality(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    for node in subject.statement.tree.find_all(exp.NEQ):
        column = resolution.of(node.this)
        if column is None or not _can_be_null(column) or not isinstance(node.expression, exp.Literal):
            continue
        if not isinstance(node.parent, exp.Where | exp.And):
            continue
        select = node.find_ancestor(exp.Select, exp.Update, exp.Delete)
        if select is None or column.source.optional or _excludes_null(select, column, resolution):
            continue
        if _asks_for_null(select, column, resolution):
            continue
        value = node.expression.sql()
        yield Question(
            f"Are rows whose {column.column.name} is NULL meant to be left out?",
            f"NULL <> {value} is unknown, so WHERE drops them. {_name(column)} IS DISTINCT FROM {value} keeps them.",
        )


def _integer_division(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    for node in subject.statement.tree.find_all(exp.Div):
        if _is_integer(node.this, resolution) and _is_integer(node.expression, resolution):
            yield Question(
                f"Is the fraction of {node.sql(subject.statement.dialect)} meant to be cut off?",
                "Both sides are integers, so the result is one too: 3 / 2 is 1. Multiply by 1.0 first to keep it.",
            )


def _union_drops_duplicates(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    for node in subject.statement.tree.find_all(exp.Union):
        if node.args.get("distinct") and not node.find_ancestor(exp.CTE):
            yield Question(
                "Can both halves of the UNION return the same row, and should it then appear once?",
                "UNION compares every row with all others to drop duplicates; UNION ALL does not, and costs less.",
            )
            return


def _guessed_parameters(subject: Subject, resolution: Resolution) -> Iterator[Question]:
    guessed = [each for each in subject.statement.parameters if not each.source.startswith("notebook variable")]
    compared = [each for each in guessed if "page" not in each.source]
    if compared:
        said = "; ".join(f"{each.written} = {each.value!r}, {each.source}" for each in compared[:3])
        yield Question(
            f"Does production call it with values like these? {said}.",
            "A rare value and a common one can need different plans. Write {{name}} to review with your own.",
        )


_ASKED = (
    *(_null_in_not_in, _outer_turned_inner, _day_ends_at_midnight, _bare_columns, _limit_without_order),
    *(_null_in_inequality, _ties, _integer_division, _guessed_parameters, _union_drops_duplicates),
)


def _pinned(tree: exp.Expr, first: ResolvedColumn, resolution: Resolution) -> set[str]:
    """Return the columns of the same table that WHERE holds to one value: they need no place in the order."""
    where = tree.args.get("where")
    found = set()
    for condition in conjuncts(where.this if isinstance(where, exp.Where) else None):
        column = resolution.of(condition.this) if isinstance(condition, exp.EQ) else None
        if column is not None and column.source is first.source and not condition.expression.find(exp.Column):
            found.add(column.column.name.lower())
    return found


def _name(column: ResolvedColumn) -> str:
    return f"{column.table.name}.{column.column.name}"


def _is_filled_by_left_join(column: ResolvedColumn) -> bool:
    join = column.source.join
    return column.source.optional and not column.correlated and join is not None and join.side == "LEFT"


def _can_be_null(column: ResolvedColumn) -> bool:
    rowid = column.table.rowid and column.table.primary_key == (column.column.name,)
    if not column.column.nullable or (rowid and column.column.type.upper() == "INTEGER"):
        return False
    return not any("is not null" in each.expression.lower() and each.holds for each in column.table.checks)


def _excludes_null(query: exp.Expr, column: ResolvedColumn, resolution: Resolution) -> bool:
    where = query.args.get("where")
    for condition in conjuncts(where.this if isinstance(where, exp.Where) else None):
        inner = condition.this if isinstance(condition, exp.Not) else condition
        if isinstance(inner, exp.Or | exp.NEQ) or not _same(inner.this, column, resolution):
            continue
        negated = isinstance(condition, exp.Not) or bool(inner.args.get("negate"))
        if isinstance(inner, exp.Is) is negated:
            return True
    return False


def _asks_for_null(query: exp.Expr, column: ResolvedColumn, resolution: Resolution) -> bool:
    return any(_same(each.this, column, resolution) for each in query.find_all(exp.Is, exp.Coalesce))


def _same(node: object, column: ResolvedColumn, resolution: Resolution) -> bool:
    other = resolution.of(node) if isinstance(node, exp.Column) else None
    return other is not None and other.source is column.source and other.column.name == column.column.name


def _holds_key(names: set[str], table: Table) -> bool:
    return any({each.lower() for each in key} <= names for key in table.unique_keys())


def _holds_times(column: ResolvedColumn) -> bool:
    declared, statistics = column.column.type.lower(), column.column.statistics
    if "timestamp" in declared or "datetime" in declared:
        return True
    low = statistics.low if statistics else None
    return isinstance(low, str) and len(low) > _LENGTH_OF_A_DATE and low[4:5] == "-" and ":" in low


def _is_integer(node: exp.Expr, resolution: Resolution) -> bool:
    if isinstance(node, exp.Paren):
        return _is_integer(node.this, resolution)
    if isinstance(node, exp.Literal):
        return not node.is_string and node.name.isdigit()
    if isinstance(node, exp.Count):
        return True
    column = resolution.of(node)
    return column is not None and "int" in column.column.type.lower() and "interval" not in column.column.type.lower()


def _limited(tree: exp.Expr) -> bool:
    return isinstance(tree.args.get("limit"), exp.Limit | exp.Fetch)


def _limit_text(tree: exp.Expr) -> str:
    limit = tree.args.get("limit")
    given = limit.args.get("count") if isinstance(limit, exp.Fetch) else limit.expression if limit is not None else None
    return given.name if isinstance(given, exp.Literal) else _UNKNOWN
