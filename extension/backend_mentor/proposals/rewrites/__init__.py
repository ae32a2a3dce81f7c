"""Better ways to write a statement. Each module is one rewrite with its examples."""

from backend_mentor.proposals.idea import Idea
from backend_mentor.proposals.rewrites.arithmetic_to_constant import ArithmeticToConstant
from backend_mentor.proposals.rewrites.case_to_condition import CaseToCondition
from backend_mentor.proposals.rewrites.cast_to_text_removed import CastToTextRemoved
from backend_mentor.proposals.rewrites.coalesce_to_column import CoalesceToColumn
from backend_mentor.proposals.rewrites.comparison_with_group_aggregate import ComparisonWithGroupAggregate
from backend_mentor.proposals.rewrites.correlated_aggregate_to_join import CorrelatedAggregateToJoin
from backend_mentor.proposals.rewrites.count_column_to_count_rows import CountColumnToCountRows
from backend_mentor.proposals.rewrites.count_compared_to_exists import CountComparedToExists
from backend_mentor.proposals.rewrites.count_distinct_in_two_levels import CountDistinctInTwoLevels
from backend_mentor.proposals.rewrites.count_distinct_key_to_count import CountDistinctKeyToCount
from backend_mentor.proposals.rewrites.count_select_to_exists import CountSelectToExists
from backend_mentor.proposals.rewrites.date_text_to_range import DateTextToRange
from backend_mentor.proposals.rewrites.derived_order_dropped import DerivedOrderDropped
from backend_mentor.proposals.rewrites.distinct_join_to_exists import DistinctJoinToExists
from backend_mentor.proposals.rewrites.distinct_window_to_group_by import DistinctWindowToGroupBy
from backend_mentor.proposals.rewrites.exists_to_in import ExistsToIn
from backend_mentor.proposals.rewrites.extremes_looked_up_apart import ExtremesLookedUpApart
from backend_mentor.proposals.rewrites.filter_into_groups import FilterIntoGroups
from backend_mentor.proposals.rewrites.fractional_literal_to_integer import FractionalLiteralToInteger
from backend_mentor.proposals.rewrites.in_parent_to_not_null import InParentToNotNull
from backend_mentor.proposals.rewrites.keyset_to_row_comparison import KeysetToRowComparison
from backend_mentor.proposals.rewrites.limit_below_left_join import LimitBelowLeftJoin
from backend_mentor.proposals.rewrites.materialized_cte_inlined import MaterializedCteInlined
from backend_mentor.proposals.rewrites.not_in_to_not_exists import NotInToNotExists
from backend_mentor.proposals.rewrites.not_pushed_inward import NotPushedInward
from backend_mentor.proposals.rewrites.null_safe_equal_to_equal import NullSafeEqualToEqual
from backend_mentor.proposals.rewrites.or_across_tables_to_union_all import OrAcrossTablesToUnionAll
from backend_mentor.proposals.rewrites.or_chain_to_in import OrChainToIn
from backend_mentor.proposals.rewrites.or_exists_to_union import OrExistsToUnion
from backend_mentor.proposals.rewrites.order_after_key_dropped import OrderAfterKeyDropped
from backend_mentor.proposals.rewrites.quantified_to_extreme import QuantifiedToExtreme
from backend_mentor.proposals.rewrites.redundant_distinct_dropped import RedundantDistinctDropped
from backend_mentor.proposals.rewrites.row_number_to_group_by import RowNumberToGroupBy
from backend_mentor.proposals.rewrites.running_total_to_window import RunningTotalToWindow
from backend_mentor.proposals.rewrites.self_membership_to_filter import SelfMembershipToFilter
from backend_mentor.proposals.rewrites.subquery_order_dropped import SubqueryOrderDropped
from backend_mentor.proposals.rewrites.timestamp_date_to_range import TimestampDateToRange
from backend_mentor.proposals.rewrites.union_to_union_all import UnionToUnionAll
from backend_mentor.proposals.rewrites.unused_join_dropped import UnusedJoinDropped

REWRITES: tuple[Idea, ...] = (
    ArithmeticToConstant(),
    CaseToCondition(),
    CastToTextRemoved(),
    CoalesceToColumn(),
    ComparisonWithGroupAggregate(),
    CorrelatedAggregateToJoin(),
    CountColumnToCountRows(),
    CountComparedToExists(),
    CountDistinctInTwoLevels(),
    CountDistinctKeyToCount(),
    CountSelectToExists(),
    DateTextToRange(),
    DerivedOrderDropped(),
    DistinctJoinToExists(),
    DistinctWindowToGroupBy(),
    ExistsToIn(),
    ExtremesLookedUpApart(),
    FilterIntoGroups(),
    FractionalLiteralToInteger(),
    InParentToNotNull(),
    KeysetToRowComparison(),
    LimitBelowLeftJoin(),
    MaterializedCteInlined(),
    NotInToNotExists(),
    NotPushedInward(),
    NullSafeEqualToEqual(),
    OrAcrossTablesToUnionAll(),
    OrChainToIn(),
    OrExistsToUnion(),
    OrderAfterKeyDropped(),
    QuantifiedToExtreme(),
    RedundantDistinctDropped(),
    RowNumberToGroupBy(),
    RunningTotalToWindow(),
    SelfMembershipToFilter(),
    SubqueryOrderDropped(),
    TimestampDateToRange(),
    UnionToUnionAll(),
    UnusedJoinDropped(),
)
