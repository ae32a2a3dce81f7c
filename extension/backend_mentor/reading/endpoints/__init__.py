"""Endpoint code read from its source alone."""

from __future__ import annotations

from backend_mentor.reading.endpoints.source import read_source

__all__ = ["read_source"]
