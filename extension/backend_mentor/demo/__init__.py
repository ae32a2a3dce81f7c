"""The sample database and its slow queries."""
