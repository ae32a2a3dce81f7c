"""Better ways to write a statement, in the order in which they are shown. Each module is one rewrite with its examples."""

from backend_mentor.proposals.idea import Idea
from backend_mentor.proposals.rewrites.arithmetic_to_constant import ArithmeticToConstant
from backend_mentor.proposals.rewrites.case_to_condition import CaseToCondition
from backend_mentor.proposals.rewrites.cast_to_text_removed import CastToTextRemoved
from backend_mentor.proposals.rewrites.coalesce_to_column import CoalesceToColumn
from backend_mentor.proposals.rewrites.comparison_with_group_aggregate import ComparisonWithGroupAggregate
from backend_mentor.proposals.rewrites.correlated_aggregate_to_join import CorrelatedAggregateToJoin
from backend_mentor.proposals.rewrites.count_compared_to_exists import CountComparedToExists
from backend_mentor.proposals.rewrites.count_select_to_exists import CountSelectToExists
from backend_mentor.proposals.rewrites.date_text_to_range import DateTextToRange
from backend_mentor.proposals.rewrites.exists_to_in import ExistsToIn
from backend_mentor.proposals.rewrites.fractional_literal_to_integer import FractionalLiteralToInteger
from backend_mentor.proposals.rewrites.keyset_to_row_comparison import KeysetToRowComparison
from backend_mentor.proposals.rewrites.not_in_to_not_exists import NotInToNotExists
from backend_mentor.proposals.rewrites.not_pushed_inward import NotPushedInward
from backend_mentor.proposals.rewrites.null_safe_equal_to_equal import NullSafeEqualToEqual
from backend_mentor.proposals.rewrites.or_chain_to_in import OrChainToIn
from backend_mentor.proposals.rewrites.timestamp_date_to_range import TimestampDateToRange

REWRITES: tuple[Idea, ...] = (
    ArithmeticToConstant(),
    CaseToCondition(),
    CastToTextRemoved(),
    CoalesceToColumn(),
    ComparisonWithGroupAggregate(),
    CorrelatedAggregateToJoin(),
    CountComparedToExists(),
    CountSelectToExists(),
    DateTextToRange(),
    ExistsToIn(),
    FractionalLiteralToInteger(),
    KeysetToRowComparison(),
    NotInToNotExists(),
    NotPushedInward(),
    NullSafeEqualToEqual(),
    OrChainToIn(),
    TimestampDateToRange(),
)
