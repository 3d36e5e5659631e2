"""Timeline: when, how often and on which channel, both ways; the stretch chosen on it drives every chart below."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import streamlit as st

from detector import charts, tallies
from detector.timeline import Choice, Timeline, chosen, day_of
from detector.ui import desk_state, words

if TYPE_CHECKING:
    from detector.case import Case

MANY_BARS = 1_500
"""More bars than this are not drawn side by side, whatever was asked for."""


class Say:
    """The texts of this page."""

    TITLE = "Timeline"
    NO_CASE = "No case is open. Start with a folder or files on the first page."
    EMPTY = "No event in the records supplied has a usable time, so there is nothing to draw."
    NOTHING = "No event matches this choice."
    CONTACTS, CHANNELS, DIRECTIONS = "Contacts", "Channels", "Direction"
    EVERYBODY, EVERY = "Everybody", "All channels"
    SIDES = {"in": "Incoming", "out": "Outgoing", "unknown": "Not known"}
    WHOLE = "The whole time"
    BRUSH = "Drag across this picture, or choose dates, to look closer. Everything below follows."
    DATES, ALL = "Dates", "Show the whole time"
    DETAIL = "Incoming above the line, outgoing below"
    WIDTH, WIDTHS = "Bars", {"auto": "Automatic", "hour": "Hour", "day": "Day", "week": "Week"}
    STACK, STACKS = "Colours", {"channel": "Channel", "contact": "Contact"}
    TOO_MANY = "One bar for each {} would be too many to tell apart here; choose a shorter stretch first."
    COVERAGE = "What the records cover"
    COVERAGE_HELP = (
        "Each line shows the days with at least one record in that file. A gap means no record, not that nothing happened."
    )
    CALENDAR, WEEK = "Calendar of {}", "Hours of the week"
    YEARS = "Years"
    MARKERS = "Markers"
    TABLE = "The same numbers as a table"
    SUMMARY = "{period} · {incoming} incoming · {outgoing} outgoing · {days} with contact"
    COLUMNS = {
        "label": "When",
        "group": "What",
        "side": "Direction",
        "count": "Events",
        "date": "Day",
        "incoming": "Incoming",
        "outgoing": "Outgoing",
        "day": "Weekday",
        "hour": "Hour",
        "source": "File",
        "start": "From",
        "end": "To",
        "days": "Days",
        "number": "Number",
        "kind": "Marker",
        "when": "When",
        "status": "Status",
        "who": "Contact",
        "basis": "Basis",
    }


def page() -> None:
    """Show the timeline of the open case."""
    st.title(Say.TITLE)
    opened = desk_state.case()
    if opened is None:
        st.info(Say.NO_CASE)
    elif desk_state.whole().first is None:
        st.info(Say.EMPTY)
    else:
        _timeline(opened)


@st.fragment
def _timeline(opened: Case) -> None:
    whole = desk_state.whole()
    everything = chosen(whole, _filters(opened, whole))
    edges = (cast("date", whole.first), cast("date", whole.last))
    markers = _markers(opened)
    _history(everything, markers, edges)
    span = desk_state.span() or edges
    part = chosen(everything, Choice(start=span[0], end=span[1]))
    _coverage(opened, whole, edges)
    if not len(part):
        st.info(Say.NOTHING)
        return
    _detail(opened, part, everything, markers, span)
    _marker_list(markers)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _calendars(part)
    with right:
        _week(part)


def _filters(opened: Case, whole: Timeline) -> Choice:
    names = desk_state.names(opened)
    left, middle, right = st.columns([2, 1.3, 1.4])
    contacts = left.multiselect(
        Say.CONTACTS,
        _known(whole, opened),
        key="timeline_contacts",
        format_func=lambda c: names.get(c, words.visible(c)),
        placeholder=Say.EVERYBODY,
    )
    channels = middle.multiselect(
        Say.CHANNELS,
        tallies.leaders(whole, "channel", 99),
        key="timeline_channels",
        placeholder=Say.EVERY,
        format_func=tallies.channel_name,
    )
    present = [side for side, count in zip(Say.SIDES, tallies.two_ways(whole), strict=True) if count]
    sides = right.pills(
        Say.DIRECTIONS, present, selection_mode="multi", key="timeline_sides", format_func=lambda side: Say.SIDES[side]
    )
    return Choice(tuple(contacts), tuple(channels), tuple(sides))


def _known(whole: Timeline, opened: Case) -> list[str]:
    order = [contact.contact for contact in opened.contacts]
    return order + sorted(set(whole.contacts) - set(order))


def _markers(opened: Case) -> pd.DataFrame:
    names = desk_state.names(opened)
    table = tallies.rules(opened.markers, opened.zone)
    return table.assign(who=[names.get(c, words.visible(c)) if isinstance(c, str) else Say.EVERYBODY for c in table["contact"]])


def _history(everything: Timeline, markers: pd.DataFrame, edges: charts.Period) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.markdown(f"**{Say.WHOLE}**  \n:small[{Say.BRUSH}]")
        _dates(edges)
    thin = tallies.bars(everything, tallies.grain((edges[1] - edges[0]).days + 1), "channel", [tallies.OTHERS])
    key = f"brush_{st.session_state.get('brushes', 0)}"
    st.altair_chart(
        charts.history(thin, markers, edges, desk_state.span()),
        theme=None,
        key=key,
        on_select=lambda: _brushed(key),
        alt=Say.WHOLE,
    )


def _dates(edges: charts.Period) -> None:
    with st.container(horizontal=True, width="content", vertical_alignment="bottom"):
        st.session_state["timeline_dates"] = desk_state.span() or edges
        st.date_input(
            Say.DATES,
            key="timeline_dates",
            min_value=edges[0],
            max_value=edges[1],
            format="DD/MM/YYYY",
            on_change=_dated,
            label_visibility="collapsed",
            width=230,
        )
        if desk_state.span():
            st.button(Say.ALL, on_click=_cleared)


def _brushed(key: str) -> None:
    ends = st.session_state[key].selection.get("brush", {}).get("start")
    if ends:
        first, last = (int(end) // 3_600_000 for end in sorted(ends))
        st.session_state["span"] = (day_of(first), day_of(last))


def _dated() -> None:
    dates = st.session_state["timeline_dates"]
    if len(dates) == 2:
        st.session_state["span"] = (dates[0], dates[1])
        _fresh_brush()


def _cleared() -> None:
    st.session_state.pop("span", None)
    _fresh_brush()


def _fresh_brush() -> None:
    st.session_state["brushes"] = st.session_state.get("brushes", 0) + 1


def _coverage(opened: Case, whole: Timeline, edges: charts.Period) -> None:
    st.markdown(f"**{Say.COVERAGE}**", help=Say.COVERAGE_HELP)
    files = {sha: words.visible(path.rsplit("/", 1)[-1]) for sha, path in desk_state.files(opened).items()}
    stretches = tallies.coverage(whole, files)
    st.altair_chart(charts.strip(stretches, edges), theme=None, alt=Say.COVERAGE)
    spelled = stretches.assign(start=stretches["start"].dt.date, end=(stretches["end"] - timedelta(days=1)).dt.date)
    _twin("coverage", spelled[["source", "start", "end", "days"]])


def _called(opened: Case, contacts: list[str]) -> list[str]:
    names = desk_state.names(opened)
    return [names.get(contact, words.visible(contact)) for contact in contacts]


def _detail(opened: Case, part: Timeline, everything: Timeline, markers: pd.DataFrame, span: charts.Period) -> None:
    st.subheader(Say.DETAIL)
    incoming, outgoing, _ = tallies.two_ways(part)
    st.markdown(
        Say.SUMMARY.format(
            period=words.period(*span),
            incoming=f"{incoming:,}",
            outgoing=f"{outgoing:,}",
            days=words.number(tallies.active_days(part), "day"),
        )
    )
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        width = st.segmented_control(
            Say.WIDTH, list(Say.WIDTHS), default="auto", key="timeline_width", format_func=Say.WIDTHS.__getitem__
        )
        stack = st.segmented_control(
            Say.STACK, list(Say.STACKS), default="channel", key="timeline_stack", format_func=Say.STACKS.__getitem__
        )
    days = (span[1] - span[0]).days + 1
    grain = tallies.grain(days) if width in (None, "auto") else cast("tallies.Grain", width)
    if days * 24 / tallies.HOURS[grain] > MANY_BARS:
        st.caption(Say.TOO_MANY.format(grain))
        grain = tallies.grain(days)
    kind: tallies.Stack = "contact" if stack == "contact" else "channel"
    names = tallies.leaders(desk_state.whole() if kind == "channel" else everything, kind)
    titles = [tallies.channel_name(name) for name in names] if kind == "channel" else _called(opened, names)
    pieces = tallies.bars(part, grain, kind, names, titles)
    st.altair_chart(charts.detail(pieces, titles, markers, span), theme=None, alt=Say.DETAIL)
    _twin("bars", charts.sided(pieces)[["label", "group", "side", "count"]])


def _marker_list(markers: pd.DataFrame) -> None:
    if markers.empty:
        return
    with st.expander(f"{Say.MARKERS} ({len(markers)})", expanded=len(markers) <= 5):
        shown = markers[["number", "when", "kind", "who", "status", "basis"]].rename(columns=Say.COLUMNS)
        st.dataframe(shown, hide_index=True)


def _calendars(part: Timeline) -> None:
    years = tallies.years(part)
    shown = years[-2:]
    if len(years) > 2:
        shown = sorted(
            st.pills(Say.YEARS, years, selection_mode="multi", default=shown, key=f"years_{years[0]}_{years[-1]}") or shown
        )
    tables = {year: tallies.calendar(part, year) for year in shown}
    most = max(int(table["count"].max()) for table in tables.values())
    for year, table in tables.items():
        st.markdown(f"**{Say.CALENDAR.format(year)}**")
        st.altair_chart(charts.year(table, most), theme=None, alt=Say.CALENDAR.format(year))
        days = table[table["count"] > 0]
        _twin(f"calendar_{year}", days.assign(date=days["date"].dt.date)[["date", "incoming", "outgoing", "count"]])


def _week(part: Timeline) -> None:
    st.markdown(f"**{Say.WEEK}**")
    cells = tallies.week_hours(part)
    st.altair_chart(charts.week(cells), theme=None, alt=Say.WEEK)
    busy = cells[cells["count"] > 0]
    _twin(
        "week", busy.assign(day=[charts.WEEKDAYS[i] for i in busy["weekday"]])[["day", "hour", "incoming", "outgoing", "count"]]
    )


def _twin(name: str, table: pd.DataFrame) -> None:
    """Put the numbers of a chart below it for those who do not see it."""
    with st.container(key=f"quiet_{name}"), st.expander(Say.TABLE):
        st.dataframe(table.rename(columns=cast("dict[Any, Any]", Say.COLUMNS)), hide_index=True)
