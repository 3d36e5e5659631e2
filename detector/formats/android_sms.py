"""Android's message database, mmssms.db: SMS, MMS and, on Samsung phones, what was blocked as spam.

Source: AOSP Telephony.Sms. `sms.date` (arrival, or sending) and `date_sent` (the sender's network; 0 for none) are milliseconds
since 1970 UTC; `type` 1 is received, 2 sent, 3 to 6 reached nobody. LG phones, known by the column `lgeSiid`, add 7 blocked,
8 scheduled and 19 public alert. Row numbers are those of the database: "sms:12" is the row of `sms` with `_id` 12.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from detector import android_mms
from detector.android import MESSAGE_TYPES, OWNER_TOKEN, moment
from detector.android_mms import Phone, number_key
from detector.errors import ExportError
from detector.event import Columns, Direction, Event
from detector.export import Export, Facts, Format, Problem, Record, Skip
from detector.sqlite import companion_notes, opened, tables
from detector.sqlite_rows import blocks, missing_rows, printable, printable_block, rows, text_of

NEEDED = {"_id", "address", "date", "type", "body"}
PREFIXES = ("", "spam_")
UNKNOWN_SENDER = ("", "null", "Unknown", "(Unknown)", "-1", OWNER_TOKEN)
LG_TYPES: Mapping[str, tuple[Direction, str | None, str | None]] = {
    "7": ("in", None, "blocked"),
    "8": ("out", "scheduled", None),
    "19": ("in", None, None),
}
LG_ALERT = "19"
DELIVERY_FAILED = 64
"""sms.status from here on: the network says that the text was not delivered (3GPP TS 23.040, TP-Status)."""


def recognises(export: Export) -> bool:
    """Look for the table `sms` as Android has it; Signal's old database also has one, beside a table `mms`."""
    found = tables(export)
    return set(found.get("sms", ())) >= NEEDED and "mms" not in found


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Yield the rows of `sms` and `pdu`, then those of their blocked twins; where one table is damaged the next is read."""
    found = tables(export)
    with opened(export) as connection:
        for prefix in PREFIXES:
            for table, read in ((prefix + "sms", _messages), (prefix + "pdu", _pdus)):
                if table not in found:
                    continue
                try:
                    yield from read(connection, found, prefix)
                except ExportError as error:
                    yield f"{table}:damaged", Problem(str(error))


def _messages(connection: sqlite3.Connection, found: Mapping[str, Sequence[str]], prefix: str) -> Iterator[tuple[str, Record]]:
    table = prefix + "sms"
    names = ("rowid", *found[table])
    for block in blocks(connection, table, found[table]):
        for record in printable_block(names, block):
            record["table"] = table
            yield f"{table}:{record['rowid']}", record


def _pdus(connection: sqlite3.Connection, found: Mapping[str, Sequence[str]], prefix: str) -> Iterator[tuple[str, Record]]:
    return android_mms.records(connection, found, prefix)


def event(record: Record, export: Export) -> Event | Skip:
    """Read one row of either kind."""
    phone = _phone(export)
    return android_mms.event(record, phone) if record["table"].endswith("pdu") else _sms(record, phone)


def _sms(record: Record, phone: Phone) -> Event:
    direction, status, folder = _kind(record)
    others = phone.threads.get(str(record.get("thread_id")), ())
    address = text_of(record.get("address"))
    named = None if address is None or address.strip() in UNKNOWN_SENDER else address
    group = named is None and len(others) > 1
    subject, body = text_of(record.get("subject")), text_of(record.get("body"))
    at, sent = moment(record.get("date")), moment(record.get("date_sent"))
    return Event(
        kind="notice" if _is_alert(record) else "message", channel="sms", at=at, direction=direction,
        handle=named or (others[0] if len(others) == 1 else None), recipients="; ".join(others) if group else None, group=group,
        thread=None if record.get("thread_id") is None else str(record["thread_id"]),
        text=f"{subject}\n{body or ''}" if subject else body, status=status, folder=folder or phone.folder(record),
        raw_time=text_of(record.get("date")), zone="UTC", zone_basis="in the value", sent_at=sent if sent != at else None,
        note=_note(record, None if named else len(others), subject),
    )  # fmt: skip


def _kind(record: Record) -> tuple[Direction, str | None, str | None]:
    """Return direction, status and folder."""
    code = str(record.get("type"))
    if "lgeSiid" in record and code in LG_TYPES:
        return LG_TYPES[code]
    unknown: Direction = "in" if record["table"] == "spam_sms" else "unknown"
    return *MESSAGE_TYPES.get(code, (unknown, None)), None


def _is_alert(record: Record) -> bool:
    return "lgeSiid" in record and str(record.get("type")) == LG_ALERT


def _note(record: Record, others: int | None, subject: str | None) -> str | None:
    code, status = str(record.get("type")), record.get("status")
    known = code in MESSAGE_TYPES or ("lgeSiid" in record and code in LG_TYPES)
    notes = (
        "" if known else f"type {record.get('type')}: meaning not known",
        "public alert" if _is_alert(record) else "",
        "" if others is None else "the record names nobody" + ("; the other side is that of the conversation" if others else ""),
        "the first line is the subject" if subject else "",
        "the delivery report says: failed" if isinstance(status, int) and status >= DELIVERY_FAILED else "",
        "its text was not valid UTF-8" if type(record.get("body")) is dict else "",
    )
    return "; ".join(filter(None, notes)) or None


@lru_cache(maxsize=4)
def _phone(export: Export) -> Phone:
    """Return the phone's own numbers and its conversations."""
    said, found = export.options.owner, tables(export)
    try:
        with opened(export) as connection:
            threads, archived = _threads(connection, found)
            return Phone(_own_numbers(connection, found, threads), said, threads, archived)
    except ExportError as error:
        return Phone(said=said, damage=str(error))


