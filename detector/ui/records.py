"""Records: messages and calls as a list, court style. The text of a message reaches the browser only once it is asked for,
and there as letters (`textContent`), never as Markdown or HTML."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from detector.tallies import channel_name
from detector.ui import words

Positions = npt.NDArray[np.int64]

PAGE = 100
"""Rows on one page."""

NEIGHBOURS = 20
"""Rows shown before and after a record."""

DIRECTION = {"in": "Incoming", "out": "Outgoing", "unknown": "Direction not known"}


def of_contact(events: pd.DataFrame, contact: str | None) -> Positions:
    """Return the rows of a contact, or of everybody, in the order of time; those without a time come last."""
    rows = np.arange(len(events)) if contact is None else np.flatnonzero((events["contact"] == contact).to_numpy())
    times = events["at"].to_numpy()[rows]
    return rows[np.argsort(times, kind="stable")]


def with_ids(events: pd.DataFrame, ids: Collection[str]) -> Positions:
    """Return the rows with these ids, in the order of time."""
    rows = np.flatnonzero(events["id"].isin(list(ids)).to_numpy())
    return rows[np.argsort(events["at"].to_numpy()[rows], kind="stable")]


def around(events: pd.DataFrame, record: str, neighbours: int = NEIGHBOURS) -> Positions:
    """Return the row with this id between its neighbours of the same contact."""
    place = with_ids(events, [record])
    if not len(place):
        return place
    contact = events["contact"].iloc[int(place[0])]
    rows = of_contact(events, None if pd.isna(contact) else str(contact))
    middle = int(np.flatnonzero(rows == place[0])[0])
    return rows[max(0, middle - neighbours) : middle + neighbours + 1]


def saying(events: pd.DataFrame, rows: Positions, query: str) -> Positions:
    """Return those rows whose text holds these words, capitals or not."""
    texts = pa.array(events["text"], pa.string(), from_pandas=True).take(pa.array(rows))
    found = pc.fill_null(pc.match_substring(texts, query, ignore_case=True), fill_value=False)
    matches: Positions = rows[np.asarray(found.to_numpy(zero_copy_only=False), bool)]
    return matches


def within(events: pd.DataFrame, rows: Positions, zone: str, first: Any, last: Any) -> Positions:
    """Return those rows whose local date lies in a stretch of time, both ends included."""
    start, end = (pd.Timestamp(edge).tz_localize(zone) for edge in (first, last + pd.Timedelta(days=1)))
    times = events["at"].iloc[rows]
    return rows[((times >= start) & (times < end)).to_numpy(dtype=bool)]


def what(row: Mapping[str, Any]) -> str:
    """Return what a record is, in words: "Message, deleted" or "Call, missed" or "Call, answered, 2 min 10 s"."""
    parts = [str(row["kind"]).capitalize()]
    parts += [str(row[name]) for name in ("outcome", "status") if _known(row.get(name))]
    if _known(row.get("seconds")) and row["kind"] in ("call", "voicemail"):
        minutes, seconds = divmod(round(float(row["seconds"])), 60)
        parts.append(f"{minutes} min {seconds} s" if minutes else f"{seconds} s")
    if row.get("group") is True:
        parts.append("in a group")
    return ", ".join(parts)


def _known(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def rows(
    events: pd.DataFrame,
    places: Sequence[int] | Positions,
    *,
    zone: str,
    files: Mapping[str, str],
    names: Mapping[str, str],
    shown: bool,
    revealed: Collection[str],
    focus: str | None = None,
) -> list[dict[str, Any]]:
    """Return what the browser needs for each row, and of the texts only those that were asked for."""
    picked = events.iloc[list(places)].to_dict("records")
    return [_row(row, zone, files, names, open_=shown or row["id"] in revealed, focus=row["id"] == focus) for row in picked]


def _row(
    row: Mapping[Any, Any], zone: str, files: Mapping[str, str], names: Mapping[str, str], *, open_: bool, focus: bool
) -> dict[str, Any]:
    text = str(row["text"]) if _known(row["text"]) else None
    contact = str(row["contact"]) if _known(row["contact"]) else "not recorded"
    return {
        "id": row["id"],
        "when": words.clock(row["at"], zone)
        if _known(row["at"])
        else f"No usable time: {words.visible(str(row.get('raw_time') or ''))}",
        "direction": DIRECTION[str(row["direction"])],
        "side": str(row["direction"]),
        "who": names.get(contact, words.visible(contact)),
        "what": what(row),
        "channel": channel_name(str(row["channel"])),
        "text": words.visible(text) if text is not None and open_ else None,
        "hidden": text is not None and not open_,
        "note": words.visible(str(row["note"])) if _known(row.get("note")) else None,
        "media": words.visible(str(row["media"])) if _known(row.get("media")) else None,
        "place": f"{words.visible(files.get(str(row['source']), str(row['source'])[:12]))} · {words.visible(str(row['locator']))}",
        "also": words.visible(str(row["duplicate_of"])) if _known(row.get("duplicate_of")) else None,
        "focus": focus,
    }


_CSS = """
ol { list-style: none; margin: 0; padding: 0; font: 400 0.95rem/1.5 var(--st-font); color: var(--st-text-color); }
li { border-top: 1px solid #e6e3db; padding: 0.7rem 0.25rem 0.7rem 0.9rem; border-left: 3px solid transparent; }
li.in { border-left-color: #35688a; } li.out { border-left-color: #9fbccb; }
li.focus { background: #f6f1e2; }
.head { display: flex; flex-wrap: wrap; gap: 0 0.9rem; align-items: baseline; }
.press { float: right; margin-left: 1rem; }
@media (max-width: 640px) { .press { float: none; margin: 0 0 0.2rem; } .press button { margin: 0 0.4rem 0 0; } li { display: flex; flex-direction: column; } .press { order: 9; } }
.when { font-weight: 600; font-variant-numeric: tabular-nums; }
.quiet { color: #5c6971; font-size: 0.85rem; }
.who { overflow-wrap: anywhere; }
.text { margin: 0.3rem 0 0.2rem; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; max-width: 46rem; }
.place { overflow-wrap: anywhere; font-size: 0.78rem; color: #6b7780; }
button { font: inherit; font-size: 0.85rem; color: #2b5a7a; background: none; border: 1px solid #d5d0c4; border-radius: 0.4rem;
  padding: 0.15rem 0.6rem; margin: 0 0 0.2rem 0.4rem; cursor: pointer; min-height: 1.9rem; }
button:hover { background: #f3f1eb; } button:focus-visible { outline: 2px solid #35688a; }
"""

_JS = """
export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const make = (tag, name, text) => {
    const node = document.createElement(tag)
    if (name) node.className = name
    if (text !== undefined && text !== null) node.textContent = text
    return node
  }
  const press = (label, name, id) => {
    const node = make("button", "", label)
    node.type = "button"
    node.onclick = () => setTriggerValue(name, id)
    return node
  }
  const list = make("ol")
  for (const row of data.rows) {
    const item = make("li", row.side + (row.focus ? " focus" : ""))
    item.dataset.id = row.id
    const head = make("div", "head")
    head.append(make("span", "when", row.when), make("span", "", row.direction), make("bdi", "who", row.who),
      make("span", "quiet", row.what + " · " + row.channel))
    const presses = make("div", "press")
    if (row.hidden) presses.append(press("Show the text", "reveal", row.id))
    if (data.around) presses.append(press("Before and after", "around", row.id))
    item.append(presses, head)
    if (row.text !== null) item.append(make("p", "text", row.text))
    if (row.media) item.append(make("div", "quiet", "Attachment: " + row.media))
    if (row.note) item.append(make("div", "quiet", "Note: " + row.note))
    item.append(make("div", "place", row.place + " · " + row.id))
    if (row.also) item.append(make("div", "place", "The same record as " + row.also + "; counted once"))
    list.append(item)
  }
  parentElement.querySelector("#records").replaceChildren(list)
}
"""

_list = st.components.v2.component("detector_records", html='<div id="records"></div>', css=_CSS, js=_JS)


def show(listed: list[dict[str, Any]], *, around: bool, key: str = "records") -> None:
    """Show rows; what is pressed on them is kept in `revealed` and `message_view` of the session."""
    _list(
        key=key,
        data={"rows": listed, "around": around},
        on_reveal_change=lambda: _reveal(key),
        on_around_change=lambda: _around(key),
    )


def _reveal(key: str) -> None:
    st.session_state.setdefault("revealed", set()).add(st.session_state[key].reveal)


def _around(key: str) -> None:
    st.session_state["message_view"] = {"around": st.session_state[key].around}
