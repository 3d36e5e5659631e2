"""Databases are opened without a change to them, and damaged ones give what they still hold."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from detector import ingest, sqlite, sqlite_rows
from detector.errors import ExportError
from detector.export import Export, Options
from detector.inventory import find_exports
from detector.sqlite import companion_notes, opened, tables, why_unreadable
from detector.sqlite_rows import decoded, missing_rows, printable, printable_block, rows, text_of


def export_of(path: Path) -> Export:
    """Return a file as it is found when it is named."""
    return find_exports([path], Options()).exports[0]


def many(path: Path, count: int = 5000) -> Path:
    """Write a database of many pages, with the text of a row naming its number."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sms (_id INTEGER PRIMARY KEY, body TEXT)")
        connection.executemany("INSERT INTO sms VALUES (?, ?)", ((i, f"row {i} " * 20) for i in range(1, count + 1)))
    connection.close()
    return path


def read(path: Path, table: str = "sms") -> tuple[list[tuple[int, str]], str | None]:
    """Return what can be read, and what is said about the rest."""
    found: list[tuple[int, str]] = []
    export = export_of(path)
    try:
        with opened(export) as connection:
            found.extend((number, text) for number, text in rows(connection, table, ("body",)))
    except ExportError as error:
        return found, str(error)
    return found, None


def with_log(folder: Path) -> Path:
    """Write a database whose last row is only in its log, as on a phone that was copied while it ran."""
    live, path = folder / "live", folder / "copy" / "sms.db"
    path.parent.mkdir()
    connection = sqlite3.connect(live)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE sms (body TEXT)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("INSERT INTO sms VALUES ('only in the log')")
    connection.commit()
    for ending in ("", "-wal", "-shm"):
        shutil.copy(f"{live}{ending}", f"{path}{ending}")
    connection.close()
    return path


def test_the_tables_are_listed_without_views_and_virtual_tables(tmp_path: Path) -> None:
    """What could run code of the file's own is not offered for reading; computed columns are left out."""
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.executescript(
            "CREATE TABLE real (a, b AS (hex(a)), c); CREATE VIEW seen AS SELECT * FROM real; CREATE VIRTUAL TABLE words USING fts4(x);"
        )
    connection.close()
    found = tables(export_of(tmp_path / "a.db"))
    assert found["real"] == ("a", "c")
    assert "seen" not in found and "words" not in found


def test_other_files_have_no_tables(tmp_path: Path) -> None:
    """An empty file, a text and a file that only begins like a database: no tables, no exception."""
    for name, data in (("empty", b""), ("text", b"hello"), ("broken", sqlite.MAGIC + b"\1" * 5000)):
        (tmp_path / name).write_bytes(data)
    assert [tables(export_of(tmp_path / name)) for name in ("empty", "text", "broken")] == [{}, {}, {}]
    assert why_unreadable(export_of(tmp_path / "text")) is None
    line = why_unreadable(export_of(tmp_path / "broken"))
    assert line is not None and line.startswith("broken begins like an SQLite database and cannot be read") and "again" in line
    _, (source,) = ingest.read([export_of(tmp_path / "broken")])
    assert source.notes == [line]


def test_a_database_is_not_changed_and_nothing_appears_beside_it(tmp_path: Path) -> None:
    """Neither a plain one, nor one with a log; one in a folder that cannot be written opens too."""
    path = with_log(tmp_path)
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    path.parent.chmod(0o555)
    assert read(path)[0] == [(1, "only in the log")]
    path.parent.chmod(0o755)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_writing_is_refused(tmp_path: Path) -> None:
    """Even by our own mistake."""
    with pytest.raises(ExportError, match="readonly"), opened(export_of(many(tmp_path / "a.db"))) as connection:
        connection.execute("DELETE FROM sms")


def test_the_log_is_read_with_the_database(tmp_path: Path) -> None:
    """On disk and in a zip; the note names it with its hash. Without it, the note says that it may be missing."""
    path = with_log(tmp_path)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        for each in path.parent.iterdir():
            out.write(each, each.name)
    assert read(path)[0] == read(tmp_path / "a.zip")[0] == [(1, "only in the log")]
    [note] = companion_notes(export_of(path))
    assert note.startswith("sms.db-wal (") and "SHA-256" in note
    (path.parent / "sms.db-wal").unlink()
    assert read(path)[0] == []
    assert companion_notes(export_of(path)) == (
        "the database keeps its newest changes in sms.db-wal, and no such file came with it",
    )


