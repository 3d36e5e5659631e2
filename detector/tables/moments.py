"""Dates and times in cells, as people, phones and spreadsheets write them.

What decides the reading: a year of four digits in front is year, month, day; dots mean day, month, year; a name of a month
speaks for itself; any other "1/2/2024" needs an order, which this module is told and never guesses. Two digits of a year
are 2000 to 2069 or 1970 to 1999. "20240102" and "20240102T231000" are year, month, day. Numbers alone: 10, 13 and 16
digits are seconds, milliseconds and microseconds since 1970 UTC, five digits with or without a fraction are days
since 30 December 1899 (a spreadsheet's date). A zone counts only if it stands there ("Z", "+01:00", "(UTC+5:30)", "CET").
Whatever does not fit as a whole is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from detector.export import DateOrder
from detector.tables.languages import months, plain, weekdays


@dataclass(frozen=True, slots=True)
class Moment:
    """What a cell says: a day, a time of day, a zone, or some of them."""

    day: date | None = None
    clock: time | None = None
    zone: tzinfo | None = None


_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200e": None, "\u200f": None, "\ufeff": None})
_NUMERIC = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})(?:\.\d+)?)?(?!\d)")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.|º)?[\s\-/]*(?:(?:de|of|d')\s*)?([^\W\d_]{3,12})\.?[\s\-/,]*(?:del? )?(\d{4}|\d{2})(?![\d:])"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?![\d:])")
_WEEKDAY = re.compile(r"([^\W\d_]{2,14}(?:-feira)?)\.?,?\s+(?=\S)")
_CLOCK = re.compile(
    r"(\d{1,2})(?:\s?[:.h]\s?(\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?)?(?:\s*([ap])\.?\s?m\.?(?![^\W\d_]))?(?![\d:])",
    re.IGNORECASE,
)
_ZONE = re.compile(r"\(?\s*(?:(?:UTC|GMT)\s*)?(?:([+\-−])\s?(\d{1,2})(?::?(\d{2}))?)?\s*\)?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:\s*[,T]\s*|\s+(?:at|um|à|alle|o|às|a las|om|-|–)\s+|\s+)")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_EPOCH = re.compile(r"1\d{9}|1\d{12}|1\d{15}")
_ABBREVIATIONS = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Short names of zones that mean one thing; BST, CST, IST and MST mean several and are not read."""
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


def clean(text: str) -> str:
    """Return a cell without odd spaces and marks of direction."""
    return text.translate(_SPACES).strip()


def orders(text: str) -> dict[DateOrder, date]:
    """Return the readings of a date in figures that needs an order; empty if the cell is no such date."""
    match = _NUMERIC.match(clean(text))
    return _readings(*match.groups()) if match and len(match.group(1)) <= 2 else {}


@lru_cache(maxsize=1 << 14)
def _readings(a: str, mark: str, b: str, c: str) -> dict[DateOrder, date]:
    year = _year(c)
    found: dict[DateOrder, date | None] = {"DMY": _date(year, int(b), int(a)), "MDY": _date(year, int(a), int(b))}
    if mark == "." and found["DMY"]:
        del found["MDY"]
    if len(c) <= 2 and len(a) == 2:
        found["YMD"] = _date(_year(a), int(b), int(c))
    return {order: day for order, day in found.items() if day}


def _year(digits: str) -> int:
    number = int(digits)
    return number if len(digits) == 4 else number + (2000 if number < 70 else 1900)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=1 << 14)
def read(text: str, order: DateOrder | None = None) -> Moment | None:
    """Read a cell that may hold a date, a time or both; None if it does not fit as a whole."""
    text = clean(text)
    if text[4:5] == "-" and len(text) >= 16 and text[10] in " T":
        try:
            at = datetime.fromisoformat(text)
            return Moment(at.date(), at.time(), at.tzinfo)
        except ValueError:
            pass
    if not text or len(text) > 80:
        return None
    head, _, tail = text.partition(" ")
    if tail and (day := _whole_day(head, order)) and (known := _whole_clock(tail)):
        return Moment(day, known[0], known[1])
    return _number(text) or _words(text, order)


@lru_cache(maxsize=1 << 14)
def _whole_day(text: str, order: DateOrder | None) -> date | None:
    day, rest = _day(text, order)
    return None if rest else day


@lru_cache(maxsize=1 << 14)
def _whole_clock(text: str) -> tuple[time, tzinfo | None] | None:
    found, rest = _clock(text)
    zone = offset(rest) if found and rest else None
    return None if found is None or (rest and zone is None) else (found, zone)


def _number(text: str) -> Moment | None:
    if _EPOCH.fullmatch(text):
        at = _EPOCH_START + timedelta(microseconds=int(text) * 10 ** (16 - len(text)))
        return Moment(at.date(), at.time(), UTC)
    if not _SERIAL.fullmatch(text):
        return None
    when = _SERIAL_START + timedelta(seconds=round(float(text) * 86400, 1))
    return Moment(when.date(), when.time() if "." in text else None)


