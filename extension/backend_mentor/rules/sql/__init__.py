"""Rules that look at the sql."""
