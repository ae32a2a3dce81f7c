"""Rules on what costs time under load."""
