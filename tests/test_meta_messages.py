"""Threads of Messenger and Instagram: sides, owner, kinds, repair, what is broken."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meta_extract import SHARED, by_place, extract, message, mojibake, rows, thread, write

from detector import meta_reading
from detector.errors import ExportError
from detector.event import Event, columns
from detector.export import Export, Problem
from detector.formats import meta_messages
from detector.meta import moment, repaired

CASES = Path(__file__).parent / "formats" / "meta_messages"
FIXTURES = SHARED / "fixtures" / "social"
INBOX = "your_facebook_activity/messages/inbox/"


@pytest.fixture(scope="module")
def facebook() -> dict[str, dict[str, Any]]:
    """The thread with Sam, by locator."""
    found, _ = rows(CASES / "facebook")
    return by_place(found, "sam_1")


def test_every_record_of_the_thread_is_an_event(facebook: dict[str, dict[str, Any]]) -> None:
    """15 messages and 2 reactions, counted by eye."""
    assert len(facebook) == 17
    assert {row["channel"] for row in facebook.values()} == {"messenger"}
    assert {row["folder"] for row in facebook.values()} == {"inbox"}
    assert {row["thread"] for row in facebook.values()} == {"Sam Example [sam_1]"}


def test_text_is_repaired_and_the_owner_known_from_the_profile(facebook: dict[str, dict[str, Any]]) -> None:
    """The profile's name is broken as well and is compared repaired."""
    assert facebook["messages[0]"]["text"] == "last one 🙂"
    assert [facebook[f"messages[{n}]"]["direction"] for n in (0, 11)] == ["in", "out"]
    assert facebook["messages[11]"]["handle"] == "Sam Example"
    _, sources = rows(CASES / "facebook")
    facts = next(source for path, source in sources.items() if "sam_1" in path)
    assert (facts.facts.owner, facts.facts.owner_basis) == ("Zoë Muster", "profile_information.json")
    assert any("repaired here: 9" in note for note in facts.notes)


def test_reactions_are_records_of_their_own(facebook: dict[str, dict[str, Any]]) -> None:
    """The sign is in the note, the text stays empty, the time is its own or the message's."""
    own, borrowed = facebook["messages[0].reactions[0]"], facebook["messages[0].reactions[1]"]
    assert (own["kind"], own["direction"], own["text"], own["note"], own["raw_time"]) == (
        "reaction",
        "out",
        None,
        "reaction ❤",
        "1700000020",
    )
    assert own["at"].timestamp() == 1_700_000_020
    assert (borrowed["direction"], borrowed["at"]) == ("in", facebook["messages[0]"]["at"])
    assert "time of the message" in borrowed["note"]


def test_calls(facebook: dict[str, dict[str, Any]]) -> None:
    """By structure, and by words alone; the sender is the caller."""
    missed_in, missed_out, answered = (facebook[f"messages[{n}]"] for n in (1, 2, 3))
    assert [
        (row["kind"], row["direction"], row["outcome"], row["seconds"], row["text"]) for row in (missed_in, missed_out, answered)
    ] == [
        ("call", "in", "missed", None, None),
        ("call", "out", "missed", 0.0, None),
        ("call", "in", "answered", 192.0, None),
    ]


def test_lines_of_the_service_are_not_speech(facebook: dict[str, dict[str, Any]]) -> None:
    """A reaction, an attachment, a connection; what only resembles them stays a message, a chosen nickname stays text."""
    assert (facebook["messages[4]"]["kind"], facebook["messages[4]"]["text"]) == ("reaction", None)
    assert (facebook["messages[14]"]["kind"], facebook["messages[14]"]["text"]) == ("notice", None)
    assert (facebook["messages[12]"]["kind"], facebook["messages[12]"]["text"]) == (
        "message",
        "Reacted badly to your message, sorry",
    )
    assert (facebook["messages[13]"]["kind"], facebook["messages[13]"]["text"]) == ("notice", "Liar")


def test_what_is_shared_is_not_the_senders_text(facebook: dict[str, dict[str, Any]]) -> None:
    """The link is in media, the shared text in the note."""
    shared = facebook["messages[5]"]
    assert (shared["kind"], shared["text"], shared["media"]) == ("message", None, "https://example.com/a")
    assert "shared text: I will find you – song" in shared["note"]


