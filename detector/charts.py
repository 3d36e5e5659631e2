"""Charts: what a timeline looks like, as Vega-Lite drawings of the small tables of `tallies`.

Incoming is above the line and outgoing below. The colours differ in lightness as well as hue, so that they can be told
apart with any colour vision and in print; none of them is an alarm. Times are local clocks written as UTC (`tallies.moment`).

A drawing is made with Altair once for each shape and kept; what changes at a click is only the numbers and tables that are put into
it (`_filled`). Altair takes half a second to make and check the drawings of one page, and a click has 0.6 seconds in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from detector import tallies
from detector.timeline import hour_of

INK, QUIET, LINE = "#26343b", "#66727a", "#e6e3db"
INCOMING, OUTGOING = "#35688a", "#9fbccb"
GROUPS = ("#35688a", "#7fbab0", "#cfae62", "#8a6b9c", "#9dbfe0", "#5f7f52", "#c793a7", "#bcbfc0")
"""Slate, teal, sand, plum, sky, moss, rose, and grey for all others."""
HEAT = ("#c9dde0", "#8db8c4", "#4f89a3", "#264f6b")
NOTHING = "#f1efe9"
SIDES = {"in": "Incoming", "out": "Outgoing", "unknown": "Direction not known"}
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEGEND: Any = alt.ExprRef(expr="width < 500 ? 2 : 8")
"""Columns of a legend: two on a telephone."""
AXIS = 40
"""Pixels left of every chart that shares the time axis, so that they stand exactly under each other."""

ROW = 28
"""Pixels for each file of a coverage strip: its name and, below it, its line."""

Drawing = dict[str, Any]
"""A Vega-Lite specification with its tables under "datasets"."""

Period = tuple[date, date]
"""First and last day, both included."""


def history(bars: pd.DataFrame, markers: pd.DataFrame, period: Period, span: Period | None = None) -> Drawing:
    """Draw the whole time as thin bars, to be brushed: the selection `brush` is the stretch to look at, `span` the chosen one."""
    chosen = pd.DataFrame({"start": _ends(span)[:1], "end": _ends(span)[1:]}) if span else bars.loc[:, ["start", "end"]].head(0)
    return _filled(_history(), {"bars": sided(bars), "span": chosen} | _marked(markers, period), period)


def detail(bars: pd.DataFrame, names: Sequence[str], markers: pd.DataFrame, period: Period) -> Drawing:
    """Draw the bars of a period, stacked by group, with the markers on them."""
    return _filled(_detail(tuple(names)), {"bars": sided(bars)} | _marked(markers, period), period)


def strip(stretches: pd.DataFrame, period: Period) -> Drawing:
    """Draw for each source file the days with records; a gap in the line is a day without any."""
    ends = zip(stretches["start"], stretches["end"], strict=True)
    dates = [f"{tallies.spell(start)} to {tallies.spell(end - pd.Timedelta(days=1))}" for start, end in ends]
    names = stretches.drop_duplicates("row")[["row", "source"]]
    return _filled(_strip(rows(stretches)), {"stretches": stretches.assign(dates=dates), "names": names}, period)


def year(days: pd.DataFrame, most: int) -> Drawing:
    """Draw a year as a calendar: a column for each week, Monday on top. `most` is the count with the darkest colour."""
    data = days.assign(label=[tallies.spell(time) for time in days["date"]], day=[WEEKDAYS[i] for i in days["weekday"]])
    months = tuple(int(week) for week in days.loc[days["date"].dt.day == 1, "week"])
    return _filled(_year(months), {"cells": data}, most=most)


def week(cells: pd.DataFrame) -> Drawing:
    """Draw the hours of the day against the days of the week."""
    labels = [f"{WEEKDAYS[d]}, {h:02}:00 to {h:02}:59" for d, h in zip(cells["weekday"], cells["hour"], strict=True)]
    data = cells.assign(day=[WEEKDAYS[i] for i in cells["weekday"]], label=labels)
    return _filled(_week(), {"cells": data}, most=int(cells["count"].max()))


def sided(bars: pd.DataFrame) -> pd.DataFrame:
    """Return the bars with their direction in words."""
    return bars.assign(side=bars["direction"].map(SIDES).astype(object))


def rows(stretches: pd.DataFrame) -> int:
    """Return the number of rows of a coverage strip."""
    return int(stretches["row"].max()) + 1 if len(stretches) else 1


def _ends(period: Period) -> pd.DatetimeIndex:
    return tallies.moment([hour_of(period[0]), hour_of(period[1] + timedelta(days=1))])


def _marked(markers: pd.DataFrame, period: Period) -> dict[str, pd.DataFrame]:
    """Return the markers inside a period, and of these the ones that last."""
    start, end = _ends(period)
    shown = markers[(markers["at"] >= start) & (markers["at"] < end)]
    return {"markers": shown.drop(columns="end"), "lasting": shown[shown["end"].notna()]}


def _filled(drawing: Drawing, tables: dict[str, pd.DataFrame], period: Period | None = None, *, most: int = 0) -> Drawing:
    """Put tables and numbers into a drawing."""
    first, last = (int(end.timestamp() * 1000) for end in _ends(period)) if period else (0, 0)
    numbers = {"first": first, "last": last, "most": max(most, 2)}
    return deepcopy(drawing) | {
        "datasets": tables,
        "params": [*drawing.get("params", []), *({"name": name, "value": number} for name, number in numbers.items())],
    }


def _styled(chart: Any, height: int) -> Drawing:
    """Give a chart its size and its quiet look."""
    text = {"labelColor": QUIET, "titleColor": QUIET, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    drawing: Drawing = (
        chart.properties(height=height, width="container", padding={"left": 0, "right": 8, "top": 4, "bottom": 4})
        .configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(grid=False, domain=False, ticks=False, labelPadding=6, **text)
        .configure_legend(orient="top", title=None, symbolType="square", columns=LEGEND, labelLimit=160, offset=10, **text)
        .to_dict()
    )
    return drawing


def _data(name: str) -> Any:
    return alt.Chart(alt.NamedData(name=name))


@lru_cache
def _history() -> Drawing:
    brush = alt.selection_interval(name="brush", encodings=["x"], mark=alt.BrushConfig(fill=INK, fillOpacity=0.1, stroke=QUIET))
    shade = _data("span").mark_rect(color="#cfae62", opacity=0.25).encode(x=_time(), x2="end:T")
    bars = _bars(tuple(SIDES.values()), (INCOMING, OUTGOING, GROUPS[-1]), "side", None)
    return _styled(alt.layer(shade, bars.add_params(brush), _line(), *_rules()), 96)


@lru_cache(maxsize=64)
def _detail(names: tuple[str, ...]) -> Drawing:
    return _styled(alt.layer(_bars(names, GROUPS[: len(names)], "group", alt.Legend()), _line(), *_rules()), 300)


def _bars(names: tuple[str, ...], colours: tuple[str, ...], group: str, legend: alt.Legend | None) -> Any:
    words = (("label:N", "When"), ("group:N", "What"), ("side:N", "Direction"))
    signs = alt.Axis(
        labelExpr="format(abs(datum.value), ',')", tickCount=4, grid=True, gridColor=LINE, minExtent=AXIS, maxExtent=AXIS
    )
    return (
        _data("bars")
        .mark_rect(clip=True)
        .encode(
            x=_time(),
            x2="end:T",
            y=alt.Y("low:Q", axis=signs, title=None, scale=alt.Scale(nice=True)),
            y2="high:Q",
            color=alt.Color(
                f"{group}:N", scale=alt.Scale(domain=list(names), range=list(colours)), sort=list(names), legend=legend
            ),
            tooltip=[
                *(alt.Tooltip(column, title=title) for column, title in words),
                alt.Tooltip("count:Q", title="Events", format=","),
            ],
        )
    )


def _time(field: str = "start") -> alt.X:
    ticks = alt.Axis(labelOverlap=True, labelFlush=True, tickCount={"expr": "ceil(width / 90)"}, title=None)
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=[alt.ExprRef("first"), alt.ExprRef("last")]), axis=ticks)


def _line() -> Any:
    return alt.Chart(alt.InlineData([{"zero": 0}])).mark_rule(color=QUIET, strokeWidth=1).encode(y="zero:Q")


def _rules() -> list[Any]:
    """Draw the markers: a line each, solid if a person stands behind it, with its number on top; a band where it lasts."""
    titles = (("kind", "Marker"), ("when", "When"), ("status", "Status"))
    words = [alt.Tooltip(f"{name}:N", title=title) for name, title in titles]
    span = _data("lasting").mark_rect(color=INK, opacity=0.06, clip=True).encode(x=_time("at"), x2="end:T", tooltip=words)
    base = _data("markers").encode(x=_time("at"), tooltip=words)
    dash = alt.StrokeDash("settled:N", scale=alt.Scale(domain=[True, False], range=[[1, 0], [4, 3]]), legend=None)
    line = base.mark_rule(color=INK, strokeWidth=1.5).encode(strokeDash=dash)
    number = base.mark_text(color="white", fontSize=10, fontWeight="bold", y=7).encode(text="number:N")
    disc = base.mark_point(color=INK, fill=INK, filled=True, size=190, opacity=1, y=7, shape="circle")
    return [span, line, disc, number]


@lru_cache(maxsize=16)
def _strip(rows: int) -> Drawing:
    y = alt.Y("row:O", axis=alt.Axis(labels=False, minExtent=AXIS, maxExtent=AXIS), title=None)
    titles = (("source:N", "File"), ("dates:N", "Records from"), ("days:Q", "Days"))
    line = _data("stretches").mark_bar(height=6, color="#7fbab0", yOffset=6, clip=True)
    name = _data("names").mark_text(align="left", color=QUIET, fontSize=11, yOffset=-6, limit=300)
    drawn = line.encode(x=_time(), x2="end:T", y=y, tooltip=[alt.Tooltip(column, title=title) for column, title in titles])
    return _styled(alt.layer(drawn, name.encode(x=alt.value(0), y=y, text="source:N")), ROW * rows + 26)


@lru_cache(maxsize=16)
def _year(months: tuple[int, ...]) -> Drawing:
    names = "".join(f"datum.value == {week} ? '{name}' : " for week, name in zip(months, "JFMAMJJASOND", strict=True))
    axis = alt.Axis(
        values=list(months), labelExpr=f"{names}''", labelAngle=0, orient="top", labelAlign="left", labelOverlap=False
    )
    return _styled(_heat("week:O", axis, ["Mon", "Wed", "Fri", "Sun"], "Day"), 118)


@lru_cache
def _week() -> Drawing:
    clock = "pad(datum.value, 2, '0', 'left') + ':00'"
    axis = alt.Axis(values=[0, 6, 12, 18, 23], labelAngle=0, labelExpr=clock, labelOverlap=False)
    return _styled(_heat("hour:O", axis, list(WEEKDAYS), "When"), 190)


def _heat(column: str, axis: alt.Axis, days: list[str], title: str) -> Any:
    counts = (("incoming", "Incoming"), ("outgoing", "Outgoing"), ("count", "All"))
    words = [alt.Tooltip("label:N", title=title), *(alt.Tooltip(f"{name}:Q", title=word, format=",") for name, word in counts)]
    scale = alt.Scale(domain=[1, alt.ExprRef("most")], range=list(HEAT), type="sqrt")
    colour = alt.condition("datum.count > 0", alt.Color("count:Q", scale=scale, legend=None), alt.value(NOTHING))
    weekdays = alt.Axis(values=days, minExtent=AXIS - 6, maxExtent=AXIS - 6)
    x = alt.X(column, axis=axis, title=None, scale=alt.Scale(paddingInner=0.1))
    y = alt.Y("day:O", sort=list(WEEKDAYS), title=None, axis=weekdays, scale=alt.Scale(paddingInner=0.1))
    return _data("cells").mark_rect(cornerRadius=2).encode(x=x, y=y, color=colour, tooltip=words)
