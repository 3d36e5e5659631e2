"""Events as patterns read them: one pair of people at a time, seen from one side.

Every rule runs for both directions of every pair. For direction "in" the *acts* are what the contact did towards the
owner of the device, and *engagement* is what the owner did: any event of the owner's own (a message, a call, a
reaction), or an incoming call answered for 15 seconds or more. For direction "out" the roles change places. A run of acts
without engagement in between is *unanswered*, on any channel that the records cover.

Drafts and failed messages reached nobody, reactions and notices are not acts, and group messages are set aside: none
of them is in `acts`. Times are int64 microseconds since 1970 UTC; rows are positions in `Events.table`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from detector.event import NOT_DELIVERED
from detector.markers import Marker
from detector.windows import Rows, clusters, joined, most_within, stretches

__all__ = ("ACT_KINDS", "ANSWERED_SECONDS", "DAY", "DIRECTIONS", "HOUR", "MINUTE", "SECOND",
           "DirectedRows", "Events", "Flags", "Pair", "Rows", "clusters", "joined", "most_within", "stretches")  # fmt: skip

Flags = npt.NDArray[np.bool_]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

ANSWERED_SECONDS = 15
"""An answered call of this length or longer is engagement by the one who answered (patterns.md, section 0)."""

DIRECTIONS: tuple[Literal["in", "out"], ...] = ("in", "out")
ACT_KINDS = ("message", "call", "voicemail", "request", "comment")


@dataclass(frozen=True, eq=False)
class DirectedRows:
    """Rows of all pairs seen from one side, in the order of the table: see `Pair` for what each of them is."""

    acts: Rows
    unanswered: Rows
    engagement: Rows


@dataclass(frozen=True, eq=False)
class Events:
    """The resolved, scored table and what belongs to it.

    `table` holds the delivered and undelivered rows with a time and without duplicates, sorted by contact, time and id,
    with an index from 0. `set_aside` says which contacts are "automated", "group" or "withheld". `hits` are the cue hits:
    columns row, label, cue, start, end, suppressed (None or the reason).
    """

    table: pd.DataFrame
    zone: ZoneInfo
    set_aside: Mapping[str, str]
    markers: tuple[Marker, ...] = ()
    links: tuple[Any, ...] = ()  # suggested identity.Link, not merged
    hits: pd.DataFrame | None = None

    @cached_property
    def us(self) -> Rows:
        """Time of each row, microseconds since 1970 UTC."""
        us: Rows = self.table["at"].dt.as_unit("us").astype("int64").to_numpy()
        return us

    @cached_property
    def local(self) -> pd.Series[pd.Timestamp]:
        """Time of each row on the clock of the case's zone, without a zone."""
        local: pd.Series[pd.Timestamp] = self.table["at"].dt.tz_convert(self.zone).dt.tz_localize(None)
        return local

    @cached_property
    def day(self) -> Rows:
        """Local date of each row, as days since 1970."""
        return self.local.to_numpy().astype("datetime64[D]").astype(np.int64)

    @cached_property
    def minute(self) -> Rows:
        """Local minute of the day of each row, 0 to 1439."""
        return self.local.dt.hour.to_numpy(dtype=np.int64) * 60 + self.local.dt.minute.to_numpy(dtype=np.int64)

    def is_(self, column: str, *values: str) -> Flags:
        """Tell for each row whether a dictionary column has one of these values."""
        key = (column, values)
        if key not in self._flags:
            self._flags[key] = self.table[column].isin(values).to_numpy()
        return self._flags[key]

    @cached_property
    def _flags(self) -> dict[tuple[str, tuple[str, ...]], Flags]:
        return {}

    @cached_property
    def delivered(self) -> Flags:
        """Rows that reached somebody."""
        return ~self.is_("status", *NOT_DELIVERED)

    @cached_property
    def acts(self) -> Flags:
        """Rows that are one side's contact with the other, outside groups."""
        return self.delivered & self.is_("kind", *ACT_KINDS) & self._alone

    @cached_property
    def _alone(self) -> Flags:
        return ~self.table["group"].to_numpy(dtype=bool)

    @cached_property
    def answered(self) -> Flags:
        """Calls answered for long enough to be engagement by the one who was called."""
        return self.is_("outcome", "answered") & (self.table["seconds"].to_numpy(dtype=float) >= ANSWERED_SECONDS)

    @cached_property
    def bounds(self) -> list[tuple[str, int, int]]:
        """Contact, first row and row after the last."""
        names, codes = self.table["contact"].cat.categories, self.table["contact"].cat.codes.to_numpy()
        starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else np.empty(0, int)
        edges = np.r_[starts, len(codes)].astype(int).tolist()
        return [(str(names[codes[a]]), a, b) for a, b in pairwise(edges)]

    def pairs(self, *, everyone: bool = False) -> Iterator[Pair]:
        """Yield each pair in both directions; automated senders, groups and withheld callers only if `everyone`."""
        for contact, start, stop in self.bounds:
            if everyone or contact not in self.set_aside:
                yield self._pair(contact, start, stop, "in")
                yield self._pair(contact, start, stop, "out")

    def _pair(self, contact: str, start: int, stop: int, direction: Literal["in", "out"]) -> Pair:
        key = (contact, direction)
        if key not in self._pairs:
            self._pairs[key] = Pair(self, contact, direction, start, stop)
        return self._pairs[key]

    def having(self, flags: Flags, least: int = 1, *, everyone: bool = False) -> Iterator[tuple[Pair, Rows]]:
        """Yield each pair whose acting side has at least so many of the flagged rows, and these rows."""
        edges = np.array([start for _, start, _ in self.bounds] + [len(flags)])
        for direction in DIRECTIONS:
            rows = np.flatnonzero(flags & self.is_("direction", direction))
            cuts = np.searchsorted(rows, edges)
            for n in np.flatnonzero(np.diff(cuts) >= max(least, 1)).tolist():
                if everyone or self.bounds[n][0] not in self.set_aside:
                    yield self._pair(*self.bounds[n], direction), rows[cuts[n] : cuts[n + 1]]

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], Pair]:
        return {}

    def rows_of(self, direction: Literal["in", "out"]) -> DirectedRows:
        """What one direction of all pairs is made of; found once for the whole table, so that a pair costs two look-ups."""
        if direction not in self._directed:
            self._directed[direction] = self._rows_of(direction, "out" if direction == "in" else "in")
        return self._directed[direction]

    def _rows_of(self, direction: str, opposite: str) -> DirectedRows:
        acts = self.acts & self.is_("direction", direction)
        own = self.delivered & self.is_("direction", opposite) & ~self.is_("kind", "notice") & self._alone
        engagement = own | (self.answered & self.is_("direction", direction))
        return DirectedRows(np.flatnonzero(acts), np.flatnonzero(acts & ~self.answered), np.flatnonzero(engagement))

    @cached_property
    def _directed(self) -> dict[str, DirectedRows]:
        return {}

    def labelled(self, label: str) -> Rows:
        """Rows with a hit of this label that nothing suppressed, sorted."""
        if self.hits is None or self.hits.empty:
            return np.empty(0, np.int64)
        hits = self.hits
        return np.unique(hits.loc[(hits["label"] == label) & hits["suppressed"].isna(), "row"].to_numpy(np.int64))

    def ids(self, rows: Rows) -> tuple[str, ...]:
        """Event ids of these rows, in their order."""
        return tuple(self._ids[rows].tolist())

    @cached_property
    def _ids(self) -> npt.NDArray[np.object_]:
        return self.table["id"].to_numpy(dtype=object)

    def time(self, us: int) -> datetime:
        """A time in the case's zone."""
        return datetime.fromtimestamp(us / 1e6, UTC).astimezone(self.zone)


