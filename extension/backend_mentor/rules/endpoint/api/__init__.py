"""Rules on what callers of an interface rely on."""
