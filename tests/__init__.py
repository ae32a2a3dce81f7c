"""The tests, and the scripts that set up and check the project."""
