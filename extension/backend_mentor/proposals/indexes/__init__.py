"""Indexes that are worth a trial."""
