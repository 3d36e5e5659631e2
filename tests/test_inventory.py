"""Which files are found behind a path, and what is said about the others. Every case is a real file."""

from __future__ import annotations

import ast
import gc
import io
import os
import pickle
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from detector import archive
from detector.errors import UsageError
from detector.export import Export, Options
from detector.inventory import Inventory, find_exports
from detector.kinds import CLUTTER

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x9f" * 60
TEXT = b"01/02/2024, 10:00 - Sam: hello\n"


def found(*paths: Path) -> Inventory:
    """Return what is found with no options."""
    return find_exports(paths, Options())


def names(inventory: Inventory) -> list[str]:
    """Return the names of the exports."""
    return [export.name for export in inventory.exports]


def contents(export: Export) -> bytes:
    """Return all bytes of an export."""
    with export.open() as stream:
        return stream.read()


def zipped(path: Path, members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", method) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the bytes of a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return buffer.getvalue()


def database(path: Path) -> Path:
    """Write a database in WAL mode and leave its log beside it, as a phone does."""
    live = path.with_name("live")
    connection = sqlite3.connect(live)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).write_bytes(live.with_name("live" + ending).read_bytes())
    connection.close()
    for ending in ("", "-wal", "-shm"):
        live.with_name("live" + ending).unlink(missing_ok=True)
    return path


