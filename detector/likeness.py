"""How alike two texts are: the groups of three characters that both hold, as a share of all that either holds.

Case and the amount of white space are left out of account. Short texts are alike by chance and not compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd


class Match(NamedTuple):
    """Two rows and the share of the groups that both hold."""

    share: float
    a: int
    b: int


class Texts:
    """A column of texts, of which those with fewer than so many characters are not compared."""

    def __init__(self, texts: pd.Series[Any], characters: int) -> None:
        self.texts, self.characters = texts.array, characters
        self._groups: dict[int, frozenset[str]] = {}

    def closest(self, rows: Iterable[int], others: Iterable[int], least: float) -> Match | None:
        """Return the two most alike texts of these rows and of the others, the earliest of equals; None if all are less alike."""
        known = [(int(b), groups) for b in others if (groups := self.groups(b))]
        best: Match | None = None
        for a in rows:
            for b, groups in known:
                share = _share(self.groups(a), groups, best.share if best else least)
                if share >= least and (best is None or share > best.share):
                    best = Match(share, int(a), b)
        return best

    def groups(self, row: int) -> frozenset[str]:
        """Return the groups of three characters of a row's text; none if it is too short."""
        if row not in self._groups:
            text = self.texts[row]
            plain = " ".join(text.casefold().split()) if isinstance(text, str) else ""
            enough = len(plain) >= max(self.characters, 3)
            self._groups[row] = frozenset(plain[n : n + 3] for n in range(len(plain) - 2)) if enough else frozenset()
        return self._groups[row]


def _share(one: frozenset[str], two: frozenset[str], least: float) -> float:
    """Return the share of the groups that both hold; 0 where their numbers alone show that it is less than the least."""
    few, many = sorted((len(one), len(two)))
    if not few or few < least * many:
        return 0.0
    both = len(one & two)
    return both / (few + many - both)
