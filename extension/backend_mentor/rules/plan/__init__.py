"""Rules that look at the plan."""
