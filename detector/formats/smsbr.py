"""SMS Backup & Restore (SyncTech) and its relatives: ``<smses>`` with SMS, MMS and RCS, ``<calls>`` with calls.

`date` is milliseconds since 1970 UTC; `date_sent` milliseconds for SMS and seconds for MMS, 0 for none. Values are copied
unchanged from Android's own databases (vendor's field list; AOSP Telephony and CallLog constants), so type 1 is received,
2 sent, 3 to 6 never reached anybody. `readable_date` is in the phone's zone and format at backup time and is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from lxml import etree

from detector.android import CALL_TYPES, MESSAGE_TYPES, WITHHELD_NUMBERS, WITHHELD_PRESENTATIONS, is_owner, moment
from detector.errors import ExportError
from detector.event import WITHHELD, Columns, Event
from detector.export import Export, Format, Note, Problem, Record, Skip
from detector.xml_repair import Repairs, repaired

NO_NAME = ("(Unknown)", "null", "")
_ROOT = re.compile(rb"<(smses|calls)[\s>/]")
_ROOT_END = re.compile(rb"</(?:smses|calls)>\s*\Z")
_RECORD = re.compile(rb"<(sms|mms|call)\s")
_RECORD_START = re.compile(rb"(?=<(?:sms|mms|call)\s)")


def recognises(export: Export) -> bool:
    """Look for the root element near the start, in UTF-8 or UTF-16."""
    head = export.head[:4096].replace(b"\0", b"")
    return _ROOT.search(head) is not None


class _Target:
    """Receives elements from the parser; `ready` collects the finished records."""

    def __init__(self) -> None:
        self.ready: list[tuple[str, Any]] = []
        self._message: dict[str, Any] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sms" or tag == "call":
            self.ready.append((tag, attributes))
        elif tag == "mms":
            self._message = {**attributes, "parts": [], "addrs": []}
        elif tag in ("part", "addr") and self._message:
            self._message[tag + "s"].append(dict(attributes))

    def end(self, tag: str) -> None:
        if tag == "mms":
            self.ready.append((tag, self._message))
            self._message = {}

    def doctype(self, name: str, *_: str | None) -> None:
        msg = f'the file declares a document type ("{name}"), which no such backup has; it is not read'
        raise ExportError(msg)

    def close(self) -> None:
        pass


def _parser(target: _Target) -> etree.XMLParser:
    return etree.XMLParser(target=target, huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False)


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Yield each ``sms``, ``mms`` and ``call`` element; a damaged one is a problem and the reading goes on after it."""
    repairs, seen = Repairs(), {"sms": 0, "mms": 0, "call": 0}
    root = _ROOT.search(export.head.replace(b"\0", b""))
    with export.open() as stream:
        for tag, record in _elements(_blocks(repaired(stream, repairs)), root.group(1) if root else b"smses"):
            if type(record) is Note:
                yield "", record
                continue
            seen[tag] += 1
            yield f"{tag}[{seen[tag]}]", record if type(record) is Problem else (tag, record)
    for line in repairs.notes():
        yield "", Note(line)
    declared = re.search(rb'<(?:smses|calls)[^>]*?\scount="(\d+)"', export.head[:4096])
    if declared and int(declared.group(1)) != sum(seen.values()):
        yield "", Note(f"the file's header says {int(declared.group(1))} records, {sum(seen.values())} were found")


