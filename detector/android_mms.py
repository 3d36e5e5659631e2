"""MMS in Android's message database: tables `pdu` (one message), `part` (its contents) and `addr` (its addresses).

Source: AOSP Telephony.Mms. `pdu.date` and `date_sent` are seconds since 1970 UTC; `m_type` is the kind of PDU (128 sent, 132
received, 130 announced and never downloaded, the others reports); `addr.type` is 137 from, 151 to, 130 cc, 129 bcc, and
`insert-address-token` is the phone itself. A subject is UTF-8 whose bytes were stored as if they were Latin-1.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from detector.android import MESSAGE_TYPES, OWNER_TOKEN, moment
from detector.errors import ExportError
from detector.event import Direction, Event
from detector.export import Problem, Record, Skip
from detector.sqlite_rows import printable, rows, text_of

FROM, TO, COPIES = "137", "151", ("130", "129")
NO_CONTENT = "130"
REPORTS = ("129", "131", "133", "134", "135", "136")
BY_KIND: Mapping[str, Direction] = {"128": "out", "130": "in", "132": "in"}
TEXTS = ("text/plain", "text/html")
LAYOUT = "application/smil"
RCS = "@rcs.google.com"


@dataclass(frozen=True)
class Phone:
    """What the database says about the phone as a whole."""

    own: tuple[str, ...] = ()  # its own numbers
    said: tuple[str, ...] = ()  # what a person says they are
    threads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the other participants of each conversation
    archived: frozenset[str] = frozenset()
    damage: str | None = None  # why some of this is not known

    def is_own(self, address: str) -> bool:
        """Tell whether an address is the phone's."""
        return address == OWNER_TOKEN or number_key(address) in self._own_keys

    @cached_property
    def _own_keys(self) -> frozenset[str]:
        return frozenset(map(number_key, (*self.own, *self.said)))

    def folder(self, record: Record) -> str | None:
        """Return the folder in which the record stands, as far as it matters."""
        if record["table"].startswith("spam_"):
            return "blocked"
        return "archived" if str(record.get("thread_id")) in self.archived else None


def number_key(address: str) -> str:
    """Return what two ways of writing one number have in common: the last nine digits; other addresses in lower case."""
    digits = "".join(filter(str.isdigit, address))
    return digits[-9:] if len(digits) >= 7 and "@" not in address else address.strip().lower()


def records(connection: sqlite3.Connection, found: Mapping[str, Sequence[str]], prefix: str) -> Iterator[tuple[str, Record]]:
    """Yield each row of `pdu` with its parts and addresses."""
    with closing(_Children("mid", ("seq", "_id"))) as parts, closing(_Children("msg_id", ("_id",))) as addresses:
        yield from _with_children(connection, found, prefix, parts, addresses)


def _with_children(
    connection: sqlite3.Connection,
    found: Mapping[str, Sequence[str]],
    prefix: str,
    parts: _Children,
    addresses: _Children,
) -> Iterator[tuple[str, Record]]:
    table = prefix + "pdu"
    for children, name in ((parts, prefix + "part"), (addresses, prefix + "addr")):
        try:
            children.fill(connection, found, name)
        except ExportError as error:
            yield f"{name}:damaged", Problem(str(error))
    names = ("rowid", *found[table])
    for row in rows(connection, table, found[table]):
        record = printable(names, row)
        yield (
            f"{table}:{row[0]}",
            {"table": table, **record, "parts": parts.of(record.get("_id")), "addrs": addresses.of(record.get("_id"))},
        )


class _Children:
    """Rows of another table by the message they belong to, kept on disk so that memory stays flat."""

    def __init__(self, parent: str, order: Sequence[str]) -> None:
        self._parent, self._order = parent, order
        self._names: tuple[str, ...] = ()
        self._query = ""
        self._spool = sqlite3.connect("", isolation_level=None)

    def fill(self, connection: sqlite3.Connection, found: Mapping[str, Sequence[str]], table: str) -> None:
        """Copy the rows of the table; ExportError for what cannot be read, after all the others."""
        columns = found.get(table, ())
        if self._parent not in columns:
            return
        self._names = tuple(columns)
        parent, order = columns.index(self._parent), [f"c{columns.index(name)}" for name in self._order if name in columns]
        self._query = f"SELECT * FROM child WHERE c{parent} = ? ORDER BY {', '.join([*order, 'rowid'])}"  # noqa: S608 - numbers
        marks = ", ".join("?" * len(columns))
        self._spool.execute(f"CREATE TABLE child ({', '.join(f'c{i}' for i in range(len(columns)))})")
        self._spool.execute("BEGIN")
        try:
            insert = f"INSERT INTO child VALUES ({marks})"  # noqa: S608 - question marks
            self._spool.executemany(insert, (row[1:] for row in rows(connection, table, columns)))
        finally:
            self._spool.execute(f"CREATE INDEX parent ON child (c{parent})")
            self._spool.execute("COMMIT")

    def close(self) -> None:
        """Give the disk space back."""
        self._spool.close()

    def of(self, key: Any) -> list[dict[str, Any]]:
        """Return the rows of one message, in their order."""
        if not self._query or key is None:
            return []
        return [printable(self._names, row) for row in self._spool.execute(self._query, (key,))]


