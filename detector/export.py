"""Export: a file as it reached us, alone, in a folder or in a zip; and Format: the functions that read one.

An export is opened read-only and hashed before it is parsed. Members of a zip are read as streams and never
unpacked by name, so a member called ``../../x`` cannot leave the archive.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal
from zipfile import BadZipFile, LargeZipFile, ZipFile

from detector.event import Columns, Event

ZIP_ERRORS = (BadZipFile, LargeZipFile, NotImplementedError, zlib.error)
"""What reading a damaged, encrypted or exotic zip member may raise, besides OSError, RuntimeError and EOFError."""

HEAD_BYTES = 64 * 1024
"""How much of a file `Format.recognises` may look at without reading on."""

DateOrder = Literal["DMY", "MDY", "YMD"]
Record = Any
"""One raw record as its format yields it: whatever `detector show` can print as JSON."""


@dataclass(frozen=True)
class Options:
    """What a person says about an extract because the data cannot."""

    owner: tuple[str, ...] = ()  # names and numbers of the person whose device or account it is
    timezone: str | None = None  # IANA name, for formats that write local time without a zone
    region: str = "GB"  # ISO 3166 country of numbers written without a country code
    date_order: DateOrder | None = None
    mappings: tuple[str, ...] = ()  # TOML texts that describe tables nobody knows


@dataclass(frozen=True)
class Problem:
    """A record, or the rest of a file, that could not be read. `records` may yield one in place of a record."""

    reason: str


@dataclass(frozen=True)
class Skip:
    """Why a record is not contact and makes no event. `event` may return one; it is counted by its reason."""

    reason: str


@dataclass(frozen=True)
class Note:
    """A line for the ledger about the whole file. `records` may yield one; it is no record."""

    text: str


@dataclass(frozen=True)
class Facts:
    """What a format finds out about a whole file, for the ledger."""

    owner: str | None = None
    owner_basis: str | None = None
    zone: str | None = "UTC"
    zone_basis: str | None = "in the value"
    date_order: DateOrder | None = None
    date_order_basis: str | None = None
    notes: tuple[str, ...] = ()  # one line each: repairs, counts that do not agree, limits of what was exported


@dataclass(frozen=True)
class Format:
    """How one kind of export is read. All functions are of the module level, so that they can go to a worker.

    `records` yields a locator, unique in the file and stable, and the raw record (or a Problem, or a Note); it raises
    ExportError where the rest cannot be read, after yielding all that came before. `event` returns a Skip for what is not
    contact and raises RecordError (or ValueError, KeyError, TypeError ...) for what it cannot read. `columns`, where a
    format has it, makes the columns of many records at once: it returns them with the positions of the records that they
    hold, which leaves the others to `event`, and raises ValueError to decline the batch. It must agree with `event`.
    """

    name: str
    title: str
    recognises: Callable[[Export], bool]  # by contents, never raises
    records: Callable[[Export], Iterator[tuple[str, Record]]]
    event: Callable[[Record, Export], Event | Skip]
    absence: str  # what it does not prove that something is not in such an export
    facts: Callable[[Export], Facts] = lambda _: Facts()
    columns: Callable[[Sequence[Record], Export], tuple[Columns, Sequence[int]]] | None = None


_Bytes = bytes  # inside Export the name is its size


@dataclass(eq=False)
class Export:
    """One file: on disk, or one member of a zip.

    `name` is its path below what the user named, with forward slashes, the zip's name included; the same on every machine.
    `extract` are all the files that came together and so belong to one owner.
    """

    path: Path
    name: str
    bytes: int
    member: str | None = None
    options: Options = field(default_factory=Options)
    extract: list[Export] = field(default_factory=list, repr=False)
    progress: Callable[[int], object] | None = field(default=None, repr=False)

    def open(self) -> IO[_Bytes]:
        """Open for reading bytes; whatever is read is told to `progress`."""
        stream = self._open()
        return io.BufferedReader(_Counted(stream, self.progress), 1 << 20) if self.progress else stream

    def _open(self) -> IO[_Bytes]:
        return _archive(self.path).open(self.member) if self.member is not None else self.path.open("rb")

    @property
    def title(self) -> str:
        """Return the last part of the name."""
        return PurePosixPath(self.name).name

    @cached_property
    def head(self) -> _Bytes:
        """Return the first bytes, enough to tell what it is; nothing where they cannot be read."""
        try:
            with self._open() as stream:
                return stream.read(HEAD_BYTES)
        except (OSError, RuntimeError, EOFError, ValueError, *ZIP_ERRORS):
            return b""

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the bytes as 64 hex digits."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()

    def forget(self) -> None:
        """Let go of the first bytes: an extract may have hundreds of thousands of files."""
        self.__dict__.pop("head", None)

    def beside(self, *endings: str) -> Iterable[Export]:
        """Return the files of the same extract whose names end with one of these."""
        return (other for other in self.extract if other.name.endswith(endings))


class _Counted(io.RawIOBase):
    """A binary stream that tells how far it has been read."""

    def __init__(self, stream: IO[bytes], progress: Callable[[int], object]) -> None:
        self._stream, self._progress = stream, progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._progress(len(data))
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


@lru_cache(maxsize=8)
def _archive(path: Path) -> ZipFile:
    return ZipFile(path)
