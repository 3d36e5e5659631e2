"""The lines that Messenger and Instagram write into a conversation in nobody's words: "Anna missed your call."

Meta stores them as the text of a message and in the language of the account. A text counts as such a line only if all of
it fits a template of meta_phrases.toml and each name in it belongs to somebody in the conversation (by full or first name).
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import ahocorasick

from detector.event import Kind, Outcome
from detector.meta import folded

_DATA = tomllib.loads(Path(__file__).with_name("meta_phrases.toml").read_text("utf-8"))
DELETED = frozenset(map(folded, _DATA["deleted"]["names"]))
"""What stands for the name of every account that no longer exists."""

GONE = "a deleted account: several people may stand behind this name"
"""What is noted where such a name stands."""

_LONGEST = 400
_SLOTS = {
    "{name}": r"(.{1,80}?)",
    "{any}": r"(?:.+?)",
    "{words}": r"(?P<words>.+?)",
    "{emoji}": r"(?:(?:(?![^\W\d_])\S){1,24})",
}


@dataclass(frozen=True)
class Line:
    """A line of the service. `words` are what a person chose in it: the name of a group, a nickname."""

    kind: Kind
    status: str | None = None
    outcome: Outcome | None = None
    words: str | None = None


@dataclass(frozen=True)
class _Template:
    pattern: re.Pattern[str]
    line: Line


def _compiled(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", template)
    body = "".join(_SLOTS.get(part) or re.escape(part).replace("'", "['’]") for part in parts)
    return re.compile(rf"\s*{body}[.!]?\s*", re.DOTALL)


def _fragment(template: str) -> str:
    """Return the longest literal piece, which a text must hold."""
    return max(re.split(r"\{\w+\}|'", template), key=len)


def _automaton() -> ahocorasick.Automaton:
    found: dict[str, list[_Template]] = {}
    for entry in _DATA["line"]:
        line = Line(entry["kind"], entry.get("status"), entry.get("outcome"))
        for template in (each.rstrip(".!") for each in entry["templates"]):
            found.setdefault(_fragment(template), []).append(_Template(_compiled(template), line))
    automaton = ahocorasick.Automaton()
    for fragment, templates in found.items():
        automaton.add_word(fragment, tuple(templates))
    automaton.make_automaton()
    return automaton


_LINES = _automaton()


def may_be_lines(texts: Sequence[str]) -> set[int]:
    """Return the positions of the texts that hold a piece of any template: of many at once, because that is quick."""
    ends = list(accumulate(len(text) + 1 for text in texts))
    return {bisect_right(ends, end) for end, _ in _LINES.iter("\n".join(texts))}


def line_of(text: str | None, people: frozenset[str]) -> Line | None:
    """Return what a line of the service says, or None for somebody's own words."""
    if text is None or len(text) > _LONGEST:
        return None
    for _, templates in _LINES.iter(text):
        for template in templates:
            found = template.pattern.fullmatch(text)
            if found and _all_known(found, people):
                words = found.groupdict().get("words")
                return Line(template.line.kind, template.line.status, template.line.outcome, words)
    return None


def _all_known(found: re.Match[str], people: frozenset[str]) -> bool:
    words = found.re.groupindex.get("words")
    names = [name for number, name in enumerate(found.groups(), 1) if number != words]
    return all(folded(name) in known_names(people) for name in names)


@lru_cache(maxsize=256)
def known_names(people: frozenset[str]) -> frozenset[str]:
    """Return the names, folded, with the first names that Messenger uses in such lines."""
    return frozenset(_with_first(people))


def _with_first(people: Iterable[str]) -> Iterable[str]:
    for name in people:
        words = folded(name).split()
        for count in range(1, len(words) + 1):
            yield " ".join(words[:count])
