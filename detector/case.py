"""analyse(): the four verbs in order. read -> resolve -> score -> find; the result is a Case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from detector import patterns as catalogue
from detector import settings as thresholds
from detector.contacts import Contact, contacts, set_aside
from detector.duplicates import duplicates
from detector.event import microseconds, to_frame
from detector.export import Format, Options
from detector.finding import Finding, Pattern
from detector.formats import FORMATS
from detector.identity import Identity, Link, SetAside, resolve
from detector.ingest import Progress, read
from detector.inventory import find_exports
from detector.language.cues import rules_sha256
from detector.language.score import score, self_names
from detector.ledger import ledger
from detector.markers import Marker, settle, suggest
from detector.markers_file import read_markers, same_and_different
from detector.pairs import Events, Rows
from detector.patterns import PATTERNS
from detector.tables.mapping import specs
from detector.zones import case_zone, zone_info


@dataclass(frozen=True)
class Case:
    """An analysed extract: everything that the outputs and the app show.

    `events` is the table of event.SCHEMA with `contact`, `duplicate_of` (the id of the row it repeats) and `labels`, sorted
    by contact and time. `hits` are the cue hits: their `row` is a position in `events`.
    """

    events: pd.DataFrame
    contacts: tuple[Contact, ...]
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    markers: tuple[Marker, ...]
    hits: pd.DataFrame
    ledger: dict[str, Any]

    @property
    def zone(self) -> str:
        """The zone in which days and hours are counted."""
        return str(self.ledger["zone"])


def analyse(
    paths: Sequence[Path],
    options: Options,
    *,
    settings: thresholds.Settings | None = None,
    markers_text: str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    formats: Sequence[Format] = FORMATS,
    patterns: Sequence[Pattern[Any]] = PATTERNS,
) -> Case:
    """Read what lies under the paths and find the patterns in it.

    Raises UsageError for options, markers or paths that cannot be used. Whatever is wrong with a file or a record stands in the
    ledger instead, and the rest is analysed.
    """
    zone_info(case_zone(options)[0])  # a wrong zone or mapping is said before anything is read
    specs(options.mappings)
    settings = thresholds.defaults() if settings is None else settings
    inventory = find_exports(paths, options)
    table, sources = read(inventory.exports, formats=formats, jobs=jobs, progress=progress)
    case = examine(to_frame(table), options, settings, markers_text=markers_text, jobs=jobs, patterns=patterns)
    return replace(case, ledger=ledger(inventory, sources, case.events, options, settings, rules_sha256(), case_zone(options)))


def examine(
    events: pd.DataFrame,
    options: Options,
    settings: thresholds.Settings,
    *,
    markers_text: str | None = None,
    jobs: int = 1,
    patterns: Sequence[Pattern[Any]] = PATTERNS,
) -> Case:
    """Resolve, score and find over a table of event.SCHEMA; the case's ledger is left empty."""
    zone = zone_info(case_zone(options)[0])
    events, hits, identity = _resolved(events, options, markers_text, jobs)
    suggested = suggest(events, hits)
    markers = tuple(settle(suggested, read_markers(markers_text, zone, identity, options.region, suggested)))
    aside = set_aside(events, identity, _rows(hits, "automated"))
    findings = tuple(catalogue.find(view(events, hits, zone, aside, markers, identity.links), settings, patterns))
    people = contacts(events, identity, aside, findings, zone)
    return Case(events, people, identity.links, findings, markers, hits, {})


def _resolved(
    events: pd.DataFrame, options: Options, markers_text: str | None, jobs: int
) -> tuple[pd.DataFrame, pd.DataFrame, Identity]:
    """Add contact, duplicate_of and labels; sort by contact and time, the hits with it."""
    hits = score(events["text"].tolist(), jobs=jobs)
    same, different = same_and_different(markers_text)
    identity = resolve(events, options.region, same=same, different=different, self_named=_self_named(events, hits))
    events["contact"] = identity.contact
    timeless = events["at"].isna().to_numpy()
    order = np.lexsort((microseconds(events["at"]), timeless, events["contact"].cat.codes.to_numpy()))
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    events = events.iloc[order].reset_index(drop=True)
    events["duplicate_of"] = duplicates(events)
    hits = hits.assign(row=position[hits["row"].to_numpy(np.int64)]).sort_values(
        ["row", "start", "label", "cue"], ignore_index=True
    )
    events["labels"] = _labels(hits, len(events))
    return events, hits, identity


def _rows(hits: pd.DataFrame, label: str) -> Rows:
    """Return the rows with a hit of this label that nothing suppressed."""
    return np.unique(hits.loc[(hits["label"] == label) & hits["suppressed"].isna(), "row"].to_numpy(np.int64))


def _self_named(events: pd.DataFrame, hits: pd.DataFrame) -> list[tuple[int, str]]:
    """Return the rows in which somebody gives a name as their own, and the name."""
    rows = _rows(hits, "self_name")
    return [(int(rows[i]), name) for i, name, _, _ in self_names(events["text"].iloc[rows].tolist())]


def _labels(hits: pd.DataFrame, rows: int) -> pd.Series[str]:
    """Join the labels of each row's hits that nothing suppressed."""
    open_ = hits[hits["suppressed"].isna()].drop_duplicates(["row", "label"]).sort_values(["row", "label"])
    return open_.groupby("row")["label"].agg(";".join).reindex(range(rows)).astype("str")


def view(
    events: pd.DataFrame,
    hits: pd.DataFrame,
    zone: ZoneInfo,
    aside: dict[str, SetAside],
    markers: tuple[Marker, ...],
    links: tuple[Link, ...],
) -> Events:
    """Return what patterns read: the rows with a contact and a time that repeat no other row."""
    kept = (events["contact"].notna() & events["at"].notna() & events["duplicate_of"].isna()).to_numpy()
    position = np.cumsum(kept) - 1
    rows = hits["row"].to_numpy(np.int64)
    inside = kept[rows] if len(rows) else np.empty(0, bool)
    shown = hits[inside].assign(row=position[rows[inside]])
    return Events(events[kept].reset_index(drop=True), zone, aside, markers, links, shown)
