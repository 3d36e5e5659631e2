"""Made-up cases: what is planted is found, what is innocent is left in peace."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector import synthetic
from detector.case import Case, analyse
from detector.export import Options
from detector.synthetic.conduct import CONDUCT
from detector.synthetic.exports import markers, write
from detector.synthetic.innocent import INNOCENT

OWNER = (synthetic.OWNER.name, synthetic.OWNER.number)


@pytest.fixture(scope="module", params=[1, 2, 3])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[synthetic.Case, Case]:
    """A made-up case and what is found in its export files."""
    made = synthetic.case(request.param)
    folder = tmp_path_factory.mktemp("extract")
    write(made.lines, folder)
    return made, analyse(
        [folder], Options(owner=OWNER, timezone="Europe/London", date_order="DMY"), markers_text=markers(made.lines)
    )


def test_every_record_is_read(both: tuple[synthetic.Case, Case]) -> None:
    """Every line that was written is an event, with its direction."""
    made, case = both
    written = len(made.lines)
    extra = sum(source["events"] for source in case.ledger["sources"]) - written

    assert all(source["format"] for source in case.ledger["sources"]), [
        s["path"] for s in case.ledger["sources"] if not s["format"]
    ]
    assert not any(source["problems"] for source in case.ledger["sources"])
    assert extra >= 0  # each chat also has a notice and a deleted message, the landline list one call of the owner's
    known = case.events[case.events["kind"] != "notice"]
    assert (known["direction"] != "unknown").all()


@pytest.mark.parametrize("pattern", sorted(CONDUCT))
def test_planted_conduct_is_found(both: tuple[synthetic.Case, Case], pattern: str) -> None:
    """On the contact on which it was planted, as done by the contact."""
    made, case = both
    contact = next(number for number, names in made.planted.items() if pattern in names)
    found = {finding.contact for finding in case.findings if finding.pattern == pattern and finding.direction == "in"}

    assert contact in found or (pattern == "many_senders" and found)


@pytest.mark.parametrize("look_alike", sorted(INNOCENT))
def test_innocent_look_alikes_have_nothing_at_strength_pattern(both: tuple[synthetic.Case, Case], look_alike: str) -> None:
    """In neither direction."""
    made, case = both
    number = next(number for number, name in made.innocent.items() if name == look_alike)
    mine = {contact.contact for contact in case.contacts if number in {handle.handle for handle in contact.handles}} | {number}

    assert [(f.pattern, f.direction) for f in case.findings if f.contact in mine and f.strength == "Pattern"] == []


def test_automated_senders_and_groups_are_set_aside(both: tuple[synthetic.Case, Case]) -> None:
    """They are listed, after the people."""
    _, case = both
    aside = {contact.contact: contact.set_aside for contact in case.contacts}

    assert (aside["62226"], aside["ParcelCo"], aside["withheld"]) == ("automated", "automated", "withheld")
    assert "group" in aside.values()
    order = [contact.set_aside is None for contact in case.contacts]
    assert order == sorted(order, reverse=True)


def test_the_same_seed_gives_the_same_case() -> None:
    """And another seed another one."""
    assert synthetic.case(5) == synthetic.case(5)
    assert synthetic.case(5).lines != synthetic.case(6).lines


def test_demo_writes_the_same_files_twice(tmp_path: Path) -> None:
    """Byte for byte."""
    for name in ("a", "b"):
        write(synthetic.demo().lines, tmp_path / name)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())

    assert files
    assert [(tmp_path / "a" / f).read_bytes() for f in files] == [(tmp_path / "b" / f).read_bytes() for f in files]
