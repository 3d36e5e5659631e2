"""A table of calls or messages that nobody wrote a format for, known by the words of its header row.

The words are in detector/tables/headers, by language; what each column was taken for stands in the ledger. A table that a
mapping file describes is left to mapped_table. A workbook that cannot be opened is taken too, so that the ledger says why.
"""

from __future__ import annotations

from dataclasses import replace

from detector.errors import ExportError
from detector.export import Export
from detector.formats.mapped_table import FORMAT as MAPPED
from detector.tables import format_of
from detector.tables.layout import guessed
from detector.tables.reading import is_workbook, sheet_names

_ANY = format_of(
    "table",
    "Table of calls or messages (CSV, TSV, XLSX) with a header row",
    guessed,
    absence="A list that somebody made may leave anything out; bills list outgoing calls only.",
)
_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def recognises(export: Export) -> bool:
    """Look for a header row with a time, a party and something about contact."""
    if _locked(export):
        return True
    return not MAPPED.recognises(export) and _ANY.recognises(export)


def _locked(export: Export) -> bool:
    if not (is_workbook(export) and export.name.lower().endswith(_ENDINGS)):
        return False
    try:
        sheet_names(export)
    except ExportError:
        return True
    return False


FORMAT = replace(_ANY, recognises=recognises)
