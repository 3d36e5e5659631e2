"""A chat as its first reading leaves it: its headers, dates, people and doubts; made once for each file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from detector.errors import ExportError
from detector.export import Export
from detector.pairs import Flags, Rows
from detector.whatsapp.blocks import blocks, encoding_of, head_text
from detector.whatsapp.calendar import Calendar
from detector.whatsapp.doubts import counts_of, doubts, fabricated, stepping_back
from detector.whatsapp.headers import GENERAL, Shape, compiled, is_bracketed, shape_of
from detector.whatsapp.people import People, Side, Traces, people_of, shown, sides
from detector.whatsapp.scan import Lines, Scan
from detector.whatsapp.titles import folded, title_of

UNEVEN = -1
"""In place of the time at which a day began: its clocks were changed, or its date cannot be read."""

FEW, SHARE, MANY = 3, 0.1, 20
"""A further shape of header is one of this file if it has so many lines and this share of all, or so many anyway."""


class _Reading(NamedTuple):
    """How the bytes are decoded."""

    encoding: str
    errors: str


@dataclass(frozen=True, eq=False)
class Chat:
    """What is known of a file before its lines are read one by one."""

    header: re.Pattern[str]
    lines: Lines
    names: tuple[str, ...]
    reading: _Reading
    marked: bool
    bracketed: bool
    calendar: Calendar
    people: People
    thread: str
    sides: dict[str, Side]  # by writer; without those that are a notice with a colon in it
    quoted: frozenset[int]  # lines that may be quoted inside a message
    media_words: frozenset[str]  # in angle brackets, more than once: the app's
    notes: tuple[str, ...]

    @cached_property
    def midnights(self) -> Rows:
        """When the day of each run began, in microseconds since 1970 UTC; UNEVEN where that is not all there is to say."""
        found = [self.calendar.midnight(text, line) for line, text in self.calendar.runs]
        return np.array([UNEVEN if each is None else each for each in found], np.int64)

    @cached_property
    def even(self) -> Flags:
        """Which messages have a writer, and a time to which no note belongs."""
        known = np.array([name in self.sides for name in self.names] or [False], bool)
        lines = self.lines
        even: Flags = (self.midnights[lines.run] != UNEVEN) & (lines.seconds >= 0) & (lines.writer >= 0) & known[lines.writer]
        even &= ~np.isin(lines.number, list(self.quoted))
        return even

    @cached_property
    def by_writer(self) -> dict[str, npt.NDArray[np.object_]]:
        """What an event says of each writer, field by field, in the order of `names`."""
        none = Side("unknown", None, None, None)
        rows = [self.sides.get(name, none) for name in self.names]
        return {field: np.array([getattr(row, field) for row in rows], object) for field in Side._fields}


@lru_cache(maxsize=8)
def chat_of(export: Export) -> Chat:
    """Read a file for the first time; ExportError if it is no chat."""
    head, encoding, notes = head_text(export), encoding_of(export), list[str]()
    first = GENERAL.search(head)
    if first is None:
        msg = "no line begins with a date, a time and a name, as WhatsApp writes them"
        raise ExportError(msg)
    if encoding == "cp1252":
        notes.append("the text is not UTF-8; it was read as Windows-1252")
    try:
        return _chat(export, _Reading(encoding, "strict"), head, first, notes)
    except UnicodeDecodeError:
        notes.append(f"some bytes are not {encoding.upper()} and are shown as \ufffd")
        return _chat(export, _Reading(encoding, "replace"), head, first, notes)


def _scan(export: Export, reading: _Reading, head: str, first: re.Match[str]) -> tuple[Scan, Lines, re.Pattern[str]]:
    """Scan with the shape of the first header, and again if there are more shapes."""
    shape = shape_of(first)
    bracketed = is_bracketed(shape)
    marked = bracketed and ("\u200e" in head[first.end(6) :] or "\u200f" in head[first.end(6) :])
    header, scan = compiled([shape]), Scan(marked, bracketed)
    lines = scan.read(blocks(export, header, *reading), header)
    if more := _accepted(scan, shape, len(lines.number)):
        header, scan = compiled([shape, *more]), Scan(marked, bracketed)
        lines = scan.read(blocks(export, header, *reading), header)
    return scan, lines, header


def _accepted(scan: Scan, first: Shape, count: int) -> list[Shape]:
    """Choose the further shapes that are headers of this file, not something quoted in its messages."""
    total = count + sum(stranger.count for stranger in scan.strangers.values())
    known = {shown(name) for name in scan.names}
    chosen = []
    for shape, stranger in scan.strangers.items():
        by_known = sum(count for name, count in stranger.names.items() if shown(name) in known)
        many = stranger.count >= MANY or (stranger.count >= FEW and stranger.count >= SHARE * total)
        if many or (is_bracketed(shape) == is_bracketed(first) and 2 * by_known >= stranger.count):
            chosen.append(shape)
    return chosen


def _chat(export: Export, reading: _Reading, head: str, first: re.Match[str], notes: list[str]) -> Chat:
    scan, lines, header = _scan(export, reading, head, first)
    calendar, title = Calendar(scan.runs, scan.witnesses, export.options, export.title), title_of(export.name)
    quoted, back = stepping_back(lines, calendar)
    real = {folded(name) for name in (*export.options.owner, *([title.text] if title else []))}
    no_writers = frozenset() if scan.bracketed else fabricated(scan, lines, real)
    people = people_of(_traces(scan, lines, no_writers, quoted), title, export.options.owner)
    return Chat(
        header=header, lines=lines, names=tuple(scan.names), reading=reading, marked=scan.marked, bracketed=scan.bracketed,
        calendar=calendar, people=people, thread=people.title or people.other or export.title,
        sides=sides(people, (name for name in scan.names if name not in no_writers)), quoted=frozenset(quoted),
        media_words=frozenset(body for body, count in scan.angles.items() if count > 1 and body.startswith("<")),
        notes=(*notes, *calendar.notes(), *people.notes, *doubts(scan, quoted, back)),
    )  # fmt: skip


def _traces(scan: Scan, lines: Lines, fabricated: frozenset[str], quoted: list[int]) -> Traces:
    traces = Traces(deleters=scan.deleters, heading=scan.heading, group=scan.group or bool(fabricated))
    counts = counts_of(scan, lines, ~lines.notice & ~np.isin(lines.number, quoted))
    for name, i in scan.names.items():
        if counts[i] and name not in fabricated:
            traces.speakers[shown(name)] += counts[i]
    traces.actors = {name: line for name, line in scan.actors.items() if name in traces.speakers}
    return traces
