"""Lines about calls: missed, not answered, or with a length, as "Voice call, 5 min" or "Video call, No answer".

The person under whose name the line stands is the caller. Lengths are as the phone shows them: whole minutes from a minute on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detector.event import Outcome
from detector.whatsapp.phrases import CALLS, EXACT, NO_ANSWER

_TAIL = re.compile(r"\s*[,.:،、·•]\s*|\s+(?=\d|at\b)")
_UNIT = re.compile(r"(\d+)\s*([^\W\d_]+)")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d\d)")
_UNITS = {
    3600: ("h", "std", "stu", "uur", "ч", "г", "時", "小", "시", "saat", "ó", "س"),
    60: ("m", "м", "х", "分", "분", "dk", "perc", "λ", "د", "ד"),
    1: ("s", "с", "秒", "초", "δ", "ث", "v"),
}


@dataclass(frozen=True)
class Call:
    """What a line says of a call."""

    outcome: Outcome
    seconds: float | None = None


def call_of(text: str) -> Call | None:
    """Read a normal text as a line about a call."""
    if outcome := _OUTCOMES.get(EXACT.get(text, "")):
        return Call(outcome)
    what, *how = _TAIL.split(text, maxsplit=1)
    if outcome := _OUTCOMES.get(EXACT.get(what, "")):
        return Call(outcome)
    if what not in CALLS:
        return None
    if not how or not how[0].strip():
        return Call("other")
    seconds = _length(how[0])
    if seconds is not None:
        return Call("answered", seconds)
    return Call("unanswered") if how[0].strip() in NO_ANSWER else None


_OUTCOMES: dict[str, Outcome] = {"missed_voice": "missed", "missed_video": "missed", "unanswered": "unanswered"}


def _length(text: str) -> float | None:
    """Read "5 min", "1 hr 5 min", "1:02:03" or "23 sec" as seconds."""
    if clock := _CLOCK.fullmatch(text.strip()):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    total = 0.0
    for number, unit in _UNIT.findall(text):
        size = next((size for size, starts in _UNITS.items() if unit.casefold().startswith(starts)), None)
        if size is None:
            return None
        total += int(number) * size
    rest = _UNIT.sub("", text).strip(" ,.·و")
    return total if total and not rest else None
