"""Windows: stretches of sorted times or of equal neighbours, as spans of positions. Times are int64 microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


def clusters(us: Rows, count: int, window_us: int, runs: Rows | None = None) -> Iterator[tuple[int, int]]:
    """Yield (first, last) positions of the largest stretches in which every `count` events in a row lie within the window.

    Stretches that overlap are one. With `runs`, the events of a window must belong to one run.
    """
    count = max(count, 1)
    if len(us) < count:
        return
    dense = us[count - 1 :] - us[: len(us) - count + 1] <= window_us
    if runs is not None:
        dense &= runs[count - 1 :] == runs[: len(runs) - count + 1]
    first = np.flatnonzero(dense)
    if not len(first):
        return
    breaks = np.flatnonzero(np.diff(first) >= count)
    for a, b in zip(np.r_[0, breaks + 1], np.r_[breaks, len(first) - 1], strict=True):
        yield int(first[a]), int(first[b]) + count - 1


def stretches(keys: Rows) -> Iterator[tuple[int, int]]:
    """Yield (first, last) positions of each stretch of equal neighbours, such as the runs of a pair."""
    if len(keys):
        edges = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1], True]).tolist()
        yield from ((first, after - 1) for first, after in pairwise(edges))


def most_within(us: Rows, window_us: int) -> int:
    """The largest number of these times, sorted, that lie within a window of this length."""
    return int((np.searchsorted(us, us + window_us, "right") - np.arange(len(us))).max(initial=0))


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans of positions that overlap."""
    whole: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if whole and first <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(last, whole[-1][1]))
        else:
            whole.append((first, last))
    return whole
