"""The rows of a table file: text with separators, or a workbook (xlsx, xls, ods), every cell as text.

Text is UTF-8 if all of it is, UTF-16 if a byte order mark or its zeros say so, and otherwise the code page that the caller names.
Cells of a workbook that are dates come as "2024-01-02 03:04:05", times and lengths as "03:04:05", whole numbers without ".0".
Rows are numbered as a spreadsheet numbers them: a cell of several lines is in one row, an empty row counts.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zipfile import ZipFile

import python_calamine as calamine

from detector.errors import ExportError
from detector.export import ZIP_ERRORS, Export, Problem

DELIMITERS = (",", ";", "\t", "|")
QUOTE_LINES = 500
"""A quoted cell with more lines was never closed."""
WORKBOOK_BYTES = 4 << 30
"""A workbook that unpacks to more is not read."""

_UNOPENED = (calamine.CalamineError, calamine.PasswordError, OSError, RuntimeError, ValueError, *ZIP_ERRORS)

Row = list[str]
_END = "\0end of file\0"
csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Text:
    """How a text file is written."""

    encoding: str
    delimiter: str = ","
    notes: tuple[str, ...] = ()


def text_rows(export: Export, text: Text) -> Iterator[Row | Problem]:
    """Yield the rows of a text file."""
    with export.open() as stream, io.TextIOWrapper(stream, text.encoding, errors="replace", newline="") as lines:
        yield from split_rows(lines, text.delimiter)


def split_rows(source: Iterator[str] | io.TextIOBase, delimiter: str) -> Iterator[Row | Problem]:
    """Split lines into rows. A quotation mark out of place, or never closed, costs its own line at most.

    Such a line is split at every separator, quotation marks kept, if that gives as many cells as the row before it.
    """
    pushed: deque[str] = deque()
    width = 0
    while True:
        taken: list[str] = []
        try:
            for row in csv.reader(_lines(source, pushed, taken), delimiter=delimiter, strict=True):
                if row == [_END]:
                    return
                yield row
                width = len(row)
                taken.clear()
        except csv.Error:
            cells = taken[0].rstrip("\r\n").split(delimiter)
            damaged = Problem(f"a quotation mark in this row is out of place or never closed: {taken[0].strip()[:80]}")
            yield cells if len(cells) == width else damaged
            pushed.extendleft(reversed(taken[1:]))


def _lines(source: Iterator[str] | io.TextIOBase, pushed: deque[str], taken: list[str]) -> Iterator[str]:
    """Yield what was pushed back, then the source, then a row that marks the end; cut short where a cell goes on for ever."""
    while len(taken) < QUOTE_LINES:
        line = pushed.popleft() if pushed else next(source, None)
        if line is None:
            break
        taken.append(line)
        yield line
    yield _END


def encoding_of(export: Export, fallback: str = "cp1252") -> Text:
    """Find out how the text of a file is encoded, reading all of it."""
    if export.head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Text("utf-16")
    if guessed := wide(export.head):
        return Text(guessed)
    bad, good = _utf8_count(export)
    if not bad:
        return Text("utf-8-sig")
    if good > 10 * bad:
        return Text("utf-8-sig", notes=(f"{bad} places are not valid UTF-8 and are shown as \ufffd",))
    return Text(fallback, notes=(f"the text is not UTF-8: read as {fallback}; if letters look wrong, export it again as UTF-8",))


def wide(head: bytes) -> str | None:
    """Return which UTF-16 the bytes are, if every other of them is zero."""
    sample = head[:400]
    if len(sample) < 8 or sample.count(0) < len(sample) // 3:
        return None
    return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"


def _utf8_count(export: Export) -> tuple[int, int]:
    """Return how many places are not UTF-8, and how many characters beyond ASCII are."""
    decoder, bad, good = codecs.getincrementaldecoder("utf-8")("replace"), 0, 0
    with export.open() as stream:
        while chunk := stream.read(1 << 20):
            if chunk.isascii():
                bad += decoder.decode(b"", True).count("\ufffd")
                decoder.reset()
                continue
            text = decoder.decode(chunk)
            wrong = text.count("\ufffd")
            bad, good = bad + wrong, good + len(text) - len(text.encode("ascii", "ignore")) - wrong
    return bad + decoder.decode(b"", True).count("\ufffd"), good


def is_workbook(export: Export) -> bool:
    """Tell from the first bytes whether a file may be a workbook."""
    if export.head.startswith(b"\xd0\xcf\x11\xe0"):
        return True
    return export.head.startswith(b"PK\x03\x04") and export.name.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".ods"))


@lru_cache(maxsize=2)
def _workbook(export: Export) -> tuple[tuple[str, calamine.CalamineSheet], ...]:
    try:
        with export.open() as stream:
            data = stream.read()
        _check_size(data)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return tuple((name, book.get_sheet_by_name(name)) for name in book.sheet_names)
    except BaseException as error:
        if not isinstance(error, _UNOPENED) and type(error).__name__ != "PanicException":  # a Rust panic is no Exception
            raise
        msg = f"the workbook cannot be opened: {' '.join(str(error).split())}; if it has a password, save it without one"
        raise ExportError(msg) from error


def _check_size(data: bytes) -> None:
    if data.startswith(b"PK"):
        size = sum(member.file_size for member in ZipFile(io.BytesIO(data)).infolist())
        if size > WORKBOOK_BYTES:
            msg = f"it would unpack to {size >> 20} MB"
            raise ValueError(msg)


def sheet_names(export: Export) -> list[str]:
    """Return the names of the sheets of a workbook; ExportError if it cannot be opened."""
    return [name for name, _ in _workbook(export)]


def sheet_rows(export: Export, name: str) -> Iterator[Row]:
    """Yield the rows of one sheet."""
    sheet = next(sheet for title, sheet in _workbook(export) if title == name)
    if sheet.end is None:
        return
    for row in sheet.iter_rows():
        yield [cell if type(cell) is str else cell_text(cell) for cell in row]


def cell_text(cell: object) -> str:
    """Write a cell of a workbook as text."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)
    if isinstance(cell, timedelta):
        whole = round(cell.total_seconds())
        return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
