"""Lines of a made-up case: one message or call each, and the people in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from detector.event import Outcome

LONDON = ZoneInfo("Europe/London")

NAMES = (
    "Dan", "Priya", "Tom", "Aisha", "Ben", "Chloe", "Kofi", "Ewa", "Luis", "Grace", "Imran", "Nia", "Sean", "Olga", "Raj", "Beth", "Marek",
    "Zara", "Owen", "Leila", "Jack", "Hana", "Theo", "Maya", "Finn", "Rosa", "Amir", "Lucy", "Piotr", "Ella",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody on the other side. `number` is from the range that is free for drama."""

    name: str
    number: str

    @staticmethod
    def numbered(last: int, name: str | None = None) -> Person:
        """Return the person with the number that ends in these three digits."""
        return Person(name or f"{NAMES[last // 2 % len(NAMES)]} {last}", f"+447700900{last:03d}")

    @property
    def second(self) -> Person:
        """The same person with another number that is not in the address book."""
        return Person("", f"+447700900{int(self.number[-3:]) + 1:03d}")

    @property
    def account(self) -> str:
        """The name of an account on a social service."""
        return f"{self.name.lower().replace(' ', '_') or 'someone'}_ig"


OWNER = Person("Mia Example", "+447700900100")

Channel = Literal["sms", "phone", "whatsapp", "instagram"]


@dataclass(frozen=True)
class Line:
    """One message or call. `group` names a WhatsApp group and its members."""

    at: datetime
    person: Person
    channel: Channel
    direction: Literal["in", "out"]
    text: str | None = None
    seconds: int = 0
    outcome: Outcome | None = None
    withheld: bool = False
    notice: Literal["blocked", "unblocked", "group created"] | None = None
    group: str | None = None
    sender: str | None = None  # an alphanumeric sender or short code in place of the number


def said(at: datetime, person: Person, text: str, channel: Channel = "sms") -> Line:
    """A message to the owner."""
    return Line(at, person, channel, "in", text)


def replied(at: datetime, person: Person, text: str, channel: Channel = "sms") -> Line:
    """A message by the owner."""
    return Line(at, person, channel, "out", text)


def rang(at: datetime, person: Person, seconds: int = 0, *, withheld: bool = False) -> Line:
    """A call to the owner: answered if it lasted, missed if not."""
    return Line(at, person, "phone", "in", None, seconds, "answered" if seconds else "missed", withheld)
