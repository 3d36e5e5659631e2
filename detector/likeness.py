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

    def closest(self, rows: Iterable[int], others: Iterable[int]) -> Match | None:
        """Return the two most alike texts of these rows and of the others, the earliest of equals; None if none compare."""
        others = list(others)
        matches = (Match(self.share(a, b), int(a), int(b)) for a in rows for b in others if self.groups(a) and self.groups(b))
        return max(matches, key=lambda match: match.share, default=None)

    def share(self, a: int, b: int) -> float:
        """Return how alike the texts of two rows are, from 0 to 1."""
        one, two = self.groups(a), self.groups(b)
        return len(one & two) / len(one | two) if one and two else 0.0

    def groups(self, row: int) -> frozenset[str]:
        """Return the groups of three characters of a row's text; none if it is too short."""
        if row not in self._groups:
            text = self.texts[row]
            plain = " ".join(text.casefold().split()) if isinstance(text, str) else ""
            enough = len(plain) >= max(self.characters, 3)
            self._groups[row] = frozenset(plain[n : n + 3] for n in range(len(plain) - 2)) if enough else frozenset()
        return self._groups[row]
