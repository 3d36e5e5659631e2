"""The patterns of calls, channels, boundaries, new handles and harm statements: each threshold by number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from cases import ZONE, at, case

from detector.finding import Finding, Pattern
from detector.markers import Marker
from detector.pairs import Events
from detector.patterns import (
    call_then_message,
    contact_after_block,
    contact_after_stop,
    harm_statement,
    many_channels,
    missed_calls,
    new_handle,
    no_caller_id,
    short_calls,
)

ALL = (
    missed_calls, no_caller_id, short_calls, call_then_message, many_channels,
    contact_after_stop, contact_after_block, new_handle, harm_statement,
)  # fmt: skip
OTHER = {"in": "out", "out": "in"}
HOUR, DAY = 60, 24 * 60
WITHHELD = {"withheld": "withheld"}
both_ways = pytest.mark.parametrize("way", ["in", "out"])


@dataclass(frozen=True)
class Link:
    """What a suggested link of two contacts holds."""

    a: str
    b: str
    kind: str = "self-named"
    reason: str = "says so"
    evidence: tuple[str, ...] = ()


def run(pattern: Pattern[Any], events: Events) -> list[Finding]:
    return list(pattern.find(events, pattern.settings))


def marker(day: float, clock: str = "12:00", kind: Any = "stop", status: Any = "entered", way: str = "in", **more: Any) -> Marker:
    """A boundary for what is done in this direction, at this time on the clock of the zone."""
    values: dict[str, Any] = {"contact": "A", "basis": "markers file", "direction": OTHER[way]} | more
    return Marker(kind, at(day, clock).replace(tzinfo=ZoneInfo(ZONE)), status=status, **values)


def withheld(minutes: list[float], **more: Any) -> list[tuple[Any, ...]]:
    return [(n, "in", "call", "withheld", {"handle": "withheld", **more}) for n in minutes]


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.PATTERN.name)
def test_nothing_in_nothing_out(module: Any) -> None:
    """No events, no findings, with markers and links or without."""
    assert run(module.PATTERN, case([])) == []
    assert run(module.PATTERN, case([], markers=[marker(0), marker(0, kind="block")], links=[Link("A", "B")])) == []


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.PATTERN.name)
def test_ordinary_contact_is_not_found(module: Any) -> None:
    """A few messages and calls both ways meet no rule."""
    rows = [
        (n * HOUR, "in" if n % 2 else "out", "message", "A", {"text": "See you at the usual place tonight"}) for n in range(40)
    ]
    rows += [(n * DAY, "in", "call", "A", {"seconds": 300.0, "outcome": "answered"}) for n in range(5)]
    assert run(module.PATTERN, case(rows)) == []


# missed_calls


@both_ways
@pytest.mark.parametrize(("calls", "last", "found"), [(4, 40, 0), (5, 60, 1), (5, 61, 0)])
def test_missed_calls_in_an_hour(way: str, calls: int, last: int, found: int) -> None:
    """5 calls in 60 minutes, no fewer and no later."""
    times = [*range(calls - 1), last]
    findings = run(missed_calls.PATTERN, case([(n, way, "call", "A") for n in times]))
    assert [(f.direction, f.count) for f in findings] == [(way, calls)] * found


@pytest.mark.parametrize(("calls", "last", "found"), [(14, 24 * HOUR, 0), (15, 24 * HOUR, 1), (15, 24 * HOUR + 1, 0)])
def test_missed_calls_in_a_day(calls: int, last: int, found: int) -> None:
    """15 calls in 24 hours, too thin for the hour."""
    times = [n * 100 for n in range(calls - 1)] + [last]
    assert len(run(missed_calls.PATTERN, case([(n, "in", "call", "A") for n in times]))) == found


def test_missed_calls_count_attempts_and_nothing_else() -> None:
    """Missed, rejected and blocked calls count; answered, voicemail and calls taken elsewhere do not."""
    counted = ["missed", "rejected", "blocked", "missed", "unanswered"]
    other = ["answered", "voicemail", "answered elsewhere", "other"]
    rows = [(n, "in", "call", "A", {"outcome": outcome}) for n, outcome in enumerate(counted + other)]
    (finding,) = run(missed_calls.PATTERN, case(rows))
    assert finding.measured["outcomes"] == {"blocked": 1, "missed": 2, "rejected": 1, "unanswered": 1}
    assert run(missed_calls.PATTERN, case(rows[1:])) == []


def test_missed_calls_of_both_windows_are_one_finding() -> None:
    """A dense hour within a long day is one stretch, with the median gap between calls."""
    times = [n * 90 for n in range(11)] + [900 + n for n in range(1, 6)]
    (finding,) = run(missed_calls.PATTERN, case([(n, "in", "call", "A") for n in times]))
    assert finding.count == 16
    assert finding.measured["most_in_minutes"] == 6
    assert finding.measured["median_redial_seconds"] == 90 * 60


def test_missed_calls_of_one_side_only() -> None:
    """Calls of the two sides are not added up, and automated senders and withheld callers are left out."""
    rows = [(n, "in" if n < 4 else "out", "call", "A") for n in range(8)]
    assert run(missed_calls.PATTERN, case(rows)) == []
    robots = [(n, "in", "call", "B") for n in range(9)]
    assert run(missed_calls.PATTERN, case(robots + withheld([*range(9)]), set_aside={"B": "automated", **WITHHELD})) == []


# no_caller_id


@pytest.mark.parametrize(
    ("minutes", "found"),
    [
        ([0, DAY, 2 * DAY, 3 * DAY, 7 * DAY], 1), ([0, DAY, 2 * DAY, 3 * DAY, 7 * DAY + 1], 0), ([0, DAY, 2 * DAY, 7 * DAY], 0),
        ([0, 1, 60], 1), ([0, 1, 61], 0), ([0, 60], 0),
    ],
)  # fmt: skip
def test_withheld_calls(minutes: list[float], found: int) -> None:
    """5 in 7 days or 3 in 60 minutes; answered or not."""
    findings = run(no_caller_id.PATTERN, case(withheld(minutes), set_aside=WITHHELD))
    assert [(f.contact, f.count, f.strength) for f in findings] == [("withheld", len(minutes), "Pattern")] * found
    assert len(run(no_caller_id.PATTERN, case(withheld(minutes, outcome="answered", seconds=30.0), set_aside=WITHHELD))) == found


def test_a_known_caller_is_not_withheld() -> None:
    """Calls from a number that was shown are none of this pattern's."""
    assert run(no_caller_id.PATTERN, case([(n, "in", "call", "A") for n in range(20)], set_aside=WITHHELD)) == []


