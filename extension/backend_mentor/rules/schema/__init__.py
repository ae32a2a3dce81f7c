"""Rules that look at the schema that a statement defines or changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_mentor.rules.schema.arbitrary_length import ArbitraryLength
from backend_mentor.rules.schema.column_taken_away import ColumnTakenAway
from backend_mentor.rules.schema.constraint_checked_under_lock import ConstraintCheckedUnderLock
from backend_mentor.rules.schema.float_for_money import FloatForMoney
from backend_mentor.rules.schema.index_blocks_writes import IndexBlocksWrites
from backend_mentor.rules.schema.index_repeats_another import IndexRepeatsAnother
from backend_mentor.rules.schema.key_may_be_null import KeyMayBeNull
from backend_mentor.rules.schema.length_is_not_enforced import LengthIsNotEnforced
from backend_mentor.rules.schema.list_in_column import ListInColumn
from backend_mentor.rules.schema.missing_reference import MissingReference
from backend_mentor.rules.schema.not_null_scans_table import NotNullScansTable
from backend_mentor.rules.schema.nullable_unique import NullableUnique
from backend_mentor.rules.schema.padded_text import PaddedText
from backend_mentor.rules.schema.plain_json import PlainJson
from backend_mentor.rules.schema.readable_password import ReadablePassword
from backend_mentor.rules.schema.reference_without_index import ReferenceWithoutIndex
from backend_mentor.rules.schema.required_column_without_default import RequiredColumnWithoutDefault
from backend_mentor.rules.schema.serial_column import SerialColumn
from backend_mentor.rules.schema.small_primary_key import SmallPrimaryKey
from backend_mentor.rules.schema.table_taken_away import TableTakenAway
from backend_mentor.rules.schema.table_without_key import TableWithoutKey
from backend_mentor.rules.schema.timestamp_without_zone import TimestampWithoutZone
from backend_mentor.rules.schema.type_change_rewrites_table import TypeChangeRewritesTable
from backend_mentor.rules.schema.values_in_check import ValuesInCheck
from backend_mentor.rules.schema.volatile_default import VolatileDefault

if TYPE_CHECKING:
    from backend_mentor.rules.rule import Rule

# The design of tables comes before changes to those that hold rows.
SCHEMA_RULES: tuple[Rule, ...] = (
    TableWithoutKey(),
    ReferenceWithoutIndex(),
    MissingReference(),
    FloatForMoney(),
    ListInColumn(),
    ReadablePassword(),
    TimestampWithoutZone(),
    PaddedText(),
    ArbitraryLength(),
    LengthIsNotEnforced(),
    SerialColumn(),
    SmallPrimaryKey(),
    ValuesInCheck(),
    NullableUnique(),
    KeyMayBeNull(),
    IndexRepeatsAnother(),
    IndexBlocksWrites(),
    RequiredColumnWithoutDefault(),
    VolatileDefault(),
    TypeChangeRewritesTable(),
    NotNullScansTable(),
    ConstraintCheckedUnderLock(),
    ColumnTakenAway(),
    TableTakenAway(),
    PlainJson(),
)
