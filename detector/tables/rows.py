"""One row of a table -> one Event.

A row of a diary, a person's own log of what happened, is a notice of unknown direction. What the person wrote is in `note`,
because it is not what the other side said. Messages without a service are "sms" if the other side is a number, else
"message". A length of 0 seconds, or of -1 as some switches write it, means that the call was not answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from detector.event import Direction, Event, Kind, Outcome
from detector.export import Export, Skip
from detector.tables.book import Book, Table
from detector.tables.languages import Role
from detector.tables.sides import ROLES as SIDE_ROLES
from detector.tables.sides import SideReader, Sides
from detector.tables.times import Clock
from detector.tables.values import is_number, seconds
from detector.tables.words import MEANINGS, Meaning, channel, meaning

Cells = Mapping[str, str]
_SAYING: tuple[Role, ...] = ("direction", "type", "status")
_REPEATED: tuple[Role, ...] = (*SIDE_ROLES, *_SAYING, "app")
"""Columns whose values repeat from row to row, so that what they mean together is remembered."""

NO_LENGTH = ("", "-", "-1")
"""Cells that say that there was no length, and are no mistake."""

_CALLS = re.compile(r"call|dial|anruf|gespr|llamad|appel|chamad|ligaç|chiamat|połącz|rozm|oproep|gebeld|galwad", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gist:
    """What the columns that repeat say about a row."""

    said: Meaning
    sides: Sides
    channel: str | None
    telling: bool  # anything stands in them


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, book: Book, table: Table, export: Export) -> None:
        self.layout, self.spec = table.layout, table.layout.spec
        self.clock = Clock(book, table, export.options)
        self.side_reader = SideReader(book, table.layout, export.options)
        self.words = {value.strip().casefold(): MEANINGS[word] for value, word in self.spec.words.items()}
        self.about_calls = self.layout.has("duration") or any(map(_CALLS.search, table.layout.header))
        self.diary = self.layout.diary
        self.names = {role: tuple(column.name for column in columns) for role, columns in self.layout.columns.items()}
        self.repeated = [name for role in _REPEATED for name in self.names.get(role, ())]
        self.gist = lru_cache(maxsize=1 << 14)(self._gist)

    def event(self, cells: Cells) -> Event | Skip:
        """Return the event of a row; a Skip for what is contact with nobody."""
        gist = self.gist(tuple([cells[name] for name in self.repeated]))
        said, sides = gist.said, gist.sides
        if said.data and not said.kind:
            return Skip("use of data, which is contact with nobody")
        when, sent = self.clock.times(cells)
        text, note, media = self.cell(cells, "text"), self.cell(cells, "note"), self.cell(cells, "media")
        if not (when.dated or gist.telling or text or note or media):
            return Skip("row without a date, a party, a text or a kind, such as a total")
        kind, assumed = self.kind(said, bool(text or media))
        event = Event(kind, gist.channel or self.channel(kind, sides), when.at, sides.direction, sides.handle, sides.name)
        event.raw_time, event.zone, event.zone_basis = when.raw, when.zone, when.basis
        event.recipients, event.group, event.status = sides.recipients, sides.group, said.status
        event.thread, event.media = self.cell(cells, "thread") or None, media or None
        if sent and sent.at != when.at and sides.direction == "in":
            event.sent_at = sent.at
        if kind != "notice":
            event.text, text = self.as_written(cells, "text"), ""
        unread = self.length(cells, event, said) if kind in ("call", "voicemail") else None
        own = self.cell(cells, "type") if self.diary else ""
        notes = (own, note, text, when.note, assumed, unread, *sides.notes)
        event.note = "; ".join([part for part in notes if part]) or None
        return event

    def cell(self, cells: Cells, role: Role) -> str:
        """Return the first filled cell of a role, without blanks around it."""
        for name in self.names.get(role, ()):
            if value := cells[name].strip():
                return value
        return ""

    def as_written(self, cells: Cells, role: Role) -> str | None:
        """Return the first filled cell of a role as it stands."""
        return next((cells[name] for name in self.names.get(role, ()) if cells[name].strip()), None)

    def _gist(self, values: tuple[str, ...]) -> Gist:
        cells = dict(zip(self.repeated, values, strict=True))
        said = self.said(cells)
        sides = self.side_reader.sides(lambda role: self.cell(cells, role), said.direction)
        named = self.spec.channel or channel(self.cell(cells, "app")) or said.channel
        return Gist(said, sides, named, any(map(str.strip, values)))

    def said(self, cells: Cells) -> Meaning:
        """Return what direction, type and status say; the first of them that says something of a thing is believed."""
        whole = Meaning()
        for role in _SAYING:
            value = self.cell(cells, role)
            if part := self.words.get(value.casefold()) or meaning(value):
                whole = Meaning(
                    whole.direction or part.direction, whole.outcome or part.outcome, whole.kind or part.kind,
                    whole.channel or part.channel, whole.status or part.status, whole.data or part.data,
                )  # fmt: skip
        return whole

    def kind(self, said: Meaning, written: bool) -> tuple[Kind, str | None]:
        """Return what the row is, and a remark if the table does not say."""
        if self.spec.kind or self.diary:
            return self.spec.kind or "notice", None
        if said.kind:
            return said.kind, None
        if written or (self.layout.has("text") and not self.about_calls):
            return "message", None
        return "call", None if self.about_calls else "the table does not say what it lists: read as a call"

    def channel(self, kind: Kind, sides: Sides) -> str:
        """Return the plain channel of a kind."""
        if kind in ("call", "voicemail"):
            return "phone"
        if self.diary:
            return "diary"
        return "sms" if sides.handle and is_number(sides.handle) else "message"

    def length(self, cells: Cells, event: Event, said: Meaning) -> str | None:
        """Set the length and the outcome of a call; return a remark if the length cannot be read."""
        filled = (column for column in self.layout.columns.get("duration", ()) if cells[column.name].strip())
        column = next(filled, None)
        written = cells[column.name].strip() if column else ""
        event.seconds = seconds(written, column.unit) if column else None
        event.outcome = outcome_of(event.kind, event.direction, said.outcome, event.seconds, written)
        if event.seconds is not None or written in NO_LENGTH:
            return None
        return f'the length "{written}" could not be read'


def outcome_of(kind: Kind, direction: Direction, said: Outcome | None, length: float | None, written: str) -> Outcome | None:
    """Return how a call ended: as it is said, else by its length."""
    if kind == "voicemail":
        return "voicemail"
    if said:
        return "unanswered" if said == "missed" and direction == "out" else said
    if length:
        return "answered"
    return "unanswered" if length == 0 or written == "-1" else None
