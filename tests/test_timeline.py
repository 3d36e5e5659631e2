"""What a timeline draws: which records, in which hour, day and week of the local clock, and how it is cut and stacked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from detector import charts, tallies
from detector.event import Event, columns, to_table
from detector.markers import Marker
from detector.timeline import NOT_RECORDED, Choice, Timeline, chosen, timeline, timeline_svg

LONDON = "Europe/London"
SHA = "a" * 64


def table(*events: Event, contacts: list[str | None] | None = None, repeats: dict[int, str] | None = None) -> pd.DataFrame:
    """Events as a case holds them; the contact is the handle unless said otherwise."""
    frame = to_table(columns(events), [f"row {i}" for i in range(len(events))], SHA).to_pandas() if events else _empty()
    named = pd.Series(contacts if contacts is not None else [event.handle for event in events], dtype=object)
    return frame.assign(
        contact=named.astype("category"),
        duplicate_of=pd.Series([(repeats or {}).get(i) for i in range(len(events))], dtype=object),
        labels=None,
    )


def _empty() -> pd.DataFrame:
    from detector.event import empty_table

    return empty_table().to_pandas()


def event(at: datetime | None, direction: Any = "in", channel: str = "sms", handle: str | None = "Dan", **more: Any) -> Event:
    return Event(more.pop("kind", "message"), channel, at, direction, handle, **more)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def drawn(*events: Event, **more: Any) -> Timeline:
    return timeline(table(*events, **more), LONDON)


def test_hours_are_those_of_the_local_clock() -> None:
    """23:30 UTC in summer is the next day in London, in winter it is not."""
    summer, winter = drawn(event(utc(2024, 7, 1, 23, 30))), drawn(event(utc(2024, 1, 1, 23, 30)))
    assert (summer.first, int(summer.hour[0]) % 24) == (date(2024, 7, 2), 0)
    assert (winter.first, int(winter.hour[0]) % 24) == (date(2024, 1, 1), 23)


def test_a_zone_off_the_hour() -> None:
    """Half-hour zones count in their own hours."""
    india = timeline(table(event(utc(2024, 1, 1, 18, 29)), event(utc(2024, 1, 1, 18, 30))), "Asia/Kolkata")
    assert [int(hour) % 24 for hour in india.hour] == [23, 0]


def test_what_is_not_drawn_is_counted() -> None:
    """Second copies, records without a time, drafts and notices are left out, each with its reason."""
    day = utc(2024, 5, 1, 12)
    part = drawn(event(day), event(day), event(None), event(day, status="draft"), event(day, kind="notice"), repeats={1: "x:1"})
    assert len(part) == 1
    assert sorted(part.left_out.values()) == [1, 1, 1, 1]


def test_a_record_years_away_does_not_bend_the_chart() -> None:
    """One record of 1999 among two hundred of 2024 is named and not drawn; ten among two hundred are drawn."""
    usual = [event(utc(2024, 1, 1) + timedelta(days=i)) for i in range(200)]
    one = drawn(event(utc(1999, 1, 1, 12)), *usual)
    assert one.far == ((date(1999, 1, 1), 1),)
    assert one.first == date(2024, 1, 1)
    ten = drawn(*[event(utc(1999, 1, 1, 12))] * 10, *usual)
    assert ten.far == ()
    assert len(ten) == 210


def test_unknown_contacts_and_directions_have_a_name() -> None:
    """A record without a contact is drawn under a name of its own, one without a direction as unknown."""
    part = drawn(event(utc(2024, 1, 1)), event(utc(2024, 1, 2), "unknown"), contacts=["Dan", None])
    assert NOT_RECORDED in part.contacts
    assert tallies.two_ways(part) == (1, 0, 1)


def test_a_choice_keeps_both_end_days() -> None:
    """The chosen days, contacts, channels and directions stay, the rest goes."""
    part = drawn(
        *(
            event(utc(2024, 1, d, 12), "in" if d % 2 else "out", "sms" if d < 5 else "phone", "Dan" if d < 8 else "Eve")
            for d in range(1, 11)
        )
    )
    assert len(chosen(part, Choice(start=date(2024, 1, 3), end=date(2024, 1, 6)))) == 4
    assert len(chosen(part, Choice(contacts=("Eve",)))) == 3
    assert len(chosen(part, Choice(channels=("phone",), directions=("out",)))) == 3
    assert len(chosen(part, Choice(start=date(2025, 1, 1)))) == 0


@pytest.mark.parametrize(
    ("width", "start"), [("hour", "2024-05-01T13:00"), ("day", "2024-05-01T00:00"), ("week", "2024-04-29T00:00")]
)
def test_bars_begin_where_their_hour_day_or_week_begins(width: Any, start: str) -> None:
    """12:30 UTC on Wednesday 1 May 2024 is 13:30 in London; its week began on Monday 29 April."""
    bars = tallies.bars(drawn(event(utc(2024, 5, 1, 12, 30))), width, "channel", ["sms"])
    assert list(bars["start"]) == [pd.Timestamp(start, tz="UTC")]


def test_bars_stack_away_from_the_line() -> None:
    """Incoming pieces pile up from zero, outgoing ones down from zero, in the order of their names."""
    day = utc(2024, 1, 1, 12)
    part = drawn(event(day), event(day), event(day, channel="phone"), event(day, "out"), event(day, "out", "phone"))
    bars = tallies.bars(part, "day", "channel", ["sms", "phone"])
    pieces = {(row.group, row.direction): (row.low, row.high) for row in bars.itertuples()}
    assert pieces == {("sms", "in"): (0, 2), ("phone", "in"): (2, 3), ("sms", "out"): (0, -1), ("phone", "out"): (-1, -2)}


def test_bars_lose_nothing() -> None:
    """All pieces together are all events, whatever the width, the colours and the number of groups."""
    rng = np.random.default_rng(7)
    part = drawn(
        *(event(utc(2023, 1, 1) + timedelta(minutes=int(m)), "in", "sms", f"c{m % 13}") for m in rng.integers(0, 900_000, 700))
    )
    for width in ("hour", "day", "week"):
        for stack in ("channel", "contact"):
            names = tallies.leaders(part, stack)
            assert tallies.bars(part, width, stack, names)["count"].sum() == 700
            assert len(names) <= 8


def test_the_width_of_bars_follows_the_length() -> None:
    """Up to 500 bars: 20 days in hours, 21 in days, 500 in days, 501 in weeks."""
    assert [tallies.grain(days) for days in (20, 21, 500, 501)] == ["hour", "day", "day", "week"]


def test_the_calendar_has_every_day_once_under_its_weekday() -> None:
    """A leap year has 366 cells, each week column begins on Monday, and the events are in their cell."""
    days = tallies.calendar(drawn(event(utc(2024, 2, 29, 12)), event(utc(2023, 12, 31, 12))), 2024)
    assert len(days) == 366
    assert not days.duplicated(["week", "weekday"]).any()
    assert (days["date"].dt.day_of_week == days["weekday"]).all()
    assert days.loc[days["count"] > 0, "date"].dt.date.tolist() == [date(2024, 2, 29)]


def test_hours_of_the_week() -> None:
    """A call on Sunday at 00:10 UTC in winter is in Sunday's first hour."""
    cells = tallies.week_hours(drawn(event(utc(2024, 1, 7, 0, 10), "out")))
    (hit,) = cells[cells["count"] > 0].itertuples()
    assert (hit.weekday, hit.hour, hit.outgoing) == (6, 0, 1)
    assert len(cells) == 168


