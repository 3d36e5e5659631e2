"""The command line as a user runs it: exit codes, one line for what is wrong, the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from detector import synthetic
from detector.synthetic.exports import write

ROOT = Path(__file__).resolve().parent.parent
OWNER = ("--owner", synthetic.OWNER.name, "--owner", synthetic.OWNER.number)
LONDON = ("--timezone", "Europe/London")
SMS = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"1\">\n{}</smses>\n"
ROW = '<sms address="+447700900101" date="1704150600000" type="1" body="hello" contact_name="Alex" />\n'


def run(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", "from detector.cli import main; main()", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's extract, in a path with a space."""
    folder = tmp_path_factory.mktemp("a place") / "extract"
    write(synthetic.demo().lines, folder)
    return folder


def test_analyse_twice_and_in_parallel_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    """No clock, no randomness, no machine's name, no order of workers."""
    for name, jobs in (("a", 1), ("b", 1), ("c", 2)):
        done = run("analyse", demo, "--out", tmp_path / name, *OWNER, *LONDON, "--jobs", jobs)
        assert done.returncode == 0, done.stderr + done.stdout
    names = sorted(path.name for path in (tmp_path / "a").iterdir())

    assert {"ledger.json", "events.parquet", "contacts.json", "findings.json", "timeline.svg", "manifest.json"} <= set(names)
    for name in names:
        first = (tmp_path / "a" / name).read_bytes()
        assert first == (tmp_path / "b" / name).read_bytes() == (tmp_path / "c" / name).read_bytes(), name
        assert str(tmp_path).encode() not in first


def test_contract_of_the_outputs(demo: Path, tmp_path: Path) -> None:
    """The keys that others rely on."""
    run("analyse", demo, "--out", tmp_path, *OWNER, *LONDON)
    ledger = json.loads((tmp_path / "ledger.json").read_text("utf-8"))
    contacts = json.loads((tmp_path / "contacts.json").read_text("utf-8"))
    findings = json.loads((tmp_path / "findings.json").read_text("utf-8"))
    events = pq.read_table(tmp_path / "events.parquet")

    assert {"detector", "settings", "rules_sha256", "sources", "events"} <= set(ledger)
    source_keys = {
        "path",
        "sha256",
        "bytes",
        "format",
        "records",
        "events",
        "skipped",
        "problems",
        "first",
        "last",
        "zone",
        "zone_basis",
        "owner",
        "owner_basis",
    }
    assert all(source_keys <= set(source) for source in ledger["sources"])
    assert all(s["records"] == s["events"] + s["skipped"] + len(s["problems"]) for s in ledger["sources"])
    assert ledger["events"] == events.num_rows == sum(s["events"] for s in ledger["sources"])
    assert {"id", "at", "kind", "channel", "direction", "handle", "contact", "text", "seconds", "outcome", "thread"} <= set(
        events.column_names
    )
    assert {
        "contact",
        "names",
        "handles",
        "incoming",
        "outgoing",
        "first",
        "last",
        "contact_days",
        "set_aside",
        "attention",
    } <= set(contacts[0])
    assert [c["attention"]["rank"] for c in contacts] == list(range(1, len(contacts) + 1))
    finding_keys = {
        "pattern",
        "title",
        "contact",
        "direction",
        "four",
        "strength",
        "start",
        "end",
        "count",
        "measured",
        "thresholds",
        "summary",
        "evidence",
        "counter_evidence",
    }
    assert all(finding_keys <= set(finding) for finding in findings)
    assert contacts[0]["contact"] == "+447700900101"


def test_show_prints_the_original_record(demo: Path, tmp_path: Path) -> None:
    """For an event of every source, by its id alone."""
    run("analyse", demo, "--out", tmp_path, *OWNER, *LONDON)
    events = pq.read_table(tmp_path / "events.parquet", columns=["id", "source", "locator", "text"]).to_pandas()
    for _, event in events.groupby("source", observed=True).first().iterrows():
        done = run("show", event["id"], demo)

        assert done.returncode == 0, done.stderr
        shown = json.loads(done.stdout)
        assert shown["locator"] == event["locator"]
        assert shown["sha256"].startswith(event["id"][:12])


