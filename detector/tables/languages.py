"""The languages of headers/<language>.toml: their words for columns, values, months, days, and for a hidden number.

Where two languages share a word, English has it, then the language whose file comes first.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

Role = Literal[
    "datetime", "date", "time", "sent", "from", "from_name", "to", "to_name", "number", "name", "own", "direction", "type",
    "status", "duration", "text", "note", "app", "thread", "media", "cost",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

_NOT_WORD = re.compile(r"[\W_]+")
_SEPARATE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "’": " ", "'": " "})


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """Return the words in lower case, without accents and punctuation."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_SEPARATE))
    return _NOT_WORD.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


@dataclass(frozen=True)
class Language:
    """One file of headers/, its words plain."""

    name: str
    codepage: str
    headers: Mapping[str, Role]
    values: Mapping[str, str]
    contact: frozenset[str]
    foreign: frozenset[str]
    withheld: frozenset[str]
    owner: frozenset[str]
    months: Mapping[str, int]
    weekdays: frozenset[str]


@cache
def languages() -> tuple[Language, ...]:
    """Read all languages, English first."""
    files = sorted((Path(__file__).parent / "headers").glob("*.toml"), key=lambda file: (file.stem != "en", file.stem))
    return tuple(_language(tomllib.loads(file.read_text("utf-8"))) for file in files)


def _language(data: Mapping[str, Any]) -> Language:
    return Language(
        name=data["language"],
        codepage=data["codepage"],
        headers={plain(word): role for role, words in data["headers"].items() for word in words},
        values={plain(word): name for name, words in data["values"].items() for word in words},
        contact=_plain_set(data["contact"]),
        foreign=_plain_set(data["foreign"]),
        withheld=_plain_set(data["withheld"]),
        owner=_plain_set(data["owner"]),
        months={plain(word): number for number, words in enumerate(data["months"], 1) for word in words},
        weekdays=_plain_set(data["weekdays"]),
    )


def _plain_set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain, words))


@cache
def withheld() -> frozenset[str]:
    """Return what is written in place of a number that was withheld or is not known."""
    return frozenset().union(*(language.withheld for language in languages()))


@cache
def owners() -> frozenset[str]:
    """Return the words that name the owner of the device."""
    return frozenset().union(*(language.owner for language in languages()))


@cache
def months() -> Mapping[str, int]:
    """Return the number of each month's name and short name."""
    return {word: number for language in reversed(languages()) for word, number in language.months.items()}


@cache
def weekdays() -> frozenset[str]:
    """Return the names and short names of the days of the week."""
    return frozenset().union(*(language.weekdays for language in languages()))
