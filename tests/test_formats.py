"""Every format: golden cases, and the contract that all of them keep.

A case is tests/formats/<format>/<case>, a file, a folder or an .sql dump of a database, with <case>.expected.json beside it, and perhaps
<case>.options.json with what a person would say. `--rewrite` writes the expected files anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import formats
from detector.event import SCHEMA
from detector.export import Export, Options
from detector.formats import FORMATS
from detector.ingest import Source, read, recognise
from detector.inventory import find_exports

CASES = Path(__file__).parent / "formats"
TIMES = ("at", "sent_at")


def cases() -> Iterator[tuple[str, Path]]:
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        for case in sorted(folder.iterdir()):
            if not case.name.endswith((".expected.json", ".options.json")):
                yield folder.name, case


def exports_of(case: Path, scratch: Path) -> list[Export]:
    said = case.with_name(case.name + ".options.json")
    given_ = json.loads(said.read_text("utf-8")) if said.is_file() else {}
    options = Options(**{key: tuple(value) if isinstance(value, list) else value for key, value in given_.items()})
    return find_exports([_database(case, scratch) if case.suffix == ".sql" else case], options).exports


def _database(case: Path, scratch: Path) -> Path:
    path = scratch / case.stem
    connection = sqlite3.connect(path)
    connection.executescript(case.read_text("utf-8"))
    connection.close()
    return path


def result(table: pa.Table, source: Source) -> dict[str, Any]:
    """What a golden file holds: everything that a format says about one file."""
    facts = {name: value for name, value in vars(source.facts).items() if value and name != "notes"}
    events = [
        {name: _plain(value) for name, value in row.items() if value is not None and name not in ("id", "source")}
        for row in table.to_pylist()
    ]
    problems = [list(pair) for pair in source.problems]
    return {
        "format": source.format, "records": source.records, "facts": facts, "notes": source.notes, "skipped": dict(sorted(source.skipped.items())),
        "problems": problems, "events": events,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize(("format", "case"), list(cases()), ids=lambda value: value.name if isinstance(value, Path) else value)
def test_golden(format: str, case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A case gives what its expected file says, counts add up, the schema holds, and only its own format recognises it."""
    found = {}
    for export in exports_of(case, tmp_path):
        table, (source,) = read([export])
        claimed = [one.name for one in FORMATS if one.recognises(export)]

        assert source.records == table.num_rows + sum(source.skipped.values()) + len(source.problems)
        assert table.schema.equals(SCHEMA)
        assert len(claimed) <= 1, f"{export.name} is claimed by {claimed}"
        if source.format:
            found[export.name] = result(table, source)

    assert format in {one["format"] for one in found.values()}
    expected = case.with_name(case.name + ".expected.json")
    if request.config.getoption("--rewrite"):
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8", newline="\n")
    assert found == json.loads(expected.read_text("utf-8"))


def test_every_format_has_a_case() -> None:
    """No format without a golden case."""
    assert {folder.name for folder in CASES.iterdir() if folder.is_dir()} == {one.name for one in FORMATS}


def test_formats_are_the_modules_of_their_folder() -> None:
    """FORMATS lists each module of detector/formats once, under its own name."""
    modules = {path.stem for path in Path(formats.__file__).parent.glob("*.py")} - {"__init__"}

    assert sorted(one.name for one in FORMATS) == sorted(modules)


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"",
            b"<smses>",
            b"PK\x03\x04",
            b"SQLite format 3\0",
            b'{"messages": [{"sender_name": ',
            b"[01/02/2024, 10:00:00] a: b",
            b"Date,Number,Type\n",
        ]
    ),
    rest=st.binary(max_size=400),
)
def test_recognising_never_raises(start: bytes, rest: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the bytes are, recognising answers and reading keeps its counts."""
    path = tmp_path_factory.getbasetemp() / "anything"
    path.write_bytes(start + rest)
    export = Export(path, "anything", len(start + rest))
    export.extract.append(export)

    recognise(export)
    table, (source,) = read([export])

    assert source.records == table.num_rows + sum(source.skipped.values()) + len(source.problems)