def test_problems_are_listed_and_the_exit_status_says_so(tmp_path: Path) -> None:
    """A damaged record, a file nobody knows and an empty one; the rest is analysed."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "sms.xml").write_text(SMS.format(ROW) + "<sms address=", "utf-8")
    (folder / "notes.bin").write_bytes(b"\x00\x01\x02")
    (folder / "empty.xml").write_bytes(b"")
    done = run("analyse", folder, "--out", tmp_path / "out")
    ledger = json.loads((tmp_path / "out" / "ledger.json").read_text("utf-8"))

    assert done.returncode == 3
    assert "in/notes.bin" in done.stdout
    assert "empty file" in done.stdout
    assert ledger["events"] == 1


@pytest.mark.parametrize(("arguments", "said"), [
    (["analyse", "nowhere", "--out", "x"], "nowhere"),
    (["analyse", "README.md"], "--out"),
    (["analyse", "README.md", "--out", "x", "--timezone", "Mars/Base"], 'no time zone is called "Mars/Base"'),
    (["analyse", "README.md", "--out", "x", "--date-order", "DDMM"], "DMY"),
    (["analyse", "README.md", "--out", "x", "--jobs", "0"], "0"),
    (["show", "nonsense", "README.md"], "is no event id"),
    (["show", "0123456789ab:sms[1]", "README.md"], "0123456789ab"),
    (["verify", "tests"], "manifest.json"),
    (["frobnicate"], "frobnicate"),
])  # fmt: skip
def test_wrong_use_is_one_line_and_status_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    """With the value and the way out, and no traceback."""
    done = run(*[str(tmp_path / "x") if a == "x" else a for a in arguments])

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_markers_and_settings_are_read_and_their_mistakes_said(tmp_path: Path) -> None:
    """A wrong key is one line; a stop that a person enters makes the finding firm."""
    rows = "".join(ROW.replace("1704150600000", str(1704150600000 + day * 86_400_000)) for day in range(4))
    (tmp_path / "sms.xml").write_text(SMS.format(rows), "utf-8")
    (tmp_path / "markers.toml").write_text('[[marker]]\nkind = "stop"\nat = 2024-01-02\ncontact = "Alex"\n', "utf-8")
    (tmp_path / "wrong.toml").write_text('[[marker]]\nkind = "stopp"\nat = 2024-01-02\n', "utf-8")
    (tmp_path / "settings.toml").write_text("[barrage]\ncontacts = 2\nminutes = 6000\n", "utf-8")
    wrong = run("analyse", tmp_path / "sms.xml", "--out", tmp_path / "out", "--markers", tmp_path / "wrong.toml")
    done = run(
        "analyse",
        tmp_path / "sms.xml",
        "--out",
        tmp_path / "out",
        "--markers",
        tmp_path / "markers.toml",
        "--settings",
        tmp_path / "settings.toml",
    )
    findings = json.loads((tmp_path / "out" / "findings.json").read_text("utf-8"))

    assert wrong.returncode == 2
    assert 'kind "stopp" is not known. Did you mean stop?' in wrong.stderr
    assert done.returncode == 0
    assert {f["pattern"]: f["strength"] for f in findings if f["pattern"] in ("barrage", "contact_after_stop")} == {
        "barrage": "Pattern",
        "contact_after_stop": "Pattern",
    }


def test_verify_finds_what_was_changed(demo: Path, tmp_path: Path) -> None:
    """An unchanged case passes; a changed byte is named."""
    run("analyse", demo, "--out", tmp_path, *OWNER, *LONDON)
    assert run("verify", tmp_path).returncode == 0
    file = tmp_path / "findings.json"
    file.write_text(file.read_text("utf-8").replace("barrage", "banquet", 1), "utf-8")
    done = run("verify", tmp_path)

    assert done.returncode == 3
    assert "findings.json" in done.stdout


@pytest.mark.parametrize("command", ["formats", "patterns"])
def test_lists(command: str) -> None:
    """Each format and pattern by its name."""
    from detector.formats import FORMATS
    from detector.patterns import PATTERNS

    done = run(command)
    names = {line for line in done.stdout.splitlines() if line and not line.startswith(" ")}

    assert done.returncode == 0
    assert names == {one.name for one in (FORMATS if command == "formats" else PATTERNS)}