def event(record: Record, phone: Phone) -> Event | Skip:
    """Read one message with its parts and addresses."""
    kind = str(record.get("m_type"))
    if kind in REPORTS:
        return Skip("delivery or read report of an MMS, or the phone's acknowledgement of one")
    direction, status = MESSAGE_TYPES.get(str(record.get("msg_box")), (BY_KIND.get(kind, "unknown"), None))
    parts = [(media_type(part), part) for part in record["parts"]]
    subject, text = subject_of(record), [text_of(part.get("text")) or "" for ct, part in parts if _is_text(ct, part)]
    people = _people(record, direction, phone)
    at, sent = moment(record.get("date")), moment(record.get("date_sent"))
    return Event(
        kind="message", channel="rcs" if people.rcs else "mms", at=at, direction=direction, handle=people.handle,
        recipients="; ".join(people.others) or None if people.group else None,
        thread=None if record.get("thread_id") is None else str(record["thread_id"]), group=people.group,
        text="\n".join([subject, *text] if subject else text) or None, status=status,
        media="; ".join(_media(ct, part) for ct, part in parts if ct != LAYOUT and not _is_text(ct, part)) or None,
        folder=phone.folder(record), raw_time=text_of(record.get("date")), zone="UTC", zone_basis="in the value",
        sent_at=sent if sent != at else None, note=_note(record, kind, subject, people),
    )  # fmt: skip


def media_type(part: Mapping[str, Any]) -> str:
    """Return the type of a part without its parameters."""
    return (text_of(part.get("ct")) or "").partition(";")[0].strip().lower()


def _is_text(ct: str, part: Mapping[str, Any]) -> bool:
    return ct in TEXTS and part.get("text") is not None


def _media(ct: str, part: Mapping[str, Any]) -> str:
    named = (text_of(part.get(key)) for key in ("name", "fn", "cl"))
    stored = (text_of(part.get("_data")) or "").rpartition("/")[2]
    return next((name for name in named if name not in (None, "", "null")), None) or stored or ct or "attachment"


def subject_of(record: Record) -> str | None:
    """Return the subject; bytes that were stored as Latin-1 are read as the UTF-8 that they are."""
    subject = text_of(record.get("sub"))
    if subject in (None, "", "null"):
        return None
    try:
        return subject.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return subject


@dataclass(frozen=True)
class _People:
    others: list[str]  # everyone but the owner
    sender: str | None
    group: bool
    rcs: bool
    direction: str

    @property
    def handle(self) -> str | None:
        """Return the other side: in a group, or where a sender is named, the writer."""
        if self.direction == "in" and (self.sender or self.group):
            return self.sender
        return self.others[0] if len(self.others) == 1 and not self.group else None


def _people(record: Record, direction: str, phone: Phone) -> _People:
    listed = [(str(each.get("type")), text_of(each.get("address"))) for each in record["addrs"]]
    addresses = [(kind, address) for kind, address in listed if address not in (None, "", "null")]
    thread = phone.threads.get(str(record.get("thread_id")), ())
    senders = _distinct(address for kind, address in addresses if kind == FROM and not phone.is_own(address))
    if direction == "in" and len(senders) > 1 and len(thread) == 1:
        senders = list(thread)
        addresses = []
    to = _recipients(addresses, direction, thread, phone)
    everyone = [*(senders if direction != "out" else ()), *to, *thread]
    rcs_group = any(RCS in address for address in everyone)
    others = [address for address in _distinct(everyone) if RCS not in address and not phone.is_own(address)]
    rcs = rcs_group or (text_of(record.get("tr_id")) or "").startswith("proto:")
    sender = senders[0] if direction == "in" and len(senders) == 1 and RCS not in senders[0] else None
    return _People(others, sender, rcs_group or len(others) > 1, rcs, direction)


def _distinct(addresses: Iterable[str]) -> list[str]:
    """Return each number once, as it was written first."""
    found: dict[str, str] = {}
    for address in addresses:
        found.setdefault(number_key(address), address)
    return list(found.values())


def _recipients(addresses: Sequence[tuple[str, str]], direction: str, thread: Sequence[str], phone: Phone) -> list[str]:
    """Return the recipients without the owner, who in a received message is one of them.

    Where nothing names the owner's number, it is the only recipient, or the one "to" beside several "cc" (RCS), or the one
    that is no member of the conversation.
    """
    listed = [(kind, address) for kind, address in addresses if kind in (TO, *COPIES)]
    rest = [(kind, address) for kind, address in listed if not phone.is_own(address)]
    if direction != "in" or len(rest) < len(listed):
        return _distinct(address for _, address in rest)
    members = set(map(number_key, thread))
    to = _distinct(address for kind, address in rest if kind == TO)
    strangers = [address for address in to if number_key(address) not in members] if thread else to
    copies = any(kind in COPIES for kind, _ in rest)
    owner = strangers[0] if len(strangers) == 1 and (thread or copies or len(to) == 1) else None
    return [address for address in _distinct(address for _, address in rest) if address != owner]


def _note(record: Record, kind: str, subject: str | None, people: _People) -> str | None:
    box = record.get("msg_box")
    notes = (
        "" if str(box) in MESSAGE_TYPES else f"msg_box {box}: meaning not known",
        "the content was never downloaded to the phone" if kind == NO_CONTENT else "",
        "the first line is the subject" if subject else "",
        "the record does not say who wrote it" if people.direction == "in" and people.handle is None else "",
    )
    return "; ".join(filter(None, notes)) or None
