"""What we suggest. One idea is one module with its examples; the tuples here are all ideas there are."""
