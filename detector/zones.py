"""Local clock times and their zone: for formats that write times without one.

A time inside the hour that occurs twice in autumn is read as the first of the two, one inside the hour that is left out in
spring as the clock would show it an hour later; both say so in the note.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from detector.errors import UsageError
from detector.export import Options


@dataclass(frozen=True)
class Zoned:
    """A local time with the zone that was used, how that was known, and what is doubtful about it."""

    at: datetime
    zone: str
    basis: str
    note: str | None = None


ASSUMED = "assumed: the file has no zone; --timezone settles it"

CASE_ASSUMED = "assumed: days and nights are counted on this clock; --timezone settles it"


def case_zone(options: Options) -> tuple[str, str]:
    """Return the zone in which a case counts days and nights, and how it is known."""
    return (options.timezone, "given") if options.timezone else ("UTC", CASE_ASSUMED)


def zone_of(options: Options) -> tuple[str, str]:
    """Return the name of the zone to use for local times and how it is known."""
    return (options.timezone, "given") if options.timezone else ("UTC", ASSUMED)


@lru_cache(maxsize=64)
def zone_info(name: str) -> ZoneInfo:
    """Return the zone; UsageError if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        msg = f'no time zone is called "{name}"; use a name such as Europe/London'
        raise UsageError(msg) from error


def local_time(naive: datetime, options: Options) -> Zoned:
    """Read a local clock time in the zone of the options."""
    name, basis = zone_of(options)
    zone = zone_info(name)
    at = naive.replace(tzinfo=zone)
    if at.utcoffset() == at.replace(fold=1).utcoffset():
        return Zoned(at, name, basis)
    if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        return Zoned(at, name, basis, "this clock time does not exist on that day: the clocks went forward")
    return Zoned(at, name, basis, "this clock time occurs twice on that day: the first is used")
