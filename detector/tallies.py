"""Tallies: the small tables that the charts of a timeline draw, and the rows that stand in their table twins.

Times are hours of the case's local clock; for a chart they are written as if they were UTC, so that no browser moves them.
Outgoing events are drawn below the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import pandas as pd

from detector.markers import Marker
from detector.timeline import DIRECTIONS, Codes, Timeline, hour_of
from detector.zones import zone_info

Grain = Literal["hour", "day", "week"]
Stack = Literal["channel", "contact"]

HOURS: Mapping[Grain, int] = {"hour": 1, "day": 24, "week": 168}
BARS = 500
"""At most so many bars side by side when the width of a bar is left to us: each keeps two pixels of a wide screen."""

OTHERS = "All others"

CHANNELS: Mapping[str, str] = {
    "sms": "SMS", "mms": "MMS", "rcs": "RCS", "imessage": "iMessage", "phone": "Phone calls", "whatsapp": "WhatsApp", "facetime": "FaceTime",
    "tiktok": "TikTok", "email": "E-mail",
}  # fmt: skip
"""Names of channels as people write them, where a capital letter is not enough."""


def channel_name(channel: str) -> str:
    """Return the name of a channel as people write it."""
    return CHANNELS.get(channel, channel[:1].upper() + channel[1:])


def moment(hours: Any) -> pd.DatetimeIndex:
    """Return hours since 1970 as times for a chart: a local clock written as if it were UTC, so that no browser moves it."""
    return pd.DatetimeIndex(np.asarray(hours, np.int64).astype("datetime64[h]").astype("datetime64[us]"), tz="UTC")


def grain(days: int, bars: int = BARS) -> Grain:
    """Return the finest width of a bar that keeps the chart readable over so many days."""
    if days * 24 <= bars:
        return "hour"
    return "day" if days <= bars else "week"


def bucket(hour: Any, width: Grain) -> Any:
    """Return the number of the hour, day or week in which an hour lies; weeks are counted from Monday 1969-12-29."""
    return (hour + 72) // 168 if width == "week" else hour // HOURS[width]


def bucket_start(number: Any, width: Grain) -> Any:
    """Return the first hour of a bucket."""
    return number * 168 - 72 if width == "week" else number * HOURS[width]


def leaders(part: Timeline, stack: Stack, most: int = 7) -> list[str]:
    """Return the busiest channels or contacts, and a name for all others if there are more: the colours of a chart, in order."""
    codes, names = (part.channel, part.channels) if stack == "channel" else (part.contact, part.contacts)
    counts = np.bincount(codes, minlength=len(names))
    ranked = [names[i] for i in np.lexsort((np.arange(len(names)), -counts)) if counts[i]]
    return ranked if len(ranked) <= most + 1 else [*ranked[:most], OTHERS]


def bars(part: Timeline, width: Grain, stack: Stack, names: Sequence[str], titles: Sequence[str] | None = None) -> pd.DataFrame:
    """Return one row for each piece of a bar: start, end, label, group, rank, direction, count, low, high.

    `names` are the groups, as `leaders` returns them, `titles` what they are called; what is in none belongs to the last. `low` and `high` are where
    the piece begins and ends in its stack, negative for outgoing events.
    """
    group = _grouped(part, stack, names)
    number = bucket(part.hour, width)
    base = int(number[0]) if len(part) else 0
    counts = np.bincount(((number - base).astype(np.int64) * max(len(names), 1) + group) * 3 + part.direction)
    hit = np.flatnonzero(counts)
    where, side = hit // 3, hit % 3
    rank = where % max(len(names), 1)
    start = bucket_start(where // max(len(names), 1) + base, width)
    frame = pd.DataFrame(
        {
            "start": moment(start),
            "end": moment(start + HOURS[width]),
            "group": np.array([*(titles or names), OTHERS], object)[rank],
            "rank": rank,
            "direction": np.array(DIRECTIONS, object)[side],
            "count": counts[hit],
        }
    )
    signed = frame["count"].where(frame["direction"] != "out", -frame["count"])
    frame["high"] = signed.groupby([frame["start"], frame["direction"] == "out"]).cumsum()
    frame["low"] = frame["high"] - signed
    frame["label"] = frame["start"].map({time: spell(time, width) for time in frame["start"].unique()})
    return frame


def _grouped(part: Timeline, stack: Stack, names: Sequence[str]) -> Codes:
    codes, known = (part.channel, part.channels) if stack == "channel" else (part.contact, part.contacts)
    rank = {name: place for place, name in enumerate(names)}
    place = np.array([rank.get(name, len(names) - 1) for name in known], np.int32)
    grouped: Codes = place[codes]
    return grouped


def spell(time: pd.Timestamp, width: Grain = "day") -> str:
    """Return a time as people write it: "Mon 3 March 2025", with the hour or as a week."""
    day = f"{time:%a} {time.day} {time:%B %Y}"
    if width == "hour":
        return f"{day}, {time.hour:02}:00 to {time.hour:02}:59"
    return f"Week from {day}" if width == "week" else day


def calendar(part: Timeline, year: int) -> pd.DataFrame:
    """Return one row for each day of a year: date, week (its column), weekday (0 Monday), incoming, outgoing, count."""
    first, last = hour_of(date(year, 1, 1)) // 24, hour_of(date(year, 12, 31)) // 24
    days = np.arange(first, last + 1)
    number = part.hour // 24
    inside = (number >= first) & (number <= last)
    table = np.bincount((number[inside] - first) * 3 + part.direction[inside], minlength=len(days) * 3).reshape(-1, 3)
    monday = (first + 3) // 7
    return pd.DataFrame(
        {
            "date": moment(days * 24),
            "week": (days + 3) // 7 - monday,
            "weekday": (days + 3) % 7,
            "incoming": table[:, 0],
            "outgoing": table[:, 1],
            "count": table.sum(axis=1),
        }
    )


def years(part: Timeline) -> list[int]:
    """Return the years with events."""
    return sorted(int(y) + 1970 for y in np.unique((part.hour // 24).astype("datetime64[D]").astype("datetime64[Y]").astype(int)))


def week_hours(part: Timeline) -> pd.DataFrame:
    """Return one row for each hour of each weekday: weekday (0 Monday), hour, incoming, outgoing, count."""
    weekday, hour = (part.hour // 24 + 3) % 7, part.hour % 24
    table = np.bincount((weekday * 24 + hour) * 3 + part.direction, minlength=7 * 24 * 3).reshape(-1, 3)
    cell = np.arange(7 * 24)
    return pd.DataFrame(
        {"weekday": cell // 24, "hour": cell % 24, "incoming": table[:, 0], "outgoing": table[:, 1], "count": table.sum(axis=1)}
    )


def totals(part: Timeline, stack: Stack = "channel") -> pd.DataFrame:
    """Return one row for each channel or contact: name, incoming, outgoing, unknown, total; the busiest first."""
    codes, names = (part.channel, part.channels) if stack == "channel" else (part.contact, part.contacts)
    table = np.bincount(codes * 3 + part.direction, minlength=len(names) * 3).reshape(-1, 3)
    frame = pd.DataFrame(
        {"name": names, "incoming": table[:, 0], "outgoing": table[:, 1], "unknown": table[:, 2], "total": table.sum(axis=1)}
    )
    return frame[frame["total"] > 0].sort_values(["total", "name"], ascending=[False, True], ignore_index=True)


def two_ways(part: Timeline) -> tuple[int, int, int]:
    """Return the numbers of incoming, outgoing and undirected events."""
    incoming, outgoing, unknown = np.bincount(part.direction, minlength=3)
    return int(incoming), int(outgoing), int(unknown)


def active_days(part: Timeline) -> int:
    """Return the number of days with at least one event."""
    return len(np.unique(part.hour // 24))


def coverage(whole: Timeline, names: Mapping[str, str], most: int = 6) -> pd.DataFrame:
    """Return the stretches of days with records, per source file: source, row, start, end, days.

    `names` gives each source's file name by its SHA-256. The sources with the fewest records share one row.
    """
    codes = _source_rows(whole, names, most)
    labels = list(dict.fromkeys(codes.values()))
    row = np.array([labels.index(codes[sha]) for sha in whole.sources], np.int32)
    numbers = (
        np.unique(row[whole.source].astype(np.int64) * 1_000_000 + whole.hour // 24) if len(whole) else np.empty(0, np.int64)
    )
    starts = np.flatnonzero(np.diff(numbers, prepend=-9) != 1)
    stops = np.r_[starts[1:], len(numbers)] - 1 if len(starts) else starts
    first, last = numbers[starts] % 1_000_000, numbers[stops] % 1_000_000 if len(stops) else numbers
    rows = numbers[starts] // 1_000_000
    return pd.DataFrame(
        {
            "source": [labels[int(i)] for i in rows],
            "row": rows,
            "start": moment(first * 24),
            "end": moment((last + 1) * 24),
            "days": last - first + 1,
        }
    )


def _source_rows(whole: Timeline, names: Mapping[str, str], most: int) -> dict[str, str]:
    counts = np.bincount(whole.source, minlength=len(whole.sources))
    ranked = [whole.sources[int(i)] for i in np.lexsort((np.arange(len(counts)), -counts))]
    top = ranked if len(ranked) <= most + 1 else ranked[:most]
    rest = f"{len(ranked) - len(top)} other files"
    return {sha: names.get(sha, sha[:12]) if sha in top else rest for sha in ranked}


def days_without(whole: Timeline) -> int:
    """Return the days between the first and the last on which no file has a record."""
    return whole.days - active_days(whole)


def rules(markers: Iterable[Marker], zone: str) -> pd.DataFrame:
    """Return one row for each marker that a person has not rejected: number, at, end, kind, settled, contact, when, basis."""
    listed = sorted((m for m in markers if m.status != "rejected"), key=lambda m: (m.at, m.kind, m.contact or ""))
    return pd.DataFrame(
        {
            "number": [str(i) for i, _ in enumerate(listed, 1)],
            "at": _clock([m.at for m in listed], zone),
            "end": _clock([m.end for m in listed], zone),
            "kind": [MARKER_WORDS.get(m.kind, m.kind) for m in listed],
            "settled": [bool(m.settled) for m in listed],
            "contact": [m.contact for m in listed],
            "when": [
                f"{spell(pd.Timestamp(m.at.astimezone(zone_info(zone))))}, {m.at.astimezone(zone_info(zone)):%H:%M}"
                for m in listed
            ],
            "status": [str(m.status) for m in listed],
            "basis": [m.basis for m in listed],
        }
    )


MARKER_WORDS: Mapping[str, str] = {
    "stop": "Request to stop",
    "block": "Block",
    "unblock": "Block lifted",
    "order": "Order",
    "report": "Report",
    "hearing": "Hearing",
    "relationship_end": "End of the relationship",
    "number_change": "Change of number",
    "other": "Other date",
}
"""What a person reads for each kind of marker."""


def _clock(times: Sequence[datetime | None], zone: str) -> pd.Series[Any]:
    local = [None if t is None else t.astimezone(zone_info(zone)).replace(tzinfo=None) for t in times]
    return pd.Series(pd.to_datetime(pd.Series(local, dtype="object"), utc=True), dtype="datetime64[us, UTC]")
