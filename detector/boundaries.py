"""Boundaries: what one side asked of the other or did to keep it away, as patterns read them.

A boundary is a marker that holds for a pair seen from the side that was asked: the owner's stop request ("out") for
what the contact does ("in"), the contact's stop request for what the owner does. Rejected markers are none. A boundary
is firm if a person entered or confirmed it and named the contact; every other one is offered for reading only.
It holds for what comes later than its own moment (the same minute may have crossed it) and until its end, if it has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from detector.markers import Marker, MarkerKind
from detector.pairs import Events, Flags, Pair, Rows

_EVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Boundary:
    """A marker with the time in which it holds, in microseconds since 1970 UTC: later than `start`, up to `end`."""

    marker: Marker
    start: int
    end: int

    @property
    def firm(self) -> bool:
        """Tell whether a person stands behind it and it names the contact."""
        return self.marker.settled and self.marker.contact is not None

    @property
    def sort_key(self) -> tuple[int, str, str, str]:
        """Time first, then whatever keeps the order stable."""
        return self.start, self.marker.kind, self.marker.status, self.marker.basis

    def holds(self, us: Rows) -> Flags:
        """Tell for each time whether the boundary held."""
        return (us > self.start) & (us <= self.end)


def bounded(events: Events, *kinds: MarkerKind) -> Iterator[tuple[Pair, list[Boundary]]]:
    """Yield each pair whose acting side has a boundary of these kinds, and its boundaries in the order of time.

    Automated senders and groups only if a person's marker names them; withheld callers never.
    """
    markers = [marker for marker in events.markers if marker.kind in kinds and marker.status != "rejected"]
    if not markers:
        return
    named = {marker.contact for marker in markers}
    for pair in events.pairs(everyone=True):
        if not named & {None, pair.contact}:
            continue
        boundaries = sorted((_boundary(events, pair, m) for m in markers if concerns(m, pair)), key=lambda b: b.sort_key)
        reason = events.set_aside.get(pair.contact)
        if boundaries and (reason is None or (reason != "withheld" and any(b.firm for b in boundaries))):
            yield pair, boundaries


def concerns(marker: Marker, pair: Pair) -> bool:
    """Tell whether this marker is a boundary for the acting side of the pair."""
    return marker.direction == pair.opposite and marker.contact in (None, pair.contact)


def _boundary(events: Events, pair: Pair, marker: Marker) -> Boundary:
    """Give the marker its end: the one it carries, or for a block the first record of its being lifted."""
    start, ends = microseconds(marker.at), [microseconds(marker.end)] if marker.end else []
    if marker.kind == "block":
        lifted = (m for m in events.markers if m.kind == "unblock" and m.status != "rejected" and concerns(m, pair))
        ends += [end for end in map(microseconds, (m.at for m in lifted)) if end >= start]
    return Boundary(marker, start, min(ends, default=_EVER))


def microseconds(at: datetime) -> int:
    """Return a time with a zone as microseconds since 1970 UTC."""
    return round(at.timestamp() * 1e6)


def split(pair: Pair, rows: Rows, boundaries: list[Boundary]) -> tuple[Rows, Rows]:
    """Return the rows within a firm boundary, and those within another one only. No row is in both."""
    us = pair.us(rows)
    firm, open_ = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for boundary in boundaries:
        (firm if boundary.firm else open_)[:] |= boundary.holds(us)
    return rows[firm], rows[open_ & ~firm]


def written(at: datetime) -> str:
    """Write a time for a summary."""
    return f"{at.day} {at:%B %Y, %H:%M}"


def told(events: Events, boundary: Boundary) -> dict[str, Any]:
    """Say what is known of a boundary, for `measured`."""
    marker = boundary.marker
    facts: dict[str, Any] = {
        "kind": marker.kind,
        "at": events.time(boundary.start).isoformat(),
        "status": marker.status,
        "basis": marker.basis,
        "names_the_contact": marker.contact is not None,
        "partial": marker.partial,
        "records": list(marker.evidence),
    }
    return facts if boundary.end == _EVER else facts | {"end": events.time(boundary.end).isoformat()}


def standing(events: Events, boundary: Boundary) -> str:
    """Say in a sentence's brackets when a boundary was set and how far it is settled."""
    return standing_of(events, boundary.marker)


def standing_of(events: Events, marker: Marker) -> str:
    """Say the same of a marker."""
    at = written(events.time(microseconds(marker.at)))
    if not marker.settled:
        return f"{at}; suggested by {marker.basis}, not confirmed by a person"
    return f"{at}; {marker.status}" + ("" if marker.contact else "; the entry names no contact")
