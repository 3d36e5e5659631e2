"""Runs of calls from withheld numbers (P19).

Shows: how often somebody rang who hid the number. Proof: every such call. "withheld" is a bucket of callers, never one
person: the callers are not identified. The same to look at: hospitals, police, call centres and employers withhold their
numbers too. Escapes: calls that the phone or the network refused unrecorded, and numbers that were shown but false. Only
incoming calls can be seen; whether the owner withheld the own number is not in the records, so there is no other direction.

Also shows, as "Possible" and as nothing but an association in time: withheld calls within minutes of what a known contact
did, on several days. A contact who writes all day is near every call: the share of the time that lies so near is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import DAY, MINUTE, Events, Flags, Pair, Rows, clusters, joined, most_within


@dataclass(frozen=True)
class Settings:
    """Why so few: ordinary withheld callers ring once or twice about one matter (judgement)."""

    calls: int = 5  # withheld calls
    days: int = 7  # within so many days
    hour_calls: int = 3  # or withheld calls
    minutes: int = 60  # within so many minutes
    near_minutes: int = 10  # a known contact's act this long before or after a withheld call is near it
    near_days: int = 3  # and so on that many different days


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch of withheld calls, and one for each known contact who was near them."""
    withheld = [contact for contact, reason in events.set_aside.items() if reason == "withheld"]
    calls = events.acts & events.is_("kind", "call") & events.is_("direction", "in") & events.is_("contact", *withheld)
    for pair, rows in events.having(calls, everyone=True):
        us = pair.us(rows)
        hours = clusters(us, settings.hour_calls, settings.minutes * MINUTE)
        for first, last in joined([*clusters(us, settings.calls, settings.days * DAY), *hours]):
            yield _run(settings, pair, rows[first : last + 1])
        if pair.days(rows) >= settings.near_days:
            yield from _near(events, settings, pair, rows)


def _run(settings: Settings, pair: Pair, proof: Rows) -> Finding:
    us = pair.us(proof)
    return found(
        PATTERN, settings, pair, proof,
        measured={
            "calls": len(proof), "days": pair.days(proof),
            "most_in_days": most_within(us, settings.days * DAY), "most_in_minutes": most_within(us, settings.minutes * MINUTE),
            "answered": int(pair.events.is_("outcome", "answered")[proof].sum()),
        },
        summary=f"{len(proof)} calls from withheld numbers on {counted(pair.days(proof), 'day')}; "
                "the callers are not identified and need not be one person.",
    )  # fmt: skip


def _near(events: Events, settings: Settings, pair: Pair, calls: Rows) -> Iterator[Finding]:
    width, us = settings.near_minutes * MINUTE, pair.us(calls)
    for known in events.pairs():
        if known.direction == "out" or not len(known.acts):
            continue
        near = _within(us, known.us(known.acts), width)
        if known.days(calls[near]) >= settings.near_days:
            yield _association(settings, pair, known, calls, near)


def _within(us: Rows, others: Rows, width: int) -> Flags:
    """Tell for each time whether one of the others, sorted, is no further away than the width."""
    near: Flags = np.searchsorted(others, us - width, "left") < np.searchsorted(others, us + width, "right")
    return near


def _association(settings: Settings, pair: Pair, known: Pair, calls: Rows, near: Flags) -> Finding:
    width, us, times = settings.near_minutes * MINUTE, pair.us(calls), known.us(known.acts)
    acts = known.acts[_within(times, us[near], width)]
    days, share = pair.days(calls[near]), _share(times, int(us[0]) - width, int(us[-1]) + width, width)
    proof = np.concatenate([calls[near], acts])
    proof = proof[np.argsort(pair.us(proof), kind="stable")]
    return found(
        PATTERN, settings, pair, proof, strength="Possible", counter=calls[~near],
        measured={
            "near": known.contact, "near_calls": int(near.sum()), "near_days": days, "calls": len(calls),
            "near_acts": len(acts), "share_of_time_near": round(share, 4),
        },
        summary=f"{near.sum()} of {len(calls)} calls from withheld numbers lie within {settings.near_minutes} minutes of contact "
                f"by {known.contact}, on {days} days; {share:.1%} of the time between the first and the last call lies so near. "
                "This is an association in time only: the callers are not identified.",
    )  # fmt: skip


def _share(times: Rows, start: int, end: int, width: int) -> float:
    """Share of the time from start to end that is no further than the width from one of the times."""
    spans = np.clip([times - width, times + width], start, end)
    spans[0, 1:] = np.maximum(spans[0, 1:], spans[1, :-1])
    return float((spans[1] - spans[0]).sum() / (end - start))


PATTERN = Pattern("no_caller_id", "Calls from withheld numbers", ("O", "U"), find, Settings())
