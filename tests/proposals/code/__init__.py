"""Tests of what is suggested for code."""
