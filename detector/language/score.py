"""Score: which cues are in which messages.

A hit says where in the original text a wording stands, and what takes its edge off, if anything does. Texts that occur
many times are looked at once. The same texts give the same hits, alone or among a million.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from detector.language.cues import Cue, cues
from detector.language.gate import ALARMS, Gate, pieces
from detector.language.normalise import Normal, fold, triggers, unpick

COLUMNS = ("row", "label", "cue", "start", "end", "suppressed")
_TYPES = {"row": "int64", "label": "str", "cue": "str", "start": "int64", "end": "int64", "suppressed": "str"}
_ALARMED = (1 << ALARMS) - 1
CHUNK = 100_000
"""Fewer texts than this are not worth another process."""


class Hit(NamedTuple):
    """One cue in one text: `start` and `end` are offsets into the text as exported."""

    label: str
    cue: str
    start: int
    end: int
    suppressed: str | None


def score(texts: Sequence[str | None], jobs: int = 1) -> pd.DataFrame:
    """Return all hits, a row each, sorted by `row` (the position in `texts`), start, end, label and cue."""
    codes, distinct = pd.factorize(np.array(_strings(texts), dtype=object))
    found = _scan_all(distinct.tolist(), jobs)
    hits = pd.DataFrame([(code, *hit) for code, each in enumerate(found) for hit in each], columns=["code", *COLUMNS[1:]])
    rows = pd.DataFrame({"row": np.arange(len(codes)), "code": codes})
    table = rows[rows["code"].isin(hits["code"].unique())].merge(hits.astype({"code": codes.dtype}), on="code")
    table = table.sort_values(["row", "start", "end", "label", "cue"], kind="stable", ignore_index=True)
    return table[list(COLUMNS)].astype(_TYPES)


def scan(text: str) -> list[Hit]:
    """Return the hits in one text, in the order of the text."""
    rules = _rules()
    normal, mask = _ready(text)
    spans = [
        (rules.owners[index], span) for index in rules.gate.patterns(mask) for span in _spans(rules.patterns[index], normal.text)
    ]
    if not spans:
        return []
    hits = [_hit(cue, span, normal) for cue, span in _merged(spans)]
    return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.label, hit.cue))


def self_names(texts: Sequence[str | None]) -> list[tuple[int, str, int, int]]:
    """Return (row, name, start, end) for each name that a sender gives as their own, as written."""
    found = []
    for row, text in enumerate(_strings(texts)):
        hits = [hit for hit in scan(text) if hit.label == "self_name" and hit.suppressed is None] if text else []
        if text and hits:
            spans = _name_spans(_ready(text)[0])
            found += [(row, text[start:end], start, end) for start, end in spans if any(h.start <= start < h.end for h in hits)]
    return found


def _name_spans(normal: Normal) -> list[tuple[int, int]]:
    patterns = (pattern for pattern, cue in zip(_rules().patterns, _rules().owners, strict=True) if cue.label == "self_name")
    return sorted({normal.span(*match.span("name")) for pattern in patterns for match in pattern.finditer(normal.text)})


def _ready(text: str) -> tuple[Normal, int]:
    """Return the copy to match on, and what the gate sees in it."""
    rules = _rules()
    normal = fold(text)
    mask = rules.gate.mask(f" {normal.text} ")
    if steps := mask & _ALARMED:
        normal = unpick(normal, steps, rules.known)
        mask = rules.gate.mask(f" {normal.text} ")
    return normal, mask


class _Rules(NamedTuple):
    gate: Gate
    patterns: list[re.Pattern[str]]
    owners: list[Cue]  # of each pattern
    known: frozenset[str]
    suppressors: dict[str, list[tuple[Cue, list[re.Pattern[str]]]]]


@cache
def _rules() -> _Rules:
    pairs = [(cue, pattern) for cue in cues().values() if cue.kind == "cue" for pattern in cue.patterns]
    suppressors: dict[str, list[tuple[Cue, list[re.Pattern[str]]]]] = {}
    for cue in cues().values():
        if cue.kind == "suppressor":
            for label in cue.labels:
                suppressors.setdefault(label, []).append((cue, [re.compile(pattern) for pattern in cue.patterns]))
    known = {word for _, pattern in pairs for piece in pieces(pattern) for word in re.findall(r"[^\W\d_][^\W\d_']+", piece)}
    return _Rules(
        Gate([pattern for _, pattern in pairs], triggers()),
        [re.compile(pattern) for _, pattern in pairs],
        [cue for cue, _ in pairs],
        frozenset(known),
        suppressors,
    )


def _spans(pattern: re.Pattern[str], text: str) -> Iterable[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(text) if match.end() > match.start())


def _merged(spans: list[tuple[Cue, tuple[int, int]]]) -> list[tuple[Cue, tuple[int, int]]]:
    """Join spans of the same cue that overlap: two ways to find one wording are one hit."""
    if len(spans) < 2:
        return spans
    merged: list[tuple[Cue, tuple[int, int]]] = []
    for cue, (start, end) in sorted(spans, key=lambda each: (each[0].name, each[1])):
        if merged and merged[-1][0] is cue and start < merged[-1][1][1]:
            merged[-1] = (cue, (merged[-1][1][0], max(end, merged[-1][1][1])))
        else:
            merged.append((cue, (start, end)))
    return merged


def _hit(cue: Cue, span: tuple[int, int], normal: Normal) -> Hit:
    return Hit(cue.label, cue.name, *normal.span(*span), _suppressed(cue.label, span, normal.text))


def _suppressed(label: str, span: tuple[int, int], text: str) -> str | None:
    """Return the title of the first suppressor, in the order of their names, that overlaps the span."""
    for suppressor, patterns in _rules().suppressors.get(label, ()):
        if any(start < span[1] and end > span[0] for pattern in patterns for start, end in _spans(pattern, text)):
            return suppressor.title
    return None


def _strings(texts: Sequence[Any]) -> list[str | None]:
    """Return the texts, with None for whatever is no text or an empty one."""
    return [text if isinstance(text, str) and text else None for text in texts]


def _scan_all(texts: Sequence[str], jobs: int) -> list[list[Hit]]:
    if jobs == 1 or len(texts) < 2 * CHUNK:
        return _scan_each(texts)
    from joblib import Parallel, delayed

    chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    return [hits for part in Parallel(n_jobs=jobs)(map(delayed(_scan_each), chunks)) for hits in part]


def _scan_each(texts: Sequence[str]) -> list[list[Hit]]:
    return [scan(text) for text in texts]
