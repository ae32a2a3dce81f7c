"""Columns, values and conditions of SQLAlchemy's expressions, written as SQL."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from backend_mentor.domain.schema import quote
from backend_mentor.reading.endpoints.tables import Table
from backend_mentor.reading.endpoints.trees import constant_text, dotted, full_name, is_true, keyword, last_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backend_mentor.domain.endpoint import Source

_COMPARES = {ast.Eq: "=", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt
}  # fmt: skip
_COMPUTES = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_PATTERNS = {"startswith": ("", " || '%'"), "endswith": ("'%' || ", ""), "contains": ("'%' || ", " || '%'")}
_FUNCTIONS = frozenset({"count", "sum", "avg", "min", "max", "lower", "upper", "coalesce", "length", "abs"})


class UntranslatedError(Exception):
    """A part of a statement whose SQL is not known from the source."""


class Conditions:
    """The names of one statement: its mapped classes, and the placeholders that its values have been given."""

    def __init__(self, source: Source, mapped: Mapping[str, Table], dialect: str) -> None:
        self.source, self.mapped, self.dialect = source, mapped, dialect
        self.used: dict[str, None] = {}
        """The tables named so far, in order."""
        self._placeholders: dict[str, str] = {}

    def table(self, table: Table) -> str:
        """Return a mapped class's table; one whose class does not name it is not known."""
        if table.model.table is None:
            raise UntranslatedError
        self.used.setdefault(table.model.table)
        return quote(table.model.table)

    def column(self, table: Table, name: str) -> str:
        """Return a column with its table, by its name in the database."""
        found = table.columns.get(name)
        if found is None:
            raise UntranslatedError
        given = constant_text(found.call.args[0]) if found.call is not None and found.call.args else None
        return f"{self.table(table)}.{quote(given or name)}"

    def owners(self, node: ast.expr) -> Iterator[Table]:
        """Yield the mapped classes whose columns an expression names."""
        for each in ast.walk(node):
            if isinstance(each, ast.Attribute) and (table := self.mapped.get(dotted(each.value))) is not None:
                yield table

    def value(self, node: ast.expr) -> str:
        """Return an expression that has a value: a column, a function, a literal, or a placeholder for the code's."""
        match node:
            case ast.Attribute(value=owner, attr=name) if dotted(owner) in self.mapped:
                return self.column(self.mapped[dotted(owner)], name)
            case ast.Constant(value=value):
                return _literal(value)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _COMPUTES and any(self.owners(node)):
                return f"{self.value(left)} {_COMPUTES[type(op)]} {self.value(right)}"
            case ast.Call():
                return self._called(node)
        if any(self.owners(node)):
            raise UntranslatedError
        return self._placeholder(node)

    def condition(self, node: ast.expr) -> str:
        """Return an expression that is true or false."""
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARES:
                return self._compared(left, type(op), right)
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as op, right=right):
                word = "AND" if isinstance(op, ast.BitAnd) else "OR"
                return f"({self.condition(left)} {word} {self.condition(right)})"
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return self._negated(operand)
            case ast.Call(func=func, args=args) if last_name(func) in {"and_", "or_"} and args:
                word = " AND " if last_name(func) == "and_" else " OR "
                return f"({word.join(map(self.condition, args))})"
            case ast.Call(func=func, args=[inner]) if last_name(func) == "not_":
                return self._negated(inner)
            case ast.Call(func=ast.Attribute(value=owner, attr=method), args=args) if any(self.owners(owner)):
                return self._asked(owner, method, args)
            case ast.Attribute(value=owner, attr=name) if dotted(owner) in self.mapped:
                column = self.column(self.mapped[dotted(owner)], name)
                return column if self.dialect == "postgres" else f"{column} = 1"
        raise UntranslatedError

    def equalities(self, call: ast.Call) -> list[str]:
        """Return the conditions of `filter_by(name=value)`, which speak of the statement's one class."""
        tables = [each for each in self.mapped.values() if each.model.table in self.used]
        if len(tables) != 1 or call.args or any(each.arg is None for each in call.keywords):
            raise UntranslatedError
        return [
            f"{self.column(tables[0], each.arg)} IS NULL" if _is_none(each.value)
            else f"{self.column(tables[0], each.arg)} = {self.value(each.value)}"
            for each in call.keywords if each.arg is not None
        ]  # fmt: skip

    def order(self, node: ast.expr) -> str:
        """Return a term of ORDER BY."""
        if isinstance(node, ast.Call) and last_name(node) in {"asc", "desc"}:
            word = "" if last_name(node) == "asc" else " DESC"
            own = node.func.value if isinstance(node.func, ast.Attribute) and not node.args else None
            return f"{self.value(own if own is not None else node.args[0])}{word}"
        if isinstance(node, ast.Constant):
            raise UntranslatedError
        return self.value(node)

    def is_outer(self, call: ast.Call) -> bool:
        """Return whether a join keeps the rows that find no partner."""
        return is_true(keyword(call, "isouter"))

    def target(self, node: ast.expr) -> Table | None:
        """Return the class that a relation leads to: `User.orders`."""
        if not isinstance(node, ast.Attribute) or dotted(node.value) not in self.mapped:
            return None
        relation = self.mapped[dotted(node.value)].relations.get(node.attr)
        return self.mapped.get(relation.target or "") if relation is not None else None

    def foreign_key(self, joined: Sequence[Table], target: Table) -> str:
        """Return the condition of the one foreign key between the target and what is joined already."""
        found = [
            f"{quote(parent)}.{quote(key)} = {self.column(child, column.name)}"
            for child, parents in (*((each, [target]) for each in joined), (target, list(joined)))
            for column in child.columns.values()
            for parent, _, key in [(column.references or "").rpartition(".")]
            if parent in {each.model.table for each in parents}
        ]
        if len(found) != 1:
            raise UntranslatedError
        return found[0]

    def _negated(self, node: ast.expr) -> str:
        # SQLAlchemy turns a comparison round where it can, and writes NOT before what is joined by AND or OR.
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _OPPOSITES:
            return self._compared(node.left, _OPPOSITES[type(node.ops[0])], node.comparators[0])
        if isinstance(node, ast.BinOp) or last_name(node) in {"and_", "or_"}:
            return f"NOT ({self.condition(node)})"
        raise UntranslatedError

    def _compared(self, left: ast.expr, op: type[ast.cmpop], right: ast.expr) -> str:
        if _is_none(right):
            if op not in (ast.Eq, ast.NotEq):
                raise UntranslatedError
            return f"{self.value(left)} IS {'' if op is ast.Eq else 'NOT '}NULL"
        return f"{self.value(left)} {_COMPARES[op]} {self.value(right)}"

    def _asked(self, owner: ast.expr, method: str, args: list[ast.expr]) -> str:
        column = self.value(owner)
        match method, args:
            case (("in_" | "not_in" | "notin_"), [given]):
                word = "IN" if method == "in_" else "NOT IN"
                members = given.elts if isinstance(given, ast.List | ast.Tuple | ast.Set) else [given]
                if not members or isinstance(given, ast.Call):
                    raise UntranslatedError
                return f"{column} {word} ({', '.join(map(self.value, members))})"
            case (("is_" | "is_not" | "isnot"), [given]) if _is_none(given):
                return f"{column} IS {'' if method == 'is_' else 'NOT '}NULL"
            case "like", [given]:
                return f"{column} LIKE {self.value(given)}"
            case "ilike", [given]:
                if self.dialect == "postgres":
                    return f"{column} ILIKE {self.value(given)}"
                return f"lower({column}) LIKE lower({self.value(given)})"
            case "between", [low, high]:
                return f"{column} BETWEEN {self.value(low)} AND {self.value(high)}"
            case _, [given] if method in _PATTERNS:
                before, after = _PATTERNS[method]
                return f"{column} LIKE {before}{self.value(given)}{after}"
        raise UntranslatedError

    def _called(self, node: ast.Call) -> str:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "label" and len(node.args) == 1:
            name = constant_text(node.args[0])
            if name is None:
                raise UntranslatedError
            return f"{self.value(node.func.value)} AS {quote(name)}"
        full = full_name(self.source.tree, node.func)
        if "func" in full.split(".")[:-1] and last_name(node) in _FUNCTIONS:
            given = ", ".join(map(self.value, node.args))
            return f"{last_name(node)}({given or ('*' if last_name(node) == 'count' else '')})"
        if any(self.owners(node)):
            raise UntranslatedError
        return self._placeholder(node)

    def _placeholder(self, node: ast.expr) -> str:
        code = ast.unparse(node)
        if code not in self._placeholders:
            name = last_name(node).lower() if dotted(node) else ""
            taken = set(self._placeholders.values())
            number = len(taken) + 1
            wanted = name if name.isidentifier() and name.isascii() else f"value_{number}"
            self._placeholders[code] = wanted if wanted not in taken else f"{wanted}_{number}"
        return f":{self._placeholders[code]}"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise UntranslatedError
