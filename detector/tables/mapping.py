"""Mapping files: a person says what the columns of a table mean that nobody knows.

A mapping is TOML; it applies to every file, or sheet of a workbook, whose header row has the cells of `header`:

    title = "Call list of Example Telecom"
    header = ["Quand", "Qui", "Sens"]       # these cells must be there; if left out, those under [columns]
    sheet = "Appels"                        # only sheets whose name begins so
    date_order = "DMY"                      # DMY, MDY or YMD
    date_format = "%d/%m/%Y %Hh%M"          # only if the times are written in an unusual way; as in Python's strptime
    zone = "Europe/Paris"                   # or "UTC+01:00"; of times that say none themselves
    owner = ["+44 7700 900100"]             # whose records they are; numbers or names
    kind = "call"                           # of every row: message, call, voicemail, notice ...
    channel = "phone"                       # of every row
    direction = "in"                        # of every row: in, out

    [columns]                               # header cell = role
    "Quand" = "datetime"
    "Qui" = "number"
    "Sens" = "direction"

    [words]                                 # value of a type, direction or status column = what it means
    "E" = "in"
    "S" = "out"

Only `columns` is needed. The roles are those of languages.Role: datetime, date, time (joined with date), sent; from, to, number (the
other side, where there are no from and to), from_name, to_name, name, own (whose records the row is); direction, type, status;
duration, text, note, app (the service), thread, media, cost. The meanings are those of words.MEANINGS: in, out, missed, rejected,
blocked, answered, unanswered, voicemail, call, message, sms, mms, email, notice, data, draft, failed ...
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, get_args

from detector.errors import UsageError
from detector.event import Direction, Kind
from detector.export import DateOrder
from detector.tables.languages import ROLES
from detector.tables.layout import Spec
from detector.tables.words import MEANINGS, is_zone

_LISTS = ("header", "owner")
_TEXTS = ("title", "sheet", "date_format", "channel", "zone")
_CHOICES = {"date_order": get_args(DateOrder), "kind": get_args(Kind), "direction": get_args(Direction)}
_KEYS = ("columns", "words", *_TEXTS, *_LISTS, *_CHOICES)


@lru_cache(maxsize=64)
def read_mapping(text: str) -> Spec:
    """Read one mapping; UsageError says which key or value is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"a mapping file is not TOML: {error}"
        raise UsageError(msg) from error
    title = str(data.get("title", "without a title"))
    for key in data:
        _one_of(key, _KEYS, "key", title)
    for key in _TEXTS:
        if not isinstance(data.get(key, ""), str):
            raise _wrong(title, f'needs a text for {key}, such as {key} = "..."')
    for key, choices in _CHOICES.items():
        if key in data:
            _one_of(data[key], choices, f"value of {key}", title)
    return Spec(**_values(data, title))


def _values(data: dict[str, Any], title: str) -> dict[str, Any]:
    """Return the settings, each checked to be of the right shape."""
    columns, words = _table(data, "columns", title), _table(data, "words", title)
    if not columns:
        raise _wrong(title, 'has no [columns]; add lines such as "Date" = "date" under [columns]')
    for role in columns.values():
        _one_of(role, ROLES, "role", title)
    for word in words.values():
        _one_of(word, tuple(MEANINGS), "meaning", title)
    if "zone" in data and not is_zone(data["zone"]):
        raise _wrong(
            title,
            f'has the zone "{data["zone"]}", which is none; use a name such as Europe/London or an offset such as UTC+01:00',
        )
    lists = {key: _strings(data, key, title) for key in _LISTS if key in data}
    return {
        **data,
        **lists,
        "title": title,
        "columns": columns,
        "words": words,
    }


def _table(data: dict[str, Any], key: str, title: str) -> dict[str, str]:
    table = data.get(key, {})
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise _wrong(title, f'needs lines of the form "cell" = "word" under [{key}]')
    return table


def _strings(data: dict[str, Any], key: str, title: str) -> tuple[str, ...]:
    value = [data[key]] if isinstance(data[key], str) else data[key]
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise _wrong(title, f'needs a list of texts for {key}, such as {key} = ["..."]')
    return tuple(value)


def _one_of(value: object, known: Iterable[str], what: str, title: str) -> None:
    names = list(known)
    if value in names:
        return
    near = get_close_matches(str(value), names, 1)
    way_out = f'did you mean "{near[0]}"?' if near else "known are " + ", ".join(names)
    raise _wrong(title, f'has the {what} "{value}", which is not known; {way_out}')


def _wrong(title: str, what: str) -> UsageError:
    return UsageError(f'the mapping "{title}" {what}')


def specs(mappings: Iterable[str]) -> tuple[Spec, ...]:
    """Read all mappings of the options."""
    return tuple(map(read_mapping, mappings))
