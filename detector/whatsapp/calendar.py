"""Dates and times of one chat: read in the order that was found, and set in the zone of the options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from detector.errors import RecordError
from detector.export import DateOrder, Options
from detector.whatsapp.clock import Written, seconds_of, written_date
from detector.whatsapp.order import OPEN, Dated, Ruling, Witness, rule
from detector.zones import Zoned, local_time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass
class Calendar:
    """How the dates of a chat are read. `runs` are the dates in the order of the lines, one for each change of date."""

    runs: Sequence[tuple[int, str]]
    witnesses: Sequence[tuple[int, str, date, bool, str]]  # line, date of the message, date in the name, exact, file name
    options: Options
    file: str
    _written: dict[str, Written | RecordError] = field(default_factory=dict)
    _clock: dict[str, int | None] = field(default_factory=dict)
    _midnights: dict[str, int | None] = field(default_factory=dict)

    def written(self, text: str) -> Written:
        """Take a date apart, once."""
        if text not in self._written:
            try:
                self._written[text] = written_date(text)
            except RecordError as error:
                self._written[text] = error
        found = self._written[text]
        if isinstance(found, RecordError):
            raise found
        return found

    def _known(self, text: str) -> Written | None:
        try:
            return self.written(text)
        except RecordError:
            return None

    @cached_property
    def rulings(self) -> dict[str, Ruling]:
        """The order of each way of writing dates in this file."""
        dates: list[Dated] = [(line, known) for line, text in self.runs if (known := self._known(text))]
        seen = [
            Witness(line, known, named, exact, file)
            for line, text, named, exact, file in self.witnesses
            if (known := self._known(text))
        ]
        return rule(dates, seen, self.options.date_order)

    def day(self, text: str, line: int) -> date:
        """Read a date that stands on this line; RecordError if day and month cannot be told apart."""
        written = self.written(text)
        order = self.rulings[written.key].at(line)
        if order:
            return written.read(order)
        one, other = (written.read(each) for each in written.orders()[:2])
        msg = (
            f'{self.file}: "{text}" may be {one.day} {one:%B %Y} or {other.day} {other:%B %Y}; '
            "--date-order DMY (day first) or --date-order MDY (month first) settles it"
        )
        raise RecordError(msg)

    def moment(self, text: str, time: str, line: int) -> Zoned:
        """Read date and time on this line in the zone of the options."""
        day = self.day(text, line)
        seconds = seconds_of(time)
        return local_time(datetime(day.year, day.month, day.day) + timedelta(seconds=seconds), self.options)

    def seconds(self, time: str) -> int | None:
        """Return the seconds since midnight, or None for a time that cannot be read."""
        if time not in self._clock:
            try:
                self._clock[time] = seconds_of(time)
            except RecordError:
                self._clock[time] = None
        return self._clock[time]

    def midnight(self, text: str) -> int | None:
        """Return when a day began, in microseconds since 1970 UTC; None unless clocks ran evenly on it and all lines agree on it."""
        if text not in self._midnights:
            self._midnights[text] = self._even_day(text)
        return self._midnights[text]

    def _even_day(self, text: str) -> int | None:
        try:
            written = self.written(text)
            orders = self.rulings[written.key].orders
            day = self.day(text, 0) if len(orders) == 1 else None
        except RecordError:
            return None
        if day is None:
            return None
        first = local_time(datetime(day.year, day.month, day.day), self.options)
        later = [local_time(datetime(day.year, day.month, day.day, hour, 59, 59), self.options) for hour in (0, 1, 2, 3, 4, 23)]
        if any(each.note or each.at.utcoffset() != first.at.utcoffset() for each in (first, *later)):
            return None
        return (first.at.astimezone(UTC) - _EPOCH) // _MICROSECOND

    @property
    def order(self) -> tuple[DateOrder | None, str | None]:
        """Return the one order of all dates, and what it rests on."""
        rulings = list(self.rulings.values())
        orders = {order for ruling in rulings for order in ruling.orders}
        basis = "; ".join(dict.fromkeys(ruling.basis for ruling in rulings)) or None
        return (next(iter(orders)), basis) if len(orders) == 1 else (None, basis)

    def notes(self) -> list[str]:
        """Say where the file changes its order, where it stays open, and where the proof is against what was given."""
        lines, given = [], self.options.date_order
        for key, ruling in self.rulings.items():
            sample = next(text for _, text in self.runs if (known := self._known(text)) and known.key == key)
            if None in ruling.orders:
                lines.append(f'{OPEN} in dates such as "{sample}"; --date-order DMY or --date-order MDY settles it')
            elif given and given not in ruling.orders and (given == "YMD") == ("YMD" in ruling.orders):
                lines.append(f'--date-order {given} does not fit dates such as "{sample}": {ruling.basis}')
        return lines + self._changes()

    def _changes(self) -> list[str]:
        """Say from which lines on dates are read in which order, if there is more than one."""
        marks: list[tuple[int, str]] = []
        for line, text in self.runs:
            known = self._known(text)
            order = self.rulings[known.key].at(line) if known else None
            if order and (not marks or marks[-1][1] != order):
                marks.append((line, order))
        if len(marks) < 2:
            return []
        shown = "; ".join(f"{order} from line {line}" for line, order in marks[:8])
        return ["mixed date orders: " + shown + ("; ..." if len(marks) > 8 else "")]

    @cached_property
    def unreadable(self) -> bool:
        """Tell whether day and month stay open everywhere."""
        return all(ruling.orders == (None,) for ruling in self.rulings.values())


def ordinals(calendar: Calendar) -> list[int | None]:
    """Return the day number of each run, for comparing; None where it cannot be read."""
    days: list[int | None] = []
    for line, text in calendar.runs:
        try:
            days.append(calendar.day(text, line).toordinal())
        except RecordError:
            days.append(None)
    return days
