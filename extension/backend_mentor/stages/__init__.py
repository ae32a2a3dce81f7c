"""What the stages of a review share, and the stages that only one kind of cell goes through."""
