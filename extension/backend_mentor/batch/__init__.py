"""Many cells at once: notebooks, folders, plan baselines."""
