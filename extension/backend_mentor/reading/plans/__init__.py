"""EXPLAIN output to the common tree, one module per engine."""
