"""Contact that goes on for weeks after the other side's last reply (P08).

Shows: contact on several days, the last of it two weeks or more after the other side was last heard of. Proof: every contact
since that reply. The same to look at: a bereavement or illness on the other side, a changed number, a debt collector, a
charity or surgery that writes to everybody. Escapes: persistence that a single reply interrupts ("stop" is a reply: see
contact_after_stop), and replies on a channel that the records do not cover look like none.

Each stretch between two replies is judged by itself. Contact before the other side's first reply is counted from its own
first record. Where no reply is ever recorded the finding is "Possible" below 20 contacts: the base rate is that of pairs
who had talked, and surgeries, sellers, and exports that hold only one direction look just like it. From 20 on, which 0.28 %
of ordinary pairs reach in a row, the rule stands by itself. The counter-evidence is the last reply before and the first after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.finding import Finding, Pattern, Strength, counted, found
from detector.pairs import DAY, Events, Pair, Rows
from detector.windows import stretches


@dataclass(frozen=True)
class Settings:
    """Why 14 days: the two-week watershed of the research; 0.15 % of pairs who had talked reach it with 5 contacts."""

    contacts: int = 5  # since the other side's last reply
    contact_days: int = 3  # on so many local dates
    days: int = 14  # from that reply (or the first contact) to the last contact
    contacts_never_answered: int = 20  # from which the finding is a pattern although no reply is ever recorded


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch between two replies that meets all three thresholds."""
    for pair in events.pairs():
        if len(pair.unanswered) < settings.contacts:
            continue
        for first, last in stretches(pair.runs):
            proof = pair.unanswered[first : last + 1]
            if len(proof) < settings.contacts:
                continue
            replies = int(pair.runs[first])
            reply = int(pair.us(pair.engagement)[replies - 1]) if replies else None
            going_on = int(pair.us(proof)[-1]) - (int(pair.us(proof)[0]) if reply is None else reply)
            if going_on >= settings.days * DAY and pair.days(proof) >= settings.contact_days:
                yield _finding(settings, pair, proof, reply, going_on)


def _finding(settings: Settings, pair: Pair, proof: Rows, reply: int | None, going_on: int) -> Finding:
    never, contact_days, days = not len(pair.engagement), pair.days(proof), float(going_on) / DAY
    strength: Strength = "Possible" if never and len(proof) < settings.contacts_never_answered else "Pattern"
    since = "of the first contact on record; no earlier reply is recorded" if reply is None else "of the last reply on record"
    return found(
        PATTERN, settings, pair, proof, strength=strength,
        measured={
            "contacts": len(proof), "contact_days": contact_days, "days": round(days, 1),
            "counted_from": "first contact" if reply is None else "last reply",
            "last_reply": None if reply is None else pair.events.time(reply).isoformat(),
            "ever_replied": not never, "channels": pair.channels(proof),
        },
        summary=f"{pair.actor} made contact {len(proof)} times on {counted(contact_days, 'day')} without a reply by "
                f"{pair.other}, the last time {counted(int(days), 'day')} after the date {since}.",
        counter=pair.engagement_around(proof),
    )  # fmt: skip


PATTERN = Pattern("persistence", "Contact goes on without a reply", ("F", "U", "R"), find, Settings())
