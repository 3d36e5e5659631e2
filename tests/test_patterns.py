"""The contract that every pattern keeps, on a made-up case with every kind of conduct planted."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest

from detector import patterns, synthetic
from detector.case import Case, analyse, view
from detector.export import Options
from detector.finding import FOUR, Pattern
from detector.pairs import Events
from detector.patterns import PATTERNS
from detector.synthetic.exports import markers, write
from detector.zones import zone_info

OWNER = (synthetic.OWNER.name, synthetic.OWNER.number)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Everything planted, everything innocent, read from real export files."""
    folder = tmp_path_factory.mktemp("extract")
    lines = synthetic.case().lines
    write(lines, folder)
    return analyse([folder], Options(owner=OWNER, timezone="Europe/London", date_order="DMY"), markers_text=markers(lines))


def events_of(case: Case, rows: np.ndarray | None = None) -> Events:
    events = case.events if rows is None else case.events.iloc[rows].reset_index(drop=True)
    aside = {contact.contact: contact.set_aside for contact in case.contacts if contact.set_aside}
    hits = case.hits if rows is None else case.hits.iloc[:0]
    return view(events, hits, zone_info(case.zone), aside, case.markers, case.links)


def test_patterns_are_the_modules_of_their_folder() -> None:
    """PATTERNS lists each module of detector/patterns once, under its own name."""
    modules = {path.stem for path in Path(patterns.__file__).parent.glob("*.py")} - {"__init__"}

    assert sorted(pattern.name for pattern in PATTERNS) == sorted(modules)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_nothing_in_nothing_out(case: Case, pattern: Pattern[object]) -> None:
    """No events, no findings."""
    assert list(pattern.find(events_of(case, np.empty(0, int)), pattern.settings)) == []


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_finding_is_complete(case: Case, pattern: Pattern[object]) -> None:
    """Its records exist, its numbers stand beside the thresholds, its words say what was observed."""
    ids = set(case.events["id"])
    found = [finding for finding in case.findings if finding.pattern == pattern.name]
    assert found, "the made-up case plants every pattern"
    for finding in found:
        assert set(finding.evidence) <= ids
        assert set(finding.counter_evidence) <= ids
        assert finding.count >= 1
        assert finding.thresholds == asdict(pattern.settings)
        assert finding.measured
        assert finding.summary.strip().endswith(".")
        assert finding.start <= finding.end
        assert finding.start.tzinfo is not None
        assert set(finding.four) <= set(FOUR)


def test_words_to_avoid(case: Case) -> None:
    """No finding labels a person, claims an offence or scores a risk."""
    avoided = (
        "stalk",
        "harass",
        "victim",
        "perpetrator",
        "offence",
        "breach",
        "silent call",
        "fake",
        "risk",
        "guilt",
        "manipulat",
        "mutual",
        "threat made",
    )
    texts = [f"{finding.title} {finding.summary}".lower() for finding in case.findings] + [
        pattern.title.lower() for pattern in PATTERNS
    ]

    assert [(word, text) for text in texts for word in avoided if word in text] == []


def test_an_unrelated_contact_changes_nothing(case: Case) -> None:
    """Findings about one contact are the same without the innocent others.

    Night contact is left out: it compares with the owner's other contacts by definition.
    """
    innocent = {contact for contact in synthetic.case().innocent if contact in set(case.events["contact"])}
    rows = np.flatnonzero(~case.events["contact"].isin(innocent).to_numpy())
    others = [p for p in PATTERNS if p.name not in ("night_contact", "harm_statement", "many_senders")]
    alone = patterns.find(events_of(case, rows), {}, others)
    names = {p.name for p in others}

    assert [f for f in alone if f.contact not in innocent] == [
        f for f in case.findings if f.contact not in innocent and f.pattern in names
    ]


def test_settings_are_documented() -> None:
    """Each pattern's thresholds are fields of a frozen dataclass with a docstring."""
    for pattern in PATTERNS:
        assert fields(pattern.settings)
        assert type(pattern.settings).__doc__
        assert pattern.find.__doc__


def test_row_order_does_not_matter(tmp_path: Path, case: Case) -> None:
    """The same lines written in another order give the same findings but for the places in the file."""
    lines = list(synthetic.case().lines)
    write(lines[::-1], tmp_path)
    again = analyse([tmp_path], Options(owner=OWNER, timezone="Europe/London", date_order="DMY"), markers_text=markers(lines))

    def told(one: Case) -> list[tuple[object, ...]]:
        return [(f.pattern, f.contact, f.direction, f.start, f.end, f.count, f.strength) for f in one.findings]

    assert sorted(map(str, told(again))) == sorted(map(str, told(case)))