def test_withdrawn_empty_and_media_messages_are_kept(facebook: dict[str, dict[str, Any]]) -> None:
    """Contact without words is contact."""
    assert (facebook["messages[6]"]["status"], facebook["messages[6]"]["text"]) == ("unsent", "you will regret this")
    assert (facebook["messages[7]"]["status"], facebook["messages[7]"]["text"]) == ("unsent", None)
    assert facebook["messages[8]"]["media"] == "photos/a.jpg; photos/b.jpg; audio/v.mp4"
    assert facebook["messages[9]"]["media"] == "stickers_used/1.png"
    assert (facebook["messages[10]"]["kind"], facebook["messages[10]"]["note"]) == (
        "message",
        "nothing of its content is in the export",
    )


def test_group() -> None:
    """A former member's message, changes of the group, the group's name as chosen words."""
    found = by_place(rows(CASES / "facebook")[0], "crew_2")
    assert {row["group"] for row in found.values()} == {True}
    former, own, added, left, named = (found[f"messages[{n}]"] for n in (2, 3, 0, 1, 4))
    assert (former["direction"], former["handle"], former["recipients"]) == (
        "in",
        "Former Member",
        "Sam Example; Ana Example; Zoë Muster",
    )
    assert (own["direction"], own["handle"], own["recipients"]) == ("out", None, "Sam Example; Ana Example")
    assert (added["kind"], added["status"], added["handle"], added["recipients"]) == (
        "notice",
        "added",
        "Sam Example",
        "Zoë Muster",
    )
    assert (left["kind"], left["status"], left["direction"]) == ("notice", "left", "out")
    assert (named["kind"], named["text"]) == ("notice", "Zoë is a liar")
    assert found["messages[2].reactions[0]"]["handle"] == "Former Member"


def test_requests_deleted_accounts_and_two_of_one_name() -> None:
    """The folder is kept, a deleted account is marked, nobody is guessed."""
    found, sources = rows(CASES / "facebook")
    deleted, double = by_place(found, "facebookuser_3")["messages[0]"], by_place(found, "dup_4")["messages[0]"]
    assert (deleted["folder"], deleted["direction"], deleted["handle"]) == ("requests", "in", "Facebook user")
    assert "several people" in deleted["note"]
    assert (double["folder"], double["direction"]) == ("filtered", "unknown")
    assert any(
        "two participants are called" in note for path, source in sources.items() if "dup_4" in path for note in source.notes
    )


def test_instagram() -> None:
    """The owner from a profile with labels in another language; a file name that was cut short."""
    found, _ = rows(CASES / "instagram")
    sam, stranger = by_place(found, "sam.ig_1"), by_place(found, "stranger_2")["messages[0]"]
    assert {row["channel"] for row in found} == {"instagram"}
    assert [(row["kind"], row["direction"]) for _, row in sorted(sam.items())] == [
        ("reaction", "in"),
        ("message", "out"),
        ("message", "in"),
    ]
    assert (sam["messages[2]"]["text"], sam["messages[2]"]["note"]) == (
        "hé",
        "the service did not show it in the owner's country",
    )
    assert (stranger["folder"], stranger["direction"], stranger["text"]) == ("requests", "in", "answer me")


def test_odd_values() -> None:
    """Wrong types, nulls, strange numbers: each entry is an event or a problem, texts and times are kept as they stand."""
    found, sources = rows(CASES / "odd")
    (source,) = sources.values()
    places = by_place(found)
    assert (source.records, source.events, len(source.problems)) == (18, 13, 5)
    assert [where for where, _ in source.problems] == [
        "messages[7]",
        "messages[8]",
        "messages[9]",
        "messages[10].reactions",
        "messages[11].reactions[0]",
    ]
    assert (places["messages[1]"]["text"], places["messages[1]"]["raw_time"], places["messages[1]"]["at"]) == (
        '["a",1]',
        "soon",
        None,
    )
    assert [places[f"messages[{n}]"]["raw_time"] for n in (2, 3)] == ["0", "4102444799000"]
    assert {places[f"messages[{n}]"]["at"].timestamp() for n in (4, 5)} == {1_700_000_000}
    assert places["messages[4]"]["note"] == "time read as seconds"
    assert (places["messages[12]"]["kind"], places["messages[12]"]["seconds"]) == ("call", None)
    assert places["messages[13]"]["text"] == "é already right"
    assert {row["channel"] for row in found} == {"messenger/instagram"}


def test_times() -> None:
    """Milliseconds, and what can only be another unit."""
    assert moment(0).at is not None and moment(0).at.timestamp() == 0  # type: ignore[union-attr]
    assert moment(4_102_444_799_000).at.year == 2099  # type: ignore[union-attr]
    assert moment(999_999_999).note is None and moment(1_000_000_000).note == "time read as seconds"
    assert moment(99_999_999_999, "s").note is None and moment(100_000_000_000, "s").note == "time read as milliseconds"
    assert [
        moment(value).at
        for value in (10**40, "x", True, float("nan"), float("inf"), None, [1], Decimal("1e999999999"), "9" * 5000)
    ] == [None] * 9


