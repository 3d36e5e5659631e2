"""Read the list in a JSON file of Meta: at once where the file is small, as a stream where it is large or broken.

A file that is cut off or damaged gives the entries before the break and then an ExportError that says where it is. The
stream is watched for nesting: ijson needs memory by the square of the depth, and a made-up file could exhaust it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

import ijson
import numpy as np
import orjson

from detector.errors import ExportError
from detector.export import ZIP_ERRORS, Export

WHOLE_BYTES = 16 << 20
"""Files up to this size are read at once. Meta starts a new file after about 10,000 messages, a few megabytes."""

BLOCK = 1 << 20
DEEPEST = 500
"""Real files are nested six deep."""

BOM = b"\xef\xbb\xbf"
STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
UNPARSED = object()
"""Stands for a document that is too large or too damaged to be read at once."""

_UNREADABLE = (ijson.JSONError, UnicodeError, ValueError, EOFError, OSError, RuntimeError, *ZIP_ERRORS)
_TOKENS = re.compile(STRING + rb"|[\[\]{}]", re.DOTALL)
_TOO_DEEP = f"nested more than {DEEPEST} deep, which no download is"
_NO_MARK = bytes(set(range(256)) - set(b'[]{}"'))
_STEP = np.zeros(256, np.int8)
_STEP[list(b"[{")], _STEP[list(b"]}")] = 1, -1


def document(export: Export) -> Any:
    """Return the file's contents, or `UNPARSED`."""
    if export.bytes > WHOLE_BYTES:
        return UNPARSED
    try:
        with export.open() as stream:
            return orjson.loads(stream.read().removeprefix(BOM))
    except _UNREADABLE:
        return UNPARSED


def entries(export: Export, key: str) -> Iterator[Any]:
    """Yield the entries of the list under `key`."""
    whole = document(export)
    if whole is UNPARSED:
        yield from streamed(export, key)
        return
    found = whole.get(key) if isinstance(whole, dict) else None
    if not isinstance(found, list):
        msg = f'{export.title}: there is no list called "{key}" in it; it is another kind of file or was changed'
        raise ExportError(msg)
    yield from found


def streamed(export: Export, key: str | None) -> Iterator[Any]:
    """Yield the entries of the list under `key`, or of the file itself if that is None, as far as they can be read."""
    count = 0
    with export.open() as stream:
        watched = _Watched(stream)
        try:
            for entry in ijson.items(watched, f"{key}.item" if key else "item"):
                yield entry
                count += 1
        except _UNREADABLE as error:
            raise ExportError(_broken(export, count, watched.bytes, error)) from error


class _Watched:
    """A stream for ijson that ends with an error where the nesting becomes too deep."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._blocks = blocks(stream)
        self._depth = self.bytes = 0
        self._over = False

    def read(self, size: int) -> bytes:
        """Return the next block, whatever its size; nothing if nothing is asked for, as ijson does to learn the type."""
        if self._over:
            raise ValueError(_TOO_DEEP)
        block = next(self._blocks, b"") if size else b""
        self._depth, safe = _depth(block, self._depth)
        self._over = safe < len(block)
        self.bytes += safe
        return block[:safe].removeprefix(BOM) or (self.read(size) if self._over else b"")


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Cut the bytes where no string can be open: at the last line end, or before a key that Meta uses."""
    held = b""
    while chunk := stream.read(BLOCK):
        held += chunk
        cut = max(held.rfind(b"\n"), held.rfind(b'"sender_name"'), held.rfind(b'"timestamp"'))
        if cut > 0:
            yield held[:cut]
            held = held[cut:]
    yield held


def _depth(block: bytes, before: int) -> tuple[int, int]:
    """Return how deep the nesting is after a block, and how many of its bytes come before it is too deep."""
    marks = np.frombuffer(block.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _NO_MARK), np.uint8)
    outside = np.cumsum(marks == ord('"'), dtype=np.int64) % 2 == 0
    depths = before + np.cumsum(np.where(outside, _STEP[marks], 0), dtype=np.int64)
    if depths.max(initial=0) <= DEEPEST:
        return int(depths[-1]) if len(depths) else before, len(block)
    wanted = np.count_nonzero(_STEP[marks[: np.argmax(depths > DEEPEST)]][outside[: np.argmax(depths > DEEPEST)]])
    places = (found.start() for found in _TOKENS.finditer(block) if found[0][0] != ord('"'))
    return DEEPEST, next(islice(places, int(wanted), None), 0)


def _broken(export: Export, count: int, byte: int, error: BaseException) -> str:
    why = str(error).partition("\n")[0].strip() or type(error).__name__
    if not count:
        return f"{export.title} is not readable as JSON from the start ({why}): nothing was read; download or unpack it again"
    return (
        f"{export.title} breaks off after entry {count - 1}, within its first {byte} of {export.bytes} bytes ({why}): "
        "what came before was read; download or unpack it again for the rest"
    )
