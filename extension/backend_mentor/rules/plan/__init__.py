"""Rules that look at the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.plan.aggregate_spills_to_disk import AggregateSpillsToDisk
from backend_mentor.rules.plan.automatic_index import AutomaticIndex
from backend_mentor.rules.plan.bloom_filter_stands_in import BloomFilterStandsIn
from backend_mentor.rules.plan.common_table_read_again import CommonTableReadAgain
from backend_mentor.rules.plan.compilation_dominates import CompilationDominates
from backend_mentor.rules.plan.correlated_subquery_runs_often import CorrelatedSubqueryRunsOften
from backend_mentor.rules.plan.disabled_step_was_taken import DisabledStepWasTaken
from backend_mentor.rules.plan.document_searched_without_index import DocumentSearchedWithoutIndex
from backend_mentor.rules.plan.full_scan_discards_rows import FullScanDiscardsRows
from backend_mentor.rules.plan.hash_spills_to_disk import HashSpillsToDisk
from backend_mentor.rules.plan.index_discards_rows import IndexDiscardsRows
from backend_mentor.rules.plan.index_only_scan_visits_table import IndexOnlyScanVisitsTable
from backend_mentor.rules.plan.index_walked_for_its_order import IndexWalkedForItsOrder
from backend_mentor.rules.plan.join_filter_discards_rows import JoinFilterDiscardsRows
from backend_mentor.rules.plan.kept_result_is_scanned import KeptResultIsScanned
from backend_mentor.rules.plan.lossy_bitmap import LossyBitmap
from backend_mentor.rules.plan.materialized_rows_read_again import MaterializedRowsReadAgain
from backend_mentor.rules.plan.memoize_is_useless import MemoizeIsUseless
from backend_mentor.rules.plan.nested_loop_blow_up import NestedLoopBlowUp
from backend_mentor.rules.plan.offset_throws_rows_away import OffsetThrowsRowsAway
from backend_mentor.rules.plan.order_index_under_limit import OrderIndexUnderLimit
from backend_mentor.rules.plan.planning_dominates import PlanningDominates
from backend_mentor.rules.plan.row_misestimate import RowMisestimate
from backend_mentor.rules.plan.rows_sorted_in_temporary_tree import RowsSortedInTemporaryTree
from backend_mentor.rules.plan.scan_inside_join import ScanInsideJoin
from backend_mentor.rules.plan.search_is_not_covering import SearchIsNotCovering
from backend_mentor.rules.plan.several_indexes_combined import SeveralIndexesCombined
from backend_mentor.rules.plan.several_searches_for_or import SeveralSearchesForOr
from backend_mentor.rules.plan.skip_scan import SkipScan
from backend_mentor.rules.plan.sort_spills_to_disk import SortSpillsToDisk
from backend_mentor.rules.plan.statistics_are_missing import StatisticsAreMissing
from backend_mentor.rules.plan.top_sort_of_many_rows import TopSortOfManyRows
from backend_mentor.rules.plan.trigger_takes_the_time import TriggerTakesTheTime
from backend_mentor.rules.plan.unhashed_not_in import UnhashedNotIn
from backend_mentor.rules.plan.wide_rows import WideRows
from backend_mentor.rules.plan.workers_not_launched import WorkersNotLaunched

if TYPE_CHECKING:
    from backend_mentor.rules.rule import Rule

# Rules over the work itself come before those over its circumstances.
PLAN_RULES: tuple[Rule, ...] = (
    FullScanDiscardsRows(),
    DocumentSearchedWithoutIndex(),
    ScanInsideJoin(),
    NestedLoopBlowUp(),
    JoinFilterDiscardsRows(),
    CorrelatedSubqueryRunsOften(),
    UnhashedNotIn(),
    IndexDiscardsRows(),
    OrderIndexUnderLimit(),
    OffsetThrowsRowsAway(),
    TopSortOfManyRows(),
    RowsSortedInTemporaryTree(),
    SortSpillsToDisk(),
    HashSpillsToDisk(),
    AggregateSpillsToDisk(),
    MaterializedRowsReadAgain(),
    MemoizeIsUseless(),
    CommonTableReadAgain(),
    KeptResultIsScanned(),
    AutomaticIndex(),
    BloomFilterStandsIn(),
    SearchIsNotCovering(),
    IndexWalkedForItsOrder(),
    SkipScan(),
    SeveralSearchesForOr(),
    SeveralIndexesCombined(),
    IndexOnlyScanVisitsTable(),
    LossyBitmap(),
    RowMisestimate(),
    StatisticsAreMissing(),
    WideRows(),
    WorkersNotLaunched(),
    TriggerTakesTheTime(),
    CompilationDominates(),
    PlanningDominates(),
    DisabledStepWasTaken(),
)
