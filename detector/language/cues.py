"""Cues: each file in cues/<language>/ is one wording, with what it must find and what it must leave alone.

    label = "stop_request"          of labels.LABELS or labels.ASIDE; for a suppressor the list `suppresses` instead
    title = "Asks to be left alone" shown with every hit
    pattern = ['''...''', '''...''']  one or more regular expressions (`re`), matched on the copy that `normalise` makes:
                                    lower case, no accents, one kind of apostrophe, dash and space
    weight = 0.8                    how often the wording means it between people who know each other; a judgement
    source = "..."                  where the wording comes from
    misses_known = "..."            what it is known not to find, or to find wrongly
    partial = true                  only for a stop request that leaves one subject or channel open
    matches = [...]  misses = [...] at least five each; tests/test_cues.py runs them all

A pattern may use the words of `words.toml` beside it by name, {you} for instance: text-speak is spelt out there, once.

A file with `kind = "suppressor"` says what takes the edge off a hit that it overlaps: negation, idiom, somebody else's
words. The hit stays, and names the suppressor.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from detector.language.labels import ASIDE, LABELS

FOLDER = Path(__file__).with_name("cues")
WORDS = "words.toml"


@dataclass(frozen=True)
class Cue:
    """One wording. `labels` is the one label it gives, or for a suppressor all that it may suppress."""

    name: str  # the file's stem, after the language for any but English: pl_zabije_cie
    language: str
    kind: Literal["cue", "suppressor"]
    labels: frozenset[str]
    title: str
    patterns: tuple[str, ...]
    weight: float
    source: str
    misses_known: str
    matches: tuple[str, ...]
    misses: tuple[str, ...]
    partial: bool = False

    @property
    def label(self) -> str:
        """Return the label that a hit gets."""
        (label,) = self.labels
        return label


@cache
def cues() -> dict[str, Cue]:
    """Return all cues and suppressors by name, in the order of their names."""
    found = [_read(path) for path in sorted(FOLDER.glob("*/*.toml")) if path.name != WORDS]
    return {cue.name: cue for cue in sorted(found, key=lambda cue: cue.name)}


@cache
def rules_sha256() -> str:
    """Return one hash over all files of cues, as 64 hex digits: it changes with any of them."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*/*.toml"), key=lambda path: path.relative_to(FOLDER).as_posix()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(FOLDER).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _read(path: Path) -> Cue:
    language, entry = path.parent.name, tomllib.loads(path.read_text("utf-8"))
    kind = entry.pop("kind", "cue")
    labels = frozenset(entry.pop("suppresses")) if kind == "suppressor" else frozenset([entry.pop("label")])
    if not labels <= {*LABELS, *ASIDE}:
        msg = f"{path}: no label is called {', '.join(sorted(labels - {*LABELS, *ASIDE}))}"
        raise ValueError(msg)
    pattern = entry.pop("pattern")
    patterns = [pattern] if isinstance(pattern, str) else pattern
    for name in ("matches", "misses"):
        entry[name] = tuple(entry[name])
    return Cue(
        name=path.stem if language == "en" else f"{language}_{path.stem}",
        language=language,
        kind=kind,
        labels=labels,
        patterns=tuple(_with_words(each, _words(path.parent)) for each in patterns),
        **{"weight": 1.0, **entry},
    )


@cache
def _words(folder: Path) -> dict[str, str]:
    """Return the named pieces of a language's patterns; a piece may use those above it."""
    path = folder / WORDS
    words: dict[str, str] = {}
    for name, piece in (tomllib.loads(path.read_text("utf-8")) if path.exists() else {}).items():
        words[name] = _with_words(piece, words)
    return words


def _with_words(pattern: str, words: dict[str, str]) -> str:
    def piece(match: re.Match[str]) -> Any:
        return f"(?:{words[match[1]]})"

    return re.sub(r"\{([a-z_]+)\}", piece, pattern)
