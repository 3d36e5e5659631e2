"""A zip archive as a list of files: each member an Export, a line that says why it is not read, or something set aside.

A zip can lie about its contents, and a careless reader fills the disk or writes where it should not. Here nothing is
unpacked under its own name; what must be on disk (a zip inside a zip, the members of a damaged one) gets a numbered
temporary file. Zips inside zips are opened one level deep.
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
import stat
import tempfile
import weakref
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import ZipFile, ZipInfo

from detector.export import ZIP_ERRORS, Export
from detector.kinds import CLUTTER, SNIFF_BYTES, Found, SetAside, Unreadable, is_clutter, is_container, is_zip, judged
from detector.salvage import EXPANSION, EXPANSION_FROM, Entry, next_entry, unpack

MOST_MEMBERS = 200_000
MOST_BYTES = 500 * 10**9
"""No phone holds more; an archive that unpacks to more is made to fill a disk."""

BROKEN = (*ZIP_ERRORS, OSError, RuntimeError, EOFError, ValueError)
"""What a damaged archive may raise when it is opened or a member is read."""

_METHODS = (0, 8, 12, 14)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)")


class Scratch:
    """A temporary folder, made when first needed and removed with the object."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0

    def file(self) -> Path:
        """Return a path that nobody else uses."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="detector-"))
            weakref.finalize(self, _remove, self._folder, os.getpid())
        self._count += 1
        return self._folder / str(self._count)


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def shown(name: str) -> str:
    """Return a file name that fits on one line and into any report: forward slashes, control characters spelled out."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]) & 0xFF:02x}", name.replace("\\", "/"))


def file_found(export: Export, scratch: Scratch, *, depth: int = 0) -> Iterator[Found]:
    """Yield what one file is; a zip is opened. `depth` says how many zips it lies in."""
    if is_clutter(export.name):
        yield SetAside(export.name, CLUTTER)
        return
    try:
        with export.open() as stream:
            start = stream.read(SNIFF_BYTES)
    except BROKEN as error:
        yield Unreadable(export.name, _why(error))
        return
    if not is_zip(start) or is_container(export.name, start):
        yield judged(export, start)
    elif depth > 1:
        yield Unreadable(export.name, "a zip inside a zip inside a zip is not opened: unpack it and name the folder")
    else:
        yield from _opened(export, scratch, depth)


def _why(error: BaseException) -> str:
    if isinstance(error, PermissionError):
        return "no permission to read the file: copy it to a folder of your own, or change its permissions"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return f"it is damaged in the archive ({error}): export it again"


def _opened(export: Export, scratch: Scratch, depth: int) -> Iterator[Found]:
    """Open a zip on disk, or a copy of one that lies in another."""
    try:
        whole = export if export.member is None else _copied(export, scratch)
    except BROKEN as error:
        yield Unreadable(export.name, _why(error))
        return
    try:
        archive = ZipFile(whole.path)
    except BROKEN as error:
        yield Unreadable(export.name, f"the archive is cut off or damaged ({error}): export or download it again")
        yield from _salvaged(whole, scratch, depth)
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if _is_document(archive):
            yield export
        elif not infos:
            yield Unreadable(export.name, "the archive is empty")
        else:
            yield from _members(archive, infos, whole, scratch, depth)


def _copied(export: Export, scratch: Scratch) -> Export:
    """Copy a member of a zip to a temporary file, which has the name of the member."""
    with export.open() as source:
        return Export(_saved(source, scratch), export.name, export.bytes, None, export.options)


def _saved(source: IO[bytes], scratch: Scratch) -> Path:
    """Write a stream to a temporary file; what is written of a damaged one, or on a full disk, is removed."""
    path = scratch.file()
    try:
        with path.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _is_document(archive: ZipFile) -> bool:
    """Tell whether the members are the inside of one document; a UFDR report is known by how its report.xml begins."""
    names = set(archive.namelist())
    if names & {"[Content_Types].xml", "AndroidManifest.xml", "META-INF/MANIFEST.MF", "META-INF/container.xml"}:
        return True
    report = next((name for name in names if name.lower() == "report.xml"), None)
    try:
        return report is not None and b"sourceExtractions" in archive.open(report).read(SNIFF_BYTES)
    except BROKEN:
        return False


