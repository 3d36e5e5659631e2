"""Writes a made-up case as the export files that real phones and services make."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile, ZipInfo

from detector.synthetic.lines import LONDON, OWNER, Line, Person

CALL_TYPES = {"answered": "1", "missed": "3", "rejected": "5", "blocked": "6"}


def write(lines: Sequence[Line], folder: Path) -> None:
    """Write one extract: texts and calls of the phone, WhatsApp chats, an Instagram download, a landline's call list."""
    folder.mkdir(parents=True, exist_ok=True)
    direct = [line for line in lines if not line.group]
    (folder / "sms-20250601120000.xml").write_text(_texts([x for x in direct if x.channel == "sms"]), "utf-8", newline="\n")
    (folder / "calls-20250601120000.xml").write_text(
        _calls([x for x in direct if x.channel == "phone" and not x.withheld]), "utf-8", newline="\n"
    )
    (folder / "landline calls.csv").write_text(_call_list([x for x in direct if x.withheld]), "utf-8", newline="")
    chats = sorted(
        (line for line in lines if line.channel == "whatsapp"), key=lambda line: (line.group or line.person.name, line.at)
    )
    for title, chat in groupby(chats, key=lambda line: line.group or line.person.name or line.person.number):
        _zip(folder / f"WhatsApp Chat with {title}.zip", f"WhatsApp Chat with {title}.txt", _chat(list(chat)))
    _instagram([line for line in direct if line.channel == "instagram"], folder / "instagram")


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _xml(root: str, rows: Iterable[str]) -> str:
    rows = list(rows)
    return (
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<{root} count=\"{len(rows)}\">\n"
        + "\n".join(rows)
        + f"\n</{root}>\n"
    )


def _element(tag: str, values: dict[str, str]) -> str:
    return f"  <{tag} " + " ".join(f"{name}={quoteattr(value)}" for name, value in values.items()) + " />"


def _texts(lines: Sequence[Line]) -> str:
    return _xml("smses", (_element("sms", {
        "protocol": "0", "address": line.sender or line.person.number, "date": str(_milliseconds(line.at)), "type": "1" if line.direction == "in" else "2",
        "subject": "null", "body": line.text or "", "read": "1", "status": "-1", "date_sent": "0",
        "contact_name": _saved(line),
    }) for line in lines))  # fmt: skip


def _calls(lines: Sequence[Line]) -> str:
    return _xml("calls", (_element("call", {
        "number": line.person.number, "duration": str(line.seconds), "date": str(_milliseconds(line.at)),
        "type": "2" if line.direction == "out" else CALL_TYPES[line.outcome or "missed"], "presentation": "1", "contact_name": _saved(line),
    }) for line in lines))  # fmt: skip


def _saved(line: Line) -> str:
    return "(Unknown)" if line.sender or not line.person.name else line.person.name


def _call_list(lines: Sequence[Line]) -> str:
    """A list with day-first dates, as a telephone company makes it."""
    text = StringIO()
    table = csv.writer(text)
    table.writerow(["Date", "Time", "Number", "Direction", "Duration"])
    table.writerow(["31/12/2024", "18:00:00", "0113 496 0999", "Outgoing", "00:02:10"])
    for line in lines:
        local = line.at.astimezone(LONDON)
        table.writerow([f"{local:%d/%m/%Y}", f"{local:%H:%M:%S}", "Withheld", "Incoming", "00:00:00"])
    return text.getvalue()


def _chat(lines: Sequence[Line]) -> str:
    """An Android chat: minutes only, day first, times of the phone that made the export."""
    rows = []
    for line in lines:
        stamp = f"{line.at.astimezone(LONDON):%d/%m/%Y, %H:%M} - "
        if line.notice:
            rows.append(stamp + f"You {line.notice} this contact. Tap to {'unblock' if line.notice == 'blocked' else 'block'}.")
        else:
            rows.append(stamp + f"{line.person.name if line.direction == 'in' else OWNER.name}: {line.text}")
    first = f"{lines[0].at.astimezone(LONDON):%d/%m/%Y, %H:%M} - Messages and calls are end-to-end encrypted."
    deleted = f"{lines[-1].at.astimezone(LONDON):%d/%m/%Y, %H:%M} - {OWNER.name}: You deleted this message"
    return "\n".join([first, *rows, deleted]) + "\n"


def _zip(path: Path, member: str, text: str) -> None:
    """Write a zip whose bytes depend on nothing but its contents."""
    with ZipFile(path, "w") as archive:
        archive.writestr(ZipInfo(member, (2025, 6, 1, 12, 0, 0)), text)


def _instagram(lines: Sequence[Line], folder: Path) -> None:
    profile = folder / "personal_information" / "personal_information" / "personal_information.json"
    _json({"profile_user": [{"string_map_data": {"Name": {"value": OWNER.name}, "Username": {"value": "mia_example"}}}]}, profile)
    for person in sorted({line.person for line in lines}, key=lambda one: one.number):
        messages = [line for line in lines if line.person == person]
        _json(
            _thread(person, messages),
            folder / "your_instagram_activity" / "messages" / "message_requests" / f"{person.account}_17" / "message_1.json",
        )


def _thread(person: Person, lines: Sequence[Line]) -> dict[str, object]:
    messages = [{
        "sender_name": person.account if line.direction == "in" else OWNER.name, "timestamp_ms": _milliseconds(line.at), "content": _garbled(line.text or ""),
    } for line in sorted(lines, key=lambda line: line.at, reverse=True)]  # fmt: skip
    participants = [{"name": person.account}, {"name": OWNER.name}]
    return {
        "participants": participants,
        "messages": messages,
        "title": person.account,
        "thread_path": f"message_requests/{person.account}_17",
    }


def _garbled(text: str) -> str:
    """Write text as these downloads do: each byte of its UTF-8 as a character."""
    return text.encode("utf-8").decode("latin-1")


def _json(value: object, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1), "ascii", newline="\n")


def markers(lines: Sequence[Line]) -> str:
    """Return a markers file that enters the first request to stop in the case."""
    stop = next((line for line in lines if line.direction == "out" and "stop contacting me" in (line.text or "")), None)
    if stop is None:
        return ""
    return f'[[marker]]\nkind = "stop"\nat = {stop.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z\ncontact = "{stop.person.number}"\nnote = "the text of that evening"\n'
