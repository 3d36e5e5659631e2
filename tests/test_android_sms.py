"""Android's message database: what the golden cases cannot say."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from detector.android_mms import subject_of
from detector.event import Event, columns, to_table
from detector.export import Export, Options, Skip
from detector.formats import android_sms
from detector.formats.android_sms import FORMAT
from detector.ingest import read
from detector.inventory import find_exports

SMS = "CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_sent INTEGER, type INTEGER, status INTEGER, subject TEXT, body TEXT);"
MMS = """
CREATE TABLE pdu (_id INTEGER PRIMARY KEY, thread_id INTEGER, date INTEGER, date_sent INTEGER, msg_box INTEGER, m_type INTEGER, sub TEXT);
CREATE TABLE part (_id INTEGER PRIMARY KEY, mid INTEGER, seq INTEGER, ct TEXT, name TEXT, text TEXT);
CREATE TABLE addr (_id INTEGER PRIMARY KEY, msg_id INTEGER, address TEXT, type INTEGER);
"""
CASE = Path(__file__).parent / "formats" / "android_sms" / "mmssms.db.sql"
OWNER, SAM, KIM = "+447700900199", "+447700900101", "+447700900102"


def made(path: Path, script: str, options: Options | None = None) -> Export:
    """Write a database and find it."""
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return find_exports([path], options or Options()).exports[0]


def events(export: Export) -> list[Event]:
    """Read the events one by one, without the quick way."""
    results = [FORMAT.event(record, export) for _, record in FORMAT.records(export)]
    return [result for result in results if isinstance(result, Event)]


def mms(path: Path, box: int, addresses: list[tuple[str, int]], options: Options | None = None, thread: str = "") -> Event:
    """Read one MMS with these addresses."""
    listed = "".join(f"INSERT INTO addr (msg_id, address, type) VALUES (1, '{address}', {kind});" for address, kind in addresses)
    kind = 132 if box == 1 else 128
    [event] = events(
        made(path, SMS + MMS + listed + thread + f"INSERT INTO pdu VALUES (1, 7, 1709290000, 0, {box}, {kind}, NULL);", options)
    )
    return event


def test_a_real_database_is_read(shared: Path) -> None:
    """Nine texts of an old emulator, both directions, nothing lost; its neighbours are not claimed."""
    folder = shared / "fixtures" / "mobile" / "android_raw"
    exports = find_exports([folder], Options()).exports
    assert [export.title for export in exports if FORMAT.recognises(export)] == ["mmssms.db"]
    table, (source,) = read([export for export in exports if export.title == "mmssms.db"], formats=[FORMAT])
    rows = table.to_pylist()
    assert (source.records, source.events, source.problems) == (9, 9, [])
    assert [row["direction"] for row in rows] == ["out", "out", "in", "in", "out", "in", "out", "in", "out"]
    assert rows[2]["handle"] == "15555215554" and rows[0]["handle"] == "1 555-521-5554"
    assert rows[2]["at"].isoformat() == "2013-10-29T17:05:41.303000+00:00"
    assert rows[2]["sent_at"].isoformat() == "2013-10-29T17:05:40+00:00" and rows[0]["sent_at"] is None


def test_the_quick_way_agrees_with_the_slow_one(tmp_path: Path) -> None:
    """Every row that columns() takes gives what event() gives; it takes the plain texts only."""
    export = made(tmp_path / "mmssms.db", CASE.read_text("utf-8"))
    pairs = list(FORMAT.records(export))
    values, done = android_sms.columns([record for _, record in pairs], export)
    locators = [pairs[i][0] for i in done]
    slow = [FORMAT.event(pairs[i][1], export) for i in done]
    assert locators == ["sms:1", "sms:2", "sms:18"]
    one = to_table(values, locators, "0" * 64).to_pylist()
    two = to_table(columns([event for event in slow if isinstance(event, Event)]), locators, "0" * 64).to_pylist()
    assert one == two


def test_records_print_as_json_and_locators_are_unique(tmp_path: Path) -> None:
    """What `detector show` prints is the row with its columns, bytes as hex, and an MMS with its parts and addresses."""
    export = made(tmp_path / "mmssms.db", CASE.read_text("utf-8"))
    found: dict[str, Any] = dict(FORMAT.records(export))
    assert len(found) == len(list(FORMAT.records(export)))
    assert json.loads(json.dumps(found))["sms:17"]["body"] == {"hex": "636166e9"}
    assert found["pdu:1"]["parts"][0]["cl"] == "smil.xml"
    assert [address["type"] for address in found["pdu:7"]["addrs"]] == [137, 151, 130, 130]


def test_other_databases_are_not_claimed(tmp_path: Path) -> None:
    """Signal's old database also has a table sms; a view called sms is no table."""
    signal = made(tmp_path / "signal.db", SMS + "CREATE TABLE mms (_id); CREATE TABLE thread (_id);")
    view = made(tmp_path / "view.db", SMS.replace("sms", "x") + "CREATE VIEW sms AS SELECT * FROM x;")
    assert not FORMAT.recognises(signal) and not FORMAT.recognises(view)
    assert FORMAT.recognises(made(tmp_path / "sms.db", SMS))


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("1709280000000", "2024-03-01T08:00:00+00:00"),
        ("1709280000", "2024-03-01T08:00:00+00:00"),
        ("99999999999", "5138-11-16T09:46:39+00:00"),
        ("100000000000", "1973-03-03T09:46:40+00:00"),
        ("0", None),
        ("-1", None),
        ("NULL", None),
        ("''", None),
        ("'null'", None),
        ("9223372036854775807", None),
    ],
)
def test_times_by_their_magnitude(tmp_path: Path, date: str, iso: str | None) -> None:
    """Below 1e11 seconds, from there on milliseconds; what is no time keeps its record and the raw value."""
    [event] = events(made(tmp_path / "a.db", SMS + f"INSERT INTO sms VALUES (1, 1, '{SAM}', {date}, 0, 1, -1, NULL, 'x');"))
    assert (event.at.isoformat() if event.at else None) == iso
    assert event.raw_time == (None if date == "NULL" else date.strip("'"))


