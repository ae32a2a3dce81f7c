"""Rules that look at the schema."""
