"""What a line says: somebody's own words, a file, a call, a deleted message, or a notice of the app.

iPhones put U+200E (U+200F in Arabic, Hebrew, Persian and Urdu) before each phrase that the app made, at the beginning of a line
or after what somebody typed; where a file has these marks, nothing without one is taken for the app's. Android has none, so there
only whole wordings count, and for block and group notices only lines without a writer. Wordings in angle brackets that no
table knows are kept as text too, as somebody may have typed them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from detector.event import Kind, Outcome
from detector.whatsapp.calls import call_of
from detector.whatsapp.phrases import ATTACHED, CALLS, EDITED, EXACT, POLLS, STARTS, fixed_kind, kind_of, normal

_MARK = re.compile("[\u200e\u200f]")
_FILE = re.compile(r"^[\u200e\u200f]?(\S.{0,250}\.\w{2,5}) \(([^()\n]{3,40})\)$")
_OWN_FILE = re.compile(r"(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d+\.\w+")
_ANGLE = re.compile(r"<[^<>\n]{3,60}>")
_TAIL = re.compile(r"<([^<>]*)>(.*)", re.DOTALL)
_NAMED_FILE = re.compile(r"(?:^|[:：]\s*)\s*([^:：<>]*\S\.\w{2,5})\s*(?:\w+)?\s*$")
_PLACE = re.compile(r"[^\n:]{1,100}: https://(?:maps\.google\.com/\?q=|goo\.gl/maps/|maps\.app\.goo\.gl/|foursquare\.com/v/)\S+")
_PAGES = re.compile(r"\d+ [^\W\d_]+\.?(?: •)?|•|\d+(?:[.,]\d+)? ?[kKMG]?B")
_MEDIA_STEM = re.compile(
    "medi|mídi|медиа|медіа|файл|file|fich|archiv|arquiv|fajl|foto|video|ملف|وسائط|מדיה|媒|미디어|เสียง|สื่อ|मीडिया", re.I
)
_ATTACHED_STARTS = tuple(f"{words} " for words in sorted(ATTACHED, key=len, reverse=True))
_FILE_END = re.compile(r"\.\w{2,5}$")
LONGEST_NOTICE = 300
"""A longer line that begins with the app's mark but is in no table is taken for somebody's words."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says. `means` is the kind of phrase it was recognised by."""

    kind: Kind = "message"
    text: str | None = None
    media: str | None = None
    status: str | None = None
    note: str | None = None
    outcome: Outcome | None = None
    seconds: float | None = None
    means: str = "typed"


def ordinary(body: str, writer: str, marked: bool) -> bool:
    """Tell quickly whether a text is surely somebody's own words and nothing else; False says only that it may not be."""
    if not body or "://" in body or "\u200e" in body or "\u200f" in body:
        return False
    if marked:
        return body != "." and not body.isspace()
    return not (
        body[:6] in _LONG_STARTS or body[:2] in _SHORT_STARTS or body in _WORDS or "<" in body or body[-1] in ">) \n"
        or ")\n" in body or ":\n" in body or body.startswith(writer)
    )  # fmt: skip


_WORDINGS = [*EXACT, *CALLS, *STARTS]
_LONG_STARTS = frozenset(wording[:6] for wording in _WORDINGS if len(wording) >= 6)
_SHORT_STARTS = frozenset(wording[:2] for wording in _WORDINGS if len(wording) < 6 and EXACT.get(wording) != "location")
_WORDS = frozenset({"null", "null.", "."})


def said(body: str, writer: str, *, marked: bool, bracketed: bool, led: bool = False) -> Said:
    """Read the body of a line that has a writer. `led`: the app's mark stands at the very beginning of the line."""
    if ordinary(body, writer, marked):
        return Said(text=body)
    if not body.strip() or body == ".":
        return Said(note="empty: it has vanished, or the exporting phone could not show it", means="empty")
    if marked:
        return _marked(body, led) if _MARK.search(body) else _place(body) or Said(text=body)
    return _unmarked(body, writer, bracketed)


def notice(text: str) -> Said:
    """Read a line without a writer: always the app's."""
    plain = normal(text)
    if call := call_of(plain):
        return Said("call", note=text, outcome=call.outcome, seconds=call.seconds, means="call")
    return _as_notice(text, kind_of(plain) or "unknown")


def _as_notice(text: str, means: str) -> Said:
    status = {"blocked": "blocked", "unblocked": "unblocked", "number_changed": "number changed"}.get(means)
    return Said("notice", status=status, note=text.strip("\u200e\u200f"), means=means)


def _known(text: str, means: str | None) -> Said | None:
    """Make what a wording of the app means, for those that a writer's line may have."""
    wording = text.strip("\u200e\u200f \r\n")
    if means in ("deleted", "deleted_you"):
        return Said(status="deleted", note=wording, means=means)
    if means in ("omitted", "location"):
        return Said(media=wording, means="media")
    if call := call_of(normal(text)):
        return Said("call", note=wording, outcome=call.outcome, seconds=call.seconds, means="call")
    return None


def _place(body: str) -> Said | None:
    return Said(media=body.strip("\u200e\u200f"), means="media") if _PLACE.fullmatch(body.strip("\u200e\u200f ")) else None


def _poll(body: str) -> Said | None:
    first, _, rest = body.partition("\n")
    return Said(text=body, media="poll", means="poll") if rest and normal(first) in POLLS else None


