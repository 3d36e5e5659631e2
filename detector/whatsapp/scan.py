"""The first reading of a chat: where its messages begin, and what they show about dates, people and the app.

Kept are a few numbers for each message, and what is rare. Lines inside messages that look like a header of another kind are
counted by their shape; `chat` decides whether they are headers of this file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from operator import ne

import numpy as np

from detector.errors import RecordError
from detector.pairs import Flags, Rows
from detector.whatsapp.bodies import Said, notice, ordinary, said
from detector.whatsapp.clock import seconds_of
from detector.whatsapp.headers import GENERAL, Shape, shape_of
from detector.whatsapp.people import shown
from detector.whatsapp.phrases import DELETED_BY_OWNER, YOU_STARTS, normal

_EXACT_NAME = re.compile(r"\d{6,}-[A-Z_]+-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)\b")
_DAY_NAME = re.compile(r"(?:IMG|VID|PTT|AUD|STK|DOC)-(\d{4})(\d\d)(\d\d)-WA\d+")
MOST_WITNESSES = 1000
"""Dates in file names that are kept: enough to settle the order."""

FIRST_LINES = 5
"""The notice that carries the chat's title stands among the first messages."""

Found = tuple[str, str, str, str, str | None, str]
"""Groups of a header: marks before, date with time, date, time, writer, rest of the line."""