def _blocks(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut the stream where records begin: each block but the first starts with one and ends before another."""
    held = b""
    for chunk in chunks:
        held += chunk
        cut = 0
        for start in (b"<sms ", b"<call ", b"<mms "):
            cut = max(cut, held.rfind(start, cut))
        if cut > 0:
            yield held[:cut]
            held = held[cut:]
    yield held


def _elements(blocks: Iterator[bytes], root: bytes) -> Iterator[tuple[str, Any]]:
    """Parse block by block; a block that is not well-formed is read again record by record.

    The parser may hand over the last records of a block only with the next one, so what is expected is counted.
    """
    target, last, expected, given = _Target(), b"", 0, 0
    parser = _parser(target)
    for block in blocks:
        try:
            parser.feed(block)
        except etree.XMLSyntaxError:
            target.ready[expected - given :] = _rescued(block)
            yield from target.ready
            target, given = _Target(), expected + _starts(block)
            parser = _parser(target)
            parser.feed(b"<%s>" % root)
        else:
            yield from target.ready
            given += len(target.ready)
            target.ready.clear()
        expected += _starts(block)
        last = block
    yield from _ending(parser, target, expected - given, last)


def _starts(block: bytes) -> int:
    """Count the records that begin in a block."""
    return block.count(b"<sms ") + block.count(b"<mms ") + block.count(b"<call ")


def _ending(parser: etree.XMLParser, target: _Target, missing: int, last: bytes) -> Iterator[tuple[str, Any]]:
    """Yield what the parser still held, and say so if the file breaks off."""
    try:
        parser.close()
        cut = False
    except etree.XMLSyntaxError:
        cut = True
    yield from target.ready
    if missing > len(target.ready) and (begun := _RECORD.match(last)):
        yield begun.group(1).decode(), Problem("the file is cut off in this record; everything before it was read")
    elif cut:
        yield "", Note("the file ends before its closing tag: it may be cut off")


def _rescued(block: bytes) -> Iterator[tuple[str, Any]]:
    """Read the records of a damaged block one by one."""
    for piece in _RECORD_START.split(block):
        if not (begun := _RECORD.match(piece)):
            continue
        target = _Target()
        parser = _parser(target)
        try:
            parser.feed(b"<records>" + _ROOT_END.sub(b"", piece) + b"</records>")
            parser.close()
        except etree.XMLSyntaxError as error:
            yield begun.group(1).decode(), Problem(f"not well-formed XML: {error}")
        else:
            yield from target.ready


def event(record: Record, export: Export) -> Event | Skip:
    """Read one element."""
    tag, values = record
    return {"sms": _sms, "mms": _mms, "call": _call}[tag](values, export)


def _name(values: dict[str, str]) -> str | None:
    name = values.get("contact_name", "")
    return None if name in NO_NAME else name


def _sms(values: dict[str, str], export: Export) -> Event:
    direction, status = MESSAGE_TYPES.get(values.get("type", ""), ("unknown", None))
    text, name = values.get("body"), _name(values)
    return Event(
        kind="message", channel="sms", at=moment(values.get("date")), direction=direction,
        handle=_address(values.get("address")), name=name, name_source="address book" if name else None, text=text, status=status,
        raw_time=values.get("date"), zone="UTC", zone_basis="in the value", sent_at=_sent(values), note=_sms_note(values),
    )  # fmt: skip


def _address(address: str | None) -> str | None:
    return None if address in (None, "", "null") else address


def _sent(values: dict[str, str]) -> Any:
    return moment(values.get("date_sent")) if values.get("date_sent") not in (None, "0", values.get("date")) else None


def _sms_note(values: dict[str, str]) -> str | None:
    if values.get("type") not in MESSAGE_TYPES:
        return f"type {values.get('type')}: meaning not known"
    if values.get("body") == "null":
        return 'the text is the word "null", or there was no text'
    return "the delivery report says: failed" if values.get("status") == "64" else None


def _call(values: dict[str, str], export: Export) -> Event:
    code, number = values.get("type", ""), values.get("number", "")
    direction, outcome = CALL_TYPES.get(code, ("unknown", "other"))
    seconds = float(values["duration"]) if values.get("duration") not in (None, "", "null") else None
    if code == "2" and not seconds:
        outcome = "unanswered"
    hidden = WITHHELD_NUMBERS.get(number) or (None if number else WITHHELD_PRESENTATIONS.get(values.get("presentation", ""), "no number given"))
    name = _name(values)
    return Event(
        kind="voicemail" if outcome == "voicemail" else "call", channel="phone", at=moment(values.get("date")), direction=direction,
        handle=WITHHELD if hidden else number, name=name, name_source="address book" if name else None, seconds=seconds, outcome=outcome,
        raw_time=values.get("date"), zone="UTC", zone_basis="in the value",
        note=f"number {hidden}" if hidden else None if code in CALL_TYPES else f"call type {code}: meaning not known",
    )  # fmt: skip


def _mms(values: dict[str, Any], export: Export) -> Event:
    parts = [part for part in values["parts"] if part.get("ct") != "application/smil"]
    texts = [part.get("text", "") for part in parts if part.get("ct") == "text/plain"]
    subject = values.get("sub") if values.get("sub") not in (None, "", "null") else None
    direction, status = MESSAGE_TYPES.get(values.get("msg_box", ""), ("unknown", None))
    others, sender = _parties(values, direction, export)
    group = len(others) > 1 or "@rcs.google.com" in values.get("address", "")
    name = None if group else _name(values)
    return Event(
        kind="message", channel="rcs" if _is_rcs(values) else "mms", at=moment(values.get("date")), direction=direction,
        handle=sender if group else (others[0] if others else None), name=name, name_source="address book" if name else None,
        recipients="; ".join(others) if group else None, thread=_address(values.get("address")) if group else None, group=group,
        text="\n".join([subject, *texts] if subject else texts) or None, status=status,
        media="; ".join(_media(part) for part in parts if part.get("ct") != "text/plain") or None,
        raw_time=values.get("date"), zone="UTC", zone_basis="in the value", sent_at=moment(values.get("date_sent")),
        note=_mms_note(values, subject, group and direction == "in" and sender is None),
    )  # fmt: skip


def _is_rcs(values: dict[str, Any]) -> bool:
    return "@rcs.google.com" in values.get("address", "") or values.get("tr_id", "").startswith("proto:")


def _media(part: dict[str, str]) -> str:
    return next((part[key] for key in ("name", "fn", "cl") if part.get(key) not in (None, "", "null")), part.get("ct", "attachment"))


def _mms_note(values: dict[str, Any], subject: str | None, no_sender: bool) -> str | None:
    notes = (
        "the content was never downloaded to the phone" if values.get("m_type") == "130" else "",
        "the first line is the subject" if subject else "",
        "the record does not say which member of the group wrote it" if no_sender else "",
    )
    return "; ".join(filter(None, notes)) or None


def _parties(values: dict[str, Any], direction: str, export: Export) -> tuple[list[str], str | None]:
    """Return the other participants and, for a received message, its sender.

    `address` names the others, joined with "~" (also "," and ";" are seen). Where it is missing or names an RCS group,
    they are in ``addrs``: 137 is the sender, 151 and 130 the recipients; the owner is the token, the sender of what was
    sent, or the one 151 beside several 130. Exporters that mark everyone as 137 leave the sender unknown.
    """
    address = values.get("address", "")
    listed = [a["address"] for a in values["addrs"] if a.get("type") in ("137", "151", "130", "129") and not is_owner(a.get("address", ""), export)]
    senders = list(dict.fromkeys(a.get("address", "") for a in values["addrs"] if a.get("type") == "137"))
    if address not in ("", "null") and "@rcs.google.com" not in address:
        others = [part.strip() for part in re.split(r"[~;,]", address) if part.strip()]
    else:
        others = [a for a in dict.fromkeys(listed) if a not in _owner_of(values, direction, senders)]
    sender = senders[0] if direction == "in" and len(senders) == 1 and not is_owner(senders[0], export) else None
    if sender and sender not in others and len(others) > 1:
        others.append(sender)
    return others, sender


def _owner_of(values: dict[str, Any], direction: str, senders: list[str]) -> list[str]:
    if direction == "out":
        return senders[:1] if len(senders) == 1 else []
    to = [a.get("address", "") for a in values["addrs"] if a.get("type") == "151"]
    return to if len(to) == 1 and any(a.get("type") == "130" for a in values["addrs"]) else []


def columns(batch: Sequence[Record], export: Export) -> tuple[Columns, list[int]]:
    """Build the columns of the plain SMS of a batch at once; everything else is left to `event`."""
    done = [i for i, (tag, values) in enumerate(batch) if tag == "sms" and values.get("type") in ("1", "2") and values.get("body") != "null"
            and values.get("status") != "64" and len(values.get("date", "")) == 13 and values["date"].isdigit()]
    rows = [batch[i][1] for i in done]
    dates = [row["date"] for row in rows]
    sent = np.fromiter((int(row.get("date_sent", "0")) for row in rows), np.int64, len(rows))
    at = np.fromiter(map(int, dates), np.int64, len(rows))
    names = [_name(row) for row in rows]
    return {
        "kind": "message", "channel": "sms", "at": at * 1000,
        "direction": ["in" if row["type"] == "1" else "out" for row in rows], "handle": [_address(row.get("address")) for row in rows],
        "name": names, "name_source": ["address book" if name else None for name in names], "group": np.zeros(len(rows), bool),
        "text": [row.get("body") for row in rows], "raw_time": dates, "zone": "UTC", "zone_basis": "in the value",
        "sent_at": pa.array(np.where(sent < 10**11, sent * 1000, sent) * 1000, mask=(sent <= 0) | (sent == at)),
    }, done  # fmt: skip


FORMAT = Format(
    name="smsbr",
    title="SMS Backup & Restore (XML)",
    recognises=recognises,
    records=records,
    event=event,
    absence="messages deleted before the backup, chats of other apps and calls that the phone's own log had already dropped",
    columns=columns,
)
