"""The case that lies open in this session, and what goes from one page to the next."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from detector.timeline import Timeline, timeline
from detector.ui.words import known_as, visible

if TYPE_CHECKING:
    from detector.case import Case

FOLDER = "DETECTOR_CASE"
"""Name of the environment variable with the folder of a case, by which `detector app DIR` says what to open."""

_left: set[str] = set()
"""Not empty once somebody has left in a hurry: from then on no case opens by itself, whoever presses "back"."""


def case() -> Case | None:
    """Return the open case; at the start of a session the one that the command line named."""
    folder = os.environ.get(FOLDER)
    if "case" not in st.session_state and folder and not _left and not st.session_state.get("asked"):
        st.session_state["asked"] = True
        open_folder(Path(folder))
    found: Case | None = st.session_state.get("case")
    return found


def open_folder(folder: Path) -> None:
    """Open a case folder; UsageError if it is none."""
    from detector.store import load

    lay_open(load(folder))
    st.session_state["read"] = None


def lay_open(opened: Case) -> None:
    """Put a case on the desk, and nothing of the one before."""
    st.session_state.clear()
    st.session_state.update(asked=True, case=opened, timeline=timeline(opened.events, opened.zone))


def close() -> None:
    """Clear the desk for another case."""
    st.session_state.clear()
    st.session_state["asked"] = True


def left() -> bool:
    """Tell whether somebody left in a hurry since the server started."""
    return bool(_left)


def whole() -> Timeline:
    """Return the timeline of the open case."""
    found: Timeline = st.session_state["timeline"]
    return found


def forget() -> None:
    """Clear the desk because somebody left in a hurry."""
    _left.add("left")
    st.session_state.clear()


def go(page: str, **wishes: Any) -> None:
    """Remember what the next page is to show and ask for it: to be called from a button."""
    st.session_state["go"] = page
    st.session_state.update(wishes)


def names(opened: Case) -> Mapping[str, str]:
    """Return how each contact is called, by its handle; safe to show except in Markdown."""
    return {contact.contact: visible(known_as(contact.contact, contact.names)) for contact in opened.contacts}


def files(opened: Case) -> Mapping[str, str]:
    """Return the path of each source file by its SHA-256."""
    return {str(source["sha256"]): str(source["path"]) for source in opened.ledger["sources"]}


def span() -> tuple[date, date] | None:
    """Return the stretch of time that was chosen, cut to where there is anything to draw; None: all of it."""
    found: tuple[date, date] | None = st.session_state.get("span")
    first, last = whole().first, whole().last
    if found is None or first is None or last is None or found[0] > last or found[1] < first:
        return None
    return max(found[0], first), min(found[1], last)
