"""What all files of a Facebook or Instagram download ("Download your information", JSON) have in common.

Meta writes each byte of a UTF-8 text as one ``\\u00XX`` escape, so that a text comes out of the JSON as Latin-1 read from
UTF-8; each string is put right by itself, because newer files hold some that are right already (seen in msgvault's and
HPI's readers). Messages are dated in milliseconds since 1970 UTC, everything else in seconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from detector.export import Export

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EITHER = "messenger/instagram"
"""The channel where neither the path nor the files beside it tell which of the two it is."""

_FACEBOOK = re.compile(r"facebook|messenger", re.IGNORECASE)
_INSTAGRAM = re.compile(r"instagram", re.IGNORECASE)
_FACEBOOK_FILES = (
    "profile_information/profile_information.json",
    "connections/friends/your_friends.json",
    "/friends_and_followers/friends.json",
)
_INSTAGRAM_FILES = ("personal_information/personal_information.json", "account_information/personal_information.json")
_INSTAGRAM_FOLDER = "/followers_and_following/"
_MICROSECONDS, _MILLISECONDS, _FIRST_SECONDS = 10**14, 10**11, 10**9
_LARGEST = 10**20


def repaired(text: str) -> str:
    """Return the text as it was written; the text itself where it is not Meta's broken kind."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def broken_texts(values: Iterable[Any]) -> int:
    """Count the texts among these values, and inside them, that `repaired` changes."""
    count = 0
    inside: list[Any] = []
    for value in values:
        if type(value) is str:
            count += not value.isascii() and repaired(value) != value
        elif type(value) is list or type(value) is dict:
            inside.append(value)
    while inside:
        value = inside.pop()
        for item in value.values() if type(value) is dict else value:
            if type(item) is list or type(item) is dict:
                inside.append(item)
            elif type(item) is str:
                count += not item.isascii() and repaired(item) != item
    return count


def text_of(value: Any) -> str | None:
    """Return a text field repaired; what is no text, as the JSON it was."""
    if value is None or isinstance(value, str):
        return None if value is None else repaired(value)
    return orjson.dumps(value, default=str).decode()


def folded(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class Moment(NamedTuple):
    """A time as a number since 1970 UTC. `at` is None where no date can be made of it."""

    at: datetime | None
    raw: str | None
    note: str | None = None


def moment(value: Any, unit: str = "ms") -> Moment:
    """Read a time; a number that can only be of another unit than the field's is read in that, and says so."""
    if type(value) is int and unit == "ms" and _MILLISECONDS <= value < _MICROSECONDS:
        return Moment(EPOCH + timedelta(milliseconds=value), str(value))
    if value is None:
        return Moment(None, None)
    raw = value if isinstance(value, str) else _written(value)
    try:
        number: int | Decimal = value if isinstance(value, int) else Decimal(raw)
        if isinstance(value, bool) or max(number, -number) > _LARGEST:
            return Moment(None, raw)
        used = _unit(max(number, -number), unit)
        at = EPOCH + timedelta(microseconds=int(number * {"s": 1_000_000, "ms": 1000, "us": 1}[used]))
    except (ArithmeticError, ValueError, TypeError):
        return Moment(None, raw)
    return Moment(at, raw, None if used == unit else f"time read as {_NAMES[used]}")


def _written(value: Any) -> str:
    """Write a value out; a number of thousands of digits is none that Python writes."""
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"


_NAMES = {"s": "seconds", "ms": "milliseconds", "us": "microseconds"}


def _unit(number: int | Decimal, unit: str) -> str:
    """Tell the unit by size: seconds stay below 10^11 until the year 5138, milliseconds below 10^14."""
    if number >= _MICROSECONDS:
        return "us"
    if unit == "s":
        return "ms" if number >= _MILLISECONDS else "s"
    return "s" if _FIRST_SECONDS <= number < _MILLISECONDS else "ms"


def channel(export: Export) -> str:
    """Tell Messenger from Instagram by the folders above, else by the files beside it, else `EITHER`."""
    above = re.split(r"/messages/", "/" + export.name)[0] if "/messages/" in "/" + export.name else export.name.rpartition("/")[0]
    for part in reversed(above.split("/")):
        if _INSTAGRAM.search(part):
            return "instagram"
        if _FACEBOOK.search(part):
            return "messenger"
    return _by_neighbours(export.extract[0] if export.extract else export)


@lru_cache(maxsize=8)
def _by_neighbours(first: Export) -> str:
    names = [other.name for other in first.extract]
    instagram = any(name.endswith(_INSTAGRAM_FILES) or _INSTAGRAM_FOLDER in name for name in names)
    facebook = any(name.endswith(_FACEBOOK_FILES) for name in names)
    return EITHER if instagram == facebook else "instagram" if instagram else "messenger"
