"""What the columns of a table mean: said by somebody (Spec), or found from the words of its header row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from detector.event import Direction, Kind
from detector.export import DateOrder, Options
from detector.tables.languages import Role
from detector.tables.values import is_number
from detector.tables.words import header_role, heading, is_foreign, is_owner_word, is_withheld, meaning, says_contact

HEADER_WITHIN = 30
"""The header row is looked for in so many rows; what stands above it is a preamble."""

SAMPLE = 20
"""So many rows below a header are looked at to tell whether they are about contact."""

MOST_COLUMNS = 300
"""A row of more cells is no header: a line of JSON has thousands."""

_TIMES: tuple[Role, ...] = ("datetime", "date", "time", "sent")
_PARTIES: tuple[Role, ...] = ("from", "to", "number", "from_name", "to_name")
_SAYING: tuple[Role, ...] = ("direction", "type", "status")


@dataclass(frozen=True)
class Spec:
    """What somebody says about a table: a vendor's layout, or a mapping file. Header cells are matched by their words."""

    title: str
    columns: Mapping[str, Role]
    header: tuple[str, ...] = ()  # cells that the header row must have; empty: those of `columns`
    sheet: str | None = None  # only sheets whose name begins so
    date_order: DateOrder | None = None
    date_format: str | None = None  # of strptime, for the columns of time
    zone: str | None = None
    owner: tuple[str, ...] = ()
    kind: Kind | None = None
    channel: str | None = None
    direction: Direction | None = None
    words: Mapping[str, str] = field(default_factory=dict)  # value -> a word of words.MEANINGS


GUESSED = Spec("columns known by their header words", {})


@dataclass(frozen=True)
class Column:
    """One column, by its name in the table, and what its header says about its values."""

    name: str
    place: int
    zone: str | None = None
    order: DateOrder | None = None
    unit: float = 1.0


@dataclass(frozen=True)
class Layout:
    """The columns of one table, by what they mean; a role may have several, the first that is filled counts."""

    spec: Spec
    header: tuple[str, ...]
    columns: Mapping[Role, tuple[Column, ...]]

    def has(self, *roles: Role) -> bool:
        """Tell whether any of these roles has a column."""
        return any(role in self.columns for role in roles)

    @property
    def diary(self) -> bool:
        """A person's own log of what happened, not a record that a device or an operator kept."""
        if not self.has("note") or self.has("text", "direction", "duration"):
            return False
        return says_contact(self.columns["note"][0].name) or not self.has("type", "status")


@dataclass(frozen=True)
class Glimpse:
    """A row that may be a header, the rows below it, and where they stand."""

    sheet: str | None
    header: Sequence[str]
    sample: Sequence[Sequence[str]]
    options: Options


def unique(header: Sequence[str]) -> tuple[str, ...]:
    """Return names for the columns: the header cells, numbered where they repeat or are empty."""
    names: dict[str, None] = {}
    for place, cell in enumerate(header, 1):
        name = cell.strip().lstrip("\ufeff") or f"column {place}"
        while name in names:
            name += f" (column {place})"
        names[name] = None
    return tuple(names)


def described(specs: Iterable[Spec], glimpse: Glimpse) -> Layout | None:
    """Return the layout of the first spec whose sheet it is and whose cells the header row has."""
    fitting = (spec for spec in specs if spec.sheet is None or (glimpse.sheet or "").startswith(spec.sheet))
    return next((layout for spec in fitting if (layout := _described(spec, glimpse.header))), None)


def _described(spec: Spec, header: Sequence[str]) -> Layout | None:
    cells = {heading(cell).words for cell in header}
    if not all(heading(cell).words in cells for cell in spec.header or spec.columns):
        return None
    roles = {heading(cell).words: role for cell, role in spec.columns.items()}
    return _layout(spec, header, [roles.get(heading(cell).words) for cell in header])


def guessed(glimpse: Glimpse) -> Layout | None:
    """Return the layout if the header words name a time and a party, and the table is about calls or messages.

    About calls or messages: a header cell that only such a table has ("Called number", "Message"), or, in a table
    without any that it would never have ("Balance"), values that are telephone numbers or say "Missed", "SMS" ...
    """
    header = glimpse.header
    if not 3 <= len(header) <= MOST_COLUMNS or sum(map(bool, header)) < 3 or max(map(len, header)) > 200:
        return None
    found = [header_role(cell) if cell else None for cell in header]
    layout = _layout(GUESSED, header, [pair[0] if pair else None for pair in found])
    if len(layout.columns) < 3 or not layout.has(*_TIMES):
        return None
    telling = [cell for cell in header if says_contact(cell)]
    if not (layout.has(*_PARTIES) or ("name" in layout.columns and telling)):
        return None
    if telling and (len(telling) > 1 or not any(map(is_foreign, header))):
        return layout
    return layout if not any(map(is_foreign, header)) and _about_contact(layout, glimpse.sample) else None


def _layout(spec: Spec, header: Sequence[str], roles: Sequence[Role | None]) -> Layout:
    names = unique(header)
    columns: dict[Role, tuple[Column, ...]] = {}
    for place, role in enumerate(roles):
        if role:
            said = heading(header[place])
            column = Column(names[place], place, said.zone, said.order, said.unit or 1.0)
            columns[role] = (*columns.get(role, ()), column)
    return Layout(spec, names, columns)


def _about_contact(layout: Layout, sample: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first rows hold telephone numbers or words about contact."""
    return _values_fit(layout, sample, ("from", "to", "number"), _is_party) or (
        _values_fit(layout, sample, _SAYING, lambda cell: bool((said := meaning(cell)) and (said.direction or said.kind)))
    )


def _is_party(cell: str) -> bool:
    return any(is_number(part.strip()) for part in cell.split(";")) or is_withheld(cell) or is_owner_word(cell)


def _values_fit(layout: Layout, sample: Sequence[Sequence[str]], roles: Sequence[Role], fits: Callable[[str], bool]) -> bool:
    for role in roles:
        for column in layout.columns.get(role, ()):
            cells = [row[column.place].strip() for row in sample if len(row) > column.place and row[column.place].strip()]
            if cells and 2 * sum(map(fits, cells)) > len(cells):
                return True
    return False
