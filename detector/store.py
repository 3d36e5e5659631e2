"""The case folder: what an analysis leaves behind, so that a case can be opened on another machine.

    ledger.json  contacts.json  findings.json  markers.json  hits.parquet  events.parquet  timeline.svg  manifest.json

The same inputs, settings and version give the same bytes: no clock, no randomness, no machine's name. manifest.json holds
the SHA-256 of every other file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from detector.case import Case
from detector.contacts import Contact
from detector.errors import UsageError
from detector.event import SCHEMA, to_frame
from detector.finding import Finding
from detector.identity import Handle, Link
from detector.markers import Marker
from detector.timeline import timeline_svg

_WORD = pa.dictionary(pa.int32(), pa.string())
EVENTS = pa.schema([*SCHEMA, pa.field("contact", _WORD), pa.field("duplicate_of", pa.string()), pa.field("labels", pa.string())])
HITS = pa.schema(
    [
        ("row", pa.int64()),
        ("label", pa.string()),
        ("cue", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("suppressed", pa.string()),
    ]
)
MANIFEST = "manifest.json"


def save(case: Case, folder: Path) -> None:
    """Write a case; what an earlier analysis left under these names is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    _parquet(case.events, EVENTS, folder / "events.parquet")
    _parquet(case.hits, HITS, folder / "hits.parquet")
    _json(case.ledger, folder / "ledger.json")
    _json([_contact(contact, case.links) for contact in case.contacts], folder / "contacts.json")
    _json([asdict(finding) for finding in case.findings], folder / "findings.json")
    _json([asdict(marker) for marker in case.markers], folder / "markers.json")
    (folder / "timeline.svg").write_text(timeline_svg(case), "utf-8", newline="\n")
    _json({name: _sha256(folder / name) for name in sorted(written(folder))}, folder / MANIFEST)


def written(folder: Path) -> Iterable[str]:
    """Return the names of the outputs that are there, the manifest left out."""
    names = ("ledger.json", "contacts.json", "findings.json", "markers.json", "hits.parquet", "events.parquet", "timeline.svg")
    return [name for name in names if (folder / name).is_file()]


def load(folder: Path) -> Case:
    """Open a case folder; UsageError if it is none."""
    if not (folder / "ledger.json").is_file():
        msg = f"{folder} is no case: it has no ledger.json; make one with: detector analyse PATH --out {folder}"
        raise UsageError(msg)
    ledger = orjson.loads((folder / "ledger.json").read_bytes())
    zone = ZoneInfo(ledger["zone"])
    people = orjson.loads((folder / "contacts.json").read_bytes())
    links = {(link["a"], link["b"], link["kind"]): link for person in people for link in person["suggested_links"]}
    return Case(
        events=to_frame(pq.read_table(folder / "events.parquet")),
        contacts=tuple(_read_contact(person) for person in people),
        links=tuple(Link(**link | {"evidence": tuple(link["evidence"])}) for _, link in sorted(links.items())),
        findings=tuple(_read_finding(one, zone) for one in orjson.loads((folder / "findings.json").read_bytes())),
        markers=tuple(_read_marker(one) for one in orjson.loads((folder / "markers.json").read_bytes())),
        hits=pq.read_table(folder / "hits.parquet").to_pandas(),
        ledger=ledger,
    )


def verify(folder: Path) -> list[str]:
    """Compare the outputs with the manifest and with each other; return a line for each thing that does not agree."""
    if not (folder / MANIFEST).is_file():
        msg = f"{folder} has no {MANIFEST}: it is no case folder, or the manifest was removed"
        raise UsageError(msg)
    stated = orjson.loads((folder / MANIFEST).read_bytes())
    wrong = [f"{name}: missing" for name in stated if not (folder / name).is_file()]
    wrong += [
        f"{name}: its SHA-256 is not the one in {MANIFEST}"
        for name in stated
        if (folder / name).is_file() and _sha256(folder / name) != stated[name]
    ]
    return wrong or _disagreements(load(folder))


def _disagreements(case: Case) -> list[str]:
    wrong = [
        f"{s['path']}: {s['records']} records, but {s['events']} events, {s['skipped']} skipped and {len(s['problems'])} problems"
        for s in case.ledger["sources"]
        if s["records"] != s["events"] + s["skipped"] + len(s["problems"])
    ]
    if case.ledger["events"] != len(case.events):
        wrong.append(f"ledger.json says {case.ledger['events']} events, events.parquet has {len(case.events)}")
    ids = set(case.events["id"])
    for finding in case.findings:
        unknown = [id for id in (*finding.evidence, *finding.counter_evidence) if id not in ids]
        if unknown:
            wrong.append(f"finding {finding.pattern} of {finding.contact}: no record {unknown[0]}")
    return wrong


def _parquet(table: pd.DataFrame, schema: pa.Schema, path: Path) -> None:
    arrow = pa.Table.from_pandas(table, schema=schema, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(arrow, path, compression="zstd")


def _json(value: Any, path: Path) -> None:
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _contact(contact: Contact, links: tuple[Link, ...]) -> dict[str, Any]:
    values = asdict(contact)
    rank, reasons = values.pop("rank"), values.pop("reasons")
    suggested = [asdict(link) for link in links if contact.contact in (link.a, link.b)]
    return values | {"attention": {"rank": rank, "reasons": reasons}, "suggested_links": suggested}


def _read_contact(values: dict[str, Any]) -> Contact:
    attention = values.pop("attention")
    values.pop("suggested_links")
    handles = tuple(Handle(**handle) for handle in values.pop("handles"))
    times = {key: datetime.fromisoformat(values[key]) if values[key] else None for key in ("first", "last")}
    lists = {"names": tuple(values["names"]), "handles": handles, "reasons": tuple(attention["reasons"])}
    return Contact(**values | times | lists, rank=attention["rank"])


def _read_finding(values: dict[str, Any], zone: ZoneInfo) -> Finding:
    times = {key: datetime.fromisoformat(values[key]).astimezone(zone) for key in ("start", "end")}
    lists = {key: tuple(values[key]) for key in ("four", "evidence", "counter_evidence")}
    return Finding(**values | times | lists)


def _read_marker(values: dict[str, Any]) -> Marker:
    times = {key: datetime.fromisoformat(values[key]) if values[key] else None for key in ("at", "end")}
    return Marker(**values | times | {"evidence": tuple(values["evidence"])})
