"""Rules on failures and what is said of them."""
