"""Whose Facebook or Instagram download it is: the exports mark nobody as the owner, they only name people.

In this order: the names given (``--owner``), the profile file of the download, the one name that takes part in all
conversations. A name counts for a conversation only if it occurs there, or if the owner is no longer a member; otherwise
the owner stays unknown and no direction is guessed. Two people with one name cannot be told apart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

import orjson

from detector.export import ZIP_ERRORS, Export
from detector.meta import EITHER, channel, folded, repaired
from detector.meta_glance import Glance, glance, participants
from detector.meta_reading import BOM

PART = re.compile(r"/message_\d+\.json$")
PROFILES = ("profile_information.json", "personal_information.json")
_PROFILE_BYTES = 8 << 20
_LABELS = tomllib.loads(Path(__file__).with_name("meta_phrases.toml").read_text("utf-8"))["labels"]
NAME_LABELS = frozenset(map(folded, _LABELS["name"]))
USERNAME_LABELS = frozenset(map(folded, _LABELS["username"]))


@dataclass(frozen=True)
class Owner:
    """The owner's names, folded; empty if unknown. `basis` says how that is known, or why not."""

    names: frozenset[str]
    shown: str | None
    basis: str


def owner_of(export: Export, people: dict[str, str], seen: Glance) -> Owner:
    """Say who of these people (by folded name) the owner is."""
    unnamed = Owner(frozenset(), None, _unknown(export, people))
    doubled = {name for name in people if [folded(each) for each in seen.participants or ()].count(name) > 1}
    for shown, basis in _candidates(export):
        names = frozenset(map(folded, shown))
        if names & doubled:
            return Owner(
                frozenset(), None, f'two participants are called "{people[min(names & doubled)]}": directions cannot be told'
            )
        if names & people.keys():
            return Owner(names, people[min(names & people.keys())], basis)
        if seen.still_member is False and (used := names & _named_anywhere(export)):
            return Owner(names, next(name for name in shown if folded(name) in used), basis)
    return unnamed


def _unknown(export: Export, people: dict[str, str]) -> str:
    here = ", ".join(f'"{name}"' for name in list(people.values())[:6]) or "nobody"
    given = "none of the names given with --owner occurs here; " if export.options.owner else ""
    return f"{given}the owner of the account is not known, so no direction is; --owner NAME settles it (named here: {here})"


def _candidates(export: Export) -> Iterator[tuple[tuple[str, ...], str]]:
    yield export.options.owner, "given"
    first, which = (export.extract[0] if export.extract else export), channel(export)
    for names, service, file in _profiles(first):
        if which in (service, EITHER):
            yield names, file.title
    common = _in_all(first, which)
    if common:
        yield (common,), "the only name in all conversations"


def _named_anywhere(export: Export) -> set[str]:
    """Return who takes part in any conversation, folded: a name that occurs nowhere is none that the service showed."""
    threads = _threads(export.extract[0] if export.extract else export, channel(export))
    return {name for names in threads.values() for name in names}


@lru_cache(maxsize=16)
def _profiles(first: Export) -> tuple[tuple[tuple[str, ...], str, Export], ...]:
    """Return the names in each profile file, and of which service it is."""
    found = []
    for file in first.beside(*PROFILES):
        data = _profile(file)
        users = data.get("profile_user")
        maps = [user.get("string_map_data") for user in (users if isinstance(users, list) else ()) if isinstance(user, dict)]
        instagram = tuple(name for values in maps for name in _instagram_names(values))
        facebook = tuple(_facebook_names(data.get("profile_v2") or data.get("profile")))
        found += [(names, which, file) for names, which in ((facebook, "messenger"), (instagram, "instagram")) if names]
    return tuple(found)


def _profile(file: Export) -> dict[str, Any]:
    try:
        with file.open() as stream:
            data = orjson.loads(stream.read(_PROFILE_BYTES).removeprefix(BOM))
    except (ValueError, OSError, RuntimeError, EOFError, *ZIP_ERRORS):
        return {}
    return data if isinstance(data, dict) else {}


def _facebook_names(profile: Any) -> Iterator[str]:
    name = profile.get("name") if isinstance(profile, dict) else None
    full = name.get("full_name") if isinstance(name, dict) else name
    if isinstance(full, str) and full.strip():
        yield repaired(full)


def _instagram_names(values: Any) -> Iterator[str]:
    for label, entry in values.items() if isinstance(values, dict) else ():
        value = entry.get("value") if isinstance(entry, dict) else None
        if folded(repaired(label)) in NAME_LABELS | USERNAME_LABELS and isinstance(value, str) and value.strip():
            yield repaired(value)


def _in_all(first: Export, which: str) -> str | None:
    """Return the one name in all conversations of two, or else in all, if there are at least two."""
    threads = _threads(first, which)
    direct = [names for names in threads.values() if len(names) == 2]
    for sets in (direct, list(threads.values())):
        common = reduce(lambda a, b: {name: a[name] for name in a if name in b}, sets) if len(sets) > 1 else {}
        if len(common) == 1:
            return next(iter(common.values()))
    return None


@lru_cache(maxsize=16)
def _threads(first: Export, which: str) -> dict[str, dict[str, str]]:
    """Return who takes part in each conversation in which the owner must be named."""
    threads: dict[str, dict[str, str]] = {}
    for file in first.extract or [first]:
        if not file.name.lower().endswith(".json") or not is_thread(file) or channel(file) != which:
            continue
        names = participants(file)
        if names and len(names) > 2:
            left = glance(file).still_member is False
            names = None if left else (*names, *glance(file).senders)
        if names and len({folded(name) for name in names}) > 1:
            key = PART.sub("", "/" + file.name)
            threads.setdefault(key, {}).update((folded(name), name) for name in names)
    return threads


_PEOPLE = re.compile(rb'"participants"\s*:\s*\[\s*\{\s*"name"\s*:')
_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
_SENDER = re.compile(rb'"sender_name"\s*:')
_TIME = re.compile(rb'"timestamp_ms"\s*:')


def is_thread(export: Export) -> bool:
    """Tell by its beginning whether a file is a thread of messages, not of the end-to-end encrypted kind."""
    head = export.head
    if not head.lstrip(BOM + b" \t\r\n").startswith(b"{"):
        return False
    if b'"senderName"' in head and not _SENDER.search(head):
        return False
    if _PEOPLE.search(head):
        return bool(_MESSAGES.search(head) or _SENDER.search(head) or PART.search("/" + export.name))
    return bool(_MESSAGES.search(head) and _SENDER.search(head) and _TIME.search(head))