def test_who_takes_part_in_a_received_mms(tmp_path: Path) -> None:
    """One sender and the owner is no group; a third person makes one, and the owner is not in it."""
    alone = mms(tmp_path / "1", 1, [(SAM, 137), (OWNER, 151)])
    token = mms(tmp_path / "2", 1, [(SAM, 137), ("insert-address-token", 151), (KIM, 151)])
    carbon = mms(tmp_path / "3", 1, [(SAM, 137), (OWNER, 151), (SAM, 130), (KIM, 130)])
    said = mms(tmp_path / "4", 1, [(SAM, 137), (OWNER, 151), (KIM, 151)], Options(owner=("07700 900199",)))
    assert (alone.handle, alone.group, alone.recipients) == (SAM, False, None)
    assert {(event.handle, event.group, event.recipients) for event in (token, carbon, said)} == {(SAM, True, f"{SAM}; {KIM}")}


def test_the_owner_is_who_is_not_in_the_conversation(tmp_path: Path) -> None:
    """Without a token and an option, the table of conversations tells; without that, everybody is listed."""
    thread = (
        "CREATE TABLE canonical_addresses (_id INTEGER PRIMARY KEY, address TEXT); CREATE TABLE threads (_id INTEGER PRIMARY KEY, recipient_ids TEXT);"
        f"INSERT INTO canonical_addresses VALUES (1, '{SAM}'), (2, '07700 900102'); INSERT INTO threads VALUES (7, '1 2');"
    )
    addresses = [(SAM, 137), (OWNER, 151), (KIM, 151)]
    assert mms(tmp_path / "1", 1, addresses, thread=thread).recipients == f"{SAM}; {KIM}"
    assert mms(tmp_path / "2", 1, addresses).recipients == f"{SAM}; {OWNER}; {KIM}"


def test_a_sent_mms(tmp_path: Path) -> None:
    """To one person it has a handle, to two it has none; the sender is never the other side."""
    one = mms(tmp_path / "1", 2, [("insert-address-token", 137), (SAM, 151)])
    two = mms(tmp_path / "2", 2, [(OWNER, 137), (SAM, 151), (KIM, 129)])
    assert (one.direction, one.handle, one.group) == ("out", SAM, False)
    assert (two.handle, two.group, two.recipients) == (None, True, f"{SAM}; {KIM}")


def test_several_senders_fall_back_to_the_conversation(tmp_path: Path) -> None:
    """Where the conversation has one other member, that is the sender; else nobody is."""
    thread = (
        "CREATE TABLE canonical_addresses (_id INTEGER PRIMARY KEY, address TEXT); CREATE TABLE threads (_id INTEGER PRIMARY KEY, recipient_ids TEXT);"
        f"INSERT INTO canonical_addresses VALUES (1, '{SAM}'); INSERT INTO threads VALUES (7, '1');"
    )
    both = [(SAM, 137), (OWNER, 137)]
    assert mms(tmp_path / "1", 1, both, thread=thread).handle == SAM
    unknown = mms(tmp_path / "2", 1, both)
    assert unknown.handle is None and unknown.note == "the record does not say who wrote it"


