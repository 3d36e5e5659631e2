"""The words of tables: what a header cell or a value such as "Missed" means, in the languages of headers/<language>.toml.

A header cell is known if all of it is known: "Date" is, "Birth date" is not. Before that, what a header says about its
values is taken off: a zone ("Time (UTC)", "Date - UTC+01:00", "Date (Europe/London)"), the order of a date
("(dd/MM/yyyy)") and the unit of a length ("Duration (min)"). Case, accents and punctuation do not matter.

A value is known if all of it, or every word of it, is known: "Missed call" is, "not received" is not, because "received"
alone would say the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, timedelta, timezone
from functools import lru_cache
from typing import get_args

from detector.errors import UsageError
from detector.event import Direction, Kind, Outcome
from detector.export import DateOrder
from detector.tables.languages import Language, Role, languages, owners, plain, withheld
from detector.zones import zone_info

CHANNELS = {
    "imessage": "imessage", "facetime": "facetime", "whatsapp": "whatsapp", "instagram": "instagram", "messenger": "messenger",
    "telegram": "telegram", "signal": "signal", "snapchat": "snapchat", "viber": "viber", "tiktok": "tiktok",
    "discord": "discord", "skype": "skype", "teams": "teams", "wechat": "wechat", "kik": "kik", "rcs": "rcs", "mms": "mms",
    "sms": "sms",
}  # fmt: skip
"""Names of services that stand somewhere in a cell ("WhatsApp Messages", "FaceTime Video"), and the channel they are."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the value of a type, direction or status column says."""

    direction: Direction | None = None
    outcome: Outcome | None = None
    kind: Kind | None = None
    channel: str | None = None
    status: str | None = None
    data: bool = False  # use of data: no contact with anybody


MEANINGS: Mapping[str, Meaning] = {
    "in": Meaning(direction="in"),
    "out": Meaning(direction="out"),
    "missed": Meaning("in", "missed", "call"),
    "rejected": Meaning(None, "rejected", "call"),
    "blocked": Meaning("in", "blocked", "call"),
    "answered": Meaning(None, "answered", "call"),
    "unanswered": Meaning(None, "unanswered", "call"),
    "voicemail": Meaning(None, "voicemail", "voicemail"),
    "call": Meaning(kind="call"),
    "message": Meaning(kind="message"),
    "sms": Meaning(kind="message", channel="sms"),
    "mms": Meaning(kind="message", channel="mms"),
    "email": Meaning(kind="message", channel="email"),
    "notice": Meaning(kind="notice"),
    "data": Meaning(data=True),
    "draft": Meaning("out", status="draft"),
    "outbox": Meaning("out", status="outbox"),
    "failed": Meaning(status="failed"),
    "queued": Meaning("out", status="queued"),
    "scheduled": Meaning("out", status="scheduled"),
    "neutral": Meaning(),
}  # fmt: skip
"""The words that [values] of a language and [words] of a mapping may give a value."""

TEXTING = MEANINGS["sms"]
_SMS = re.compile(r"SMS|MMS")  # operators' codes such as "mSTerminatingSMSinMSC" are no words, but no calls either


@dataclass(frozen=True, slots=True)
class Heading:
    """A header cell: its words, and what it says about the values below it."""

    words: str
    zone: str | None = None
    order: DateOrder | None = None
    unit: float | None = None  # seconds in one


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def is_withheld(text: str) -> bool:
    """Tell whether a cell says that the number was withheld or is not known."""
    return plain(text) in withheld()


def is_owner_word(text: str) -> bool:
    """Tell whether a cell names the owner of the device, as "Me" does."""
    return plain(text) in owners()


_ZONE = re.compile(r"[\s\-–]*[(\[]?\b(?:UTC|GMT)\b\s*(?:([+-−])\s?(\d{1,2})(?::?(\d{2}))?)?[)\]]?(?![\w/])", re.IGNORECASE)
_PLACE = re.compile(r"\s*[(\[]((?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic|Indian)/[\w/+-]+)[)\]]")
_ORDER = re.compile(r"\s*[(\[]\s*([dmy]+)[/.\- ]([dmy]+)[/.\- ]([dmy]+)[^)\]]*[)\]]", re.IGNORECASE)
_UNIT = re.compile(r"(?:^|[\s(\[_])(?:in )?(s|secs?|seconds?|mins?|minutes?)[)\]]?\s*$", re.IGNORECASE)