@dataclass(frozen=True, eq=False)
class Pair:
    """One contact and the owner, seen from one side. All arrays are sorted by time."""

    events: Events
    contact: str
    direction: Literal["in", "out"]
    start: int
    stop: int

    @property
    def opposite(self) -> Literal["in", "out"]:
        """The direction of the other side's events."""
        return "out" if self.direction == "in" else "in"

    @property
    def actor(self) -> str:
        """Who acts, for a summary."""
        return self.contact if self.direction == "in" else "The owner of the device"

    @property
    def other(self) -> str:
        """Who is acted towards, for a summary."""
        return "the owner of the device" if self.direction == "in" else self.contact

    def _own(self, rows: Rows) -> Rows:
        first, last = np.searchsorted(rows, (self.start, self.stop))
        return rows[first:last]

    @cached_property
    def acts(self) -> Rows:
        """Rows in which the acting side made contact, answered or not."""
        return self._own(self.events.rows_of(self.direction).acts)

    @cached_property
    def engagement(self) -> Rows:
        """Rows in which the other side engaged."""
        return self._own(self.events.rows_of(self.direction).engagement)

    @cached_property
    def unanswered(self) -> Rows:
        """Acts that are not themselves an answered call."""
        return self._own(self.events.rows_of(self.direction).unanswered)

    @cached_property
    def runs(self) -> Rows:
        """For each row of `unanswered`, how often the other side had engaged before it: equal numbers are one run."""
        return np.searchsorted(self.us(self.engagement), self.us(self.unanswered), side="left")

    def us(self, rows: Rows) -> Rows:
        """Times of rows."""
        return self.events.us[rows]

    def between(self, rows: Rows, start_us: int, end_us: int) -> Rows:
        """Those rows with start <= time <= end."""
        times = self.us(rows)
        return rows[np.searchsorted(times, start_us, "left") : np.searchsorted(times, end_us, "right")]

    def days(self, rows: Rows) -> int:
        """Number of different local dates of these rows."""
        return len(np.unique(self.events.day[rows]))

    def channels(self, rows: Rows) -> list[str]:
        """The channels of these rows, in alphabetical order."""
        column = self.events.table["channel"].cat
        codes = np.unique(column.codes.to_numpy()[rows])
        return sorted(column.categories[codes[codes >= 0]])

    def engagement_around(self, rows: Rows) -> Rows:
        """The other side's engagement from the last before these rows to the first after them."""
        times, (start, end) = self.us(self.engagement), self.us(rows[[0, -1]])
        first, last = np.searchsorted(times, start, "left") - 1, np.searchsorted(times, end, "right") + 1
        return self.engagement[max(first, 0) : last]
