"""One message of a chat as an Event."""

from __future__ import annotations

from collections.abc import Iterable

from detector.errors import RecordError
from detector.event import Event, Outcome
from detector.export import Skip
from detector.whatsapp.bodies import Said, notice, said
from detector.whatsapp.chat import Chat
from detector.whatsapp.headers import MARKS
from detector.whatsapp.people import Side, named
from detector.zones import Zoned

QUOTED = "earlier than its neighbours by more than a day: it may be quoted inside the message before it"


def body_of(raw: str, start: int) -> str:
    """Return what follows the header, without the end of the last line; line ends are line feeds."""
    body = raw[start:-1] if raw.endswith("\n") else raw[start:]
    if "\r" not in body:
        return body
    return body.removesuffix("\r").replace("\r\n", "\n")


def event_of(record: tuple[int, str], chat: Chat) -> Event | Skip:
    """Read one message; RecordError where its time cannot be read."""
    number, raw = record
    found = chat.header.match(raw)
    if not found:
        return _beginning(raw)
    lead, when, day, time, name, rest = found.groups()
    zoned = chat.calendar.moment(day, time, number)
    body = body_of(raw, found.end() - len(rest))
    if name in chat.sides:
        return _event(said_in(chat, body, name, lead), chat.sides[name], chat, when, zoned, number)
    if name is not None:
        body = body_of(raw, found.start(5))
    return _event(notice(body), None, chat, when, zoned, number)


def _beginning(raw: str) -> Skip:
    if not raw.strip(MARKS + " \t\r\n"):
        return Skip("blank lines before the first message")
    msg = "stands before the first message: the header with its date and writer is missing"
    raise RecordError(msg)


def said_in(chat: Chat, body: str, writer: str, lead: str) -> Said:
    """Read a body; unknown words in angle brackets are the app's if they occur more than once in the chat."""
    what = said(body, writer, marked=chat.marked, bracketed=chat.bracketed, led=bool(lead.strip("\ufeff")))
    if what.means == "angle" and body in chat.media_words:
        return Said(media=body, means="media")
    return what


def _event(what: Said, side: Side | None, chat: Chat, when: str, zoned: Zoned, number: int) -> Event:
    if what.kind == "notice" or side is None:
        side = _notice_side(what, chat)
    notes = (what.note, zoned.note, QUOTED if number in chat.quoted else None)
    return Event(
        kind=what.kind, channel="whatsapp", at=zoned.at, direction=side.direction, handle=side.handle, name=side.name,
        name_source=side.name_source, thread=chat.thread, group=chat.people.group, text=what.text, seconds=what.seconds,
        outcome=_outcome(what, side), status=what.status, media=what.media, raw_time=when, zone=zoned.zone, zone_basis=zoned.basis,
        note=_joined(notes),
    )  # fmt: skip


def _joined(notes: Iterable[str | None]) -> str | None:
    return "; ".join(note for note in notes if note) or None


def _notice_side(what: Said, chat: Chat) -> Side:
    """A notice is nobody's contact; only the owner can block, and it is the other side of a chat of two who is blocked."""
    handle = chat.people.other if what.status or what.kind == "call" else None
    return Side("out" if what.status in ("blocked", "unblocked") else "unknown", handle, *named(handle))


def _outcome(what: Said, side: Side) -> Outcome | None:
    """What one side missed was not answered, seen from the other."""
    if what.outcome == "missed" and side.direction == "out":
        return "unanswered"
    return "missed" if what.outcome == "unanswered" and side.direction == "in" else what.outcome
