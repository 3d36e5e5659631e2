"""The app's own wordings, from one table for each language; a phrase is looked for in all of them, as chats change language.

The tables hold wordings seen in exports and in WhatsApp's own lists of strings; a full stop at the end may be missing or added.
`{any}` in a wording stands for whatever is there. New wordings appear every year: what is not known is counted, never dropped.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files

from detector.whatsapp.headers import MARKS

_STOPS = ".。।۔ "
_PLAIN = {ord(mark): None for mark in MARKS} | {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x2019: "'", 0x2011: "-"}
FIXED_START = 12
"""Letters with which a wording must begin to be told from somebody's own words where no mark and no writer tells them apart."""


def normal(text: str) -> str:
    """Return a wording without marks and final stops, and with ordinary blanks and apostrophes: for comparing only."""
    return text.translate(_PLAIN).strip().rstrip(_STOPS)


def _tables() -> dict[str, list[str]]:
    """Read all tables: each kind of phrase with its wordings in every language."""
    kinds: dict[str, list[str]] = {}
    for table in sorted(files("detector.whatsapp").joinpath("phrases").iterdir(), key=lambda path: path.name):
        if table.name.endswith(".toml"):
            for kind, wordings in tomllib.loads(table.read_text("utf-8")).items():
                kinds.setdefault(kind, []).extend(wordings)
    return kinds


_TABLES = _tables()
YOU_STARTS = tuple(_TABLES["you"])
"""How lines begin that tell the owner what the owner did."""


def _only(kind: str) -> frozenset[str]:
    return frozenset(normal(wording) for wording in _TABLES[kind] if "{any}" not in wording)


EDITED, ATTACHED, POLLS, NO_ANSWER, CALLS = map(_only, ("edited", "attached", "poll", "no_answer", "call"))
DELETED_BY_OWNER = _only("deleted_you") - _only("deleted")
"""Wordings that only the person who deleted the message sees, and so proves the owner."""

_EXACT_KINDS = (
    "omitted", "missed_voice", "missed_video", "unanswered", "location", "notice", "group", "number_changed",
    "unblocked", "blocked", "deleted_you", "deleted",
)  # fmt: skip
EXACT = {phrase: kind for kind in _EXACT_KINDS for phrase in _only(kind)}
"""Whole wordings with their kind."""

_TEMPLATE_KINDS = ("group", "number_changed", "notice", "deleted")


def _compiled(wordings: Iterable[str]) -> re.Pattern[str]:
    """Match any of these wordings; at its end a wording may also have nothing more."""
    pieces = (re.escape(normal(w)).replace(r"\{any\}", ".+?") for w in wordings)
    return re.compile("|".join(re.sub(r"\.\+\?$", ".*", piece) for piece in pieces), re.DOTALL)


_TEMPLATES = {kind: _compiled(w for w in _TABLES[kind] if "{any}" in w) for kind in _TEMPLATE_KINDS}
_FIXED = {
    kind: _compiled(w for w in _TABLES[kind] if "{any}" in w and len(w.split("{any}")[0]) >= FIXED_START)
    for kind in ("notice", "number_changed", "deleted")
}
STARTS = frozenset(
    normal(w)[:FIXED_START] for kind in _FIXED for w in _TABLES[kind] if "{any}" in w and len(w.split("{any}")[0]) >= FIXED_START
)
"""How the wordings that `fixed_kind` knows begin."""


def kind_of(text: str) -> str | None:
    """Return the kind of a normal text that is surely the app's, exact or with names in it."""
    return EXACT.get(text) or _matching(_TEMPLATES, text)


def fixed_kind(text: str) -> str | None:
    """Return the kind of a normal text that may be somebody's own: only wordings with a long fixed beginning count."""
    return _matching(_FIXED, text) if text[:FIXED_START] in STARTS else None


def _matching(patterns: dict[str, re.Pattern[str]], text: str) -> str | None:
    return next((kind for kind, pattern in patterns.items() if pattern.fullmatch(text)), None)
