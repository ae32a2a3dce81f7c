"""`python -m backend_mentor`, and the `backend-mentor` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return its exit status."""
    from backend_mentor.surfaces.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
