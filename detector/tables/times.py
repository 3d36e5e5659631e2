"""When a row was: the cells of its columns of time, joined, read in the right order and put in a zone.

A day without a time of day has no `at`, because any hour would be invented: the day stays in `raw_time`, and the note says it
as a date. So has a cell that cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from detector.errors import RecordError
from detector.export import DateOrder, Options
from detector.tables import moments
from detector.tables.book import Book, Table
from detector.tables.languages import Role
from detector.tables.layout import Column
from detector.tables.moments import Moment
from detector.tables.words import zone_offset
from detector.zones import local_time

IN_HEADER = "in the header"
IN_VALUE = "in the value"
SWAPPED = "real dates among dates as text: a spreadsheet has probably exchanged day and month; say --date-order if they are right"


@dataclass(frozen=True, slots=True)
class When:
    """The time of a row, what stood there, the zone and how it is known, and what is doubtful."""

    at: datetime | None = None
    raw: str | None = None
    zone: str | None = None
    basis: str | None = None
    note: str | None = None
    dated: bool = True  # at least the day could be read


NEVER = When(note="no time in the record", dated=False)


class Clock:
    """Reads the times of one table."""

    def __init__(self, book: Book, table: Table, options: Options) -> None:
        spec, self.columns, self.digits = table.layout.spec, table.layout.columns, table.clock_digits
        self.format, self.zone = spec.date_format, spec.zone
        self.options = replace(options, timezone=spec.zone) if spec.zone and not zone_offset(spec.zone) else options
        self.order = order_of(book, spec.date_order, options.date_order)
        settled = bool(spec.date_order or options.date_order or spec.date_format)
        self.doubt = None if settled else book.dates.doubt
        self.swapped = not settled and book.text is None and book.dates.swapped

    def times(self, cells: Mapping[str, str]) -> tuple[When, When | None]:
        """Return the time of the row, and when it was sent, if that is another column."""
        sent = self.joined(cells, self.filled(cells, "sent")) if "sent" in self.columns else None
        main = self.filled(cells, "datetime") if "datetime" in self.columns else []
        main = main or self.filled(cells, "date") + self.filled(cells, "time")
        if not main:
            return (sent, None) if sent else (NEVER, None)
        return self.joined(cells, main), sent

    def filled(self, cells: Mapping[str, str], role: Role) -> list[tuple[Role, Column]]:
        """Return the first column of a role that is not blank."""
        return [(role, column) for column in self.columns.get(role, ()) if cells[column.name].strip()][:1]

    def joined(self, cells: Mapping[str, str], found: list[tuple[Role, Column]]) -> When:
        """Read the cells that make up one time."""
        raw = " ".join(cells[column.name].strip() for _, column in found)
        if not found:
            return NEVER
        if self.format:
            return self.formatted(raw, found)
        parts = [self.moment(cells[column.name], role, column) for role, column in found]
        if None in parts:
            day = next((part.day for part in parts if part and part.day), None)
            known = f"only the day is known: {day.isoformat()}; " if day else ""
            return When(raw=raw, note=f'{known}the time "{raw}" could not be read', dated=bool(day))
        return self.placed(_merged([part for part in parts if part], "time" in self.columns), raw, found)

    def moment(self, cell: str, role: Role, column: Column) -> Moment | None:
        """Read one cell; RecordError if nothing says in which order its day and month stand."""
        if role == "time" and (found := moments.clock(cell, self.digits)):
            return found
        if not column.order and (self.doubt or self.swapped):
            self.check(cell)
        return moments.read(cell, column.order or self.order)

    def check(self, cell: str) -> None:
        """Raise where the order of day and month is in doubt."""
        if self.doubt and moments.orders(cell):
            raise RecordError(self.doubt)
        if self.swapped and cell[4:5] == "-":
            raise RecordError(SWAPPED)

    def formatted(self, raw: str, found: list[tuple[Role, Column]]) -> When:
        """Read a time in the form that a mapping gives."""
        try:
            at = datetime.strptime(raw, self.format or "")  # noqa: DTZ007
        except ValueError:
            return When(raw=raw, note=f'the time "{raw}" is not of the form {self.format}', dated=False)
        return self.placed(Moment(at.date(), at.time(), at.tzinfo), raw, found)

    def placed(self, moment: Moment, raw: str, found: list[tuple[Role, Column]]) -> When:
        """Put a moment in its zone: that of the value, of a header, of the mapping, or of the options."""
        if moment.day is None:
            return When(raw=raw, note=f'"{raw}" names no day', dated=False)
        if moment.clock is None:
            return When(raw=raw, note=f"only the day is known: {moment.day.isoformat()}")
        naive = datetime.combine(moment.day, moment.clock)
        if moment.zone:
            return self.fixed(naive, moment.zone, raw, IN_VALUE)
        header = next((column.zone for _, column in reversed(found) if column.zone), None)
        if header and (zone := zone_offset(header)):
            return self.fixed(naive, zone, raw, IN_HEADER)
        if not header and self.zone and (zone := zone_offset(self.zone)):
            return self.fixed(naive, zone, raw, "given")
        local = local_time(naive, replace(self.options, timezone=header) if header else self.options)
        return When(local.at, raw, local.zone, IN_HEADER if header else local.basis, local.note)

    def fixed(self, naive: datetime, zone: tzinfo, raw: str, basis: str) -> When:
        """Put a clock time at an offset from UTC."""
        at = naive.replace(tzinfo=zone)
        return When(at, raw, at.tzname() or str(zone), basis)


def order_of(book: Book, said: DateOrder | None, given: DateOrder | None) -> DateOrder | None:
    """Return the order of dates: what a mapping says, what all dates allow, what was given."""
    if said or (given and given in book.dates.fits):
        return said or given
    return book.dates.order or given


def _merged(parts: list[Moment], split: bool) -> Moment:
    """Join a date cell and a time cell; a spreadsheet's midnight beside an empty time cell is no time of day."""
    if len(parts) == 1:
        only = parts[0]
        bare = split and only.day and only.clock and not any((only.clock.hour, only.clock.minute, only.clock.second))
        return Moment(only.day) if bare else only
    first, second = parts
    return Moment(first.day or second.day, second.clock or first.clock, second.zone or first.zone)