def test_coverage_shows_gaps() -> None:
    """Three days, a gap of two, one day: two stretches; the days without a record are counted."""
    part = drawn(*(event(utc(2024, 1, d, 12)) for d in (1, 2, 3, 6)))
    stretches = tallies.coverage(part, {SHA: "sms.xml"})
    assert stretches["days"].tolist() == [3, 1]
    assert stretches["source"].tolist() == ["sms.xml", "sms.xml"]
    assert tallies.days_without(part) == 2


def test_markers_are_numbered_in_time_and_rejected_ones_left_out() -> None:
    """Times are on the local clock; a marker that a person rejected is not drawn."""
    markers = [Marker("block", utc(2024, 7, 2, 8), None, "entered", "file"), Marker("stop", utc(2024, 7, 1, 8), "Dan", "suggested", "cue"),
               Marker("report", utc(2024, 7, 3), None, "rejected", "cue")]  # fmt: skip
    table = tallies.rules(markers, LONDON)
    assert table["kind"].tolist() == ["Request to stop", "Block"]
    assert table["when"].iloc[0] == "Mon 1 July 2024, 09:00"
    assert table["settled"].tolist() == [False, True]


def case(frame: pd.DataFrame, *markers: Marker) -> Any:
    """What the picture reads of a case."""
    return SimpleNamespace(
        events=frame, zone=LONDON, markers=markers, ledger={"sources": [{"sha256": SHA, "path": "x/<sms> & more.xml"}]}
    )


def test_the_picture_is_the_same_each_time_and_asks_nobody() -> None:
    """The SVG is well-formed, names nothing to load, and its bytes repeat."""
    order = Marker("order", utc(2024, 1, 20), None, "entered", "file", end=utc(2024, 2, 1))
    found = case(table(*(event(utc(2024, 1, 1) + timedelta(days=i), "in" if i % 3 else "out") for i in range(40))), order)
    picture = timeline_svg(found)
    assert picture == timeline_svg(found)
    ElementTree.fromstring(picture)
    assert "26 incoming" in picture
    assert "14 outgoing" in picture
    assert "<image" not in picture
    assert "http" not in picture.replace("http://www.w3.org/", "")
    assert "&lt;sms&gt;" in picture


def test_the_picture_of_an_empty_case() -> None:
    """Nothing to draw is said in a picture, too."""
    assert timeline_svg(case(table())) == charts.EMPTY
    ElementTree.fromstring(charts.EMPTY)
