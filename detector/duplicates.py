"""Records that stand in two exports: merged for counts, both kept.

Two rows are one event when they come from different sources and agree in contact, direction, kind, service and text (or, for
calls, length and outcome) within a tolerance. Rows of one source are never duplicates of each other: the same words twice within
a minute are two messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from detector.event import microseconds
from detector.handles import TEXTING

TEXT_TOLERANCE = 120_000_000  # microseconds
CALL_TOLERANCE = 60_000_000


def duplicates(table: pd.DataFrame) -> pd.Series[str]:
    """Return for each row the id of the row that it repeats, or null. The table has `contact`."""
    repeated = np.full(len(table), None, dtype=object)
    rows = np.flatnonzero(_shared(table) & table["at"].notna().to_numpy())
    if len(rows):
        ids = table["id"].to_numpy(dtype=object)
        for row, kept in _pairs(table.iloc[rows]):
            repeated[rows[row]] = ids[rows[kept]]
    return pd.Series(repeated, index=table.index).astype("str")


def _shared(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Mark the rows of contacts that stand in more than one source."""
    contact, source = (table[name].astype("category").cat.codes.to_numpy().astype(np.int64) for name in ("contact", "source"))
    pairs = np.unique(np.column_stack([contact, source]), axis=0) if len(table) else np.empty((0, 2), np.int64)
    several = np.bincount(pairs[:, 0] + 1, minlength=contact.max(initial=-1) + 2) > 1
    return several[contact + 1] & (contact >= 0)


def _pairs(rows: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield (row, the row that it repeats) for each stretch of equal rows that lie within the tolerance."""
    key, us = _key(rows), microseconds(rows["at"])
    source = rows["source"].astype("category").cat.codes.to_numpy()
    limit = np.where(rows["kind"].isin(["call", "voicemail"]).to_numpy(), CALL_TOLERANCE, TEXT_TOLERANCE)
    order = np.lexsort((np.arange(len(rows)), us, key))
    near = (np.diff(key[order]) == 0) & (np.diff(us[order]) <= limit[order][1:])
    starts = np.flatnonzero(np.r_[True, ~near])
    ends = np.r_[starts[1:], len(order)]
    for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
        stretch = order[start:end]
        if len(set(source[stretch])) > 1:
            yield from _matches(stretch, us, source, int(limit[stretch[0]]))


def _key(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Number the rows so that equal numbers are alike in all but time and source."""
    service = rows["channel"].astype(object).replace(dict.fromkeys(TEXTING, "texting"))
    call = rows["kind"].isin(["call", "voicemail"])
    content = rows["text"].astype(object).where(~call, rows["seconds"].astype(str) + " " + rows["outcome"].astype(str))
    parts = [
        rows["contact"],
        rows["direction"],
        rows["kind"],
        service,
        content,
        rows["media"],
        rows["thread"].where(rows["group"]),
    ]
    combined = np.zeros(len(rows), np.int64)
    for part in parts:
        codes, values = pd.factorize(part.astype(object))
        combined, _ = pd.factorize(combined * (len(values) + 1) + codes + 1)
    return combined.astype(np.int64)


def _matches(
    stretch: npt.NDArray[np.int64], us: npt.NDArray[np.int64], source: npt.NDArray[np.integer[Any]], limit: int
) -> Iterator[tuple[int, int]]:
    """Pair rows of different sources one to one, in the order of time."""
    kept: list[tuple[int, int, set[int]]] = []
    for row in stretch:
        kept = [one for one in kept if us[row] - one[1] <= limit]
        match = next((one for one in kept if source[row] not in one[2]), None)
        if match is None:
            kept.append((int(row), int(us[row]), {source[row]}))
        else:
            match[2].add(source[row])
            yield int(row), match[0]
