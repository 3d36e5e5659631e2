"""The columns of many plain rows at once: what RowReader says of each, without making an Event of it.

A row is plain if its day and time of day could be read and nothing about it needs a note. Any other is left to RowReader, and
so is a table with several columns for one thing, a second time, a form of dates of its own, or dates in doubt.
Local times are put in their zone hour by hour; the rows of an hour in which the clocks change are left too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any

import numpy as np

from detector.event import Columns, Direction, Kind, Outcome
from detector.tables.languages import Role
from detector.tables.moments import Moment
from detector.tables.rows import NO_LENGTH, Cells, RowReader, outcome_of
from detector.tables.times import IN_VALUE
from detector.tables.values import seconds

_SINGLE: tuple[Role, ...] = ("datetime", "date", "time", "text", "thread", "duration")
_VARYING: tuple[Role, ...] = ("text", "duration", "thread")
_USUAL: tuple[list[Role], ...] = (["datetime"], ["date"], ["date", "time"])
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_US, _HOUR = timedelta(microseconds=1), 3_600_000_000


@dataclass(frozen=True, slots=True)
class Plain:
    """What the columns that repeat make of a row that needs no note."""

    kind: Kind
    channel: str
    direction: Direction
    handle: str | None
    name: str | None
    recipients: str | None
    group: bool
    status: str | None
    said: Outcome | None


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a clock is ahead of UTC, in microseconds, and how that is known."""

    us: int
    zone: str | None
    basis: str | None


class BatchReader:
    """Reads the plain rows of one table, many at once."""

    def __init__(self, reader: RowReader) -> None:
        self.reader, self.clock = reader, reader.clock
        names, columns = reader.names, reader.clock.columns
        times: list[Role] = [role for role in _USUAL[0] + _USUAL[2] if role in names]
        single = all(len(names.get(role, ())) <= 1 for role in _SINGLE) and "sent" not in names and times in _USUAL
        self.able = single and not (self.clock.format or self.clock.doubt or self.clock.swapped or reader.diary)
        self.when = [(role, columns[role][0]) for role in times]
        self.unit = columns["duration"][0].unit if "duration" in names else 1.0
        self.names = {role: names[role][0] for role in _SINGLE if role in names}
        self.rare = (*names.get("note", ()), *names.get("media", ()))
        self.plain = lru_cache(maxsize=1 << 14)(self._plain)
        self.shift = lru_cache(maxsize=1 << 14)(self._shift)
        self.parts = [lru_cache(maxsize=1 << 14)(self._part(role)) for role in times]

    def columns(self, rows: Sequence[Cells]) -> tuple[Columns, list[int]]:
        """Return the columns of the rows that are plain, and which these are; ValueError if there are none."""
        found = list(self.found(rows)) if self.able else []
        if not found:
            msg = "nothing here is plain"
            raise ValueError(msg)
        done, plain, at, raw, shifts, texts, threads, lengths, outcomes = zip(*found, strict=True)
        values: dict[str, Any] = {
            name: [getattr(one, name) for one in plain]
            for name in ("kind", "channel", "direction", "handle", "name", "recipients", "group", "status")
        }
        values |= {"at": np.array(at, np.int64), "raw_time": raw, "text": texts, "thread": threads, "seconds": lengths}
        values |= {"zone": [one.zone for one in shifts], "zone_basis": [one.basis for one in shifts], "outcome": outcomes}
        return values, list(done)

    def found(self, rows: Sequence[Cells]) -> Iterator[tuple[Any, ...]]:
        """Yield the place and the values of each plain row."""
        repeated = self.reader.repeated
        text_name, length_name, thread_name = (self.names.get(role) for role in _VARYING)
        for place, row in enumerate(rows):
            text = row[text_name] if text_name else ""
            plain = self.plain(tuple([row[name] for name in repeated]), bool(text.strip()))
            if plain is None or (self.rare and any(row[name].strip() for name in self.rare)):
                continue
            length, ended = None, None
            if plain.kind != "message":
                written = row[length_name].strip() if length_name else ""
                length = seconds(written, self.unit) if written else None
                if length is None and written not in NO_LENGTH:
                    continue
                ended = outcome_of(plain.kind, plain.direction, plain.said, length, written)
            if (timed := self.timed(row)) is None:
                continue
            at, raw, shift = timed
            thread = row[thread_name].strip() if thread_name else ""
            yield place, plain, at, raw, shift, (text if text.strip() else None), thread or None, length, ended

    def timed(self, row: Cells) -> tuple[int, str, Shift] | None:
        """Return the time of a row in microseconds, as it stands, and its zone; None if it has no plain time."""
        cells = [row[column.name] for _, column in self.when]
        moments = [part(cell) for part, cell in zip(self.parts, cells, strict=True)]
        first, last = moments[0], moments[-1]
        if first is None or last is None:
            return None
        day, clock, zone = first.day or last.day, last.clock or first.clock, last.zone or first.zone
        if day is None or clock is None:
            return None
        naive = _day_us(day) + _clock_us(clock)
        shift = _fixed(zone) if zone else self.shift(naive // _HOUR)
        return None if shift is None else (naive - shift.us, " ".join([cell.strip() for cell in cells]), shift)

    def _part(self, role: Role) -> Any:
        column = self.clock.columns[role][0]
        return lambda cell: self.clock.moment(cell, role, column) if cell.strip() else None

    def _plain(self, values: tuple[str, ...], written: bool) -> Plain | None:
        gist = self.reader.gist(values)
        said, sides = gist.said, gist.sides
        kind, assumed = self.reader.kind(said, written)
        if kind not in ("message", "call", "voicemail") or assumed or any(sides.notes) or (said.data and not said.kind):
            return None
        return Plain(
            kind, gist.channel or self.reader.channel(kind, sides), sides.direction, sides.handle, sides.name,
            sides.recipients, sides.group, said.status, said.outcome,
        )  # fmt: skip

    def _shift(self, hour: int) -> Shift | None:
        """Return how far the clock is ahead throughout an hour; None if it is changed in it."""
        start = _EPOCH + timedelta(hours=hour)
        ends = [
            self.clock.placed(Moment(at.date(), at.time()), "", self.when) for at in (start, start + timedelta(hours=1) - _US)
        ]
        ahead = [end.at.utcoffset() for end in ends if end.at and not end.note]
        if len(ahead) < 2 or ahead[0] is None or ahead[0] != ahead[1]:
            return None
        return Shift(ahead[0] // _US, ends[0].zone, ends[0].basis)


@lru_cache(maxsize=256)
def _fixed(zone: tzinfo) -> Shift:
    return Shift((zone.utcoffset(None) or timedelta()) // _US, zone.tzname(None), IN_VALUE)


@lru_cache(maxsize=1 << 12)
def _day_us(day: date) -> int:
    return (day.toordinal() - _EPOCH_DAY) * 24 * _HOUR


@lru_cache(maxsize=1 << 14)
def _clock_us(clock: time) -> int:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond) // _US
