"""A conversation of Messenger or Instagram: who is in it, which side each name is on, where it was kept.

`participants` lists only those who are still members, so whoever wrote in it counts as well: three people or more are a
group. The folder tells how the service had sorted it: message requests and filtered threads are where strangers arrive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from detector.event import Direction
from detector.export import Export
from detector.meta import channel, folded
from detector.meta_glance import glance
from detector.meta_owner import PART, Owner, owner_of
from detector.meta_phrases import DELETED, GONE

FOLDERS = {
    "inbox": "inbox",
    "archived_threads": "archived",
    "filtered_threads": "filtered",
    "message_requests": "requests",
    "e2ee_cutover": "e2ee_cutover",
}
_IN_PATH = re.compile(r"(?:^|/)(?:messages/([^/]+)|(" + "|".join(FOLDERS) + r"))/[^/]+/[^/]+$")


@dataclass(frozen=True)
class Side:
    """What the writer of a message means for the record."""

    direction: Direction
    handle: str | None
    recipients: str | None
    note: str | None


@dataclass(frozen=True, eq=False)
class Conversation:
    """One thread. `people` are all who take part or wrote, by folded name; `known` the folded names alone."""

    channel: str
    folder: str | None
    thread: str | None
    group: bool
    people: dict[str, str]
    known: frozenset[str]
    members: tuple[str, ...]
    owner: Owner
    partner: str | None  # the other one of two
    sides: dict[str | None, Side] = field(default_factory=dict)

    def side(self, sender: str | None) -> Side:
        """Say who the other side is when this person writes."""
        if sender not in self.sides:
            self.sides[sender] = self._side(sender)
        return self.sides[sender]

    def _side(self, sender: str | None) -> Side:
        if sender is None or not self.owner.names:
            return Side("unknown", sender, self._others(sender), _shared(sender))
        if folded(sender) not in self.owner.names:
            return Side("in", sender, self._others(sender), _shared(sender))
        handle = None if self.group else self.partner
        return Side("out", handle, self._others(sender), _shared(handle))

    def _others(self, sender: str | None) -> str | None:
        if not self.group:
            return None
        return "; ".join(name for name in self.members if sender is None or folded(name) != folded(sender)) or None


def _shared(handle: str | None) -> str | None:
    return GONE if handle is not None and folded(handle) in DELETED else None


@lru_cache(maxsize=64)
def conversation(export: Export) -> Conversation:
    """Find out about the conversation that a file holds a part of."""
    seen = glance(export)
    names = [
        *(seen.participants or ()),
        *seen.senders,
        *(name for part in _parts(export) for name in glance(part).senders),
    ]
    people: dict[str, str] = {}
    for name in names:
        people.setdefault(folded(name), name)
    owner = owner_of(export, people, seen)
    group = len(people) > 2 or seen.kind == "RegularGroup"
    return Conversation(
        channel(export),
        _folder(export, seen.path),
        _thread(export, seen.title, seen.path),
        group,
        people,
        frozenset(people),
        seen.participants or tuple(people.values()),
        owner,
        None if group else _partner(people, owner, seen.title),
    )


def _partner(people: dict[str, str], owner: Owner, title: str | None) -> str | None:
    """Name the other one of two; the title names a person whom the participants no longer do."""
    others = [name for key, name in people.items() if key not in owner.names]
    if others:
        return others[0] if len(others) == 1 else None
    return title if title and folded(title) not in owner.names else None


def _parts(export: Export) -> tuple[Export, ...]:
    """Return the numbered files of the same conversation, itself among them."""
    if not PART.search("/" + export.name):
        return ()
    return _by_folder(export.extract[0] if export.extract else export).get(export.name.rpartition("/")[0], ())


@lru_cache(maxsize=8)
def _by_folder(first: Export) -> dict[str, tuple[Export, ...]]:
    folders: dict[str, tuple[Export, ...]] = {}
    for file in first.extract:
        if PART.search("/" + file.name):
            folder = file.name.rpartition("/")[0]
            folders[folder] = (*folders.get(folder, ()), file)
    return folders


def _folder(export: Export, path: str | None) -> str | None:
    found = _IN_PATH.search(export.name)
    name = (found[1] or found[2]) if found else (path or "").partition("/")[0] if "/" in (path or "") else None
    return FOLDERS.get(name, name) if name else None


def _thread(export: Export, title: str | None, path: str | None) -> str | None:
    """Name the conversation by its title and its folder, because titles repeat and folders are hard to read."""
    below = PurePosixPath(path or "").name or (PurePosixPath(export.name).parent.name if _IN_PATH.search(export.name) else "")
    return f"{title} [{below}]" if title and below else title or below or None
