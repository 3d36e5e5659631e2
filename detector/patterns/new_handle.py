"""New handles that appear soon after a boundary towards somebody else and may be linked to them (P27).

Shows: that after a stop request, a block or a run of unanswered contact by one contact, a handle that the records had never seen
made contact, and by which cues it may belong to that contact. Proof: the first contact of each new handle, and the records
of the boundary and the cues. A cue is a suggested link (it names itself, carries the same name, a number change, the same text)
or a text nearly the same as one of the contact's latest. The identity behind a handle is not established by this. The same to
look at: couriers and codes, a new colleague of the same first name, a chain message that many forward. Escapes: whoever
waits longer or writes differently, groups, withheld calls, and a handle already attributed to the contact (it is part of it).

Only incoming contact is looked at: the owner's own handles are not in the records. One finding for each stretch of new handles
that meets the rule, and one, "Possible", for every other new handle. Handles that appeared after nothing but a suggested or
unnamed boundary never meet the rule. `count` is the number of new handles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detector.boundaries import Boundary, bounded, told
from detector.finding import Finding, Pattern, counted, found
from detector.likeness import Texts
from detector.pairs import DAY, HOUR, Events, Pair, Rows, clusters

Cue = dict[str, Any]  # cue, reason, records
_DOUBT = {"suggested": " (suggested, not confirmed)"}


@dataclass(frozen=True)
class Settings:
    """Why a cue as well: new handles are everyday; research names account hopping right after a block (judgement)."""

    hours: int = 72  # a new handle no later than this after the boundary
    run: int = 8  # unanswered contacts in a row that make a boundary, as in unanswered_run
    similarity: float = 0.85  # shared groups of three characters, as a share of all, of texts nearly the same
    characters: int = 20  # shorter texts ("Hi, how are you") are alike by chance and not compared
    first_messages: int = 5  # of the new handle that are compared
    last_messages: int = 20  # of the other contact that they are compared with
    new_handles: int = 2  # so many new handles meet the rule
    days: int = 28  # within so many days


@dataclass(frozen=True)
class _Linked:
    """A new handle, what it came after and by which cues it may be linked."""

    pair: Pair
    at: int
    after: list[dict[str, Any]]
    firm: bool
    cues: list[Cue]


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield what new handles may be linked to each contact with a boundary."""
    new = sorted(_newcomers(events), key=lambda pair: (_first(pair), pair.contact))
    if not new:
        return
    first, links, texts = (
        np.array([_first(pair) for pair in new]),
        _links(events),
        Texts(events.table["text"], settings.characters),
    )
    boundaries = dict(bounded(events, "stop", "block"))
    for pair in dict.fromkeys([*events.pairs(), *boundaries]):
        if pair.direction == "in":
            held = boundaries.get(pair, [])
            others = (new[n] for n in _soon_after(pair, held, first, settings))
            linked = (_link(pair, other, held, links, texts, settings) for other in others if other is not pair)
            yield from _findings(settings, pair, [link for link in linked if link])


def _newcomers(events: Events) -> Iterator[Pair]:
    """Yield the contacts whose first record of all is a contact they made."""
    came = events.acts & events.is_("direction", "in")
    return (pair for pair in events.pairs() if pair.direction == "in" and came[pair.start])


def _first(pair: Pair) -> int:
    return int(pair.events.us[pair.start])


def _links(events: Events) -> dict[frozenset[str], list[Any]]:
    links: dict[frozenset[str], list[Any]] = {}
    for link in events.links:
        links.setdefault(frozenset((link.a, link.b)), []).append(link)
    return links


def _in_run(pair: Pair, settings: Settings) -> Rows:
    """Unanswered contacts that have enough others before them in their run."""
    place = np.arange(len(pair.runs)) - np.searchsorted(pair.runs, pair.runs, "left") + 1
    return pair.unanswered[place >= settings.run]


def _soon_after(pair: Pair, held: list[Boundary], first: Rows, settings: Settings) -> list[int]:
    """Return which of the new handles came within the hours after a boundary of this pair."""
    if len(pair.unanswered) < settings.run and not held:
        return []
    times = np.sort(np.r_[pair.us(_in_run(pair, settings)), np.array([boundary.start for boundary in held], np.int64)])
    since = np.searchsorted(times, first - settings.hours * HOUR, "left")
    return np.flatnonzero(since < np.searchsorted(times, first, "left")).tolist()


