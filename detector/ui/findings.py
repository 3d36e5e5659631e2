"""Findings: what the patterns found, with numbers beside thresholds, and the records for and against one click away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from detector.finding import FOUR, Finding
from detector.ui import desk_state, words

if TYPE_CHECKING:
    from detector.case import Case

PAGE = 10


class Say:
    """The texts of this page."""

    TITLE = "Findings"
    NO_CASE = "No case is open. Start with a folder or files on the first page."
    LEAD = (
        "Each finding is a pattern in the records supplied: numbers held against thresholds. It says what is recorded, not why."
    )
    NONE = (
        "No rule was met by the records supplied. That does not mean that nothing happened: the rules cover some patterns and "
        "some languages only, and exports leave things out."
    )
    CONTACT, EVERYBODY, PATTERN, EVERY, STRENGTH = "Contact", "Everybody", "Pattern", "Every pattern", "How sure"
    STRENGTHS = {
        "Recorded": "Recorded: a plain count",
        "Pattern": "Pattern: the rule is met",
        "Possible": "Possible: needs reading by a person",
    }
    SIDE = {"in": "What the contact did", "out": "What the owner of the device did"}
    FOUR_HELP = (
        "The four behaviours of the FOUR mnemonic beside which this kind of record is usually read: fixated, obsessed, unwanted, "
        "repeated. They sort records; they are not a conclusion about a person."
    )
    TABLE = ("Number", "Measured", "Threshold")
    DETAILS = "What was measured, one by one ({:,})"
    EVIDENCE, COUNTER, TIMELINE = "Evidence ({:,})", "May point the other way ({:,})", "On the timeline"
    NO_COUNTER = "No record was found that points the other way. Records on channels that were not supplied may."
    EVIDENCE_OF, COUNTER_OF = "The records behind: {}", "Records that may point the other way: {}"


def page() -> None:
    """Show the findings, filtered and paged."""
    st.title(Say.TITLE)
    opened = desk_state.case()
    if opened is None:
        st.info(Say.NO_CASE)
        return
    st.markdown(Say.LEAD)
    if not opened.findings:
        st.info(Say.NONE)
        return
    found = _filtered(opened)
    pages = -(-len(found) // PAGE)
    above = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    above.caption(f"{words.number(len(found), 'finding')} of {len(opened.findings):,}", help=Say.FOUR_HELP)
    with above:
        number = st.pagination(pages, max_visible_pages=5, key=f"findings_{pages}_{len(found)}") if pages > 1 else 1
    names = desk_state.names(opened)
    for place, finding in enumerate(found[(number - 1) * PAGE : number * PAGE]):
        _card(finding, names.get(finding.contact, words.visible(finding.contact)), opened.zone, f"{number}_{place}")


def _filtered(opened: Case) -> list[Finding]:
    order = {contact.contact: place for place, contact in enumerate(opened.contacts)}
    names, titles = desk_state.names(opened), {f.pattern: f.title for f in opened.findings}
    left, middle, right = st.columns(3)
    contacts = sorted({f.contact for f in opened.findings}, key=lambda c: order.get(c, len(order)))
    contact = left.selectbox(
        Say.CONTACT,
        [None, *contacts],
        key="finding_contact",
        format_func=lambda c: names.get(c, words.visible(c)) if c else Say.EVERYBODY,
    )
    pattern = middle.selectbox(
        Say.PATTERN, [None, *titles], key="finding_pattern", format_func=lambda p: titles[p] if p else Say.EVERY
    )
    strengths = right.pills(Say.STRENGTH, list(Say.STRENGTHS), selection_mode="multi", key="finding_strength")
    found = [
        f
        for f in opened.findings
        if contact in (None, f.contact) and pattern in (None, f.pattern) and (not strengths or f.strength in strengths)
    ]
    return sorted(found, key=lambda f: (order.get(f.contact, len(order)), f.direction, f.start, f.pattern))


def _card(finding: Finding, name: str, zone: str, key: str) -> None:
    with st.container(border=True):
        st.markdown(f"#### {words.plain(finding.title)}", help=Say.STRENGTHS[finding.strength])
        first, last = words.local_day(finding.start, zone), words.local_day(finding.end, zone)
        st.caption(f"{words.escaped(name)}  ·  {words.period(first, last)}  ·  {Say.SIDE[finding.direction]}")
        st.markdown(words.plain(finding.summary))
        tags = " ".join(f":gray-badge[{FOUR[letter]}]" for letter in finding.four)
        st.markdown(f":blue-badge[{finding.strength}] {tags}")
        st.markdown(table(finding))
        if lines := details(finding):
            with st.container(key=f"quiet_{key}"), st.expander(Say.DETAILS.format(len(lines))):
                st.text("\n".join(lines))
        _buttons(finding, zone, key)


def table(finding: Finding) -> str:
    """Return what was measured beside its thresholds, as a Markdown table of escaped words; lists stand in `details`."""
    names = list(dict.fromkeys([*finding.measured, *finding.thresholds]))
    lines = [f"| {' | '.join(Say.TABLE)} |", "|:--|--:|--:|"]
    for name in names:
        measured, threshold = finding.measured.get(name), finding.thresholds.get(name)
        if not _long(measured):
            lines.append(f"| {words.plain(words.spoken(name).capitalize())} | {_cell(measured)} | {_cell(threshold)} |")
    return "\n".join(lines)


def details(finding: Finding) -> list[str]:
    """Return one line for each entry of what was measured as a list of things, such as the requests to stop."""
    return [
        words.visible(f"{words.spoken(name).capitalize()}: {value(entry)}")
        for name, measured in finding.measured.items()
        if _long(measured)
        for entry in measured
    ]


def _long(measured: Any) -> bool:
    return isinstance(measured, (list, tuple)) and any(isinstance(entry, (dict, list, tuple)) for entry in measured)


def _cell(measured: Any) -> str:
    return "–" if measured is None else words.plain(value(measured)) or "–"


def value(measured: Any) -> str:
    """Return a measured value in words."""
    if isinstance(measured, bool):
        return "yes" if measured else "no"
    if isinstance(measured, float):
        return f"{measured:,.2f}".rstrip("0").rstrip(".")
    if isinstance(measured, int):
        return f"{measured:,}"
    if isinstance(measured, dict):
        return ", ".join(f"{words.spoken(str(name))} {value(part)}" for name, part in measured.items() if part is not None)
    if isinstance(measured, (list, tuple)):
        return ", ".join(map(value, measured))
    return str(measured)


def _buttons(finding: Finding, zone: str, key: str) -> None:
    with st.container(horizontal=True, gap="small"):
        about = f"{finding.title}, {finding.contact}"
        evidence = {"ids": finding.evidence, "title": Say.EVIDENCE_OF.format(about)}
        span = (words.local_day(finding.start, zone), words.local_day(finding.end, zone))
        counter = {"ids": finding.counter_evidence, "title": Say.COUNTER_OF.format(about)}
        st.button(
            Say.EVIDENCE.format(len(finding.evidence)),
            key=f"evidence_{key}",
            type="primary",
            on_click=desk_state.go,
            args=("messages",),
            kwargs={"message_view": evidence},
        )
        if finding.counter_evidence:
            st.button(
                Say.COUNTER.format(len(finding.counter_evidence)),
                key=f"counter_{key}",
                on_click=desk_state.go,
                args=("messages",),
                kwargs={"message_view": counter},
            )
        st.button(
            Say.TIMELINE,
            key=f"timeline_{key}",
            on_click=desk_state.go,
            args=("timeline",),
            kwargs={"timeline_contacts": [finding.contact], "span": span},
        )
    if not finding.counter_evidence:
        st.caption(Say.NO_COUNTER)
