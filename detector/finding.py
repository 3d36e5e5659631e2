"""Finding: what one pattern found; Pattern: the function that finds it, with its thresholds.

A finding states what the records show: numbers beside the thresholds they were held against, the records that prove
it and the records that weaken it. It never says what anybody intended, and it is no score for a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from detector.pairs import DAY, Events, Pair, Rows

Strength = Literal["Recorded", "Pattern", "Possible"]
"""Recorded: a plain count. Pattern: the rule is met. Possible: needs reading by a person."""

Four = Literal["F", "O", "U", "R"]
FOUR: Mapping[Four, str] = {"F": "Fixated", "O": "Obsessed", "U": "Unwanted", "R": "Repeated"}


@dataclass(frozen=True)
class Finding:
    """What one pattern found about one contact, in one direction ("in": done by the contact, "out": by the owner)."""

    pattern: str
    title: str
    contact: str
    direction: Literal["in", "out"]
    four: tuple[Four, ...]
    strength: Strength
    start: datetime
    end: datetime
    count: int
    measured: Mapping[str, Any]  # JSON values, one for each threshold and whatever else the summary says
    thresholds: Mapping[str, Any]  # the settings it was held against
    summary: str  # one or two plain sentences
    evidence: tuple[str, ...]  # ids of the records that prove it
    counter_evidence: tuple[str, ...]  # ids of the records that weaken it


Settings = TypeVar("Settings")


@dataclass(frozen=True)
class Pattern(Generic[Settings]):
    """One pattern of the catalogue. `find` is pure: no files, clock, randomness or printing."""

    name: str
    title: str
    four: tuple[Four, ...]
    find: Callable[[Events, Settings], Iterator[Finding]]
    settings: Settings  # a frozen dataclass; its documented fields are the thresholds


def found(
    pattern: Pattern[Any],
    settings: Any,
    pair: Pair,
    rows: Rows,
    *,
    summary: str,
    measured: Mapping[str, Any],
    strength: Strength = "Pattern",
    counter: Rows | None = None,
) -> Finding:
    """Make the finding that `rows` (sorted by time, at least one) prove.

    Counter-evidence is what the other side did in the window and a day on either side of it, or `counter`.
    """
    events, start, end = pair.events, int(pair.us(rows)[0]), int(pair.us(rows)[-1])
    if counter is None:
        counter = pair.between(pair.engagement, start - DAY, end + DAY)
    return Finding(
        pattern=pattern.name,
        title=pattern.title,
        contact=pair.contact,
        direction=pair.direction,
        four=pattern.four,
        strength=strength,
        start=events.time(start),
        end=events.time(end),
        count=len(rows),
        measured=measured,
        thresholds=asdict(settings),
        summary=summary,
        evidence=events.ids(rows),
        counter_evidence=events.ids(counter),
    )


def counted(number: int, thing: str) -> str:
    """Say how many of a thing: 1 day, 2 days."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
