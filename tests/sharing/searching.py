"""Whether a text stands in bytes, in any form in which it could still be read: written apart from the product's own."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

_RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}")


def holds(content: bytes, text: str) -> bool:
    """Return whether the text is in the bytes: plain, escaped, in hexadecimal digits, UTF-16, or in base64."""
    spelled = {
        text,
        quote(text, safe=""),
        quote_plus(text),
        json.dumps(text)[1:-1],
        html.escape(text),
        repr(text)[1:-1],
    }
    forms = {each.encode() for each in spelled} | {text.encode("utf-16-le"), text.encode().hex().encode()}
    forms |= {json.dumps(each)[1:-1].encode() for each in spelled}
    return any(form in each for form in forms for each in (content, *_decoded(content)))


def _decoded(content: bytes) -> list[bytes]:
    joined = content.replace(b"\\n", b"").replace(b'",\n', b"")
    runs = [run.translate(bytes.maketrans(b"-_", b"+/")) for run in (*_RUN.findall(content), *_RUN.findall(joined))]
    pieces = [run[offset:] for run in runs for offset in range(4)]
    whole = [piece[: len(piece) - (len(piece) % 4 == 1)] for piece in pieces]
    return [base64.b64decode(piece + b"=" * (-len(piece) % 4)) for piece in whole]
