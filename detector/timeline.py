"""Timeline: the events of a case as arrays of small numbers, so that a million can be counted again at each choice.

Hours, days and weeks are those of the clock of the case's zone, counted from 1970-01-01 00:00; a week begins on Monday.
What is drawn is what happened between people: drafts and messages that failed, notices, second copies of a record and
records without a usable time are counted but not drawn. Neither are a few records dated years away from all the
others (a phone that had lost its clock writes 1970): they would press everything else into one bar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from detector.event import NOT_DELIVERED

Codes = npt.NDArray[np.int32]

DIRECTIONS = ("in", "out", "unknown")
FAR_YEARS = 3
FAR_SHARE = 0.01
"""Records beyond a gap of so many years, and fewer than this share of all, are named and not drawn."""

NOT_RECORDED = "(not recorded)"


@dataclass(frozen=True, eq=False)
class Timeline:
    """The events to draw, sorted by time. The four arrays of codes point into the tuples of names."""

    hour: Codes  # local clock hours since 1970
    contact: Codes
    channel: Codes
    direction: Codes  # into DIRECTIONS
    source: Codes
    contacts: tuple[str, ...]
    channels: tuple[str, ...]
    sources: tuple[str, ...]  # SHA-256
    left_out: Mapping[str, int] = field(default_factory=dict)  # reason -> records
    far: tuple[tuple[date, int], ...] = ()  # days too far away to draw, and their records

    def __len__(self) -> int:
        return len(self.hour)

    @property
    def first(self) -> date | None:
        """The first day with an event."""
        return day_of(self.hour[0]) if len(self) else None

    @property
    def last(self) -> date | None:
        """The last day with an event."""
        return day_of(self.hour[-1]) if len(self) else None

    @property
    def days(self) -> int:
        """Days from the first to the last, both included."""
        return int(self.hour[-1] // 24 - self.hour[0] // 24 + 1) if len(self) else 0

    def part(self, rows: Any) -> Timeline:
        """Return the timeline of these rows only."""
        arrays = {name: getattr(self, name)[rows] for name in ("hour", "contact", "channel", "direction", "source")}
        return replace(self, **arrays)


@dataclass(frozen=True)
class Choice:
    """What a person chose to look at; an empty tuple or None leaves that side open. `end` is included."""

    contacts: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None


def day_of(hour: int | np.integer[Any]) -> date:
    """Return the date of an hour since 1970."""
    return date(1970, 1, 1) + timedelta(days=int(hour) // 24)


def hour_of(day: date) -> int:
    """Return the first hour of a date."""
    return (day - date(1970, 1, 1)).days * 24


def timeline(events: pd.DataFrame, zone: str) -> Timeline:
    """Build the timeline of a table of events."""
    keep, left_out = _drawable(events)
    rows = events.loc[keep, ["at", "contact", "channel", "direction", "source"]]
    clock = rows["at"].dt.tz_convert(zone).dt.tz_localize(None).dt.as_unit("s").astype("int64").to_numpy()
    hour = (clock // 3600).astype(np.int32)
    order = np.argsort(hour, kind="stable")
    contact, contacts = _coded(rows["contact"], order)
    channel, channels = _coded(rows["channel"], order)
    source, sources = _coded(rows["source"], order)
    heading, headings = _coded(rows["direction"], order)
    place = np.array([DIRECTIONS.index(name) if name in DIRECTIONS else 2 for name in headings], np.int32)
    everything = Timeline(hour[order], contact, channel, place[heading], source, contacts, channels, sources, left_out)
    return _near(everything)


def _drawable(events: pd.DataFrame) -> tuple[npt.NDArray[np.bool_], dict[str, int]]:
    """Tell which rows are drawn, and count the others by their first reason."""
    keep = np.ones(len(events), bool)
    left_out: dict[str, int] = {}
    reasons: Sequence[tuple[str, pd.Series[bool]]] = (
        ("the same record in another file", events["duplicate_of"].notna()),
        ("no usable time", events["at"].isna()),
        ("draft or not sent", events["status"].isin(NOT_DELIVERED)),
        ("a notice, not a contact", events["kind"].isin(["notice"])),
    )
    for reason, flags in reasons:
        hit = keep & flags.to_numpy(dtype=bool)
        if hit.any():
            left_out[reason] = int(hit.sum())
            keep &= ~hit
    return keep, left_out


def _coded(column: pd.Series[Any], order: npt.NDArray[np.int64]) -> tuple[Codes, tuple[str, ...]]:
    """Return the codes of a column in this order, and their names; what is missing becomes a name of its own."""
    words = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype("category")
    codes: Codes = words.cat.codes.to_numpy()[order].astype(np.int32)
    names = tuple(map(str, words.cat.categories))
    missing = codes < 0
    if missing.any():
        codes[missing] = len(names)
        return codes, (*names, NOT_RECORDED)
    return codes, names


def _near(whole: Timeline) -> Timeline:
    """Set aside the few records beyond a gap of years at either end."""
    gap, most = FAR_YEARS * 366 * 24, int(len(whole) * FAR_SHARE)
    breaks = np.flatnonzero(np.diff(whole.hour) > gap) + 1
    start = max((int(b) for b in breaks if b <= most), default=0)
    stop = min((int(b) for b in breaks if len(whole) - b <= most), default=len(whole))
    if start == 0 and stop == len(whole):
        return whole
    far = np.r_[whole.hour[:start], whole.hour[stop:]] // 24
    days, counts = np.unique(far, return_counts=True)
    named = tuple((day_of(int(d) * 24), int(n)) for d, n in zip(days, counts, strict=True))
    return replace(whole.part(slice(start, stop)), far=named)


def chosen(whole: Timeline, choice: Choice) -> Timeline:
    """Return the part of a timeline that was chosen."""
    start = 0 if choice.start is None else int(np.searchsorted(whole.hour, hour_of(choice.start), "left"))
    stop = len(whole) if choice.end is None else int(np.searchsorted(whole.hour, hour_of(choice.end) + 24, "left"))
    within = whole.part(slice(start, max(start, stop)))
    sides = (
        ("contact", whole.contacts, choice.contacts),
        ("channel", whole.channels, choice.channels),
        ("direction", DIRECTIONS, choice.directions),
    )
    keep: npt.NDArray[np.bool_] | None = None
    for name, names, wanted in sides:
        if wanted:
            flags = np.array([name_ in set(wanted) for name_ in names], bool)[getattr(within, name)]
            keep = flags if keep is None else keep & flags
    return within if keep is None else within.part(keep)


def timeline_svg(case: Any) -> str:
    """Return the picture for the case folder: events both ways, markers and coverage, the same bytes for the same case."""
    from detector.charts import svg

    return svg(case)
