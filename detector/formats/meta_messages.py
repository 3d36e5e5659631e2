"""Threads of Facebook Messenger and Instagram from "Download your information" as JSON: ``message_1.json`` and so on.

`timestamp_ms` is milliseconds since 1970 UTC. The files name people by the name shown, never by an account; who the owner
is comes from meta_owner. A record is classified by its structure first (a call has `call_duration`, a change of a group has
`users`) and by its words second (meta_phrases). What was shared is not what the sender said: the link stands in `media`,
the shared text in `note`. A reaction is a record of its own, ``messages[3].reactions[0]``; it may stand in the thread a second
time as the line "Reacted ... to your message". Field list: msgvault's and RLEAPP's readers of real downloads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from detector.errors import ExportError
from detector.event import Columns, Event, Outcome
from detector.export import Export, Facts, Format, Note, Problem, Record
from detector.meta import Moment, broken_texts, folded, moment, repaired, text_of
from detector.meta_attachments import media_of, notes_of
from detector.meta_conversation import Conversation, Side, conversation
from detector.meta_owner import is_thread
from detector.meta_phrases import Line, line_of, may_be_lines
from detector.meta_reading import entries

_PATH = re.compile(
    r"(?:^|/)(?:messages/[^/]+/[^/]+/messa[a-z_\d]*\.json"
    r"|(?:inbox|archived_threads|filtered_threads|message_requests|e2ee_cutover)/[^/]+/message_\d+\.json|message_\d+\.json)$"
)
CHANGES = ("Subscribe", "Unsubscribe")
NOT_PLAIN = (*CHANGES, "Call")
PLAIN_TIMES = (10**11, 10**13)
"""Milliseconds from 1973 to 2286: no other unit is possible."""

LONGEST_CALL = 10**7
"""Seconds; more is no length of a call."""

_FLAGS = ("is_unsent", "is_taken_down", "is_geoblocked_for_viewer", "is_unsent_image_by_messenger_kid_parent")
_PLAIN = frozenset(("sender_name", "timestamp_ms", "content", "type", "reactions", *_FLAGS))


class Reaction(dict[str, Any]):
    """A reaction with what it answers: ``{"reaction": ..., "of": {"sender_name": ..., "timestamp_ms": ...}}``."""


def recognises(export: Export) -> bool:
    """Look for participants with a name and messages with a `sender_name`; a broken thread file is known by its path."""
    if is_thread(export):
        return True
    return bool(_PATH.search(export.name)) and b'"senderName"' not in export.head


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Yield each message, and after it each of its reactions; at the end how many texts were repaired."""
    broken = 0
    try:
        for index, message in enumerate(entries(export, "messages")):
            where = f"messages[{index}]"
            if not isinstance(message, dict):
                yield where, Problem(f"this entry is no message but {type(message).__name__}")
                continue
            yield where, message
            broken += broken_texts(message.values())
            if reactions := message.get("reactions"):
                yield from _reactions(reactions, message, where)
    except ExportError:
        yield from _repairs(broken)
        raise
    yield from _repairs(broken)


def _repairs(broken: int) -> Iterator[tuple[str, Note]]:
    if broken:
        yield "", Note(f"texts written with broken letters (UTF-8 kept as Latin-1) and repaired here: {broken}")


def _reactions(reactions: Any, message: dict[str, Any], where: str) -> Iterator[tuple[str, Record]]:
    if not isinstance(reactions, list):
        yield f"{where}.reactions", Problem(f"the reactions are no list but {type(reactions).__name__}")
        return
    target = {key: message.get(key) for key in ("sender_name", "timestamp_ms")}
    for index, reaction in enumerate(reactions):
        known = isinstance(reaction, dict)
        record = Reaction(reaction=reaction, of=target) if known else Problem("this entry is no reaction")
        yield f"{where}.reactions[{index}]", record


def event(record: Record, export: Export) -> Event:
    """Read one message or reaction."""
    talk = conversation(export)
    return _reaction(record, talk) if isinstance(record, Reaction) else _message(record, talk)


def _event(talk: Conversation, sender: Any, when: Moment) -> Event:
    side = talk.side(text_of(sender) or None)
    return Event(
        kind="message",
        channel=talk.channel,
        at=when.at,
        direction=side.direction,
        handle=side.handle,
        name=side.handle,
        name_source="profile" if side.handle else None,
        recipients=side.recipients,
        thread=talk.thread,
        group=talk.group,
        folder=talk.folder,
        raw_time=when.raw,
        zone="UTC",
        zone_basis="in the value",
        note=_joined(side.note, when.note),
    )


def _joined(*notes: str | None) -> str | None:
    return "; ".join(note for note in notes if note) or None


def _message(record: dict[str, Any], talk: Conversation) -> Event:
    content = text_of(record.get("content"))
    line = line_of(content, talk.known)
    found = _event(talk, record.get("sender_name"), moment(record.get("timestamp_ms")))
    if record.get("call_duration") is not None or record.get("missed") is True or record.get("type") == "Call":
        return _call(found, record, content, line)
    if record.get("type") in CHANGES or record.get("users"):
        return _change(found, record, content, line)
    found.media = media_of(record)
    found.text, found.status = content, _status(record)
    if line:
        found.kind, found.text, found.outcome = line.kind, line.words, line.outcome
        found.status = found.status or line.status
        found.note = _joined(found.note, f"line of the service: {content}")
    found.note = _joined(found.note, *notes_of(record))
    if not found.text and not found.media and not found.note:
        found.note = "nothing of its content is in the export"
    return found


