"""The gate before the regular expressions: which of many patterns can match a text at all.

Every match of a pattern holds certain words. `required` reads them off the pattern; one pass of an Aho-Corasick automaton
over the text says which of them are there, and only patterns that have all they need are tried. This never loses a
match: what a pattern requires is worked out on the pattern that `re` itself has parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import ahocorasick

# The parser behind `re`: private since 3.11 in name only, and the single thing that knows what a pattern means.
from re import _constants as c  # type: ignore[attr-defined]  # isort: skip
from re import _parser as parser  # type: ignore[attr-defined]  # isort: skip

Strings = frozenset[str]
WIDEST = 256
"""A piece of a pattern that stands for more strings than this is split."""
ALARMS = 8
"""So many of the lowest bits of a mask are alarms."""
SHORTEST = 3
"""Shorter words are in every message."""


def required(pattern: str) -> list[Strings]:
    """Return sets of strings of which every match of the pattern holds at least one each."""
    exact, sets = _sequence(parser.parse(pattern))
    return [_least(strings) for strings in [*sets, exact] if min(map(_size, strings)) >= SHORTEST]


def pieces(pattern: str) -> Iterator[str]:
    """Yield the strings that a pattern spells out, whole or in parts."""
    exact, sets = _sequence(parser.parse(pattern))
    for strings in [*sets, exact]:
        yield from strings


def _least(strings: Iterable[str]) -> Strings:
    """Leave out what holds another one of the set."""
    return frozenset(one for one in strings if not any(other in one and other != one for other in strings))


def _sequence(items: Any) -> tuple[Strings, list[Strings]]:
    """Return the last stretch of strings of a sequence, and the sets of strings of the stretches before."""
    exact, sets = frozenset([""]), []
    for kind, value in items:
        strings, inner = _item(kind, value)
        if strings is not None and len(exact) * len(strings) <= WIDEST:
            exact = frozenset(a + b for a, b in product(exact, strings))
            continue
        sets += [exact, *inner]
        exact = strings if strings is not None else frozenset([""])
    return exact, sets


def _item(kind: Any, value: Any) -> tuple[Strings | None, list[Strings]]:
    """Return all strings that an item can be, or None and what every match of it holds."""
    if kind is c.LITERAL:
        return frozenset([chr(value)]), []
    if kind in (c.AT, c.ASSERT, c.ASSERT_NOT):
        return frozenset([""]), []
    if kind is c.IN and len(value) <= 8 and all(one is c.LITERAL for one, _ in value):
        return frozenset(chr(code) for _, code in value), []
    if kind is c.SUBPATTERN:
        return _whole(value[3])
    if kind is c.BRANCH:
        return _branch([_whole(branch) for branch in value[1]])
    if kind in (c.MAX_REPEAT, c.MIN_REPEAT):
        return _repeat(*value)
    return None, []


def _whole(items: Any) -> tuple[Strings | None, list[Strings]]:
    exact, sets = _sequence(items)
    return (exact, []) if not sets else (None, [*sets, exact])


def _branch(branches: Sequence[tuple[Strings | None, list[Strings]]]) -> tuple[Strings | None, list[Strings]]:
    """A choice is all strings of its branches, or requires the best of each branch."""
    exact = [strings for strings, _ in branches if strings is not None]
    if len(exact) == len(branches) and sum(map(len, exact)) <= WIDEST:
        return frozenset().union(*exact), []
    best = [strings if strings is not None else max(sets, key=_worth) for strings, sets in branches]
    return None, [frozenset().union(*best)]


def _repeat(least: int, most: int, items: Any) -> tuple[Strings | None, list[Strings]]:
    strings, sets = _whole(items)
    if strings is not None and most == 1:
        return strings | frozenset([""] if least == 0 else []), []
    if least == 0:
        return None, []
    return None, sets if strings is None else [strings]


def _size(string: str) -> int:
    """Return the length, in which one emoji or letter of another script counts for several Latin ones."""
    return sum(1 if char.isascii() else SHORTEST for char in string)


def _worth(strings: Strings) -> tuple[int, int]:
    """A set is worth more the longer its shortest string and the fewer it has."""
    return min(map(_size, strings)), -len(strings)


class Gate:
    """Tells which patterns have their words in a text."""

    def __init__(self, patterns: Sequence[str], alarms: Iterable[tuple[str, int]]) -> None:
        """Make the automaton; `alarms` are strings with bits below `ALARMS` that `mask` tells of."""
        bits: dict[Strings, int] = {}
        self._needs = []
        for pattern in patterns:
            best = sorted(required(pattern), key=_worth, reverse=True)[:2]
            self._needs.append(sum({1 << bits.setdefault(strings, len(bits) + ALARMS) for strings in best}))
        masks: dict[str, int] = {}
        for string, alarm in alarms:
            masks[string] = masks.get(string, 0) | alarm
        for strings, bit in bits.items():
            for string in strings:
                masks[string] = masks.get(string, 0) | 1 << bit
        self._automaton = ahocorasick.Automaton()
        for string, mask in masks.items():
            self._automaton.add_word(string, mask)
        self._automaton.make_automaton()
        self._open: dict[int, tuple[int, ...]] = {}

    def mask(self, text: str) -> int:
        """Return what is in the text, as bits; those below `ALARMS` are alarms."""
        mask = 0
        for _, bits in self._automaton.iter(text):
            mask |= bits
        return mask

    def patterns(self, mask: int) -> tuple[int, ...]:
        """Return the positions of the patterns that may match a text with this mask."""
        mask >>= ALARMS
        found = self._open.get(mask)
        if found is None:
            found = tuple(index for index, needs in enumerate(self._needs) if needs >> ALARMS & mask == needs >> ALARMS)
            if len(self._open) < 100_000:
                self._open[mask] = found
        return found