@pytest.mark.parametrize(("days", "minutes", "found"), [(3, 10, 1), (3, -10, 1), (3, 11, 0), (3, -11, 0), (2, 5, 0)])
def test_withheld_calls_near_a_known_contact(days: int, minutes: int, found: int) -> None:
    """Within 10 minutes on 3 days: an association in time, for reading only."""
    calls = withheld([n * 7 * DAY for n in range(days)])
    acts = [(n * 7 * DAY + minutes, "in", "message", "A") for n in range(days)]
    findings = run(no_caller_id.PATTERN, case(calls + acts, set_aside=WITHHELD))
    assert [(f.contact, f.strength, f.measured["near"]) for f in findings] == [("withheld", "Possible", "A")] * found
    assert all("association in time only" in f.summary for f in findings)


def test_a_withheld_call_away_from_the_contact_weakens_the_association() -> None:
    """Calls that were not near stand in the counter-evidence; the share of time near is measured."""
    acts = [(n * 7 * DAY + 5, "in", "message", "A") for n in range(3)]
    events = case([*withheld([0, 7 * DAY, 14 * DAY, 17 * DAY]), *acts], set_aside=WITHHELD)
    (finding,) = run(no_caller_id.PATTERN, events)
    assert finding.counter_evidence == ("3",)
    assert finding.measured["near_calls"] == 3
    assert finding.measured["share_of_time_near"] == pytest.approx(60 / (17 * DAY + 20), abs=5e-5)


