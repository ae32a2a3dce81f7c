"""The goals of exercises: one module for each way of judging, on the user's database."""

from backend_mentor.lessons.goals.command_ends import CommandEnds, Folder
from backend_mentor.lessons.goals.index_tried import IndexTried
from backend_mentor.lessons.goals.plan_read import PlanRead
from backend_mentor.lessons.goals.quiet_review import QuietReview, TestsPass
from backend_mentor.lessons.goals.rows_that_differ import RowsThatDiffer
from backend_mentor.lessons.goals.same_answer import SameAnswer
from backend_mentor.lessons.goals.stays_here import StaysHere
from backend_mentor.lessons.goals.write_refused import WriteRefused

__all__ = [
    "CommandEnds",
    "Folder",
    "IndexTried",
    "PlanRead",
    "QuietReview",
    "RowsThatDiffer",
    "SameAnswer",
    "StaysHere",
    "TestsPass",
    "WriteRefused",
]
