"""What a rewrite may rest on. Each predicate returns the condition with its grounds, or None where it is not sure."""

from backend_mentor.proposals.preconditions.determinism import volatile_function
from backend_mentor.proposals.preconditions.foreign_keys import foreign_key_holds
from backend_mentor.proposals.preconditions.keys import key_in_output, no_fan_out, unique_key
from backend_mentor.proposals.preconditions.nulls import never_null
from backend_mentor.proposals.preconditions.order import order_free, total_order
from backend_mentor.proposals.preconditions.position import conjuncts, disjuncts, in_positive_position, where_conjuncts
from backend_mentor.proposals.preconditions.types import Family, family, holds_integers, plain_collation, same_type

__all__ = [
    "Family",
    "conjuncts",
    "disjuncts",
    "family",
    "foreign_key_holds",
    "holds_integers",
    "in_positive_position",
    "key_in_output",
    "never_null",
    "no_fan_out",
    "order_free",
    "plain_collation",
    "same_type",
    "total_order",
    "unique_key",
    "volatile_function",
    "where_conjuncts",
]
