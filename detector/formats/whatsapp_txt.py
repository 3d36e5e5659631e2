"""WhatsApp's "Export chat": one text file for each chat, ``WhatsApp Chat with NAME.txt`` (Android) or ``_chat.txt`` (iPhone).

Times are the clock of the phone that made the export, without a zone; Android leaves out the seconds. Which number of a date is the
day, who exported the chat and which lines are the app's own are not marked and are inferred from the whole file: see
`detector.whatsapp`. Signal's text export looks almost the same: square brackets around year-month-day are WhatsApp's only with
seconds and a comma, or where the marks stand that WhatsApp puts before its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from detector.event import Columns, Event
from detector.export import Export, Facts, Format, Record, Skip
from detector.pairs import SECOND
from detector.whatsapp.blocks import head_text, pieces
from detector.whatsapp.chat import chat_of
from detector.whatsapp.headers import GENERAL
from detector.whatsapp.lines import body_of, event_of, ordinary_rows
from detector.zones import zone_of

_OTHERS = re.compile(
    r"\ufeff?\s*(?:\[LINE\]|.*(?:Chat history (?:with|in) |저장한 날짜|님과 카카오톡 대화)|=====|-{8,} ?\S+.*-{8,}\s*$)"
)
_ISO_BRACKET = re.compile(r"\d{4}-\d\d-\d\d(,?)\s+\d\d:\d\d(:\d\d)?$")
_LOG_LEVELS = {"INFO", "DEBUG", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL", "TRACE", "NOTICE"}
_SIGNAL_WRITERS = {"Me", "No-Sender"}
FIRST_HEADER_LINES = 20
"""The first header stands within so many lines: what is cut off at its beginning may begin inside a message."""


def recognises(export: Export) -> bool:
    """Look for headers in the first lines, and for the signs of other apps' logs."""
    text = head_text(export)
    if "\0" in text[:200] or _OTHERS.match(text):
        return False
    headers = list(GENERAL.finditer(text[:20_000]))
    if not headers or text.count("\n", 0, headers[0].start()) > FIRST_HEADER_LINES:
        return False
    names = {header.group(7) for header in headers if header.group(7)}
    if any(name.rsplit(None, 1)[-1].rsplit(".", 1)[-1] in _LOG_LEVELS for name in names if name.strip()):
        return False
    marked = "\u200e" in text or "\u200f" in text
    return marked or (_is_chat(headers, names) and not _is_signal(headers, names, export))


def _is_chat(headers: Sequence[re.Match[str]], names: set[str]) -> bool:
    """Tell whether somebody writes: a list of dated entries is no chat."""
    return bool(names) or all(header.group(2) is None and header.group(6).strip() == "-" for header in headers)


def _is_signal(headers: Sequence[re.Match[str]], names: set[str], export: Export) -> bool:
    """Tell a Signal export from a WhatsApp one that has no marks."""
    first = headers[0]
    iso = _ISO_BRACKET.match(first.group(3)) if first.group(2) else None
    if not iso:
        return False
    if not iso.group(2) or names & _SIGNAL_WRITERS or export.title.endswith(".md"):
        return True
    return not iso.group(1) and "whatsapp" not in export.name.casefold() and "_chat" not in export.name


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Yield the number of the first line of each message, and its lines as they stand."""
    chat = chat_of(export)
    starts = chat.lines.start
    numbers = chat.lines.number.tolist()
    if starts[0] > 0:
        starts, numbers = np.append(0, starts), [1, *numbers]
    for record in zip(numbers, pieces(export, starts, *chat.reading), strict=True):
        yield f"line {record[0]}", record


def event(record: Record, export: Export) -> Event | Skip:
    """Read one message."""
    return event_of(record, chat_of(export))


def columns(batch: Sequence[Record], export: Export) -> tuple[Columns, Sequence[int]]:
    """Read the ordinary messages of a batch at once: somebody's own words, on a day whose clock ran evenly."""
    chat = chat_of(export)
    rows, done = ordinary_rows(batch, chat)
    lines, people = chat.lines, chat.people
    texts = [body_of(batch[i][1], start) for i, start in zip(done, lines.body[rows].tolist(), strict=True)]
    spans = zip(done, lines.when[rows].tolist(), lines.when_end[rows].tolist(), strict=True)
    whose = lines.writer[rows]
    zone, basis = zone_of(export.options)
    values = {
        "kind": "message", "channel": "whatsapp", "at": chat.midnights[lines.run[rows]] + lines.seconds[rows] * SECOND,
        "thread": chat.thread, "group": [people.group] * len(done), "text": texts, "raw_time": [batch[i][1][a:b] for i, a, b in spans],
        "zone": zone, "zone_basis": basis,
    } | {field: values[whose].tolist() for field, values in chat.by_writer.items()}  # fmt: skip
    return values, done


def facts(export: Export) -> Facts:
    """Say who exported the chat, in which zone and order its dates were read, and what is doubtful."""
    chat = chat_of(export)
    zone, zone_basis = zone_of(export.options)
    order, order_basis = chat.calendar.order
    return Facts(chat.people.owner, chat.people.basis, zone, zone_basis, order, order_basis, chat.notes)


FORMAT = Format(
    name="whatsapp_txt",
    title="WhatsApp chat export (text)",
    recognises=recognises,
    records=records,
    event=event,
    absence="The oldest part of a long chat is left out (about 40,000 messages are exported, 10,000 with media). Reactions, read marks "
    "and messages that the owner deleted for himself are never in it, answered calls only in some versions, and nothing shows that "
    "the other side blocked the owner. The other side can forbid the export.",
    facts=facts,
    columns=columns,
)
