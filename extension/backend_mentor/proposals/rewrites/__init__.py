"""Better ways to write a statement, those first that gain most. Each module is one rewrite with its examples."""

from backend_mentor.proposals.idea import Idea
from backend_mentor.proposals.rewrites.arithmetic_to_constant import ArithmeticToConstant
from backend_mentor.proposals.rewrites.case_to_condition import CaseToCondition
from backend_mentor.proposals.rewrites.cast_to_text_removed import CastToTextRemoved
from backend_mentor.proposals.rewrites.coalesce_to_column import CoalesceToColumn
from backend_mentor.proposals.rewrites.date_text_to_range import DateTextToRange
from backend_mentor.proposals.rewrites.fractional_literal_to_integer import FractionalLiteralToInteger
from backend_mentor.proposals.rewrites.keyset_to_row_comparison import KeysetToRowComparison
from backend_mentor.proposals.rewrites.not_pushed_inward import NotPushedInward
from backend_mentor.proposals.rewrites.null_safe_equal_to_equal import NullSafeEqualToEqual
from backend_mentor.proposals.rewrites.or_chain_to_in import OrChainToIn
from backend_mentor.proposals.rewrites.timestamp_date_to_range import TimestampDateToRange

REWRITES: tuple[Idea, ...] = (
    DateTextToRange(),
    TimestampDateToRange(),
    ArithmeticToConstant(),
    CastToTextRemoved(),
    FractionalLiteralToInteger(),
    CoalesceToColumn(),
    CaseToCondition(),
    NotPushedInward(),
    NullSafeEqualToEqual(),
    KeysetToRowComparison(),
    OrChainToIn(),
)
