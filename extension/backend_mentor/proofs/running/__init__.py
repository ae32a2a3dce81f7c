"""Endpoint code, run: requests in this process, the statements behind them, and what growing data does to them."""
