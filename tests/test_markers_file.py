"""Markers: what the records suggest, what a person enters, and what is said when an entry cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rows import START, event, table

from detector.errors import UsageError
from detector.identity import Identity, resolve
from detector.language.score import score
from detector.markers import Marker, settle, suggest
from detector.markers_file import read_markers, same_and_different

LONDON = ZoneInfo("Europe/London")
BOOK = {"name_source": "address book"}


@pytest.fixture(scope="module")
def identity() -> Identity:
    return resolve(
        table(
            [
                event(0, "+447700900101", name="Dan", **BOOK),
                event(1, "+447700900102", name="Sam", **BOOK),
                event(2, "+447700900103", name="Sam", **BOOK),
            ]
        ),
        different=[["+447700900102", "+447700900103"]],
    )


def entered(text: str, identity: Identity, suggested: tuple[Marker, ...] = ()) -> list[Marker]:
    return read_markers(text, LONDON, identity, "GB", suggested)


@pytest.mark.parametrize(("written", "read_as"), [
    ("2024-07-03T20:15:00", datetime(2024, 7, 3, 19, 15, tzinfo=UTC)),
    ("2024-07-03T20:15:00Z", datetime(2024, 7, 3, 20, 15, tzinfo=UTC)),
    ("2024-07-03", datetime(2024, 7, 2, 23, 0, tzinfo=UTC)),
])  # fmt: skip
def test_times(identity: Identity, written: str, read_as: datetime) -> None:
    """In the zone of the case if they have none; a date is the first moment of its day."""
    (marker,) = entered(f'[[marker]]\nkind = "report"\nat = {written}\n', identity)

    assert (marker.at, marker.contact, marker.status) == (read_as, None, "entered")


@pytest.mark.parametrize("written", ["+447700900101", "07700 900101", "Dan", "dan"])
def test_a_contact_is_found_by_number_or_name(identity: Identity, written: str) -> None:
    """In any writing."""
    (marker,) = entered(f'[[marker]]\nkind = "stop"\nat = 2024-01-01\ncontact = "{written}"\n', identity)

    assert marker.contact == "+447700900101"


def test_an_order_has_a_last_day(identity: Identity) -> None:
    """To the end of it."""
    (marker,) = entered('[[marker]]\nkind = "order"\nfrom = 2024-01-01\nto = 2024-01-31\ncontact = "Dan"\n', identity)

    assert marker.end == datetime(2024, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(("text", "said"), [
    ('kind = "stopp"\nat = 2024-01-01', 'kind "stopp" is not known. Did you mean stop?'),
    ("at = 2024-01-01", "kind is missing"),
    ('kind = "stop"', "needs either at or from"),
    ('kind = "stop"\nat = "yesterday"', "'yesterday' is no date"),
    ('kind = "order"\nfrom = 2024-02-01\nto = 2024-01-01', "before it begins"),
    ('kind = "stop"\nat = 2024-01-01\ncontact = "Sam"', '"Sam" may be +447700900102, +447700900103'),
    ('kind = "stop"\nat = 2024-01-01\ncontact = "+447700900199"', "there is no contact"),
    ('kind = "stop"\nat = 2024-01-01\nstatus = "maybe"', 'status "maybe" is not known'),
    ('kind = "stop"\nat = 2024-01-01\nwho = "Dan"', 'key "who" is not known'),
    ('evidence = "0123456789ab:sms[9]"', "no suggested marker rests on"),
])  # fmt: skip
def test_what_cannot_be_used_is_said(identity: Identity, text: str, said: str) -> None:
    """With the number of the entry, the value and what may stand there."""
    with pytest.raises(UsageError) as error:
        entered(f"[[marker]]\n{text}\n", identity)

    assert said in str(error.value)
    assert "marker 1" in str(error.value)


@pytest.mark.parametrize("text", ["marker = 1", "[[markr]]\n", "[[same_person]]\nhandles = ['x']\n", "[[marker"])
def test_the_shape_of_the_file(text: str) -> None:
    """A wrong table, too short a list, no TOML: one error each."""
    with pytest.raises(UsageError, match="markers file"):
        same_and_different(text)


def suggestions() -> tuple[Marker, ...]:
    rows = table([
        event(0, "+447700900101", "out", "please stop contacting me"), event(1, "+447700900101", "in", "leave me alone"),
        event(2, "+447700900101", "out", "leave me alone", status="draft"), event(3, "+447700900102", "out", "leave me alone", group=True, thread="g", channel="whatsapp"),
        event(4, "+447700900101", "out", None, kind="notice", status="blocked", channel="whatsapp", note="You blocked this contact"),
        event(5, "+447700900101", "out", "dont stop, that was lovely"),
    ])  # fmt: skip
    rows["contact"] = resolve(rows).contact
    rows["duplicate_of"] = None
    return tuple(suggest(rows, score(rows["text"])))


def test_what_the_records_suggest() -> None:
    """Stop requests of both sides and a block; no draft, no group, no joke."""
    assert [(m.kind, m.direction, m.at - START) for m in suggestions()] == [
        ("stop", "out", timedelta(0)), ("stop", "in", timedelta(minutes=1)), ("block", "out", timedelta(minutes=4)),
    ]  # fmt: skip
    assert {m.status for m in suggestions()} == {"suggested"}


def test_a_person_confirms_and_rejects(identity: Identity) -> None:
    """By the event that the suggestion rests on, or by the same time; the others stay suggested."""
    found = suggestions()
    by_evidence = f'[[marker]]\nevidence = "{found[0].evidence[0]}"\n\n[[marker]]\nevidence = "{found[1].evidence[0]}"\nstatus = "rejected"\n'
    by_time = '[[marker]]\nkind = "stop"\nat = 2024-01-01T12:00:00Z\ncontact = "Dan"\n'

    assert [m.status for m in settle(found, entered(by_evidence, identity, found))] == ["confirmed", "rejected", "suggested"]
    first = settle(found, entered(by_time, identity, found))[0]
    assert (first.status, first.evidence) == ("confirmed", found[0].evidence)
