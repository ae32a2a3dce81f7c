"""Rules on state, order and concurrency."""
