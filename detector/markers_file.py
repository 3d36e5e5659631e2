"""The markers file: what a person knows, in TOML.

[[marker]]
kind = "stop"                     # stop, block, unblock, order, report, hearing, relationship_end, number_change, other
at = 2024-04-03T20:15:00          # a date or a time; in the zone of the case if it has none of its own
contact = "07700 900101"          # a number in any writing, a name, or a contact from contacts.json; left out: everybody
note = "told him on the doorstep"

[[marker]]
kind = "order"
from = 2024-05-01
to = 2025-05-01                   # the last day
contact = "Dan"

[[marker]]
evidence = "1a2b3c4d5e6f:sms[12]" # a marker that is suggested: confirmed, or
status = "rejected"

[[same_person]]
handles = ["+447700900101", "+447700900102"]

[[different]]
handles = ["+447700900103", "Dan"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, get_args
from zoneinfo import ZoneInfo

from detector.errors import UsageError
from detector.handles import known
from detector.identity import Identity
from detector.markers import Marker, MarkerKind

KEYS = ("kind", "at", "from", "to", "contact", "note", "status", "evidence", "partial", "by")
KINDS: tuple[str, ...] = get_args(MarkerKind)
STATUSES = ("entered", "confirmed", "rejected")
BASIS = "markers file"


def same_and_different(text: str | None) -> tuple[list[list[str]], list[list[str]]]:
    """Return the lists of handles that are one person, and those that are not."""
    tables = _tables(text)
    return [_handles(one) for one in tables.get("same_person", [])], [_handles(one) for one in tables.get("different", [])]


def read_markers(
    text: str | None, zone: ZoneInfo, identity: Identity, region: str, suggested: Iterable[Marker] = ()
) -> list[Marker]:
    """Return the markers that a person entered; UsageError names what cannot be used and what could stand there.

    `suggested` are the markers of the records, which an entry may confirm or reject by their evidence.
    """
    by_evidence = {marker.evidence[0]: marker for marker in suggested if marker.evidence}
    return [
        _marker(values, number, zone, identity, region, by_evidence)
        for number, values in enumerate(_tables(text).get("marker", []), 1)
    ]


def _tables(text: str | None) -> dict[str, Any]:
    try:
        tables = tomllib.loads(text or "")
    except tomllib.TOMLDecodeError as error:
        msg = f"markers file: {error}"
        raise UsageError(msg) from error
    for name, value in tables.items():
        _one_of(name, ("marker", "same_person", "different"), "markers file: table")
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            msg = f"markers file: {name} must be written [[{name}]], once for each"
            raise UsageError(msg)
    return tables


def _handles(values: Mapping[str, Any]) -> list[str]:
    handles = values.get("handles")
    if not isinstance(handles, list) or len(handles) < 2 or not all(isinstance(one, str) for one in handles):
        msg = f'markers file: handles must be a list of two or more texts, such as ["+447700900101", "Dan"], not {handles!r}'
        raise UsageError(msg)
    return handles


def _marker(
    values: Mapping[str, Any], number: int, zone: ZoneInfo, identity: Identity, region: str, suggested: Mapping[str, Marker]
) -> Marker:
    where = f"markers file: marker {number}"
    for key in values:
        _one_of(key, KEYS, f"{where}: key")
    status = _one_of(values.get("status", "entered"), STATUSES, f"{where}: status")
    evidence = values.get("evidence")
    if evidence is not None:
        return _decided(evidence, status, values, where, suggested)
    kind = _one_of(values.get("kind"), KINDS, f"{where}: kind")
    start, end = _times(values, zone, where)
    contact = None if values.get("contact") is None else _contact(str(values["contact"]), identity, region, where)
    by = _one_of(values.get("by", "owner"), ("owner", "contact"), f"{where}: by")
    return Marker(
        kind, start, contact, status, BASIS, "out" if by == "owner" else "in", end, note=values.get("note"),
        partial=bool(values.get("partial", False)),
    )  # fmt: skip


def _decided(evidence: Any, status: str, values: Mapping[str, Any], where: str, suggested: Mapping[str, Marker]) -> Marker:
    marker = suggested.get(str(evidence))
    if marker is None:
        msg = f'{where}: no suggested marker rests on the event "{evidence}"; markers.json of the case lists them'
        raise UsageError(msg)
    decided: Any = "confirmed" if status == "entered" else status
    partial = bool(values.get("partial", marker.partial))
    return replace(marker, status=decided, basis=BASIS, note=values.get("note"), partial=partial)


def _one_of(value: Any, allowed: Sequence[str], where: str) -> Any:
    """Return the value if it is one of those allowed; UsageError says which are."""
    if value in allowed:
        return value
    close = get_close_matches(str(value), allowed, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    msg = (
        f'{where} "{value}" is not known.{meant} It may be: {", ".join(allowed)}'
        if value is not None
        else f"{where} is missing; it may be: {', '.join(allowed)}"
    )
    raise UsageError(msg)


def _times(values: Mapping[str, Any], zone: ZoneInfo, where: str) -> tuple[datetime, datetime | None]:
    if ("at" in values) == ("from" in values):
        msg = f"{where} needs either at or from, with a date such as 2024-04-03 or a time such as 2024-04-03T20:15:00"
        raise UsageError(msg)
    start = _time(values.get("at", values.get("from")), zone, where)
    end = _time(values["to"], zone, where, last=True) if "to" in values else None
    if end and end < start:
        msg = f"{where} ends ({values['to']}) before it begins ({values.get('at', values.get('from'))})"
        raise UsageError(msg)
    return start, end


def _time(value: Any, zone: ZoneInfo, where: str, *, last: bool = False) -> datetime:
    """Read a TOML date or time; a date is the first moment of the day, or, for an end, the last."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        day = datetime.combine(value, time(), zone)
        return day + timedelta(days=1, microseconds=-1) if last else day
    msg = f"{where}: {value!r} is no date or time; write it without quotes, such as 2024-04-03T20:15:00"
    raise UsageError(msg)


def _contact(written: str, identity: Identity, region: str, where: str) -> str:
    """Find the contact that a person means: by its own name, a handle, or a name that one contact alone has."""
    if written in identity.handles or written in identity.contact.cat.categories:
        return written
    key = known(written, "phone", region).key
    by_handle = {label for label, handles in identity.handles.items() if {written, key} & {handle.handle for handle in handles}}
    by_name = {label for label, names in identity.names.items() if written.casefold() in {name.casefold() for name in names}}
    found = sorted(by_handle or by_name)
    if len(found) == 1:
        return found[0]
    if found:
        msg = f'{where}: "{written}" may be {", ".join(found)}; write the one you mean'
        raise UsageError(msg)
    close = get_close_matches(written, identity.handles, n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    msg = f'{where}: there is no contact "{written}" in these records.{meant} contacts.json of a case lists them'
    raise UsageError(msg)
