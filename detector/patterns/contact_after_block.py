"""Contact after a block (P25).

Shows: what reached, or tried to reach, the one who had blocked the other. Proof: every contact later than a dated block and
before its lifting; and every call or message that the phone itself refused or filed as blocked, which proves by itself
that a block was in force. The same to look at: a block by a spam filter and not by a person, a block lifted without a record,
contact on a channel on which both went on talking (the other side's own contact stands beside it). Escapes: block lists without
dates, and whatever the blocked app never delivered; most apps record nothing of it.

What the phone refused and what came after a block that a person confirmed or entered is "Recorded", and meets the rule on two
different days, as with contact after a stop. Contact after a block that only a record suggests, or that names no contact, is
a finding of its own, "Possible".
Refusals are known for incoming contact only; for contact by the owner there must be a marker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector.boundaries import Boundary, bounded, split, standing, told
from detector.finding import Finding, Pattern, Strength, counted, found
from detector.pairs import Events, Pair, Rows


@dataclass(frozen=True)
class Settings:
    """Why 1 and 2: each contact after a block may matter; the law of harassment asks for two occasions."""

    contacts: int = 1  # contacts from which they are listed
    days: int = 2  # different days from which the rule is met


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield a finding for refused contact and contact after settled blocks, and one for contact after suggested blocks."""
    flags = events.acts & (events.is_("outcome", "blocked") | events.is_("folder", "blocked")) & events.is_("direction", "in")
    refused, blocks = dict(events.having(flags)), dict(bounded(events, "block"))
    for pair in dict.fromkeys([*refused, *blocks]):
        held, none = blocks.get(pair, []), pair.acts[:0]
        by_phone = refused.get(pair, none)
        settled, possible = split(pair, pair.acts, held)
        settled, possible = np.union1d(settled, by_phone), np.setdiff1d(possible, by_phone)
        if len(settled) >= settings.contacts:
            strength: Strength = "Pattern" if pair.days(settled) >= settings.days else "Recorded"
            yield _finding(settings, pair, settled, by_phone, [block for block in held if block.firm], strength)
        if len(possible) >= settings.contacts:
            yield _finding(settings, pair, possible, none, [block for block in held if not block.firm], "Possible")


def _finding(settings: Settings, pair: Pair, proof: Rows, refused: Rows, blocks: list[Boundary], strength: Strength) -> Finding:
    start = min([int(pair.us(proof)[0]), *(block.start for block in blocks)])
    own = pair.engagement[pair.us(pair.engagement) > start]
    return found(
        PATTERN, settings, pair, proof, strength=strength, counter=own,
        measured={
            "contacts": len(proof), "days": pair.days(proof), "refused": len(refused), "own_later_contacts": len(own),
            "channels": sorted(set(pair.events.table["channel"].take(proof).dropna().astype(str))),
            "blocks": [told(pair.events, block) for block in blocks],
        },
        summary=_summary(pair, proof, refused, blocks, own),
    )  # fmt: skip


def _summary(pair: Pair, proof: Rows, refused: Rows, blocks: list[Boundary], own: Rows) -> str:
    """Say what came, how the block is dated, and what the other side did."""
    dated = f"a block ({standing(pair.events, blocks[0])})" if blocks else "a block was in force"
    parts = [f"{pair.actor} made contact {counted(len(proof), 'time')} on {counted(pair.days(proof), 'day')} after {dated}"]
    if len(refused):
        parts.append(f"the phone refused {len(refused)} of these or filed them as blocked")
    if lifted := [block for block in blocks if "end" in told(pair.events, block)]:
        parts.append(f"{counted(len(lifted), 'block')} ended later, and contact after that is not counted")
    parts.append(f"{pair.other} made contact {counted(len(own), 'time')} after it")
    return "; ".join(parts) + "."


PATTERN = Pattern("contact_after_block", "Contact after a block", ("O", "U"), find, Settings())
