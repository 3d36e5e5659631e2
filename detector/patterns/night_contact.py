"""Unanswered contact at night, more than the other side's other contacts have (P13).

Shows: that one side writes or calls at hours when the other's other contacts rarely do. Proof: the contacts of those nights. The same to look at:
shift work, another time zone, students, an emergency. Escapes: a night that is cut by a wrong zone, and owners whose whole life is at
night. A contact counts as unanswered if the other side did nothing in the
hour before it and nothing more in that night. An absolute share of night contact means nothing (42 % in one student network), so each contact is held against the others.

A night runs from 23:00 to 06:00 of the case's zone and belongs to the date on which it begins. The odds are of one side's unanswered contact
at night against by day; their ratio to the odds of all other contacts (0.5 added to each of the four counts) must reach the
threshold, and the lower end of its 95 % interval, exp(log OR - 1.96 sqrt(1/a + 1/b + 1/c + 1/d)), must lie above 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import DIRECTIONS, HOUR, Events, Flags, Pair, Rows
from detector.windows import joined

FROM, TO = 23 * 60, 6 * 60
Z95 = 1.96


@dataclass(frozen=True)
class Settings:
    """Five nights in four weeks is judgement; the comparison with the other contacts carries the rule."""

    nights: int = 5  # with unanswered contact between 23:00 and 06:00
    days: int = 28  # within so many days
    odds_ratio: float = 2.0  # of night contact, to the other side's other contacts


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each contact and direction, over all stretches with enough nights."""
    night = (events.minute >= FROM) | (events.minute < TO)
    evening = events.day - (events.minute < TO)  # the date on which the night began
    for direction in DIRECTIONS:
        acts = events.rows_of(direction).acts
        acts = acts[~events.is_("contact", *events.set_aside)[acts]]
        total = int(night[acts].sum()), int((~night[acts]).sum())
        for pair in events.pairs():
            if pair.direction == direction and len(pair.unanswered) >= settings.nights:
                yield from _of_pair(settings, pair, night, evening, total)


def _of_pair(settings: Settings, pair: Pair, night: Flags, evening: Rows, total: tuple[int, int]) -> Iterator[Finding]:
    rows = _left_unanswered(pair, pair.unanswered[night[pair.unanswered]], night, evening)
    proof = rows[_dense(evening[rows], settings)]
    if not len(proof):
        return
    mine = int(night[pair.acts].sum()), int((~night[pair.acts]).sum())
    ratio, low = odds_ratio(*mine, total[0] - mine[0], total[1] - mine[1])
    if ratio < settings.odds_ratio or low <= 1:
        return
    nights = len(np.unique(evening[proof]))
    yield found(
        PATTERN, settings, pair, proof,
        measured={"nights": nights, "contacts": len(proof), "odds_ratio": round(ratio, 1), "odds_ratio_low": round(low, 2), "zone": str(pair.events.zone)},
        summary=f"{pair.actor} made contact between 23:00 and 06:00 on {counted(nights, 'night')}, {counted(len(proof), 'time')} without a reply; the odds of "
                f"contact at night are {ratio:.1f} times those of all other contacts (clock of {pair.events.zone}).",
    )  # fmt: skip


def _left_unanswered(pair: Pair, rows: Rows, night: Flags, evening: Rows) -> Rows:
    """Return the rows that are no part of an exchange: the other side did nothing in the hour before, nor later that night."""
    times, replies = pair.us(rows), pair.engagement
    after = np.searchsorted(pair.us(replies), times, "right")
    replied, some, earlier = np.zeros(len(rows), bool), after < len(replies), after > 0
    reply = replies[after[some]]
    replied[some] = night[reply] & (evening[reply] == evening[rows[some]])
    replied[earlier] |= times[earlier] - pair.us(replies[after[earlier] - 1]) <= HOUR
    return rows[~replied]


def _dense(evenings: Rows, settings: Settings) -> Rows:
    """Return the positions that belong to a stretch of `days` with at least `nights` different nights."""
    nights = np.unique(evenings)
    count = settings.nights
    first = np.flatnonzero(nights[count - 1 :] - nights[: max(len(nights) - count + 1, 0)] < settings.days)
    spans = joined((int(i), int(i) + count - 1) for i in first)
    inside = np.zeros(len(evenings), bool)
    for start, end in spans:
        inside |= (evenings >= nights[start]) & (evenings <= nights[end])
    return np.flatnonzero(inside)


def odds_ratio(night: int, day: int, others_night: int, others_day: int) -> tuple[float, float]:
    """Return the ratio of the odds and the lower end of its 95 % interval, 0.5 added to each count."""
    a, b, c, d = night + 0.5, day + 0.5, others_night + 0.5, others_day + 0.5
    ratio = a * d / (b * c)
    return ratio, exp(log(ratio) - Z95 * sqrt(1 / a + 1 / b + 1 / c + 1 / d))


PATTERN = Pattern("night_contact", "Contact at night", ("F", "U"), find, Settings())
