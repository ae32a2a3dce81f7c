"""Rules on statements, columns and transactions."""
