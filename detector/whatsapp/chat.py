"""A chat as its first reading leaves it: its headers, dates, people and doubts; made once for each file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from detector.export import Export
from detector.whatsapp.blocks import blocks, encoding_of, head_text
from detector.whatsapp.calendar import Calendar, ordinals
from detector.whatsapp.headers import GENERAL, Shape, compiled, is_bracketed, shape_of
from detector.whatsapp.people import People, Side, Traces, people_of, shown, sides
from detector.whatsapp.phrases import kind_of, normal
from detector.whatsapp.scan import NOBODY, Scan
from detector.whatsapp.titles import folded, title_of

DAY_SECONDS = 86_400
LONGEST_ISLAND = 20
"""Lines in a row that step back by more than a day and then return: they may be quoted inside a message."""

FEW, SHARE, MANY = 3, 0.1, 20
"""A further shape of header is one of this file if it has so many lines and this share of all, or so many anyway."""

_QUOTES = set('"“”„«»')
_ENDINGS = ("", 'x"', "x”", "x", 'x" to "x"', "x” to “x”")


@dataclass(frozen=True, eq=False)
class Chat:
    """What is known of a file before its lines are read one by one."""

    header: re.Pattern[str] | None
    encoding: str
    errors: str
    marked: bool
    bracketed: bool
    calendar: Calendar
    people: People
    thread: str
    sides: dict[str, Side] = field(default_factory=dict)  # by writer; without those that are a notice with a colon in it
    quoted: frozenset[int] = frozenset()  # lines that may be quoted inside a message
    media_words: frozenset[str] = frozenset()  # in angle brackets, more than once: the app's
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=8)
def chat_of(export: Export) -> Chat:
    """Read a file for the first time."""
    head, encoding, errors, notes = head_text(export), encoding_of(export), "strict", list[str]()
    first = GENERAL.search(head)
    if first is None:
        return Chat(
            None, encoding, "replace", False, False, Calendar((), (), export.options, export.title), _nobody(export), export.title
        )
    try:
        scan, header = _scan(export, head, first, encoding, errors)
    except UnicodeDecodeError:
        errors = "replace"
        notes.append(f"some bytes are not {encoding.upper()} and are shown as \ufffd")
        scan, header = _scan(export, head, first, encoding, errors)
    if encoding == "cp1252":
        notes.append("the text is not UTF-8; it was read as Windows-1252")
    return _chat(export, scan, header, encoding, errors, notes)


def _nobody(export: Export) -> People:
    return people_of(Traces(), title_of(export.name), export.options.owner)


def _scan(export: Export, head: str, first: re.Match[str], encoding: str, errors: str) -> tuple[Scan, re.Pattern[str]]:
    """Scan with the shape of the first header, and again if there are more shapes."""
    shape = shape_of(first)
    bracketed = is_bracketed(shape)
    marked = bracketed and ("\u200e" in head[first.end(6) :] or "\u200f" in head[first.end(6) :])
    header = compiled([shape])
    scan = Scan(marked, bracketed)
    scan.read(blocks(export, header, errors, encoding), header)
    more = _accepted(scan, shape)
    if not more:
        return scan, header
    header = compiled([shape, *more])
    scan = Scan(marked, bracketed)
    scan.read(blocks(export, header, errors, encoding), header)
    return scan, header


def _accepted(scan: Scan, first: Shape) -> list[Shape]:
    """Choose the further shapes that are headers of this file, not something quoted in its messages."""
    total = len(scan.lines) + sum(stranger.count for stranger in scan.strangers.values())
    known = {shown(name) for name in scan.names}
    chosen = []
    for shape, stranger in scan.strangers.items():
        by_known = sum(count for name, count in stranger.names.items() if shown(name) in known)
        many = stranger.count >= MANY or (stranger.count >= FEW and stranger.count >= SHARE * total)
        if many or (is_bracketed(shape) == is_bracketed(first) and 2 * by_known >= stranger.count):
            chosen.append(shape)
    return chosen


def _chat(export: Export, scan: Scan, header: re.Pattern[str], encoding: str, errors: str, notes: list[str]) -> Chat:
    calendar = Calendar(scan.runs, scan.witnesses, export.options, export.title)
    quoted, back = _order(scan, calendar)
    fabricated = frozenset() if scan.bracketed else _fabricated(scan, export)
    people = people_of(_traces(scan, fabricated, quoted), title_of(export.name), export.options.owner)
    notes += [*calendar.notes(), *people.notes, *_doubts(scan, quoted, back)]
    words = frozenset(body for body, count in scan.angles.items() if count > 1 and body.startswith("<"))
    writers = sides(people, (name for name in scan.names if name not in fabricated))
    thread = people.title or people.other or export.title
    return Chat(
        header,
        encoding,
        errors,
        scan.marked,
        scan.bracketed,
        calendar,
        people,
        thread,
        writers,
        frozenset(quoted),
        words,
        tuple(notes),
    )


def _times(scan: Scan, calendar: Calendar) -> tuple[np.ndarray, np.ndarray]:
    """Return line numbers and local seconds of the lines that are no notices and whose time can be read."""
    days = np.array([-1 if day is None else day for day in ordinals(calendar)], np.int64)[np.array(scan.runs_of, np.int64)]
    seconds = np.array(scan.seconds, np.int64)
    usable = (days >= 0) & (seconds >= 0) & (np.array(scan.writers, np.int64) != NOBODY)
    return np.array(scan.lines, np.int64)[usable], (days * DAY_SECONDS + seconds)[usable]


def _order(scan: Scan, calendar: Calendar) -> tuple[list[int], tuple[int, int]]:
    """Find short stretches that step back by more than a day; and how many lines are earlier than the one before, and the first."""
    if not scan.lines or calendar.unreadable:
        return [], (0, 0)
    lines, times = _times(scan, calendar)
    back = np.flatnonzero(np.diff(times) < 0) + 1
    behind = times < np.maximum.accumulate(times) - DAY_SECONDS if len(times) else np.zeros(0, bool)
    edges = np.flatnonzero(np.diff(np.r_[False, behind, False].astype(np.int8)))
    islands = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a <= LONGEST_ISLAND and b < len(times)]
    quoted = [int(lines[i]) for a, b in islands for i in range(a, b)]
    return quoted, (len(back), int(lines[back[0]]) if len(back) else 0)


def _fabricated(scan: Scan, export: Export) -> frozenset[str]:
    """Find the "writers" that are the beginning of a notice with a colon in it, such as a group's new name."""
    counts = np.bincount([writer for writer in scan.writers if writer != NOBODY], minlength=len(scan.names) or 1)
    title = title_of(export.name)
    safe = {folded(each) for each in (*export.options.owner, *([title.text] if title else []))}
    return frozenset(
        name for name, number in scan.names.items() if folded(name) not in safe and _is_notice_start(name, int(counts[number]))
    )


