"""Tests of the recipes and of how they are offered."""
