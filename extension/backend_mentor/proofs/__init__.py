"""What we can show: trials, costs, measured runs."""
