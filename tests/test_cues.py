"""Cues: every file is run on its own examples, and the gate before them never hides a match."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.language.cues import FOLDER, WORDS, Cue, cues, rules_sha256
from detector.language.gate import ALARMS, Gate, pieces, required
from detector.language.labels import ASIDE, LABELS
from detector.language.normalise import fold, triggers, unpick
from detector.language.score import scan

ALL = list(cues().values())
FINDERS = [cue for cue in ALL if cue.kind == "cue"]
SUPPRESSORS = [cue for cue in ALL if cue.kind == "suppressor"]


def _title(cue: Cue) -> str:
    return cue.name


@pytest.mark.parametrize("cue", ALL, ids=_title)
def test_every_file_is_complete(cue: Cue) -> None:
    """Each file has examples both ways, says what it misses, and uses labels that exist."""
    assert min(len(cue.matches), len(cue.misses)) >= 5
    assert cue.title and cue.source and cue.misses_known
    assert cue.labels <= {*LABELS, *ASIDE}
    assert 0 < cue.weight <= 1
    assert not cue.partial or cue.label == "stop_request"


@pytest.mark.parametrize("cue", FINDERS, ids=_title)
def test_a_cue_finds_its_examples_and_leaves_the_others(cue: Cue) -> None:
    """What a file says it finds is found, unsuppressed; what it says it leaves is left, or found and suppressed."""
    found = {
        text: [hit for hit in scan(text) if hit.cue == cue.name and hit.suppressed is None]
        for text in (*cue.matches, *cue.misses)
    }
    assert [text for text in cue.matches if not found[text]] == []
    assert [(text, text[hit.start : hit.end]) for text in cue.misses for hit in found[text]] == []


@pytest.mark.parametrize("cue", SUPPRESSORS, ids=_title)
def test_a_suppressor_knows_its_examples(cue: Cue) -> None:
    """A suppressor's pattern is in its examples and in none of the others."""

    def caught(text: str) -> bool:
        return any(re.search(pattern, fold(text).text) for pattern in cue.patterns)

    assert [text for text in cue.matches if not caught(text)] == []
    assert [text for text in cue.misses if caught(text)] == []


@pytest.mark.parametrize("cue", ALL, ids=_title)
def test_patterns_are_written_as_texts_are_folded(cue: Cue) -> None:
    """A pattern with a capital, an accent or a slanted apostrophe could never match; one without words would run on every text."""
    for pattern in cue.patterns:
        spelt = list(pieces(pattern))
        assert [piece for piece in spelt if fold(piece).text != piece] == []
        assert cue.kind == "suppressor" or required(pattern), pattern


def test_files_of_words_are_not_cues() -> None:
    """Every file but words.toml is one cue, and names are unique over the languages."""
    assert len(ALL) == len([path for path in FOLDER.glob("*/*.toml") if path.name != WORDS])


def test_the_hash_of_the_rules_is_stable() -> None:
    """The ledger's hash is one of all files."""
    assert re.fullmatch("[0-9a-f]{64}", rules_sha256())


PATTERNS = list(chain.from_iterable(cue.patterns for cue in FINDERS))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_gate_hides_no_match(data: st.DataObject) -> None:
    """Whatever a pattern can match holds the words that the gate asks for."""
    index = data.draw(st.integers(0, len(PATTERNS) - 1))
    text = data.draw(st.from_regex(PATTERNS[index]))
    gate = Gate(PATTERNS, triggers())
    if re.search(PATTERNS[index], text):
        assert index in gate.patterns(gate.mask(f" {text} "))


def test_required_words() -> None:
    """Choices, options and repeats are read off a pattern as they are."""
    assert required("stop (?:texting|calling) me") == [frozenset({"stop texting me", "stop calling me"})]
    assert required("don'?t call") == [frozenset({"don't call", "dont call"})]
    assert required("(?:abc|x)+ .* leave") == [frozenset({" leave"})]
    assert required("(?:abc|xyz)+") == [frozenset({"abc", "xyz"})]
    assert required("(?:kill)?.*(?!dead)") == []


KNOWN = frozenset("kill you stop texting me i'll will alone die".split())
ALL_STEPS = (1 << ALARMS) - 1


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("I’ll K1LL yöu", "i'll kill you"),
        ("k i l l  y o u now", "kill you now"),
        ("k.i.l.l.y.o.u", "kill you"),
        ("i wi11 ki11 u", "i will kill u"),
        ("stoppppp texting meeeee", "stop texting me"),
        ("i'lllll kiiiillll u", "i'll kill u"),
        ("k*ll you f**k d!e", "kill you fuck die"),
        ("кill you", "kill you"),
        ("𝐤𝐢𝐥𝐥 you", "kill you"),
        ("ｋｉｌｌ you", "kill you"),
        ("ki\u200bll you", "kill you"),
        ("a  b\n\nc", "a b c"),
        ("see you l8r at gate 11, room b11", "see you l8r at gate 11, room b11"),
        ("stop!now", "stop!now"),
        ("i c u there", "i c u there"),
        ("привет, кот", "привет, кот"),
    ],
)
def test_the_copy(text: str, copy: str) -> None:
    """What people write to be overlooked is undone; what they write in passing is not."""
    normal = unpick(fold(text), ALL_STEPS, KNOWN)
    assert normal.text == copy
    assert normal.span(0, len(normal.text)) == (0, len(text))


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.text(st.characters()), st.text("kil you1!*.-_  \u200bé’🔪аоİßﬃ")))
def test_every_place_leads_back(text: str) -> None:
    """Each stretch of the copy stands for a stretch of the original, in the same order."""
    for normal in (fold(text), unpick(fold(text), ALL_STEPS, KNOWN)):
        spans = [normal.span(at, at + 1) for at in range(len(normal.text))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)


@settings(max_examples=300, deadline=None)
@given(st.text("abkilstop l10!*.-_'3$@", max_size=40))
def test_without_a_trigger_nothing_is_undone(text: str) -> None:
    """`unpick` changes only texts that have one of its triggers."""
    folded = fold(text)
    steps = 0
    for trigger, step in triggers():
        if trigger in f" {folded.text} ":
            steps |= step
    assert unpick(folded, steps, KNOWN).text == unpick(folded, ALL_STEPS, KNOWN).text or steps
    if not steps:
        assert unpick(folded, ALL_STEPS, KNOWN).text == folded.text
