"""Names by which people call secrets, money and people's data; `reading` tells, fixes too."""

from __future__ import annotations

from backend_mentor.reading.endpoints.words import names_money as names_money
from backend_mentor.reading.endpoints.words import names_password as names_password
from backend_mentor.reading.endpoints.words import names_secret as names_secret
from backend_mentor.reading.endpoints.words import words_of as words_of