def _threads(
    connection: sqlite3.Connection, found: Mapping[str, Sequence[str]]
) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Return the other participants of each conversation: `recipient_ids` are row numbers of `canonical_addresses`."""
    if not {"_id", "recipient_ids"} <= set(found.get("threads", ())) or "address" not in found.get("canonical_addresses", ()):
        return {}, frozenset()
    people = {str(number): _shown(address) for number, address in rows(connection, "canonical_addresses", ("address",))}
    has_archive = "archived" in found["threads"]
    threads, archived = {}, set()
    for number, ids, *rest in rows(connection, "threads", ("recipient_ids", *(("archived",) if has_archive else ()))):
        members = (people.get(each) for each in str(ids or "").split())
        threads[str(number)] = tuple(each for each in members if each)
        if rest and rest[0] in (1, "1"):
            archived.add(str(number))
    return threads, frozenset(archived)


def _shown(address: Any) -> str | None:
    text = text_of(printable(("address",), (address,))["address"])
    return None if text is None or text.strip() in UNKNOWN_SENDER else text


_OWN = """
SELECT a.address FROM addr a JOIN pdu p ON p._id = a.msg_id WHERE a.type = 137 AND p.msg_box = 2
UNION
SELECT a.address FROM addr a JOIN pdu p ON p._id = a.msg_id WHERE a.type = 151 AND p.msg_box = 1 AND a.msg_id IN
    (SELECT msg_id FROM addr WHERE type IN (151, 130, 129) GROUP BY msg_id HAVING count(DISTINCT address) = 1)
"""


def _own_numbers(
    connection: sqlite3.Connection, found: Mapping[str, Sequence[str]], threads: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return who sent the MMS that were sent, and who alone received those that came in, unless it is a correspondent."""
    if not {"msg_id", "address", "type"} <= set(found.get("addr", ())) or not {"_id", "msg_box"} <= set(found.get("pdu", ())):
        return ()
    others = {number_key(address) for members in threads.values() for address in members}
    try:
        named = [_shown(address) for (address,) in connection.execute(_OWN)]
    except sqlite3.DatabaseError:
        return ()
    own = {number_key(address): address for address in sorted(filter(None, named), reverse=True)}
    return tuple(sorted(address for key, address in own.items() if key not in others))


def facts(export: Export) -> Facts:
    """Say whose phone it is, as far as the MMS tell, which logs were read, and which row numbers are not in use."""
    found, phone = tables(export), _phone(export)
    with opened(export) as connection:
        gaps = [missing_rows(connection, found, table) for table in ("sms", "pdu") if table in found]
        notes = (*companion_notes(export), phone.damage, *gaps, *_orphans(connection, found))
    return Facts(
        owner="; ".join(phone.own) or None,
        owner_basis="the sender of the MMS that were sent, and the only recipient of received ones" if phone.own else None,
        notes=tuple(filter(None, notes)),
    )


def _orphans(connection: sqlite3.Connection, found: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if "mid" not in found.get("part", ()) or "_id" not in found.get("pdu", ()):
        return
    try:
        (count,) = connection.execute("SELECT count(*) FROM part WHERE mid NOT IN (SELECT _id FROM pdu)").fetchone()
    except sqlite3.DatabaseError:
        return
    if count:
        yield f"parts of MMS (table part) whose message is no longer in table pdu, and which are not shown: {count:,}"


_COLUMNS = itemgetter("type", "address", "date", "date_sent", "body", "subject", "status", "thread_id")


def columns(batch: Sequence[Record], export: Export) -> tuple[Columns, list[int]]:
    """Build the columns of the plain texts of a batch at once; everything else is left to `event`."""
    archived = _phone(export).archived
    done, plain = [], []
    for i, record in enumerate(batch):
        if record["table"] == "sms" and _is_plain(row := _COLUMNS(record), archived):
            done.append(i)
            plain.append(row)
    if not plain:
        return {}, []
    kinds, people, dates, sent_dates, bodies, _, _, threads = zip(*plain, strict=True)
    at, sent = np.array(dates, np.int64) * 1000, np.array(sent_dates, np.int64)
    sent = np.where(sent < 10**11, sent * 1_000_000, sent * 1000)
    return {
        "kind": "message", "channel": "sms", "at": at, "direction": ["in" if kind == 1 else "out" for kind in kinds],
        "handle": people, "thread": list(map(str, threads)), "group": np.zeros(len(plain), bool), "text": bodies,
        "raw_time": list(map(str, dates)), "zone": "UTC", "zone_basis": "in the value",
        "sent_at": pa.array(sent, mask=(sent == 0) | (sent == at)),
    }, done  # fmt: skip


def _is_plain(row: tuple[Any, ...], archived: frozenset[str]) -> bool:
    """Tell whether a row needs nothing but copying."""
    kind, address, date, sent, body, subject, status, thread = row
    return (
        (kind == 1 or kind == 2) and not subject and type(body) is str
        and type(address) is str and address.strip() not in UNKNOWN_SENDER
        and type(date) is int and 10**11 <= date < 10**13 and type(sent) is int and 0 <= sent < 10**13
        and type(status) is int and status < DELIVERY_FAILED and type(thread) is int
        and (not archived or str(thread) not in archived)
    )  # fmt: skip


FORMAT = Format(
    name="android_sms",
    title="Android message database (mmssms.db)",
    recognises=recognises,
    records=records,
    event=event,
    absence="messages deleted on the phone, RCS and chats that other apps keep, texts that an app blocked before storing them",
    facts=facts,
    columns=columns,
)
