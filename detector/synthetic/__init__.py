"""Made-up cases with known answers, for the demo, the tests and the tuning of thresholds.

A case is a list of lines: who did what to whom, when and how. Conduct is planted on contacts of its own, innocent look-alikes
stand beside it, and the case says which is which. The same seed gives the same case; nobody in it exists, and the numbers are
from the range that Ofcom keeps free for drama.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from detector.synthetic import conduct, innocent
from detector.synthetic.lines import LONDON, OWNER, Line, Person

__all__ = ["OWNER", "Case", "Line", "Person", "case", "demo"]

START = datetime(2025, 1, 6, tzinfo=LONDON)


@dataclass(frozen=True)
class Case:
    """Lines, and the truth about them."""

    lines: tuple[Line, ...]
    planted: Mapping[str, tuple[str, ...]]  # number of a contact (or "withheld") -> patterns planted on it
    innocent: Mapping[str, str]  # number of a contact -> the look-alike that it is
    zone: ZoneInfo = LONDON


def case(
    seed: int = 1, planted: Sequence[str] = tuple(conduct.CONDUCT), innocents: Sequence[str] = tuple(innocent.INNOCENT)
) -> Case:
    """Return a case with each of these kinds of conduct on a contact of its own, two days apart, and each of these look-alikes."""
    rng, number = Random(seed), 101
    lines: list[Line] = []
    truth: dict[str, tuple[str, ...]] = {}
    beside: dict[str, str] = {}
    for name in planted:
        person = Person.numbered(number)
        lines += conduct.CONDUCT[name](rng, person, START + timedelta(days=number - 101))
        truth["withheld" if name == "no_caller_id" else person.number] = (name,)
        number += 2  # conduct may use the next number as a second one
    for name in innocents:
        person = Person.numbered(number)
        lines += innocent.INNOCENT[name](rng, person, START)
        beside[person.number] = name
        number += 2
    return Case(tuple(sorted(lines, key=lambda line: line.at)), truth, beside)


DEMO_CONDUCT = (
    ("keen_start", 0), ("contact_after_stop", 40), ("barrage", 46), ("missed_calls", 52), ("call_then_message", 55), ("night_contact", 60),
    ("many_channels", 92), ("contact_after_block", 96), ("message_requests", 97), ("new_handle", 99), ("harm_statement", 106), ("persistence", 112),
)  # fmt: skip
"""What one contact does in the demo, and on which day it begins."""


def demo(seed: int = 1) -> Case:
    """Return one contact with several kinds of conduct over four months, among ordinary contacts."""
    rng, dan = Random(seed), Person.numbered(101, "Dan")
    lines = [line for name, day in DEMO_CONDUCT for line in conduct.ALL[name](rng, dan, START + timedelta(days=day))]
    beside = {}
    for offset, (name, look_alike) in enumerate(innocent.INNOCENT.items()):
        person = Person.numbered(131 + 2 * offset)
        lines += look_alike(rng, person, START)
        beside[person.number] = name
    lines += conduct.CONDUCT["no_caller_id"](rng, dan, START + timedelta(days=100))
    return Case(
        tuple(sorted(lines, key=lambda line: line.at)),
        {dan.number: tuple(name for name, _ in DEMO_CONDUCT if name in conduct.CONDUCT)},
        beside,
    )
