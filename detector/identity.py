"""resolve(): says which handles are one contact, and why.

Handles become one contact only for these reasons, and each stands beside the handle: the same number; the same name in the
address book of the device (the owner saved them so); or a person says so in the markers file. Everything else (the same name
chosen on two services, "it's Dan, new number", a number-change notice) is a suggested link, listed with its reason and
never merged. Withheld callers share a bucket that is no person. All files named together are read as one address book.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from detector.event import microseconds
from detector.handles import TEXTING, Known, known

MAX_NUMBERS_OF_A_NAME = 4
"""A name saved for more numbers than this ("Work", "Taxi") joins nothing."""

SetAside = Literal["automated", "group", "withheld"]


@dataclass(frozen=True)
class Handle:
    """A handle of a contact and why it belongs there."""

    handle: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Link:
    """Two contacts that may be one person. Suggested, never merged."""

    a: str
    b: str
    kind: Literal["same name", "self-named", "number change", "same text"]
    reason: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Who is who: the contact of each row, and what is known of each contact."""

    contact: pd.Series[str]  # category; null where the record names nobody
    handles: dict[str, tuple[Handle, ...]]
    names: dict[str, tuple[str, ...]]
    links: tuple[Link, ...]


def resolve(
    table: pd.DataFrame,
    region: str = "GB",
    *,
    same: Iterable[Sequence[str]] = (),
    different: Iterable[Sequence[str]] = (),
    self_named: Iterable[tuple[int, str]] = (),
) -> Identity:
    """Give each row of a table of event.SCHEMA its contact.

    `same` and `different` are lists of handles that a person says are one person, or are not. `self_named` are rows whose
    text names its writer ("it's Dan, new number") with that name.
    """
    people = _People(table, region)
    apart = {frozenset((a, b)) for group in different for a in people.keys_of(group) for b in people.keys_of(group) if a != b}
    people.join_address_book(apart)
    for group in same:
        people.join(people.keys_of(group), "entered by a person")
    contact = people.contacts()
    links = [*_same_names(people), *_self_named(people, contact, table, self_named), *_number_changes(people, table)]
    distinct = {
        (link.a, link.b, link.kind): link for link in reversed(links) if link.a != link.b and not people.are_apart(link, apart)
    }
    return Identity(
        contact, people.handles(), people.names(), tuple(sorted(distinct.values(), key=lambda link: (link.a, link.b, link.kind)))
    )


