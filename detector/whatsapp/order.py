"""Which number of a date is the day: inferred from the whole file, for each way of writing dates in it.

In falling strength: a number above 12; a media file name that repeats the date; what the person says; fewer steps back in
time; the number that changes more often is the day; dates with dots put the day first. Where all are silent the dates are
not read. Years of two digits are the last number, unless the first changes less often than the last. A file may change its
order half-way, as when the phone's language was changed: it is cut between the dates that prove different orders.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from detector.errors import RecordError
from detector.export import DateOrder
from detector.whatsapp.clock import ORDERS, Written

Dated = tuple[int, Written]
"""The line from which on a date stands, and the date."""

CLEAR_LEAD = 2
"""By how many changes one number must lead another for that alone to say which of them is the day or the year."""

OPEN = "day and month cannot be told apart"


@dataclass(frozen=True)
class Witness:
    """A media file name with a date: an exact one repeats the message's own time, others say by when it had been sent."""

    line: int
    written: Written
    named: date
    exact: bool
    file: str


@dataclass(frozen=True)
class Ruling:
    """The order of one way of writing dates: from each of these lines on, an order, or None where it stays open."""

    orders: tuple[DateOrder | None, ...]
    basis: str
    starts: tuple[int, ...] = (0,)

    def at(self, line: int) -> DateOrder | None:
        """Return the order on this line."""
        return self.orders[bisect_right(self.starts, line) - 1]


Rulings = Mapping[str, Ruling]


def rule(dates: Sequence[Dated], witnesses: Sequence[Witness], given: DateOrder | None) -> dict[str, Ruling]:
    """Decide for each key of the dates; the proved ones first, as the steps in time between all of them help with the others."""
    own = {key: [(line, d) for line, d in dates if d.key == key and d.orders()] for key in dict.fromkeys(d.key for _, d in dates)}
    rulings: dict[str, Ruling] = {}
    for key, some in own.items():
        if ruling := _proved(some, given) or _witnessed(_possible(some, given), [w for w in witnesses if w.written.key == key]):
            rulings[key] = ruling
    for key in [key for key in own if key not in rulings]:
        rulings[key] = _inferred(own[key], dates, rulings, given)
    return rulings


def _possible(own: Sequence[Dated], given: DateOrder | None) -> list[DateOrder]:
    """Return the orders in which all of these dates can be read."""
    every: list[DateOrder] = [order for order in ORDERS if all(d.fits(order) for _, d in own)]
    usual: list[DateOrder] = [order for order in every if order != "YMD"]
    if usual == every or not usual:
        return every
    first, last = _changes(own, 0), _changes(own, 2)
    if given == "YMD" or last - first >= CLEAR_LEAD:
        return ["YMD"]
    return usual if last <= first else every


def _changes(own: Sequence[Dated], position: int) -> int:
    return sum(a.numbers[position] != b.numbers[position] for (_, a), (_, b) in pairwise(own))


def _proved(own: Sequence[Dated], given: DateOrder | None) -> Ruling | None:
    if not own:
        return Ruling(("DMY",), "no date of this kind can be read")
    possible = _possible(own, given)
    if not possible:
        return _segments(own, given)
    if len(possible) > 1:
        return None
    line, proof = next(((line, d) for line, d in own if not (d.fits("DMY") and d.fits("MDY"))), own[0])
    if proof.year_at == 0 or possible[0] == "YMD":
        return Ruling((possible[0],), "the year stands first")
    return Ruling((possible[0],), f"line {line}: {proof.text} has a number above 12")


def _segments(own: Sequence[Dated], given: DateOrder | None) -> Ruling:
    """Cut where dates that prove one order are followed by dates that prove another."""
    proving: list[tuple[int, DateOrder]] = [
        (i, "DMY" if d.fits("DMY") else "MDY") for i, (_, d) in enumerate(own) if d.fits("DMY") != d.fits("MDY")
    ]
    starts: list[int] = [0]
    orders: list[DateOrder | None] = [proving[0][1] if proving else None]
    for (i, before), (j, after) in pairwise(proving):
        if before != after:
            cut, clear = _cut(own, i, j, before, after)
            if not clear and given is None:
                starts.append(own[i + 1][0])
                orders.append(None)
                cut = j
            elif not clear:
                cut = j if given == before else i + 1
            starts.append(own[cut][0])
            orders.append(after)
    return Ruling(tuple(orders), "mixed: the file changes its order", tuple(starts))


