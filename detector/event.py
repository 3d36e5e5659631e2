"""Event: one message, call, reaction, request or notice; and the table that holds them.

Times in the table are UTC with microseconds. Text is kept as exported. Whatever a format does not know is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Kind = Literal["message", "call", "voicemail", "reaction", "request", "comment", "notice"]
Direction = Literal["in", "out", "unknown"]
Outcome = Literal["answered", "unanswered", "missed", "rejected", "blocked", "voicemail", "answered elsewhere", "other"]

WITHHELD = "withheld"
"""The handle of every caller whose number was withheld, unknown or a payphone: never one person."""

NOT_DELIVERED = ("draft", "outbox", "failed", "queued", "scheduled")
"""Values of `status` that mean: this never reached anybody."""


@dataclass(slots=True)
class Event:
    """One record of contact, as a format read it.

    `direction` is seen from the owner of the device or account: "in" reached the owner, "out" was sent by the owner.
    `handle` is the other side as written: a number, a short code, an account or a shown name; in a group the writer
    of an incoming message. None where the record does not say (an outgoing group message), `WITHHELD` for callers
    who hid their number.
    """

    kind: Kind
    channel: str  # sms, mms, rcs, phone, whatsapp, instagram, messenger, ...
    at: datetime | None  # with a zone; None: no usable time, `raw_time` says what stood there
    direction: Direction
    handle: str | None
    name: str | None = None  # the other side's name as the export shows it
    name_source: str | None = None  # "address book" or "profile": who chose the name, the owner or the other side
    recipients: str | None = None  # every other participant of a group message, joined with "; "
    thread: str | None = None  # the conversation, as the export names it
    group: bool = False  # three or more people
    text: str | None = None  # as exported
    seconds: float | None = None  # length of a call or voicemail
    outcome: Outcome | None = None  # of a call
    status: str | None = None  # draft, outbox, failed, queued, deleted, unsent, edited, ...
    media: str | None = None  # names or types of attachments, joined with "; "
    folder: str | None = None  # inbox, requests, filtered, archived, spam, ...
    raw_time: str | None = None  # the time as it stood in the export
    zone: str | None = None  # the zone that was used to read the time
    zone_basis: str | None = None  # in the value | in the header | given | assumed
    sent_at: datetime | None = None  # when the sender's side dated it, where that differs
    note: str | None = None  # what the export or we say about this record: never speech


FIELDS = tuple(field.name for field in fields(Event))
TIMES = ("at", "sent_at")
TEXTS = ("text", "recipients", "media", "raw_time", "note")

_TIME = pa.timestamp("us", "UTC")
_WORD = pa.dictionary(pa.int32(), pa.string())


def _type(name: str) -> pa.DataType:
    if name in TIMES:
        return _TIME
    if name in TEXTS:
        return pa.string()
    return {"group": pa.bool_(), "seconds": pa.float64()}.get(name, _WORD)


SCHEMA = pa.schema(
    [pa.field("id", pa.string()), pa.field("source", _WORD), pa.field("locator", pa.string())]
    + [pa.field(name, _type(name)) for name in FIELDS]
)
"""What `ingest.read` returns: an Event's fields, and where it came from.

`source` is the export's SHA-256, `locator` the place inside it, `id` the first 12 hex digits of the one and the
other joined by a colon."""

_FIELDS_OF = attrgetter(*FIELDS)

Columns = Mapping[str, Any]
"""One sequence of values for each field of Event that is not None throughout; times as datetimes, or as an array of
int64 microseconds, and one string where all rows have it."""


def columns(events: Sequence[Event]) -> dict[str, Sequence[Any]]:
    """Turn events into one tuple of values per field."""
    return dict(zip(FIELDS, zip(*map(_FIELDS_OF, events), strict=True), strict=True))


def to_table(values: Columns, locators: Sequence[str], sha256: str) -> pa.Table:
    """Build a table of SCHEMA from columns of equal length and their locators."""
    rows = len(locators)
    where = pa.array(locators, pa.string())
    arrays = [_join(sha256[:12] + ":", where), _array(sha256, _WORD, rows), where]
    arrays += [_array(values.get(name), _type(name), rows) for name in FIELDS]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def empty_table() -> pa.Table:
    """Return a table of SCHEMA without rows."""
    return SCHEMA.empty_table()


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Turn such a table into a DataFrame: dictionary columns become categories, strings stay in Arrow's memory."""
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): pd.StringDtype("pyarrow", na_value=np.nan)}.get)
    return frame


def microseconds(times: pd.Series[pd.Timestamp]) -> npt.NDArray[np.int64]:
    """Return times as microseconds since 1970 UTC; a missing one is the lowest number there is."""
    return np.asarray(times.dt.as_unit("us").astype("int64"), dtype=np.int64)


def _join(prefix: str, locators: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(pa.scalar(prefix), locators, pa.scalar(""))


def _array(values: Any, kind: pa.DataType, rows: int) -> pa.Array:
    if values is None:
        return pa.nulls(rows, kind)
    if kind == _TIME:
        return _int64(_microseconds(values)).cast(_TIME)
    if kind != _WORD:
        return pa.array(values, kind)
    if isinstance(values, str):
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), [values])
    return pa.array(values, pa.string()).dictionary_encode()


def _int64(values: Any) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, pa.int64())


def _microseconds(values: Any) -> Any:
    """Return times as integers; datetimes go through float seconds, exact to the microsecond until 2255."""
    if isinstance(values, (np.ndarray, pa.Array)):
        return values
    if None in values:
        return [None if value is None else round(value.timestamp() * 1e6) for value in values]
    return np.rint(np.array([value.timestamp() for value in values]) * 1e6).astype(np.int64)