# short_calls


@both_ways
@pytest.mark.parametrize(
    ("seconds", "calls", "last", "found"),
    [(10, 5, 7 * DAY, 1), (10.5, 5, 5, 0), (0, 5, 5, 0), (1, 4, 4, 0), (9, 5, 7 * DAY + 1, 0)],
)
def test_short_calls(way: str, seconds: float, calls: int, last: int, found: int) -> None:
    """5 answered calls of 1 to 10 seconds in 7 days."""
    rows = [(n, way, "call", "A", {"outcome": "answered", "seconds": float(seconds)}) for n in [*range(calls - 1), last]]
    findings = run(short_calls.PATTERN, case(rows))
    assert [(f.direction, f.count) for f in findings] == [(way, calls)] * found
    assert all("silent" not in f.summary + f.title for f in findings)


def test_short_calls_from_withheld_numbers_are_nobody() -> None:
    """The bucket is looked at, and called no person."""
    (finding,) = run(short_calls.PATTERN, case(withheld([*range(5)], outcome="answered", seconds=4.0), set_aside=WITHHELD))
    assert "not identified" in finding.summary


def test_short_calls_must_be_answered_and_not_automated() -> None:
    """A missed call with a length is none, and a set-aside caller is left out."""
    missed = [(n, "in", "call", "A", {"outcome": "missed", "seconds": 5.0}) for n in range(9)]
    robot = [(n, "in", "call", "B", {"outcome": "answered", "seconds": 5.0}) for n in range(9)]
    assert run(short_calls.PATTERN, case(missed + robot, set_aside={"B": "automated"})) == []


# call_then_message


def calls_and_messages(times: list[float], gap: float, way: str = "in", channel: str = "sms") -> list[tuple[Any, ...]]:
    calls = [(n, way, "call", "A") for n in times]
    return calls + [(n + gap, way, "message", "A", {"channel": channel}) for n in times]


@both_ways
@pytest.mark.parametrize(
    ("times", "gap", "found"),
    [([0, DAY, 14 * DAY], 5, 1), ([0, DAY, 14 * DAY], 5.1, 0), ([0, DAY, 14 * DAY + 1], 5, 0), ([0, DAY], 1, 0)],
)
def test_call_then_message(way: str, times: list[float], gap: float, found: int) -> None:
    """3 times in 14 days, each within 5 minutes."""
    findings = run(call_then_message.PATTERN, case(calls_and_messages(times, gap, way)))
    assert [(f.direction, f.measured["times"], f.count) for f in findings] == [(way, 3, 6)] * found


def test_call_then_message_needs_another_channel() -> None:
    """A message by the app that carried the call is the same channel; a blocked or answered call is no start."""
    rows = [(n * DAY, "in", "call", "A", {"channel": "whatsapp"}) for n in range(4)]
    rows += [(n * DAY + 1, "in", "message", "A", {"channel": "whatsapp"}) for n in range(4)]
    assert run(call_then_message.PATTERN, case(rows)) == []
    for outcome in ("blocked", "answered"):
        rows = [(*row[:4], {"outcome": outcome}) if row[2] == "call" else row for row in calls_and_messages([0, DAY, 2 * DAY], 1)]
        assert run(call_then_message.PATTERN, case(rows)) == []


def test_a_call_and_what_follows_count_once() -> None:
    """Five calls and one message, one call and five messages, a chain over three channels: one time each."""
    many_calls = [(n / 10, "in", "call", "A") for n in range(5)] + [(1, "in", "message", "A")]
    many_messages = [(DAY, "in", "call", "A")] + [(DAY + n / 10, "in", "message", "A") for n in range(1, 6)]
    chain = [
        (2 * DAY, "in", "call", "A"),
        (2 * DAY + 1, "in", "call", "A", {"channel": "whatsapp"}),
        (2 * DAY + 2, "in", "message", "A"),
    ]
    assert run(call_then_message.PATTERN, case(many_calls + many_messages)) == []
    (finding,) = run(call_then_message.PATTERN, case(many_calls + many_messages + chain))
    assert finding.measured["times"] == 3
    assert finding.measured["pairs"] == [["4", "5"], ["6", "7"], ["12", "13"]]