@given(st.text())
def test_repair_brings_back_what_was_written(text: str) -> None:
    """A text that Meta broke comes back; a plain one is untouched."""
    if text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text):
        assert repaired(text.encode().decode("latin-1")) == text
    if text.isascii():
        assert repaired(text) is text


def test_columns_agree_with_event(tmp_path: Path) -> None:
    """The quick way gives the same values as the way record by record."""
    write(
        tmp_path,
        INBOX + "a_1/message_1.json",
        thread(
            "Sám",
            "Zoë",
            messages=[
                message("Sám", f"text {n} é") if n % 3 else message("Zoë", "Sám missed your call.", at=1_600_000_000_000 + n)
                for n in range(50)
            ]
            + [
                message("Other", "who am I"),
                message("Sám", None),
                message("Sám", "gone", is_unsent=True),
                message("Sám", "x", at=5),
            ],
        ),
    )
    (export,) = extract(tmp_path, owner=("zoë",))
    records = [record for where, record in meta_messages.records(export) if where]
    values, done = meta_messages.columns(records, export)
    slow = columns([event for index in done if isinstance(event := meta_messages.event(records[index], export), Event)])
    assert len(done) == 34
    for name, column in slow.items():
        quick = list(values.get(name, [None] * len(done)))
        expected = [value.timestamp() * 1e6 for value in column] if name == "at" else list(column)
        assert quick == expected, name


@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_cut_off_keeps_what_came_before(tmp_path: Path, indent: int | None) -> None:
    """Of 100 messages the first 40 are whole; the break is a problem that says where."""
    whole = json.dumps(thread("A", "B", messages=[message("A", f"number {n}") for n in range(100)]), indent=indent).encode()
    write(tmp_path, INBOX + "a_1/message_1.json", whole[: whole.index(b"number 40")])
    found, sources = rows(tmp_path)
    (source,) = sources.values()
    assert [row["text"] for row in found] == [f"number {n}" for n in range(40)]
    ((_, reason),) = source.problems
    assert "breaks off after entry 39" in reason and "byte" in reason


@pytest.mark.parametrize(
    "contents", [b"{this is not: valid json", b"", b"\0" * 100, b"[]", b"{}", b'{"messages": 5}', b"null", b"[" * 5000]
)
def test_a_broken_thread_file_is_a_problem_of_its_own(tmp_path: Path, contents: bytes) -> None:
    """It is known by its path; its neighbour is read."""
    write(tmp_path, INBOX + "bad_1/message_1.json", contents)
    write(tmp_path, INBOX + "good_2/message_1.json", thread("A", "B", messages=[message("A")]))
    found, sources = rows(tmp_path)
    bad, good = sources.values()
    assert (bad.format, bad.events, len(bad.problems)) == ("meta_messages", 0, 1)
    assert "message_1.json" in bad.problems[0][1]
    assert good.events == len(found) == 1


