"""Where a review appears: they translate, call and show."""