# many_channels


def by_channels(*rows: tuple[float, str], way: str = "in") -> list[tuple[Any, ...]]:
    return [(when, way, "message", "A", {"channel": channel}) for when, channel in rows]


@both_ways
@pytest.mark.parametrize(("last", "found"), [(24 * HOUR, 1), (24 * HOUR + 1, 0)])
def test_three_channels_in_a_day(way: str, last: int, found: int) -> None:
    """3 channels within 24 hours."""
    findings = run(many_channels.PATTERN, case(by_channels((0, "sms"), (5, "whatsapp"), (last, "instagram"), way=way)))
    assert [(f.direction, f.measured["channels"]) for f in findings] == [(way, 3)] * found


def test_ways_of_texting_are_one_channel() -> None:
    """SMS, MMS, RCS and iMessage, and the calls and messages of one app, add no channel."""
    rows = by_channels((0, "sms"), (1, "mms"), (2, "rcs"), (3, "imessage"), (4, "whatsapp"))
    assert run(many_channels.PATTERN, case([*rows, (5, "in", "call", "A", {"channel": "whatsapp"})])) == []
    (finding,) = run(many_channels.PATTERN, case([*rows, (-1, "in", "call", "A")]))
    assert finding.measured["contacts_by_channel"] == {"phone": 1, "text messages": 4, "whatsapp": 1}


def test_stretches_of_channels_join_and_part() -> None:
    """Days that overlap are one finding, days apart are two, and contact outside them is no proof."""
    day = [(0, "sms"), (5, "whatsapp"), (10, "instagram")]
    later = [(when + 10 * DAY, channel) for when, channel in day]
    findings = run(many_channels.PATTERN, case(by_channels((-3 * DAY, "sms"), *day, (HOUR, "sms"), *later)))
    assert [f.evidence for f in findings] == [("1", "2", "3", "4"), ("5", "6", "7")]


@both_ways
@pytest.mark.parametrize("kind", ["stop", "block", "order", "report"])
@pytest.mark.parametrize(("minutes", "found"), [(7 * DAY, 1), (7 * DAY + 1, 0), (0, 0)])
def test_a_first_channel_after_a_boundary(way: str, kind: str, minutes: int, found: int) -> None:
    """A channel that neither side had used, later than the boundary and within 7 days of it."""
    rows = by_channels((-DAY, "sms"), (minutes, "whatsapp"), way=way)
    findings = run(many_channels.PATTERN, case(rows, markers=[marker(0, kind=kind, way=way)]))
    assert [(f.direction, f.strength, f.measured["channel"], f.evidence) for f in findings] == [
        (way, "Pattern", "whatsapp", ("1",))
    ] * found


def test_a_channel_is_not_new_if_either_side_used_it() -> None:
    """The owner had written by the app, or the contact had never been in touch before the boundary."""
    used = by_channels((-DAY, "sms"), (5, "whatsapp")) + by_channels((-5, "whatsapp"), way="out")
    stranger = by_channels((1, "sms"), (5, "whatsapp"))
    assert run(many_channels.PATTERN, case(used, markers=[marker(0)])) == []
    assert run(many_channels.PATTERN, case(stranger, markers=[marker(0)])) == []


@pytest.mark.parametrize("boundary", [marker(0, status="suggested"), marker(0, contact=None)])
def test_a_first_channel_after_an_unsettled_boundary_is_possible(boundary: Marker) -> None:
    """Nobody confirmed it, or it names nobody."""
    (finding,) = run(many_channels.PATTERN, case(by_channels((-DAY, "sms"), (5, "whatsapp")), markers=[boundary]))
    assert finding.strength == "Possible"
    assert (
        run(
            many_channels.PATTERN,
            case(by_channels((-DAY, "sms"), (5, "whatsapp")), markers=[replace(boundary, status="rejected")]),
        )
        == []
    )


