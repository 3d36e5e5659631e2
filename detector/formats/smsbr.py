"""SMS Backup & Restore (SyncTech) and its relatives: ``<smses>`` with SMS, MMS and RCS, ``<calls>`` with calls.

`date` is milliseconds since 1970 UTC; `date_sent` milliseconds for SMS and seconds for MMS, 0 for none. Values are copied
unchanged from Android's own databases (vendor's field list; AOSP Telephony and CallLog constants), so type 1 is received,
2 sent, 3 to 6 never reached anybody. `readable_date` is in the phone's zone and format at backup time and is not used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from lxml import etree

from detector.android import CALL_TYPES, MESSAGE_TYPES, WITHHELD_NUMBERS, WITHHELD_PRESENTATIONS, is_owner, moment
from detector.errors import ExportError
from detector.event import WITHHELD, Columns, Event
from detector.export import HEAD_BYTES, Export, Format, Note, Problem, Record, Skip
from detector.xml_repair import Repairs, repaired

NO_NAME = ("(Unknown)", "null", "")
_ROOT = re.compile(rb"<(smses|calls)[\s>/]")
_COUNT = re.compile(rb'<(?:smses|calls)[^>]*?\scount="(\d+)"')
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_FLAT = re.compile(r'<(sms|call)\s+((?:[\w:.-]+="[^"]*"\s*)+)/>')
_ATTRIBUTE = re.compile(r'([\w:.-]+)="[^"]*"')
_REFERENCE = re.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_PARSER = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Flat(NamedTuple):
    """An element without children: its attributes as they stand, references not resolved."""

    tag: str
    names: tuple[str, ...]
    values: tuple[str, ...]  # one for each name; what follows them means nothing

    def shown(self) -> dict[str, str]:
        """Return what `detector show` prints."""
        return {"element": self.tag, **self.resolved()}

    def resolved(self) -> dict[str, str]:
        """Return the attributes by name, references resolved."""
        return {name: _text(value) for name, value in zip(self.names, self.values, strict=False)}


def _text(value: str) -> str:
    """Resolve the references of a value; an ampersand that begins none stays as it is."""
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def recognises(export: Export) -> bool:
    """Look for the root element near the start, in UTF-8 or UTF-16."""
    return _ROOT.search(export.head[:4096].replace(b"\0", b"")) is not None


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Yield each ``sms``, ``mms`` and ``call`` element; a damaged one is a problem and the reading goes on after it."""
    repairs, seen, block = Repairs(), Counter[str](), ""
    with export.open() as stream:
        for block in _blocks(repaired(stream, repairs)):
            for tag, record in _elements(block):
                seen[tag] += 1
                yield f"{tag}[{seen[tag]}]", record
    if "</smses>" not in block and "</calls>" not in block:
        yield "", Note("the file ends before its closing tag: it may be cut off")
    for line in repairs.notes():
        yield "", Note(line)
    declared = _COUNT.search(export.head[:4096])
    if declared and int(declared.group(1)) != seen.total():
        yield "", Note(f"records that the file's header states: {int(declared.group(1))}, found: {seen.total()}")


def _blocks(chunks: Iterator[bytes]) -> Iterator[str]:
    """Cut the stream where records begin: each block but the first starts with one."""
    held, first = b"", True
    for chunk in chunks:
        held += chunk
        cut = 0
        for start in (b"<sms ", b"<call ", b"<mms "):
            cut = max(cut, held.rfind(start, cut))
        if first and b"<!DOCTYPE" in held[:HEAD_BYTES]:
            msg = "the file declares a document type (DOCTYPE), which no such backup has; it is not read"
            raise ExportError(msg)
        if cut > 0:
            yield _without_comments(held[:cut])
            held, first = held[cut:], False
    yield _without_comments(held)


def _without_comments(block: bytes) -> str:
    text = block.decode("utf-8")
    return _COMMENT.sub("", text) if "<!--" in text else text


def _elements(block: str) -> Iterator[tuple[str, Record]]:
    """Read the records of a block: those with the attributes of its first at once, the others one by one."""
    tag, names = _shape(block)
    for groups in _pattern(tag, names).findall(block):
        yield _alone(groups[-1]) if groups[-1] else (tag, Flat(tag, names, groups))


def _shape(block: str) -> tuple[str, tuple[str, ...]]:
    """Return the element and the attributes, in their order, of the first record without children."""
    first = _FLAT.search(block)
    return _once(first.group(1), tuple(_ATTRIBUTE.findall(first.group(2)))) if first else ("", ())


