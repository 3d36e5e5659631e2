"""Who a row is between: the direction, and the other side.

Direction is what a direction column says; without one the type, then the status column; without those, where a row names both
sides, which of them is the owner (numbers are compared whole, by country). Where a direction column and the two sides disagree,
or nothing tells, it is "unknown": never guessed. In a table with a "Called number" and a cost but no direction, a bill,
every row is outgoing: an operator charges for what its customer dialled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from detector.event import WITHHELD, Direction
from detector.export import Options
from detector.tables.book import Book
from detector.tables.languages import Role
from detector.tables.layout import Layout
from detector.tables.values import is_number, number_note, same_number_key
from detector.tables.words import is_owner_word, is_withheld

Cell = Callable[[Role], str]
"""Returns the first filled cell of a role, without blanks around it."""

ROLES: tuple[Role, ...] = ("from", "from_name", "to", "to_name", "number", "name", "own")
"""The columns that sides are read from."""

_SEVERAL = re.compile(r"\s*[;\n|]\s*|,\s*(?=\+?\d{5})")


@dataclass(frozen=True, slots=True)
class Sides:
    """Who a row is between, as seen from the owner."""

    direction: Direction
    handle: str | None
    name: str | None = None
    recipients: str | None = None
    group: bool = False
    notes: tuple[str | None, ...] = ()


class SideReader:
    """Reads the sides of the rows of one table."""

    def __init__(self, book: Book, layout: Layout, options: Options) -> None:
        self.layout, self.region = layout, options.region
        self.owners = Owners(book, layout.spec.owner, options)
        billed = layout.has("to") and layout.has("cost") and not layout.has("direction")
        self.bill = billed and len(book.senders) < 2

    def sides(self, cell: Cell, said: Direction | None) -> Sides:
        """Return the direction and the other side; `said` is what the row says of its direction."""
        sender, receiver, name = cell("from"), cell("to"), cell("name")
        direction, note = self.direction(cell, said)
        handle = cell("number") or {"in": sender, "out": receiver}.get(direction, sender or receiver)
        name = name or cell("to_name" if direction == "out" else "from_name")
        several = _SEVERAL.split(receiver)
        if len(several) > 1:
            one = self.handle(handle, name) if direction == "in" else None
            return Sides(direction, one, name or None, "; ".join(several), True, (note,))
        recipient = receiver if direction == "unknown" and sender and not cell("number") else ""
        if recipient and not note:
            note = self.owners.missing
        other = self.handle(handle, name)
        return Sides(direction, other, name or None, recipient or None, False, (note, number_note(other or "", self.region)))

    def direction(self, cell: Cell, said: Direction | None) -> tuple[Direction, str | None]:
        """Return the direction, and a remark where what is said does not agree with who is the owner."""
        if self.layout.diary:
            return "unknown", None
        said = self.layout.spec.direction or said
        shown = self.owners.direction(cell, self.layout)
        if said is None:
            return (shown if shown != "unknown" else "out" if self.bill else "unknown"), None
        if said != shown and "unknown" not in (said, shown):
            return "unknown", f'the direction "{said}" does not agree with who is the owner'
        return said, None

    def handle(self, number: str, name: str) -> str | None:
        """Return the other side as written; withheld if the cell, or in its place the name, says so."""
        if is_withheld(number) or (not number and is_withheld(name)):
            return WITHHELD
        return number or name or None


class Owners:
    """Tells whose records they are: the numbers and names that were given."""

    def __init__(self, book: Book, named: tuple[str, ...], options: Options) -> None:
        self.region = options.region
        keys = {same_number_key(owner, self.region) for owner in (*options.owner, *named)} - {""}
        self.numbers = {key for key in keys if is_number(key)}
        names = keys - self.numbers
        self.missing = (
            "neither side is the owner that was given" if keys else "which side is the owner is not known: --owner settles it"
        )
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

    def direction(self, cell: Cell, layout: Layout) -> Direction:
        """Return the direction that the two sides show. A side that is merely not the owner tells only if there is no other."""
        sent, got = self.is_owner(cell("from"), cell("own")), self.is_owner(cell("to"), cell("own"))
        if sent or got:
            return "unknown" if sent and got else "out" if sent else "in"
        if sent is False and not layout.has("to"):
            return "in"
        return "out" if got is False and not layout.has("from") else "unknown"