# contact_after_stop


def messages(*days: float, way: str = "in", contact: str = "A") -> list[tuple[Any, ...]]:
    return [(at(day), way, "message", contact) for day in days]


@both_ways
@pytest.mark.parametrize(("days", "strength"), [((1,), "Recorded"), ((1, 1.2), "Recorded"), ((1, 2), "Pattern")])
def test_contact_after_a_settled_stop(way: str, days: tuple[float, ...], strength: str) -> None:
    """Listed from the first contact; two different days meet the rule."""
    for status in ("entered", "confirmed"):
        (finding,) = run(
            contact_after_stop.PATTERN, case(messages(-1, *days, way=way), markers=[marker(0, status=status, way=way)])
        )
        assert (finding.direction, finding.strength, finding.count) == (way, strength, len(days))


def test_contact_before_and_at_the_stop_is_none_after_it() -> None:
    """The very minute may have crossed the request."""
    assert run(contact_after_stop.PATTERN, case(messages(-1, 0), markers=[marker(0)])) == []
    assert len(run(contact_after_stop.PATTERN, case(messages(0), markers=[marker(0, "11:59")]))) == 1


def test_a_suggested_stop_is_possible_and_says_so() -> None:
    """However many days: a person must confirm the request first."""
    suggested = marker(0, status="suggested", basis="a cue in a message")
    (finding,) = run(contact_after_stop.PATTERN, case(messages(1, 2, 3), markers=[suggested]))
    assert finding.strength == "Possible"
    assert "suggested by a cue in a message, not confirmed" in finding.summary
    assert run(contact_after_stop.PATTERN, case(messages(1, 2, 3), markers=[replace(suggested, status="rejected")])) == []


def test_no_contact_is_counted_twice() -> None:
    """What came before the settled request stands under the suggested one, the rest under the settled one."""
    stops = [marker(0, status="suggested"), marker(2.5), marker(4.5, status="suggested")]
    possible, settled = sorted(
        run(contact_after_stop.PATTERN, case(messages(1, 2, 3, 4, 5), markers=stops)), key=lambda f: f.start
    )
    assert (possible.strength, possible.evidence) == ("Possible", ("0", "1"))
    assert (settled.strength, settled.evidence) == ("Pattern", ("2", "3", "4"))


def test_own_later_contact_stands_beside_it() -> None:
    """Every later contact by the one who asked, also answered calls and long after, and a later request shows as such."""
    rows = [*messages(1), *messages(-1, 3, 400, way="out"), (at(4), "in", "call", "A", {"outcome": "answered", "seconds": 60.0})]
    rows += messages(12)
    (finding,) = run(contact_after_stop.PATTERN, case(rows, markers=[marker(0), marker(10)]))
    assert finding.evidence == ("0", "4", "5")
    assert finding.counter_evidence == ("2", "4", "3")
    assert finding.measured["own_later_contacts"] == 3
    counts = [(r["contacts_until_next"], r["own_contacts_until_next"]) for r in finding.measured["requests"]]
    assert counts == [(2, 2), (1, 1)]
    assert "of 2 requests the latest is 11 January 2024, 12:00; entered, with 1 contact after it" in finding.summary


def test_the_stop_of_the_contact_binds_the_owner() -> None:
    """A request by the contact says nothing about the contact's own messages."""
    stop = marker(0, way="out")
    assert stop.direction == "in"
    (finding,) = run(contact_after_stop.PATTERN, case(messages(1, 2) + messages(1, 2, way="out"), markers=[stop]))
    assert (finding.direction, finding.evidence, finding.counter_evidence) == ("out", ("2", "3"), ("0", "1"))


def test_partial_and_withdrawn_requests() -> None:
    """A partial one says so; a withdrawn one holds until then."""
    (finding,) = run(contact_after_stop.PATTERN, case(messages(1), markers=[marker(0, partial=True)]))
    assert finding.measured["requests"][0]["partial"] is True
    assert "has not been judged" in finding.summary
    withdrawn = replace(marker(0), end=marker(2).at)
    (finding,) = run(contact_after_stop.PATTERN, case(messages(1, 2, 3), markers=[withdrawn]))
    assert finding.evidence == ("0", "1")


