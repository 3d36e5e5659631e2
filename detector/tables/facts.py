"""What a table file as a whole says: zone, order of dates, owner, repairs; for the ledger."""

from __future__ import annotations

import re
from itertools import islice

from detector.export import Export, Facts
from detector.tables import moments
from detector.tables.book import TIME_ROLES, Book, Choose, rows_of, scan
from detector.tables.times import IN_HEADER, IN_VALUE, order_of
from detector.zones import zone_of

_ROWS = 20


def facts(choose: Choose, export: Export) -> Facts:
    """Describe the file."""
    book = scan(export, choose)
    if book is None:
        return Facts()
    specs = [table.layout.spec for table in book.tables.values()]
    owner = next((spec.owner for spec in specs if spec.owner), ()) or export.options.owner
    said = next((spec.date_order for spec in specs if spec.date_order), None)
    order = order_of(book, said, export.options.date_order) if book.dates.text else None
    zone, basis = _zone(book, export)
    return Facts(
        owner="; ".join(owner) or None,
        owner_basis="given" if owner else None,
        zone=zone,
        zone_basis=basis,
        date_order=order,
        date_order_basis=_order_basis(book, bool(said), order) if order else None,
        notes=(*book.notes, *_titles(book)),
    )


def _titles(book: Book) -> list[str]:
    """Say what each table was read as."""
    return [
        (f'sheet "{table.sheet}": ' if table.sheet else "") + f"header in row {table.first}; {table.layout.spec.title}: "
        + ", ".join(f"{column.name} = {role}" for role, columns in table.layout.columns.items() for column in columns)
        for table in book.tables.values()
    ]  # fmt: skip


def _order_basis(book: Book, said: bool, order: str) -> str:
    if said:
        return "given by the mapping"
    if book.dates.order == order:
        other = book.dates.samples.get("MDY" if order == "DMY" else "DMY")
        why = "is written with dots" if re.search(r"\d\.\d+\.", other or "") else "allows no other"
        return f"the dates: {other} {why}" if other else "the dates"
    return "given"


def _zone(book: Book, export: Export) -> tuple[str | None, str]:
    """Return the zone of the first times."""
    tables = list(book.tables.values())
    columns = (column for table in tables for role in TIME_ROLES for column in table.layout.columns.get(role, ()))
    if header := next((column.zone for column in columns if column.zone), None):
        return header, IN_HEADER
    if _zone_in_values(book, export):
        return "UTC", IN_VALUE
    given = next((table.layout.spec.zone for table in tables if table.layout.spec.zone), None)
    return (given, "given") if given else zone_of(export.options)


def _zone_in_values(book: Book, export: Export) -> bool:
    for sheet, rows in rows_of(export, book.text):
        if not (table := book.tables.get(sheet)):
            continue
        places = [column.place for role in TIME_ROLES for column in table.layout.columns.get(role, ())]
        for row in islice(rows, table.first, table.first + _ROWS):
            if isinstance(row, list) and any(_has_zone(row[place]) for place in places if place < len(row)):
                return True
    return False


def _has_zone(cell: str) -> bool:
    found = moments.read(cell, "DMY") or moments.read(cell, "MDY")
    return found is not None and found.zone is not None
