"""A table that a mapping file describes: see detector/tables/mapping.py for how to write one.

It stands before all other formats, because what a person says about a table is believed before what we think of it.
"""

from __future__ import annotations

from detector.tables import format_of
from detector.tables.layout import Glimpse, Layout, described
from detector.tables.mapping import specs


def choose(glimpse: Glimpse) -> Layout | None:
    """Look for a mapping whose cells the header row has."""
    return described(specs(glimpse.options.mappings), glimpse)


FORMAT = format_of(
    "mapped_table",
    "Table described by a mapping file",
    choose,
    absence="Whatever the maker of the table left out; what a missing row means, only the maker can say.",
)
