"""Marker: a dated fact that a person enters or confirms, or that the records suggest.

Kinds: stop (a request to stop contact), block, order, report, hearing, relationship_end. What a cue or a record suggests
stays "suggested" until a person confirms it in the markers file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MarkerKind = Literal["stop", "block", "unblock", "order", "report", "hearing", "relationship_end", "number_change", "other"]


@dataclass(frozen=True)
class Marker:
    """One dated fact. `contact` None: it concerns everybody. `end` only for what lasts (an order, a block lifted)."""

    kind: MarkerKind
    at: datetime
    contact: str | None
    status: Literal["suggested", "confirmed", "entered", "rejected"]
    basis: str  # "markers file", or what in the records suggests it
    direction: Literal["in", "out"] = "out"  # who set the boundary: "out" the owner, "in" the contact
    end: datetime | None = None
    evidence: tuple[str, ...] = ()
    note: str | None = None
    partial: bool = False  # "only about the children": contact within the topic was allowed

    @property
    def settled(self) -> bool:
        """Tell whether a person stands behind it."""
        return self.status in ("confirmed", "entered")
