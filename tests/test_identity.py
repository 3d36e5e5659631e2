"""Who is who: numbers, address book, suggestions, groups, withheld callers."""

from __future__ import annotations

import pandas as pd
import pytest
from rows import event, table

from detector.handles import known
from detector.identity import Identity, resolve

BOOK = {"name_source": "address book"}


def contacts(identity: Identity) -> list[str | None]:
    return [None if pd.isna(one) else str(one) for one in identity.contact]


@pytest.mark.parametrize(("written", "channel", "kind", "key"), [
    ("+447700900101", "sms", "number", "+447700900101"),
    ("07700 900101", "phone", "number", "+447700900101"),
    ("(07700) 900-101", "sms", "number", "+447700900101"),
    ("00447700900101", "sms", "number", "+447700900101"),
    ("447700900101", "sms", "number", "+447700900101"),
    ("\u202a+44\u00a07700\u00a0900101\u202c", "whatsapp", "number", "+447700900101"),
    ("+44 7700\u2011900101", "whatsapp", "number", "+447700900101"),
    ("447700900101@s.whatsapp.net", "whatsapp", "number", "+447700900101"),
    ("1 555-521-5554", "sms", "number", "15555215554"),
    ("62226", "sms", "short code", "62226"),
    ("BANKCO", "sms", "sender name", "BANKCO"),
    ("Dan@Example.com", "sms", "e-mail", "dan@example.com"),
    ("Dan Smith", "instagram", "name", "Dan Smith (instagram)"),
    ("withheld", "phone", "withheld", "withheld"),
])  # fmt: skip
def test_what_a_handle_is(written: str, channel: str, kind: str, key: str) -> None:
    """Every spelling of a number has one key; short codes, senders and names are kept."""
    assert (known(written, channel, "GB").kind, known(written, channel, "GB").key) == (kind, key)


def test_spellings_of_one_number_are_one_contact() -> None:
    """With the country of the extract for numbers that have none."""
    rows = table([event(0, "+447700900101"), event(1, "07700 900101", "out")])

    assert contacts(resolve(rows)) == ["+447700900101"] * 2
    assert contacts(resolve(rows, "US")) == ["+447700900101", "07700900101"]


def test_same_name_in_the_address_book_joins_with_its_reason() -> None:
    """Two numbers that the owner saved under one name, and the chat shown under it."""
    rows = table(
        [
            event(0, "+447700900101", name="Dan", **BOOK),
            event(1, "+447700900102", name="Dan", **BOOK),
            event(2, "Dan", channel="whatsapp", name="Dan", **BOOK),
        ]
    )
    identity = resolve(rows)

    assert set(contacts(identity)) == {"+447700900101"}
    reasons = {handle.handle: handle.reason for handle in identity.handles["+447700900101"]}
    assert reasons["+447700900102"] == reasons["Dan"] == 'saved as "Dan" in the address book of the device'
    assert reasons["+447700900101"] == "same number"


def test_a_name_saved_for_many_numbers_joins_nothing() -> None:
    """ "Work" is no person."""
    rows = table([event(i, f"+44770090010{i}", name="Work", **BOOK) for i in range(5)])

    assert len(set(contacts(resolve(rows)))) == 5


def test_a_chosen_name_is_only_suggested() -> None:
    """Anybody can call an account Dan: the link is listed and nothing is merged."""
    rows = table(
        [event(0, "+447700900101", name="Dan", **BOOK), event(1, "Dan", channel="instagram", name="Dan", name_source="profile")]
    )
    identity = resolve(rows)

    assert contacts(identity) == ["+447700900101", "Dan (instagram)"]
    assert [(link.a, link.b, link.kind) for link in identity.links] == [("+447700900101", "Dan (instagram)", "same name")]


def test_self_naming_is_only_suggested_and_names_its_message() -> None:
    """ "it's Dan, new number" links the new number to Dan and proves it with the message."""
    rows = table([event(0, "+447700900101", name="Dan", **BOOK), event(1, "+447700900102", text="its dan, new number")])
    identity = resolve(rows, self_named=[(1, "dan")])

    assert len(set(contacts(identity))) == 2
    (link,) = identity.links
    assert (link.a, link.b, link.kind, link.evidence) == ("+447700900101", "+447700900102", "self-named", (rows["id"][1],))


def test_what_a_person_says_goes_before() -> None:
    """A person joins two handles, or keeps two apart that the address book would join."""
    rows = table(
        [event(0, "+447700900101", name="Dan", **BOOK), event(1, "+447700900102", name="Dan", **BOOK), event(2, "+447700900103")]
    )

    assert set(contacts(resolve(rows, same=[["07700900101", "+447700900103"]]))) == {"+447700900101"}
    apart = resolve(rows, different=[["+447700900101", "+447700900102"]])
    assert contacts(apart)[:2] == ["+447700900101", "+447700900102"]
    assert apart.links == ()


def test_withheld_callers_are_no_person() -> None:
    """They share a bucket, and a name that stands beside one says nothing."""
    rows = table(
        [event(0, "withheld", kind="call", channel="phone", name="Dan", **BOOK), event(1, "+447700900101", name="Dan", **BOOK)]
    )
    identity = resolve(rows)

    assert contacts(identity) == ["withheld", "+447700900101"]
    assert identity.links == ()


def test_groups_and_notices() -> None:
    """A group message belongs to its writer, or else to the group; a notice to the one other side of its chat."""
    group = {"channel": "whatsapp", "group": True, "thread": "Quiz"}
    chat = {"channel": "whatsapp", "thread": "Dan"}
    rows = table([
        event(0, "Sam", **group), event(1, None, "out", **group), event(2, "Dan", **chat), event(3, None, "out", None, kind="notice", status="blocked", **chat),
        event(4, None, "unknown", None, kind="notice", channel="whatsapp"),
    ])  # fmt: skip

    assert contacts(resolve(rows)) == ["Sam (whatsapp)", "group Quiz (whatsapp)", "Dan (whatsapp)", "Dan (whatsapp)", None]


def test_nothing_in_nothing_out() -> None:
    """An empty table has no contacts."""
    identity = resolve(table([event(0, "x")]).iloc[:0])

    assert (len(identity.contact), identity.handles, identity.links) == (0, {}, ())
