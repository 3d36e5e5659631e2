"""Answered calls of a few seconds, again and again (P20).

Shows: calls that were taken and ended almost at once, by one contact or by callers who withheld their number. Proof:
every such call with its length as the export has it. What was heard is not in the records: only the person who answered
can say. The same to look at: calls that drop, dialling robots of call centres, a voicemail service or a call screen that
picks up. Escapes: exports that count ringing time or give no length, and numbers changed from call to call. One contact
stands for one handle here, since the same number is written in several ways; `handles` says how many it had.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import DAY, Events, Pair, Rows, clusters


@dataclass(frozen=True)
class Settings:
    """Why 10 seconds: long enough to say "hello?" twice, too short for a conversation (judgement)."""

    calls: int = 5  # answered calls
    seconds: float = 10  # each longer than nothing and no longer than this
    days: int = 7  # within so many days


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch in which any `calls` in a row lie within `days`."""
    seconds = events.table["seconds"].to_numpy(dtype=float)
    calls = events.acts & events.is_("kind", "call") & events.is_("outcome", "answered")
    calls &= (seconds > 0) & (seconds <= settings.seconds)
    for pair, rows in events.having(calls, settings.calls, everyone=True):
        if events.set_aside.get(pair.contact) not in (None, "withheld"):
            continue
        for first, last in clusters(pair.us(rows), settings.calls, settings.days * DAY):
            yield _finding(settings, pair, rows[first : last + 1])


def _finding(settings: Settings, pair: Pair, proof: Rows) -> Finding:
    table, days = pair.events.table.take(proof), pair.days(proof)
    return found(
        PATTERN, settings, pair, proof,
        measured={
            "calls": len(proof), "days": days, "handles": int(table["handle"].nunique()),
            "shortest_seconds": float(table["seconds"].min()), "longest_seconds": float(table["seconds"].max()),
        },
        summary=f"{len(proof)} answered calls of {settings.seconds:g} seconds or less {_between(pair)} "
                f"on {counted(days, 'day')}; what was heard is not in the records.",
    )  # fmt: skip


def _between(pair: Pair) -> str:
    if pair.events.set_aside.get(pair.contact) == "withheld":
        return "from withheld numbers (callers not identified, not necessarily one person)"
    return f"from {pair.contact}" if pair.direction == "in" else f"to {pair.contact}"


PATTERN = Pattern("short_calls", "Very short answered calls", ("U",), find, Settings())