def _members(archive: ZipFile, infos: list[ZipInfo], whole: Export, scratch: Scratch, depth: int) -> Iterator[Found]:
    if sum(info.compress_size for info in infos) > whole.bytes:
        yield Unreadable(whole.name, "its members overlap, so that it unpacks to more than it holds: it is not read")
        return
    if len(infos) > MOST_MEMBERS:
        rest = len(infos) - MOST_MEMBERS
        yield Unreadable(whole.name, f"it has {len(infos):,} members: {rest:,} after the first {MOST_MEMBERS:,} are not read")
    total, twice = 0, Counter(info.filename for info in infos)
    repeated: dict[str, list[ZipInfo]] = defaultdict(list)
    for info in infos[:MOST_MEMBERS]:
        name = f"{whole.name}/{shown(info.orig_filename)}"
        total += info.file_size
        if total > MOST_BYTES:
            yield Unreadable(
                name, f"with it the archive unpacks to more than {MOST_BYTES // 10**9} GB: it and the rest are not read"
            )
            return
        reason = _refusal(info)
        if reason:
            yield Unreadable(name, reason)
        elif twice[info.filename] > 1:
            repeated[info.filename].append(info)
        else:
            yield from file_found(_member(whole, name, info), scratch, depth=depth + 1)
    for copies in repeated.values():
        yield from _repeated(archive, copies, whole, scratch, depth)


def _member(whole: Export, name: str, info: ZipInfo) -> Export:
    return Export(whole.path, name, info.file_size, info.filename, whole.options)


def _refusal(info: ZipInfo) -> str | None:
    """Say why a member is not read, if it is not."""
    if _OUTSIDE.search(info.orig_filename.replace("\\", "/")):
        return "its name leads out of the archive: it is listed and not read"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link; links are not followed"
    if info.flag_bits & 1:
        return "it is encrypted: ask for the password and unpack it first"
    if info.file_size > EXPANSION_FROM and info.file_size > EXPANSION * info.compress_size:
        return f"it expands more than {EXPANSION} times ({info.file_size:,} bytes): it is not read"
    if info.compress_type not in _METHODS:
        return f"it is packed with a method that is not read here (number {info.compress_type}): unpack it and name the folder"
    return None


def _repeated(archive: ZipFile, copies: list[ZipInfo], whole: Export, scratch: Scratch, depth: int) -> Iterator[Found]:
    """Read members that share one name: blank ones and equal ones are set aside, all others are read."""
    name = f"{whole.name}/{shown(copies[0].orig_filename)}"
    read: dict[tuple[int, int], ZipInfo] = {}
    for info in copies:
        try:
            with archive.open(info) as stream:
                empty = blank(stream)
        except BROKEN as error:
            yield Unreadable(name, _why(error))
            continue
        if empty:
            yield SetAside(name, "its name occurs more than once in the archive, and this copy is empty or filled with zeros")
        elif (info.CRC, info.file_size) in read:
            yield SetAside(name, "it occurs more than once in the archive with the same contents; one copy is read")
        else:
            read[info.CRC, info.file_size] = info
    for number, info in enumerate(read.values(), 1):
        called = name if len(read) == 1 else f"{name} (copy {number} of {len(read)})"
        try:
            with archive.open(info) as source:
                path = _saved(source, scratch)
        except BROKEN as error:
            yield Unreadable(called, _why(error))
            continue
        yield from file_found(Export(path, called, info.file_size, None, whole.options), scratch, depth=depth + 1)


def blank(stream: IO[bytes]) -> bool:
    """Tell whether a file is empty or holds nothing but zeros."""
    return not any(chunk.strip(b"\0") for chunk in iter(lambda: stream.read(1 << 20), b""))


def _salvaged(whole: Export, scratch: Scratch, depth: int) -> Iterator[Found]:
    """Yield the members that can be found without a table of contents."""
    with whole.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as archive:
        position, total = 0, 0
        while (entry := next_entry(archive, position)) and total < MOST_BYTES:
            position = entry.start
            name = f"{whole.name}/{shown(entry.name)}"
            if entry.name.endswith("/"):
                continue
            if reason := _entry_refusal(entry):
                yield Unreadable(name, reason)
                position += entry.packed or 0
                continue
            target = scratch.file()
            try:
                saved = unpack(archive, entry, target)
            except OSError as error:
                target.unlink(missing_ok=True)
                yield Unreadable(name, f"{_why(error)}; what follows it is not looked for")
                return
            position, total = max(saved.end, entry.start), total + saved.bytes
            if saved.damage:
                yield Unreadable(name, saved.damage + (f"; the first {saved.bytes:,} bytes are read" if saved.bytes else ""))
            if saved.bytes or not saved.damage:
                yield from file_found(Export(target, name, saved.bytes, None, whole.options), scratch, depth=depth + 1)


def _entry_refusal(entry: Entry) -> str | None:
    info = ZipInfo(entry.name)
    info.orig_filename, info.flag_bits, info.compress_type = entry.name, entry.flags, entry.method
    return _refusal(info) or (None if entry.method in (0, 8) else "the packing method cannot be read in a damaged archive")
