"""Overview: who was in contact with whom, in the order of attention, and what the records cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from detector import charts, tallies
from detector.ui import desk_state, words

if TYPE_CHECKING:
    from detector.case import Case
    from detector.contacts import Contact

PAGE = 8


class Say:
    """The texts of this page."""

    TITLE = "Overview"
    NO_CASE = "No case is open. Start with a folder or files on the first page."
    METRICS = ("Incoming", "Outgoing", "Contacts", "Days")
    LIMITS = "What this cannot tell you"
    WHY = (
        "It cannot tell what anybody meant, who held a device, or what was said on calls, in person or where no records are from.",
        "A pattern is a reason to read the records behind it. No pattern is not a sign that nothing happened.",
    )
    QUIET_DAYS = "{} between the first and the last record have no record in any file."
    UNKNOWN = "{} have no known direction: say on the first page whose device or account it is."
    LEFT_OUT = "Counted but not drawn: {}."
    UNREAD = "{} could not be read; they are listed on the first page."
    FILES = "{} not recognised; see the first page."
    CONTACTS = "Contacts, in the order of attention"
    ORDER = (
        "Contacts with findings come first: contact inside an order’s dates, then after a request to stop, then the other "
        "findings; after them by volume. The place in this list is no score for a person."
    )
    NO_FINDING = "No rule was met."
    COUNTS = "{incoming} incoming · {outgoing} outgoing · {days}"
    TIMELINE, FINDINGS, MESSAGES = "Timeline", "Findings", "Messages"
    HANDLES = "Handles of this contact, and why"
    ASIDE = "Set aside from the rules on volume ({:,})"
    ASIDE_WHY = "Automated senders, groups and withheld callers. They are still listed, drawn and searchable."
    ASIDE_SEARCH = "Find a sender"
    ASIDE_WORDS = {"automated": "Automated sender", "group": "Group", "withheld": "Withheld or unknown number"}
    LINKS = "May be the same person"
    LINK = "{a} and {b}: {reason}. Not merged; identity not established."
    RECORDS = "Records"


def page() -> None:
    """Show the case at a glance."""
    st.title(Say.TITLE)
    opened = desk_state.case()
    if opened is None:
        st.info(Say.NO_CASE)
        return
    _numbers(opened)
    _limits(opened)
    st.subheader(Say.CONTACTS)
    st.caption(Say.ORDER)
    _contacts(opened)
    _links(opened)
    _set_aside(opened)


def _numbers(opened: Case) -> None:
    whole = desk_state.whole()
    incoming, outgoing, _ = tallies.two_ways(whole)
    people = sum(contact.set_aside is None for contact in opened.contacts)
    st.markdown(f"{words.period(whole.first, whole.last)}, on the clock of {words.plain(opened.zone)}")
    with st.container(horizontal=True, gap="medium"):
        for label, value in zip(Say.METRICS, (incoming, outgoing, people, tallies.active_days(whole)), strict=True):
            st.metric(label, f"{value:,}", width="content")


def _limits(opened: Case) -> None:
    with st.container(border=True):
        st.markdown(f"**{Say.LIMITS}**")
        st.markdown("\n".join(f"- {line}" for line in (*Say.WHY, *limits(opened))))


def limits(opened: Case) -> list[str]:
    """Return what the records of this case leave open, one line each."""
    whole = desk_state.whole()
    quiet, unknown = tallies.days_without(whole), tallies.two_ways(whole)[2]
    problems = sum(len(source["problems"]) for source in opened.ledger["sources"])
    strange = sum(source["format"] is None for source in opened.ledger["sources"])
    lines = [Say.QUIET_DAYS.format(words.number(quiet, "day"))] if quiet else []
    lines += [Say.UNKNOWN.format(words.number(unknown, "event"))] if unknown else []
    aside = dict(whole.left_out) | {f"dated {words.day(when)}, far from all others": count for when, count in whole.far}
    lines += [Say.LEFT_OUT.format(words.listed(f"{count:,} ({why})" for why, count in aside.items()))] if aside else []
    lines += [Say.UNREAD.format(words.number(problems, "record"))] if problems else []
    return lines + ([Say.FILES.format(words.number(strange, "file is", "files are"))] if strange else [])


def _contacts(opened: Case) -> None:
    people = [contact for contact in opened.contacts if contact.set_aside is None]
    pages = -(-len(people) // PAGE)
    number = st.pagination(pages, max_visible_pages=5, key="overview_page") if pages > 1 else 1
    titles = {finding.pattern: finding.title for finding in opened.findings}
    most = max((contact.incoming + contact.outgoing for contact in people), default=1)
    for place, contact in enumerate(people[(number - 1) * PAGE : number * PAGE], (number - 1) * PAGE + 1):
        _card(contact, place, titles, opened.zone, most)


def ways(incoming: int, outgoing: int, most: int) -> str:
    """Return a bar as HTML: incoming dark, outgoing light, as wide as their share of the busiest contact."""
    parts = ((charts.INCOMING, incoming), (charts.OUTGOING, outgoing))
    widths = "".join(
        f'<span style="width:{100 * count / max(most, 1):.2f}%;background:{colour}"></span>' for colour, count in parts
    )
    return f'<div class="ways" aria-hidden="true">{widths}</div>'


def _card(contact: Contact, place: int, titles: Mapping[str, str], zone: str, most: int) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"#### {place}\\. {words.plain(words.known_as(contact.contact, contact.names))}", width="content")
            _buttons(contact)
        first, last = words.local_day(contact.first, zone), words.local_day(contact.last, zone)
        counts = Say.COUNTS.format(
            incoming=f"{contact.incoming:,}", outgoing=f"{contact.outgoing:,}", days=words.number(contact.contact_days, "day")
        )
        st.markdown(f"{counts} · {words.period(first, last)}")
        st.html(ways(contact.incoming, contact.outgoing, most))
        reasons = [words.plain(titles.get(pattern, words.spoken(pattern).capitalize())) for pattern in contact.reasons]
        st.markdown(" ".join(f":blue-badge[{reason}]" for reason in reasons) or f":gray[{Say.NO_FINDING}]")
        _handles(contact)


def _buttons(contact: Contact) -> None:
    wishes: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (Say.TIMELINE, "timeline", {"timeline_contacts": [contact.contact]}),
        (Say.FINDINGS, "findings", {"finding_contact": contact.contact}),
        (Say.MESSAGES, "messages", {"message_contact": contact.contact, "message_view": {}}),
    )
    with st.container(horizontal=True, gap="small", width="content"):
        for label, target, wish in wishes:
            if target != "findings" or contact.reasons:
                st.button(
                    label, key=f"{target}_{contact.contact}", type="tertiary", on_click=desk_state.go, args=(target,), kwargs=wish
                )


def _handles(contact: Contact) -> None:
    if len(contact.handles) > 1:
        with st.expander(Say.HANDLES):
            for handle in contact.handles:
                st.text(f"{words.visible(handle.handle)}: {words.visible(handle.reason)}")


def _links(opened: Case) -> None:
    if not opened.links:
        return
    st.subheader(Say.LINKS)
    names = desk_state.names(opened)
    for place, link in enumerate(opened.links):
        with st.container(horizontal=True, vertical_alignment="center"):
            a, b = (words.escaped(names.get(side, words.visible(side))) for side in (link.a, link.b))
            st.markdown(Say.LINK.format(a=a, b=b, reason=words.plain(link.reason)))
            view = {"ids": tuple(link.evidence), "title": f"{Say.LINKS}: {link.a}, {link.b}"}
            if link.evidence:
                st.button(
                    Say.RECORDS, key=f"link_{place}", on_click=desk_state.go, args=("messages",), kwargs={"message_view": view}
                )


def _set_aside(opened: Case) -> None:
    aside = [contact for contact in opened.contacts if contact.set_aside is not None]
    if not aside:
        return
    with st.expander(Say.ASIDE.format(len(aside))):
        st.caption(Say.ASIDE_WHY)
        query = st.text_input(Say.ASIDE_SEARCH, key="aside_query").casefold()
        rows = [_aside_row(contact, opened.zone) for contact in aside]
        frame = pd.DataFrame([row for row in rows if query in str(row["Sender"]).casefold()])
        st.dataframe(frame, hide_index=True)


def _aside_row(contact: Contact, zone: str) -> dict[str, object]:
    first, last = words.local_day(contact.first, zone), words.local_day(contact.last, zone)
    return {
        "Sender": words.visible(words.known_as(contact.contact, contact.names)),
        "Why": Say.ASIDE_WORDS[str(contact.set_aside)],
        "Incoming": contact.incoming,
        "Outgoing": contact.outgoing,
        "First": first,
        "Last": last,
    }
