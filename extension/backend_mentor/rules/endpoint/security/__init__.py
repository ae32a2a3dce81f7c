"""Rules on what lets others in."""