def test_a_stop_for_another_contact_or_for_nobody() -> None:
    """One for another contact is none; one that names nobody is offered for reading and leaves automated senders out."""
    assert run(contact_after_stop.PATTERN, case(messages(1, 2), markers=[marker(0, contact="B")])) == []
    rows = messages(1, 2) + messages(1, 2, contact="B") + [(at(n), *row[1:]) for n, row in enumerate(withheld([0] * 3))]
    findings = run(
        contact_after_stop.PATTERN, case(rows, markers=[marker(0, contact=None)], set_aside={"B": "automated", **WITHHELD})
    )
    assert [(f.contact, f.strength) for f in findings] == [("A", "Possible")]
    assert "names no contact" in findings[0].summary


def test_a_person_may_name_a_contact_that_was_set_aside() -> None:
    """An entered request outweighs our sorting, but never makes a person of withheld callers."""
    rows = messages(1, 2, contact="B") + [(at(n), *row[1:]) for n, row in enumerate(withheld([0] * 3))]
    aside = {"B": "automated", **WITHHELD}
    (finding,) = run(
        contact_after_stop.PATTERN, case(rows, markers=[marker(0, contact="B"), marker(0, contact="withheld")], set_aside=aside)
    )
    assert finding.contact == "B"


# contact_after_block


@both_ways
@pytest.mark.parametrize(("days", "strength"), [((1,), "Recorded"), ((1, 2), "Pattern")])
def test_contact_after_an_entered_block(way: str, days: tuple[float, ...], strength: str) -> None:
    """Listed from the first; two different days meet the rule; own later contact stands beside it."""
    rows = messages(-1, *days, way=way) + messages(5, way=OTHER[way])
    (finding,) = run(contact_after_block.PATTERN, case(rows, markers=[marker(0, kind="block", way=way)]))
    assert (finding.direction, finding.strength, finding.count) == (way, strength, len(days))
    assert finding.counter_evidence == (str(len(days) + 1),)


def test_what_the_phone_refused_proves_the_block() -> None:
    """A blocked call and a message in the blocked folder need no marker."""
    rows = [
        (at(0), "in", "call", "A", {"outcome": "blocked"}),
        (at(1), "in", "message", "A", {"folder": "blocked"}),
        *messages(2),
    ]
    (finding,) = run(contact_after_block.PATTERN, case(rows))
    assert (finding.strength, finding.evidence, finding.measured["refused"]) == ("Pattern", ("0", "1"), 2)
    (finding,) = run(contact_after_block.PATTERN, case(rows[:1]))
    assert finding.strength == "Recorded"
    outgoing = [(at(0), "out", "call", "A", {"outcome": "blocked"})]
    assert run(contact_after_block.PATTERN, case(outgoing)) == []


def test_a_block_from_a_record_is_possible_and_names_its_basis() -> None:
    """Refused contact is counted once, in the finding that needs no confirmation."""
    block = marker(0, kind="block", status="suggested", basis="a notice of WhatsApp")
    rows = [*messages(1, 2), (at(3), "in", "call", "A", {"outcome": "blocked"})]
    settled, possible = sorted(
        run(contact_after_block.PATTERN, case(rows, markers=[block])), key=lambda f: f.strength, reverse=True
    )
    assert (settled.strength, settled.evidence) == ("Recorded", ("2",))
    assert (possible.strength, possible.evidence) == ("Possible", ("0", "1"))
    assert "suggested by a notice of WhatsApp" in possible.summary


