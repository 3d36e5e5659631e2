"""Contacts: what the records hold for each contact, both ways, and the order in which to look at them.

The order of attention is no score: a contact stands where the first rule that it meets puts it (patterns.md, section 3), and the
patterns that put it there are its reasons. Automated senders, groups and withheld callers are set aside: listed after the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from detector.event import WITHHELD
from detector.finding import Finding
from detector.identity import Handle, Identity, SetAside
from detector.pairs import Rows

AUTOMATED_SHARE = 0.6
"""A number that was never written to, and most of whose messages read like a machine's, is set aside as automated."""

ATTENTION: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("contact_in_order",), ("Recorded", "Pattern")),
    (("contact_after_stop",), ("Pattern",)),
    (("persistence",), ("Pattern",)),
    (("contact_after_stop", "contact_after_block"), ("Recorded", "Pattern", "Possible")),
    (("new_handle",), ("Pattern", "Possible")),
    (("presence_claim", "monitoring_statement"), ("Pattern", "Possible")),
    (("barrage", "heavy_day"), ("Pattern",)),
    (("harm_statement",), ("Pattern", "Possible")),
)
"""Which findings, by pattern and strength, put a contact how far up. Whatever is not named comes after these."""


@dataclass(frozen=True)
class Contact:
    """One contact: who it is by what reason, how often it appears, and why it stands where it stands."""

    contact: str
    names: tuple[str, ...]
    handles: tuple[Handle, ...]
    incoming: int
    outgoing: int
    first: datetime | None
    last: datetime | None
    contact_days: int
    set_aside: SetAside | None
    rank: int
    reasons: tuple[str, ...]


def set_aside(table: pd.DataFrame, identity: Identity, machine: Rows) -> dict[str, SetAside]:
    """Say which contacts are withheld callers, groups, or automated senders.

    `machine` are the rows whose text reads like a one-time code, a courier, a bank or an advertisement.
    """
    kinds = {label: {h.kind for h in handles} for label, handles in identity.handles.items()}
    aside: dict[str, SetAside] = {label: "automated" for label, found in kinds.items() if found <= {"short code", "sender name"}}
    aside |= _machine_like(table, machine)
    direct = set(table.loc[~table["group"].to_numpy(dtype=bool), "contact"].dropna().unique())
    aside |= {label: "group" for label in table["contact"].cat.categories if label not in direct}
    return aside | ({WITHHELD: "withheld"} if WITHHELD in kinds else {})


def _machine_like(table: pd.DataFrame, machine: Rows) -> dict[str, SetAside]:
    incoming = (table["direction"] == "in").to_numpy() & (table["kind"] == "message").to_numpy()
    answered = set(table.loc[(table["direction"] == "out").to_numpy(), "contact"].dropna().unique())
    flags = np.zeros(len(table), bool)
    flags[machine] = True
    share = pd.Series(flags[incoming]).groupby(table["contact"][incoming].to_numpy(), observed=True).agg(["mean", "sum"])
    found = share.index[(share["mean"] >= AUTOMATED_SHARE) & (share["sum"] >= 2)]
    return {str(label): "automated" for label in found if label not in answered}


def contacts(
    table: pd.DataFrame, identity: Identity, aside: dict[str, SetAside], findings: Sequence[Finding], zone: ZoneInfo
) -> tuple[Contact, ...]:
    """Count each contact's events, without duplicates, and put them in the order of attention."""
    reasons = _reasons(findings)
    counts = _counts(table, zone)
    ordered = sorted(
        counts.index, key=lambda label: (label in aside, *_place(reasons.get(label, ())), -int(counts["n"][label]), label)
    )
    return tuple(
        _contact(
            label, counts.loc[label], identity, aside.get(label), rank, tuple(dict.fromkeys(p for p, _ in reasons.get(label, ())))
        )
        for rank, label in enumerate(ordered, start=1)
    )


def _reasons(findings: Sequence[Finding]) -> dict[str, list[tuple[str, str]]]:
    """Collect pattern and strength for each contact, in the order of attention."""
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in findings:
        found.setdefault(finding.contact, []).append((finding.pattern, finding.strength))
    return {label: sorted(set(pairs), key=lambda pair: (_tier(*pair), pair)) for label, pairs in found.items()}


def _tier(pattern: str, strength: str) -> int:
    tiers = (i for i, (patterns, strengths) in enumerate(ATTENTION) if pattern in patterns and strength in strengths)
    return next(tiers, len(ATTENTION) + (strength != "Pattern"))


def _place(reasons: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Return the tier of the first rule met, and then how many different patterns there are."""
    if not reasons:
        return len(ATTENTION) + 2, 0
    return _tier(*reasons[0]), -len({pattern for pattern, _ in reasons})


def _counts(table: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    rows = table[table["duplicate_of"].isna().to_numpy() & table["contact"].notna().to_numpy()]
    contact = rows["contact"].astype(object)
    incoming, outgoing = ((rows["direction"] == way).to_numpy() & (rows["kind"] != "notice").to_numpy() for way in ("in", "out"))
    frame = pd.DataFrame({"contact": contact, "incoming": incoming, "outgoing": outgoing, "at": rows["at"], "n": 1})
    totals = {
        "incoming": ("incoming", "sum"),
        "outgoing": ("outgoing", "sum"),
        "first": ("at", "min"),
        "last": ("at", "max"),
        "n": ("n", "sum"),
    }
    counts = frame.groupby("contact").agg(**totals)
    days = rows["at"].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    seen = pd.DataFrame({"contact": contact, "day": days})[incoming & days.notna().to_numpy()].drop_duplicates()
    counts["days"] = seen.groupby("contact").size().reindex(counts.index).fillna(0).astype(int)
    return counts


def _contact(
    label: str, row: pd.Series, identity: Identity, aside: SetAside | None, rank: int, reasons: tuple[str, ...]
) -> Contact:
    first, last = (None if pd.isna(row[key]) else row[key].to_pydatetime() for key in ("first", "last"))
    return Contact(
        contact=label, names=identity.names.get(label, ()), handles=identity.handles.get(label, ()),
        incoming=int(row["incoming"]), outgoing=int(row["outgoing"]), first=first, last=last, contact_days=int(row["days"]),
        set_aside=aside, rank=rank, reasons=reasons,
    )  # fmt: skip
