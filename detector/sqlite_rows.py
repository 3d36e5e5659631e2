"""Reading the rows of a table, as far as a damaged database still holds them, and as records that can be printed.

Rows come in the order of `rowid`, which is `_id` or `ROWID` in the tables of phones. Text that is not UTF-8, such as emoji
that were cut in half, is kept as bytes and decoded by `text_of`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from detector.errors import ExportError

Row = tuple[Any, ...]

BLOCK = 2_000
"""Rows that are fetched at a time."""


def rows(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield ``(rowid, *columns)`` of each row; see `blocks`."""
    for block in blocks(connection, table, columns):
        yield from block


def blocks(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[list[Row]]:
    """Yield ``(rowid, *columns)`` of the rows, in lists.

    From the first row on that cannot be fetched, text that is not UTF-8 comes as bytes. Where a page is damaged the rest
    is read from the other end, and then ExportError says which rows are lost.
    """
    last = None
    try:
        cursor = _select(connection, table, columns, "ASC")
        while block := cursor.fetchmany(BLOCK):
            _check_order(block, last)
            yield block
            last = block[-1][0]
    except sqlite3.DatabaseError:
        connection.text_factory = _lenient
        yield from ([row] for row in _singly(connection, table, columns, last))


def _singly(connection: sqlite3.Connection, table: str, columns: Sequence[str], last: int | None) -> Iterator[Row]:
    """Yield the rows after `last` one by one, and where that fails, those after the failure from the end backwards."""
    try:
        for row in _in_order(_select(connection, table, columns, "ASC", last), 1):
            yield row
            last = row[0]
        return
    except sqlite3.DatabaseError as error:
        lost = error
    first = None
    try:
        for row in _in_order(_select(connection, table, columns, "DESC", last), -1):
            yield row
            first = row[0]
    except sqlite3.DatabaseError as error:
        lost = error
    after, before = "the start" if last is None else f"row {last}", "the end" if first is None else f"row {first}"
    msg = f'table "{table}": rows between {after} and {before} cannot be read ({lost}); copy the database from the phone again'
    raise ExportError(msg) from lost


def _select(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], order: str, after: int | None = None
) -> sqlite3.Cursor:
    names, test = ", ".join(map(quoted, columns)), "" if after is None else f"WHERE rowid > {after:d}"
    query = f"SELECT rowid, {names} FROM {quoted(table)} {test} ORDER BY rowid {order}"  # noqa: S608 - quoted names
    return connection.execute(query)


def _in_order(cursor: sqlite3.Cursor, step: int) -> Iterator[Row]:
    last = None
    for row in cursor:
        if last is not None and (row[0] - last) * step <= 0:
            _out_of_order()
        last = row[0]
        yield row


def _check_order(block: list[Row], last: int | None) -> None:
    """Refuse a damaged tree that leads back to rows already read: reading it would never end."""
    numbers = [row[0] for row in block]
    if (last is not None and numbers[0] <= last) or any(after <= before for before, after in pairwise(numbers)):
        _out_of_order()


def _out_of_order() -> None:
    msg = "its rows are out of order"
    raise sqlite3.DatabaseError(msg)


def _lenient(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def quoted(name: str) -> str:
    """Return a name of a table or column as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def decoded(raw: bytes) -> str:
    """Read bytes that SQLite holds as text and that are not UTF-8: halves of emoji are joined, the rest becomes U+FFFD."""
    try:
        return raw.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def printable(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """Return one row as a record that can be printed: bytes as ``{"hex": ...}``."""
    return (
        dict(zip(names, values, strict=True))
        if bytes not in map(type, values)
        else dict(zip(names, map(_hex, values), strict=True))
    )


def printable_block(names: Sequence[str], block: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows as such records; most blocks hold no bytes, which is seen column by column."""
    if any(bytes in set(map(type, column)) for column in zip(*block, strict=True)):
        return [printable(names, row) for row in block]
    return [dict(zip(names, row, strict=True)) for row in block]


def _hex(value: Any) -> Any:
    return {"hex": value.hex()} if type(value) is bytes else value


def text_of(value: Any) -> str | None:
    """Return a printed value as text; bytes are decoded as well as they can be."""
    if value is None or type(value) is str:
        return value
    return decoded(bytes.fromhex(value["hex"])) if type(value) is dict else str(value)


def missing_rows(connection: sqlite3.Connection, found: Mapping[str, Sequence[str]], table: str) -> str | None:
    """Say how many row numbers between the first and the last are not in use; None where there is nothing to say."""
    try:
        query = f"SELECT count(*), min(rowid), max(rowid) FROM {quoted(table)}"  # noqa: S608 - a quoted name
        count, first, last = connection.execute(query).fetchone()
        given = _highest(connection, found, table)
    except sqlite3.DatabaseError:
        return None
    gaps = last - first + 1 - count if count else 0
    ends = f"; numbers up to {given:,} have been given" if given and given > (last or 0) else ""
    if not gaps and not ends:
        return None
    rows = f"row numbers {first:,} to {last:,}, of which {gaps:,} not in use" if count else "no rows"
    return f"table {table}: {rows}{ends}; rows that were deleted, moved or never finished leave such gaps"


def _highest(connection: sqlite3.Connection, found: Mapping[str, Sequence[str]], table: str) -> int | None:
    """Return the highest number that SQLite remembers having given, which it does for AUTOINCREMENT tables only."""
    if "sqlite_sequence" not in found:
        return None
    row = connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return row[0] if isinstance(row[0], int) else None
