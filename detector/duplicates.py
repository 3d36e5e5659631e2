"""Records that stand in two exports: merged for counts, both kept.

Two rows are one event when they come from different sources and agree in contact, direction, kind, service and text (or, for
calls, length and outcome) within a tolerance. Rows of one source are never duplicates of each other: the same words twice within
a minute are two messages.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from detector.handles import TEXTING

TEXT_TOLERANCE = pd.Timedelta(seconds=120)
CALL_TOLERANCE = pd.Timedelta(seconds=60)


def duplicates(table: pd.DataFrame) -> pd.Series[str]:
    """Return for each row the id of the row that it repeats, or null. The table has `contact`."""
    repeated = pd.Series(None, index=table.index, dtype=object)
    shared = table.groupby("contact", observed=True)["source"].transform("nunique") > 1
    rows = table[shared.to_numpy() & table["at"].notna().to_numpy()]
    if rows.empty:
        return repeated.astype("str")
    key = _key(rows)
    several = rows.groupby(key)["source"].transform("nunique") > 1
    rows, key = rows[several], key[several]
    order = np.lexsort((rows["id"].to_numpy(dtype=object).astype(str), rows["at"].to_numpy(), key.to_numpy()))
    for group in np.split(order, np.flatnonzero(np.diff(key.to_numpy()[order])) + 1) if len(order) else ():
        for row, kept in _matches(rows, group):
            repeated.loc[rows.index[row]] = rows["id"].iloc[kept]
    return repeated.astype("str")


def _key(rows: pd.DataFrame) -> pd.Series[int]:
    service = rows["channel"].astype(object).replace(dict.fromkeys(TEXTING, "texting"))
    call = rows["kind"].isin(["call", "voicemail"])
    content = rows["text"].astype(object).where(~call, rows["seconds"].astype(str) + " " + rows["outcome"].astype(str))
    parts = [rows["contact"], rows["direction"], rows["kind"], service, content, rows["media"], rows["thread"].where(rows["group"])]
    codes = [pd.factorize(part.astype(object))[0] for part in parts]
    return pd.Series(pd.MultiIndex.from_arrays(codes).factorize()[0], index=rows.index)


def _matches(rows: pd.DataFrame, group: np.ndarray) -> list[tuple[int, int]]:
    """Pair rows of different sources one to one, in the order of time."""
    times, sources = rows["at"].to_numpy()[group], rows["source"].astype(object).to_numpy()[group]
    tolerance = (CALL_TOLERANCE if rows["kind"].iloc[group[0]] in ("call", "voicemail") else TEXT_TOLERANCE).to_timedelta64()
    kept: list[tuple[int, np.datetime64, set[str]]] = []
    found = []
    for row, at, source in zip(group, times, sources, strict=True):
        match = next((k for k in kept if at - k[1] <= tolerance and source not in k[2]), None)
        if match:
            match[2].add(source)
            found.append((row, match[0]))
        else:
            kept.append((row, at, {source}))
        kept = [k for k in kept if at - k[1] <= tolerance]
    return found
