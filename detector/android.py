"""What Android's own tables mean: codes, times and withheld numbers, shared by every format that copies them.

Source: AOSP Telephony (sms.type, pdu.msg_box), CallLog (calls.type, presentation); the meaning of the old numbers -1 to -3 is
weakly attested, and all three are read as a caller who is not identified.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from detector.event import Direction, Outcome
from detector.export import Export

MESSAGE_TYPES: dict[str, tuple[Direction, str | None]] = {
    "1": ("in", None), "2": ("out", None), "3": ("out", "draft"), "4": ("out", "outbox"), "5": ("out", "failed"), "6": ("out", "queued"),
}  # fmt: skip
"""sms.type and pdu.msg_box: direction, and the status of what never reached anybody."""

CALL_TYPES: dict[str, tuple[Direction, Outcome]] = {
    "1": ("in", "answered"), "2": ("out", "answered"), "3": ("in", "missed"), "4": ("in", "voicemail"), "5": ("in", "rejected"),
    "6": ("in", "blocked"), "7": ("in", "answered elsewhere"),
}  # fmt: skip
"""calls.type. An outgoing call of 0 seconds was not answered: Android has no code of its own for that."""

WITHHELD_NUMBERS = {"-1": "unknown", "-2": "withheld", "-3": "payphone"}
WITHHELD_PRESENTATIONS = {"2": "withheld", "3": "unknown", "4": "payphone", "5": "unavailable"}

OWNER_TOKEN = "insert-address-token"  # noqa: S105  stands where the phone's own number would

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(value: str | int | None) -> datetime | None:
    """Read a time since 1970 UTC: below 1e11 seconds, from there on milliseconds.

    None for 0, -1, empty, "null" and whatever is no number: such a record is kept, with its time as written.
    """
    if value in (None, "", "null", "0", "-1", 0, -1):
        return None
    try:
        number = int(value)
        return _EPOCH + (timedelta(milliseconds=number) if abs(number) >= 10**11 else timedelta(seconds=number))
    except (ValueError, OverflowError):
        return None


def is_owner(address: str, export: Export) -> bool:
    """Tell whether an address is the phone's own."""
    return address == OWNER_TOKEN or address in export.options.owner