def _marked(body: str, led: bool) -> Said:
    """Read a body in which the app's mark stands."""
    start = _MARK.search(body)
    typed = body[: start.start()] if start else body
    if typed.strip():
        return _after_typed(body, typed, led)
    return _poll(body) or _place(body) or _file_tail("", body) or _app_made(body, led)


def _app_made(body: str, led: bool) -> Said:
    means = kind_of(normal(body))
    if made := _known(body, means):
        return made
    if means:
        return _as_notice(body, means)
    if led:
        return Said(media=body.strip("\u200e\u200f"), means="media")
    if "\n" in body or len(body) > LONGEST_NOTICE:
        return Said(text=body, note="begins with the mark of the app's own lines")
    return Said(
        "notice", text=body, note="begins with the mark of the app's own lines; its wording is not known", means="unknown"
    )


def _after_typed(body: str, typed: str, led: bool) -> Said:
    """Read what somebody typed with what the app added; whatever is not known stays part of the text."""
    result, text = Said(), typed.removesuffix(" ")
    for piece in _MARK.split(body[len(typed) :]):
        plain = normal(piece)
        if not plain or (_PAGES.fullmatch(plain) and typed.rstrip().endswith("•")):
            continue
        if plain.startswith("<") and plain[1:-1].rstrip(". ") in EDITED:
            result = replace(result, status="edited", means="edited")
        elif tail := _file_tail(text, piece):
            result, text = replace(result, media=tail.media, means="media"), tail.text or ""
        elif EXACT.get(plain) == "omitted" or (led and "<" not in plain):
            result = replace(result, media=piece.strip(), means="media")
        else:
            return _place(body) or Said(text=body)
    return _document(result, typed, text)


def _document(result: Said, typed: str, text: str) -> Said:
    """A document's name and number of pages stand where a caption would."""
    title = typed.rstrip().removesuffix("•").rstrip()
    if result.media and (typed.rstrip().endswith("•") or result.media.endswith(title)):
        if "." in title and not result.media.endswith(title):
            return replace(result, media=title, note=result.media)
        return replace(result, note=title)
    return replace(result, text=text or None)


def _file_tail(text: str, piece: str) -> Said | None:
    """Read "<attached: F>" in any language, with what was typed before and after it."""
    tail = _TAIL.fullmatch(piece.strip("\u200e\u200f "))
    file = _NAMED_FILE.search(_MARK.sub("", tail.group(1))) if tail else None
    if not tail or not file:
        return None
    after = tail.group(2).removeprefix("\n")
    return Said(text="\n".join(part for part in (text, after) if part) or None, media=file.group(1).strip(), means="media")


def _unmarked(body: str, writer: str, bracketed: bool) -> Said:
    """Read a body where no marks tell the app's words from somebody's."""
    if edited := _edited(body, writer, bracketed):
        return edited
    first, newline, rest = body.partition("\n")
    if made := _attachment(first, rest) or _poll(body) or _place(body):
        return made
    if newline and rest.strip():
        return Said(text=body)
    plain = normal(body)
    if plain == "null" and not bracketed:
        return Said(media="null", note="media that could be seen once, or the typed word", means="media")
    return _whole(body, plain, writer, bracketed) or Said(text=body)


def _whole(body: str, plain: str, writer: str, bracketed: bool) -> Said | None:
    means = EXACT.get(plain) or fixed_kind(plain)
    if (means == "omitted" and not bracketed and not plain.startswith("<")) or (means == "location" and " " not in plain):
        means = None
    if made := _known(body, means):
        return made
    about_writer = kind_of(plain) if plain.startswith(normal(writer)) else None
    if about_writer in ("notice", "number_changed"):
        return _as_notice(body, about_writer)
    if means and (means in ("notice", "number_changed") or (bracketed and means in ("blocked", "unblocked"))):
        return _as_notice(body, means)
    if not _ANGLE.fullmatch(body.strip()):
        return None
    if _MEDIA_STEM.search(plain):
        return Said(media=body, means="media")
    return Said(
        text=body, media=body, note="in angle brackets, as the app writes of files; it may have been typed", means="angle"
    )


def _edited(body: str, writer: str, bracketed: bool) -> Said | None:
    start = body.rfind("<")
    if start < 0 or not body.endswith(">") or normal(body[start + 1 : -1]) not in EDITED:
        return None
    text = body[:start].removesuffix(" ")
    before = _unmarked(text, writer, bracketed) if text else Said()
    return replace(before, status="edited", means="edited")


def _attachment(first: str, rest: str) -> Said | None:
    """Read "FILE (file attached)" with its caption on the lines below; in Persian the words stand first."""
    line = first.rstrip("\r")
    if found := _FILE.match(line):
        file, words = found.groups()
        if normal(words) in ATTACHED or _OWN_FILE.fullmatch(file) or line[0] in "\u200e\u200f":
            return Said(media=file, text=rest or None, means="media")
        if " " not in file:
            whole = f"{first}\n{rest}" if rest else first
            return Said(text=whole, media=file, note="looks like an attached file; it may have been typed", means="angle")
    marked = line.strip("\u200e\u200f")
    if marked.startswith(_ATTACHED_STARTS) and _FILE_END.search(marked):
        words = next(start for start in _ATTACHED_STARTS if marked.startswith(start))
        return Said(media=marked[len(words) :].strip("\u200e\u200f "), text=rest or None, means="media")
    if line.startswith("<") and "." in line and any(word in line for word in ATTACHED):
        return _file_tail("", f"{first}\n{rest}" if rest else first)
    return None
