"""Which calls in Python code ask a database; `reading` tells, fixes too."""

from __future__ import annotations

from backend_mentor.reading.endpoints.asking import asks_database as asks_database
from backend_mentor.reading.endpoints.asking import chained as chained
from backend_mentor.reading.endpoints.asking import names_session as names_session
from backend_mentor.reading.endpoints.asking import statement_writes as statement_writes
from backend_mentor.reading.endpoints.asking import writes as writes
