"""Many contacts within 24 hours, none of them answered (P03).

Shows: stretches in which one side made contact again and again for a day or longer. Proof: every contact of the stretch.
The same to look at: a travel day, an illness or a broken phone on the other side, a delivery, a search for somebody who
is missing. Escapes: twenty contacts spread over more than 24 hours (see unanswered_run), a day on which a single reply falls
in the middle, and whatever was answered on a channel that the records do not cover looks unanswered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import HOUR, Events, Pair, Rows
from detector.windows import clusters, most_within


@dataclass(frozen=True)
class Settings:
    """Why 20 in 24: 0.18 % of ordinary pairs reach it (15: 0.33 %, 10: 0.87 %); reported cases run at 20 to 60 a day."""

    contacts: int = 20  # unanswered contacts
    hours: int = 24  # within so many hours, whatever the clock shows


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch in which any `contacts` in a row lie within `hours` of each other."""
    for pair in events.pairs():
        rows = pair.unanswered
        if not len(rows) or len(rows) < settings.contacts:
            continue
        for first, last in clusters(pair.us(rows), settings.contacts, settings.hours * HOUR, pair.runs):
            yield _finding(settings, pair, rows[first : last + 1])


def _finding(settings: Settings, pair: Pair, proof: Rows) -> Finding:
    us, days = pair.us(proof), pair.days(proof)
    hours, most = float(us[-1] - us[0]) / HOUR, most_within(us, settings.hours * HOUR)
    return found(
        PATTERN, settings, pair, proof,
        measured={"contacts": len(proof), "hours": round(hours, 1), "most_in_window": most, "contact_days": days},
        summary=f"{pair.actor} made contact {len(proof)} times on {counted(days, 'day')}, at most {most} times within "
                f"{counted(settings.hours, 'hour')}; no reply by {pair.other} is recorded in between.",
    )  # fmt: skip


PATTERN = Pattern("heavy_day", "Many contacts in one day", ("R",), find, Settings())
