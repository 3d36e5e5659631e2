"""The patterns, in the order in which they are listed; `find` runs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from detector.finding import Finding, Pattern
from detector.pairs import Events
from detector.patterns import (
    barrage,
    call_then_message,
    contact_after_block,
    contact_after_stop,
    harm_statement,
    heavy_day,
    many_channels,
    many_senders,
    missed_calls,
    new_handle,
    night_contact,
    no_caller_id,
    persistence,
    return_after_quiet,
    rising_rate,
    short_calls,
    small_hours_calls,
    unanswered_run,
)

PATTERNS: tuple[Pattern[Any], ...] = (
    barrage.PATTERN,
    heavy_day.PATTERN,
    unanswered_run.PATTERN,
    persistence.PATTERN,
    rising_rate.PATTERN,
    return_after_quiet.PATTERN,
    night_contact.PATTERN,
    small_hours_calls.PATTERN,
    missed_calls.PATTERN,
    no_caller_id.PATTERN,
    short_calls.PATTERN,
    call_then_message.PATTERN,
    many_channels.PATTERN,
    contact_after_stop.PATTERN,
    contact_after_block.PATTERN,
    new_handle.PATTERN,
    harm_statement.PATTERN,
    many_senders.PATTERN,
)


def find(events: Events, settings: Mapping[str, Any], patterns: Iterable[Pattern[Any]] = PATTERNS) -> list[Finding]:
    """Run the patterns with these settings (by name; a pattern's own otherwise), sorted for a stable order."""
    findings = [found for pattern in patterns for found in pattern.find(events, settings.get(pattern.name, pattern.settings))]
    return sorted(findings, key=lambda f: (f.contact, f.start, f.pattern, f.direction, f.evidence))