def test_large_files_are_streamed_with_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound only decides how a file is read."""
    write(
        tmp_path,
        INBOX + "a_1/message_1.json",
        b"\xef\xbb\xbf"
        + json.dumps(
            thread(
                "A", "B", messages=[message("A", "né", reactions=[{"actor": "B", "reaction": mojibake("❤")}]), message("B", "1")]
            )
        ).encode(),
    )
    at_once = rows(tmp_path)[0]
    monkeypatch.setattr(meta_reading, "WHOLE_BYTES", 10)
    assert rows(tmp_path)[0] == at_once
    assert len(at_once) == 3


def test_owner_is_the_one_name_in_all_conversations(tmp_path: Path) -> None:
    """Two conversations settle it; a group that the owner left does not unsettle it."""
    for place, other in (("a_1", "Ana"), ("b_2", "Ben")):
        write(tmp_path, INBOX + place + "/message_1.json", thread(other, "Me", messages=[message(other), message("Me")]))
    write(
        tmp_path, INBOX + "g_3/message_1.json", thread("Ana", "Ben", "Cem", messages=[message("Ana")], is_still_participant=False)
    )
    found, sources = rows(tmp_path)
    assert [row["direction"] for row in found if "g_3" not in row["file"]] == ["in", "out"] * 2
    assert [row["direction"] for row in found if "g_3" in row["file"]] == ["in"]
    assert {source.facts.owner_basis for source in sources.values()} == {"the only name in all conversations"}


def test_owner_is_not_guessed(tmp_path: Path) -> None:
    """One conversation, even in two parts, settles nothing; the ledger names the way out."""
    for part in (1, 2):
        write(
            tmp_path,
            INBOX + f"a_1/message_{part}.json",
            thread("Ana", "Me", messages=[message("Ana", f"part {part}"), message("Me")]),
        )
    found, sources = rows(tmp_path)
    assert [(row["direction"], row["handle"]) for row in found] == [("unknown", "Ana"), ("unknown", "Me")] * 2
    assert all("--owner NAME settles it" in source.notes[0] for source in sources.values())
    given_owner, _ = rows(tmp_path, owner=("+447700900123", "ana"))
    assert [(row["direction"], row["handle"]) for row in given_owner] == [("out", "Me"), ("in", "Me")] * 2
    wrong, _ = rows(tmp_path, owner=("Somebody Else",))
    assert {row["direction"] for row in wrong} == {"unknown"}


def test_given_owner_comes_before_the_profile(tmp_path: Path) -> None:
    """What a person says wins where the name occurs."""
    write(tmp_path, "profile_information/profile_information.json", {"profile_v2": {"name": {"full_name": "Ana"}}})
    write(tmp_path, INBOX + "a_1/message_1.json", thread("Ana", "Me", messages=[message("Ana")]))
    assert rows(tmp_path)[0][0]["direction"] == "out"
    assert rows(tmp_path, owner=("Me",))[0][0]["direction"] == "in"


def test_a_sender_known_from_another_part_makes_a_group(tmp_path: Path) -> None:
    """Participants are only those who are still members; all parts agree whether it is a group."""
    write(tmp_path, INBOX + "a_1/message_1.json", thread("Ana", "Me", messages=[message("Ana")]))
    write(tmp_path, INBOX + "a_1/message_2.json", thread("Ana", "Me", messages=[message("Former")]))
    assert [row["group"] for row in rows(tmp_path)[0]] == [True, True]


def test_messages_before_participants(tmp_path: Path) -> None:
    """The order of the keys is of no account."""
    made = thread("Ana", "Me", messages=[message("Ana", "x" * 100_000), message("Me")])
    write(
        tmp_path,
        INBOX + "a_1/message_1.json",
        {"messages": made["messages"], "title": "Ana", "participants": made["participants"]},
    )
    found, _ = rows(tmp_path, owner=("Me",))
    assert [row["direction"] for row in found] == ["in", "out"]
    assert found[0]["thread"] == "Ana [a_1]"


def test_content_that_looks_like_json_misleads_nobody(tmp_path: Path) -> None:
    """Keys inside a text are text."""
    trap = '{"sender_name": "Eve", "participants": [{"name": "Eve"}], "title": "Eve"}'
    write(tmp_path, INBOX + "a_1/message_1.json", thread("Ana", "Me", messages=[message("Ana", trap)], title="Ana"))
    found, _ = rows(tmp_path, owner=("Me",))
    assert [(row["text"], row["group"], row["thread"]) for row in found] == [(trap, False, "Ana [a_1]")]


def test_in_a_zip(tmp_path: Path) -> None:
    """A member of a zip is read as a file is; the zip's name tells the service."""
    path = tmp_path / "instagram-me.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("messages/inbox/a_1/message_1.json", json.dumps(thread("Ana", "Me", messages=[message("Ana")])))
    export = Export(path, "instagram-me.zip/messages/inbox/a_1/message_1.json", 1, member="messages/inbox/a_1/message_1.json")
    export.extract = [export]
    assert meta_messages.recognises(export)
    (_, record), *rest = meta_messages.records(export)
    event = meta_messages.event(record, export)
    assert rest == [] and (event.channel, event.text, event.folder) == ("instagram", "hello", "inbox")


def test_a_damaged_member_of_a_zip(tmp_path: Path) -> None:
    """What can be unpacked before the damage is read, and the damage is a problem."""
    path, inside = tmp_path / "facebook.zip", "messages/inbox/a_1/message_1.json"
    with ZipFile(path, "w") as archive:
        archive.writestr(inside, json.dumps(thread("Ana", "Me", messages=[message("Ana"), message("Me", "MARK")])))
    path.write_bytes(path.read_bytes().replace(b"MARK", b"MORK"))
    export = Export(path, f"facebook.zip/{inside}", 300, member=inside)
    export.extract = [export]
    records = meta_messages.records(export)
    read = []
    with pytest.raises(ExportError, match=r"message_1\.json"):
        for _, record in records:
            read.append(meta_messages.event(record, export))
    assert meta_messages.recognises(export)
    assert len(read) <= 2


