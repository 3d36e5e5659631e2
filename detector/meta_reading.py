"""Read the list in a JSON file of Meta: at once where the file is small, as a stream where it is large or broken.

A file that is cut off or damaged gives the entries before the break and then an ExportError that says where it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ijson
import orjson

from detector.errors import ExportError
from detector.export import ZIP_ERRORS, Export

WHOLE_BYTES = 16 << 20
"""Files up to this size are read at once. Meta starts a new file after about 10,000 messages, a few megabytes."""

BOM = b"\xef\xbb\xbf"
UNPARSED = object()
"""Stands for a document that is too large or too damaged to be read at once."""

_UNREADABLE = (ijson.JSONError, UnicodeError, ValueError, EOFError, OSError, RuntimeError, *ZIP_ERRORS)


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
        if stream.read(len(BOM)) != BOM:
            stream.seek(0)
        try:
            for entry in ijson.items(stream, f"{key}.item" if key else "item"):
                yield entry
                count += 1
        except _UNREADABLE as error:
            raise ExportError(_broken(export, count, stream.tell(), error)) from error


def _broken(export: Export, count: int, byte: int, error: BaseException) -> str:
    why = str(error).partition("\n")[0].strip() or type(error).__name__
    if not count:
        return f"{export.title} is not readable as JSON from the start ({why}): nothing was read; download or unpack it again"
    return (
        f"{export.title} breaks off after entry {count - 1}, within its first {byte} of {export.bytes} bytes ({why}): "
        "what came before was read; download or unpack it again for the rest"
    )
