"""One row of a table -> one Event.

Direction is what a direction column says; without one the type, then the status column; without those, where a row names both
sides, which of them is the owner (numbers are compared whole, by country). Where a direction column and the two sides disagree,
or nothing tells, it is "unknown": never guessed. In a table with a "Called number" and a cost but no direction, a bill,
every row is outgoing: an operator charges for what its customer dialled.

A row of a diary, a person's own log of what happened, is a notice of unknown direction. What the person wrote is in `note`,
because it is not what the other side said. Messages without a service are "sms" if the other side is a number, else
"message". A length of 0 seconds, or of -1 as some switches write it, means that the call was not answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from detector.event import WITHHELD, Direction, Event, Kind, Outcome
from detector.export import Export, Options
from detector.tables.book import Book, Table
from detector.tables.languages import Role
from detector.tables.times import Clock
from detector.tables.values import is_number, number_note, same_number_key, seconds
from detector.tables.words import MEANINGS, Meaning, channel, is_owner_word, is_withheld, meaning

Cells = Mapping[str, str]
_SEVERAL = re.compile(r"\s*[;\n|]\s*|,\s*(?=\+?\d{5})")
_CALLS = re.compile(r"call|dial|anruf|gespr|llamad|appel|chamad|ligaç|chiamat|połącz|rozm|oproep|gebeld|galwad", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sides:
    """Who a row is between, as seen from the owner."""

    direction: Direction
    handle: str | None
    name: str | None = None
    recipients: str | None = None
    group: bool = False
    note: str | None = None


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, book: Book, table: Table, export: Export) -> None:
        self.layout, self.spec, self.options = table.layout, table.layout.spec, export.options
        self.clock = Clock(book, table, export.options)
        self.owners = Owners(book, self.spec.owner, export.options)
        self.words = {value: MEANINGS[word] for value, word in self.spec.words.items()}
        self.about_calls = self.layout.has("duration") or any(map(_CALLS.search, table.layout.header))
        self.bill = (
            self.layout.has("to") and self.layout.has("cost") and not self.layout.has("direction") and len(book.senders) < 2
        )

    def event(self, cells: Cells) -> Event | None:
        """Return the event of a row; None for a use of data, which is contact with nobody."""
        said = self.said(cells)
        if said.data and not said.kind:
            return None
        when, sent = self.clock.times(cells)
        kind, assumed = self.kind(cells, said)
        sides = self.sides(cells, said)
        event = Event(kind, self.channel(cells, kind, said, sides), when.at, sides.direction, sides.handle, sides.name)
        event.raw_time, event.zone, event.zone_basis = when.raw, when.zone, when.basis
        event.recipients, event.group, event.status = sides.recipients, sides.group, said.status
        event.thread, event.media = self.cell(cells, "thread") or None, self.cell(cells, "media") or None
        event.text = self.raw(cells, "text") if kind != "notice" else None
        if sent and sent.at != when.at and sides.direction == "in":
            event.sent_at = sent.at
        unread = self.length(cells, event, said) if kind in ("call", "voicemail") else None
        notes = (*self.remarks(cells, kind), when.note, assumed, sides.note, self.doubt_of(sides.handle), unread)
        event.note = "; ".join(note for note in notes if note) or None
        return event

    def cell(self, cells: Cells, *roles: Role) -> str:
        """Return the first filled cell of the roles, without blanks around it."""
        for role in roles:
            for column in self.layout.columns.get(role, ()):
                if value := cells[column.name].strip():
                    return value
        return ""

    def raw(self, cells: Cells, role: Role) -> str | None:
        """Return the first filled cell of a role as it stands."""
        return next((cells[column.name] for column in self.layout.columns.get(role, ()) if cells[column.name].strip()), None)

    def said(self, cells: Cells) -> Meaning:
        """Return what direction, type and status say; the first of them that says something of a thing is believed."""
        whole = Meaning()
        for role in ("direction", "type", "status"):
            if (value := self.cell(cells, role)) and (part := self.words.get(value.casefold()) or meaning(value)):
                whole = Meaning(
                    whole.direction or part.direction, whole.outcome or part.outcome, whole.kind or part.kind,
                    whole.channel or part.channel, whole.status or part.status, whole.data or part.data,
                )  # fmt: skip
        return whole

    def kind(self, cells: Cells, said: Meaning) -> tuple[Kind, str | None]:
        """Return what the row is, and a remark if the table does not say."""
        if self.spec.kind or self.layout.diary:
            return self.spec.kind or "notice", None
        if said.kind:
            return said.kind, None
        if self.cell(cells, "text", "media") or (self.layout.has("text") and not self.about_calls):
            return "message", None
        return "call", None if self.about_calls else "the table does not say what it lists: read as a call"

    def channel(self, cells: Cells, kind: Kind, said: Meaning, sides: Sides) -> str:
        """Return the channel that is said, or the plain one of the kind."""
        if found := self.spec.channel or channel(self.cell(cells, "app")) or said.channel:
            return found
        if kind in ("call", "voicemail"):
            return "phone"
        if self.layout.diary:
            return "diary"
        return "sms" if sides.handle and is_number(sides.handle) else "message"

    def sides(self, cells: Cells, said: Meaning) -> Sides:
        """Return the direction and the other side."""
        sender, receiver = self.cell(cells, "from"), self.cell(cells, "to")
        shown = self.owners.direction(sender, receiver, self.cell(cells, "own"), self.layout.has("from"), self.layout.has("to"))
        direction, note = self.spec.direction or said.direction, None
        if direction in ("in", "out") and shown in ("in", "out") and direction != shown:
            direction, note = "unknown", f'the direction "{direction}" does not agree with who is the owner'
        direction = direction or (shown if shown != "unknown" else "out" if self.bill else "unknown")
        if self.layout.diary:
            direction = "unknown"
        handle, name = self.cell(cells, "number"), self.cell(cells, "name")
        if not handle:
            handle = {"in": sender, "out": receiver}.get(direction) or (sender or receiver if direction == "unknown" else "")
        name = name or self.cell(cells, "to_name" if direction == "out" else "from_name")
        others = _SEVERAL.split(receiver) if receiver else []
        if len(others) > 1:
            one = self.handle(handle, name) if direction == "in" else None
            return Sides(direction, one, name or None, "; ".join(others), True, note)
        both = direction == "unknown" and sender and receiver and not self.cell(cells, "number")
        if both and not note:
            note = "which side is the owner is not known: --owner settles it"
        return Sides(direction, self.handle(handle, name), name or None, receiver if both else None, False, note)

    def handle(self, number: str, name: str) -> str | None:
        """Return the other side as written; withheld if the cell, or in its place the name, says so."""
        if is_withheld(number) or (not number and is_withheld(name)):
            return WITHHELD
        return number or name or None

    def doubt_of(self, handle: str | None) -> str | None:
        """Say what is doubtful about the number."""
        return number_note(handle, self.options.region) if handle else None

    def length(self, cells: Cells, event: Event, said: Meaning) -> str | None:
        """Set the length and the outcome of a call; return a remark if the length cannot be read."""
        for column in self.layout.columns.get("duration", ()):
            if written := cells[column.name].strip():
                event.seconds = seconds(written, column.unit)
                event.outcome = outcome(event, said, written)
                return None if event.seconds is not None or written == "-1" else f'the length "{written}" could not be read'
        event.outcome = outcome(event, said, "")
        return None

    def remarks(self, cells: Cells, kind: Kind) -> tuple[str, ...]:
        """Return what a person, or the export itself, wrote about the row."""
        own = self.cell(cells, "type") if self.layout.diary else ""
        return own, self.cell(cells, "note"), self.cell(cells, "text") if kind == "notice" else ""


def outcome(event: Event, said: Meaning, written: str) -> Outcome | None:
    """Return how a call ended: as it is said, else by its length."""
    if event.kind == "voicemail":
        return "voicemail"
    if said.outcome:
        return "unanswered" if said.outcome == "missed" and event.direction == "out" else said.outcome
    if event.seconds:
        return "answered"
    return "unanswered" if event.seconds == 0 or written == "-1" else None


class Owners:
    """Tells whose records they are: the numbers and names that were given."""

    def __init__(self, book: Book, named: tuple[str, ...], options: Options) -> None:
        self.region = options.region
        keys = {same_number_key(owner, self.region) for owner in (*options.owner, *named)} - {""}
        self.numbers = {key for key in keys if is_number(key)}
        names = keys - self.numbers
        self.names = names & {same_number_key(cell, self.region) for cell in book.senders | book.receivers} if names else set()

    def is_owner(self, cell: str, own: str) -> bool | None:
        """Tell whether a cell is the owner; None if what is known of the owner cannot be compared with it."""
        if not cell or is_withheld(cell):
            return None
        if is_owner_word(cell):
            return True
        key = same_number_key(cell, self.region)
        if is_number(cell):
            numbers = self.numbers | {same_number_key(own, self.region)} if own else self.numbers
            return key in numbers if key and numbers else None
        return key in self.names if self.names else None

    def direction(self, sender: str, receiver: str, own: str, has_from: bool, has_to: bool) -> Direction:
        """Return the direction that the two sides show. A side that is merely not the owner tells only if there is no other."""
        sent, got = self.is_owner(sender, own), self.is_owner(receiver, own)
        if sent is True or got is True:
            return "unknown" if sent is got else "out" if sent else "in"
        if sent is False and not has_to:
            return "in"
        return "out" if got is False and not has_from else "unknown"
