"""Strings of calls that were not answered (P18).

Shows: how often one side rang within an hour or a day without being answered. Proof: every such call of the string,
with its outcome as the export has it (missed, rejected or blocked; "unanswered" for calls made from the device).
The same to look at: redialling where the signal is poor, conference lines, an emergency, a carer who worries. Escapes: calls
that the phone forwarded to voicemail or that were answered on another device (not counted, since the same attempt may
stand in the log twice), exports that give no outcome, and strings spread thinner than the windows. Answered calls in
between do not end a string; they stand in the counter-evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector.finding import Finding, Pattern, counted, found
from detector.pairs import HOUR, MINUTE, SECOND, Events, Pair, Rows, clusters, joined, most_within

NOT_TAKEN = ("missed", "rejected", "blocked", "unanswered")


@dataclass(frozen=True)
class Settings:
    """Why two windows: a string within the hour shows urgency, one over the day shows how long it went on (judgement)."""

    attempts: int = 5  # calls not answered
    minutes: int = 60  # within so many minutes
    day_attempts: int = 15  # or calls not answered
    day_hours: int = 24  # within so many hours


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch that fills either window; stretches that overlap are one."""
    calls = events.acts & events.is_("kind", "call") & events.is_("outcome", *NOT_TAKEN)
    for pair, rows in events.having(calls, min(settings.attempts, settings.day_attempts)):
        us = pair.us(rows)
        spans = [
            *clusters(us, settings.attempts, settings.minutes * MINUTE),
            *clusters(us, settings.day_attempts, settings.day_hours * HOUR),
        ]
        for first, last in joined(spans):
            yield _finding(settings, pair, rows[first : last + 1])


def _finding(settings: Settings, pair: Pair, proof: Rows) -> Finding:
    us = pair.us(proof)
    redial, minutes = float(np.median(np.diff(us))) / SECOND if len(us) > 1 else 0.0, float(us[-1] - us[0]) / MINUTE
    outcomes = Counter(pair.events.table["outcome"].take(proof).astype(str).tolist())
    return found(
        PATTERN, settings, pair, proof,
        measured={
            "attempts": len(proof), "minutes": round(minutes, 1),
            "most_in_minutes": most_within(us, settings.minutes * MINUTE),
            "most_in_day_hours": most_within(us, settings.day_hours * HOUR),
            "median_redial_seconds": round(redial, 1), "outcomes": dict(sorted(outcomes.items())),
        },
        summary=f"{pair.actor} rang {len(proof)} times in {counted(round(minutes), 'minute')} without an answer "
                f"({', '.join(f'{number} {name}' for name, number in sorted(outcomes.items()))}); "
                f"half of the gaps between calls were {redial:.0f} seconds or less.",
    )  # fmt: skip


PATTERN = Pattern("missed_calls", "Calls not answered, one after another", ("U", "R"), find, Settings())
