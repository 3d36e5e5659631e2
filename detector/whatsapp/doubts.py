"""What is doubtful about the lines of a chat: quoted lines, notices that look like somebody's message, wordings not known.

Lines are not in strict order, which is normal: notices and messages that arrived late stand where the phone put them. A stretch of a
few lines that steps back by more than a day and then returns is also how a quoted conversation looks. Android's notices have no
writer, so a colon in one ("Alex created group "Team: A"") makes its beginning look like a name.
"""

from __future__ import annotations

import numpy as np

from detector.pairs import Flags, Rows
from detector.whatsapp.calendar import Calendar, ordinals
from detector.whatsapp.phrases import kind_of, normal
from detector.whatsapp.scan import Lines, Scan
from detector.whatsapp.titles import folded

DAY_SECONDS = 86_400
LONGEST_ISLAND = 20
"""Lines in a row that step back by more than a day and then return: they may be quoted inside a message."""

_QUOTES = set('"“”„«»')
_ENDINGS = ("", 'x"', "x”", "x", 'x" to "x"', "x” to “x”")


def _times(lines: Lines, calendar: Calendar) -> tuple[Rows, Rows]:
    """Return line numbers and local seconds of the messages that are no notices and whose time can be read."""
    days = np.array([-1 if day is None else day for day in ordinals(calendar)], np.int64)[lines.run]
    usable = (days >= 0) & (lines.seconds >= 0) & ~lines.notice
    return lines.number[usable], (days * DAY_SECONDS + lines.seconds)[usable]


def stepping_back(lines: Lines, calendar: Calendar) -> tuple[list[int], tuple[int, int]]:
    """Find short stretches that step back by more than a day; and how many lines are earlier than the one before, and the first."""
    if not len(lines.number) or calendar.unreadable:
        return [], (0, 0)
    numbers, times = _times(lines, calendar)
    back = np.flatnonzero(np.diff(times) < 0) + 1
    behind = times < np.maximum.accumulate(times) - DAY_SECONDS if len(times) else np.zeros(0, bool)
    edges = np.flatnonzero(np.diff(np.r_[False, behind, False].astype(np.int8)))
    islands = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a <= LONGEST_ISLAND and b < len(times)]
    quoted = [int(numbers[i]) for a, b in islands for i in range(a, b)]
    return quoted, (len(back), int(numbers[back[0]]) if len(back) else 0)


def counts_of(scan: Scan, lines: Lines, which: Flags) -> list[int]:
    """Count the messages of each writer."""
    counts: list[int] = np.bincount(lines.writer[which & (lines.writer >= 0)], minlength=len(scan.names)).tolist()
    return counts


def fabricated(scan: Scan, lines: Lines, real: set[str]) -> frozenset[str]:
    """Find the "writers" that are the beginning of a notice with a colon in it; `real` names are none, folded."""
    counts = counts_of(scan, lines, np.ones(len(lines.number), bool))
    return frozenset(name for name, i in scan.names.items() if folded(name) not in real and _is_notice_start(name, counts[i]))


def _is_notice_start(name: str, count: int) -> bool:
    quoted = bool(_QUOTES & set(name))
    known = any(kind_of(normal(name + ending)) in ("group", "notice", "number_changed") for ending in _ENDINGS)
    return (count <= 1 and (quoted or known)) or (count <= LONGEST_ISLAND and quoted and known)


def doubts(scan: Scan, quoted: list[int], back: tuple[int, int]) -> list[str]:
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
