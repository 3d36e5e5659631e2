"""The header that begins each message of an exported chat: ``[`` date time ``]`` or date time ``-``, then the writer.

The grammar is one slow expression that knows all shapes seen in exports of both platforms and many languages. A file uses one
or two of them, so a fast expression is made of those that it really uses: literal but for the digits.
Invisible marks and unusual blanks are passed over in headers only; they stay in what people wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MARKS = "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xAD]))
"""Invisible marks: zero-width, directional, byte order, soft hyphen."""

BLANKS = " \t\u00a0\u202f\u2009"
"""Blanks that stand between the parts of a header."""

_M, _B = f"[{MARKS}]", f"[{BLANKS}]"
_GAP = rf"{_M}*+{_B}?{_M}*+"
_WORD = r"[^\W\d_][^\d\[\]:;\n\-–—]{0,24}?"
_DATE = (
    rf"{_M}*+(?:[A-Z]|令和|平成)?+\d{{1,4}}{_GAP}[/.\-]{_GAP}\d{{1,2}}{_GAP}[/.\-]{_GAP}(?:[A-Z]|令和|平成)?+\d{{1,4}}"
    rf"(?:\.(?={_M}*+{_B}))?(?:{_B}(?:BE|B\.E\.|พ\.ศ\.))?"
)
_TIME = rf"(?:{_WORD}{_B}*+)?{_M}*+\d{{1,2}}{_M}*+[:.]{_M}*+\d\d(?:{_M}*+[:.]{_M}*+\d\d)?(?:{_M}*+{_B}*+{_M}*+{_WORD})?"
_BETWEEN = rf"{_M}*+(?:[,،;]{_M}*+{_B}*+|{_B}++){_M}*+"
_SECONDS = r"(?<=[:.]\d\d[:.]\d\d)"
_PLAIN = rf"{_M}*+(?:{_B}[\-–—]{_B}|{_B},{_B}|{_B}?;{_B}|{_SECONDS}:{_B}|(?<=[^\W\d_]):{_B}|(?<=\.):{_B})"
_NAME = r"(?:([^:\n]++(?::(?! |\.?\r?$)[^:\n]*+)*+):(?: |(?=\.?\r?$)))?+"

GENERAL = re.compile(
    rf"^({_M}*+)(?:(\[){_GAP})?+(({_DATE}){_BETWEEN}({_TIME}))((?(2){_M}*+\]{_M}*+{_B}*+(?:[\-–—]{_B})?|{_PLAIN})){_NAME}",
    re.MULTILINE,
)
"""Groups: marks before, bracket, date with time, date, time, what separates them from the rest, writer."""

_DIGITS = re.compile(r"\d+")
_WORDS_AND_DIGITS = re.compile(r"(\d+|[^\W\d_](?:[^\d]*[^\W\d_]\.?)?)")

Shape = tuple[str, str, str, str, str]
"""Fast expressions for the opening, date, what stands between, time and closing of a header."""


def is_bracketed(shape: Shape) -> bool:
    """Tell which family a header belongs to: iOS writes brackets, Android does not."""
    return shape[0].startswith("\\[")


def shape_of(header: re.Match[str]) -> Shape:
    """Make the shape of a header that GENERAL matched."""
    text = header.string
    opening, between = text[header.end(1) : header.start(3)], text[header.end(4) : header.start(5)]
    return _literal(opening), _date(header.group(4)), _literal(between), _time(header.group(5)), _literal(header.group(6))


def compiled(shapes: Iterable[Shape]) -> re.Pattern[str]:
    """Return the expression for all headers of a file.

    Groups: marks before, date with time, date, time, writer, and the rest of the line.
    """
    opening, date, between, time, closing = ("|".join(dict.fromkeys(pieces)) for pieces in zip(*shapes, strict=True))
    return re.compile(f"^({_M}*+)(?:{opening})(({date})(?:{between})({time}))(?:{closing}){_M}*+{_NAME}([^\\n]*)", re.MULTILINE)


def _run(digits: str) -> str:
    return r"\d{4}" if len(digits) == 4 else r"\d{1,2}"


def _literal(text: str) -> str:
    """Match this text; any number of marks may stand where there was one."""
    return "".join(f"{_M}*+" if c in MARKS else re.escape(c) for c in text)


def _date(text: str) -> str:
    return "".join(_run(piece) if piece.isdigit() else _literal(piece) for piece in re.split(r"(\d+)", text))


def _time(text: str) -> str:
    """Words for morning and afternoon differ from line to line, as digits do; the rest is literal."""
    pieces = _WORDS_AND_DIGITS.split(text)
    return "".join(_run(p) if p.isdigit() else _WORD if p[:1].isalpha() else _literal(p) for p in pieces)
