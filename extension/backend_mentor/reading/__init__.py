"""Text to domain values: pure, no I/O."""