class _People:
    """The distinct handles of a table, joined into contacts as reasons are found."""

    def __init__(self, table: pd.DataFrame, region: str) -> None:
        self.region = region
        columns = ["handle", "channel", "name", "name_source"]
        self.rows, self.seen = _distinct(table, columns)
        self.known = [
            known(handle, channel, region) if isinstance(handle, str) else None
            for handle, channel in zip(self.seen["handle"], self.seen["channel"], strict=True)
        ]
        self.weight = np.bincount(self.rows, minlength=len(self.seen))
        self.last = pd.Series(microseconds(table["at"])).groupby(self.rows).max().to_dict()
        self.root = {one.key: one.key for one in self.known if one}
        self.reason = {one.key: _first_reason(one) for one in self.known if one}
        self.table = table

    def find(self, key: str) -> str:
        while self.root[key] != key:
            key = self.root[key]
        return key

    def keys_of(self, handles: Sequence[str]) -> list[str]:
        """Return the keys that a person's list of handles, names or contacts means."""
        wanted = {known(handle, "phone", self.region).key for handle in handles} | set(handles)
        by_name = {one.key for one, name in zip(self.known, self.seen["name"], strict=True) if one and name in wanted}
        return sorted(key for key in self.root if key in wanted or key in by_name or key.rsplit(" (", 1)[0] in wanted)

    def join(self, keys: Sequence[str], reason: str) -> None:
        for key in keys[1:]:
            a, b = self.find(keys[0]), self.find(key)
            if a != b:
                self.root[b] = a
                self.reason[key] = reason

    def book(self) -> dict[str, list[str]]:
        """Return for each name in the address book the keys saved under it, by the latest name of each number."""
        latest: dict[str, tuple[int, str]] = {}
        for i, (one, name, source) in enumerate(zip(self.known, self.seen["name"], self.seen["name_source"], strict=True)):
            if one and source == "address book" and one.kind not in ("withheld", "short code", "sender name"):
                stamp = (self.last[i], name)
                latest[one.key] = max(latest.get(one.key, stamp), stamp)
        names: dict[str, list[str]] = defaultdict(list)
        for key, (_, name) in sorted(latest.items()):
            names[name].append(key)
        return names

    def join_address_book(self, apart: set[frozenset[str]]) -> None:
        for name, keys in sorted(self.book().items()):
            if 1 < len(keys) <= MAX_NUMBERS_OF_A_NAME and not any(frozenset((a, b)) in apart for a in keys for b in keys):
                self.join(keys, f'saved as "{name}" in the address book of the device')

    def contacts(self) -> pd.Series[str]:
        """Return the contact of each row; group messages without a writer go to the group, notices to the chat's other side."""
        labels = self.labels()
        categories, codes = np.unique([labels[self.find(one.key)] for one in self.known if one], return_inverse=True)
        of_seen = np.full(len(self.known), -1)
        of_seen[[i for i, one in enumerate(self.known) if one]] = codes
        contact = pd.Series(pd.Categorical.from_codes(of_seen[self.rows], pd.Index(categories)), index=self.table.index)
        return _threads(contact, self.table)

    def labels(self) -> dict[str, str]:
        """Return for each root the key that stands for the contact: a number before others, then the busiest."""
        members: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        kinds = {one.key: one.kind for one in self.known if one}
        for one, weight in zip(self.known, self.weight, strict=True):
            if one:
                members[self.find(one.key)][one.key] += int(weight)
        return {root: min(keys, key=lambda k: (kinds[k] != "number", -keys[k], k)) for root, keys in members.items()}

    def handles(self) -> dict[str, tuple[Handle, ...]]:
        labels, found = self.labels(), defaultdict(set)
        for one, written in zip(self.known, self.seen["handle"], strict=True):
            if one:
                label = labels[self.find(one.key)]
                shown = one.key if one.kind == "number" else written
                found[label].add(Handle(shown, one.kind, _first_reason(one) if one.key == label else self.reason[one.key]))
        return {
            label: tuple(sorted(group, key=lambda h: (h.handle != label, h.handle, h.reason))) for label, group in found.items()
        }

    def names(self) -> dict[str, tuple[str, ...]]:
        labels = self.labels()
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for one, name, weight in zip(self.known, self.seen["name"], self.weight, strict=True):
            if one and isinstance(name, str) and one.kind != "withheld":
                counts[labels[self.find(one.key)]][name] += int(weight)
        return {label: tuple(sorted(names, key=lambda n: (-names[n], n))) for label, names in counts.items()}

    def are_apart(self, link: Link, apart: set[frozenset[str]]) -> bool:
        return frozenset((link.a, link.b)) in apart


def _first_reason(one: Known) -> str:
    return {"number": "same number", "withheld": "caller not identified: may be several people"}.get(
        one.kind, "as written in the records"
    )


def _distinct(table: pd.DataFrame, columns: list[str]) -> tuple[npt.NDArray[np.int64], pd.DataFrame]:
    """Number the distinct combinations of some columns."""
    combined = np.zeros(len(table), np.int64)
    for column in columns:
        values = table[column].astype("category")
        combined = combined * (len(values.cat.categories) + 1) + values.cat.codes.to_numpy() + 1
    codes, distinct = pd.factorize(combined)
    first = np.zeros(len(distinct), np.int64)
    first[codes[::-1]] = np.arange(len(table))[::-1]
    return codes.astype(np.int64), table[columns].iloc[first].astype(object).where(lambda t: t.notna(), None).reset_index(
        drop=True
    )