@pytest.mark.parametrize("status", ["entered", "suggested"])
def test_an_unblock_ends_the_block(status: str) -> None:
    """By its own end or by a record of lifting it, also one that nobody confirmed."""
    block = marker(0, kind="block")
    (finding,) = run(
        contact_after_block.PATTERN, case(messages(1, 2, 3), markers=[block, marker(1.5, kind="unblock", status=status)])
    )
    assert finding.evidence == ("0", "1")[: finding.count] == ("0",)
    (finding,) = run(contact_after_block.PATTERN, case(messages(1, 2, 3), markers=[replace(block, end=marker(2).at)]))
    assert finding.evidence == ("0", "1")
    again = [block, marker(1.5, kind="unblock"), marker(2.5, kind="block")]
    (finding,) = run(contact_after_block.PATTERN, case(messages(1, 2, 3), markers=again))
    assert finding.evidence == ("0", "2")


# new_handle

NOTE = "You cannot just pretend that none of this ever happened"


def run_of(contacts: int, *, contact: str = "A", text: str | None = None) -> list[tuple[Any, ...]]:
    """Return unanswered contacts, the last of them at minute 0."""
    return [(n - contacts + 1, "in", "message", contact, {"text": text}) for n in range(contacts)]


@pytest.mark.parametrize(("contacts", "hours", "found"), [(8, 72, 1), (7, 72, 0), (8, 72.1, 0)])
def test_new_handle_after_a_run(contacts: int, hours: float, found: int) -> None:
    """A run of 8 and no more than 72 hours after it, with a cue."""
    rows = [*run_of(contacts), (hours * HOUR, "in", "message", "B")]
    findings = run(new_handle.PATTERN, case(rows, links=[Link("B", "A", evidence=("0",))]))
    assert [(f.contact, f.strength, f.count) for f in findings] == [("A", "Possible", 1)] * found
    assert all("Identity not established" in f.summary and "B" in f.summary for f in findings)
    assert run(new_handle.PATTERN, case(rows)) == []


@pytest.mark.parametrize("kind", ["stop", "block"])
@pytest.mark.parametrize(("minutes", "found"), [(72 * HOUR, 1), (72 * HOUR + 1, 0), (0, 0)])
def test_new_handle_after_a_marker(kind: str, minutes: int, found: int) -> None:
    """Later than the stop or block, within 72 hours of it."""
    rows = [*messages(-1), (minutes, "in", "message", "B")]
    events = case(rows, markers=[marker(0, kind=kind)], links=[Link("A", "B")])
    assert len(run(new_handle.PATTERN, events)) == found


def test_a_handle_seen_before_or_written_to_first_is_not_new() -> None:
    """It was in the records, or the owner wrote first."""
    for first in [(-9 * DAY, "in", "message", "B"), (30, "out", "message", "B")]:
        events = case([*run_of(8), first, (60, "in", "message", "B")], links=[Link("A", "B")])
        assert run(new_handle.PATTERN, events) == []


def test_two_new_handles_in_28_days_meet_the_rule() -> None:
    """After settled boundaries or runs; after suggested ones they stay possible."""
    rows = [*messages(-1), (1, "in", "message", "B"), (28 * DAY + 1, "in", "message", "C")]
    links = [Link("A", "B"), Link("C", "A")]
    (finding,) = run(new_handle.PATTERN, case(rows, markers=[marker(0), marker(27)], links=links))
    assert (finding.strength, finding.count, finding.measured["new_handles"]) == ("Pattern", 2, 2)
    suggested = [marker(0, status="suggested"), marker(27, status="suggested")]
    findings = run(new_handle.PATTERN, case(rows, markers=suggested, links=links))
    assert [f.strength for f in findings] == ["Possible", "Possible"]
    assert all("suggested, not confirmed" in f.summary for f in findings)
    late = [*rows[:2], (28 * DAY + 2, "in", "message", "C")]
    findings = run(new_handle.PATTERN, case(late, markers=[marker(0), marker(27)], links=links))
    assert [f.strength for f in findings] == ["Possible", "Possible"]


