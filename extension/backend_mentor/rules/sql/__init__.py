"""Rules that look at the statement's text and the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.sql.bare_column_in_group import BareColumnInGroup
from backend_mentor.rules.sql.between_days_of_timestamps import BetweenDaysOfTimestamps
from backend_mentor.rules.sql.common_table_unused import CommonTableUnused
from backend_mentor.rules.sql.comparison_with_null import ComparisonWithNull
from backend_mentor.rules.sql.conditions_contradict import ConditionsContradict
from backend_mentor.rules.sql.correlated_subquery_in_select import CorrelatedSubqueryInSelect
from backend_mentor.rules.sql.count_to_test_existence import CountToTestExistence
from backend_mentor.rules.sql.deep_offset import DeepOffset
from backend_mentor.rules.sql.distinct_hides_fan_out import DistinctHidesFanOut
from backend_mentor.rules.sql.function_on_column import FunctionOnColumn
from backend_mentor.rules.sql.implicit_cast_on_column import ImplicitCastOnColumn
from backend_mentor.rules.sql.insert_without_columns import InsertWithoutColumns
from backend_mentor.rules.sql.integer_division import IntegerDivision
from backend_mentor.rules.sql.join_without_condition import JoinWithoutCondition
from backend_mentor.rules.sql.leading_wildcard import LeadingWildcard
from backend_mentor.rules.sql.like_without_wildcard import LikeWithoutWildcard
from backend_mentor.rules.sql.limit_without_order import LimitWithoutOrder
from backend_mentor.rules.sql.mixed_join_styles import MixedJoinStyles
from backend_mentor.rules.sql.natural_join import NaturalJoin
from backend_mentor.rules.sql.needless_materialized import NeedlessMaterialized
from backend_mentor.rules.sql.not_in_nullable import NotInNullable
from backend_mentor.rules.sql.null_in_list import NullInList
from backend_mentor.rules.sql.nullable_concatenation import NullableConcatenation
from backend_mentor.rules.sql.number_compared_with_text import NumberComparedWithText
from backend_mentor.rules.sql.or_across_tables import OrAcrossTables
from backend_mentor.rules.sql.order_by_in_subquery import OrderByInSubquery
from backend_mentor.rules.sql.outer_join_undone import OuterJoinUndone
from backend_mentor.rules.sql.planner_is_overruled import PlannerIsOverruled
from backend_mentor.rules.sql.random_order import RandomOrder
from backend_mentor.rules.sql.redundant_distinct import RedundantDistinct
from backend_mentor.rules.sql.star_goes_by_position import StarGoesByPosition
from backend_mentor.rules.sql.union_of_disjoint_parts import UnionOfDisjointParts
from backend_mentor.rules.sql.unused_join import UnusedJoin
from backend_mentor.rules.sql.window_without_order import WindowWithoutOrder
from backend_mentor.rules.sql.write_without_where import WriteWithoutWhere

if TYPE_CHECKING:
    from backend_mentor.rules.rule import Rule

# What gives wrong results comes before what is slow.
SQL_RULES: tuple[Rule, ...] = (
    NotInNullable(),
    ComparisonWithNull(),
    NullInList(),
    FunctionOnColumn(),
    ImplicitCastOnColumn(),
    NumberComparedWithText(),
    LeadingWildcard(),
    LikeWithoutWildcard(),
    OrAcrossTables(),
    JoinWithoutCondition(),
    MixedJoinStyles(),
    UnusedJoin(),
    OuterJoinUndone(),
    DistinctHidesFanOut(),
    RedundantDistinct(),
    UnionOfDisjointParts(),
    BareColumnInGroup(),
    RandomOrder(),
    LimitWithoutOrder(),
    DeepOffset(),
    CorrelatedSubqueryInSelect(),
    CountToTestExistence(),
    OrderByInSubquery(),
    CommonTableUnused(),
    NeedlessMaterialized(),
    ConditionsContradict(),
    NaturalJoin(),
    BetweenDaysOfTimestamps(),
    WriteWithoutWhere(),
    InsertWithoutColumns(),
    StarGoesByPosition(),
    NullableConcatenation(),
    IntegerDivision(),
    WindowWithoutOrder(),
    PlannerIsOverruled(),
)