@dataclass(frozen=True)
class Lines:
    """One number for each message, in the order of the file."""

    start: Rows  # characters before it in the file
    number: Rows  # of its first line, from 1
    run: Rows  # which of `Scan.runs` its date is
    seconds: Rows  # since midnight; -1: the time cannot be read
    writer: Rows  # which of `Scan.names`; -1: none
    when: Rows  # where date and time begin in it
    when_end: Rows
    body: Rows  # where what was said begins in it
    plain: Flags  # surely somebody's own words, by its first line
    notice: Flags
    single: Flags  # it has one line only

    @staticmethod
    def joined(parts: Sequence[Lines]) -> Lines:
        """Put the messages of all blocks together."""
        names = Lines.__dataclass_fields__
        if not parts:
            return Lines(**{name: np.zeros(0, bool if name in ("plain", "notice", "single") else np.int64) for name in names})
        return Lines(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


@dataclass
class Stranger:
    """Lines inside messages that look like headers of another shape."""

    first: int
    count: int = 0
    names: Counter[str] = field(default_factory=Counter)


@dataclass
class Scan:
    """What one reading found."""

    marked: bool
    bracketed: bool
    parts: list[Lines] = field(default_factory=list)
    runs: list[tuple[int, str]] = field(default_factory=list)  # each change of date: line, date
    names: dict[str, int] = field(default_factory=dict)  # as written, with their number
    witnesses: list[tuple[int, str, date, bool, str]] = field(default_factory=list)
    deleters: dict[str, int] = field(default_factory=dict)
    actors: dict[str, int] = field(default_factory=dict)
    heading: str | None = None
    group: bool = False
    angles: Counter[str] = field(default_factory=Counter)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    strangers: dict[Shape, Stranger] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict)

    def read(self, blocks: Iterable[str], header: re.Pattern[str]) -> Lines:
        """Read the whole text."""
        offset, number = 0, 1
        for block in blocks:
            self._block(block, header, offset, number)
            offset += len(block)
            number += block.count("\n")
        return Lines.joined(self.parts)

    def _block(self, block: str, header: re.Pattern[str], offset: int, number: int) -> None:
        matches = list(header.finditer(block))
        starts = [match.start() for match in matches]
        self._strangers(block, matches, number)
        if not matches:
            return
        found: list[Found] = [match.groups() for match in matches]  # type: ignore[misc]
        counts = [block.count("\n", a, b) for a, b in pairwise([0, *starts])]
        numbers = np.cumsum(np.array(counts, np.int64)) + number
        _, whens, days, times, names, rests = zip(*found, strict=True)
        start, end = np.array(starts, np.int64), np.array([match.end() for match in matches], np.int64)
        when = np.array([match.start(2) for match in matches], np.int64) - start
        plain = [
            name is not None and ordinary(rest.rstrip("\r"), name, self.marked) for name, rest in zip(names, rests, strict=True)
        ]
        runs, seconds = self._runs(days, numbers), self._seconds(times)
        notices = np.zeros(len(found), bool)
        for i, sure in enumerate(plain):
            if not sure:
                notices[i] = self._special(int(numbers[i]), found[i], int(seconds[i]), runs[i])
        self.parts.append(
            Lines(
                start=start + offset, number=numbers, run=runs, seconds=seconds, writer=self._writers(names), when=when,
                when_end=when + np.array(list(map(len, whens)), np.int64), body=end - start - np.array(list(map(len, rests)), np.int64),
                plain=np.array(plain, bool), notice=notices, single=np.append(start[1:], len(block)) <= end + 1,
            )
        )  # fmt: skip

    def _runs(self, days: Sequence[str], numbers: Rows) -> Rows:
        """Number the changes of date."""
        changed = np.array([not self.runs or self.runs[-1][1] != days[0], *map(ne, days[1:], days)], bool)
        first = len(self.runs)
        self.runs += [(int(numbers[i]), days[i]) for i in np.flatnonzero(changed).tolist()]
        return first - 1 + np.cumsum(changed)

    def _seconds(self, times: Sequence[str]) -> Rows:
        for time in set(times).difference(self.clocks):
            try:
                self.clocks[time] = seconds_of(time)
            except RecordError:
                self.clocks[time] = -1
        return np.array([self.clocks[time] for time in times], np.int64)

    def _writers(self, names: Sequence[str | None]) -> Rows:
        for name in dict.fromkeys(names):
            if name is not None:
                self.names.setdefault(name, len(self.names))
        return np.array([-1 if name is None else self.names[name] for name in names], np.int64)

    def _special(self, number: int, found: Found, seconds: int, run: int) -> bool:
        """Note what a line shows that is not just somebody's words; tell whether it is a notice."""
        lead, *_, name, rest = found
        rest = rest.rstrip("\r")
        if name is None:
            self.group = self.group or notice(rest).means == "group"
            return True
        what = said(rest, name, marked=self.marked, bracketed=self.bracketed, led=bool(lead.strip("\ufeff")))
        if what.means == "deleted_you" and normal(rest) in DELETED_BY_OWNER:
            self.deleters.setdefault(shown(name), number)
        elif what.means == "angle":
            self.angles[rest] += 1
        elif what.media:
            self._witness(number, what.media, seconds, run)
        if what.kind == "notice":
            self._notice(number, shown(name), what, normal(rest))
        return what.kind == "notice"

    def _notice(self, number: int, name: str, what: Said, plain: str) -> None:
        if what.means == "unknown":
            self.unknown.append((number, plain))
        self.group = self.group or what.means == "group"
        if plain.startswith(YOU_STARTS) and what.means in ("group", "unknown"):
            self.actors.setdefault(name, number)
        if what.means == "notice" and self.marked and number <= FIRST_LINES and self.heading is None:
            self.heading = name

    def _witness(self, number: int, media: str, seconds: int, run: int) -> None:
        """Keep the date in a file name; one with a time only if it is the message's own."""
        exact, dated = _EXACT_NAME.search(media), _DAY_NAME.search(media)
        if len(self.witnesses) >= MOST_WITNESSES or not (found := exact or dated):
            return
        year, month, day, *clock = map(int, found.groups())
        if clock and clock[0] * 3600 + clock[1] * 60 + clock[2] != seconds:
            return
        with suppress(ValueError):  # a name such as IMG-20249999-WA0001.jpg says nothing
            self.witnesses.append((number, self.runs[run][1], date(year, month, day), bool(clock), found.group()))

    def _strangers(self, block: str, matches: Sequence[re.Match[str]], number: int) -> None:
        """Count what looks like a header of another shape in the further lines of messages."""
        ends, starts = [0, *(match.end() for match in matches)], [*(match.start() for match in matches), len(block)]
        for end, start in zip(ends, starts, strict=True):
            if start <= end + 1:
                continue
            for found in GENERAL.finditer(block, end, start):
                stranger = self.strangers.setdefault(shape_of(found), Stranger(number + block.count("\n", 0, found.start())))
                stranger.count += 1
                stranger.names[found.group(7) or ""] += 1
