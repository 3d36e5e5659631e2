"""Dates and times of one chat: read in the order that was found, and set in the zone of the options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
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
    _midnights: dict[date, int | None] = field(default_factory=dict)

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

    def moment(self, text: str, clock: str, line: int) -> Zoned:
        """Read date and time on this line in the zone of the options."""
        day = self.day(text, line)
        return local_time(datetime.combine(day, time()) + timedelta(seconds=seconds_of(clock)), self.options)

    def midnight(self, text: str, line: int) -> int | None:
        """Return when a day began, in microseconds since 1970 UTC; None unless clocks ran evenly all day."""
        try:
            day = self.day(text, line)
        except RecordError:
            return None
        if day not in self._midnights:
            self._midnights[day] = self._even(day)
        return self._midnights[day]

    def _even(self, day: date) -> int | None:
        first, last = (local_time(datetime.combine(each, time()), self.options) for each in (day, day + timedelta(days=1)))
        if first.note or first.at.utcoffset() != last.at.utcoffset():
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
