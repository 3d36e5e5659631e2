"""Small tables of events for the tests of what comes after reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa

from detector.event import Event, columns, to_frame, to_table

START = datetime(2024, 1, 1, 12, tzinfo=UTC)


def event(minutes: float, handle: str | None, direction: str = "in", text: str | None = "hello", **more: Any) -> Event:
    """One event so many minutes after the start."""
    values: dict[str, Any] = {
        "kind": "message",
        "channel": "sms",
        "at": START + timedelta(minutes=minutes),
        "direction": direction,
        "handle": handle,
        "text": text,
    }
    return Event(**values | more)


def table(*sources: Sequence[Event]) -> pd.DataFrame:
    """The events of some sources as one table."""
    parts = [
        to_table(columns(events), [f"sms[{i}]" for i in range(1, len(events) + 1)], f"{n:064x}")
        for n, events in enumerate(sources, 1)
    ]
    return to_frame(pa.concat_tables(parts).unify_dictionaries())
