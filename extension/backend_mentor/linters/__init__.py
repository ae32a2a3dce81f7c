"""What linters know already, run over the cell and said in the words of a review."""

from backend_mentor.linters.ruff import lint
