"""Lists of people in a Facebook or Instagram download: blocked, restricted, requests received and sent, friends removed.

Times are seconds since 1970 UTC. Each list is known by the key it stands under, or by the name of its file where a newer
download writes a bare list. An entry has one of three shapes: ``{"name", "timestamp"}`` (Facebook), ``{"title",
"string_list_data": [{"href", "value", "timestamp"}]}`` (Instagram; the account is in `value`, in newer ones only in `title` or
at the end of `href`), or ``{"timestamp", "label_values": [{"label", "value"}]}`` with labels in the owner's language. A list
of one entry may stand there without its brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detector.errors import ExportError, RecordError
from detector.event import Direction, Event, Kind
from detector.export import Export, Format, Problem, Record, Skip
from detector.meta import channel, folded, moment, repaired, text_of
from detector.meta_owner import NAME_LABELS, PROFILES, USERNAME_LABELS
from detector.meta_phrases import DELETED, GONE
from detector.meta_reading import UNPARSED, document, streamed


@dataclass(frozen=True)
class Listing:
    """A list and what an entry in it means. `kind` None: accounts only, nobody made contact."""

    name: str
    files: str  # what the name of its file begins with; letters only
    keys: str  # what it may stand under
    kind: Kind | None
    direction: Direction = "out"
    status: str | None = None
    note: str | None = None


PROFILE = "profile"
_PROFILE = re.compile(rb'\{\s*"profile\w*"\s*:')
_OPEN = "still open when the data was downloaded"
_BLOCKED = "the time is that of the block; a block that was lifted is not listed"
_REFUSED = "the export does not say whether the time is that of the request or of its refusal"
LISTINGS = (
    Listing(
        "blocked",
        r"blocked(profiles|accounts|users|contacts|people)|(messenger)?(contacts|profiles|people|accounts)?youveblocked",
        "relationships_blocked_users blocked_users_v2 blocked_users",
        "notice",
        "out",
        "blocked",
        _BLOCKED,
    ),
    Listing("restricted", "restricted(profiles|accounts|users)", "relationships_restricted_users", "notice", "out", "restricted"),
    Listing("story hidden", "hidestoryfrom", "relationships_hide_stories_from", "notice", "out", "story hidden"),
    Listing(
        "follow requests received",
        "followrequestsyouvereceived",
        "relationships_follow_requests_received",
        "request",
        "in",
        "pending",
        _OPEN,
    ),
    Listing(
        "follow requests sent", "pendingfollowrequests", "relationships_follow_requests_sent", "request", "out", "pending", _OPEN
    ),
    Listing(
        "recent follow requests",
        "recentfollowrequests|permanentfollowrequests",
        "relationships_permanent_follow_requests relationships_follow_requests_permanent "
        "relationships_following_permanent_follow_requests",
        "request",
        "out",
    ),
    Listing("unfollowed", "recentlyunfollowed", "relationships_unfollowed_users", "notice", "out", "unfollowed"),
    Listing(
        "friend requests received",
        "receivedfriendrequests|friendrequestsreceived",
        "received_requests_v2 received_requests",
        "request",
        "in",
        "pending",
        _OPEN,
    ),
    Listing(
        "friend requests sent",
        "sentfriendrequests|friendrequestssent",
        "sent_requests_v2 sent_requests",
        "request",
        "out",
        "pending",
        _OPEN,
    ),
    Listing(
        "friend requests refused",
        "rejectedfriendrequests",
        "rejected_requests_v2 rejected_requests",
        "request",
        "in",
        "rejected",
        _REFUSED,
    ),
    Listing("friends removed", "removedfriends", "deleted_friends_v2 deleted_friends", "notice", "out", "removed friend"),
    Listing(
        "accounts",
        "follow(ers|ing)|closefriends|removedsuggestions|(profiles|accounts)youvefavorited|yourfriends|friends$|whoyou",
        "relationships_following relationships_followers relationships_close_friends relationships_dismissed_suggested_users "
        "relationships_feed_favorites relationships_following_hashtags friends_v2 friends following_v2 following_v3 followers_v2 "
        "followers_v3",
        None,
    ),
)
_BY_NAME = {listing.name: listing for listing in LISTINGS}
_BY_KEY = {key: listing for listing in LISTINGS for key in listing.keys.split()}
_OWN_KEY = re.compile(r"relationships_|.*_v\d$")
_KEY = re.compile(rb'\{\s*"([a-z_\d]+)"\s*:\s*[\[{]')
_ENTRY = re.compile(rb'\[?\s*(?:\{[^\[\]{}]*"(?:label_values|media|string_list_data|media_list_data|timestamp)"\s*:|\])')
_START = b"\xef\xbb\xbf \t\r\n"


def _named(export: Export) -> Listing | None:
    """Tell the list by the name of its file, whatever became of its apostrophe and its number."""
    stem = re.sub(r"[^a-z]", "", export.title.lower().rpartition(".")[0])
    return next((listing for listing in LISTINGS if re.match(rf"(?:{listing.files})", stem)), None)


def _first_key(export: Export) -> str | None:
    found = _KEY.match(export.head.lstrip(_START))
    return found[1].decode() if found else None


def recognises(export: Export) -> bool:
    """Look for a list under a known key, or for entries of a known shape in a file of a known name."""
    if not export.name.lower().endswith(".json"):
        return False
    if _is_profile(export):
        return True
    key = _first_key(export)
    if key in _BY_KEY:
        return bool(_OWN_KEY.match(key)) or _named(export) is not None
    return bool(_named(export) and _ENTRY.match(export.head.lstrip(_START)))


def _is_profile(export: Export) -> bool:
    return export.title in PROFILES and _PROFILE.match(export.head.lstrip(_START)) is not None


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Yield each entry of each list; a profile is one record."""
    if _is_profile(export):
        yield "profile", {"list": PROFILE}
        return
    for listing, where, entry in _entries(export):
        if not isinstance(entry, dict):
            yield where, Problem(f"this entry names nobody but is {type(entry).__name__}")
            continue
        for place, person in _people(entry, where):
            yield place, {"list": listing.name, "entry": person}


