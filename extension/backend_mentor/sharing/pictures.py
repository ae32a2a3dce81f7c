"""PNG pictures without what they carry beside their points."""

from __future__ import annotations

import struct

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"pHYs"})
_FRAME_BYTES = 12
"""Of a chunk around its data: length, name and checksum (PNG specification, 5.3)."""


def without_text(picture: bytes) -> bytes:
    """Return the picture with the chunks that draw it alone; raises ValueError where it is no PNG."""
    if not picture.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    made, place = [_SIGNATURE], len(_SIGNATURE)
    while place + _FRAME_BYTES <= len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        end = place + _FRAME_BYTES + length
        name = picture[place + 4 : place + 8]
        if name in _NEEDED:
            made.append(picture[place:end])
        place = end
        if name == b"IEND":
            break
    return b"".join(made)
