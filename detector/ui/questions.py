"""Questions: what only a person can say about an extract, asked where its files leave it open and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from detector.export import DateOrder, Options
from detector.ui import words

if TYPE_CHECKING:
    from detector.case import Case


class Say:
    """The texts of the questions."""

    TITLE = "What the files do not say"
    OWNER = "Whose phone or account is this?"
    OWNER_HELP = "Without an answer it stays unknown who wrote to whom. In: {}"
    OTHER_NAME = "Another name or number (separate several with a comma)"
    ZONE = "Which time zone was the phone in?"
    ZONE_HELP = "These files write times without a zone; so far they are read as {}. In: {}"
    KEEP = "Leave as it is"
    ORDER = "Which comes first in the dates of these files?"
    ORDER_HELP = "They could be read both ways. In: {}"
    ORDERS = {None: "Leave as it is", "DMY": "The day (3 April: 03/04)", "MDY": "The month (3 April: 04/03)"}
    SAMPLE = "{}: day first {}, month first {}"
    AGAIN = "Read again with these answers"
    NOT_AGAIN = "To answer, read the files again from their folder."


_DATE = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})\b")


@dataclass(frozen=True)
class Open:
    """What the files leave open; every part may be empty."""

    owner: tuple[str, ...] = ()  # files without a known owner
    names: tuple[str, ...] = ()  # names and numbers seen in them, the most frequent first
    zone: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()  # dates that can be read both ways

    def __bool__(self) -> bool:
        return bool(self.owner or self.zone or self.order)


def left_open(ledger: Mapping[str, Any], events: pd.DataFrame) -> Open:
    """Return what the files of a case leave open."""
    read = [source for source in ledger["sources"] if source["format"]]
    owner = [s for s in read if not s["owner"] and _undirected(events, s["sha256"])]
    order = [(s, [p["reason"] for p in s["problems"] if "date-order" in p["reason"]]) for s in read]
    return Open(
        owner=tuple(s["path"] for s in owner),
        names=_names(events, [s["sha256"] for s in owner]),
        zone=tuple(s["path"] for s in read if str(s["zone_basis"]).startswith("assumed")),
        order=tuple(s["path"] for s, reasons in order if reasons),
        samples=tuple(dict.fromkeys(m[0] for _, reasons in order for reason in reasons for m in _DATE.finditer(reason)))[:3],
    )


def _undirected(events: pd.DataFrame, sha256: str) -> bool:
    rows = (events["source"] == sha256) & (events["direction"] == "unknown")
    return bool(rows.any())


def _names(events: pd.DataFrame, sources: list[str]) -> tuple[str, ...]:
    rows = events.loc[events["source"].isin(sources), ["name", "handle"]]
    seen = pd.concat([rows["name"].astype(object), rows["handle"].astype(object)]).dropna()
    return tuple(map(str, seen.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:12]))


def both_readings(sample: str) -> tuple[str, str]:
    """Return a date such as 03/04/24 in words, with the day first and with the month first."""
    found = _DATE.search(sample)
    if found is None:
        return sample, sample
    first, second, year = map(int, found.groups())
    year += 2000 if year < 100 else 0
    return _date(year, second, first), _date(year, first, second)


def _date(year: int, month: int, day: int) -> str:
    try:
        return words.day(date(year, month, day))
    except ValueError:
        return "not a date"


def ask(opened: Case, *, can_read_again: bool) -> Options | None:
    """Ask what the files leave open; return the options to read them again with once a person has answered."""
    unsaid = left_open(opened.ledger, opened.events)
    if not unsaid:
        return None
    with st.container(border=True):
        st.markdown(f"#### {Say.TITLE}")
        if not can_read_again:
            st.caption(Say.NOT_AGAIN)
            return None
        answers = st.session_state["read"][1]
        with st.form("questions", border=False):
            answers = _owner(unsaid, answers)
            answers = _zone(unsaid, answers, opened.zone)
            answers = _order(unsaid, answers)
            if st.form_submit_button(Say.AGAIN, type="primary"):
                found: Options = answers
                return found
    return None


def _where(files: tuple[str, ...]) -> str:
    shown = [words.plain(path) for path in files[:3]]
    return words.listed(shown if len(files) <= 3 else [*shown, f"{len(files) - 3:,} more"])


def _owner(unsaid: Open, answers: Options) -> Options:
    if not unsaid.owner:
        return answers
    picked = st.multiselect(Say.OWNER, unsaid.names, format_func=words.visible)
    st.caption(Say.OWNER_HELP.format(_where(unsaid.owner)))
    typed = [name.strip() for name in st.text_input(Say.OTHER_NAME).split(",") if name.strip()]
    return replace(answers, owner=tuple(dict.fromkeys([*answers.owner, *picked, *typed])))


def _zone(unsaid: Open, answers: Options, zone: str) -> Options:
    if not unsaid.zone:
        return answers
    likely = ["Europe/London", "Europe/Dublin", "Europe/Warsaw", "Asia/Karachi", "Asia/Kolkata", "America/New_York"]
    names = [None, *likely, *sorted(available_timezones() - set(likely))]
    picked = st.selectbox(Say.ZONE, names, format_func=lambda name: name or Say.KEEP)
    st.caption(Say.ZONE_HELP.format(words.plain(zone), _where(unsaid.zone)))
    return replace(answers, timezone=picked or answers.timezone)


def _order(unsaid: Open, answers: Options) -> Options:
    if not unsaid.order:
        return answers
    orders: list[DateOrder | None] = [None, "DMY", "MDY"]
    picked = st.radio(Say.ORDER, orders, format_func=lambda order: Say.ORDERS[order])
    for sample in unsaid.samples:
        st.caption(words.plain(Say.SAMPLE.format(sample, *both_readings(sample))))
    st.caption(Say.ORDER_HELP.format(_where(unsaid.order)))
    return replace(answers, date_order=picked or answers.date_order)
