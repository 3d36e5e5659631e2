"""How long a table of calls takes to become a table of events, against the bare reader of the same file in the same run.

Usage: python benchmarks/tables.py [rows]. The bare reader is Python's csv for text and calamine for a workbook. Times are of
the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import python_calamine as calamine
import xlsxwriter

from detector.export import Export, Options
from detector.formats import table
from detector.ingest import read

HEADER = ("Date", "Time", "Phone number", "Call type", "Duration")


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Make calls of two years with a thousand numbers."""
    for n in range(count):
        day, kind = f"{n % 28 + 1:02}/{n % 12 + 1:02}/202{n % 2 + 3}", ("Missed", "Incoming", "Outgoing")[n % 3]
        yield day, f"{n % 24:02}:{n % 60:02}:{n % 59:02}", f"+447700900{n % 1000:03}", kind, f"00:00:{n % 60:02}"


def make(folder: Path, count: int) -> tuple[Path, Path]:
    """Write the same rows as text and as a workbook."""
    text, workbook = folder / "calls.csv", folder / "calls.xlsx"
    with text.open("w", newline="") as stream:
        csv.writer(stream).writerows((HEADER, *rows(count)))
    book = xlsxwriter.Workbook(str(workbook), {"constant_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate((HEADER, *rows(count))):
        sheet.write_row(place, 0, row)
    book.close()
    return text, workbook


def bare_csv(path: Path) -> int:
    """Read a text file and keep nothing."""
    with path.open(newline="") as stream:
        return sum(1 for _ in csv.reader(stream))


def bare_xlsx(path: Path) -> int:
    """Read a workbook and keep nothing."""
    return sum(1 for _ in calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())


def events(path: Path) -> int:
    """Read a file into the table of events."""
    export = Export(path, path.name, path.stat().st_size, options=Options(timezone="Europe/London"))
    found, _ = read([export], formats=(table.FORMAT,))
    return int(found.num_rows)


def timed(what: str, work: Callable[[Path], int], path: Path) -> None:
    """Print how many rows a second."""
    start = time.process_time()
    count = work(path)
    spent = time.process_time() - start
    print(f"{what:30} {count:>9,} rows {spent:7.2f} s {count / spent:>12,.0f} rows/s")


def main(count: int) -> None:
    """Measure text and workbook."""
    with tempfile.TemporaryDirectory() as folder:
        text, workbook = make(Path(folder), count)
        timed("csv alone", bare_csv, text)
        timed("csv to events", events, text)
        timed("calamine alone", bare_xlsx, workbook)
        timed("workbook to events", events, workbook)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
