"""The first reading of a chat: what its lines show about dates, people and the app, before any of them is interpreted.

Only small things are kept: four numbers for each line, and what is rare. Lines inside messages that look like a header of another
kind are counted by their shape; `chat` decides whether they are headers of this file.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from detector.errors import RecordError
from detector.whatsapp.bodies import Said, notice, ordinary, said
from detector.whatsapp.clock import seconds_of
from detector.whatsapp.headers import GENERAL, Shape, shape_of
from detector.whatsapp.people import shown
from detector.whatsapp.phrases import DELETED_BY_OWNER, YOU_STARTS, normal

_EXACT_NAME = re.compile(r"\d{6,}-[A-Z_]+-(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)\b")
_DAY_NAME = re.compile(r"(?:IMG|VID|PTT|AUD|STK|DOC)-(\d{4})(\d\d)(\d\d)-WA\d+")
NOBODY = -1
"""Number of the writer of a notice."""

MOST_WITNESSES = 1000
"""Dates in file names that are kept: enough to settle the order."""

FIRST_LINES = 5
"""The notice that carries the chat's title stands among the first lines."""


@dataclass
class Stranger:
    """Lines inside messages that look like headers of another shape."""

    first: int
    count: int = 0
    names: Counter[str] = field(default_factory=Counter)


@dataclass
class Scan:
    """What one reading found. `lines`, `runs_of`, `seconds` and `writers` have one number for each header."""

    marked: bool
    bracketed: bool
    lines: array[int] = field(default_factory=lambda: array("q"))
    runs_of: array[int] = field(default_factory=lambda: array("i"))
    seconds: array[int] = field(default_factory=lambda: array("i"))
    writers: array[int] = field(default_factory=lambda: array("i"))
    runs: list[tuple[int, str]] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)  # as written, with their number
    samples: dict[str, str] = field(default_factory=dict)  # by name, the first thing said under it
    witnesses: list[tuple[int, str, date, bool, str]] = field(default_factory=list)
    deleters: dict[str, int] = field(default_factory=dict)
    actors: dict[str, int] = field(default_factory=dict)
    heading: str | None = None
    group: bool = False
    angles: Counter[str] = field(default_factory=Counter)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    strangers: dict[Shape, Stranger] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict)

    def read(self, blocks: Iterable[str], header: re.Pattern[str]) -> None:
        """Read the whole text."""
        number = 1
        for block in blocks:
            self._block(block, header, number)
            number += block.count("\n")

    def _block(self, block: str, header: re.Pattern[str], number: int) -> None:
        before, ended = 0, -1
        for found in header.finditer(block):
            start = found.start()
            if start > ended + 1:
                self._inside(block, before, start, number)
            number += block.count("\n", before, start)
            before, ended = start, found.end()
            lead, _, day, time, name, rest = found.groups()
            if not self.runs or self.runs[-1][1] != day:
                self.runs.append((number, day))
            seconds = self.clocks.get(time)
            if seconds is None:
                seconds = self._time(time)
            self.lines.append(number)
            self.runs_of.append(len(self.runs) - 1)
            self.seconds.append(seconds)
            self.writers.append(self._writer(number, name, rest, lead))
        if len(block) > ended + 1:
            self._inside(block, before, len(block), number)

    def _writer(self, number: int, name: str | None, rest: str, lead: str) -> int:
        """Return the writer's number, noting what is special about the line."""
        if name is None:
            self.group = self.group or notice(rest.rstrip("\r")).means == "group"
            return NOBODY
        writer = self.names.get(name)
        if writer is None:
            writer = self.names[name] = len(self.names)
            self.samples[name] = rest
        if rest[-1:] == "\r":
            rest = rest[:-1]
        if ordinary(rest, name, self.marked):
            return writer
        return NOBODY if self._special(number, name, rest, lead) else writer

    def _time(self, time: str) -> int:
        try:
            self.clocks[time] = seconds_of(time)
        except RecordError:
            self.clocks[time] = -1
        return self.clocks[time]

    def _special(self, number: int, name: str, rest: str, lead: str) -> bool:
        """Note what a line shows that is not just somebody's words; tell whether it is a notice."""
        what = said(rest, name, marked=self.marked, bracketed=self.bracketed, led=bool(lead.strip("\ufeff")))
        plain = normal(rest)
        if what.means == "deleted_you" and plain in DELETED_BY_OWNER:
            self.deleters.setdefault(shown(name), number)
        elif what.means == "angle":
            self.angles[rest] += 1
        elif what.media:
            self._witness(number, what)
        if what.kind != "notice":
            return False
        if what.means == "unknown":
            self.unknown.append((number, what.text or ""))
        self.group = self.group or what.means == "group"
        if plain.startswith(YOU_STARTS) and what.means in ("group", "unknown"):
            self.actors.setdefault(shown(name), number)
        if what.means == "notice" and self.marked and len(self.lines) < FIRST_LINES and self.heading is None:
            self.heading = shown(name)
        return True

    def _witness(self, number: int, what: Said) -> None:
        """Keep the date in a file name; one with a time only if it is the message's own."""
        exact, dated = _EXACT_NAME.search(what.media or ""), _DAY_NAME.search(what.media or "")
        if len(self.witnesses) >= MOST_WITNESSES or not (found := exact or dated):
            return
        year, month, day, *clock = map(int, found.groups())
        if clock and clock[0] * 3600 + clock[1] * 60 + clock[2] != self.seconds[-1]:
            return
        with suppress(ValueError):  # a name such as IMG-20249999-WA0001.jpg says nothing
            self.witnesses.append((number, self.runs[-1][1], date(year, month, day), bool(clock), found.group()))

    def _inside(self, block: str, start: int, end: int, number: int) -> None:
        """Count what looks like a header of another shape in the further lines of the message that begins at `start`."""
        for found in GENERAL.finditer(block, start + 1 if self.lines else start, end):
            line = number + block.count("\n", start, found.start())
            stranger = self.strangers.setdefault(shape_of(found), Stranger(line))
            stranger.count += 1
            stranger.names[found.group(7) or ""] += 1
