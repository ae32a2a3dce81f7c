"""Backend Mentor."""