def test_a_transaction_that_was_not_finished_is_undone_as_the_phone_would(tmp_path: Path) -> None:
    """A rollback journal beside the database is applied to the copy."""
    path = tmp_path / "sms.db"
    many(path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = 5")
    connection.execute("BEGIN")
    connection.execute("UPDATE sms SET body = 'half done'")
    (tmp_path / "copy").mkdir()
    for ending in ("", "-journal"):
        shutil.copy(f"{path}{ending}", f"{tmp_path}/copy/sms.db{ending}")
    connection.rollback()
    connection.close()
    found, said = read(tmp_path / "copy" / "sms.db")
    assert said is None and len(found) == 5000 and not any(text == "half done" for _, text in found)


def test_copies_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that had to be copied leaves nothing in the temporary folder."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    path = with_log(tmp_path)
    read(path)
    assert len(list((tmp_path / "tmp").iterdir())) == 1
    sqlite._place.cache_clear()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_cut_database_gives_the_rows_before_the_break(tmp_path: Path) -> None:
    """Half of the file is gone, and what is left is read; the line says from where on."""
    data = many(tmp_path / "a.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(data[: len(data) // 2])
    found, said = read(tmp_path / "cut.db")
    assert 2000 < len(found) < 3000
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    assert said is not None and f"rows between row {len(found)} and the end cannot be read" in said


def test_damage_in_the_middle_costs_only_the_rows_there(tmp_path: Path) -> None:
    """What stands behind the damage is read from the other end; each row is read once."""
    data = bytearray(many(tmp_path / "a.db").read_bytes())
    data[40 * 4096 : 42 * 4096] = b"\xff" * 8192
    (tmp_path / "a.db").write_bytes(data)
    found, said = read(tmp_path / "a.db")
    numbers = [number for number, _ in found]
    assert len(set(numbers)) == len(numbers) > 4900 and {1, 5000} <= set(numbers)
    lost = sorted(set(range(1, 5001)) - set(numbers))
    assert said is not None and f"rows between row {lost[0] - 1} and row {lost[-1] + 1} cannot be read" in said


def test_a_tree_that_leads_back_to_itself_is_an_error(tmp_path: Path) -> None:
    """Two pointers to one page: its rows would come twice."""
    path = many(tmp_path / "a.db")
    data = bytearray(path.read_bytes())
    root = 4096  # page 2 is the root of the only table: an inner page of 12 bytes of header, then cell pointers
    assert data[root] == 5
    first, second = (int.from_bytes(data[root + 12 + 2 * i : root + 14 + 2 * i], "big") for i in (0, 1))
    data[root + second : root + second + 4] = data[root + first : root + first + 4]
    path.write_bytes(data)
    found, said = read(path)
    assert said is not None and "out of order" in said
    assert len({number for number, _ in found}) == len(found) < 5000


def test_text_that_is_not_utf8_costs_no_row(tmp_path: Path) -> None:
    """It comes as bytes; halves of an emoji are joined; the rows after it are read."""
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE sms (body TEXT)")
        for value in ("'fine'", "CAST(x'6869eda0bdedb880' AS TEXT)", "CAST(x'636166e9' AS TEXT)", "'fine too'"):
            connection.execute(f"INSERT INTO sms VALUES ({value})")
    connection.close()
    found, said = read(tmp_path / "a.db")
    assert said is None
    assert [text if isinstance(text, str) else decoded(text) for _, text in found] == ["fine", "hi😀", "caf\ufffd", "fine too"]


def test_records_can_be_printed_and_read_back() -> None:
    """Bytes are shown as hex, and text_of undoes it."""
    assert printable(("a", "b"), (1, b"\xff\x00")) == {"a": 1, "b": {"hex": "ff00"}}
    block = [(1, "x"), (2, b"\xc3")]
    assert printable_block(("a", "b"), block) == [{"a": 1, "b": "x"}, {"a": 2, "b": {"hex": "c3"}}]
    assert [text_of(value) for value in (None, "x", 5, {"hex": "c3a9"})] == [None, "x", "5", "é"]


@pytest.mark.parametrize("block", [1, 2, 7, 5000])
def test_rows_do_not_depend_on_how_many_are_fetched_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """All rows, once, in order."""
    monkeypatch.setattr(sqlite_rows, "BLOCK", block)
    found, said = read(many(tmp_path / "a.db", 14))
    assert [number for number, _ in found] == list(range(1, 15)) and said is None


def test_row_numbers_that_are_not_in_use(tmp_path: Path) -> None:
    """Gaps between the first and the last row, and numbers given after the last; nothing to say where there are none."""
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.executescript(
            "CREATE TABLE gaps (_id INTEGER PRIMARY KEY AUTOINCREMENT, a); CREATE TABLE whole (_id INTEGER PRIMARY KEY, a);"
            "CREATE TABLE gone (_id INTEGER PRIMARY KEY AUTOINCREMENT, a); CREATE TABLE never (a);"
            "INSERT INTO gaps VALUES (5, 1), (6, 1), (9, 1), (12, 1); DELETE FROM gaps WHERE _id = 12;"
            "INSERT INTO whole VALUES (1, 1), (2, 1); INSERT INTO gone VALUES (3, 1); DELETE FROM gone;"
        )
    connection.close()
    export = export_of(tmp_path / "a.db")
    with opened(export) as connection:
        said = {table: missing_rows(connection, tables(export), table) for table in ("gaps", "whole", "gone", "never")}
    assert said["gaps"] is not None and said["gaps"].startswith(
        "table gaps: row numbers 5 to 9, of which 2 not in use; numbers up to 12 have been given"
    )
    assert said["gone"] is not None and "no rows; numbers up to 3 have been given" in said["gone"]
    assert said["whole"] is said["never"] is None


def test_a_name_with_every_odd_sign_opens(tmp_path: Path) -> None:
    """Question marks, hashes, percent signs and bytes that are not UTF-8 mean something in a URI."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a?mode=rw#%41 \xe9.db"))
    many(tmp_path / "a.db", 3).rename(path)
    assert len(read(path)[0]) == 3
