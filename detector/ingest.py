"""read(): picks the format of each export, handles every error once, and counts everything.

For each source `records == events + skipped + problems`. A record that cannot be read is a problem with its locator and
the reason; a file that breaks off keeps what came before the break.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from joblib import Parallel, delayed

from detector.errors import ExportError
from detector.event import Columns, Event, columns, empty_table, to_table
from detector.export import ZIP_ERRORS, Export, Facts, Format, Note, Problem, Skip
from detector.formats import FORMATS
from detector.sqlite import why_unreadable

BATCH = 2_000
"""Records that are turned into columns at a time: few enough to stay in the processor's cache."""

COMPACTED = 50
"""Batches after which their columns are made one piece each: many small pieces cost half as much memory again."""

UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, ExportError)
"""What a format may raise for a record that is not as the format should be."""

BROKEN = (*ZIP_ERRORS, OSError, RuntimeError, EOFError, UnicodeError, ExportError)
"""What may be raised where the rest of a file cannot be read."""

PLAUSIBLE = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC))
"""Times outside are not used: a phone that lost its clock writes 1970, a damaged field anything."""

Progress = Callable[[str, int, int], object]
"""Called with the name of the file, the bytes done of all files, and the bytes to do."""


@dataclass
class Source:
    """What happened to one export: an entry of the ledger."""

    path: str
    sha256: str
    bytes: int
    format: str | None
    records: int = 0
    events: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    first: datetime | None = None
    last: datetime | None = None
    facts: Facts = field(default_factory=Facts)


def recognise(export: Export, formats: Sequence[Format] = FORMATS) -> Format | None:
    """Return the first format that recognises the file."""
    return next((format for format in formats if format.recognises(export)), None)


def read(
    exports: Sequence[Export], *, formats: Sequence[Format] = FORMATS, jobs: int = 1, progress: Progress | None = None
) -> tuple[pa.Table, list[Source]]:
    """Read exports into one table of event.SCHEMA, and say of each what became of it, in the order given."""
    if jobs == 1 or len(exports) < 2:
        pairs = [_read_one(export, formats) for export in _watched(exports, progress)]
    else:
        pairs = _read_parallel(exports, formats, jobs, progress)
    pairs = list(_without_copies(pairs))
    return joined([table for table, _ in pairs]), [source for _, source in pairs]


def _without_copies(pairs: Iterable[tuple[pa.Table, Source]]) -> Iterator[tuple[pa.Table, Source]]:
    """Let the first of several byte-identical files stand for all: the others are listed and say so."""
    seen: dict[str, str] = {}
    for table, source in pairs:
        first = seen.setdefault(source.sha256, source.path)
        if first == source.path or not source.records:
            yield table, source
        else:
            note = f"byte for byte the same file as {first}, which was read"
            yield empty_table(), Source(source.path, source.sha256, source.bytes, source.format, notes=[note], facts=source.facts)


def _watched(exports: Sequence[Export], progress: Progress | None) -> Iterator[Export]:
    """Yield exports that tell how far they are read: once for hashing, once for parsing."""
    total, done = 2 * sum(export.bytes for export in exports), 0
    for export in exports:
        if progress is None:
            yield export
            continue
        seen = 0

        def step(count: int, name: str = export.name, start: int = done, limit: int = 2 * export.bytes) -> None:
            nonlocal seen
            seen = min(seen + count, limit)
            progress(name, start + seen, total)

        export.progress = step
        yield export
        export.progress = None
        done += 2 * export.bytes
        progress(export.name, done, total)


