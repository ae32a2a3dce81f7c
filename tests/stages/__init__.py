"""Tests of the stages that only one kind of cell goes through."""