@pytest.mark.parametrize(
    ("text", "found"),
    [(NOTE.upper() + " ", 1), (NOTE + "!", 1), ("Your parcel will be with you between two and four", 0), (None, 0)],
)
def test_nearly_the_same_text_is_a_cue(text: str | None, found: int) -> None:
    """At .85 of the groups of three characters; both records stand in the evidence."""
    findings = run(new_handle.PATTERN, case([*run_of(8, text=NOTE), (60, "in", "message", "B", {"text": text})]))
    assert [f.measured["handles"][0]["cues"][0]["cue"] for f in findings] == ["near-duplicate text"] * found
    assert all({"0", "8"} <= set(f.evidence) for f in findings)


def test_short_texts_are_no_cue() -> None:
    """A greeting is alike by chance: 19 characters no, 20 yes."""
    for characters, found in ((19, 0), (20, 1)):
        text = "Hi there, how are you doing"[:characters]
        assert len(run(new_handle.PATTERN, case([*run_of(8, text=text), (60, "in", "message", "B", {"text": text})]))) == found


def test_withheld_callers_are_no_new_handle() -> None:
    """The bucket is nobody's new handle, and couriers are left out."""
    rows = [*run_of(8), *withheld([60]), (61, "in", "message", "B")]
    links = [Link("A", "withheld"), Link("A", "B")]
    assert run(new_handle.PATTERN, case(rows, links=links, set_aside={"B": "automated", **WITHHELD})) == []


# harm_statement


@both_ways
def test_one_mention_of_harm_is_enough(way: str) -> None:
    """One message, offered for reading; the other side's strong language within a day stands beside it."""
    other = [
        (minutes, OTHER[way], "message", "A", {"labels": [label]})
        for minutes, label in [(-24 * HOUR, "insult"), (24 * HOUR, "harm"), (24 * HOUR + 1, "insult"), (5, "demand")]
    ]
    findings = run(
        harm_statement.PATTERN, case([(0, way, "message", "A", {"labels": ["harm", "insult"]}), *other[:1], *other[2:]])
    )
    (finding,) = findings
    assert (finding.direction, finding.strength, finding.evidence) == (way, "Possible", ("0",))
    assert finding.counter_evidence == ("1",)
    two = run(harm_statement.PATTERN, case([(0, way, "message", "A", {"labels": ["harm"]}), *other]))
    assert sorted(f.direction for f in two) == ["in", "out"]


def test_a_harm_cue_that_was_set_aside_is_counter_evidence() -> None:
    """A joke alone is no finding; beside a mention it is shown."""
    rows = [(n, "in", "message", "A", {"labels": ["harm"]}) for n in range(3)]
    events = case(rows)
    assert events.hits is not None
    jokes = events.hits.assign(suppressed=pd.Series(["joke", None, None], dtype=object))
    (finding,) = run(harm_statement.PATTERN, replace(events, hits=jokes))
    assert (finding.evidence, finding.counter_evidence) == (("1", "2"), ("0",))
    assert finding.measured["messages_by_cue"] == {"test": 2}
    assert finding.measured["only_set_aside"] == 1
    all_jokes = events.hits.assign(suppressed="joke")
    assert run(harm_statement.PATTERN, replace(events, hits=all_jokes)) == []


def test_harm_is_looked_for_everywhere_it_reached_somebody() -> None:
    """Groups, automated senders and withheld callers too; drafts not."""
    harm = {"labels": ["harm"]}
    rows = [
        (0, "in", "message", "Club", {"group": True, "handle": "Sam", **harm}), (1, "in", "message", "Shop", harm),
        (2, "in", "voicemail", "withheld", {"handle": "withheld", **harm}), (3, "out", "message", "A", {"status": "draft", **harm}),
    ]  # fmt: skip
    findings = run(harm_statement.PATTERN, case(rows, set_aside={"Club": "group", "Shop": "automated", **WITHHELD}))
    assert sorted(f.contact for f in findings) == ["Club", "Shop", "withheld"]
    by = {f.contact: f for f in findings}
    assert by["Club"].measured["writers"] == {"Sam": 1}
    assert "by others in the group Club" in by["Club"].summary
    assert "not identified" in by["withheld"].summary
    assert all("threat" not in f.summary + f.title for f in findings)