@lru_cache(maxsize=1 << 12)
def heading(cell: str) -> Heading:
    """Read a header cell."""
    text, zone, order = cell.strip().lstrip("\ufeff"), None, None
    if match := _ZONE.search(text):
        sign, hours, minutes = match.groups()
        zone = (
            "UTC"
            if not int(hours or 0) + int(minutes or 0)
            else f"UTC{'+' if sign == '+' else '-'}{int(hours):02}:{minutes or '00'}"
        )
        text = text[: match.start()] + " " + text[match.end() :]
    elif match := _PLACE.search(text):
        zone, text = match.group(1), text[: match.start()] + " " + text[match.end() :]
    if match := _ORDER.search(text):
        order = _order("".join(part[0].upper() for part in match.groups()))
        text = text[: match.start()] + " " + text[match.end() :]
    unit = _UNIT.search(text)
    seconds = None if not unit else 60.0 if unit.group(1).lower().startswith("m") else 1.0
    return Heading(plain(text) or plain(cell), zone, order, seconds)


def _order(letters: str) -> DateOrder | None:
    return next((order for order in get_args(DateOrder) if order == letters), None)


@lru_cache(maxsize=1 << 12)
def header_role(cell: str) -> tuple[Role, Language] | None:
    """Return what a header cell stands for, and in which language; None if it is not known."""
    for words in _forms(cell):
        for language in languages():
            if role := language.headers.get(words):
                return role, language
    return None


_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")


def _forms(cell: str) -> tuple[str, ...]:
    """Return the ways to read a header cell: as it is, without what stands in brackets, CamelCase as words."""
    bare = _BRACKETS.sub(" ", cell)
    return tuple(dict.fromkeys((heading(cell).words, heading(bare).words, plain(bare), plain(_CAMEL.sub(" ", cell)))))


def header_pages(cell: str) -> set[str]:
    """Return the code pages of the languages that know a header cell."""
    return {language.codepage for words in _forms(cell) for language in languages() if words in language.headers}


def says_contact(cell: str) -> bool:
    """Tell whether only a record of calls or messages would have this header cell."""
    return any(words in language.contact for words in _forms(cell) for language in languages())


def is_foreign(cell: str) -> bool:
    """Tell whether no record of calls or messages would have this header cell."""
    return any(words in language.foreign for words in _forms(cell) for language in languages())


@lru_cache(maxsize=1 << 12)
def meaning(value: str) -> Meaning | None:
    """Return what the value of a type, direction or status column says; None if it is not known."""
    words, whole = plain(value).split(), Meaning()
    if not words or len(words) > 8:
        return None
    while words:
        for length in range(len(words), 0, -1):
            if part := _phrase(" ".join(words[:length])):
                break
        else:
            return TEXTING if _SMS.search(value) else None
        whole, words = merged(whole, part), words[length:]
    return whole


def _phrase(words: str) -> Meaning | None:
    for language in languages():
        if name := language.values.get(words):
            return MEANINGS[name]
    return Meaning(channel=CHANNELS[words]) if words in CHANNELS else None


def merged(first: Meaning, second: Meaning) -> Meaning:
    """Join two meanings; the first wins, but where they name opposite directions there is none."""
    opposite = first.direction and second.direction and first.direction != second.direction
    return replace(
        first,
        direction="unknown" if opposite else first.direction or second.direction,
        outcome=first.outcome or second.outcome,
        kind=first.kind or second.kind,
        channel=first.channel or second.channel,
        status=first.status or second.status,
        data=first.data or second.data,
    )


def channel(value: str) -> str | None:
    """Return the channel that a service column names, in its own words if it is not known."""
    words = plain(value)
    found = next((known for name, known in CHANNELS.items() if name in words), None)
    if found or not words:
        return found
    said = meaning(value)
    if said and (said.channel or said.kind):
        return said.channel or {"call": "phone"}.get(said.kind or "")
    return words


def zone_offset(name: str) -> timezone | None:
    """Return the offset of a zone such as "UTC" or "UTC+05:30"; None for a place such as Europe/London."""
    match = re.fullmatch(r"UTC(?:([+-])(\d{1,2})(?::?(\d{2}))?)?", name.strip())
    if not match:
        return None
    length = timedelta(hours=int(match.group(2) or 0), minutes=int(match.group(3) or 0))
    return UTC if not length else timezone(-length if match.group(1) == "-" else length)


def is_zone(name: object) -> bool:
    """Tell whether this is a zone that times can be read in."""
    if not isinstance(name, str):
        return False
    try:
        return zone_offset(name) is not None or bool(zone_info(name))
    except (UsageError, ValueError):
        return False
