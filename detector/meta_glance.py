"""What can be learnt of a thread file without parsing it: who takes part, what it is called, how many texts are broken.

Meta writes the title after the messages, and lists as participants only those who are still members, so both ends and all
senders are needed before the first message can be understood. The bytes are searched block by block: the memory stays
flat, a damaged file gives what it has. ``"sender_name"`` with its quotation marks cannot stand inside a JSON string.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from detector.export import Export
from detector.meta import repaired

BLOCK = 4 << 20
_STRING = rb'"(?:[^"\\]|\\.)*+"'
_ANY_STRING = re.compile(_STRING, re.DOTALL)
_SENDER = re.compile(rb'"sender_name"\s*:\s*(' + _STRING + rb")", re.DOTALL)
_FIELD = re.compile(rb'"(title|thread_path|thread_type|is_still_participant)"\s*:\s*(' + _STRING + rb"|true|false)", re.DOTALL)
_PARTICIPANTS = re.compile(rb'"participants"\s*:\s*(\[(?:[^"\]]|' + _STRING + rb")*+\])", re.DOTALL)
_BROKEN_PAIR = re.compile(rb"\\u00[c-fC-F][0-9a-fA-F]\\u00[89abAB][0-9a-fA-F]|\xc3[\x82-\xb4]\xc2[\x80-\xbf]")


@dataclass(frozen=True)
class Glance:
    """A thread file from outside. `participants` is None where it does not list them; names are repaired."""

    participants: tuple[str, ...] | None
    senders: tuple[str, ...]
    title: str | None
    path: str | None
    kind: str | None  # RegularGroup, Regular; only in older exports
    still_member: bool | None
    repairs: int  # texts whose letters were broken


@lru_cache(maxsize=4096)
def glance(export: Export) -> Glance:
    """Search the whole file once."""
    senders: dict[bytes, None] = {}
    head, tail, repairs = b"", b"", 0
    with export.open() as stream:
        for number, block in enumerate(_blocks(stream)):
            head = block.partition(b'"messages"')[0] if number == 0 else head
            last = 0
            for found in _SENDER.finditer(block):
                senders[found[1]] = None
                last = found.end()
            tail = block[last:] if last else tail + block
            repairs += _repairs(block)
    fields = {name.decode(): _value(value) for name, value in _FIELD.findall(head + b"\n" + tail)}
    return Glance(
        _names(head + b"\n" + tail),
        tuple(dict.fromkeys(filter(None, (_text(_value(raw)) for raw in senders)))),
        _text(fields.get("title")),
        _text(fields.get("thread_path")),
        _text(fields.get("thread_type")),
        fields.get("is_still_participant"),
        repairs,
    )


@lru_cache(maxsize=4096)
def participants(export: Export) -> tuple[str, ...] | None:
    """Return the participants, from the beginning of the file if they stand there."""
    return _names(export.head) or glance(export).participants


def _names(data: bytes) -> tuple[str, ...] | None:
    found = _PARTICIPANTS.search(data)
    listed = _value(found[1]) if found else None
    if not isinstance(listed, list):
        return None
    names = [_text(entry.get("name")) for entry in listed if isinstance(entry, dict)]
    return tuple(name for name in names if name)


def _blocks(stream: Any) -> Iterator[bytes]:
    """Cut the bytes where no string can be open: at the last line end or before the last sender."""
    held = b""
    while chunk := stream.read(BLOCK):
        held += chunk
        cut = max(held.rfind(b"\n"), held.rfind(b'"sender_name"'))
        if cut > 0:
            yield held[:cut]
            held = held[cut:]
    yield held


def _repairs(block: bytes) -> int:
    """Count the texts of a block that `repaired` changes."""
    count, at = 0, 0
    while found := _BROKEN_PAIR.search(block, at):
        start = found.start()
        while (start := block.rfind(b'"', 0, start)) > 0 and _escaped(block, start):
            pass
        whole = _ANY_STRING.match(block, start) if start >= 0 else None
        at = max(found.end(), whole.end() if whole else 0)
        text = _value(whole[0]) if whole else None
        count += isinstance(text, str) and repaired(text) != text
    return count


def _escaped(block: bytes, position: int) -> bool:
    start = position
    while start and block[start - 1] == 0x5C:
        start -= 1
    return (position - start) % 2 == 1


def _value(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8", "replace"))
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    return repaired(value) if isinstance(value, str) and value.strip() else None
