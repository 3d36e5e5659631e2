"""What can be learnt of a thread file without parsing it: who takes part, what it is called.

Meta writes the title after the messages, and lists as participants only those who are still members, so both ends and all
senders are needed before the first message can be understood. The bytes are searched block by block: the memory stays
flat, a damaged file gives what it has. ``"sender_name"`` with its quotation marks cannot stand inside a JSON string.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from detector.export import ZIP_ERRORS, Export
from detector.meta import repaired
from detector.meta_reading import STRING, blocks

_SENDER = re.compile(rb'"sender_name"\s*:\s*(' + STRING + rb")", re.DOTALL)
_FIELD = re.compile(rb'"(title|thread_path|thread_type|is_still_participant)"\s*:\s*(' + STRING + rb"|true|false)", re.DOTALL)
_PARTICIPANTS = re.compile(rb'"participants"\s*:\s*(\[(?:[^"\]]|' + STRING + rb")*+\])", re.DOTALL)


@dataclass(frozen=True)
class Glance:
    """A thread file from outside. `participants` is None where it does not list them; names are repaired."""

    participants: tuple[str, ...] | None
    senders: tuple[str, ...]
    title: str | None
    path: str | None
    kind: str | None  # RegularGroup, Regular; only in older exports
    still_member: bool | None


@lru_cache(maxsize=4096)
def glance(export: Export) -> Glance:
    """Search the whole file once."""
    senders: dict[bytes, None] = {}
    head, tail = b"", b""
    for number, block in enumerate(_readable(export)):
        head = block.partition(b'"messages"')[0] if number == 0 else head
        last = 0
        for found in _SENDER.finditer(block):
            senders[found[1]] = None
            last = found.end()
        tail = block[last:] if last else tail + block
    fields = {name.decode(): _value(value) for name, value in _FIELD.findall(head + b"\n" + tail)}
    return Glance(
        _names(head + b"\n" + tail),
        tuple(dict.fromkeys(filter(None, (_text(_value(raw)) for raw in senders)))),
        _text(fields.get("title")),
        _text(fields.get("thread_path")),
        _text(fields.get("thread_type")),
        fields.get("is_still_participant"),
    )


def _readable(export: Export) -> Iterator[bytes]:
    """Yield what can be read; what cannot is for the reading of the messages to report."""
    try:
        with export.open() as stream:
            yield from blocks(stream)
    except (OSError, RuntimeError, EOFError, *ZIP_ERRORS):
        return


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


def _value(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except ValueError:
        return None


def _text(value: Any) -> str | None:
    return repaired(value) if isinstance(value, str) and value.strip() else None