@pytest.mark.parametrize(
    ("stored", "read_as"), [("CafÃ©", "Café"), ("Café", "Café"), ("😀", "😀"), ("plain", "plain"), ("null", None), ("", None)]
)
def test_a_subject_that_was_stored_as_latin_1(stored: str, read_as: str | None) -> None:
    """It is repaired where the bytes are UTF-8, and left alone where they are not."""
    assert subject_of({"sub": stored}) == read_as


def test_reports_are_skipped_and_counted(tmp_path: Path) -> None:
    """A delivery report is no contact."""
    export = made(
        tmp_path / "a.db",
        SMS + MMS + "INSERT INTO pdu VALUES (1, 1, 1709290000, 0, 1, 134, NULL), (2, 1, 1709290000, 0, 1, 136, NULL);",
    )
    results = [FORMAT.event(record, export) for _, record in FORMAT.records(export)]
    assert len(results) == 2 and all(isinstance(result, Skip) for result in results)
    _, (source,) = read([export], formats=[FORMAT])
    assert source.records == 2 == sum(source.skipped.values())


def test_the_owner_is_found_in_the_mms(tmp_path: Path) -> None:
    """Who sent what was sent; never somebody who has a conversation with the phone."""
    export = made(tmp_path / "mmssms.db", CASE.read_text("utf-8"))
    assert FORMAT.facts(export).owner == OWNER
    assert FORMAT.facts(made(tmp_path / "b.db", SMS)).owner is None


def test_a_damaged_table_of_parts_does_not_cost_the_messages(tmp_path: Path) -> None:
    """The texts, the MMS and the parts outside the damage are read, and the problem is listed."""
    path = tmp_path / "mmssms.db"
    script = SMS + MMS + f"INSERT INTO sms VALUES (1, 1, '{SAM}', 1709280000000, 0, 1, -1, NULL, 'a text');"
    made(path, script)
    connection = sqlite3.connect(path)
    connection.executemany("INSERT INTO pdu VALUES (?, 1, 1709290000, 0, 1, 132, NULL)", ((i,) for i in range(1, 301)))
    connection.executemany(
        "INSERT INTO part VALUES (?, ?, 0, 'text/plain', NULL, ?)", ((i, i, f"{i} " * 300) for i in range(1, 301))
    )
    connection.commit()
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'part'").fetchone()
    connection.close()
    data = bytearray(path.read_bytes())
    middle = data.find(b"150 150 150") // 4096
    assert middle > page
    data[middle * 4096 : (middle + 1) * 4096] = b"\xff" * 4096
    path.write_bytes(data)
    table, (source,) = read(find_exports([path], Options()).exports, formats=[FORMAT])
    texts = table["text"].to_pylist()
    assert table.num_rows == 301 and texts[0] == "a text" and texts[1] == "1 " * 300 and texts[-1] == "300 " * 300
    assert 0 < texts.count(None) < 20
    [(locator, reason)] = source.problems
    assert locator == "part:damaged" and "cannot be read" in reason
    assert source.records == source.events + 1


def test_a_cut_database_keeps_what_came_before_the_break(tmp_path: Path) -> None:
    """Counts add up, and the ledger says where it stops."""
    path = tmp_path / "mmssms.db"
    made(path, SMS)
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO sms VALUES (?, 1, ?, 1709280000000, 0, 1, -1, NULL, ?)",
        ((i, SAM, f"text {i} " * 30) for i in range(1, 2001)),
    )
    connection.commit()
    connection.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    table, (source,) = read(find_exports([path], Options()).exports, formats=[FORMAT])
    assert 800 < table.num_rows < 1200 and source.records == table.num_rows + 1
    assert source.problems[0][0] == "sms:damaged" and "the end cannot be read" in source.problems[0][1]


def test_columns_that_are_missing_are_unknown(tmp_path: Path) -> None:
    """A database with the barest columns is read the slow way."""
    export = made(
        tmp_path / "a.db",
        "CREATE TABLE sms (_id INTEGER PRIMARY KEY, address TEXT, date INTEGER, type INTEGER, body TEXT);"
        f"INSERT INTO sms VALUES (1, '{SAM}', 1709280000000, 1, 'hello');",
    )
    table, (source,) = read([export], formats=[FORMAT])
    [row] = table.to_pylist()
    assert (row["text"], row["handle"], row["direction"], row["thread"], row["sent_at"]) == ("hello", SAM, "in", None, None)
    assert source.problems == []