def _threads(contact: pd.Series[str], table: pd.DataFrame) -> pd.Series[str]:
    """Fill rows that name nobody: with the group, or with the one other side of the conversation."""
    missing = contact.isna().to_numpy()
    if not missing.any():
        return contact
    rows = table.loc[missing, ["group", "thread", "channel", "source"]].astype(object)
    groups = "group " + rows["thread"].fillna("without a name") + " (" + rows["channel"] + ")"
    here = table["source"].isin(rows["source"].unique()).to_numpy() & table["thread"].notna().to_numpy() & ~missing
    keys = table.loc[here, "source"].astype(object) + "\n" + table.loc[here, "thread"].astype(object)
    one = contact[here].astype(object).groupby(keys).agg(_only)
    others = (rows["source"] + "\n" + rows["thread"]).map(one)
    found = groups.where(rows["group"].astype(bool), others)
    filled: pd.Series[Any] = contact.cat.add_categories(sorted(set(found.dropna()) - set(contact.cat.categories)))
    filled[missing] = found.where(found.notna(), None)
    return filled


def _only(values: pd.Series[Any]) -> Any:
    """Return the one value that there is, if there is but one."""
    return values.iloc[0] if values.nunique() == 1 else None


def _same_names(people: _People) -> Iterable[Link]:
    """Suggest contacts of different services, or of the address book and a service, that show the same name."""
    labels = people.labels()
    seen: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for one, name, channel in zip(people.known, people.seen["name"], people.seen["channel"], strict=True):
        if one and isinstance(name, str) and one.kind not in ("withheld", "short code", "sender name") and len(name) > 1:
            seen[name.casefold()][labels[people.find(one.key)]] = (
                name,
                "texts and calls" if channel in (*TEXTING, "phone") else channel,
            )
    for contacts in seen.values():
        ordered = sorted(contacts)
        for a, b in (
            ((a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :]) if len(ordered) <= MAX_NUMBERS_OF_A_NAME else ()
        ):
            yield Link(a, b, "same name", f'both are shown as "{contacts[a][0]}" ({contacts[a][1]}, {contacts[b][1]})')


def _self_named(
    people: _People, contact: pd.Series[str], table: pd.DataFrame, self_named: Iterable[tuple[int, str]]
) -> Iterable[Link]:
    """Suggest the contact whose name a new handle gives as its own."""
    names = people.names()
    words: dict[str, set[str]] = defaultdict(set)
    for label, shown in names.items():
        words[label] |= {word.casefold() for name in shown for word in (name, *name.split()[:1])}
    for label in people.handles():
        words[label] |= {label.rsplit(" (", 1)[0].casefold(), *(word.casefold() for word in label.split()[:1])}
    incoming = (table["direction"] == "in").to_numpy()
    for row, name in self_named:
        writer = contact.iloc[row]
        if not incoming[row] or not isinstance(writer, str):
            continue
        for label in sorted(label for label, given in words.items() if name.casefold() in given and label != writer):
            yield Link(
                label,
                writer,
                "self-named",
                f'a message from {writer} gives its writer\'s name as "{name}"',
                (table["id"].iloc[row],),
            )


def _number_changes(people: _People, table: pd.DataFrame) -> Iterable[Link]:
    """Suggest the two numbers of a notice such as "X changed from A to B"."""
    labels = people.labels()
    rows = np.flatnonzero((table["status"] == "number changed").to_numpy())
    for row in rows:
        note = str(table["note"].iloc[row])
        found = [known(n, "phone", people.region).key for n in _numbers(note)]
        contacts = [labels[people.find(key)] for key in found if key in people.root]
        if len(contacts) == 2:
            yield Link(contacts[0], contacts[1], "number change", "the app recorded a change of number", (table["id"].iloc[row],))


def _numbers(text: str) -> list[str]:
    import phonenumbers

    return [match.raw_string for match in phonenumbers.PhoneNumberMatcher(text, None, leniency=phonenumbers.Leniency.POSSIBLE)]
