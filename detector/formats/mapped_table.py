"""A table that a mapping file describes: see detector/tables/mapping.py for how to write one.

It stands before all other formats, because what a person says about a table is believed before what we think of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from detector.export import Options
from detector.tables import choose_among, format_of
from detector.tables.layout import Layout
from detector.tables.mapping import specs


def choose(sheet: str | None, header: Sequence[str], sample: Sequence[Sequence[str]], options: Options) -> Layout | None:
    """Look for a mapping whose cells the header row has."""
    return choose_among(specs(options.mappings), sheet, header) if options.mappings else None


FORMAT = format_of(
    "mapped_table",
    "Table described by a mapping file",
    choose,
    absence="Whatever the table's maker left out: what a missing row means, only he can say.",
)
