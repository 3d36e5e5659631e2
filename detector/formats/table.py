"""A table of calls or messages that nobody wrote a format for, known by the words of its header row.

The words are in detector/tables/headers, by language; what each column was taken for stands in the ledger. A table that a
mapping file describes is left to mapped_table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detector.export import Export, Options
from detector.formats.mapped_table import FORMAT as MAPPED
from detector.tables import format_of
from detector.tables.layout import Layout, guessed


def choose(sheet: str | None, header: Sequence[str], sample: Sequence[Sequence[str]], options: Options) -> Layout | None:
    """Read the header words, whatever the sheet."""
    return guessed(header, sample)


_ANY = format_of(
    "table",
    "Table of calls or messages (CSV, TSV, XLSX) with a header row",
    choose,
    absence="A list that somebody made may leave anything out; bills list outgoing calls only.",
)


def recognises(export: Export) -> bool:
    """Look for a header row with a time, a party and something about contact."""
    return not MAPPED.recognises(export) and _ANY.recognises(export)


FORMAT = replace(_ANY, recognises=recognises)
