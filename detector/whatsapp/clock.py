"""Times of day and dates as WhatsApp's headers write them, before it is known which number is the day.

Twelve-hour clocks come with a word before or after the time, in the phone's language; 12 in the morning is 0, 12 in the
afternoon stays 12, other afternoon hours are 12 more. Years of the Buddhist calendar are 543 ahead of ours (2565 is 2022), so
two digits from 52 on are taken for its years, as WhatsApp began in 2009. Years of a Japanese era count from 1 in its first year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from detector.errors import RecordError
from detector.export import DateOrder
from detector.whatsapp.headers import BLANKS, MARKS

_TIME = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?")
_DROPPED = str.maketrans("", "", MARKS + BLANKS + ".״\"'")
_MORNING = """am vorm vm fm ap de fh дп öö ص قظ قد 上午 午前 오전 早上 清晨 凌晨 上昼 πμ sa ก่อนเที่ยง dop dopoledne пр_об проб pg
    eparadites priešpiet पूर्वाह्न मपू সকাল পূর্বাহ্ণ முற்பகல் לפנהצ inthemorning""".split()
_AFTERNOON = """pm nachm nm em ip du eh пп ös م بظ بد 下午 午後 오후 下晝 μμ ch หลังเที่ยง odp odpoledne слоб ptg epasdites popiet
    अपराह्न मउ বিকাল অপরাহ্ণ பிற்பகல் אחהצ intheafternoon intheevening""".split()
_NIGHT = "atnight 晚上 रात রাত".split()
_NOON = "noon 中午 正午".split()
_MIDNIGHT = "midnight 午夜 半夜".split()
_HALVES = {
    word: half for half, words in zip("apnNm", (_MORNING, _AFTERNOON, _NIGHT, _NOON, _MIDNIGHT), strict=True) for word in words
}
_FILLERS = {"", "klo", "kl", "à", "um", "at", "às", "alas", "uhr", "h", "hrs"}


def seconds_of(written: str) -> int:
    """Return the seconds since midnight of a time as it is written; RecordError for one that cannot be."""
    found = _TIME.search(written.translate(_DROPPED_IN_TIME))
    if not found:
        msg = f'the time "{written}" is in no known way of writing'
        raise RecordError(msg)
    hour, minute, second = (int(part or 0) for part in found.groups())
    words = found.string[: found.start()], found.string[found.end() :]
    hour = _hour(hour, [word.translate(_DROPPED).casefold() for word in words], written)
    if hour > 23 or minute > 59 or second > 59:
        msg = f'there is no time "{written}"'
        raise RecordError(msg)
    return hour * 3600 + minute * 60 + second


_DROPPED_IN_TIME = str.maketrans("", "", MARKS)


def _hour(hour: int, words: list[str], written: str) -> int:
    half = next((_HALVES[word] for word in words if word in _HALVES), "")
    unknown = [word for word in words if word not in _FILLERS and word not in _HALVES]
    if unknown and hour <= 12:
        msg = f'the time "{written}" has a word that is not known to mean morning or afternoon'
        raise RecordError(msg)
    if half == "a" or half == "m" or (half == "n" and (hour == 12 or hour < 6)):
        return 0 if hour == 12 else hour
    if half == "p" or half == "n" or (half == "N" and hour < 10):
        return hour + 12 if hour < 12 else hour
    return hour


ORDERS: tuple[DateOrder, ...] = ("DMY", "MDY", "YMD")


@dataclass(frozen=True)
class Written:
    """A date as it stands: three numbers, and the year where it can be told which of them it is."""

    text: str
    numbers: tuple[int, int, int]
    year_at: int | None  # 0 or 2; None: two digits each
    key: str  # the shape of the date; dates of one key are read in one order
    suffix: bool  # said to be of the Buddhist calendar

    def orders(self) -> tuple[DateOrder, ...]:
        """Return the orders in which it can be read, the likely ones first."""
        return tuple(order for order in ORDERS if self.fits(order))

    def fits(self, order: DateOrder) -> bool:
        """Tell whether the year can stand there, and month and day are within their limits."""
        year, month, day = self._parts(order)
        if (order == "YMD") != (self.year_at == 0) and (self.year_at is not None or (order == "YMD" and year < 9)):
            return False
        return 1 <= month <= 12 and 1 <= day <= 31

    def _parts(self, order: DateOrder) -> tuple[int, int, int]:
        a, b, c = self.numbers
        return {"DMY": (c, b, a), "MDY": (c, a, b), "YMD": (a, b, c)}[order]

    def read(self, order: DateOrder) -> date:
        """Read it; RecordError if there is no such day."""
        year, month, day = self._parts(order)
        try:
            return date(_year(year, self), month, day)
        except ValueError as error:
            msg = f'there is no day "{self.text}"'
            raise RecordError(msg) from error


_NUMBER = re.compile(r"(令和|平成|[A-Z])?(\d+)")
_ERAS = {"R": 2018, "令和": 2018, "H": 1988, "平成": 1988}
_DROPPED_IN_DATE = str.maketrans("", "", MARKS)


def written_date(text: str) -> Written:
    """Take a date apart; RecordError for an era or calendar that is not known."""
    plain = text.translate(_DROPPED_IN_DATE)
    parts = _NUMBER.findall(plain)[:3]
    numbers = [int(digits) for _, digits in parts]
    year_at = next((i for i in (2, 0) if parts[i][0] or len(parts[i][1]) > 2 or numbers[i] > 31), None)
    era = parts[year_at][0] if year_at is not None else ""
    if era and era not in _ERAS:
        msg = f'the date "{text}" is of an era that is not known'
        raise RecordError(msg)
    if year_at is not None and era:
        numbers[year_at] += _ERAS[era]
    key = re.sub(r"\d+", lambda m: "9999" if len(m.group()) > 2 else "9", plain)
    suffix = year_at != 0 and plain.rstrip(". ").endswith(("BE", "B.E", "พ.ศ"))
    return Written(text, (numbers[0], numbers[1], numbers[2]), 2 if suffix else year_at, key, suffix)


def _year(year: int, written: Written) -> int:
    if year >= 2400:
        return year - 543
    if written.suffix or 52 <= year < 100:
        return year % 100 + 2500 - 543
    if year < 100:
        return 2000 + year
    if not 1970 <= year <= 2100:
        msg = f'the year {year} in "{written.text}" is of a calendar that is not read'
        raise RecordError(msg)
    return year
