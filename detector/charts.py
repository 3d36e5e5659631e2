"""Charts: what a timeline looks like, drawn with Altair from the small tables of `tallies`.

Incoming is above the line and outgoing below. The colours differ in lightness as well as hue, so that they can be told
apart with any colour vision and in print; none of them is an alarm. Times are local clocks written as UTC (`tallies.moment`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from detector import tallies
from detector.timeline import Timeline, hour_of, timeline

if TYPE_CHECKING:
    from detector.case import Case

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

Period = tuple[date, date]
"""First and last day, both included."""


def styled(chart: Any, height: int) -> Any:
    """Give a chart its size and its quiet look."""
    text = {"labelColor": QUIET, "titleColor": QUIET, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    return (
        chart.properties(height=height, width="container", padding={"left": 0, "right": 8, "top": 4, "bottom": 4})
        .configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(grid=False, domain=False, ticks=False, labelPadding=6, **text)
        .configure_legend(orient="top", title=None, symbolType="square", columns=LEGEND, labelLimit=160, offset=10, **text)
    )


def history(bars: pd.DataFrame, markers: pd.DataFrame, period: Period, span: Period | None = None, height: int = 96) -> Any:
    """Draw the whole time as thin bars, to be brushed: the selection `brush` is the stretch to look at, `span` the chosen one."""
    brush = alt.selection_interval(name="brush", encodings=["x"], mark=alt.BrushConfig(fill=INK, fillOpacity=0.1, stroke=QUIET))
    drawn = _bars(bars, period, list(SIDES.values()), [INCOMING, OUTGOING, GROUPS[-1]], "side", None)
    shade = [] if span is None else [_shade(span, period)]
    return styled(alt.layer(*shade, drawn.add_params(brush), _line(), *_rules(markers, period)), height)


def _shade(span: Period, period: Period) -> Any:
    start, end = tallies.moment([hour_of(span[0]), hour_of(span[1] + timedelta(days=1))])
    data = pd.DataFrame({"start": [start], "end": [end]})
    return alt.Chart(data).mark_rect(color="#cfae62", opacity=0.25).encode(x=_time(period), x2="end:T")


def detail(bars: pd.DataFrame, names: Sequence[str], markers: pd.DataFrame, period: Period, height: int = 300) -> Any:
    """Draw the bars of a period, stacked by group, with the markers on them."""
    legend = alt.Legend()
    drawn = _bars(bars, period, list(names), list(GROUPS[: len(names)]), "group", legend)
    return styled(alt.layer(drawn, _line(), *_rules(markers, period)), height)


def _bars(bars: pd.DataFrame, period: Period, names: list[str], colours: list[str], group: str, legend: alt.Legend | None) -> Any:
    signs = alt.Axis(
        labelExpr="format(abs(datum.value), ',')", tickCount=4, grid=True, gridColor=LINE, minExtent=AXIS, maxExtent=AXIS
    )
    return (
        alt.Chart(sided(bars))
        .mark_rect(clip=True)
        .encode(
            x=_time(period),
            x2="end:T",
            y=alt.Y("low:Q", axis=signs, title=None, scale=alt.Scale(nice=True)),
            y2="high:Q",
            color=alt.Color(f"{group}:N", scale=alt.Scale(domain=names, range=colours), sort=names, legend=legend),
            tooltip=[
                alt.Tooltip("label:N", title="When"),
                alt.Tooltip("group:N", title="What"),
                alt.Tooltip("side:N", title="Direction"),
                alt.Tooltip("count:Q", title="Events", format=","),
            ],
        )
    )


def sided(bars: pd.DataFrame) -> pd.DataFrame:
    """Return the bars with their direction in words."""
    return bars.assign(side=bars["direction"].map(SIDES).astype(object))


def _time(period: Period, field: str = "start", *, axis: bool = True) -> alt.X:
    start, end = tallies.moment([hour_of(period[0]), hour_of(period[1] + timedelta(days=1))])
    domain = [_utc(start), _utc(end)]
    ticks = alt.Axis(labelOverlap=True, labelFlush=True, tickCount={"expr": "ceil(width / 90)"}, title=None) if axis else None
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", domain=domain), axis=ticks)


def _utc(time: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=time.year, month=time.month, date=time.day, hours=time.hour, utc=True)


def _line() -> Any:
    return alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=QUIET, strokeWidth=1).encode(y="zero:Q")


def _rules(markers: pd.DataFrame, period: Period) -> list[Any]:
    """Draw the markers inside the period: a line each, solid if a person stands behind it, with its number on top."""
    start, end = tallies.moment([hour_of(period[0]), hour_of(period[1] + timedelta(days=1))])
    shown = markers[(markers["at"] >= start) & (markers["at"] < end)]
    if shown.empty:
        return []
    words = [
        alt.Tooltip(f"{name}:N", title=title) for name, title in (("kind", "Marker"), ("when", "When"), ("status", "Status"))
    ]
    lasting = shown[shown["end"].notna()]
    span = (
        alt.Chart(lasting).mark_rect(color=INK, opacity=0.06, clip=True).encode(x=_time(period, "at"), x2="end:T", tooltip=words)
    )
    base = alt.Chart(shown.drop(columns="end")).encode(x=_time(period, "at"), tooltip=words)
    dash = alt.StrokeDash("settled:N", scale=alt.Scale(domain=[True, False], range=[[1, 0], [4, 3]]), legend=None)
    line = base.mark_rule(color=INK, strokeWidth=1.5).encode(strokeDash=dash)
    number = base.mark_text(color="white", fontSize=10, fontWeight="bold", y=7).encode(text="number:N")
    disc = base.mark_point(color=INK, fill=INK, filled=True, size=190, opacity=1, y=7, shape="circle")
    return [*([span] if len(lasting) else []), line, disc, number]


def strip(stretches: pd.DataFrame, period: Period) -> Any:
    """Draw for each source file the days with records; a gap in the line is a day without any."""
    y = alt.Y("row:O", axis=alt.Axis(labels=False, minExtent=AXIS, maxExtent=AXIS), title=None)
    data = stretches.assign(
        dates=[
            f"{tallies.spell(a)} to {tallies.spell(b - pd.Timedelta(days=1))}"
            for a, b in zip(stretches["start"], stretches["end"], strict=True)
        ]
    )
    words = [
        alt.Tooltip("source:N", title="File"),
        alt.Tooltip("dates:N", title="Records from"),
        alt.Tooltip("days:Q", title="Days"),
    ]
    line = (
        alt.Chart(data)
        .mark_bar(height=6, color="#7fbab0", yOffset=6, clip=True)
        .encode(x=_time(period), x2="end:T", y=y, tooltip=words)
    )
    names = stretches.drop_duplicates("row")[["row", "source"]]
    label = (
        alt.Chart(names)
        .mark_text(align="left", color=QUIET, fontSize=11, yOffset=-6, limit=300)
        .encode(x=alt.value(0), y=y, text="source:N")
    )
    return styled(alt.layer(line, label), ROW * rows(stretches) + 26)


def rows(stretches: pd.DataFrame) -> int:
    """Return the number of rows of a coverage strip."""
    return int(stretches["row"].max()) + 1 if len(stretches) else 1


def year(days: pd.DataFrame, most: int) -> Any:
    """Draw a year as a calendar: a column for each week, Monday on top. `most` is the count with the darkest colour."""
    data = days.assign(label=[tallies.spell(time) for time in days["date"]], day=[WEEKDAYS[i] for i in days["weekday"]])
    months = [int(days.loc[days["date"].dt.month == m, "week"].iloc[0]) for m in range(1, 13)]
    names = "".join(f"datum.value == {week} ? '{name}' : " for week, name in zip(months, _MONTHS, strict=True))
    axis = alt.Axis(values=months, labelExpr=f"{names}''", labelAngle=0, orient="top", labelAlign="left", labelOverlap=False)
    cells = _heat(
        data,
        alt.X("week:O", axis=axis, title=None, scale=alt.Scale(paddingInner=0.12)),
        alt.Y(
            "day:O",
            sort=list(WEEKDAYS),
            title=None,
            axis=_weekday_axis(["Mon", "Wed", "Fri", "Sun"]),
            scale=alt.Scale(paddingInner=0.12),
        ),
        most,
        [alt.Tooltip("label:N", title="Day")],
    )
    return styled(cells, 118)


_MONTHS = ("J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D")


def week(cells: pd.DataFrame) -> Any:
    """Draw the hours of the day against the days of the week."""
    data = cells.assign(
        day=[WEEKDAYS[i] for i in cells["weekday"]],
        label=[f"{WEEKDAYS[d]}, {h:02}:00 to {h:02}:59" for d, h in zip(cells["weekday"], cells["hour"], strict=True)],
    )
    axis = alt.Axis(
        values=[0, 6, 12, 18, 23], labelAngle=0, labelExpr="pad(datum.value, 2, '0', 'left') + ':00'", labelOverlap=False
    )
    return styled(
        _heat(
            data,
            alt.X("hour:O", axis=axis, title=None, scale=alt.Scale(paddingInner=0.08)),
            alt.Y(
                "day:O", sort=list(WEEKDAYS), title=None, axis=_weekday_axis(list(WEEKDAYS)), scale=alt.Scale(paddingInner=0.08)
            ),
            int(cells["count"].max()) if len(cells) else 0,
            [alt.Tooltip("label:N", title="When")],
        ),
        190,
    )


def _weekday_axis(shown: list[str]) -> alt.Axis:
    return alt.Axis(values=shown, minExtent=AXIS - 6, maxExtent=AXIS - 6)


def _heat(data: pd.DataFrame, x: alt.X, y: alt.Y, most: int, words: list[alt.Tooltip]) -> Any:
    counts = [("incoming", "Incoming"), ("outgoing", "Outgoing"), ("count", "All")]
    words = words + [alt.Tooltip(f"{name}:Q", title=title, format=",") for name, title in counts]
    shade = alt.Color("count:Q", scale=alt.Scale(domain=[1, max(most, 2)], range=list(HEAT), type="sqrt"), legend=None)
    colour = alt.condition("datum.count > 0", shade, alt.value(NOTHING))
    return alt.Chart(data).mark_rect(cornerRadius=2).encode(x=x, y=y, color=colour, tooltip=words)


def svg(case: Case) -> str:
    """Return the picture for the case folder: events both ways, markers and coverage; the same bytes for the same case."""
    import vl_convert

    whole = timeline(case.events, case.zone)
    if whole.first is None or whole.last is None:
        return EMPTY
    period = (whole.first, whole.last)
    names = tallies.leaders(whole, "channel")
    titles = [tallies.channel_name(name) for name in names]
    bars = tallies.bars(whole, tallies.grain(whole.days), "channel", names, titles)
    files = {source["sha256"]: source["path"].rsplit("/", 1)[-1] for source in case.ledger["sources"]}
    top = detail(bars, titles, tallies.rules(case.markers, case.zone), period).properties(width=1000)
    stretches = tallies.coverage(whole, files)
    low = strip(stretches, period).properties(width=1000, height=ROW * rows(stretches))
    quiet = top.to_dict()["config"] | {
        "mark": {"aria": False}
    }  # the tables are for screen readers; labels of each mark are ten times the picture
    both = alt.vconcat(_bare(top), _bare(low), config=quiet).properties(title=_title(whole), padding=16)
    return _renumbered(str(vl_convert.vegalite_to_svg(both.to_dict())))


def _renumbered(picture: str) -> str:
    """Number the clips of an SVG from 0: vega numbers them through the life of the process."""
    numbers: dict[str, int] = {}
    return re.sub(r"(?<=\bclip)\d+", lambda found: str(numbers.setdefault(found[0], len(numbers))), picture)


EMPTY = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="80" viewBox="0 0 640 80">'
    '<text x="16" y="44" font-family="sans-serif" font-size="14">There is no event with a usable time to draw.</text></svg>'
)
"""The picture of a case without an event that has a time."""


def _bare(chart: Any) -> Any:
    bare = chart.copy()
    bare.config = alt.Undefined
    bare.padding = alt.Undefined
    return bare


def _title(whole: Timeline) -> alt.TitleParams:
    incoming, outgoing, unknown = tallies.two_ways(whole)
    words = f"{incoming:,} incoming (above the line), {outgoing:,} outgoing (below)"
    words += f", {unknown:,} of unknown direction (above)" if unknown else ""
    return alt.TitleParams("Events over time", subtitle=[words], anchor="start", font=FONT, color=INK, subtitleColor=QUIET)