def _link(
    pair: Pair, other: Pair, held: list[Boundary], links: dict[frozenset[str], list[Any]], texts: Texts, settings: Settings
) -> _Linked | None:
    """Gather the cues that the new handle may be this contact's; None if there is none."""
    at = _first(other)
    cues = [
        {"cue": link.kind, "reason": link.reason, "records": list(link.evidence)}
        for link in links.get(frozenset((pair.contact, other.contact)), [])
    ]
    if not any(cue["cue"] == "same text" for cue in cues):
        cues += _alike(pair, other, texts, settings)
    if not cues:
        return None
    since = [boundary for boundary in held if at - settings.hours * HOUR <= boundary.start < at]
    after = [told(pair.events, boundary) for boundary in since]
    run = pair.between(_in_run(pair, settings), at - settings.hours * HOUR, at - 1)
    if len(run):
        last = pair.events.time(int(pair.us(run)[-1])).isoformat()
        after.append({"kind": "unanswered run", "at": last, "records": list(pair.events.ids(run[-1:]))})
    return _Linked(other, at, after, bool(len(run)) or any(boundary.firm for boundary in since), cues)


def _alike(pair: Pair, other: Pair, texts: Texts, settings: Settings) -> list[Cue]:
    """Return the cue that a first message of the new handle is nearly one of the contact's latest, or nothing."""
    before = pair.between(pair.acts, 0, _first(other) - 1)[-settings.last_messages :]
    match = texts.closest(other.acts[: settings.first_messages], before, settings.similarity)
    if match is None:
        return []
    records = list(pair.events.ids(np.array([match.a, match.b])))
    return [
        {
            "cue": "near-duplicate text",
            "reason": f"{match.share:.2f} of the groups of three letters are shared",
            "records": records,
        }
    ]


def _findings(settings: Settings, pair: Pair, linked: list[_Linked]) -> Iterator[Finding]:
    firm = [new for new in linked if new.firm]
    met: list[_Linked] = []
    for first, last in clusters(np.array([new.at for new in firm], np.int64), settings.new_handles, settings.days * DAY):
        met += firm[first : last + 1]
        yield replace(_finding(settings, pair, firm[first : last + 1]), strength="Pattern")
    yield from (_finding(settings, pair, [new]) for new in linked if new not in met)


def _finding(settings: Settings, pair: Pair, news: list[_Linked]) -> Finding:
    events, rows = pair.events, np.array([new.pair.start for new in news])
    answers = np.concatenate([new.pair.between(new.pair.engagement, new.at, new.at + settings.hours * HOUR) for new in news])
    finding = found(
        PATTERN, settings, pair, rows, strength="Possible", counter=answers[np.argsort(events.us[answers], kind="stable")],
        measured={
            "new_handles": len(news), "days": round((news[-1].at - news[0].at) / DAY, 1), "identity": "not established",
            "handles": [_told(new) for new in news],
        },
        summary=f"{counted(len(news), 'new handle')} made contact within {settings.hours} hours after a boundary towards "
                f"{pair.contact}: {'; '.join(map(_named, news))}. Identity not established.",
    )  # fmt: skip
    records = [record for new in news for part in (*new.after, *new.cues) for record in part["records"]]
    return replace(finding, evidence=tuple(dict.fromkeys([*finding.evidence, *records])))


def _told(new: _Linked) -> dict[str, Any]:
    return {"contact": new.pair.contact, "first": new.pair.events.time(new.at).isoformat(), "after": new.after, "cues": new.cues}


def _named(new: _Linked) -> str:
    """Name the new handle with its cues and what it came after, saying what nobody confirmed."""
    cues = ", ".join(cue["cue"] for cue in new.cues)
    after = ", ".join(part["kind"] + _DOUBT.get(str(part.get("status")), "") for part in new.after)
    return f"{new.pair.contact} (cues: {cues}; after: {after})"


PATTERN = Pattern("new_handle", "New handle soon after a boundary", ("O", "U"), find, Settings())
