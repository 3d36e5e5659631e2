"""The text of an exported chat, in blocks that begin with a header, so that a file of any size needs little memory.

UTF-8, with or without a byte-order mark, is what WhatsApp writes; UTF-16 and Windows-1252 are what a file becomes that was
saved again in an editor. Lines end with a line feed; a carriage return before it belongs to the line end.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from detector.export import Export

BLOCK = 1 << 20
"""Characters that are read at a time."""


def encoding_of(export: Export) -> str:
    """Tell the encoding from the first bytes."""
    head = export.head
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    if len(head) >= 4 and 0 in head[:4] and head[:64].count(0) * 3 > len(head[:64]):
        return "utf-16-le" if head[1] == 0 else "utf-16-be"
    return "cp1252" if _is_one_byte(head) else "utf-8"


def _is_one_byte(head: bytes) -> bool:
    """Tell whether there are letters beyond ASCII and none of them is UTF-8."""
    text = head.decode("utf-8", "replace")
    strange = text.count("\ufffd")
    return strange > 1 and not any(c > "\x7f" and c != "\ufffd" for c in text)


def head_text(export: Export) -> str:
    """Return the beginning of the file as text; bytes that are none become U+FFFD."""
    return export.head.decode(encoding_of(export), "replace")


def blocks(export: Export, header: re.Pattern[str], encoding: str, errors: str) -> Iterator[str]:
    """Yield the text in pieces that begin where a message begins (the first: where the file begins)."""
    with export.open() as stream, io.TextIOWrapper(stream, encoding, errors, newline="") as reader:
        held = ""
        while chunk := reader.read(BLOCK):
            held += chunk
            cut = _last_start(header, held)
            if cut:
                yield held[:cut]
                held = held[cut:]
        if held:
            yield held


def pieces(export: Export, starts: npt.NDArray[np.int64], encoding: str, errors: str) -> Iterator[str]:
    """Yield the text from each of these characters, counted from the first, to the next."""
    with export.open() as stream, io.TextIOWrapper(stream, encoding, errors, newline="") as reader:
        held, base, row = "", 0, 0
        while chunk := reader.read(BLOCK):
            held += chunk
            upto = int(np.searchsorted(starts, base + len(held)))
            cuts = (starts[row:upto] - base).tolist()
            for a, b in pairwise(cuts):
                yield held[a:b]
            if cuts:
                held, base, row = held[cuts[-1] :], base + cuts[-1], upto - 1
        yield held


def _last_start(header: re.Pattern[str], text: str) -> int:
    """Find where the last message begins, looking at the last lines first."""
    end = len(text)
    while (end := text.rfind("\n", 0, end)) >= 0:
        if header.match(text, end + 1):
            return end + 1
    return 0
