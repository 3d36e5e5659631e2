"""Many contacts within minutes, none of them answered (P02).

Shows: how densely one side tried to reach the other. Proof: every contact of the stretch. The same to look at: one
thought sent in many short messages, a photo album, a lost phone or an emergency. Escapes: bursts spread over more
than the window, and whatever was answered on a channel that the records do not cover looks unanswered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.finding import Finding, Pattern, found
from detector.pairs import MINUTE, Events, clusters


@dataclass(frozen=True)
class Settings:
    """Why 10 in 30: 0.33 % of ordinary pairs reach it (patterns.md, section 1)."""

    contacts: int = 10  # unanswered contacts
    minutes: int = 30  # within so many minutes


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch in which any `contacts` in a row lie within `minutes` of each other."""
    for pair in events.pairs():
        rows = pair.unanswered
        for first, last in clusters(pair.us(rows), settings.contacts, settings.minutes * MINUTE, pair.runs):
            proof = rows[first : last + 1]
            minutes = (pair.us(proof)[-1] - pair.us(proof)[0]) / MINUTE
            yield found(
                PATTERN, settings, pair, proof,
                measured={"contacts": len(proof), "minutes": round(float(minutes), 1)},
                summary=f"{pair.actor} made contact {len(proof)} times in {minutes:.0f} minutes; "
                        f"no reply by {pair.other} is recorded in between.",
            )


PATTERN = Pattern("barrage", "Many contacts in a short time", ("R", "U"), find, Settings())
