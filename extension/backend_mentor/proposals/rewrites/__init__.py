"""Statements that mean the same and cost less."""
