"""Marker: a dated fact that a person enters or confirms, or that the records suggest.

Kinds: stop (a request to stop contact), block, order, report, hearing, relationship_end. What a cue or a record suggests
stays "suggested" until a person confirms it in the markers file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pandas as pd

from detector.event import NOT_DELIVERED
from detector.language.cues import cues

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


def suggest(events: pd.DataFrame, hits: pd.DataFrame) -> list[Marker]:
    """Suggest the markers that stand in the records, in the order of time.

    `events` is the resolved table, `hits` the cue hits with `row` a position in it. Each message that may ask for contact to
    stop is one suggestion, also several on a day: which of them counts is for a person to say. A group message suggests nothing
    about a person, a draft reached nobody, and a list of blocked accounts without dates dates nothing.
    """
    found = [*_stops(events, hits), *_notices(events)]
    return sorted(found, key=lambda marker: (marker.at, marker.kind, marker.contact or "", marker.evidence))


def settle(suggested: Iterable[Marker], entered: Iterable[Marker]) -> list[Marker]:
    """Put what a person entered beside what is suggested.

    An entered marker that names the evidence of a suggested one, or has its kind and contact within a minute of it, takes its
    place: as confirmed, or as rejected.
    """
    suggested, entered = list(suggested), list(entered)
    kept = [suggestion for suggestion in suggested if not any(_same(suggestion, marker) for marker in entered)]
    confirmed = [_with_evidence(marker, next((s for s in suggested if _same(s, marker)), None)) for marker in entered]
    return sorted(
        [*kept, *confirmed], key=lambda marker: (marker.at, marker.kind, marker.contact or "", marker.status, marker.evidence)
    )


def _same(suggestion: Marker, entered: Marker) -> bool:
    if entered.evidence:
        return entered.evidence == suggestion.evidence
    alike = (entered.kind, entered.contact, entered.direction) == (suggestion.kind, suggestion.contact, suggestion.direction)
    return alike and abs(entered.at - suggestion.at) <= timedelta(minutes=1)


def _with_evidence(entered: Marker, suggestion: Marker | None) -> Marker:
    if suggestion is None:
        return entered
    return replace(entered, at=suggestion.at, contact=suggestion.contact, direction=suggestion.direction, evidence=suggestion.evidence,
                   status="confirmed" if entered.status == "entered" else entered.status, partial=entered.partial or suggestion.partial,
                   basis=f"{entered.basis}; {suggestion.basis}")  # fmt: skip


def _stops(events: pd.DataFrame, hits: pd.DataFrame) -> Iterator[Marker]:
    asked = hits[(hits["label"] == "stop_request") & hits["suppressed"].isna()].drop_duplicates("row")
    for row, cue in zip(asked["row"], asked["cue"], strict=True):
        event = events.iloc[row]
        if event["group"] or event["status"] in NOT_DELIVERED or event["direction"] not in ("in", "out") or not _placed(event):
            continue
        basis = f'message that may ask for contact to stop (cue "{cues()[cue].title}")'
        yield Marker("stop", event["at"].to_pydatetime(), event["contact"], "suggested", basis, event["direction"], None, (event["id"],),
                     partial=cues()[cue].partial)  # fmt: skip


NOTICES: dict[str, MarkerKind] = {"blocked": "block", "unblocked": "unblock", "number changed": "number_change"}
"""Values of `status` of a notice that date a fact."""


def _notices(events: pd.DataFrame) -> Iterator[Marker]:
    rows = events[(events["kind"] == "notice") & events["status"].isin(list(NOTICES)) & events["duplicate_of"].isna()]
    for _, event in rows.iterrows():
        if _placed(event):
            basis = f"notice in {event['channel']}" + (f": {event['note']}" if isinstance(event["note"], str) else "")
            direction: Literal["in", "out"] = "in" if event["direction"] == "in" else "out"
            yield Marker(
                NOTICES[event["status"]],
                event["at"].to_pydatetime(),
                event["contact"],
                "suggested",
                basis,
                direction,
                None,
                (event["id"],),
            )


def _placed(event: pd.Series[Any]) -> bool:
    """Tell whether a record has a time and a contact to say something about."""
    return bool(pd.notna(event["at"]) and isinstance(event["contact"], str))
