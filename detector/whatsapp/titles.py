"""The title of a chat, from the name of its file, or of the zip or folder that holds ``_chat.txt``.

In a chat of two the title is the other side as the owner's address book has it. Only a name that begins (or ends) as WhatsApp's
own file names do is a sure title: anybody may have renamed the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from detector.whatsapp.phrases import normal

_BEFORE = (
    "WhatsApp Chat with", "WhatsApp Chat -", "Chat de WhatsApp con", "Чат WhatsApp с контактом", "Чат WhatsApp с", "Chat WhatsApp con",
    "Conversa no WhatsApp com", "Conversa do WhatsApp com", "WhatsApp Chat mit", "WhatsApp-Chat mit", "Discussion WhatsApp avec",
    "WhatsApp-chat met", "WhatsApp-chatt med", "WhatsApp-chat med", "Chat WhatsApp s uživatelem", "Chat WhatsApp dengan", "WhatsApp Chat",
)  # fmt: skip
_AFTER = ("ile WhatsApp Sohbeti", "ile WhatsApp Sohbeti -")
_COPY = re.compile(r"(?: \(\d{1,2}\)| - Copy| copy)+$")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Title:
    """A title, and whether it is surely the one that WhatsApp gave."""

    text: str
    sure: bool


def title_of(name: str) -> Title | None:
    """Find the title in an export's name; None if nothing in it can be one."""
    parts = PurePosixPath(name).parts
    stem = _stem(parts[-1])
    if (own := _named(stem)) or len(parts) < 2 or normal(stem).strip("_ ").casefold() not in ("chat", ""):
        return own or (None if stem.strip("_").casefold() == "chat" else Title(stem, False))
    above = _stem(parts[-2])
    return _named(above) or Title(above, False)


def _stem(part: str) -> str:
    while part.lower().endswith((".txt", ".zip")):
        part = part[:-4]
    return _COPY.sub("", part)


def _named(stem: str) -> Title | None:
    spaced = stem.replace("_", " ")
    for before in _BEFORE:
        if spaced.casefold().startswith(before.casefold() + " "):
            return Title(stem[len(before) + 1 :].strip("_ ") if " " in stem else spaced[len(before) + 1 :].strip(), True)
    for after in _AFTER:
        if spaced.casefold().endswith(" " + after.casefold()):
            return Title(spaced[: -len(after)].strip(), True)
    return None


def folded(name: str) -> str:
    """Return a name as file systems may have changed it: without signs and case; digits alone for a number."""
    plain = normal(name).lstrip("~ ")
    words = _SIGNS.sub(" ", plain).strip().casefold()
    return words.replace(" ", "") if is_number(plain) else words or plain


def is_number(name: str) -> bool:
    """Tell whether a name is a phone number."""
    plain = normal(name)
    return plain.lstrip("+(").replace(" ", "").replace("-", "").replace("(", "").replace(")", "").isdigit() and len(plain) > 4