def _entries(export: Export) -> Iterator[tuple[Listing, str, Any]]:
    whole, named = document(export), _named(export)
    if whole is UNPARSED:
        key = _first_key(export)
        listing = _BY_KEY.get(key or "") or named
        lists = [(listing, key if key in _BY_KEY else None, streamed(export, key if key in _BY_KEY else None))]
    elif isinstance(whole, dict) and (keys := [key for key in whole if key in _BY_KEY]):
        lists = [(_BY_KEY[key], key, whole[key]) for key in keys]
    else:
        lists = [(named, None, whole)]
    for listing, key, entries in lists:
        if listing is None or entries is None or isinstance(entries, (str, int, float)):
            msg = f"{export.title}: there is no list in it; it is another kind of file or was changed"
            raise ExportError(msg)
        for index, entry in enumerate([entries] if isinstance(entries, dict) else entries):
            yield listing, f"{key or ''}[{index}]", entry


def _people(entry: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the people of an entry: most name one, some are a list in themselves."""
    times = entry.get("string_list_data")
    if isinstance(times, list) and len(times) > 1:
        for index, item in enumerate(times):
            yield f"{where}.string_list_data[{index}]", {**entry, "string_list_data": [item]}
        return
    yield from list(_inner(entry, where)) or [(where, entry)]


def _inner(entry: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    values = entry.get("label_values")
    for place, value in enumerate(values if isinstance(values, list) else ()):
        listed = value.get("vec") if isinstance(value, dict) else None
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            labels = item.get("dict") if isinstance(item, dict) else None
            person = {"label_values": labels if isinstance(labels, list) else [item], "time of the list": entry.get("timestamp")}
            yield f"{where}.label_values[{place}].vec[{index}]", person


def event(record: Record, export: Export) -> Event | Skip:
    """Read one entry."""
    if record["list"] == PROFILE:
        return Skip("the owner's profile: read for the owner's name")
    listing = _BY_NAME[record["list"]]
    if listing.kind is None:
        return Skip("a list of accounts, not contact")
    handle, name, time = _person(record["entry"])
    if handle is None and time is None:
        msg = "the entry names no account and no time"
        raise RecordError(msg)
    when, shared = moment(time, "s"), record["entry"].get("time of the list")
    if time is None and shared is not None:
        when = moment(shared, "s")
    else:
        shared = None
    gone = GONE if handle and folded(handle) in DELETED else None
    notes = (
        listing.note,
        when.note,
        gone,
        None if handle else "the entry names no account",
        None if shared is None else "time of the whole list",
    )
    return Event(
        kind=listing.kind,
        channel=_channel(export),
        at=when.at,
        direction=listing.direction,
        handle=handle,
        name=name,
        name_source="profile" if name else None,
        status=listing.status,
        raw_time=when.raw,
        zone="UTC",
        zone_basis="in the value",
        note="; ".join(note for note in notes if note) or None,
    )


def _channel(export: Export) -> str:
    key = _first_key(export) or ""
    if key in _BY_KEY and _OWN_KEY.match(key):
        return "instagram" if key.startswith("relationships_") else "messenger"
    return channel(export)


Person = tuple[str | None, str | None, Any]
"""Account, shown name and time."""


def _person(entry: dict[str, Any]) -> Person:
    if isinstance(entry.get("label_values"), list):
        return _labelled(entry)
    if "string_list_data" in entry:
        items = entry["string_list_data"]
        item = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        account = _text(item.get("value")) or _text(entry.get("title")) or _account(_text(item.get("href")))
        return account, account, item.get("timestamp", entry.get("timestamp"))
    name = _text(entry.get("name")) or _text(entry.get("title"))
    return name, name, entry.get("timestamp")


def _labelled(entry: dict[str, Any]) -> Person:
    """Read label and value pairs: the account by its label or the link to it, the shown name by its label or as what is left."""
    found: dict[str, str] = {}
    time = entry.get("timestamp")
    for pair in entry["label_values"]:
        if isinstance(pair, dict):
            time = time or pair.get("timestamp_value")
            _add(found, folded(_text(pair.get("label")) or ""), _text(pair.get("value")), _account(_text(pair.get("href"))))
    account = found.get("account") or found.get("link")
    name = found.get("name") or found.get("other")
    return account or name, name or account, time


def _add(found: dict[str, str], label: str, value: str | None, link: str | None) -> None:
    account = _account(value) or link
    if account:
        found.setdefault("link", account)
    elif value and not value.startswith("http"):
        kind = "account" if label in USERNAME_LABELS else "name" if label in NAME_LABELS else "other"
        found.setdefault(kind, value)


def _text(value: Any) -> str | None:
    return (text_of(value) or None) if isinstance(value, str) and value.strip() else None


def _account(link: str | None) -> str | None:
    """Return the account at the end of a link to a profile."""
    found = re.match(r"https?://[^/]+/(?:_u/)?(?:profile\.php\?id=)?([^/?#&]+)", link or "")
    return repaired(found[1]) if found else None


FORMAT = Format(
    "meta_lists",
    "Facebook and Instagram lists: blocked, restricted, requests (download, JSON)",
    recognises,
    records,
    event,
    absence="Only what was in force when the data was downloaded: blocks that were lifted and requests that were answered or "
    "withdrawn are missing, and so is whatever the other side blocked.",
)
