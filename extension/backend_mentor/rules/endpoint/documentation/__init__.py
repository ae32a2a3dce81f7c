"""Rules on what readers of the interface need."""
