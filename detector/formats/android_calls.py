"""Android's call log: table `calls` of calllog.db, or of contacts2.db before Android 7.

Source: AOSP CallLog.Calls. `date` is milliseconds since 1970 UTC, `duration` seconds; `type` 1 incoming, 2 outgoing, 3 missed,
4 voicemail, 5 rejected, 6 blocked, 7 answered on another device. An outgoing call of 0 seconds was not answered: Android has
no code for that. An incoming one of type 1 was answered even where it lasted 0 seconds, as some phones write when the
caller rings off at once; the note says so, and no rule takes so short a call for engagement.
`presentation` 2 to 5, or a number of -1 to -3 on old phones, is a caller who was not shown. `name` is what the owner's
address book said. Row numbers are those of the database: "calls:714" is the row with `_id` 714.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from detector.android import CALL_TYPES, WITHHELD_NUMBERS, WITHHELD_PRESENTATIONS, moment
from detector.event import WITHHELD, Event, Outcome
from detector.export import Export, Facts, Format, Record
from detector.sqlite import companion_notes, opened, tables
from detector.sqlite_rows import missing_rows, printable, rows, text_of

NEEDED = {"_id", "number", "date", "duration", "type"}
ANDROID = {"name", "new", "numbertype", "presentation", "countryiso", "geocoded_location"}
"""Columns of which at least one is there, unlike in the call tables of other apps."""

OUTGOING, INCOMING = "2", "1"
VIDEO = 1
"""Bit of `features`."""

_SHOWN = re.compile(r"\w")
_LINE = re.compile(r"\+?\d{10,15}")


def recognises(export: Export) -> bool:
    """Look for the table `calls` as Android has it."""
    columns = set(tables(export).get("calls", ()))
    return columns >= NEEDED and bool(columns & ANDROID) and "viber_call" not in columns


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Yield the rows of `calls`."""
    columns = tables(export)["calls"]
    with opened(export) as connection:
        for number, *values in rows(connection, "calls", columns):
            yield f"calls:{number}", printable(columns, values)


def event(record: Record, export: Export) -> Event:  # noqa: ARG001 - every format takes both
    """Read one call."""
    code = str(record.get("type"))
    direction, outcome = CALL_TYPES.get(code, ("unknown", "other"))
    seconds = _seconds(record.get("duration"))
    number, hidden = _number(record)
    name = None if hidden else text_of(record.get("name")) or None
    return Event(
        kind="voicemail" if outcome == "voicemail" else "call", channel="phone", at=moment(record.get("date")),
        direction=direction, handle=WITHHELD if hidden else number, name=name, name_source="address book" if name else None,
        text=text_of(record.get("transcription")) or None, seconds=seconds, outcome=_outcome(code, outcome, seconds),
        status="deleted" if str(record.get("deleted")) == "1" else None, raw_time=text_of(record.get("date")), zone="UTC",
        zone_basis="in the value", note=_note(record, code, hidden, seconds),
    )  # fmt: skip


def _seconds(value: str | float | None) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _outcome(code: str, outcome: Outcome, seconds: float | None) -> Outcome | None:
    if code != OUTGOING or seconds:
        return outcome
    return None if seconds is None else "unanswered"


def _number(record: Record) -> tuple[str | None, str | None]:
    """Return the number, or why there is none. A number that the log holds counts, whatever `presentation` says of it."""
    number = text_of(record.get("number")) or ""
    if hidden := WITHHELD_NUMBERS.get(number.strip()):
        return None, hidden
    if _SHOWN.search(number) and number.strip().lower() not in ("null", "unknown", "private", "withheld", "payphone"):
        return number, None
    return None, WITHHELD_PRESENTATIONS.get(str(record.get("presentation")), "not recorded")


def _note(record: Record, code: str, hidden: str | None, seconds: float | None) -> str | None:
    presentation = WITHHELD_PRESENTATIONS.get(str(record.get("presentation")))
    features, reason = record.get("features"), record.get("block_reason")
    notes = (
        "" if code in CALL_TYPES else f"call type {record.get('type')}: meaning not known",
        f"number {hidden}" if hidden else f"the log marks the number as {presentation}" if presentation else "",
        "logged as answered, with 0 seconds" if code == INCOMING and seconds == 0 else "",
        f"duration {record.get('duration')}: not a number" if seconds is None and record.get("duration") else "",
        "video call" if isinstance(features, int) and features & VIDEO else "",
        f"block reason {reason}" if reason not in (None, 0, "0", "") else "",
        "the text is the phone's own transcription" if record.get("transcription") else "",
    )
    return "; ".join(filter(None, notes)) or None


def facts(export: Export) -> Facts:
    """Say from when the log begins, which is a limit of what it covers, and whose line it is."""
    found = tables(export)
    with opened(export) as connection:
        lines = _lines(connection, found["calls"])
        notes = (*companion_notes(export), _limit(connection), missing_rows(connection, found, "calls"))
    return Facts(
        owner="; ".join(lines) or None,
        owner_basis="the telephone lines that the calls name" if lines else None,
        notes=tuple(filter(None, notes)),
    )


def _limit(connection: sqlite3.Connection) -> str | None:
    """A phone keeps about 500 calls of each line, some 1,000: heavy traffic pushes older calls out."""
    try:
        count, first = connection.execute("SELECT count(*), min(CASE WHEN date > 0 THEN date END) FROM calls").fetchone()
    except sqlite3.DatabaseError:
        return None
    oldest = moment(first)
    since = f", the oldest of {oldest:%Y-%m-%d %H:%M} UTC" if oldest else ""
    return f"calls in the log: {count:,}{since}; phones keep only the newest 500 to 1,000, so earlier calls may be missing"


def _lines(connection: sqlite3.Connection, columns: tuple[str, ...]) -> list[str]:
    """Return the numbers of the phone's own lines; other accounts are named by the serial number of a card, or by an app."""
    if "phone_account_address" not in columns:
        return []
    try:
        named = connection.execute("SELECT DISTINCT phone_account_address FROM calls").fetchall()
    except sqlite3.DatabaseError:
        return []
    return sorted(str(line) for (line,) in named if _LINE.fullmatch(str(line)))


FORMAT = Format(
    name="android_calls",
    title="Android call log (calllog.db, contacts2.db)",
    recognises=recognises,
    records=records,
    event=event,
    absence="calls older than the newest 500 to 1,000, calls deleted from the log, and calls made in other apps",
    facts=facts,
)