def _cut(own: Sequence[Dated], i: int, j: int, before: DateOrder, after: DateOrder) -> tuple[int, bool]:
    """Find the cut between i and j with the fewest steps back; and whether it is the only one that reads so."""
    steps, readings = {}, {}
    for cut in range(i + 1, j + 1):
        days = tuple(_day(own[k][1], before if k < cut else after) for k in range(i, j + 1))
        steps[cut], readings[cut] = _back(days), days
    best = min(steps.values())
    winners = [cut for cut in steps if steps[cut] == best]
    return winners[0], len({readings[cut] for cut in winners}) == 1


def _day(written: Written, order: DateOrder | None) -> date | None:
    try:
        return written.read(order) if order else None
    except RecordError:
        return None


def _back(days: Sequence[date | None]) -> int:
    known = [day for day in days if day is not None]
    return sum(b < a for a, b in pairwise(known))


def _witnessed(possible: list[DateOrder], witnesses: Sequence[Witness]) -> Ruling | None:
    """Let media file names speak: those that repeat the date, then those that say by when the message had been sent."""
    for witness in witnesses:
        fitting = [order for order in possible if _day(witness.written, order) == witness.named]
        if len(fitting) == 1:
            return Ruling((fitting[0],), f"line {witness.line}: the file name {witness.file} repeats the date")
    bounds = [w for w in witnesses if not w.exact]
    late = {order: next((w for w in bounds if _is_late(w, order)), None) for order in possible}
    fitting = [order for order in possible if late[order] is None]
    if len(fitting) != 1:
        return None
    against = next(w for w in late.values() if w)
    return Ruling((fitting[0],), f"line {against.line}: read otherwise, the message is later than its file {against.file}")


def _is_late(witness: Witness, order: DateOrder) -> bool:
    day = _day(witness.written, order)
    return day is None or (day - witness.named).days > 1


def _inferred(own: Sequence[Dated], dates: Sequence[Dated], rulings: Rulings, given: DateOrder | None) -> Ruling:
    possible = _possible(own, given)
    if given in possible:
        return Ruling((given,), "given")
    if all(_day(d, order) == _day(d, possible[0]) for _, d in own for order in possible):
        return Ruling((possible[0],), "day and month are the same number in every date")
    steps = {order: _back([_day(d, _order(rulings, d, line, own, order)) for line, d in dates]) for order in possible}
    fewest = min(steps.values())
    winners = [order for order in possible if steps[order] == fewest]
    if len(winners) == 1:
        other = min(count for order, count in steps.items() if order != winners[0])
        return Ruling((winners[0],), f"inferred: read so, the dates go back in time {fewest} times, otherwise {other} times")
    return _by_changes(own, winners) or _by_dots(own, winners) or Ruling((None,), OPEN)


def _order(rulings: Rulings, written: Written, line: int, own: Sequence[Dated], order: DateOrder) -> DateOrder | None:
    if written.key == own[0][1].key:
        return order
    return rulings[written.key].at(line) if written.key in rulings else None


def _by_changes(own: Sequence[Dated], possible: Sequence[DateOrder]) -> Ruling | None:
    if "YMD" in possible:
        return None
    first, second = _changes(own, 0), _changes(own, 1)
    if abs(first - second) < CLEAR_LEAD:
        return None
    day, times = ("first", (first, second)) if first > second else ("second", (second, first))
    order: DateOrder = "DMY" if first > second else "MDY"
    return Ruling((order,), f"inferred: the {day} number changes more often ({times[0]} times against {times[1]})")


def _by_dots(own: Sequence[Dated], possible: Sequence[DateOrder]) -> Ruling | None:
    if "DMY" not in possible or not all("." in d.text for _, d in own):
        return None
    return Ruling(("DMY",), "inferred: dates with dots put the day first")
