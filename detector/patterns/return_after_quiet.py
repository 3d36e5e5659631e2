"""Contact that stops for weeks and then comes back (P12).

Shows: that the one side began again after a quiet time in which the other did nothing. Proof: the contacts of the return. The same to
look at: a holiday, an illness, a birthday; a bare gap happens in 28 % of ordinary pairs, so a boundary or a long run without an
answer must have come before. Escapes: a return of one or two contacts, and a quiet that is only a gap in the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector.boundaries import concerns, microseconds, standing_of
from detector.finding import Finding, Pattern, counted, found
from detector.pairs import DAY, HOUR, Events, Pair, Rows
from detector.windows import stretches

BOUNDARIES = ("stop", "block", "order", "report")


@dataclass(frozen=True)
class Settings:
    """Why an earlier boundary or run: the gap alone is everyday (patterns.md, section 1)."""

    days: int = 14  # without any contact by either side
    contacts: int = 3  # on the return
    hours: int = 48  # within so many hours
    earlier_run: int = 8  # unanswered contacts in a row before the quiet, where there is no boundary


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each quiet time that ends in a return."""
    for pair in events.pairs():
        if len(pair.acts) < settings.contacts + 1:
            continue
        us = pair.us(pair.acts)
        for last in np.flatnonzero(np.diff(us) >= settings.days * DAY).tolist():
            proof = pair.between(pair.acts, us[last + 1], us[last + 1] + settings.hours * HOUR)
            if len(proof) >= settings.contacts and not len(
                pair.between(pair.engagement, us[last + 1] - settings.days * DAY, us[last + 1] - 1)
            ):
                yield from _finding(settings, pair, proof, int(us[last]), int(us[last + 1]))


def _finding(settings: Settings, pair: Pair, proof: Rows, before: int, back: int) -> Iterator[Finding]:
    run = max((last - first + 1 for first, last in stretches(pair.runs[pair.us(pair.unanswered) <= before])), default=0)
    boundary = _earlier_boundary(pair, back)
    if boundary is None and run < settings.earlier_run:
        return
    days = (back - before) / DAY
    why = f"a boundary ({boundary})" if boundary else f"{run} contacts in a row without an answer"
    yield found(
        PATTERN, settings, pair, proof,
        measured={"days": round(days, 1), "contacts": len(proof), "earlier_run": run, "earlier_boundary": boundary},
        summary=f"{pair.actor} made contact {counted(len(proof), 'time')} within {settings.hours} hours after {days:.0f} days in which neither side "
                f"is recorded as making contact; before that quiet there was {why}.",
    )  # fmt: skip


def _earlier_boundary(pair: Pair, back: int) -> str | None:
    """Say which boundary was set before the return, settled ones before suggested ones."""
    markers = [
        m
        for m in pair.events.markers
        if m.kind in BOUNDARIES and m.status != "rejected" and concerns(m, pair) and microseconds(m.at) < back
    ]
    return standing_of(pair.events, min(markers, key=lambda m: (not m.settled, m.at))) if markers else None


PATTERN = Pattern("return_after_quiet", "Contact comes back after a quiet time", ("F", "R"), find, Settings())
