"""Lengths and numbers in cells.

A length: "61", "61 sec", "1:01" (minutes and seconds), "00:01:01", "PT61S", "1m 1s". A number that a spreadsheet has spoilt is
kept as written and said to be spoilt; the digits that are gone are never guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from detector.tables.languages import plain
from detector.tables.moments import clean

_NUMBER = re.compile(r"(\d+)(?:[.,](\d+))?")
_PARTS = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})(?:[.,](\d+))?")
_ISO = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.IGNORECASE)
_SPOKEN = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?,?\s*(?:and|und|y|et|e|i|en)?\s*")
_UNITS = {
    3600: "h hr hrs hour hours std stunde stunden godz godzina godziny godzin hora horas heure heures ora ore uur u",
    60: "m min mins minute minutes minuta minuty minut minuto minutos minuti minuten",
    1: "s sec secs second seconds sek sekunde sekunden sekunda sekundy sekund seg segundo segundos seconde secondes secondo "
       "secondi seconden",
}  # fmt: skip
_UNIT = {word: size for size, words in _UNITS.items() for word in words.split()}


@lru_cache(maxsize=1 << 14)
def seconds(text: str, unit: float = 1.0) -> float | None:
    """Return a length in seconds; `unit` is what a bare number counts. None if it cannot be read or is below 0."""
    text = clean(text)
    if match := _NUMBER.fullmatch(text):
        return float(f"{match[1]}.{match[2] or 0}") * unit
    if match := _PARTS.fullmatch(text):
        hours, minutes, rest, fraction = match.groups()
        if int(rest) > 59 or (hours is not None and int(minutes) > 59):
            return None
        return int(hours or 0) * 3600 + int(minutes) * 60 + float(f"{rest}.{fraction or 0}")
    if (match := _ISO.fullmatch(text)) and any(match.groups()):
        return sum(float(part or 0) * size for part, size in zip(match.groups(), (86400, 3600, 60, 1), strict=True))
    return _spoken(text)


def _spoken(text: str) -> float | None:
    total, position, last = 0.0, 0, 1e9
    while match := _SPOKEN.match(text, position):
        size = _UNIT.get(plain(match.group(2)))
        if size is None or size >= last:
            return None
        total, position, last = total + float(match.group(1).replace(",", ".")) * size, match.end(), size
    return total if position == len(text) > 0 else None


_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_DIGITS = re.compile(r"\+?[\d\s().\-/]{5,}")

DAMAGED = "number damaged by a spreadsheet: the last digits are lost"
ROUNDED = "number ends in six zeros or more: a spreadsheet may have rounded it"


@lru_cache(maxsize=1 << 14)
def number_note(text: str, region: str) -> str | None:
    """Say what is doubtful about a number as written."""
    if _SCIENTIFIC.fullmatch(text):
        return DAMAGED
    if not (text.isascii() and text.isdecimal()):
        return None
    if len(text) > 15 or (len(text) >= 11 and text.endswith("000000")):
        return ROUNDED
    return f"number without a leading 0 or country code: in {region} it would be 0{text}" if _lost_zero(text, region) else None


def _lost_zero(digits: str, region: str) -> bool:
    facts = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if facts is None or facts.national_prefix != "0" or digits.startswith("0") or len(digits) < 9:
        return False
    parsed = _parsed(digits, region)
    return parsed is not None and str(parsed.national_number) == digits and phonenumbers.is_possible_number(parsed)


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def is_number(text: str) -> bool:
    """Tell whether a cell is written like a telephone number, whole or spoilt."""
    return bool(_SCIENTIFIC.fullmatch(text) or (_DIGITS.fullmatch(text) and sum(map(str.isdigit, text)) >= 5))


@lru_cache(maxsize=1 << 14)
def same_number_key(text: str, region: str) -> str:
    """Return what two spellings of one number or name have in common; a spoilt number has nothing in common with any."""
    text = clean(text)
    if _SCIENTIFIC.fullmatch(text):
        return ""
    if not is_number(text):
        return text.casefold()
    digits = "".join(filter(str.isdigit, text))
    parsed = _parsed(text, region)
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        parsed = _parsed("+" + digits, region)
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        return digits
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