def _read_parallel(
    exports: Sequence[Export], formats: Sequence[Format], jobs: int, progress: Progress | None
) -> list[tuple[pa.Table, Source]]:
    total, done = sum(export.bytes for export in exports), 0
    pairs: list[tuple[pa.Table, Source]] = []
    size = max(1, len(exports) // (4 * jobs))  # an export takes its whole extract along, so a worker gets several at once
    chunks = [exports[start : start + size] for start in range(0, len(exports), size)]
    results = Parallel(n_jobs=jobs, return_as="generator")(delayed(_read_several)(chunk, formats) for chunk in chunks)
    for chunk, read_pairs in zip(chunks, results, strict=True):
        pairs += read_pairs
        done += sum(export.bytes for export in chunk)
        if progress:
            progress(chunk[-1].name, done, total)
    return pairs


def _read_several(exports: Sequence[Export], formats: Sequence[Format]) -> list[tuple[pa.Table, Source]]:
    return [_read_one(export, formats) for export in exports]


def _read_one(export: Export, formats: Sequence[Format]) -> tuple[pa.Table, Source]:
    try:
        return _read_whole(export, formats)
    finally:
        export.forget()


def _read_whole(export: Export, formats: Sequence[Format]) -> tuple[pa.Table, Source]:
    try:
        source = Source(export.name, export.sha256, export.bytes, None)
    except BROKEN as error:
        return empty_table(), Source(export.name, "", export.bytes, None, notes=[f"cannot be read: {_line(error)}"])
    format = recognise(export, formats)
    if format is None:
        source.notes.append("empty file" if export.bytes == 0 else why_unreadable(export) or looked_for(formats))
        return empty_table(), source
    source.format = format.name
    with _no_collection():
        table = _table(export, format, source)
    source.events = table.num_rows
    table = _plausible(table, source)
    _describe(table, export, format, source)
    return table, source


def looked_for(formats: Sequence[Format] = FORMATS) -> str:
    """Say what an unrecognised file was held against."""
    return "no format recognises this file; looked for: " + ", ".join(format.title for format in formats)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes millions of objects and no cycles: looking for cycles would take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _table(export: Export, format: Format, source: Source) -> pa.Table:
    stream = _counted(export, format, source)
    recent: list[pa.Table] = []
    compacted: list[pa.Table] = []
    while batch := list(islice(stream, BATCH)):
        recent += _batch(batch, export, format, source)
        if len(recent) >= COMPACTED:
            compacted.append(joined(recent).combine_chunks())
            recent = []
    return joined([*compacted, *recent])


def joined(tables: list[pa.Table]) -> pa.Table:
    """Make one table of several, with one dictionary for each column that has any."""
    return pa.concat_tables(tables).unify_dictionaries() if tables else empty_table()


def _counted(export: Export, format: Format, source: Source) -> Iterator[tuple[str, Any]]:
    """Yield the records, counting them; problems and notes go to the ledger."""
    try:
        for locator, record in format.records(export):
            if type(record) is Note:
                source.notes.append(record.text)
                continue
            source.records += 1
            if type(record) is Problem:
                source.problems.append((locator, record.reason))
            else:
                yield locator, record
    except BROKEN as error:
        source.records += 1
        source.problems.append(("end of what could be read", _line(error)))


def _batch(batch: list[tuple[str, Any]], export: Export, format: Format, source: Source) -> Iterator[pa.Table]:
    """Yield the events of a batch as tables, in the order of the records."""
    quick, done = _quick(batch, export, format)
    events, positions = _slow(batch, set(done), export, format, source)
    parts = []
    if quick is not None:
        parts.append(to_table(quick, [batch[i][0] for i in done], export.sha256))
    if events:
        parts.append(to_table(columns(events), [batch[i][0] for i in positions], export.sha256))
    if len(parts) < 2:
        yield from parts
    else:
        yield joined(parts).take(np.argsort([*done, *positions], kind="stable"))


def _quick(batch: list[tuple[str, Any]], export: Export, format: Format) -> tuple[Columns | None, Sequence[int]]:
    """Build columns at once, where the format can; return them with the positions of their records."""
    if format.columns is None:
        return None, ()
    try:
        values, done = format.columns([record for _, record in batch], export)
    except UNREADABLE:
        return None, ()
    return (values, done) if len(done) else (None, ())


def _slow(
    batch: list[tuple[str, Any]], done: set[int], export: Export, format: Format, source: Source
) -> tuple[list[Event], list[int]]:
    """Read the other records one by one; what is no event is counted."""
    events, positions = [], []
    for i, (locator, record) in enumerate(batch):
        if i in done:
            continue
        try:
            result = format.event(record, export)
        except UNREADABLE as error:
            source.problems.append((locator, _line(error)))
            continue
        if isinstance(result, Skip):
            source.skipped[result.reason] += 1
        else:
            events.append(result)
            positions.append(i)
    return events, positions


def _line(error: BaseException) -> str:
    """Say on one line what was wrong."""
    text = " ".join(str(error).split()) or "unreadable"
    return text if isinstance(error, ExportError) else f"{type(error).__name__}: {text}"


def _plausible(table: pa.Table, source: Source) -> pa.Table:
    """Take away times that cannot be, keeping the record and its time as written."""
    low, high = (pa.scalar(limit, table.schema.field("at").type) for limit in PLAUSIBLE)
    odd = pc.or_(pc.less(table["at"], low), pc.greater_equal(table["at"], high))
    count = pc.sum(odd).as_py() or 0
    if count:
        example = table.filter(odd)["raw_time"][0].as_py()
        source.notes.append(
            f"records with a time before 1990 or after 2069 (such as {example}), kept as written and not used: {count}"
        )
        at = pc.if_else(pc.fill_null(odd, False), pa.scalar(None, low.type), table["at"])
        table = table.set_column(table.schema.get_field_index("at"), table.schema.field("at"), at)
    missing = table["at"].null_count - count
    if missing:
        source.notes.append(f"records without a usable time, kept but not on the timeline: {missing}")
    return table


def _describe(table: pa.Table, export: Export, format: Format, source: Source) -> None:
    bounds = pc.min_max(table["at"]).as_py() if table.num_rows else {"min": None, "max": None}
    source.first, source.last = bounds["min"], bounds["max"]
    try:
        source.facts = format.facts(export)
    except (*UNREADABLE, *BROKEN) as error:
        source.facts = replace(Facts(), notes=(_line(error),))
    source.notes += source.facts.notes
