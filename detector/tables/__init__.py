"""Tables: exports that are rows under a header, as CSV, TSV or a workbook.

`table_format` makes a Format of what somebody says about such a table; a vendor's layout is one call:

    FORMAT = table_format(
        "example_calls", "Example calls (CSV)",
        Spec("Example calls", {"Call type": "type", "Date": "datetime", "Duration": "duration", "Number": "number"},
             header=("Call type", "Number", "Service"), kind="call", words={"f": "voicemail"}),
        absence="...",
    )

A file is recognised by its header row (`Spec.header`, within the first 30 rows) or, where nobody has said anything, by the words
of its header cells (headers/<language>.toml). Every row below the header is a record; so is every row above it, and every row of
a sheet without a table, each counted as skipped with the reason. Only the header row itself is none.

    words.py, languages.py   what header cells and values mean     moments.py, values.py   reading one cell
    layout.py    Spec, and the columns found by it                    times.py, rows.py       reading one row
    reading.py   bytes -> rows                                        book.py                 looking through a file once
    mapping.py   a person's own description of a table, in TOML
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice

from detector.errors import DetectorError, ExportError
from detector.event import Columns, Event
from detector.export import ZIP_ERRORS, Export, Format, Problem, Record, Skip
from detector.tables.batch import BatchReader
from detector.tables.book import Book, Choose, locator, rows_of, scan
from detector.tables.facts import facts
from detector.tables.layout import Glimpse, Layout, Spec, described
from detector.tables.reading import Row
from detector.tables.rows import RowReader

__all__ = ["Spec", "format_of", "table_format"]


def table_format(name: str, title: str, *specs: Spec, absence: str) -> Format:
    """Make the format of tables that somebody has described."""
    return format_of(name, title, _Described(specs), absence)


@dataclass(frozen=True, eq=False)
class _Described:
    """Chooses among specs; no closure, so that a format can go to a worker."""

    specs: tuple[Spec, ...]

    def __call__(self, glimpse: Glimpse) -> Layout | None:
        return described(self.specs, glimpse)


def format_of(name: str, title: str, choose: Choose, absence: str) -> Format:
    """Make the format of tables whose columns `choose` knows."""
    return Format(
        name=name,
        title=title,
        recognises=partial(_recognises, choose),
        records=partial(_records, choose),
        event=partial(_event, choose),
        absence=absence,
        facts=partial(facts, choose),
        columns=partial(_columns, choose),
    )


def _recognises(choose: Choose, export: Export) -> bool:
    try:
        return scan(export, choose) is not None
    except (DetectorError, OSError, EOFError, RuntimeError, ValueError, *ZIP_ERRORS):
        return False


def _book(choose: Choose, export: Export) -> Book:
    book = scan(export, choose)
    if book is None:
        msg = "no table with a header row that is known"
        raise ExportError(msg)
    return book


def _records(choose: Choose, export: Export) -> Iterator[tuple[str, Record]]:
    """Yield each row as {"sheet", "cells": {header: cell}}, with "skip" where it is not one of the table."""
    book = _book(choose, export)
    for sheet, rows in rows_of(export, book.text):
        table = book.tables.get(sheet)
        above = table.first - 1 if table else None
        reason = "row above the header of the table" if table else "sheet without a table of calls or messages"
        for number, row in enumerate(islice(rows, above), 1):
            yield locator(sheet, number), row if isinstance(row, Problem) else _skipped(sheet, row, reason)
        if not table:
            continue
        top = next(rows, [])
        repeated = [cell.strip() for cell in top] if isinstance(top, list) else []
        for number, row in enumerate(rows, table.first + 1):
            yield locator(sheet, number), row if isinstance(row, Problem) else _record(table.layout, sheet, repeated, row)


def _record(layout: Layout, sheet: str | None, repeated: list[str], row: Row) -> Record:
    if not any(map(str.strip, row)):
        return _skipped(sheet, [], "empty row")
    if row[0].strip() == repeated[0] and [cell.strip() for cell in row] == repeated:
        return _skipped(sheet, row, "header row, repeated")
    header = layout.header
    cells = dict(zip(header, row + [""] * (len(header) - len(row)), strict=False))
    for extra, cell in enumerate(row[len(header) :], len(header) + 1):
        cells[f"column {extra}, beyond the header"] = cell
    return {"sheet": sheet, "cells": cells}


def _skipped(sheet: str | None, row: Row, reason: str) -> Record:
    return {"sheet": sheet, "skip": reason, "cells": {f"column {n}": cell for n, cell in enumerate(row, 1)}}


def _event(choose: Choose, record: Record, export: Export) -> Event | Skip:
    if "skip" in record:
        return Skip(record["skip"])
    return _reader(choose, export, record["sheet"]).event(record["cells"])


def _columns(choose: Choose, records: Sequence[Record], export: Export) -> tuple[Columns, Sequence[int]]:
    """Make columns of the plain rows of one table; the others are left to `event`."""
    rows = [place for place, record in enumerate(records) if "skip" not in record]
    if len({records[place]["sheet"] for place in rows}) != 1:
        msg = "rows of several tables, or of none"
        raise ValueError(msg)
    values, done = _batch(choose, export, records[rows[0]]["sheet"]).columns([records[place]["cells"] for place in rows])
    return values, [rows[place] for place in done]


@lru_cache(maxsize=64)
def _batch(choose: Choose, export: Export, sheet: str | None) -> BatchReader:
    return BatchReader(_reader(choose, export, sheet))


@lru_cache(maxsize=64)
def _reader(choose: Choose, export: Export, sheet: str | None) -> RowReader:
    book = _book(choose, export)
    return RowReader(book, book.tables[sheet], export)
