"""Contact after a request to stop it (P24).

Shows: what the one who was asked did later than the request. Proof: every later contact, answered or not; it is listed from
the first, and contact on two different days meets the rule, because the law asks for two occasions. The other side's own
later contact, all of it, stands beside it. The same to look at: the one who asked took contact up again, contact that a
court ordered, a request meant for one topic only ("partial": whether a contact kept to the topic is for a person to judge), a
message that crossed the request. Escapes: requests made aloud or on a channel without records, contact through groups, reactions.

One finding for each pair and direction counts from the earliest request that a person confirmed or entered, so that no contact
is counted twice; `requests` lists every request with the contact until the next one, by either side, so that a later request
after friendly contact shows as such. Contact after a request that is only suggested, or that names no contact, is a finding of
its own, "Possible". A request with an end (withdrawn) holds until then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.boundaries import Boundary, bounded, split, standing, told
from detector.finding import Finding, Pattern, Strength, counted, found
from detector.pairs import MINUTE, Events, Pair, Rows


@dataclass(frozen=True)
class Settings:
    """Why 1 and 2: each contact after a request may matter; the law of harassment asks for two occasions."""

    contacts: int = 1  # later contacts from which they are listed
    days: int = 2  # different days from which the rule is met


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield a finding for contact after settled requests, and one for contact that only a suggested request came before."""
    for pair, stops in bounded(events, "stop"):
        settled, possible = split(pair, pair.acts, stops)
        if len(settled) >= settings.contacts:
            first = next(stop for stop in stops if stop.firm)
            strength: Strength = "Pattern" if pair.days(settled) >= settings.days else "Recorded"
            yield _finding(settings, pair, settled, [s for s in stops if s.start >= first.start], strength)
        if len(possible) >= settings.contacts:
            yield _finding(settings, pair, possible, [stop for stop in stops if not stop.firm], "Possible")


def _finding(settings: Settings, pair: Pair, proof: Rows, stops: list[Boundary], strength: Strength) -> Finding:
    first = stops[0]
    own = pair.engagement[pair.us(pair.engagement) > first.start]
    requests = _requests(pair, proof, own, stops)
    return found(
        PATTERN, settings, pair, proof, strength=strength, counter=own,
        measured={
            "contacts": len(proof), "days": pair.days(proof), "own_later_contacts": len(own),
            "minutes_to_first": round(float(pair.us(proof)[0] - first.start) / MINUTE, 1), "requests": requests,
        },
        summary=_summary(pair, proof, own, stops, requests),
    )  # fmt: skip


def _requests(pair: Pair, proof: Rows, own: Rows, stops: list[Boundary]) -> list[dict[str, Any]]:
    """Tell each request with the contacts by either side until the next one."""
    starts = np.array([stop.start for stop in stops])
    later, others = (np.diff(np.r_[np.searchsorted(pair.us(rows), starts, "right"), len(rows)]) for rows in (proof, own))
    return [
        told(pair.events, stop) | {"contacts_until_next": int(a), "own_contacts_until_next": int(b)}
        for stop, a, b in zip(stops, later, others, strict=True)
    ]


def _summary(pair: Pair, proof: Rows, own: Rows, stops: list[Boundary], requests: list[dict[str, Any]]) -> str:
    """Say what came after the first request, after the latest, and what the other side did."""
    parts = [
        (
            f"{pair.actor} made contact {counted(len(proof), 'time')} on {counted(pair.days(proof), 'day')} after a "
            f"{'request to stop contact' if stops[0].marker.settled else 'possible request to stop contact'} "
            f"({standing(pair.events, stops[0])})"
        )
    ]
    if len(stops) > 1:
        parts.append(
            f"of {len(stops)} requests the latest is {standing(pair.events, stops[-1])}, with "
            f"{counted(requests[-1]['contacts_until_next'], 'contact')} after it"
        )
    if any(stop.marker.partial for stop in stops):
        parts.append("a request allowed contact about some matters, and which contacts kept to them has not been judged")
    parts.append(f"{pair.other} made contact {counted(len(own), 'time')} after the first request")
    return "; ".join(parts) + "."


PATTERN = Pattern("contact_after_stop", "Contact after a request to stop", ("U", "R"), find, Settings())