def _call(found: Event, record: dict[str, Any], content: str | None, line: Line | None) -> Event:
    """Read a call; the sender is the caller, also of "Anna missed your call."."""
    length = record.get("call_duration")
    found.kind, found.seconds = "call", _seconds(length)
    found.outcome = _outcome(record, found.seconds, line)
    odd = f"call_duration is {text_of(length)}" if length is not None and found.seconds is None else None
    found.note = _joined(found.note, f"line of the service: {content}" if content else None, odd)
    return found


def _seconds(length: Any) -> float | None:
    if isinstance(length, bool) or not isinstance(length, (int, float, Decimal)):
        return None
    return float(length) if 0 <= length < LONGEST_CALL else None


def _outcome(record: dict[str, Any], seconds: float | None, line: Line | None) -> Outcome | None:
    if record.get("missed") is True or (not seconds and line and line.outcome == "missed"):
        return "missed"
    if seconds is None:
        return None
    return "answered" if seconds > 0 else "unanswered"


def _change(found: Event, record: dict[str, Any], content: str | None, line: Line | None) -> Event:
    """Read who joined or left; `recipients` are the people whom it concerns."""
    listed = record.get("users")
    users = [user.get("name") for user in (listed if isinstance(listed, list) else ()) if isinstance(user, dict)]
    found.kind, found.text = "notice", line.words if line else None
    found.recipients = "; ".join(filter(None, map(text_of, users))) or found.recipients
    left = "left" if not users or record.get("sender_name") in users else "removed"
    found.status = line.status if line else {"Subscribe": "added", "Unsubscribe": left}.get(str(record.get("type")))
    found.note = _joined(found.note, f"line of the service: {content}" if content else None)
    return found


def _status(record: dict[str, Any]) -> str | None:
    if record.get("is_unsent") or record.get("is_unsent_image_by_messenger_kid_parent"):
        return "unsent"
    return "taken down" if record.get("is_taken_down") else None


def _reaction(record: Reaction, talk: Conversation) -> Event:
    """Read a reaction; the one who reacted is the sender, whoever wrote the message."""
    own, target = record["reaction"].get("timestamp"), record["of"]
    when = moment(own, "s") if own else moment(target["timestamp_ms"])
    found = _event(talk, record["reaction"].get("actor"), when)
    author = text_of(target["sender_name"]) or None
    if found.direction == "out" and found.handle is None and author and folded(author) not in talk.owner.names:
        found.handle = found.name = author
        found.name_source = "profile"
    sign = text_of(record["reaction"].get("reaction")) or "of unknown kind"
    found.kind = "reaction"
    found.note = _joined(
        f"reaction {sign}", found.note, None if own else "its own time is not in the export: time of the message it answers"
    )
    return found


def columns(records: Sequence[Record], export: Export) -> tuple[Columns, Sequence[int]]:
    """Make columns of messages that are nothing but words; the others are left to `event`."""
    talk = conversation(export)
    plain = [index for index, record in enumerate(records) if _plain(record)]
    texts = [text if (text := records[index]["content"]).isascii() else repaired(text) for index in plain]
    lines = may_be_lines(texts)
    if len(lines) == len(plain):
        msg = "nothing here is plain"
        raise ValueError(msg)
    kept = [place for place in range(len(plain)) if place not in lines]
    done = [plain[place] for place in kept]
    names = [records[index]["sender_name"] for index in done]
    known = {name: talk.side(repaired(name)) for name in set(names)}
    times = [records[index]["timestamp_ms"] for index in done]
    return _columns(talk, [known[name] for name in names], [texts[place] for place in kept], times), done


def _plain(record: dict[str, Any]) -> bool:
    get = record.get
    text, time, sender = get("content"), get("timestamp_ms"), get("sender_name")
    if type(text) is not str or type(sender) is not str or type(time) is not int or not text or not sender:
        return False
    if not _PLAIN.issuperset(record) or not PLAIN_TIMES[0] <= time < PLAIN_TIMES[1] or get("type") in NOT_PLAIN:
        return False
    return not any(map(get, _FLAGS))


def _columns(talk: Conversation, sides: list[Side], texts: list[str], times: list[int]) -> Columns:
    count, handles = len(times), [side.handle for side in sides]
    return {
        "kind": ["message"] * count,
        "channel": [talk.channel] * count,
        "at": np.array(times, np.int64) * 1000,
        "direction": [side.direction for side in sides],
        "handle": handles,
        "name": handles,
        "name_source": ["profile" if handle else None for handle in handles],
        "recipients": [side.recipients for side in sides],
        "thread": [talk.thread] * count,
        "group": [talk.group] * count,
        "text": texts,
        "folder": [talk.folder] * count,
        "raw_time": list(map(str, times)),
        "zone": ["UTC"] * count,
        "zone_basis": ["in the value"] * count,
        "note": [side.note for side in sides],
    }


def facts(export: Export) -> Facts:
    """Say whose download it is."""
    owner = conversation(export).owner
    if owner.names:
        return Facts(owner=owner.shown, owner_basis=owner.basis)
    return Facts(notes=(owner.basis,))


FORMAT = Format(
    "meta_messages",
    "Facebook Messenger and Instagram messages (download, JSON)",
    recognises,
    records,
    event,
    absence="Messages after a conversation became end-to-end encrypted are in another download; what the owner deleted, edits "
    "and most withdrawn messages are missing; blocks are in other files; only names are given, not accounts.",
    facts=facts,
    columns=columns,
)
