"""Contact after contact without any reply (P06).

Shows: how often in a row one side made contact while the other side did nothing on any channel that the records cover.
Proof: every contact of the run. The same to look at: somebody who answers on a channel that is missing here, who has
switched notifications off, or who gets a newsletter or reminders. Escapes: runs that a single short reply interrupts. The
counter-evidence is the last reply before the run and the first after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import DAY, Events, Pair, Rows
from detector.windows import stretches


@dataclass(frozen=True)
class Settings:
    """Why 8 and 20: 1.9 % of ordinary pairs have a run of 8 (noted as Recorded), 0.28 % one of 20 (a Pattern)."""

    contacts: int = 8  # in a row without a reply: noted
    pattern_contacts: int = 20  # in a row without a reply: a pattern


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each run of at least `contacts`."""
    least = max(1, min(settings.contacts, settings.pattern_contacts))
    for pair in events.pairs():
        if len(pair.unanswered) < least:
            continue
        for first, last in stretches(pair.runs):
            if last - first + 1 >= least:
                yield _finding(settings, pair, pair.unanswered[first : last + 1])


def _finding(settings: Settings, pair: Pair, proof: Rows) -> Finding:
    us, days, channels = pair.us(proof), pair.days(proof), pair.channels(proof)
    return found(
        PATTERN, settings, pair, proof,
        strength="Pattern" if len(proof) >= settings.pattern_contacts else "Recorded",
        measured={
            "contacts": len(proof), "span_days": round(float(us[-1] - us[0]) / DAY, 1), "contact_days": days,
            "channels": channels,
        },
        summary=f"{pair.actor} made contact {len(proof)} times in a row on {counted(days, 'day')} ({', '.join(channels)}); "
                f"no reply by {pair.other} is recorded in between. A reply on a channel not covered here would not show.",
        counter=pair.engagement_around(proof),
    )  # fmt: skip


PATTERN = Pattern("unanswered_run", "Contact in a row without a reply", ("U", "R"), find, Settings())
