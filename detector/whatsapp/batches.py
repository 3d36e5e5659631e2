"""Many messages of a chat as columns at once, for speed: the same as `lines.event_of` makes of them one by one.

Messages on a day whose clock ran evenly are read by arrays; what is left is read one by one and put in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from detector.errors import RecordError
from detector.event import FIELDS, Columns, Event
from detector.export import Options
from detector.pairs import SECOND, Rows
from detector.whatsapp.bodies import Said
from detector.whatsapp.chat import Chat
from detector.whatsapp.headers import BLANKS
from detector.whatsapp.lines import body_of, event_of, said_in
from detector.zones import zone_of

Message = tuple[int, str]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def columns_of(batch: Sequence[Message], chat: Chat, options: Options) -> tuple[Columns, Sequence[int]]:
    """Read a batch; what cannot be read, or is no event, is left out."""
    rows, bodies, marks = _even(batch, chat)
    done, values = _messages(batch, rows, bodies, marks, chat, options)
    others = _others(batch, done, chat) if len(done) < len(batch) else {}
    return _merged(values, done, others) if others else (values, done)


def _even(batch: Sequence[Message], chat: Chat) -> tuple[Rows, list[str | None], dict[int, Said]]:
    """Return the row of each message in the chat, its body if its writer and time are plain, and what is more than somebody's words."""
    lines, numbers = chat.lines, np.array([number for number, _ in batch], np.int64)
    rows = np.minimum(np.searchsorted(lines.number, numbers), len(lines.number) - 1)
    even = (lines.number[rows] == numbers) & chat.even[rows]
    bodies = _bodies(batch, lines.body[rows].tolist(), even.tolist(), chat.carriage)
    marks: dict[int, Said] = {}
    for i in np.flatnonzero(even & ~(lines.plain[rows] & lines.single[rows])).tolist():
        writer, raw, body = chat.names[lines.writer[rows[i]]], batch[i][1], bodies[i] or ""
        what = said_in(chat, body, writer, raw[: lines.when[rows[i]]].rstrip("[" + BLANKS))
        if what.kind != "message":
            bodies[i] = None
        elif what.means != "typed" or what.note:
            marks[i] = what
    return rows, bodies, marks


def _bodies(batch: Sequence[Message], starts: list[int], even: list[bool], carriage: bool) -> list[str | None]:
    if carriage or not batch[-1][1].endswith("\n"):
        return [body_of(raw, start) if known else None for (_, raw), start, known in zip(batch, starts, even, strict=True)]
    return [raw[start:-1] if known else None for (_, raw), start, known in zip(batch, starts, even, strict=True)]


def _messages(
    batch: Sequence[Message], rows: Rows, bodies: list[str | None], marks: dict[int, Said], chat: Chat, options: Options
) -> tuple[list[int], dict[str, Any]]:
    """Make columns of the messages that have a body."""
    done = [i for i, body in enumerate(bodies) if body is not None]
    lines, rows = chat.lines, rows[done]
    spans = zip(done, lines.when[rows].tolist(), lines.when_end[rows].tolist(), strict=True)
    zone, basis = zone_of(options)
    values: dict[str, Any] = {
        "kind": "message", "channel": "whatsapp", "at": chat.midnights[lines.run[rows]] + lines.seconds[rows] * SECOND,
        "thread": chat.thread, "group": np.full(len(done), chat.people.group), "raw_time": [batch[i][1][a:b] for i, a, b in spans],
        "text": [bodies[i] for i in done], "zone": zone, "zone_basis": basis,
    }  # fmt: skip
    for field, each in chat.by_writer.items():
        of_all = set(each)
        values[field] = each[lines.writer[rows]].tolist() if len(of_all) > 1 else of_all.pop()
    if marks:
        values["text"] = [marks[i].text if i in marks else bodies[i] for i in done]
        for field in ("media", "status", "note"):
            if any(getattr(mark, field) for mark in marks.values()):
                values[field] = [getattr(marks[i], field) if i in marks else None for i in done]
    return done, values


def _others(batch: Sequence[Message], done: list[int], chat: Chat) -> dict[int, Event]:
    """Read the other messages one by one; those that make no event are counted by whoever asks for them again."""
    events: dict[int, Event] = {}
    for i in sorted(set(range(len(batch))).difference(done)):
        try:
            result = event_of(batch[i], chat)
        except RecordError:
            continue
        if isinstance(result, Event):
            events[i] = result
    return events


def _merged(values: dict[str, Any], done: list[int], others: dict[int, Event]) -> tuple[Columns, list[int]]:
    """Put the events between the rows of the columns, each at its place."""
    order = sorted([*done, *others])
    places = np.searchsorted(order, list(others)).tolist()
    result: dict[str, Any] = {}
    for field in FIELDS:
        theirs = [getattr(event, field) for event in others.values()]
        ours = values.get(field)
        if field == "at":
            before = np.array(places) - np.arange(len(places))
            result[field] = np.insert(values[field], before, [(at - _EPOCH) // _MICROSECOND for at in theirs])
        elif not isinstance(ours, str | None) or any(value != ours for value in theirs):
            column = [ours] * len(done) if isinstance(ours, str | None) else list(ours)
            for place, value in zip(places, theirs, strict=True):
                column.insert(place, value)
            result[field] = column
        else:
            result[field] = ours
    return result, order
