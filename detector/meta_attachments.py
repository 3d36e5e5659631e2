"""What came with a message of Messenger or Instagram besides its text: files, stickers, shares, marks of the service.

Files are named by their folder and name below the conversation (``photos/a.jpg``); they may be missing from the download.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detector.meta import repaired, text_of

MEDIA = ("photos", "videos", "audio_files", "gifs", "files")


def media_of(record: dict[str, Any]) -> str | None:
    """Name the attachments by folder and file, and the link that was shared."""
    names = []
    for key in MEDIA:
        listed = record.get(key) or []
        names += [_file(item, key) for item in (listed if isinstance(listed, list) else [listed])]
    if sticker := record.get("sticker"):
        names.append(_file(sticker, "sticker"))
    share = record.get("share")
    if isinstance(share, dict) and share.get("link"):
        names.append(str(text_of(share["link"])))
    return "; ".join(names) or None


def _file(item: Any, kind: str) -> str:
    uri = item.get("uri") if isinstance(item, dict) else item
    return "/".join(repaired(uri).split("/")[-2:]) if isinstance(uri, str) and uri else kind


def notes_of(record: dict[str, Any]) -> Iterator[str]:
    """Yield what was shared, in whose words it is, and what the service marked."""
    share = record.get("share")
    if isinstance(share, dict):
        for key, label in (("share_text", "shared text"), ("original_content_owner", "shared from")):
            if share.get(key):
                yield f"{label}: {text_of(share[key])}"
    if record.get("is_geoblocked_for_viewer") is True:
        yield "the service did not show it in the owner's country"
    if record.get("is_unsent_image_by_messenger_kid_parent") is True:
        yield "an image withdrawn by a parent"
    if record.get("ip"):
        yield f"IP address in the export: {text_of(record['ip'])}"
