"""Contact over many channels within a day, or over a new channel soon after a boundary (P22).

Shows: on how many channels one side reached the other within 24 hours, and which channel it first used in the week
after a stop request, a block, an order or a report. Proof: the contacts of that stretch. The same to look at: two people
who both take up a new app, a photo sent by one app and a question by another, and an export in which a channel begins later
than the others (look at the coverage). Escapes: channels that were not exported, and a new account on an old channel
(that is new_handle). SMS, MMS, RCS and iMessage are one channel, and so are the calls and messages of one app. A channel is new
if neither side had used it with the other before and they had used another; a boundary that nobody confirmed, or that
names no contact, makes it "Possible" only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector.boundaries import Boundary, bounded, standing, told
from detector.channels import lanes
from detector.finding import Finding, Pattern, counted, found
from detector.pairs import DAY, HOUR, Events, Pair, Rows


@dataclass(frozen=True)
class Settings:
    """Why three: a call and a message, two channels, are everyday (judgement)."""

    channels: int = 3  # different channels
    hours: int = 24  # within so many hours
    days_after: int = 7  # or a first-ever channel within so many days after a boundary


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch of many channels, and one for each new channel after a boundary."""
    names, lane = lanes(events)
    if len(names) >= settings.channels:
        for pair, rows in events.having(events.acts & (lane >= 0), settings.channels):
            for first, last in _spread(pair.us(rows), lane[rows], settings):
                yield _many(settings, pair, rows[first : last + 1], names, lane)
    for pair, boundaries in bounded(events, "stop", "block", "order", "report"):
        yield from _new(settings, pair, boundaries, names, lane)


def _spread(us: Rows, lane: Rows, settings: Settings) -> Iterator[tuple[int, int]]:
    """Yield (first, last) positions of the stretches in which enough channels are used within the hours.

    `latest[n]` is where the third-last used of the channels (if three are enough) was used last, up to act n.
    """
    used = np.unique(lane)
    if len(used) < settings.channels:
        return
    positions = np.arange(len(us))
    latest = np.sort([np.maximum.accumulate(np.where(lane == n, positions, -1)) for n in used], axis=0)[-settings.channels]
    last = np.flatnonzero((latest >= 0) & (us - us[latest] <= settings.hours * HOUR))
    if len(last):
        breaks = np.flatnonzero(latest[last[1:]] > last[:-1])
        yield from zip(latest[last[np.r_[0, breaks + 1]]].tolist(), last[np.r_[breaks, -1]].tolist(), strict=True)


def _many(settings: Settings, pair: Pair, proof: Rows, names: list[str], lane: Rows) -> Finding:
    us = pair.us(proof)
    hours, used = float(us[-1] - us[0]) / HOUR, {names[n]: int((lane[proof] == n).sum()) for n in np.unique(lane[proof])}
    return found(
        PATTERN, settings, pair, proof,
        measured={"channels": len(used), "hours": round(hours, 1), "contacts": len(proof), "contacts_by_channel": used},
        summary=f"{pair.actor} made contact on {len(used)} channels in {counted(round(hours), 'hour')} "
                f"({', '.join(used)}), at least {settings.channels} of them within {settings.hours} hours.",
    )  # fmt: skip


def _new(settings: Settings, pair: Pair, boundaries: list[Boundary], names: list[str], lane: Rows) -> Iterator[Finding]:
    both = np.union1d(pair.acts, pair.engagement)
    both = both[lane[both] >= 0]
    used, first = np.unique(lane[both], return_index=True)
    for number, start in zip(used[first > 0], both[first[first > 0]], strict=True):
        at = int(pair.us(start))
        earliest = max(int(pair.us(both)[0]), at - settings.days_after * DAY)
        before = [boundary for boundary in boundaries if earliest <= boundary.start < at]
        if before and start in pair.acts:
            boundary = max(before, key=lambda b: (b.firm, b.sort_key))
            rows = pair.between(pair.acts[lane[pair.acts] == number], at, boundary.start + settings.days_after * DAY)
            yield _first(settings, pair, boundary, rows, names[number])


def _first(settings: Settings, pair: Pair, boundary: Boundary, proof: Rows, channel: str) -> Finding:
    days = float(pair.us(proof)[0] - boundary.start) / DAY
    return found(
        PATTERN, settings, pair, proof, strength="Pattern" if boundary.firm else "Possible",
        measured={
            "channel": channel, "days_after": round(days, 2), "contacts": len(proof), "boundary": told(pair.events, boundary),
        },
        summary=f"{pair.actor} first made contact by {channel} {counted(round(days), 'day')} after a boundary: "
                f"{boundary.marker.kind} ({standing(pair.events, boundary)}).",
    )  # fmt: skip


PATTERN = Pattern("many_channels", "Contact over many channels", ("O",), find, Settings())