def _words(text: str, order: DateOrder | None) -> Moment | None:
    """Read a date, then a time, then a zone; or a time and then a date."""
    if (match := _WEEKDAY.match(text)) and plain(match.group(1)) in weekdays():
        text = text[match.end() :]
    day, rest = _day(text, order)
    if day is None:
        return _clock_first(text, order)
    if not rest:
        return Moment(day)
    between = _BETWEEN.match(rest)
    clock, rest = _clock(rest[between.end() :]) if between else (None, rest)
    if clock is None:
        return None
    zone = offset(rest) if rest else None
    return None if rest and zone is None else Moment(day, clock, zone)


def _clock_first(text: str, order: DateOrder | None) -> Moment | None:
    clock, rest = _clock(text)
    if clock is None or not rest:
        return Moment(None, clock) if clock else None
    if zone := offset(rest):
        return Moment(None, clock, zone)
    between = _BETWEEN.match(rest)
    day, rest = _day(rest[between.end() :], order) if between else (None, rest)
    return Moment(day, clock) if day and not rest else None


def _day(text: str, order: DateOrder | None) -> tuple[date | None, str]:
    """Read the date that the text begins with; return it and the rest."""
    if match := _NUMERIC.match(text):
        a, _, b, c = match.groups()
        if len(a) == 4:
            return _date(int(a), int(b), int(c)) if len(c) <= 2 else None, text[match.end() :]
        readings = _readings(*match.groups()) if len(a) <= 2 else {}
        return (readings.get(order) if order else _only(readings)), text[match.end() :]
    if match := _COMPACT.match(text):
        year, month, day = (int(part) for part in match.groups()[:3])
        rest = text[match.end() :] if not match.group(4) else f" {match[4]}:{match[5]}:{match[6]}" + text[match.end(6) :]
        return _date(year, month, day), rest
    for pattern, (d, m, y) in ((_DAY_FIRST, (1, 2, 3)), (_MONTH_FIRST, (2, 1, 3))):
        if (match := pattern.match(text)) and (month_number := months().get(plain(match.group(m)))):
            return _date(_year(match.group(y)), month_number, int(match.group(d))), text[match.end() :]
    return None, text


def _only(readings: dict[DateOrder, date]) -> date | None:
    """Return the date if day, month, year and month, day, year make the same of it, or only one is possible."""
    days = {day for order, day in readings.items() if order != "YMD"}
    return days.pop() if len(days) == 1 else None


def _clock(text: str) -> tuple[time | None, str]:
    match = _CLOCK.match(text)
    if not match or not (match.group(2) or match.group(5)):
        return None, text
    hours, minutes, seconds, fraction, half = match.groups()
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:
            return None, text
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 23 or int(minutes or 0) > 59 or int(seconds or 0) > 59:
        return None, text
    micro = int((fraction or "0").ljust(6, "0")[:6])
    return time(hour, int(minutes or 0), int(seconds or 0), micro), text[match.end() :]


@lru_cache(maxsize=1 << 14)
def clock(text: str, digits: int = 6) -> Moment | None:
    """Read a cell of a column of times of day; `digits` is how long times without separators are when complete.

    "93015" has lost a leading zero: it is 09:30:15. "17345" is not a time, because no minute is 73.
    """
    text = clean(text)
    if text.isdecimal() and text.isascii() and len(text) <= 6:
        text = text.rjust(digits, "0")
        text = f"{text[:2]}:{text[2:4]}" + (f":{text[4:6]}" if len(text) > 4 else "")
    elif re.fullmatch(r"0?\.\d+|0", text):
        return Moment(None, (_SERIAL_START + timedelta(seconds=round(float(text) * 86400, 1))).time())
    found, rest = _clock(text)
    if found and not rest:
        return Moment(None, found)
    zone = offset(rest) if found and rest else None
    return Moment(None, found, zone) if zone else None


@lru_cache(maxsize=1 << 10)
def offset(text: str) -> timezone | None:
    """Read a zone written out as an offset from UTC or as a short name."""
    text = text.strip()
    name = text.strip("()[] ").upper()
    if name in _ABBREVIATIONS:
        return UTC if not _ABBREVIATIONS[name] else timezone(timedelta(hours=_ABBREVIATIONS[name]))
    match = _ZONE.fullmatch(text)
    if not match or not match.group(2):
        return None
    sign, hours, minutes = match.groups()
    if len(hours) == 1 and not text.strip("( ").upper().startswith(("UTC", "GMT")):
        return None
    length = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if length > timedelta(hours=14) or int(minutes or 0) > 59:
        return None
    return timezone(length if sign == "+" else -length) if length else UTC
