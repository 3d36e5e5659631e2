"""Opening an SQLite database that reached us, without changing it and without trusting it.

A database on disk is opened in place as immutable: nothing is locked, written or created beside it. One that has a ``-wal``
or ``-journal`` beside it, or lies in a zip, is copied to a temporary folder and its log is applied to the copy. The
shared-memory file ``-shm`` only mirrors the log; it is not needed. Only ordinary tables and their stored columns are read:
no view, virtual table, trigger or computed column of the file is ever run (https://sqlite.org/security.html).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
import weakref
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from detector.errors import ExportError
from detector.export import ZIP_ERRORS, Export
from detector.sqlite_rows import quoted

MAGIC = b"SQLite format 3\x00"
COMPANIONS = ("-wal", "-shm", "-journal")

SCHEMA_SECONDS = 20
"""Reading the list of tables takes milliseconds; a file that makes it take longer is not one from a phone."""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 256 << 20,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 10,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_PRAGMAS = ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON")
_COPYING = (*ZIP_ERRORS, OSError, RuntimeError, EOFError)


def is_database(export: Export) -> bool:
    """Tell whether the file begins as SQLite databases do."""
    return export.head.startswith(MAGIC)


@contextmanager
def opened(export: Export) -> Iterator[sqlite3.Connection]:
    """Open read-only. Whatever SQLite refuses, here or while the connection is used, is an ExportError that names the file."""
    try:
        with closing(_connect(_place(export).path)) as connection:
            yield connection
    except (sqlite3.Error, *_COPYING) as error:
        raise _damaged(export, error) from error


@lru_cache(maxsize=16)
def tables(export: Export) -> dict[str, tuple[str, ...]]:
    """Return the ordinary tables and their stored columns; nothing for a file that is no database or cannot be opened."""
    try:
        return _tables(export) if is_database(export) else {}
    except ExportError:
        return {}


def why_unreadable(export: Export) -> str | None:
    """Return the line that says why a file that begins like a database cannot be opened; None for all others."""
    try:
        if is_database(export):
            _tables(export)
    except ExportError as error:
        return str(error)
    return None


def companion_notes(export: Export) -> tuple[str, ...]:
    """Say which log was read together with the database, or that a database that uses one came without it."""
    found = [other for other in _companions(export) if other.bytes]
    if found:
        return tuple(
            f"{other.title} ({other.bytes:,} bytes, SHA-256 {other.sha256}) was read together with it" for other in found
        )
    if export.head[18:20] == b"\x02\x02":
        return (f"the database keeps its newest changes in {export.title}-wal, and no such file came with it",)
    return ()


class _Place:
    """Where a database can be opened; a copy is removed when nobody needs it any more."""

    def __init__(self, path: Path, folder: str | None = None) -> None:
        self.path = path
        if folder:
            weakref.finalize(self, _remove, folder, os.getpid())


def _remove(folder: str, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


@lru_cache(maxsize=4)
def _place(export: Export) -> _Place:
    logs = [other for other in _companions(export) if other.bytes]
    if export.member is None and not logs:
        return _Place(export.path)
    folder = tempfile.mkdtemp(prefix="detector-")
    place = _Place(Path(folder, "database"), folder)
    _copy(export, place.path)
    for log in logs:
        _copy(log, Path(folder, "database" + log.name.removeprefix(export.name)))
    if logs:
        with closing(sqlite3.connect(place.path)) as copy:
            copy.execute("PRAGMA trusted_schema = OFF")
            copy.execute("PRAGMA schema_version").fetchone()
    return place


def _companions(export: Export) -> Iterator[Export]:
    """Yield the write-ahead log and the rollback journal of this database, as far as they came with it."""
    names = (f"{export.name}-wal", f"{export.name}-journal")
    return (other for other in export.extract if other.name in names)


def _copy(export: Export, target: Path) -> None:
    with export.open() as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)


def _connect(path: Path) -> sqlite3.Connection:
    where = quote(os.fsencode(path.resolve()))
    connection = sqlite3.connect(f"file:{where}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    try:
        for limit, value in _LIMITS.items():
            connection.setlimit(limit, value)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        _read_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _read_schema(connection: sqlite3.Connection) -> None:
    """Make SQLite read the schema. It refuses a file shorter than its header says, unless told that repair is under way."""
    until = time.monotonic() + SCHEMA_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, 100_000)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.set_progress_handler(None, 0)


def _tables(export: Export) -> dict[str, tuple[str, ...]]:
    with opened(export) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        found = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' ORDER BY name"
        )
        return {name: _columns(connection, name) for (name,) in found.fetchall()}


def _columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    try:
        return tuple(row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table)})"))
    except sqlite3.DatabaseError:
        return ()


def _damaged(export: Export, error: BaseException) -> ExportError:
    msg = f"{export.name} begins like an SQLite database and cannot be read ({error}): it is cut off, damaged or encrypted; "
    return ExportError(msg + f"copy it from the phone again, together with {export.title}-wal where there is one")
