"""Who takes part in a chat, who of them exported it, and so which side every line is on.

The writer of "You deleted this message" exported the chat: nobody else sees that wording. In a chat of two, the other side is who the
chat's title names. In a group, the writer of an iPhone's line that begins with "You" is the owner. What a person says goes
before all of these. Where they do not agree, or none of them applies, the sides stay unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from detector.event import Direction
from detector.whatsapp.headers import BLANKS, MARKS
from detector.whatsapp.titles import Title, folded, is_number

_DIGITS = re.compile(r"\D")
FEWEST_DIGITS = 7
"""Two numbers are one if so many of their last digits are the same and one ends as the other does."""


@dataclass
class Traces:
    """What the lines of a file show of its people; names as shown, without marks around them."""

    speakers: Counter[str] = field(default_factory=Counter)  # messages, calls and files by name
    deleters: dict[str, int] = field(default_factory=dict)  # line of "You deleted this message" by name
    actors: dict[str, int] = field(default_factory=dict)  # line of "You ..." by name
    heading: str | None = None  # the name on the notice of encryption: the chat's title on an iPhone
    group: bool = False  # lines that only a group has


@dataclass(frozen=True)
class People:
    """The outcome. `other` is the other side of a chat of two."""

    owner: str | None
    basis: str | None
    other: str | None
    group: bool
    title: str | None
    notes: tuple[str, ...] = ()


def shown(name: str) -> str:
    """Return a name without the marks around it."""
    return name.strip(MARKS + BLANKS)


def people_of(traces: Traces, title: Title | None, given: tuple[str, ...]) -> People:
    """Weigh the traces."""
    heading = Title(traces.heading, True) if traces.heading else None
    title = title if title and title.sure else heading or title
    titled = _titled(traces, title)
    sides = _pair(traces, titled)
    group = sides is None
    owner, basis, notes = _owner(traces, titled, sides, given, title)
    other = None if group else titled or _remaining(sides or [], owner) or _sure(title, traces)
    if other is not None and other == owner:
        other = _remaining(sides or [], owner)
    if owner is None and basis is None and traces.speakers:
        notes = (
            *notes,
            "who exported the chat is not known: --owner settles it; writers: " + "; ".join(sorted(traces.speakers)[:20]),
        )
    return People(owner, basis, other, group, title.text if title else None, notes)


def _sure(title: Title | None, traces: Traces) -> str | None:
    return title.text if title and title.sure and len(traces.speakers) < 2 else None


def _titled(traces: Traces, title: Title | None) -> str | None:
    """Return the writer whom the title names."""
    if title is None:
        return None
    return next((name for name in traces.speakers if folded(name) == folded(title.text)), None)


def _pair(traces: Traces, titled: str | None) -> list[str] | None:
    """Return the one or two people of a chat of two; None for a group."""
    names = list(traces.speakers)
    if traces.group:
        return None
    if len(names) <= 2:
        return names
    steady = [name for name in names if traces.speakers[name] > 1 or name == titled]
    return steady if titled and len(steady) == 2 else None


def _remaining(sides: list[str], owner: str | None) -> str | None:
    rest = [name for name in sides if name != owner]
    return rest[0] if owner is not None and len(rest) == 1 else None


def _owner(
    traces: Traces, titled: str | None, sides: list[str] | None, given: tuple[str, ...], title: Title | None
) -> tuple[str | None, str | None, tuple[str, ...]]:
    """Return the owner, how that is known, and what contradicts it."""
    named = [name for name in traces.speakers if any(_same(name, one) for one in given)]
    deleter = next(iter(traces.deleters), None)
    if named:
        against = deleter is not None and deleter not in named
        note = (
            f'--owner says {named[0]}, but line {traces.deleters[deleter]}, "You deleted this message", is by {deleter}'
            if against and deleter
            else ""
        )
        return named[0], "given", (note,) if note else ()
    if len(traces.deleters) > 1 or (deleter is not None and deleter == titled and sides is not None):
        says = "; ".join(f"line {line} is by {name}" for name, line in traces.deleters.items())
        return None, None, (f'"You deleted this message" does not settle who exported the chat: {says}; --owner settles it',)
    if deleter is not None:
        return deleter, f'line {traces.deleters[deleter]}: "You deleted this message" is what only the owner sees', ()
    if sides is not None:
        return (*_by_title(sides, titled, title), ())
    if len(traces.actors) == 1:
        ((name, line),) = traces.actors.items()
        return name, f'line {line}: a line of the app about "you" stands under this name', ()
    return None, None, ()


def _by_title(sides: list[str], titled: str | None, title: Title | None) -> tuple[str | None, str | None]:
    if title is None:
        return None, None
    if titled and len(sides) == 2:
        return _remaining(sides, titled), f'the chat is titled "{title.text}"; the other of the two writers is the owner'
    if titled:
        return None, f'the chat is titled "{title.text}", the only writer: the owner wrote nothing in it'
    if title.sure and len(sides) == 1:
        return sides[0], f'the chat is titled "{title.text}", and the only writer is somebody else: the owner'
    return None, None


def _same(name: str, given: str) -> bool:
    if is_number(name) and is_number(given):
        a, b = _DIGITS.sub("", name).lstrip("0"), _DIGITS.sub("", given).lstrip("0")
        return min(len(a), len(b)) >= FEWEST_DIGITS and (a.endswith(b) or b.endswith(a))
    return folded(name) == folded(given)


class Side(NamedTuple):
    """What an event says of a line by this writer."""

    direction: Direction
    handle: str | None
    name: str | None
    name_source: str | None


def named(handle: str | None) -> tuple[str | None, str | None]:
    """Return the name that a handle shows, and who chose it: "~" stands before the name that somebody chose for himself."""
    if handle is None or is_number(handle):
        return None, None
    return (handle.lstrip("~" + BLANKS), "profile") if handle.startswith("~") else (handle, "address book")


def sides(people: People, names: Iterable[str]) -> dict[str, Side]:
    """Return the side of each writer, by the name as it stands in the lines."""
    return {name: _side(people, shown(name)) for name in names}


def _side(people: People, writer: str) -> Side:
    if writer == people.owner:
        return Side("out", people.other, *named(people.other))
    theirs = people.basis is not None and (people.group or people.other in (None, writer))
    return Side("in" if theirs else "unknown", writer, *named(writer))
