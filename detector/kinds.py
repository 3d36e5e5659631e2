"""What a file is before any format looks at it: a possible export, a photo, the system's own clutter, or a closed archive.

Told by the first bytes, which a name cannot disguise; by the name only where the bytes are no text either, and for the
files that macOS and Windows leave in every folder.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from detector.export import Export

SNIFF_BYTES = 4096

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

MEDIA = "media file; shown by name where a message mentions it"
CLUTTER = "made by the operating system; holds no messages"


@dataclass(frozen=True)
class Unreadable:
    """A file or folder that could not become an Export, and why, with the way out."""

    name: str
    reason: str


@dataclass(frozen=True)
class SetAside:
    """A file that holds no records of its own."""

    name: str
    reason: str


Found = Export | Unreadable | SetAside

_MEDIA_MAGIC = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF.{4}(?:WEBP|WAVE|AVI )|.{4}ftyp|OggS|ID3[\x02-\x04]|fLaC|#!AMR|#!SILK"
    rb"|\x02#!SILK|\x1aE\xdf\xa3|II\*\0|MM\0\*|\x00\x00\x01[\xba\xb3]|FORM.{4}AIF|\x30\x26\xb2\x75\x8e\x66\xcf\x11|FLV\x01"
    rb"|caff\x00|\x00\x00\x00\x0cjP  ",
    re.DOTALL,
)
_MEDIA_ENDINGS = re.compile(
    r"\.(?:3g2|3ga|3gp|aac|aif|aiff|amr|avi|avif|awb|bmp|caf|dng|flac|flv|gif|heic|heif|ico|jfif|jpe|jpeg|jpg|m4a|m4b"
    r"|m4v|mid|mkv|mov|mp3|mp4|mpeg|mpg|oga|ogg|ogv|opus|png|qt|silk|tif|tiff|ts|wav|weba|webm|webp|wma|wmv"
    r"|thumb)",
    re.IGNORECASE,
)
_CLOSED = {
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
    b"\x1f\x8b": "gzip",
    b"\xfd7zXZ\x00": "xz",
}
_CONTAINER_ENDINGS = re.compile(
    r"\.(?:xlsx|xlsm|xlsb|docx|docm|pptx|ods|odt|odp|ufdr|apk|jar|epub|numbers|pages|key)",
    re.IGNORECASE,
)
_CONTAINER_START = re.compile(
    rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|mimetype|META-INF/|AndroidManifest\.xml)", re.DOTALL
)


def is_zip(start: bytes) -> bool:
    """Tell whether a file begins as zip archives do."""
    return start.startswith(ZIP_MAGIC)


def is_container(name: str, start: bytes) -> bool:
    """Tell whether a zip is one document (a workbook, a UFDR report, an app) rather than files packed together."""
    return _CONTAINER_ENDINGS.fullmatch(PurePosixPath(name).suffix) is not None or _CONTAINER_START.match(start) is not None


def is_clutter(name: str) -> bool:
    """Tell whether macOS or Windows made the file for itself."""
    parts = PurePosixPath(name).parts
    last = parts[-1] if parts else ""
    return "__MACOSX" in parts or last.startswith("._") or last.lower() in (".ds_store", "thumbs.db", "desktop.ini")


def judged(export: Export, start: bytes) -> Found:
    """Say what the file is, from its name and its first bytes."""
    if export.bytes == 0:
        return export
    if _is_media(export.name, start):
        return SetAside(export.name, MEDIA)
    closed = _closed_archive(start)
    if closed:
        return Unreadable(export.name, f"{closed} archives are not opened here: unpack it and name the folder")
    return export


def _is_media(name: str, start: bytes) -> bool:
    if _MEDIA_MAGIC.match(start):
        return True
    return _MEDIA_ENDINGS.fullmatch(PurePosixPath(name).suffix) is not None and not _is_text(start)


def _is_text(start: bytes) -> bool:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if b"\0" in start:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _closed_archive(start: bytes) -> str | None:
    if start[257:262] == b"ustar" and b"\0" in start[:257]:
        return "tar"
    if start.startswith(b"BZh") and start[4:10] == b"1AY&SY":
        return "bzip2"
    return next((title for magic, title in _CLOSED.items() if start.startswith(magic)), None)
