"""Book: a table file looked through once: its tables, how it is written, and in which order its dates are.

The order of "1/2/2024" is what all such dates of the file allow: one "13/2/2024" settles it. Where both orders fit all, or
neither does, nothing is guessed: the records with such dates are problems until --date-order is given. A workbook in which
some dates are text and the others real dates, none of them after the 12th, was read by a spreadsheet in the wrong
order: its real dates are problems too.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import get_args

from detector.export import DateOrder, Export, Options, Problem
from detector.tables import moments
from detector.tables.languages import Role, languages
from detector.tables.layout import HEADER_WITHIN, SAMPLE, Glimpse, Layout
from detector.tables.reading import (
    DELIMITERS,
    Row,
    Text,
    encoding_of,
    is_workbook,
    sheet_names,
    sheet_rows,
    split_rows,
    text_rows,
    wide,
)
from detector.tables.words import header_pages

Choose = Callable[[Glimpse], Layout | None]
"""Says what the columns of a table mean, if the row that it is shown is its header."""

TIME_ROLES: tuple[Role, ...] = ("datetime", "date", "time", "sent")


@dataclass(frozen=True)
class Table:
    """One table: where its header stands and what its columns mean."""

    sheet: str | None
    first: int  # row of the header, from 1
    layout: Layout
    clock_digits: int = 6  # of times of day without separators


@dataclass
class Dates:
    """What the dates of a file allow."""

    fits: set[DateOrder] = field(default_factory=lambda: set(get_args(DateOrder)))
    samples: dict[DateOrder, str] = field(default_factory=dict)  # the first date that each order rules out
    differing: str | None = None  # the first date that two orders read differently
    real_days: set[int] = field(default_factory=set)  # days of the month of the real dates of a workbook
    text: bool = False
    heads: set[str] = field(default_factory=set)  # the beginnings of cells that have been taken into account

    def see(self, cell: str, sheet: str | None, row: int) -> None:
        """Take one cell of a column of times into account."""
        head = cell.strip()[:10]
        if head in self.heads:
            return
        self.heads.add(head)
        if cell[4:5] == "-" and cell[8:10].isdigit():
            self.real_days.add(int(cell[8:10]))
            return
        readings = moments.orders(cell)
        if not readings:
            return
        self.text = True
        for order in self.fits - readings.keys():
            self.samples[order] = f'"{cell.strip()}" ({locator(sheet, row)})'
        self.fits &= readings.keys()
        if self.differing is None and len({readings[order] for order in ("DMY", "MDY") if order in readings}) > 1:
            self.differing = f'"{cell.strip()}" ({locator(sheet, row)})'

    @property
    def order(self) -> DateOrder | None:
        """The one order that fits; year, month, day only if neither of the others does."""
        fits = sorted(self.fits - {"YMD"}) or sorted(self.fits)
        return fits[0] if len(fits) == 1 else None

    @property
    def doubt(self) -> str | None:
        """Why the dates cannot be read, with the option that settles it."""
        if not self.text or self.order or (self.fits and not self.differing):
            return None
        way_out = "say which it is with --date-order DMY, MDY or YMD"
        if not self.fits:
            both = f"{self.samples['DMY']} and {self.samples['MDY']}"
            return f"no one order of day and month fits all dates: {both}; {way_out}"
        return f"day and month cannot be told apart: {self.differing} may be either order; {way_out}"

    @property
    def swapped(self) -> bool:
        """Whether the real dates of a workbook are likely to have day and month exchanged."""
        return self.text and self.order in ("DMY", "MDY") and bool(self.real_days) and max(self.real_days) <= 12


@dataclass(frozen=True, eq=False)
class Book:
    """A table file, looked through."""

    text: Text | None  # None: a workbook
    tables: dict[str | None, Table]
    dates: Dates
    senders: frozenset[str]  # what stands in the columns of from
    receivers: frozenset[str]  # and of to
    notes: tuple[str, ...] = ()


def locator(sheet: str | None, row: int) -> str:
    """Return the locator of a row."""
    return f"row {row}" if sheet is None else f"{sheet}!R{row}"


def rows_of(export: Export, text: Text | None) -> Iterator[tuple[str | None, Iterator[Row | Problem]]]:
    """Yield each sheet's name and rows; a text file has one sheet without a name."""
    if text:
        yield None, text_rows(export, text)
        return
    for name in sheet_names(export):
        yield name, iter(sheet_rows(export, name))


