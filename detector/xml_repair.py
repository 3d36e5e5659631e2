"""Repair of XML bytes that no conforming parser accepts, before they are parsed.

Old Android serialisers write an emoji as references to the two halves of a UTF-16 pair (``&#55357;&#56833;``), which XML
forbids; so are references to control characters, raw control bytes and bytes that are not UTF-8. Pairs become the character
they mean; everything else forbidden becomes U+FFFD and is counted. Long base64 values of ``data`` attributes (media) are
replaced by their length, so that memory does not grow with the media in a file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

CHUNK = 1 << 20

_HIGH = rb"(?:0*(?:5529[6-9]|55[3-9]\d\d|56[0-2]\d\d|563[01]\d)|[xX]0*[dD][89abAB][0-9a-fA-F]{2});"
_LOW = rb"(?:0*(?:563[2-9]\d|56[4-9]\d\d|57[0-2]\d\d|573[0-3]\d|5734[0-3])|[xX]0*[dD][c-fC-F][0-9a-fA-F]{2});"
_PAIR = re.compile(b"&#(" + _HIGH + b")&#(" + _LOW + b")")
_FORBIDDEN = re.compile(
    b"&#("
    + _HIGH
    + b"|"
    + _LOW
    + rb"|(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[eEfF])"
    rb"|\d{7,}|[xX][0-9a-fA-F]{6,});)"
)
_UNFINISHED = re.compile(b"(?:&#" + _HIGH + rb")?(?:&[#xX0-9a-fA-F]{0,12})?\Z")
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_MEDIA = re.compile(rb' data="([A-Za-z0-9+/=\s&#;]{512,})(")?')
_REPLACEMENT = "\ufffd".encode()


@dataclass
class Repairs:
    """What was repaired."""

    pairs: int = 0  # emoji written as two references: nothing lost
    forbidden: int = 0  # references, control characters and bytes that mean nothing: now U+FFFD

    def notes(self) -> Iterator[str]:
        """Yield a line for each kind of repair."""
        if self.pairs:
            yield f"emoji written as two forbidden references, read as the character they mean: {self.pairs}"
        if self.forbidden:
            yield f"forbidden characters replaced by U+FFFD: {self.forbidden}"


def repaired(stream: IO[bytes], repairs: Repairs) -> Iterator[bytes]:
    """Yield the stream as UTF-8 that an XML parser accepts; `repairs` counts as it goes."""
    held = b""
    for chunk in _without_media(_utf8(stream, repairs)):
        chunk = held + chunk
        cut = _UNFINISHED.search(chunk, max(0, len(chunk) - 40))
        held = chunk[cut.start() :] if cut else b""
        yield _references(chunk[: len(chunk) - len(held)], repairs)
    if held:
        yield _references(held, repairs)


def _references(chunk: bytes, repairs: Repairs) -> bytes:
    if len(chunk.translate(None, _CONTROLS)) != len(chunk):
        chunk, count = _CONTROL.subn(_REPLACEMENT, chunk)
        repairs.forbidden += count
    if b"&#" not in chunk:
        return chunk
    chunk, count = _PAIR.subn(_joined, chunk)
    repairs.pairs += count

    def replace(match: re.Match[bytes]) -> bytes:
        if _allowed(_code(match.group(1))):
            return match.group()
        repairs.forbidden += 1
        return _REPLACEMENT

    return _FORBIDDEN.sub(replace, chunk)


def _joined(pair: re.Match[bytes]) -> bytes:
    high, low = _code(pair.group(1)), _code(pair.group(2))
    return chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00).encode()


def _code(reference: bytes) -> int:
    """Read what stands between ``&#`` and the end of ``;``."""
    digits = reference[:-1]
    if digits[:1] in b"xX":
        return int(digits[1:], 16) if len(digits) < 12 else 1 << 30
    return int(digits) if len(digits) < 12 else 1 << 30


def _allowed(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def _without_media(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Replace long base64 values by their length; a value may run over many chunks."""
    inside = 0  # characters seen of a value that is not over yet
    for chunk in chunks:
        if inside:
            end = chunk.find(b'"')
            inside += end if end >= 0 else len(chunk)
            if end < 0:
                continue
            chunk, inside = b' data="[%d characters]"' % inside + chunk[end + 1 :], 0
        if b' data="' not in chunk:
            yield chunk
            continue
        unfinished = None
        for match in _MEDIA.finditer(chunk, max(0, chunk.rfind(b' data="'))):
            unfinished = match if match.group(2) is None and match.end() == len(chunk) else None
        if unfinished:
            chunk, inside = chunk[: unfinished.start()], len(unfinished.group(1))
        yield _MEDIA.sub(lambda m: b' data="[%d characters]"' % len(m.group(1)) if m.group(2) else m.group(), chunk)


def _utf8(stream: IO[bytes], repairs: Repairs) -> Iterator[bytes]:
    """Yield UTF-8 whatever the file's encoding is; the XML declaration is taken away, for it would no longer be true."""
    first = stream.read(CHUNK)
    encoding = _encoding(first)
    plain = encoding in ("utf-8", "ascii")
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    chunk, started = first, False
    while chunk:
        following = stream.read(CHUNK)
        state = decoder.getstate()
        if plain and started and not state[0] and chunk.isascii():
            yield chunk
            chunk = following
            continue
        try:
            text = decoder.decode(chunk, final=not following)
        except UnicodeDecodeError:
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            decoder.setstate(state)
            text = decoder.decode(chunk, final=not following)
            repairs.forbidden += text.count("\ufffd")
        if not started:
            text, started = re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", text.removeprefix("\ufeff"), count=1), True
        yield text.encode("utf-8", "replace")
        chunk = following


def _encoding(first: bytes) -> str:
    for mark, name in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"<\x00", "utf-16-le"),
        (b"\x00<", "utf-16-be"),
    ):
        if first.startswith(mark):
            return name
    declared = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)""", first)
    try:
        return codecs.lookup(declared.group(1).decode()).name if declared else "utf-8"
    except LookupError:
        return "utf-8"
