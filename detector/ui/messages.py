"""Messages: what the records say, in order, with the place of every one. Text is hidden until it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from detector.ui import desk_state, records, words

if TYPE_CHECKING:
    from detector.case import Case


class Say:
    """The texts of this page."""

    TITLE = "Messages"
    NO_CASE = "No case is open. Start with a folder or files on the first page."
    SHOW = "Show all texts"
    SHOW_HELP = "Texts can be upsetting. They stay hidden until you ask for them, here or one at a time."
    CONTACT = "Contact"
    EVERYBODY = "Everybody"
    SEARCH = "Words to look for"
    SEARCH_HELP = "Finds these words exactly as written, with or without capitals."
    BACK = "Back to all records"
    AROUND = "The marked record, with what came before and after it with the same contact."
    NOTHING = "No record matches. That does not mean that nothing was said: see what the exports cover on the Overview."
    SPAN = "Only {}"


def page() -> None:
    """Show the records that were asked for."""
    st.title(Say.TITLE)
    opened = desk_state.case()
    if opened is None:
        st.info(Say.NO_CASE)
        return
    view: dict[str, Any] = st.session_state.get("message_view", {})
    shown = st.toggle(Say.SHOW, key="texts_shown", help=Say.SHOW_HELP)
    if view:
        _chosen(opened, view, shown=shown)
    else:
        _all(opened, shown=shown)


def _chosen(opened: Case, view: dict[str, Any], *, shown: bool) -> None:
    st.button(Say.BACK, icon=":material/arrow_back:", on_click=lambda: st.session_state.pop("message_view", None))
    if "around" in view:
        st.caption(Say.AROUND)
        _pages(opened, records.around(opened.events, view["around"]), shown=shown, focus=view["around"])
        return
    st.markdown(words.plain(view["title"]))
    _pages(opened, records.with_ids(opened.events, view["ids"]), shown=shown)


def _all(opened: Case, *, shown: bool) -> None:
    names = desk_state.names(opened)
    left, right = st.columns(2)
    contact = left.selectbox(
        Say.CONTACT, [None, *names], key="message_contact", format_func=lambda c: names[c] if c else Say.EVERYBODY
    )
    query = right.text_input(Say.SEARCH, key="message_query", help=Say.SEARCH_HELP)
    rows = records.of_contact(opened.events, contact)
    span = desk_state.span()
    if span and st.checkbox(Say.SPAN.format(words.period(*span)), value=True):
        rows = records.within(opened.events, rows, opened.zone, *span)
    _pages(opened, records.saying(opened.events, rows, query) if query else rows, shown=shown)


def _pages(opened: Case, rows: records.Positions, *, shown: bool, focus: str | None = None) -> None:
    if not len(rows):
        st.info(Say.NOTHING)
        return
    pages = -(-len(rows) // records.PAGE)
    above = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    above.caption(words.number(len(rows), "record"))
    with above:
        page = st.pagination(pages, max_visible_pages=5, key=f"page_{pages}_{len(rows)}") if pages > 1 else 1
    listed = records.rows(
        opened.events,
        rows[(page - 1) * records.PAGE : page * records.PAGE],
        zone=opened.zone,
        files=desk_state.files(opened),
        names=desk_state.names(opened),
        shown=shown,
        revealed=st.session_state.get("revealed", set()),
        focus=focus,
    )
    records.show(listed, around=focus is None)
