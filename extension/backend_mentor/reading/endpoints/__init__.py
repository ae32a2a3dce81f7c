"""Endpoint code read from its source alone."""

from __future__ import annotations

from backend_mentor.reading.endpoints.explanation import explain_source
from backend_mentor.reading.endpoints.source import read_source

__all__ = ["explain_source", "read_source"]