@lru_cache(maxsize=64)
def _once(tag: str, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the same objects for the same shape, so that shapes can be compared by identity."""
    return tag, names


@lru_cache(maxsize=64)
def _pattern(tag: str, names: tuple[str, ...]) -> re.Pattern[str]:
    """Match a record of this shape, a group for each attribute, or else, as the last group, any other record."""
    other = r"(<(?:sms|mms|call)\s.*?(?=<(?:sms|mms|call)\s|\Z))"
    if not tag:
        return re.compile("()" + other, re.DOTALL)
    flat = rf"<{tag}\s+" + r"\s+".join(rf'{re.escape(name)}="([^"]*)"' for name in names) + r"\s*/>"
    return re.compile(flat + "|" + other, re.DOTALL)


def _alone(text: str) -> tuple[str, Record]:
    """Read one record with an XML parser."""
    tag = text[1:5].split()[0].rstrip()
    closed = re.match(r"<(?:sms|call)\s[^<]*/>|<mms\s.*(?:</mms>|/>)", text, re.DOTALL)
    if not closed:
        return tag, Problem("the file is cut off or damaged in this record; the others were read")
    try:
        element = etree.fromstring(closed.group(), _PARSER)
    except etree.XMLSyntaxError as error:
        return tag, Problem(f"not well-formed XML: {error}")
    values: dict[str, Any] = dict(element.attrib)
    if tag == "mms":
        values["parts"] = [dict(part.attrib) for part in element.iter("part")]
        values["addrs"] = [dict(addr.attrib) for addr in element.iter("addr")]
    return tag, (tag, values)


def event(record: Record, export: Export) -> Event | Skip:
    """Read one element."""
    tag, values = (record.tag, record.resolved()) if type(record) is Flat else record
    return _mms(values, export) if tag == "mms" else {"sms": _sms, "call": _call}[tag](values)


def _name(values: dict[str, str]) -> str | None:
    name = values.get("contact_name", "")
    return None if name in NO_NAME else name


def _sms(values: dict[str, str]) -> Event:
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


def _call(values: dict[str, str]) -> Event:
    code, number = values.get("type", ""), values.get("number", "")
    direction, outcome = CALL_TYPES.get(code, ("unknown", "other"))
    seconds = float(values["duration"]) if values.get("duration") not in (None, "", "null") else None
    if code == "2" and not seconds:
        outcome = "unanswered"
    hidden = WITHHELD_NUMBERS.get(number) or (
        None if number else WITHHELD_PRESENTATIONS.get(values.get("presentation", ""), "no number given")
    )
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
    return next(
        (part[key] for key in ("name", "fn", "cl") if part.get(key) not in (None, "", "null")), part.get("ct", "attachment")
    )


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
    listed = [
        a["address"]
        for a in values["addrs"]
        if a.get("type") in ("137", "151", "130", "129") and not is_owner(a.get("address", ""), export)
    ]
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


def columns(batch: Sequence[Record], _: Export) -> tuple[Columns, list[int]]:
    """Build the columns of the plain SMS of a batch at once; everything else is left to `event`."""
    names = next((record.names for record in batch if type(record) is Flat and record.tag == "sms"), ())
    address, date, kind, body = (names.index(name) for name in ("address", "date", "type", "body"))
    status, sent, saved = (names.index(name) if name in names else None for name in ("status", "date_sent", "contact_name"))
    done, rows = [], []
    for i, record in enumerate(batch):
        if type(record) is not Flat or record.names is not names:
            continue
        values = record.values
        plain = values[kind] in ("1", "2") and values[body] != "null" and (status is None or values[status] != "64")
        if plain and len(values[date]) == 13 and values[date].isdigit():
            done.append(i)
            rows.append(values)
    by = list(zip(*rows, strict=True))
    at = np.fromiter(map(int, by[date]), np.int64, len(rows))
    people = [None if name in NO_NAME else _text(name) for name in by[saved]] if saved is not None else [None] * len(rows)
    return {
        "kind": "message", "channel": "sms", "at": at * 1000, "direction": ["in" if code == "1" else "out" for code in by[kind]],
        "handle": [_address(_text(number)) for number in by[address]], "name": people,
        "name_source": ["address book" if name else None for name in people], "group": np.zeros(len(rows), bool),
        "text": [_text(text) if "&" in text else text for text in by[body]], "raw_time": by[date], "zone": "UTC", "zone_basis": "in the value",
        "sent_at": _sent_column(by[sent], at) if sent is not None else None,
    }, done  # fmt: skip


def _sent_column(values: Sequence[str], at: npt.NDArray[np.int64]) -> pa.Array:
    sent = np.fromiter(map(int, values), np.int64, len(values))
    return pa.array(np.where(sent < 10**11, sent * 1000, sent) * 1000, mask=(sent <= 0) | (sent == at))


FORMAT = Format(
    name="smsbr",
    title="SMS Backup & Restore (XML)",
    recognises=recognises,
    records=records,
    event=event,
    absence="messages deleted before the backup, chats of other apps and calls that the phone's own log had already dropped",
    columns=columns,
)
