"""Reading: everything is counted, whatever the file is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from detector.errors import ExportError, RecordError
from detector.event import Event
from detector.export import Export, Format, Note, Options, Problem, Record, Skip
from detector.formats import FORMATS
from detector.ingest import read
from detector.inventory import find_exports


def records(export: Export) -> Iterator[tuple[str, Record]]:
    """Lines of a tiny format that can go wrong in every way."""
    yield "", Note("a note about the file")
    with export.open() as stream:
        for number, line in enumerate(stream.read().decode().split(), 1):
            if line == "broken":
                raise ExportError("the rest is gone; export it again")
            yield f"line {number}", Problem("a damaged line") if line == "damaged" else line


def event(record: Record, export: Export) -> Event | Skip:
    if record == "advert":
        return Skip("an advert")
    if record == "odd":
        raise RecordError("odd: write even")
    if record == "bug":
        raise KeyError("missing")
    return Event("message", "sms", datetime(int(record), 1, 1, tzinfo=UTC), "in", "+447700900101", text=record, raw_time=record)


TINY = Format("tiny", "Tiny", lambda export: True, records, event, absence="nothing")


def read_text(tmp_path: Path, text: str, format: Format = TINY):
    path = tmp_path / "tiny.txt"
    path.write_text(text, "utf-8")
    table, (source,) = read([Export(path, path.name, len(text))], formats=[format])
    assert source.records == table.num_rows + sum(source.skipped.values()) + len(source.problems)
    return table, source


def test_every_way_to_go_wrong_is_counted_once(tmp_path: Path) -> None:
    """Events, skips with reasons, problems with locators, and the line where the rest is lost."""
    table, source = read_text(tmp_path, "2024 advert odd bug damaged 2025 advert broken 2026")

    assert table["locator"].to_pylist() == ["line 1", "line 6"]
    assert source.skipped == {"an advert": 2}
    assert sorted(source.problems) == [
        ("end of what could be read", "the rest is gone; export it again"), ("line 3", "odd: write even"), ("line 4", "KeyError: 'missing'"),
        ("line 5", "a damaged line"),
    ]  # fmt: skip
    assert "a note about the file" in source.notes
    assert source.records == 8


def test_a_bug_in_facts_loses_no_record(tmp_path: Path) -> None:
    """What cannot be said about the file stands in its notes."""

    def facts(export: Export) -> object:
        raise ValueError("no idea")

    table, source = read_text(tmp_path, "2024", replace(TINY, facts=facts))

    assert table.num_rows == 1
    assert "ValueError: no idea" in source.notes


@pytest.mark.parametrize(
    ("year", "kept"), [("1970", False), ("1989", False), ("1990", True), ("2069", True), ("2070", False), ("2099", False)]
)
def test_times_that_cannot_be_are_kept_as_written(tmp_path: Path, year: str, kept: bool) -> None:
    """The record stays, its time as it stood, and the ledger says so."""
    table, source = read_text(tmp_path, year)

    assert (table["at"][0].as_py() is not None) == kept
    assert table["raw_time"][0].as_py() == year
    assert any(year in note for note in source.notes) != kept


def test_no_file_that_cannot_be_read_stops_the_others(tmp_path: Path) -> None:
    """Cut JSON, a database that is none, a wrong encoding, an empty file: each its line, and the good file is read."""
    good = '<?xml version=\'1.0\' encoding=\'UTF-8\'?>\n<smses count="1"><sms address="+447700900101" date="1704150600000" type="1" body="hi" /></smses>'
    (tmp_path / "good.xml").write_text(good, "utf-8")
    (tmp_path / "fake.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 2000)
    (tmp_path / "half.db").write_bytes(_database(tmp_path)[:6000])
    thread = tmp_path / "messages" / "inbox" / "sam_1"
    thread.mkdir(parents=True)
    (thread / "message_1.json").write_text(
        '{"participants": [{"name": "Sam"}], "messages": [{"sender_name": "Sam", "timestamp_ms": 1704150600000, "content": "a"}, {"sen',
        "utf-8",
    )
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "latin.csv").write_bytes(
        "Date,Time,Number,Direction,Duration\n25/01/2024,10:00,+447700900101,Entr\xe9e,60\n".encode("cp1252")
    )
    inventory = find_exports([tmp_path], Options(timezone="Europe/London"))
    table, sources = read(inventory.exports)

    assert "hi" in table["text"].to_pylist()
    assert "a" in table["text"].to_pylist()
    for source in sources:
        assert source.records == source.events + sum(source.skipped.values()) + len(source.problems)
        assert source.problems or source.notes or source.events, source.path


def _database(tmp_path: Path) -> bytes:
    path = tmp_path.parent / "whole.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_sent INTEGER, type INTEGER, body TEXT)"
    )
    connection.executemany(
        "INSERT INTO sms VALUES (?, 1, '+447700900101', 1704150600000, 0, 1, ?)", [(i, "x" * 200) for i in range(1, 200)]
    )
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_every_real_sample_is_counted(shared: Path) -> None:
    """Over the whole folder of real samples: no crash, counts add up, nobody claims a file twice."""
    inventory = find_exports([shared / "fixtures"], Options(timezone="UTC", date_order="DMY"))
    table, sources = read(inventory.exports)
    claims = {export.name: [one.name for one in FORMATS if one.recognises(export)] for export in inventory.exports}

    assert table.num_rows > 140
    assert len(set(table["id"].to_pylist())) == table.num_rows
    assert {name: names for name, names in claims.items() if len(names) > 1} == {}
    for source in sources:
        assert source.records == source.events + sum(source.skipped.values()) + len(source.problems), source.path


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    """Ids stay unique; the copy is listed and says whose it is."""
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(
            '<smses><sms address="+447700900101" date="1704150600000" type="1" body="hi" /></smses>', "utf-8"
        )
    table, (first, second) = read(find_exports([tmp_path], Options()).exports)

    assert (table.num_rows, first.events, second.events) == (1, 1, 0)
    assert second.notes == [f"byte for byte the same file as {first.path}, which was read"]
