"""Contact that grows from week to week (P10).

Shows: that the second half of the weeks holds at least twice the contact of the first half, and that the weeks rise more
steadily than chance would let them. Proof: every contact of the weeks. The same to look at: a season, a house sale,
dates with the children, an export that covers more and more channels (each channel's first record stands in `channels_begin`).
Escapes: a rise in the last weeks of a long acquaintance, a single jump, and a rise from fewer than five a week.

A week is seven local dates, the first of them that of the first contact. Weeks without contact count as 0. With an odd
number of weeks the middle one is in neither half. A last week that the pair's records do not fill can only look too low: it is
left out if it is lower than the week before. Kendall's tau-b of the counts against the number of the week is two-sided.
All contacts count, answered or not; the other side's engagement in these weeks is the counter-evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.finding import Finding, Pattern, found
from detector.pairs import Events, Pair, Rows

DAYS = 7


@dataclass(frozen=True)
class Settings:
    """Of 36 ordinary weekly series 5.6 % rise by Kendall's test and 8.3 % by the halves: only both together count."""

    weeks: int = 6  # weeks in the series
    ratio: float = 2.0  # second half to first half
    contacts_a_week: float = 5.0  # in the second half
    p_value: float = 0.05  # Kendall's p must be lower, with tau above 0


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each pair whose weekly counts rise by both measures."""
    for pair in events.pairs():
        if len(pair.acts) < settings.contacts_a_week * (settings.weeks // 2) or not len(pair.acts):
            continue
        counts = _weekly(pair)
        if len(counts) < max(settings.weeks, 2):
            continue
        first, second = _halves(counts)
        if second < settings.ratio * first or second < settings.contacts_a_week:
            continue
        tau, p_value = _trend(counts)
        if tau > 0 and p_value < settings.p_value:
            yield _finding(settings, pair, counts, tau, p_value)


def _weekly(pair: Pair) -> Rows:
    """Count the acts of each week; without a last week that is incomplete and lower than the one before."""
    days = pair.events.day[pair.acts]
    counts = np.bincount((days - days[0]) // DAYS)
    last_day = int(pair.events.day[pair.start : pair.stop].max() - days[0])
    incomplete = last_day < len(counts) * DAYS - 1
    return counts[:-1] if incomplete and len(counts) > 1 and counts[-1] < counts[-2] else counts


def _halves(counts: Rows) -> tuple[float, float]:
    half = len(counts) // 2
    return float(counts[:half].mean()), float(counts[-half:].mean())


def _trend(counts: Rows) -> tuple[float, float]:
    """Return Kendall's tau and its p; scipy is imported here, for it takes longer to load than the program to start."""
    from scipy.stats import kendalltau

    tau, p_value = kendalltau(np.arange(len(counts)), counts)
    return float(tau), float(p_value)


def _finding(settings: Settings, pair: Pair, counts: Rows, tau: float, p_value: float) -> Finding:
    days = pair.events.day[pair.acts]
    proof = pair.acts[days - days[0] < len(counts) * DAYS]
    first, second = _halves(counts)
    measured = {
        "weeks": len(counts), "ratio": round(second / first, 2), "contacts_a_week": round(second, 2),
        "p_value": round(p_value, 6), "tau": round(tau, 3), "first_half_a_week": round(first, 2), "weekly": counts.tolist(),
        "weeks_without_contact": int((counts == 0).sum()),
    }  # fmt: skip
    return found(
        PATTERN, settings, pair, proof, measured=measured | _coverage(pair, proof),
        summary=f"{pair.actor} made contact {first:.1f} times a week in the first half of {len(counts)} weeks and "
                f"{second:.1f} times a week in the second; the weekly counts rise "
                f"(Kendall's tau {tau:.2f}, {_written(p_value)}).",
        counter=pair.between(pair.engagement, int(pair.us(proof)[0]), int(pair.us(proof)[-1])),
    )  # fmt: skip


def _written(p_value: float) -> str:
    return "p below 0.001" if p_value < 0.001 else f"p {p_value:.3f}"


def _coverage(pair: Pair, proof: Rows) -> dict[str, Any]:
    """Say from when each channel has records of this pair, and on how many dates of the weeks there is any, either way."""
    rows = np.arange(pair.start, int(proof[-1]) + 1)
    _, firsts = np.unique(pair.events.table["channel"].cat.codes.to_numpy()[rows], return_index=True)
    dates = {name: pair.events.time(int(pair.us(row)[0])).date() for row in rows[firsts, None] for name in pair.channels(row)}
    begin = {name: dates[name].isoformat() for name in sorted(dates)}
    return {"channels_begin": begin, "days_with_records": pair.days(rows[rows >= proof[0]])}


PATTERN = Pattern("rising_rate", "Contact grows from week to week", ("R",), find, Settings())
