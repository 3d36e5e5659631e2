"""Extracts for the tests of Meta's formats: folders of the tests, or files written for one test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detector import ingest
from detector.export import Export, Options
from detector.formats import meta_lists, meta_messages

FORMATS = (meta_messages.FORMAT, meta_lists.FORMAT)
SHARED = Path(__file__).parents[2] / "shared"


def extract(root: Path, owner: tuple[str, ...] = ()) -> list[Export]:
    """Return the files below a folder as one extract."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    exports = [
        Export(path, path.relative_to(root).as_posix(), path.stat().st_size, options=Options(owner=owner)) for path in files
    ]
    for export in exports:
        export.extract = exports
    return exports


def write(folder: Path, name: str, contents: Any) -> Path:
    """Write a file as JSON, or bytes as they are."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents if isinstance(contents, bytes) else json.dumps(contents).encode())
    return path


def mojibake(text: str) -> str:
    """Write a text as Meta does."""
    return text.encode().decode("latin-1")


def thread(*names: str, messages: list[Any], **more: Any) -> dict[str, Any]:
    """Make a thread file."""
    return {"participants": [{"name": mojibake(name)} for name in names], "messages": messages, **more}


def message(sender: str, text: str | None = "hello", at: int = 1_700_000_000_000, **more: Any) -> dict[str, Any]:
    """Make a message."""
    return {"sender_name": mojibake(sender), "timestamp_ms": at, **({} if text is None else {"content": mojibake(text)}), **more}


def rows(root: Path, owner: tuple[str, ...] = ()) -> tuple[list[dict[str, Any]], dict[str, ingest.Source]]:
    """Read a folder; rows have the file's name as `file`, sources are by it."""
    exports = extract(root, owner)
    table, sources = ingest.read(exports, formats=FORMATS)
    for source in sources:
        assert source.records == source.events + sum(source.skipped.values()) + len(source.problems)
    files = {export.sha256: export.name for export in exports}
    found = [{**row, "file": files[row["source"]]} for row in table.to_pylist()]
    return found, {source.path: source for source in sources}


def by_place(found: list[dict[str, Any]], file: str = "") -> dict[str, dict[str, Any]]:
    """Return rows of the files whose names hold this, by locator."""
    return {row["locator"]: row for row in found if file in row["file"]}
