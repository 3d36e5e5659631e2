"""Small cases for tests of patterns: rows as short tuples in, Events out.

A row is (when, direction, kind, contact) and, if need be, a fifth part: a dict with any other field of Event, and
`labels`, the language labels that the row carries (each becomes a cue hit that nothing suppressed). `when` is a number of
minutes since `START`, a datetime without a zone (the clock of the case's zone) or one with a zone. The id of a row is its
position in the list: "0", "1", ... Tests import it with `from cases import at, case`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from detector.event import Event, columns, to_table
from detector.markers import Marker
from detector.pairs import Events

ZONE = "Europe/London"
START = datetime(2024, 1, 1, 12)
"""A Monday noon on the clock of the case's zone."""

Row = tuple[Any, ...]
HIT_COLUMNS = ("row", "label", "cue", "start", "end", "suppressed")


def at(day: float, clock: str = "12:00") -> datetime:
    """Return the time on the clock so many days after the date of `START`."""
    hour, minute = map(int, clock.split(":"))
    return START.replace(hour=hour, minute=minute) + timedelta(days=day)


def case(
    rows: Iterable[Row],
    *,
    zone: str = ZONE,
    set_aside: Mapping[str, str] | None = None,
    markers: Iterable[Marker] = (),
    links: Iterable[Any] = (),
) -> Events:
    """Build the events that patterns read, sorted as the analysis sorts them."""
    rows, place = list(rows), ZoneInfo(zone)
    extras = [dict(row[4]) if len(row) > 4 else {} for row in rows]
    labels = [extra.pop("labels", ()) for extra in extras]
    table = _table(
        [_event(row, extra, place) for row, extra in zip(rows, extras, strict=True)],
        [row[3] for row in rows],
    )
    hits = _hits(labels, table["id"].tolist())
    return Events(table, place, dict(set_aside or {}), tuple(markers), tuple(links), hits)


def _event(row: Row, extra: Mapping[str, Any], zone: ZoneInfo) -> Event:
    when, direction, kind, contact = row[:4]
    if isinstance(when, int | float):
        when = datetime.fromtimestamp(START.replace(tzinfo=zone).timestamp() + when * 60, zone)
    channel = "phone" if kind in ("call", "voicemail") else "sms"
    values: dict[str, Any] = {
        "channel": channel,
        "handle": contact,
        "zone": str(zone),
        "zone_basis": "given",
    } | dict(extra)
    if kind == "call" and "outcome" not in values and not values.get("seconds"):
        values["outcome"] = "missed" if direction == "in" else "unanswered"
    return Event(
        kind=kind,
        at=when if when.tzinfo else when.replace(tzinfo=zone),
        direction=direction,
        **values,
    )


def _table(events: list[Event], contacts: list[str]) -> pd.DataFrame:
    arrow = to_table(
        columns(events) if events else {},
        [str(n) for n in range(len(events))],
        "0" * 64,
    )
    table = arrow.to_pandas()
    table["id"] = table["locator"]
    table["contact"] = pd.Categorical(contacts)
    ordered: pd.DataFrame = table.sort_values(["contact", "at", "id"], ignore_index=True)
    return ordered


def _hits(labels: list[Iterable[str]], ids: list[str]) -> pd.DataFrame:
    position = {name: n for n, name in enumerate(ids)}
    hits = [(position[str(n)], label, "test", 0, 0, None) for n, names in enumerate(labels) for label in names]
    return pd.DataFrame(hits, columns=pd.Index(HIT_COLUMNS)).sort_values("row", ignore_index=True)
