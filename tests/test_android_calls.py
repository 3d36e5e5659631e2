"""Android's call log: what the golden case cannot say."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from detector.event import WITHHELD, Event
from detector.export import Export, Options
from detector.formats.android_calls import FORMAT
from detector.ingest import read
from detector.inventory import find_exports

CALLS = "CREATE TABLE calls (_id INTEGER PRIMARY KEY, number TEXT, presentation INTEGER, date INTEGER, duration INTEGER, type INTEGER, name TEXT);"


def made(path: Path, script: str) -> Export:
    """Write a database and find it."""
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return find_exports([path], Options()).exports[0]


def call(
    path: Path, number: str = "'+447700900101'", presentation: str = "1", duration: str = "5", code: str = "1", name: str = "NULL"
) -> Event:
    """Read one call; the values are SQL."""
    export = made(
        path, CALLS + f"INSERT INTO calls VALUES (1, {number}, {presentation}, 1709280000000, {duration}, {code}, {name});"
    )
    [(_, record)] = FORMAT.records(export)
    event = FORMAT.event(record, export)
    assert isinstance(event, Event)
    return event


def test_a_real_log_is_read(shared: Path) -> None:
    """Three calls of an old phone, with the contact's name, and the ledger says how far back the log goes."""
    folder = shared / "fixtures" / "mobile" / "android_raw"
    exports = find_exports([folder], Options()).exports
    assert [export.title for export in exports if FORMAT.recognises(export)] == ["contacts2.db"]
    table, (source,) = read([export for export in exports if export.title == "contacts2.db"], formats=[FORMAT])
    rows = table.to_pylist()
    assert [row["locator"] for row in rows] == ["calls:714", "calls:715", "calls:717"]
    assert [(row["direction"], row["outcome"], row["seconds"]) for row in rows] == [
        ("in", "missed", 0),
        ("out", "answered", 126),
        ("in", "answered", 639),
    ]
    assert {(row["name"], row["name_source"], row["handle"]) for row in rows} == {("Barney", "address book", "5404561685")}
    assert any(note.startswith("calls in the log: 3, the oldest of 2013-11-06 21:17 UTC") for note in source.notes)
    assert any("row numbers 714 to 717, of which 1 not in use" in note for note in source.notes)


@pytest.mark.parametrize(
    ("code", "duration", "expected"),
    [
        ("1", "5", ("in", "answered", "call")), ("1", "0", ("in", "answered", "call")), ("2", "1", ("out", "answered", "call")),
        ("2", "0", ("out", "unanswered", "call")), ("2", "NULL", ("out", None, "call")), ("3", "0", ("in", "missed", "call")),
        ("4", "9", ("in", "voicemail", "voicemail")), ("5", "0", ("in", "rejected", "call")), ("6", "0", ("in", "blocked", "call")),
        ("7", "5", ("in", "answered elsewhere", "call")), ("8", "5", ("unknown", "other", "call")), ("NULL", "5", ("unknown", "other", "call")),
    ],
)  # fmt: skip
def test_every_type_of_call(tmp_path: Path, code: str, duration: str, expected: tuple[str, str | None, str]) -> None:
    """Direction, outcome and kind; codes that nobody knows are kept in the note."""
    event = call(tmp_path / "a.db", code=code, duration=duration)
    assert (event.direction, event.outcome, event.kind) == expected
    assert ("meaning not known" in (event.note or "")) == (expected[0] == "unknown")


def test_an_answered_call_of_no_length_says_so(tmp_path: Path) -> None:
    """Some phones write it when the caller rings off at once."""
    assert call(tmp_path / "a.db", duration="0").note == "logged as answered, with 0 seconds"
    assert call(tmp_path / "b.db", duration="1").note is None


@pytest.mark.parametrize(
    ("number", "presentation", "kind"),
    [
        ("''", "2", "withheld"), ("''", "3", "unknown"), ("NULL", "4", "payphone"), ("''", "5", "unavailable"), ("''", "1", "not recorded"),
        ("'-1'", "1", "unknown"), ("'-2'", "1", "withheld"), ("'-3'", "1", "payphone"), ("'Unknown'", "3", "unknown"), ("NULL", "NULL", "not recorded"),
    ],
)  # fmt: skip
def test_callers_who_were_not_shown(tmp_path: Path, number: str, presentation: str, kind: str) -> None:
    """They are kept, never as one named person; the kind is in the note."""
    event = call(tmp_path / "a.db", number, presentation, name="'Private number'")
    assert (event.handle, event.name, event.name_source) == (WITHHELD, None, None)
    assert event.note == f"number {kind}"


def test_a_number_that_the_log_holds_counts(tmp_path: Path) -> None:
    """Even where it is marked as withheld; short codes and network names are no numbers that are missing."""
    marked = call(tmp_path / "a.db", presentation="2")
    assert marked.handle == "+447700900101" and marked.note == "the log marks the number as withheld"
    assert call(tmp_path / "b.db", "'466'").handle == "466"


def test_other_call_tables_are_not_claimed(tmp_path: Path) -> None:
    """Viber's table has the same names for the basic columns; so might anybody's."""
    viber = made(tmp_path / "viber.db", CALLS.replace("name TEXT", "name TEXT, viber_call INTEGER"))
    bare = made(tmp_path / "bare.db", "CREATE TABLE calls (_id INTEGER PRIMARY KEY, number, date, duration, type);")
    assert not FORMAT.recognises(viber) and not FORMAT.recognises(bare)
    assert FORMAT.recognises(made(tmp_path / "calls.db", CALLS))


def test_records_print_as_json(tmp_path: Path) -> None:
    """A column that holds bytes is shown as hex."""
    export = made(tmp_path / "a.db", CALLS + "INSERT INTO calls VALUES (7, x'31', 1, 1709280000000, 'long', 3, 'Sam');")
    found = dict(FORMAT.records(export))
    assert json.loads(json.dumps(found))["calls:7"]["number"] == {"hex": "31"}
    event = FORMAT.event(found["calls:7"], export)
    assert isinstance(event, Event)
    assert (event.handle, event.seconds, event.note) == ("1", None, "duration long: not a number")


def test_an_empty_log_is_read(tmp_path: Path) -> None:
    """No calls, no problem, and the limit is stated."""
    table, (source,) = read([made(tmp_path / "a.db", CALLS)], formats=[FORMAT])
    assert table.num_rows == 0 and source.problems == []
    assert source.notes[0].startswith("calls in the log: 0;")
