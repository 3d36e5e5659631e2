"""One message of a chat as an Event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from detector.errors import RecordError
from detector.event import Event, Outcome
from detector.export import Skip
from detector.pairs import Rows
from detector.whatsapp.bodies import Said, notice, ordinary, said
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
        led = bool(lead.strip("\ufeff"))
        what = said(body, name, marked=chat.marked, bracketed=chat.bracketed, led=led)
        return _event(_settled(what, body, chat), chat.sides[name], chat, when, zoned, number)
    if name is not None:
        body = body_of(raw, found.start(5))
    return _event(notice(body), None, chat, when, zoned, number)


def ordinary_rows(batch: Sequence[tuple[int, str]], chat: Chat) -> tuple[Rows, list[int]]:
    """Return which messages of a batch are somebody's own words at a time that is plain: as rows of the chat, and of the batch."""
    lines, numbers = chat.lines, np.array([number for number, _ in batch], np.int64)
    rows = np.minimum(np.searchsorted(lines.number, numbers), len(lines.number) - 1)
    even = (lines.number[rows] == numbers) & chat.even[rows]
    sure = even & lines.plain[rows] & lines.single[rows]
    for i in np.flatnonzero(even & lines.plain[rows] & ~lines.single[rows]).tolist():
        row = rows[i]
        sure[i] = ordinary(body_of(batch[i][1], lines.body[row]), chat.names[lines.writer[row]], chat.marked)
    done = np.flatnonzero(sure)
    return rows[done], done.tolist()


def _beginning(raw: str) -> Skip:
    if not raw.strip(MARKS + " \t\r\n"):
        return Skip("blank lines before the first message")
    msg = "stands before the first message: the header with its date and writer is missing"
    raise RecordError(msg)


def _settled(what: Said, body: str, chat: Chat) -> Said:
    """Take unknown words in angle brackets for the app's if they occur more than once."""
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
