"""Handles: the numbers, short codes, sender names, accounts and shown names that stand in the records.

A number is brought to E.164 with the phonenumbers library and the extract's region, so that ``07700 900101`` and
``+447700900101`` are one. Short codes and alphanumeric senders are never turned into numbers, and withheld callers stay withheld.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers

from detector.event import WITHHELD

HandleKind = Literal["number", "short code", "sender name", "e-mail", "name", "account", "withheld"]

TEXTING = ("sms", "mms", "rcs")
_JID = re.compile(r"^(\d{6,15})(?::\d+)?@(?:s\.whatsapp\.net|c\.us)$")
_INVISIBLE = dict.fromkeys(
    [0x200B, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF]
)
_NUMBER = re.compile(r"^[+(\d][\d\s().\-\u2010-\u2012\u00a0/]*$")
_ANY_DIGIT = re.compile(r"\D")
SHORT_CODE_DIGITS = 6


@dataclass(frozen=True)
class Known:
    """What a handle is: its kind, and the key that all its spellings share."""

    kind: HandleKind
    key: str


def known(handle: str, channel: str, region: str) -> Known:
    """Tell what a handle is. `channel` separates accounts of different services that have the same name."""
    if handle == WITHHELD:
        return Known("withheld", WITHHELD)
    plain = handle.translate(_INVISIBLE).strip()
    if jid := _JID.match(plain):
        return _number("+" + jid.group(1), region)
    if _NUMBER.match(plain):
        return _number(plain, region)
    if "@" in plain and " " not in plain:
        return Known("e-mail", plain.casefold())
    if channel in (*TEXTING, "phone"):
        return Known("sender name", plain)
    return Known("name", f"{plain} ({channel})")


@lru_cache(maxsize=100_000)
def _number(written: str, region: str) -> Known:
    digits = _ANY_DIGIT.sub("", written)
    if len(digits) <= SHORT_CODE_DIGITS:
        return Known("short code", digits)
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return Known("number", digits)
    if not phonenumbers.is_possible_number(number):
        return Known("number", digits)
    return Known("number", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
