"""The original record of an event, read again from its export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from detector.errors import UsageError
from detector.export import Options
from detector.ingest import recognise
from detector.inventory import find_exports


def original(event_id: str, paths: Sequence[Path]) -> str:
    """Return the record as JSON text, with the file that holds it; UsageError if no file under the paths does."""
    prefix, colon, locator = event_id.partition(":")
    if not colon or len(prefix) != 12:
        msg = f'"{event_id}" is no event id: one looks like 1a2b3c4d5e6f:sms[12]'
        raise UsageError(msg)
    for export in find_exports(paths, Options()).exports:
        if export.sha256.startswith(prefix) and (format := recognise(export)):
            for found, record in format.records(export):
                if found == locator:
                    return _text(
                        {
                            "path": export.name,
                            "sha256": export.sha256,
                            "format": format.name,
                            "locator": locator,
                            "record": record,
                        }
                    )
            msg = f'{export.name} has no record "{locator}"'
            raise UsageError(msg)
    msg = f"no file under {', '.join(map(str, paths))} has a SHA-256 that begins with {prefix}"
    raise UsageError(msg)


def _text(value: dict[str, Any]) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS, default=_plain).decode()


def _plain(value: Any) -> Any:
    """Print a record that says itself how it is shown, and whatever else JSON has no form for as text."""
    return value.shown() if hasattr(value, "shown") else str(value)
