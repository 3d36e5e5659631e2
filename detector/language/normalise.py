"""A copy of a text for matching, and the way back from each place in it to the original.

`fold` makes what every text needs: NFKC, case folded, accents and zero-width characters taken off, one kind of quotation
mark, apostrophe, dash and space, letters of other scripts that pass for Latin ones inside a Latin word. Emoji stay as they
are: a pattern names them as themselves. `unpick` undoes what few texts have: letters s p a c e d out, digits for letters
(k1ll), masked words (k*ll), stretched words (stoppp), runs of spaces; `triggers` are the strings without one of which it
would change nothing. Accents are taken off, so patterns of every language are written without them.

The original is never changed: whatever is found is told by its offsets in the text as exported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache, partial
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple

LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "1": "i", "!": "i"}
MASKED = (
    "kill killed killing fuck fucking cunt bitch shit rape raped die dead murder stab slut whore dick prick wanker bastard suicide"
).split()
_STAND_IN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4\u2032`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "\u2026": ".",
    "\u0142": "l",
    "\u0141": "l",
    "\u0111": "d",
    "\u0110": "d",
    "\u00f8": "o",
    "\u00d8": "o",
    "\u0131": "i",
}
_DROPPED = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\u0300-\u036f"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f]"
)
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04cf\u0501\u051b\u051d\u043a\u043c\u0442\u043d\u0432\u0433"
    "\u03b1\u03b5\u03bf\u03c1\u03c5\u03b9\u03ba\u03bd\u03c4\u03c7",
    "aeopcyxijsldqwkmthbraeopuikvtx",
)
_MIXED = re.compile(
    "[a-z]*(?:[a-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][a-z])[a-z\u0370-\u03ff\u0400-\u052f]*"
)


class Normal(NamedTuple):
    """The copy, and for each of its characters the place in the original it stands for; None: its own place."""

    text: str
    places: list[int] | None
    length: int  # of the original

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original that a non-empty stretch of the copy stands for."""
        if self.places is None:
            return start, end
        after = self.places[end] if end < len(self.places) else self.length
        return self.places[start], max(after, self.places[end - 1] + 1)


def fold(text: str) -> Normal:
    """Return the copy that every text needs."""
    if text.isascii():
        lower = text.lower()
        return Normal(lower if text.isprintable() else lower.translate(_FOLDED), None, len(text))
    folded = text.translate(_FOLDED)
    if len(folded) == len(text) and all(len(_FOLDED[ord(c)]) == 1 for c in set(text) if c > "\x7f"):
        places = None
    else:
        places = [place for place, c in enumerate(text) for _ in _FOLDED[ord(c)]]
    return Normal(_MIXED.sub(lambda match: match[0].translate(_ALIKE), folded), places, len(text))


def unpick(normal: Normal, steps: int, known: Collection[str]) -> Normal:
    """Return a copy with spaced, masked and stretched words undone.

    `steps` are the bits that `triggers` gives to what is in the text; `known` are the words worth finding.
    """
    text, places = normal.text, normal.places
    for bit, (pattern, change) in enumerate(_STEPS):
        if steps >> bit & 1 and pattern.search(text):
            text, places = _edited(text, places, pattern, partial(change, known))
    return Normal(text, places, normal.length)


def triggers() -> Iterator[tuple[str, int]]:
    """Yield strings, and the bit of the step of `unpick` that can change a folded text only if it has one of them."""
    spaced, spaces, swapped, starred, stretched = (1 << bit for bit in range(len(_STEPS)))
    yield "  ", spaces
    for a, b in product(ascii_lowercase, repeat=2):
        yield f" {a} {b} ", spaced
        yield f"{a}*{b}", starred
        yield from ((f"{a}{mark}{b}", swapped) for mark in LEET)
    for a in ascii_lowercase:
        yield from ((f"{mark}{a}{mark}", spaced) for mark in ".*_-")
        yield from ((a * 3, stretched), (a + "11", swapped), (a + "**", starred))
    yield from (("l1", swapped), ("i1", swapped))


