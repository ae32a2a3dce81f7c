"""What the best proposal for each slow query of the demo brings: `python -m tests.benchmarks.demo_queries`.

For both engines: counted work and the clock, before and after, as measured by the review itself.
"""

from __future__ import annotations

import sys

from backend_mentor.databases.base import Database
from backend_mentor.demo.connect import connect_demo, start_demo_server
from backend_mentor.demo.queries import QUERIES
from backend_mentor.pipeline import review


def main() -> int:
    """Review the ten queries on SQLite and on an embedded PostgreSQL, and print one line each."""
    show(connect_demo())
    database, server = start_demo_server()
    try:
        show(database)
    finally:
        database.close()
        server.close()
    return 0


def show(database: Database) -> None:
    """Print the gain of each query's best proposal on this database, or that it is to be left."""
    print(database.engine.title)
    for query in QUERIES:
        found = review(query.sql[database.engine.name], database, name=query.name)
        seconds = found.provenance.milliseconds / 1000
        best = found.proposals[0] if found.proposals else None
        gain = best.proof.measurement if best else None
        if best is None or gain is None:
            print(f"  {query.name:<18} left as it is{' ' * 57} reviewed in {seconds:.1f} s")
            continue
        counts = f"{gain.before.count or 0:>10,} → {gain.after.count or 0:>9,} {gain.unit}"
        times = f"{gain.before.median:>7,.1f} → {gain.after.median:>6,.2f} ms"
        print(f"  {query.name:<18} {best.name:<32} {counts} {times}   reviewed in {seconds:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
