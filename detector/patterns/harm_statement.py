"""Messages that mention harm (P30).

Shows: messages in which a cue for harm to a person is met and no rule for jokes, idiom, quotation or the like set it aside.
Proof: every such message; one is enough, and each one is for a person to read with what stood around it. It is no statement
that a threat was made. The same to look at: jokes, lyrics, gaming, idiom, quoting the other side, news, one's own fear, dialect.
Escapes: harm put in words that no cue knows, other languages, pictures and voice notes; drafts are left out since they
reached nobody, and messages of unknown direction since nobody can be named for them.

It runs over everyone: groups (the writers are in `writers`), automated senders, and messages left by callers who withheld
their number, who are not one person. Beside it stand the same side's messages whose harm cue was set aside, and strong
language (harm or insult) by the other side within a day before or after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import HOUR, Events, Flags, Pair, Rows


@dataclass(frozen=True)
class Settings:
    """Why 1: a missed mention of harm costs most; every one is offered for reading."""

    messages: int = 1  # messages that mention harm
    hours_around: int = 24  # strong language by the other side so long before or after stands beside it


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each pair and direction, listing every message."""
    if events.hits is None or events.hits.empty:
        return
    harm = events.hits[(events.hits["label"] == "harm").to_numpy()].sort_values(["row", "cue"])
    spoken = events.delivered & ~events.is_("kind", "notice")
    meant, set_aside = _flags(events, harm["suppressed"].isna(), harm), _flags(events, harm["suppressed"].notna(), harm)
    strong = meant | np.isin(np.arange(len(meant)), events.labelled("insult"))
    for pair, rows in events.having(meant & spoken, settings.messages, everyone=True):
        yield _finding(settings, pair, rows, harm, set_aside & spoken, strong & spoken)


def _flags(events: Events, which: pd.Series[bool], hits: pd.DataFrame) -> Flags:
    flags = np.zeros(len(events.table), bool)
    flags[hits.loc[which, "row"].to_numpy(np.int64)] = True
    return flags


def _finding(settings: Settings, pair: Pair, rows: Rows, harm: pd.DataFrame, set_aside: Flags, strong: Flags) -> Finding:
    hits = harm.iloc[slice(*np.searchsorted(harm["row"], (pair.start, pair.stop)))]
    hits = hits[hits["row"].isin(rows) & hits["suppressed"].isna()].drop_duplicates(["row", "cue"])
    cues = {str(cue): int(number) for cue, number in sorted(hits["cue"].value_counts().items())}
    same = _side(pair, set_aside, pair.direction)
    others = _near(pair, _side(pair, strong, pair.opposite), rows, settings.hours_around * HOUR)
    days, own = pair.days(rows), np.setdiff1d(same, rows)
    return found(
        PATTERN, settings, pair, rows, strength="Possible", counter=np.union1d(own, others),
        measured={
            "messages": len(rows), "days": days, "messages_by_cue": cues,
            "also_set_aside": int(np.isin(rows, same).sum()), "only_set_aside": len(own),
            "strong_language_by_other_side": len(others), "writers": _writers(pair, rows),
        },
        summary=f"{counted(len(rows), 'message')} {_source(pair)} on {counted(days, 'day')}, in which a cue for harm is met "
                f"({', '.join(cues)}): to be read in context by a person. "
                f"{counted(len(others), 'message')} of the other side with strong language within {settings.hours_around} hours.",
    )  # fmt: skip


def _side(pair: Pair, flags: Flags, direction: str) -> Rows:
    """Rows of the pair with this flag and direction."""
    those = slice(pair.start, pair.stop)
    return pair.start + np.flatnonzero(flags[those] & pair.events.is_("direction", direction)[those])


def _near(pair: Pair, rows: Rows, others: Rows, width: int) -> Rows:
    """Those rows that are no further from one of the others than the width."""
    us, times = pair.us(rows), pair.us(others)
    return rows[np.searchsorted(times, us - width, "left") < np.searchsorted(times, us + width, "right")]


def _writers(pair: Pair, rows: Rows) -> dict[str, int]:
    """Messages by handle, where others than the owner wrote them."""
    if pair.direction == "out":
        return {}
    handles = pair.events.table["handle"].take(rows).dropna().astype(str).value_counts()
    return {str(handle): int(number) for handle, number in sorted(handles.items())}


def _source(pair: Pair) -> str:
    """Say whose messages they are, without making a group or a bucket of callers one person."""
    kind = pair.events.set_aside.get(pair.contact)
    if kind == "withheld" and pair.direction == "in":
        return "from withheld numbers (callers not identified, not necessarily one person)"
    place = f"the group {pair.contact}" if kind == "group" else pair.contact
    if pair.direction == "out":
        return f"by the owner of the device to {place}"
    return f"by others in {place}" if kind == "group" else f"from {place}"


PATTERN = Pattern("harm_statement", "Messages that mention harm", ("R",), find, Settings())