def test_removed_by_another(tmp_path: Path) -> None:
    """In any language: who is named in `users` and did not write was removed."""
    changes = [message("Ana", "…", type="Unsubscribe", users=[{"name": name}]) for name in ("Ana", "Me")]
    write(tmp_path, INBOX + "a_1/message_1.json", thread("Ana", "Ben", "Me", messages=changes))
    assert [row["status"] for row in rows(tmp_path)[0]] == ["left", "removed"]


def test_a_left_group_needs_a_name_that_occurs_elsewhere(tmp_path: Path) -> None:
    """A name that no conversation shows makes nobody a stranger in his own."""
    write(tmp_path, INBOX + "a_1/message_1.json", thread("Ana", "Me", messages=[message("Me")], is_still_participant=False))
    assert rows(tmp_path, owner=("Old Name",))[0][0]["direction"] == "unknown"


@pytest.mark.parametrize(
    "contents",
    [
        {"participants": ["A", "B"], "threadName": "x", "messages": [{"senderName": "A", "text": "hi", "timestamp": 1}]},
        {"name": "x", "type": "personal_chat", "id": 1, "messages": [{"from": "A", "date": "2020-01-01T00:00:00"}]},
        [],
        {},
        {"messages": []},
        "sender_name",
        None,
    ],
)
def test_other_files_are_not_claimed(tmp_path: Path, contents: Any) -> None:
    """The end-to-end encrypted kind, Telegram, and nothing in particular."""
    path = write(tmp_path, "messages/alice_1.json", contents)
    assert not meta_messages.recognises(Export(path, "messages/alice_1.json", path.stat().st_size))


def test_deep_nesting_is_no_crash(tmp_path: Path) -> None:
    """A field nested a hundred thousand deep leaves the other messages readable."""
    deep = b"[" * 100_000 + b"]" * 100_000
    text = json.dumps(thread("A", "B", messages=[message("A", "one"), message("A", "DEEP"), message("A", "two")])).encode()
    write(tmp_path, INBOX + "a_1/message_1.json", text.replace(b'"DEEP"', deep))
    found, sources = rows(tmp_path)
    (source,) = sources.values()
    assert found[0]["text"] == "one"
    assert source.events + len(source.problems) == source.records
    assert source.problems


needs_fixtures = pytest.mark.skipif(not FIXTURES.exists(), reason="the shared samples are not here")


@needs_fixtures
@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("json_simple", {"message": 4, "reaction": 2}),
        ("json_group", {"message": 3}),
        ("json_multifile", {"message": 4}),
        ("json_nontext", {"message": 3, "call": 2, "notice": 1}),
        ("json_with_media", {"message": 1}),
        ("json_with_media_alt", {"message": 1}),
        ("mixed", {"message": 2}),
        ("corrupt", {"message": 1}),
        ("e2ee_simple", {}),
        ("html_simple", {}),
    ],
)
def test_samples_of_messenger(folder: str, expected: dict[str, int]) -> None:
    """Kinds counted by eye in each file."""
    found, sources = rows(FIXTURES / "facebook_messenger" / "msgvault" / folder)
    kinds = [row["kind"] for row in found]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == expected
    assert sum(len(source.problems) for source in sources.values()) == (folder == "corrupt")


@needs_fixtures
def test_sample_of_calls_and_shares() -> None:
    """192 seconds out, one missed, a share whose text is not the sender's."""
    found = by_place(rows(FIXTURES / "facebook_messenger" / "msgvault" / "json_nontext", owner=("Test User",))[0])
    assert [
        (found[f"messages[{n}]"]["direction"], found[f"messages[{n}]"]["outcome"], found[f"messages[{n}]"]["seconds"])
        for n in (2, 3)
    ] == [
        ("out", "answered", 192.0),
        ("in", "missed", 0.0),
    ]
    assert (found["messages[4]"]["text"], found["messages[4]"]["media"]) == (None, "https://example.com/article")
    assert found["messages[5]"]["status"] == "left"


@needs_fixtures
def test_sample_of_instagram() -> None:
    """No participants at all, still two people."""
    found, _ = rows(FIXTURES / "instagram")
    assert [(row["handle"], row["text"], row["group"]) for row in found] == [
        ("John Doe", "Hello Jane!", False),
        ("Jane Doe", "Hello John!", False),
    ]


def test_problems_are_not_events(tmp_path: Path) -> None:
    """What is no message is handed on as a problem with its place."""
    path = write(tmp_path, "message_1.json", {"participants": [{"name": "A"}], "messages": [7]})
    records = list(meta_messages.records(Export(path, "message_1.json", path.stat().st_size)))
    assert [(where, type(record)) for where, record in records] == [("messages[0]", Problem)]
