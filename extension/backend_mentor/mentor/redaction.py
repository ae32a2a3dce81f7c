"""What leaves this machine has no secrets in it, and no values of rows."""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from dataclasses import dataclass, field

MARK = "[redacted]"

_SENSITIVE = (
    r"(?:pass(?:word|wd|phrase)?|pwd|sslpassword|secret\w*|token|api[_-]?key|access[_-]?key|auth\w*|credential\w*|"
    r"private[_-]?key|signing[_-]?key)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), MARK),
    (re.compile(r"\b([a-z][a-z0-9+.-]*://)[^\s/@'\"]+@", re.IGNORECASE), rf"\1{MARK}@"),
    (re.compile(rf"([?&;]\w*{_SENSITIVE}\w*=)[^\s&;'\"]+", re.IGNORECASE), rf"\1{MARK}"),
    # A quoted value of a thing that is called a secret; bare code such as `password: str` stays.
    (
        re.compile(rf"(\b\w*{_SENSITIVE}\w*['\"]?\s*[:=]\s*[rbf]?)(['\"])[^'\"\n]{{4,}}\2", re.IGNORECASE),
        rf"\1\2{MARK}\2",
    ),
    (re.compile(r"(?m)^(\s*(?:export\s+)?[A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD)=)\S+"), rf"\1{MARK}"),
    (re.compile(r"(\b(?:host|dbname|user)=\S+[^\n]*?\bpassword=)\S+", re.IGNORECASE), rf"\1{MARK}"),
    (re.compile(r"(\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{8,}"), rf"\1{MARK}"),
    (re.compile(r"\bsk-[A-Za-z0-9_-]{8,}"), MARK),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), MARK),
    (re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza|npm_|hf_|pypi-)[A-Za-z0-9_-]{8,}"), MARK),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?"), MARK),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), MARK),
    (re.compile(r"\bKey \(([^)]*)\)=\(.*?\)(?=[\s.]|\Z)"), rf"Key (\1)=({MARK})"),
)
_LONG_LITERAL = re.compile(r"(?<=['\"])[A-Za-z0-9+/_=-]{24,}(?=['\"])")
_LITERAL = re.compile(r"(?<!\w)(?P<kind>[xXeEbBnN]?)'(?:[^']|'')*'(?!\w)")
_PLAIN_NUMBER = re.compile(r"(?<![\w.$?:#])-?\d+(?:\.\d+)?(?![\w.])")
# Random text has more than this many bits a character; words and names have fewer.
_RANDOM_BITS = 3.6
_SECRET_VARIABLE = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|DATABASE_URL", re.IGNORECASE)
_PASSWORD_OF_URL = re.compile(r"://[^\s/:@]*:([^\s/@]+)@")
_SHORTEST_SECRET = 8


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes secrets out of every text that goes out, and values of rows out of what comes from the database."""

    cell: str = ""
    """The user's own text: a literal that stands there came from the user, not from a row."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Texts that never go out, wherever they stand."""

    @classmethod
    def of(cls, cell: str, *secrets: str) -> Redactor:
        """Return the redactor for a cell; the environment's own secrets are known to it."""
        found = [value for name, value in os.environ.items() if _SECRET_VARIABLE.search(name)]
        inside = [part for value in (*secrets, *found) for part in _PASSWORD_OF_URL.findall(value)]
        kept = {each for each in (*secrets, *found, *inside) if len(each) >= _SHORTEST_SECRET}
        return cls(cell, tuple(sorted(kept, key=len, reverse=True)))

    def redact(self, text: str) -> str:
        """Return the text without URLs' passwords, keys, tokens, addresses of people and other secrets."""
        for secret in self.secrets:
            text = text.replace(secret, MARK)
        for pattern, put in _PATTERNS:
            text = pattern.sub(put, text)
        text = _LONG_LITERAL.sub(lambda found: MARK if _is_random(found[0]) else found[0], text)
        # A lone surrogate can not be sent at all.
        return text.encode("utf-8", "replace").decode("utf-8")

    def without_values(self, text: str) -> str:
        """Return the text with each literal that the user did not write in the cell as `'…'`, and redacted."""
        return self.redact(_LITERAL.sub(lambda found: found[0] if found[0] in self.cell else "'…'", text))

    def condition(self, text: str) -> str:
        """Return a condition of a plan with its literals normalised, numbers too."""
        return self.without_values(_PLAIN_NUMBER.sub(self._number, text))

    def _number(self, found: re.Match[str]) -> str:
        return found[0] if re.search(rf"(?<![\w.]){re.escape(found[0])}(?![\w.])", self.cell) else "?"


def holds_key(text: str) -> bool:
    """Return whether a text holds an Anthropic key."""
    return re.search(r"\bsk-ant-[A-Za-z0-9_-]{8,}", text) is not None


def _is_random(text: str) -> bool:
    counts = Counter(text)
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    mixed = bool(re.search(r"\d", text)) and bool(re.search(r"[A-Za-z]", text))
    return mixed and bits > _RANDOM_BITS