def test_a_folder_is_one_extract_read_recursively_and_sorted(tmp_path: Path) -> None:
    """Names begin with the folder's own name and have forward slashes; the order does not depend on the file system."""
    folder = tmp_path / "phone"
    for name in ("z.txt", "b/x.txt", "a/deep/y.txt", "B.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(TEXT)
    inventory = found(folder)
    assert names(inventory) == ["phone/B.txt", "phone/a/deep/y.txt", "phone/b/x.txt", "phone/z.txt"]
    assert all(export.extract == inventory.exports for export in inventory.exports)
    assert inventory.exports[0].bytes == len(TEXT)
    assert not inventory.unreadable and not inventory.set_aside


def test_single_files_are_one_extract_and_each_folder_is_its_own(tmp_path: Path) -> None:
    """Two files named together belong together; two folders do not; options go to every export."""
    for name in ("one/a.txt", "two/a.txt", "b.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(TEXT)
    options = Options(owner=("Sam",))
    inventory = find_exports([tmp_path / "b.txt", tmp_path / "one", tmp_path / "two", tmp_path / "c.txt"], options)
    extracts = {export.name: [other.name for other in export.extract] for export in inventory.exports}
    assert extracts == {
        "one/a.txt": ["one/a.txt"], "two/a.txt": ["two/a.txt"], "b.txt": ["b.txt", "c.txt"], "c.txt": ["b.txt", "c.txt"],
    }  # fmt: skip
    assert {export.options for export in inventory.exports} == {options}


def test_files_with_one_name_are_told_apart(tmp_path: Path) -> None:
    """Two phones' databases of the same name keep their own logs."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        database(tmp_path / folder / "sms.db")
    inventory = found(tmp_path / "one" / "sms.db", tmp_path / "two" / "sms.db")
    assert names(inventory) == ["sms.db", "sms.db (2)"]
    logs = [other.path for other in inventory.exports[1].extract if other.name == "sms.db (2)-wal"]
    assert logs == [tmp_path / "two" / "sms.db-wal"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    """The second mention is listed."""
    (tmp_path / "a.txt").write_bytes(TEXT)
    inventory = found(tmp_path / "a.txt", tmp_path / "." / "a.txt")
    assert names(inventory) == ["a.txt"]
    assert inventory.set_aside == [("a.txt", "named twice; read once")]


def test_a_path_where_nothing_is_is_wrong_use(tmp_path: Path) -> None:
    """The line names the path."""
    with pytest.raises(UsageError, match=r"no file or folder .*nothing\.zip"):
        found(tmp_path / "nothing.zip")


def test_an_empty_file_is_an_export_and_an_empty_folder_a_line(tmp_path: Path) -> None:
    """What to say of an empty file is for whoever reads it."""
    (tmp_path / "e.jpg").touch()
    (tmp_path / "bare").mkdir()
    inventory = found(tmp_path / "e.jpg", tmp_path / "bare")
    assert [(export.name, export.bytes) for export in inventory.exports] == [("e.jpg", 0)]
    assert inventory.unreadable == [("bare", "the folder is empty")]


def test_links_inside_a_folder_are_not_followed(tmp_path: Path) -> None:
    """A link to a file, to a folder and to nothing is one line each; a loop does not hang; a named link is what it points to."""
    (tmp_path / "outside.txt").write_bytes(TEXT)
    folder = tmp_path / "phone"
    folder.mkdir()
    (folder / "file").symlink_to(tmp_path / "outside.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "none").symlink_to(tmp_path / "gone")
    inventory = found(folder)
    assert names(inventory) == []
    lines = [name for name, reason in inventory.unreadable if "links are not followed" in reason]
    assert lines == ["phone/file", "phone/loop", "phone/none"]
    assert names(found(folder / "loop")) == [] and names(found(folder / "file")) == ["file"]
    assert found(folder / "none").unreadable[0][0] == "none"


def test_special_files_are_not_opened(tmp_path: Path) -> None:
    """A pipe would wait for ever; a socket and a device hold nothing."""
    folder = tmp_path / "phone"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        inventory = found(folder, Path("/dev/null"), folder / "pipe")
    lines = [name for name, reason in inventory.unreadable if "not opened" in reason]
    assert lines == ["phone/pipe", "phone/socket", "null", "pipe"]
    assert not inventory.exports


def test_no_permission_is_a_line_for_a_file_and_for_a_folder(tmp_path: Path) -> None:
    """The rest is found. As root the search runs in a child that has become nobody."""
    tmp_path.chmod(0o755)
    folder = tmp_path / "phone"
    (folder / "closed").mkdir(parents=True)
    (folder / "closed" / "in.txt").write_bytes(TEXT)
    (folder / "listed").mkdir()
    (folder / "listed" / "in.txt").write_bytes(TEXT)
    (folder / "open.txt").write_bytes(TEXT)
    (folder / "secret.txt").write_bytes(TEXT)
    (folder / "secret.txt").chmod(0)
    (folder / "closed").chmod(0)
    (folder / "listed").chmod(stat.S_IRUSR | stat.S_IROTH)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from detector.inventory import find_exports; from detector.export import Options\n"
        "if os.getuid() == 0: os.chdir(sys.argv[1]); os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "i = find_exports([Path('phone'), Path('phone/closed/in.txt')], Options())\n"
        "print([e.name for e in i.exports]); print(i.unreadable)"
    )
    root = Path(__file__).resolve().parents[1]
    command, environment = [sys.executable, "-c", script, str(tmp_path)], {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    (folder / "closed").chmod(0o755)
    (folder / "listed").chmod(0o755)
    assert done.returncode == 0, done.stderr
    exports, unreadable = map(ast.literal_eval, done.stdout.splitlines())
    assert exports == ["phone/open.txt"]
    assert [name for name, reason in unreadable if reason.startswith("no permission to read the")] == [
        "phone/closed", "phone/listed/in.txt", "phone/secret.txt", "in.txt",
    ]  # fmt: skip


def test_a_zip_is_opened_whatever_it_is_called(tmp_path: Path) -> None:
    """Members are exports named after the zip; folders in it are not listed."""
    zipped(tmp_path / "takeout.bin", {"chats/": b"", "chats/a.txt": TEXT, "b.json": b"{}"})
    inventory = found(tmp_path / "takeout.bin")
    assert names(inventory) == ["takeout.bin/chats/a.txt", "takeout.bin/b.json"]
    assert contents(inventory.exports[0]) == TEXT
    assert inventory.exports[0].bytes == len(TEXT)
    assert inventory.exports[0].extract == inventory.exports


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("report.xlsx", {"xl/workbook.xml": b"<x/>"}),
        ("renamed.zip", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
        ("late.zip", {"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<Types/>"}),
        ("book", {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}),
        ("phone.ufdr", {"files/a.txt": TEXT, "report.xml": b"<project/>"}),
        (
            "phone.zip",
            {"files/a.txt": TEXT, "Report.xml": b'<?xml version="1.0"?><project id="1"><sourceExtractions/></project>'},
        ),
    ],
)
def test_a_document_that_is_a_zip_is_one_export(tmp_path: Path, name: str, members: Mapping[str, bytes]) -> None:
    """Workbooks, documents and UFDR reports are handed over whole, on disk and inside a zip."""
    zipped(tmp_path / name, members)
    inventory = found(tmp_path / name)
    assert names(inventory) == [name] and inventory.exports[0].member is None
    outer = zipped(tmp_path / "outer.zip", {name: (tmp_path / name).read_bytes()})
    assert names(found(outer)) == [f"outer.zip/{name}"]


def test_zips_inside_zips_are_opened_one_level_deep(tmp_path: Path) -> None:
    """The inner copy lives as long as the inventory or an export; a third level is a line."""
    deepest = packed({"c.txt": TEXT})
    inner = packed({"b.txt": TEXT, "deeper.zip": deepest})
    outer = zipped(tmp_path / "outer.zip", {"a.txt": TEXT, "inner.zip": inner})
    inventory = found(outer)
    assert names(inventory) == ["outer.zip/a.txt", "outer.zip/inner.zip/b.txt"]
    assert contents(inventory.exports[1]) == TEXT
    [(name, reason)] = inventory.unreadable
    assert name == "outer.zip/inner.zip/deeper.zip" and "unpack it" in reason
    copy, exports = inventory.exports[1].path, inventory.exports
    del inventory
    assert copy.exists()
    del exports
    gc.collect()
    assert not copy.exists()


def test_exports_can_go_to_a_worker(tmp_path: Path) -> None:
    """They are pickled, and read the same there."""
    inventory = found(zipped(tmp_path / "outer.zip", {"inner.zip": packed({"b.txt": TEXT})}))
    assert [contents(export) for export in pickle.loads(pickle.dumps(inventory.exports))] == [TEXT]


def test_an_encrypted_member_is_a_line_and_the_others_are_read(tmp_path: Path) -> None:
    """The password is asked for, not guessed."""
    path = zipped(tmp_path / "a.zip", {"secret.xml": TEXT, "open.xml": TEXT})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    inventory = found(path)
    assert names(inventory) == ["a.zip/open.xml"]
    assert inventory.unreadable == [("a.zip/secret.xml", "it is encrypted: ask for the password and unpack it first")]


def test_a_member_that_expands_too_much_is_not_read(tmp_path: Path) -> None:
    """More than 100 times and above 10 MB; a small one may."""
    path = zipped(tmp_path / "a.zip", {"bomb.txt": b"a" * 10_000_001, "small.txt": b"a" * 10_000_000, "ok.txt": TEXT})
    inventory = found(path)
    assert names(inventory) == ["a.zip/small.txt", "a.zip/ok.txt"]
    assert inventory.unreadable == [("a.zip/bomb.txt", "it expands more than 100 times (10,000,001 bytes): it is not read")]


def test_members_above_the_limit_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first ones are, and a line says how many are not."""
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    path = zipped(tmp_path / "a.zip", {f"{i}.txt": TEXT for i in range(4)})
    inventory = found(path)
    assert len(inventory.exports) == 3
    assert inventory.unreadable == [("a.zip", "it has 4 members: 1 after the first 3 are not read")]
    assert not found(zipped(tmp_path / "b.zip", {f"{i}.txt": TEXT for i in range(3)})).unreadable


def test_an_archive_that_claims_more_than_any_phone_holds(tmp_path: Path) -> None:
    """500 GB are the limit for all members together."""
    path = zipped(tmp_path / "a.zip", {"a.txt": TEXT, "b.txt": TEXT, "c.txt": TEXT}, zipfile.ZIP_STORED)
    data = path.read_bytes()
    entry = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    size = struct.pack("<HHQ", 1, 8, 500 * 10**9)
    length = struct.unpack_from("<H", data, entry + 28)[0]
    head = bytearray(data[entry : entry + 46 + length])
    head[24:28], head[30:32] = b"\xff" * 4, struct.pack("<H", len(size))
    end = bytearray(data[-22:])
    end[12:16] = struct.pack("<I", struct.unpack_from("<I", end, 12)[0] + len(size))
    path.write_bytes(data[:entry] + head + size + data[entry + 46 + length : -22] + end)
    inventory = found(path)
    assert names(inventory) == ["a.zip/a.txt"]
    [(name, reason)] = inventory.unreadable
    assert name == "a.zip/b.txt" and ("500 GB" in reason or "expands" in reason)


def test_members_that_overlap_are_not_read(tmp_path: Path) -> None:
    """The same packed bytes under many names are how a small file fills a disk."""
    path = zipped(tmp_path / "a.zip", {"a.txt": os.urandom(5000)})
    data = path.read_bytes()
    entry = data[data.find(b"PK\x01\x02") : -22]
    end = bytearray(data[-22:])
    end[8:12], end[12:16] = struct.pack("<HH", 9, 9), struct.pack("<I", 9 * len(entry))
    path.write_bytes(data[: data.find(b"PK\x01\x02")] + entry * 9 + end)
    inventory = found(path)
    assert not inventory.exports and "overlap" in inventory.unreadable[0][1]


def test_names_that_lead_out_of_the_archive_are_listed_and_not_read(tmp_path: Path) -> None:
    """Upwards, absolute, with backslashes and with a drive letter; two dots inside a name are just a name."""
    bad = ["../up.txt", "a/../../up.txt", "/etc/passwd", "..\\up.txt", "C:\\up.txt"]
    path = zipped(tmp_path / "a.zip", dict.fromkeys([*bad, "a..b/c..txt"], TEXT))
    inventory = found(path)
    assert names(inventory) == ["a.zip/a..b/c..txt"]
    assert [name for name, _ in inventory.unreadable] == [f"a.zip/{name}".replace("\\", "/") for name in bad]
    assert all("listed and not read" in reason for _, reason in inventory.unreadable)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.zip"]


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path) -> None:
    """It is a line."""
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as out:
        out.writestr(info, "/etc/passwd")
    assert found(tmp_path / "a.zip").unreadable == [("a.zip/link.txt", "it is a link; links are not followed")]


def test_an_unknown_packing_method_is_a_line(tmp_path: Path) -> None:
    """Deflate64, which Windows uses for large files, is named with the way out."""
    path = zipped(tmp_path / "a.zip", {"big.xml": TEXT, "b.txt": TEXT})
    data = bytearray(path.read_bytes())
    data[8] = 9
    data[data.find(b"PK\x01\x02") + 10] = 9
    path.write_bytes(data)
    inventory = found(path)
    assert names(inventory) == ["a.zip/b.txt"]
    assert inventory.unreadable[0][0] == "a.zip/big.xml" and "number 9" in inventory.unreadable[0][1]


def test_names_that_occur_twice_in_one_zip(tmp_path: Path) -> None:
    """Blank and equal copies are set aside; different ones are all read."""
    path = tmp_path / "a.zip"
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "w") as out:
        for name, datas in {"m.json": (TEXT, b"\0" * 50), "n.json": (TEXT, TEXT), "o.json": (b"1", b"2")}.items():
            for data in datas:
                out.writestr(name, data)
    inventory = found(path)
    assert {export.name: contents(export) for export in inventory.exports} == {
        "a.zip/m.json": TEXT, "a.zip/n.json": TEXT, "a.zip/o.json (copy 1 of 2)": b"1", "a.zip/o.json (copy 2 of 2)": b"2",
    }  # fmt: skip
    assert [name for name, _ in inventory.set_aside] == ["a.zip/m.json", "a.zip/n.json"]