def _is_notice_start(name: str, count: int) -> bool:
    quoted = bool(_QUOTES & set(name))
    known = any(kind_of(normal(name + ending)) in ("group", "notice", "number_changed") for ending in _ENDINGS)
    return (count <= 1 and (quoted or known)) or (count <= LONGEST_ISLAND and quoted and known)


def _traces(scan: Scan, fabricated: frozenset[str], quoted: list[int]) -> Traces:
    doubtful, names = set(quoted), {number: shown(name) for name, number in scan.names.items() if name not in fabricated}
    traces = Traces(deleters=scan.deleters, actors=scan.actors, heading=scan.heading, group=scan.group or bool(fabricated))
    writers = np.array(scan.writers, np.int64)
    if doubtful:
        writers = writers[~np.isin(np.array(scan.lines, np.int64), quoted)]
    for number, count in enumerate(np.bincount(writers[writers != NOBODY], minlength=len(scan.names)).tolist()):
        if number in names and count:
            traces.speakers[names[number]] += count
    traces.actors = {name: line for name, line in scan.actors.items() if name in traces.speakers}
    return traces


def _doubts(scan: Scan, quoted: list[int], back: tuple[int, int]) -> list[str]:
    """Say what is doubtful about the lines."""
    lines = []
    if back[0]:
        lines.append(
            f"{back[0]} lines are earlier than the line before them, the first is line {back[1]}; sorted by time, they move"
        )
    if quoted:
        lines.append(
            f"{len(quoted)} lines step back by more than a day and may be quoted inside a message, the first is line {quoted[0]}"
        )
    if scan.unknown:
        line, text = scan.unknown[0]
        sample = normal(text)[:80]
        lines.append(
            f'{len(scan.unknown)} lines have the mark of the app\'s own words in a wording that is not known; line {line}: "{sample}"'
        )
    strange = sum(stranger.count for stranger in scan.strangers.values())
    if strange:
        first = min(stranger.first for stranger in scan.strangers.values())
        lines.append(
            f"{strange} lines inside messages look like headers of another kind and were read as text, the first is line {first}"
        )
    return lines
