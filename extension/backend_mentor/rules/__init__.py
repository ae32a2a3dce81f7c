"""What we notice. One rule is one module with its examples; the tuples here are all rules there are."""
