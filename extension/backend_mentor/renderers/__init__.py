"""How a review looks. Each module has `render(review) -> str` or `-> dict`; they know the domain alone."""
