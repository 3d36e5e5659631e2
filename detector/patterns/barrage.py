"""Many contacts within minutes, none of them answered (P02).

Shows: how densely one side tried to reach the other. Proof: every contact of the stretch. The same to look at: one
thought sent in many short messages, a photo album, a lost phone or an emergency. Escapes: bursts spread over more
than the window, and whatever was answered on a channel that the records do not cover looks unanswered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import MINUTE, Events
from detector.windows import clusters, most_within


@dataclass(frozen=True)
class Settings:
    """Why 10 in 30: 0.33 % of ordinary pairs reach it (5 in 10 minutes, the sensitive setting: 0.86 %)."""

    contacts: int = 10  # unanswered contacts
    minutes: int = 30  # within so many minutes


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch in which any `contacts` in a row lie within `minutes` of each other."""
    for pair in events.pairs():
        rows = pair.unanswered
        if not len(rows) or len(rows) < settings.contacts:
            continue
        us, window = pair.us(rows), settings.minutes * MINUTE
        for first, last in clusters(us, settings.contacts, window, pair.runs):
            part = us[first : last + 1]
            minutes = float(part[-1] - part[0]) / MINUTE
            yield found(
                PATTERN, settings, pair, rows[first : last + 1],
                measured={"contacts": len(part), "minutes": round(minutes, 1), "most_in_window": most_within(part, window)},
                summary=f"{pair.actor} made contact {len(part)} times in {counted(round(minutes), 'minute')}; "
                        f"no reply by {pair.other} is recorded in between.",
            )  # fmt: skip


PATTERN = Pattern("barrage", "Many contacts in a short time", ("R", "U"), find, Settings())
