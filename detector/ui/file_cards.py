"""File cards: for each file what it is, what became of every record in it, and how its times and its owner are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from detector.formats import FORMATS
from detector.ui import words

if TYPE_CHECKING:
    from detector.case import Case

MANY = 200
"""Problems listed on a card; the case folder has all of them."""


class Say:
    """The texts of the cards."""

    COUNTS = "{records} = {events} + {skipped} skipped + {problems}"
    FACTS = ("Format", "Records", "Dates", "Time zone", "Date order", "Owner")
    UNKNOWN_OWNER = "not named in this file"
    LOOKED_FOR = "What was looked for"
    NOT_RECOGNISED = "Not recognised"
    PROBLEMS, SKIPPED = "Could not be read ({:,})", "Skipped, and why ({:,})"
    MORE = "… and {:,} more, all in ledger.json of the saved case."
    HASH = "SHA-256 {}…"
    HASH_LABEL = "SHA-256, computed when the file was read"
    ABSENCE = "What its absence from this file does not prove"
    OTHERS = "Files without records of their own, or that could not be opened ({:,})"


def show(opened: Case) -> None:
    """Show a card for each source, and a list of what holds no records."""
    titles = {format.name: format.title for format in FORMATS}
    for source in opened.ledger["sources"]:
        _card(source, titles)
    others = [*opened.ledger["unreadable"], *opened.ledger["set_aside"]]
    if others:
        with st.expander(Say.OTHERS.format(len(others))):
            for other in others:
                st.text(f"{words.visible(other['path'])}: {words.visible(other['reason'])}")


def _card(source: Mapping[str, Any], titles: Mapping[str, str]) -> None:
    with st.container(border=True):
        st.markdown(f"**{words.plain(source['path'])}**")
        if source["format"] is None:
            st.badge(Say.NOT_RECOGNISED, color="gray")
        else:
            st.markdown("  \n".join(f":gray[{title}] {value}" for title, value in facts(source, titles) if value))
        if source["format"] is not None:
            for note in source["notes"]:
                st.caption(words.plain(note))
        with st.container(key=f"quiet_{source['sha256']}_{source['path']}"):
            if source["sha256"]:
                with st.expander(Say.HASH.format(source["sha256"][:12])):
                    st.caption(Say.HASH_LABEL)
                    st.code(source["sha256"], language=None, wrap_lines=True)
            _listed(source)


def facts(source: Mapping[str, Any], titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is known of a recognised file: title and value, safe for Markdown."""
    counts = Say.COUNTS.format(
        records=words.number(source["records"], "record"),
        events=words.number(source["events"], "event"),
        skipped=f"{source['skipped']:,}",
        problems=words.number(len(source["problems"]), "problem"),
    )
    dates = f"{source['first'][:10]} to {source['last'][:10]}" if source["first"] and source["last"] else "none"
    owner = _known(source["owner"], source["owner_basis"]) or Say.UNKNOWN_OWNER
    values = (
        words.plain(titles.get(source["format"], source["format"])),
        words.plain(counts),
        words.plain(dates),
        _known(source["zone"], source["zone_basis"]),
        _known(source.get("date_order"), source.get("date_order_basis")),
        owner,
    )
    return list(zip(Say.FACTS, values, strict=True))


def _known(value: str | None, basis: str | None) -> str:
    if not value:
        return ""
    return words.plain(f"{value} ({basis})" if basis else str(value))


def _listed(source: Mapping[str, Any]) -> None:
    if source["format"] is None and source["notes"]:
        with st.expander(Say.LOOKED_FOR):
            st.markdown("\n\n".join(words.plain(note) for note in source["notes"]))
    if source["problems"]:
        with st.expander(Say.PROBLEMS.format(len(source["problems"]))):
            for problem in source["problems"][:MANY]:
                st.text(f"{words.visible(problem['locator'])}: {words.visible(problem['reason'])}")
            if len(source["problems"]) > MANY:
                st.caption(Say.MORE.format(len(source["problems"]) - MANY))
    if source.get("skipped_reasons"):
        with st.expander(Say.SKIPPED.format(source["skipped"])):
            for reason, count in source["skipped_reasons"].items():
                st.text(f"{count:,}: {words.visible(reason)}")
    if source.get("absence"):
        with st.expander(Say.ABSENCE):
            st.markdown(words.plain(source["absence"]))
