"""Several calls within an hour of the small hours (P14).

Shows: calls made one after another between midnight and five, answered or not. Proof: every call of the string, with its
outcome and length. The same to look at: an emergency, a pocket dial, a carer, somebody in another time zone. Escapes:
strings that begin before midnight and have fewer than the threshold after it, and calls on apps whose exports leave calls out.

Hours are those of the case's zone. A string begins before five o'clock and may run on into the next hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector.finding import Finding, Pattern, found
from detector.pairs import MINUTE, Events, Pair, Rows
from detector.windows import clusters


@dataclass(frozen=True)
class Settings:
    """Why 3 in 60 from midnight to five: judgement; one call, or two with a redial, may be a mistake."""

    calls: int = 3  # attempts with any outcome
    minutes: int = 60  # within so many minutes
    from_hour: int = 0  # the string begins at this hour, local time
    to_hour: int = 5  # or later, but before this one


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each string of calls that begins in the hours and in which any `calls` lie within `minutes`."""
    begins, ends = settings.from_hour * 60, settings.to_hour * 60
    hours = (events.minute >= begins) & (events.minute < ends + settings.minutes)
    for pair, rows in events.having(events.acts & events.is_("kind", "call") & hours, settings.calls):
        for first, last in clusters(pair.us(rows), settings.calls, settings.minutes * MINUTE):
            if events.minute[rows[first]] < ends:
                yield _finding(settings, pair, rows[first : last + 1])


def _finding(settings: Settings, pair: Pair, proof: Rows) -> Finding:
    events, us = pair.events, pair.us(proof)
    minutes = float(us[-1] - us[0]) / MINUTE
    outcomes = Counter(str(one) for one in events.table["outcome"].take(proof).astype(object).fillna("outcome not given"))
    seconds = events.table["seconds"].to_numpy(dtype=float)[proof]
    begun = events.time(int(us[0]))
    return found(
        PATTERN, settings, pair, proof,
        measured={
            "calls": len(proof), "minutes": round(minutes, 1), "begun": f"{begun:%H:%M}", "zone": str(events.zone),
            "outcomes": dict(sorted(outcomes.items())), "longest_seconds": float(np.nanmax(seconds, initial=0.0)),
        },
        summary=f"{pair.actor} rang {len(proof)} times in {max(1, round(minutes))} minutes from {begun:%H:%M} ({events.zone}): "
                f"{', '.join(f'{number} {name}' for name, number in sorted(outcomes.items()))}.",
    )  # fmt: skip


PATTERN = Pattern("small_hours_calls", "Several calls in the small hours", ("U",), find, Settings())