def test_a_damaged_member_whose_name_occurs_twice(tmp_path: Path) -> None:
    """It is a line and the whole copy is read; nothing half written stays behind."""
    path = tmp_path / "a.zip"
    noise = os.urandom(2_000_000)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "w") as out:
        out.writestr("m.json", noise)
        out.writestr("m.json", TEXT)
    data = bytearray(path.read_bytes())
    data[1_500_000] ^= 1
    path.write_bytes(data)
    inventory = found(path)
    assert [contents(export) for export in inventory.exports] == [TEXT]
    [(name, reason)] = inventory.unreadable
    assert name.startswith("a.zip/m.json") and "damaged" in reason
    assert len(list(inventory.exports[0].path.parent.iterdir())) == 1


def test_part_zips_with_a_blank_copy(tmp_path: Path) -> None:
    """The copy that holds something is read, and the ledger says so; two full copies are both read."""
    one = zipped(tmp_path / "part1.zip", {"m.json": b"\0" * 2000, "e.json": b"", "both.json": b"1"})
    two = zipped(tmp_path / "part2.zip", {"m.json": TEXT, "e.json": TEXT, "both.json": b"2"})
    inventory = found(one, two)
    assert names(inventory) == ["part1.zip/both.json", "part2.zip/m.json", "part2.zip/e.json", "part2.zip/both.json"]
    assert inventory.set_aside == [
        ("part1.zip/m.json", "empty or filled with zeros; part2.zip/m.json is read instead"),
        ("part1.zip/e.json", "empty or filled with zeros; part2.zip/e.json is read instead"),
    ]
    assert names(found(one)) == ["part1.zip/m.json", "part1.zip/e.json", "part1.zip/both.json"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_cut_zip_keeps_what_came_before_the_break(tmp_path: Path, method: int) -> None:
    """The whole first member, the beginning of the second, and a line for the archive and for the cut member."""
    noise = os.urandom(4000).hex().encode()
    data = packed({"first.txt": TEXT * 20, "second.txt": noise}, method)
    (tmp_path / "cut.zip").write_bytes(data[: data.find(b"second.txt") + 3000])
    inventory = found(tmp_path / "cut.zip")
    assert names(inventory) == ["cut.zip/first.txt", "cut.zip/second.txt"]
    assert contents(inventory.exports[0]) == TEXT * 20
    part = contents(inventory.exports[1])
    assert 1000 < len(part) == inventory.exports[1].bytes and noise.startswith(part)
    (whole, reason), (member, cut) = inventory.unreadable
    assert whole == "cut.zip" and "cut off or damaged" in reason and "again" in reason
    assert member == "cut.zip/second.txt" and cut == f"it is cut off; the first {len(part):,} bytes are read"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_cut_zip_that_was_written_as_a_stream(tmp_path: Path, method: int) -> None:
    """Such a zip has its sizes behind each member; whole members are found all the same."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as out:
        out.writestr("a.txt", TEXT * 9)
        out.writestr("b.txt", TEXT)
        out.writestr("c.txt", TEXT)
    cut = bytes(pipe.data[: pipe.data.find(b"c.txt") + 2])
    (tmp_path / "cut.zip").write_bytes(cut)
    inventory = found(tmp_path / "cut.zip")
    assert {export.name: contents(export) for export in inventory.exports} == {"cut.zip/a.txt": TEXT * 9, "cut.zip/b.txt": TEXT}


def test_damage_in_the_middle_of_a_cut_zip(tmp_path: Path) -> None:
    """A member whose check sum does not agree is read and named; the ones after it are found."""
    data = bytearray(packed({"a.txt": b"A" * 500, "b.txt": TEXT}, zipfile.ZIP_STORED))
    data[100] = 0x42
    (tmp_path / "d.zip").write_bytes(data[: data.find(b"PK\x01\x02")])
    inventory = found(tmp_path / "d.zip")
    assert names(inventory) == ["d.zip/a.txt", "d.zip/b.txt"]
    assert "check sum" in inventory.unreadable[1][1]


def test_a_bomb_in_a_cut_zip_is_stopped(tmp_path: Path) -> None:
    """Without a table of contents nothing says how large a member becomes; it is watched while it is unpacked."""
    data = packed({"bomb.txt": b"\0" * 60_000_000, "b.txt": TEXT})
    (tmp_path / "d.zip").write_bytes(data[: data.find(b"PK\x01\x02")])
    inventory = found(tmp_path / "d.zip")
    assert any("expands more than 100 times" in reason for _, reason in inventory.unreadable)
    assert contents(inventory.exports[-1]) == TEXT


def test_a_damaged_member_of_a_whole_zip_is_a_line(tmp_path: Path) -> None:
    """Its header is overwritten; the other is read."""
    path = zipped(tmp_path / "a.zip", {"a.txt": TEXT, "b.txt": TEXT}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.rfind(b"PK\x03\x04")] = 0
    path.write_bytes(data)
    inventory = found(path)
    assert names(inventory) == ["a.zip/a.txt"]
    assert inventory.unreadable[0][0] == "a.zip/b.txt" and "damaged" in inventory.unreadable[0][1]


def test_an_empty_zip_is_a_line(tmp_path: Path) -> None:
    """Nothing was exported into it."""
    assert found(zipped(tmp_path / "a.zip", {})).unreadable == [("a.zip", "the archive is empty")]


def test_a_zip_larger_than_4_gb(tmp_path: Path) -> None:
    """A member behind the 4 GB mark is read. The file is mostly a hole and takes little room."""
    block = b"\0" * (64 << 20)

    class Sparse(io.FileIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            if len(data) == len(block):
                self.seek(len(data), io.SEEK_CUR)
                return len(data)
            return super().write(data) or 0

    path = tmp_path / "large.zip"
    with Sparse(path, "wb") as raw, zipfile.ZipFile(raw, "w") as out:
        with out.open("hole.bin", "w", force_zip64=True) as member:
            for _ in range(65):
                member.write(block)
        out.writestr("after.txt", TEXT)
    assert path.stat().st_size > 4 << 30
    inventory = found(path)
    assert [(export.name, export.bytes) for export in inventory.exports] == [
        ("large.zip/hole.bin", 65 * len(block)), ("large.zip/after.txt", len(TEXT)),
    ]  # fmt: skip
    assert contents(inventory.exports[1]) == TEXT


@pytest.mark.parametrize("name", ["__MACOSX/a/._b.txt", ".DS_Store", "a/._x", "Thumbs.db"])
def test_clutter_of_the_system_is_set_aside(tmp_path: Path, name: str) -> None:
    """In a folder and in a zip alike: it is no problem, and it is listed."""
    zipped(tmp_path / "a.zip", {name: b"clutter", "b.txt": TEXT})
    (tmp_path / "f" / name).parent.mkdir(parents=True)
    (tmp_path / "f" / name).write_bytes(b"clutter")
    inventory = found(tmp_path / "f", tmp_path / "a.zip")
    assert names(inventory) == ["a.zip/b.txt"]
    assert inventory.set_aside == [(f"f/{name}", CLUTTER), (f"a.zip/{name}", CLUTTER)]


def test_media_are_set_aside_by_their_bytes_or_by_their_name(tmp_path: Path) -> None:
    """A photo under a false name is a photo; a text that is called .jpg is read; text in UTF-16 is text."""
    frame = b"\xff\xfb\x90\0\xfe"
    files = {
        "photo.txt": JPEG, "note.opus": b"OggS\0\2" + b"\1" * 40, "clip.mp4": b"\0\0\0\x18ftypmp42" + b"\0" * 20,
        "odd.mp3": frame, "text.jpg": TEXT, "utf16.mp3": "\ufeffhi".encode("utf-16-le"), "accent.png": "é".encode() * 3000,
        "data.bin": frame,
    }  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    inventory = found(*(tmp_path / name for name in files))
    assert names(inventory) == ["text.jpg", "utf16.mp3", "accent.png", "data.bin"]
    assert [name for name, _ in inventory.set_aside] == ["photo.txt", "note.opus", "clip.mp4", "odd.mp3"]
    assert inventory.set_aside[0][1] == "media file; shown by name where a message mentions it"


def test_archives_of_other_kinds_are_lines(tmp_path: Path) -> None:
    """They must be unpacked by hand."""
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 30)
    (tmp_path / "a.tgz").write_bytes(b"\x1f\x8b\x08" + b"\0" * 30)
    inventory = found(tmp_path / "a.7z", tmp_path / "a.tgz")
    assert not inventory.exports
    assert [reason.split()[0] for _, reason in inventory.unreadable] == ["7-Zip", "gzip"]


@pytest.mark.parametrize("kind", ["folder", "zip", "single", "both named"])
def test_logs_beside_a_database_are_read_together_with_it(tmp_path: Path, kind: str) -> None:
    """They are no exports of their own, and the database can find them; also beside a database that is named alone."""
    folder = tmp_path / "f"
    folder.mkdir()
    path = database(folder / "sms.db")
    files = {each.name: each.read_bytes() for each in sorted(folder.iterdir())}
    whole = zipped(tmp_path / "f.zip", files)
    paths = {"folder": [folder], "zip": [whole], "single": [path], "both named": [folder / "sms.db-wal", path]}
    inventory = found(*paths[kind])
    [export] = inventory.exports
    assert export.title == "sms.db"
    assert sorted(other.title for other in export.extract) == ["sms.db", "sms.db-shm", "sms.db-wal"]
    assert {name.rpartition("/")[2]: reason.split(";")[0] for name, reason in inventory.set_aside} == {
        "sms.db-wal": "read together with sms.db", "sms.db-shm": "read together with sms.db",
    }  # fmt: skip


def test_a_log_without_its_database_is_an_export(tmp_path: Path) -> None:
    """Nothing vanishes; nor does a file whose name only looks like a log's."""
    folder = tmp_path / "f"
    folder.mkdir()
    for name in ("sms.db-wal", "diary", "diary-journal"):
        (folder / name).write_bytes(TEXT)
    assert names(found(folder)) == ["f/diary", "f/diary-journal", "f/sms.db-wal"]


def test_names_that_are_not_text_fit_on_one_line(tmp_path: Path) -> None:
    """Line breaks and bytes that are not UTF-8 are spelled out; the file is read."""
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a\nb.txt").write_bytes(TEXT)
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_bytes(TEXT)
    inventory = found(folder)
    assert names(inventory) == ["f/a\\x0ab.txt", "f/caf\\xe9.txt"]
    assert contents(inventory.exports[1]) == TEXT


def test_the_same_paths_give_the_same_inventory(tmp_path: Path) -> None:
    """Twice the same search, twice the same lists."""
    (tmp_path / "f").mkdir()
    for number in range(20):
        (tmp_path / "f" / f"{number}.txt").write_bytes(TEXT)
    zipped(tmp_path / "f" / "z.zip", {"b.txt": TEXT, "a.txt": TEXT, "p.jpg": JPEG})
    first, second = found(tmp_path / "f"), found(tmp_path / "f")
    assert names(first) == names(second)
    assert (first.unreadable, first.set_aside) == (second.unreadable, second.set_aside)
