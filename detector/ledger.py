"""The ledger: what reached us, what became of every record, and under which rules it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pandas as pd

from detector import __version__
from detector import settings as thresholds
from detector.export import Options
from detector.formats import FORMATS
from detector.ingest import Source
from detector.inventory import Inventory

ABSENCE = {format.name: format.absence for format in FORMATS}


def ledger(
    inventory: Inventory, sources: Sequence[Source], events: pd.DataFrame, options: Options, settings: thresholds.Settings, rules_sha256: str,
    zone: tuple[str, str],
) -> dict[str, Any]:  # fmt: skip
    """Put together ledger.json; only JSON values, in a stable order."""
    return {
        "detector": __version__,
        "settings": {name: asdict(one) for name, one in sorted(settings.items())},
        "settings_sha256": thresholds.digest(settings),
        "rules_sha256": rules_sha256,
        "options": asdict(options) | {"owner": list(options.owner), "mappings": len(options.mappings)},
        "zone": zone[0],
        "zone_basis": zone[1],
        "sources": [_source(source) for source in sources],
        "unreadable": [{"path": name, "reason": reason} for name, reason in inventory.unreadable],
        "set_aside": [{"path": name, "reason": reason} for name, reason in inventory.set_aside],
        "events": len(events),
        "duplicates": int(events["duplicate_of"].notna().sum()),
    }


def complete(ledger: Mapping[str, Any]) -> bool:
    """Tell whether every file and record that was meant to be read was read."""
    unread = [source for source in ledger["sources"] if source["problems"] or source["format"] is None]
    return not unread and not ledger["unreadable"]


def _source(source: Source) -> dict[str, Any]:
    facts = source.facts
    return {
        "path": source.path,
        "sha256": source.sha256,
        "bytes": source.bytes,
        "format": source.format,
        "records": source.records,
        "events": source.events,
        "skipped": sum(source.skipped.values()),
        "skipped_reasons": dict(sorted(source.skipped.items())),
        "problems": [{"locator": locator, "reason": reason} for locator, reason in source.problems],
        "notes": source.notes,
        "first": stamp(source.first),
        "last": stamp(source.last),
        "zone": facts.zone if source.format else None,
        "zone_basis": facts.zone_basis if source.format else None,
        "owner": facts.owner,
        "owner_basis": facts.owner_basis,
        "date_order": facts.date_order,
        "date_order_basis": facts.date_order_basis,
        "absence": ABSENCE.get(source.format or ""),
    }


def stamp(at: datetime | None) -> str | None:
    """Write a time as ISO 8601, or null."""
    return None if at is None else at.isoformat()
