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

    words.py     what header cells and values mean, by language       moments.py, values.py   reading one cell
    layout.py    Spec, and the columns found by it                    times.py, rows.py       reading one row
    reading.py   bytes -> rows                                        book.py                 looking through a file once
    mapping.py   a person's own description of a table, in TOML
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice

from detector.errors import ExportError
from detector.event import Event
from detector.export import Export, Facts, Format, Options, Problem, Record, Skip
from detector.tables.book import Book, Choose, locator, rows_of, scan
from detector.tables.facts import facts
from detector.tables.layout import Layout, Spec, described
from detector.tables.rows import RowReader

__all__ = ["Spec", "choose_among", "format_of", "table_format"]


def table_format(name: str, title: str, *specs: Spec, absence: str) -> Format:
    """Make the format of tables that somebody has described."""
    return format_of(name, title, _Described(specs), absence)


@dataclass(frozen=True, eq=False)
class _Described:
    """Chooses among specs; no closure, so that a format can go to a worker."""

    specs: tuple[Spec, ...]

    def __call__(
        self, sheet: str | None, header: Sequence[str], sample: Sequence[Sequence[str]], options: Options
    ) -> Layout | None:
        return choose_among(self.specs, sheet, header)


def choose_among(specs: Sequence[Spec], sheet: str | None, header: Sequence[str]) -> Layout | None:
    """Return the layout of the first that fits the sheet and the header row."""
    fitting = (spec for spec in specs if spec.sheet is None or (sheet or "").startswith(spec.sheet))
    return next((layout for spec in fitting if (layout := described(spec, header))), None)


def format_of(name: str, title: str, choose: Choose, absence: str) -> Format:
    """Make the format of tables whose columns `choose` knows."""
    return Format(
        name, title, partial(_recognises, choose), partial(_records, choose), partial(_event, choose), absence, partial(facts, choose)
    )  # fmt: skip


def _recognises(choose: Choose, export: Export) -> bool:
    try:
        return scan(export, choose) is not None
    except (ExportError, OSError, EOFError, RuntimeError, ValueError):
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
        for number, row in enumerate(islice(rows, above), 1):
            reason = "row above the header of the table" if table else "sheet without a table of calls or messages"
            yield locator(sheet, number), row if isinstance(row, Problem) else _skipped(sheet, row, reason)
        if not table:
            continue
        header = table.layout.header
        plain_header = [cell.strip() for cell in next(rows, []) if isinstance(cell, str)]  # type: ignore[union-attr]
        for number, row in enumerate(rows, table.first + 1):
            if isinstance(row, Problem):
                yield locator(sheet, number), row
            else:
                yield locator(sheet, number), _record(sheet, header, plain_header, row)


def _record(sheet: str | None, header: tuple[str, ...], plain_header: list[str], row: list[str]) -> Record:
    if not any(row):
        return _skipped(sheet, [], "empty row")
    if (
        row[0].strip().lstrip("\ufeff") == plain_header[0].lstrip("\ufeff")
        and [cell.strip() for cell in row][1:] == plain_header[1:]
    ):
        return _skipped(sheet, row, "header row, repeated")
    if len(row) < len(header):
        row = row + [""] * (len(header) - len(row))
    cells = dict(zip(header, row, strict=False))
    for extra, cell in enumerate(row[len(header) :], len(header) + 1):
        cells[f"column {extra}, beyond the header"] = cell
    return {"sheet": sheet, "cells": cells}


def _skipped(sheet: str | None, row: list[str], reason: str) -> Record:
    return {"sheet": sheet, "skip": reason, "cells": {f"column {n}": cell for n, cell in enumerate(row, 1)}}


def _event(choose: Choose, record: Record, export: Export) -> Event | Skip:
    if "skip" in record:
        return Skip(record["skip"])
    event = _reader(choose, export, record["sheet"]).event(record["cells"])
    return event or Skip("use of data, which is contact with nobody")


@lru_cache(maxsize=64)
def _reader(choose: Choose, export: Export, sheet: str | None) -> RowReader:
    book = _book(choose, export)
    return RowReader(book, book.tables[sheet], export)
