"""A small extract for tests of the app: one phone's texts with hostile names and texts, a stop request and what came after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

PIXEL = "![x](https://tracker.example/p.png) <img src=https://tracker.example/i.png> **bold**"
"""A message that would tell its sender that it was read."""

NAME = "Dan ![x](https://tracker.example/n.png) :red[x] \u202egnp.exe"
NUMBER = "+447700900101"
START = datetime(2024, 3, 4, 18, tzinfo=UTC)


def write(folder: Path) -> Path:
    """Write the extract and return its folder; 12 texts within minutes come after a request to stop."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_text(day * 1440, "in", PIXEL if day == 0 else f"message {day}") for day in range(30)]
    rows += [_text(day * 1440 + 5, "out", f"reply {day}") for day in range(10)]
    rows += [_text(31 * 1440, "out", "Please stop contacting me. Do not text or call me again.")]
    rows += [_text(32 * 1440 + minute, "in", f"answer me {minute}") for minute in range(12)]
    rows += [_text(day * 1440, "in", "Your code is 123456", number="60777", name="(Unknown)") for day in (0, 1, 2, 3, 4, 90)]
    body = "\n".join(rows)
    (folder / "sms-20240601.xml").write_text(
        f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"{len(rows)}\">\n{body}\n</smses>\n", "utf-8"
    )
    (folder / "![x](https:..tracker.example.f).bin").write_bytes(b"\x00\x01nothing that anybody knows")
    return folder


def _text(minutes: int, direction: str, body: str, number: str = NUMBER, name: str = NAME) -> str:
    at = int((START + timedelta(minutes=minutes)).timestamp() * 1000)
    kind = "1" if direction == "in" else "2"
    return (
        f'  <sms protocol="0" address={quoteattr(number)} date="{at}" type="{kind}" subject="null" body={quoteattr(body)} '
        f'toa="null" sc_toa="null" service_center="null" read="1" status="-1" locked="0" date_sent="0" contact_name={quoteattr(name)} />'
    )
