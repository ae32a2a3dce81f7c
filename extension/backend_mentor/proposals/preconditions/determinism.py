"""Whether an expression gives the same answer however often it is computed."""

from __future__ import annotations

from sqlglot import exp

from backend_mentor.reading.scanner import words

_VOLATILE = (exp.Rand, exp.Randn, exp.Uuid)

# Functions that sqlglot has no class for and that are known to depend on their arguments alone, or on the statement's
# start. Any other may be a function of the user's own and counts as volatile.
_STEADY = words(
    "ABS AGE CHAR CHAR_LENGTH CONCAT_WS DATE DATETIME FORMAT GREATEST HEX IFNULL INSTR INT4 INT8 JULIANDAY "
    "JSON_EXTRACT JSON_ARRAY_LENGTH JSONB_ARRAY_LENGTH LEAST LENGTH LOWER LTRIM MAKE_DATE MAKE_TIMESTAMP MD5 NULLIF "
    "OCTET_LENGTH PRINTF QUOTE REGEXP_REPLACE REPLACE ROUND RTRIM SIGN SPLIT_PART STRFTIME STRPOS SUBSTR SUBSTRING "
    "TIME TO_CHAR TO_DATE TO_TIMESTAMP TRIM TYPEOF UNICODE UNIXEPOCH UPPER TIMEZONE DATE_PART JSON_EACH JSON_TREE"
)


def volatile_function(tree: exp.Expr) -> str | None:
    """Return the name of a function in the tree that is not known to be repeatable; None where all are."""
    for node in tree.walk():
        if isinstance(node, _VOLATILE):
            return f"{node.sql_name().lower()}()"
        if isinstance(node, exp.Anonymous) and node.name.upper() not in _STEADY:
            return f"{node.name.lower()}()"
    return None
