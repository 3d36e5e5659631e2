"""Settings: the thresholds of the patterns, from their defaults and a TOML file.

    [barrage]
    contacts = 5
    minutes = 10

A table is named for a pattern, its keys for the fields of that pattern's settings; `detector patterns` lists them all.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from detector.errors import UsageError
from detector.patterns import PATTERNS

Settings = Mapping[str, Any]
"""For each pattern's name its frozen dataclass of thresholds."""


def defaults() -> dict[str, Any]:
    """Return every pattern's own settings."""
    return {pattern.name: pattern.settings for pattern in PATTERNS}


def load(file: Path) -> dict[str, Any]:
    """Read a settings file over the defaults; UsageError names what is wrong and what may stand there."""
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"settings file {file.name}: {error}"
        raise UsageError(msg) from error
    settings = defaults()
    for name, values in tables.items():
        settings[name] = _override(settings, name, values)
    return settings


def _override(settings: dict[str, Any], name: str, values: object) -> Any:
    if name not in settings:
        msg = f'settings: there is no pattern "{name}".{_meant(name, settings)} "detector patterns" lists them'
        raise UsageError(msg)
    if not isinstance(values, dict):
        msg = f'settings: "{name}" must be a table, [{name}] with one threshold a line'
        raise UsageError(msg)
    known = {field.name: getattr(settings[name], field.name) for field in fields(settings[name])}
    for key, value in values.items():
        if key not in known:
            msg = f'settings: {name} has no threshold "{key}".{_meant(key, known)} It has: {", ".join(known)}'
            raise UsageError(msg)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            msg = f"settings: {name}.{key} must be a number of 0 or more, not {value!r}"
            raise UsageError(msg)
        if isinstance(known[key], int) and not isinstance(value, int):
            msg = f"settings: {name}.{key} must be a whole number, not {value!r}"
            raise UsageError(msg)
    return replace(settings[name], **values)


def _meant(word: str, known: Mapping[str, Any]) -> str:
    close = get_close_matches(word, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def digest(settings: Settings) -> str:
    """Return a SHA-256 over all thresholds."""
    values = {name: asdict(one) for name, one in sorted(settings.items())}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