class _Folded(dict[int, str]):
    """The folded form of each character, worked out when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_one(chr(code))
        return folded


def _fold_one(char: str) -> str:
    if char in _STAND_IN:
        return _STAND_IN[char]
    if char.isspace():
        return " "
    if _DROPPED.match(char):
        return ""
    folded = unicodedata.normalize("NFKC", char).casefold()
    apart = unicodedata.normalize("NFKD", folded)
    if any(map(unicodedata.combining, apart)):
        folded = "".join(c for c in apart if not unicodedata.combining(c))
    return folded


_FOLDED = _Folded()

Pieces = list[tuple[str, int]]
"""What stands in for a match: characters, each with the place in the copy that it comes from."""

_RUN = re.compile(r"(.)\1*")


def _edited(
    text: str, places: list[int] | None, pattern: re.Pattern[str], change: Callable[[re.Match[str]], Pieces]
) -> tuple[str, list[int]]:
    places = places if places is not None else list(range(len(text)))
    pieces: list[str] = []
    kept: list[int] = []
    last = 0
    for match in pattern.finditer(text):
        pieces.append(text[last : match.start()])
        kept += places[last : match.start()]
        for piece, place in change(match):
            pieces.append(piece)
            kept.append(places[place])
        last = match.end()
    pieces.append(text[last:])
    return "".join(pieces), kept + places[last:]


def _each(text: str, start: int) -> Pieces:
    return [(c, start + index) for index, c in enumerate(text)]


def _joined(known: Collection[str], match: re.Match[str]) -> Pieces:
    """Return spaced letters as words, if they make known ones."""
    words = _words(match[0][::2], frozenset(known)) if len(match[0]) < 80 else None
    if not words or max(map(len, words)) < 3:
        return _each(match[0], match.start())
    made: Pieces = []
    for word in words:
        place = match.start() + 2 * sum(c != " " for c, _ in made)
        made += [(" ", place - 1)] * bool(made) + [(c, place + 2 * index) for index, c in enumerate(word)]
    return made


@lru_cache(maxsize=4096)
def _words(letters: str, known: frozenset[str]) -> tuple[str, ...] | None:
    """Cut letters into known words, the longest first; None if that cannot be done."""
    if not letters:
        return ()
    for size in range(min(len(letters), 20), 0, -1):
        if letters[:size] in known or letters[:size] in ("i", "u", "a", "r"):
            rest = _words(letters[size:], known)
            if rest is not None:
                return (letters[:size], *rest)
    return None


def _unswapped(_: Collection[str], match: re.Match[str]) -> Pieces:
    """Return the letter a digit or sign stands for; 1 after i or l is an l (wi11, kil1), at the end nothing else."""
    before, found = match.string[match.start() - 1], match[0]
    if found[0] == "1" and before in "il":
        return _each("l" * len(found), match.start())
    if found[0] == "1" and not match.string[match.end() : match.end() + 1].isalpha():
        return _each(found, match.start())
    return _each("il"[: len(found)] if found[0] == "1" else LEET[found], match.start())


def _unmasked(_: Collection[str], match: re.Match[str]) -> Pieces:
    """Return the one word of MASKED that the stars can stand for, or the text as it is."""
    shape = re.compile(match[0].replace("*", "."))
    words = [word for word in MASKED if shape.fullmatch(word)]
    return _each(words[0] if len(words) == 1 else match[0], match.start())


def _shortened(known: Collection[str], match: re.Match[str]) -> Pieces:
    """Return a stretched word as it is usually spelt: the known word with one or two of each repeated letter, else one."""
    runs = list(_RUN.finditer(match[0]))
    sizes = [(1, 2) if len(run[0]) > 2 else (len(run[0]),) for run in runs]
    ways = product(*sizes) if sum(len(size) == 2 for size in sizes) < 6 else iter(())
    spelt = {"".join(run[1] * n for run, n in zip(runs, way, strict=True)): way for way in ways}
    best = next((way for word, way in spelt.items() if word in known), tuple(size[0] for size in sizes))
    return [(run[1], match.start() + run.start() + index) for run, n in zip(runs, best, strict=True) for index in range(n)]


def _one_space(_: Collection[str], match: re.Match[str]) -> Pieces:
    return [(" ", match.start())]


_STEPS: tuple[tuple[re.Pattern[str], Callable[[Collection[str], re.Match[str]], Pieces]], ...] = (
    (re.compile(r"(?<![^\W_])[a-z](?=([ .*_-]))(?:\1[a-z](?![^\W_])){2,}"), _joined),
    (re.compile(r"  +"), _one_space),
    (re.compile(r"(?<=[a-z])(?:[03457@$](?=[a-z])|11?(?![0-9]))|(?<=\b[bcdfghjklmnpqrstvwxz])!(?=[a-z])"), _unswapped),
    (re.compile(r"\b[a-z]+(?:\*+[a-z]+)+"), _unmasked),
    (re.compile(r"(?<![^\W\d_])(?=[^\W\d_']*'?[^\W\d_']*([^\W\d_])\1\1)[^\W\d_]+(?:'[^\W\d_]+)?"), _shortened),
)
