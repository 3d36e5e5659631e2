"""What can still be read of a zip whose table of contents is lost: a download that broke off, a damaged disk.

Each file in a zip stands behind a header of its own (APPNOTE.TXT 4.3.7), so the files before the break can be found by
walking from header to header. Only stored and deflated files, which is what phones and web sites write.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HEADER = b"PK\x03\x04"
DESCRIPTOR = b"PK\x07\x08"
_FIELDS = struct.Struct("<4s5H3L2H")
_CHUNK = 1 << 20

EXPANSION = 100
"""No text is packed to less than a hundredth; what claims to be is made to fill the disk."""

EXPANSION_FROM = 10_000_000
"""Small files may expand as they like."""


@dataclass(frozen=True)
class Entry:
    """One header: the name, where the packed bytes begin, and how many there should be (None: not said)."""

    name: str
    start: int
    packed: int | None
    method: int
    flags: int
    crc: int


@dataclass(frozen=True)
class Salvaged:
    """One file of the archive: how many bytes could be read, where the reading ended, and what is wrong, if anything."""

    bytes: int
    end: int
    damage: str | None = None


def next_entry(archive: mmap.mmap, position: int) -> Entry | None:
    """Return the first header at or after a position."""
    while (position := archive.find(HEADER, position)) >= 0:
        if entry := _entry(archive, position):
            return entry
        position += len(HEADER)
    return None


def _entry(archive: mmap.mmap, position: int) -> Entry | None:
    raw = archive[position : position + _FIELDS.size]
    if len(raw) < _FIELDS.size:
        return None
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _FIELDS.unpack(raw)
    names = position + _FIELDS.size
    start = names + name_length + extra_length
    name = archive[names : names + name_length].decode("utf-8" if flags & 0x800 else "cp437", "replace")
    if flags & 8 and packed in (0, 0xFFFFFFFF):
        return Entry(name, start, None, method, flags, crc)
    if packed == 0xFFFFFFFF:
        packed = _packed64(archive[names + name_length : start], size == 0xFFFFFFFF)
    return Entry(name, start, packed, method, flags, crc)


def _packed64(extra: bytes, after_size: bool) -> int:
    """Return the packed size from the Zip64 field, which holds first the size, then the packed size."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == 1 and length >= (16 if after_size else 8):
            return int(struct.unpack_from("<Q", extra, 12 if after_size else 4)[0])
        extra = extra[4 + length :]
    return 0xFFFFFFFF


def unpack(archive: mmap.mmap, entry: Entry, target: Path) -> Salvaged:
    """Write what can be read of one file to `target`."""
    with target.open("wb") as out:
        return _inflate(archive, entry, out) if entry.method == 8 else _copy(archive, entry, out)


def _inflate(archive: mmap.mmap, entry: Entry, out: IO[bytes]) -> Salvaged:
    unpacker, position, written, crc = zlib.decompressobj(-zlib.MAX_WBITS), entry.start, 0, 0
    limit = len(archive) if entry.packed is None else min(len(archive), entry.start + entry.packed)
    try:
        while position < limit and not unpacker.eof:
            chunk = archive[position : min(limit, position + _CHUNK)]
            data = unpacker.decompress(chunk, _CHUNK * EXPANSION)
            position += len(chunk) - len(unpacker.unused_data) - len(unpacker.unconsumed_tail)
            written, crc = written + out.write(data), zlib.crc32(data, crc)
            if written > EXPANSION_FROM and written > EXPANSION * (position - entry.start):
                return Salvaged(written, position, "it expands more than 100 times")
    except zlib.error as error:
        return Salvaged(written, position + 1, f"it is damaged ({error})")
    if not unpacker.eof:
        return Salvaged(written, position, "it is cut off")
    return Salvaged(written, position, _check(entry, crc))


def _copy(archive: mmap.mmap, entry: Entry, out: IO[bytes]) -> Salvaged:
    end = _stored_end(archive, entry) if entry.packed is None else entry.start + entry.packed
    crc, stop = 0, min(end, len(archive))
    for position in range(entry.start, stop, _CHUNK):
        data = archive[position : min(stop, position + _CHUNK)]
        out.write(data)
        crc = zlib.crc32(data, crc)
    damage = "it is cut off" if end > stop or (entry.packed is None and end == len(archive)) else _check(entry, crc)
    return Salvaged(max(stop - entry.start, 0), max(stop, entry.start), damage)


def _stored_end(archive: mmap.mmap, entry: Entry) -> int:
    """Find the descriptor behind stored bytes: the one whose size is the distance to it."""
    position = archive.find(DESCRIPTOR, entry.start)
    while position >= 0:
        sizes = archive[position + 8 : position + 16]
        distance = position - entry.start
        if distance in (int.from_bytes(sizes[:4], "little"), int.from_bytes(sizes, "little")):
            return position
        position = archive.find(DESCRIPTOR, position + 4)
    return len(archive)


def _check(entry: Entry, crc: int) -> str | None:
    return None if entry.flags & 8 or crc == entry.crc else "it is damaged (its check sum does not agree)"
