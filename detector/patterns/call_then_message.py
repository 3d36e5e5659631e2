"""A call not taken, then contact on another channel within minutes (P21).

Shows: how often one side, not answered by call, went on at once by another way. Proof: each call and the contact that
followed it. The same to look at: ordinary courtesy ("missed you, ring me back"), which is why it takes several times in a
fortnight. Escapes: whoever waits longer, or stays on the same channel; SMS, MMS, RCS and iMessage are one channel, and so
are the calls and messages of one app. A call and what follows it count once: of several calls the last before the contact,
of several contacts the first after the call, and of a chain from channel to channel only its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector.channels import lanes
from detector.finding import Finding, Pattern, counted, found
from detector.pairs import DAY, MINUTE, Events, Pair, Rows, clusters

NOT_TAKEN = ("missed", "rejected", "unanswered")


@dataclass(frozen=True)
class Settings:
    """Why three times: once or twice is courtesy (judgement)."""

    times: int = 3  # a call not taken and then contact on another channel
    minutes: int = 5  # no more than so many minutes after the call
    days: int = 14  # so often within so many days


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch in which any `times` in a row lie within `days`."""
    names, lane = lanes(events)
    calls = events.acts & events.is_("kind", "call") & events.is_("outcome", *NOT_TAKEN)
    for pair, rows in events.having(calls, settings.times):
        call, after = _followed(pair, rows, lane, settings.minutes * MINUTE)
        for first, last in clusters(pair.us(after), settings.times, settings.days * DAY):
            those = slice(first, last + 1)
            yield _finding(settings, pair, call[those], after[those], {names[n] for n in lane[after[those]]})


def _followed(pair: Pair, calls: Rows, lane: Rows, window: int) -> tuple[Rows, Rows]:
    """Return the calls that were followed, and what followed each of them, in the order of time."""
    acts = pair.acts[lane[pair.acts] >= 0]
    us, last = pair.us(acts), np.full(len(acts), -1)
    for number in np.unique(lane[calls]):
        rows = calls[lane[calls] == number]
        before = np.searchsorted(pair.us(rows), us, "right") - 1
        fits = (before >= 0) & (lane[acts] != number) & (us - pair.us(rows)[before] <= window)
        last[fits] = np.maximum(last[fits], rows[before[fits]])
    acts, last = acts[last >= 0], last[last >= 0]
    call, first = np.unique(last, return_index=True)
    after = acts[first]
    order = np.argsort(after)
    begins = order[~np.isin(call, after)[order]]
    return call[begins], after[begins]


def _finding(settings: Settings, pair: Pair, calls: Rows, after: Rows, channels: set[str]) -> Finding:
    gaps = (pair.us(after) - pair.us(calls)) / MINUTE
    return found(
        PATTERN, settings, pair, np.union1d(calls, after),
        measured={
            "times": len(calls), "days": pair.days(after), "median_minutes": round(float(np.median(gaps)), 1),
            "channels": sorted(channels), "pairs": [list(pair.events.ids(np.array(p))) for p in zip(calls, after, strict=True)],
        },
        summary=f"{counted(len(calls), 'time')} on {counted(pair.days(after), 'day')}, {pair.actor} made contact "
                f"on another channel within {settings.minutes} minutes of a call that was not taken.",
    )  # fmt: skip


PATTERN = Pattern("call_then_message", "A call not taken, then another channel", ("O", "U"), find, Settings())
