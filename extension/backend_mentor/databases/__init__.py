"""One folder per engine: the only code that speaks to a database."""