def find_table(sheet: str | None, rows: Iterator[Row | Problem], choose: Choose, options: Options) -> Table | None:
    """Look for the header row among the first rows."""
    top = [row if isinstance(row, list) else [] for row in islice(rows, HEADER_WITHIN + SAMPLE)]
    for place, row in enumerate(top[:HEADER_WITHIN]):
        if any(row) and (layout := choose(Glimpse(sheet, row, top[place + 1 : place + 1 + SAMPLE], options))):
            return Table(sheet, place + 1, layout)
    return None


def glance(export: Export, choose: Choose) -> tuple[Text, Table] | None:
    """Look at the beginning of a text file for a table; the separator is the one that makes most sense of the header."""
    best: tuple[Text, Table] | None = None
    text = _head_text(export.head)
    for delimiter in DELIMITERS:
        table = find_table(None, split_rows(io.StringIO(text, newline=""), delimiter), choose, export.options)
        if table and (best is None or len(table.layout.columns) > len(best[1].layout.columns)):
            best = Text("", delimiter), table
    return best


def _head_text(head: bytes) -> str:
    """Decode the first bytes well enough to find a header row."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if encoding := wide(head):
        return head.decode(encoding, "replace")
    text = head.decode("utf-8-sig", "replace")
    return head.decode(codepage_of(head), "replace") if "\ufffd" in text.rstrip("\ufffd") else text


def codepage_of(head: bytes) -> str:
    """Return the code page that makes most sense of the header words; cp1252 if others make as much."""
    pages = sorted({language.codepage for language in languages()}, key=lambda page: page != "cp1252")
    return max(pages, key=lambda page: _known_words(head.decode(page, "replace"), page))


def _known_words(text: str, page: str) -> tuple[int, int]:
    """Return how many header words of a row are known, and how many in a language that is written with the code page."""
    lines = (re.split(r"[,;\t|]", line) for line in text.splitlines()[:HEADER_WITHIN])
    known = ([header_pages(cell) for cell in cells] for cells in lines)
    return max(((sum(map(bool, row)), sum(page in pages for pages in row)) for row in known), default=(0, 0))


@lru_cache(maxsize=16)
def scan(export: Export, choose: Choose) -> Book | None:
    """Look through a file; None if it has no table. ExportError if it is a workbook that cannot be opened."""
    text = None
    if not is_workbook(export):
        found = glance(export, choose)
        if found is None:
            return None
        text = encoding_of(export, codepage_of(export.head))
        text = Text(text.encoding, found[0].delimiter, text.notes)
    tables = {}
    for sheet, rows in rows_of(export, text):
        if table := find_table(sheet, rows, choose, export.options):
            tables[sheet] = table
    return _surveyed(export, text, tables) if tables else None


def _surveyed(export: Export, text: Text | None, tables: dict[str | None, Table]) -> Book:
    """Read all rows once, for what only the whole file can tell."""
    dates, senders, receivers, found = Dates(), set[str](), set[str](), {}
    for sheet, rows in rows_of(export, text):
        if not (table := tables.get(sheet)):
            continue
        lengths, width = Counter[int](), len(table.layout.header)
        times = [c.place for role in TIME_ROLES for c in table.layout.columns.get(role, ()) if not c.order]
        clock, sent, got = (_places(table.layout, role) for role in ("time", "from", "to"))
        for number, row in enumerate(islice(rows, table.first, None), table.first + 1):
            if not isinstance(row, list):
                continue
            if len(row) < width:
                row += [""] * (width - len(row))
            for column in times:
                if cell := row[column]:
                    dates.see(cell, sheet, number)
            lengths.update(len(row[column]) for column in clock if row[column].isdecimal())
            senders.update(row[column] for column in sent)
            receivers.update(row[column] for column in got)
        found[sheet] = Table(sheet, table.first, table.layout, _clock_digits(lengths))
    blank = {""}
    return Book(text, found, dates, frozenset(senders - blank), frozenset(receivers - blank), text.notes if text else ())


def _places(layout: Layout, role: Role) -> list[int]:
    return [column.place for column in layout.columns.get(role, ())]


def _clock_digits(lengths: Counter[int]) -> int:
    """Times without separators are HHMM if all of them have four digits, otherwise HHMMSS without leading zeros."""
    return 4 if set(lengths) == {4} else 6
