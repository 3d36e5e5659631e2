"""Lists of Facebook and Instagram: who was blocked, who asked, in each of the shapes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from meta_extract import by_place, mojibake, rows, write

from detector import meta_reading
from detector.export import Export
from detector.formats import meta_lists

CASES = Path(__file__).parent / "formats" / "meta_lists"


def brief(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what matters of a row."""
    return row["kind"], row["direction"], row["handle"], row["status"]


def test_instagram_lists() -> None:
    """Each list has its kind, side and status; accounts alone are skipped with the reason."""
    found, sources = rows(CASES / "instagram")
    by_file = {Path(row["file"]).stem: brief(row) for row in found}
    assert by_file == {
        "blocked_accounts": ("notice", "out", "no.time", "blocked"),
        "restricted_profiles": ("notice", "out", "rude.one", "restricted"),
        "hide_story_from": ("notice", "out", "rude.one", "story hidden"),
        "follow_requests_you've_received": ("request", "in", "sam.second", "pending"),
        "pending_follow_requests": ("request", "out", "friend.of.mine", "pending"),
        "recent_follow_requests": ("request", "out", "friend.of.mine", None),
        "recently_unfollowed_profiles": ("notice", "out", "old.friend", "unfollowed"),
    }
    assert {row["channel"] for row in found} == {"instagram"}
    skipped = {Path(path).stem: dict(source.skipped) for path, source in sources.items() if source.skipped}
    reason = "a list of accounts, not contact"
    assert skipped == {"followers_1": {reason: 2}, "following": {reason: 1}, "close_friends": {reason: 1}}


def test_the_name_is_found_wherever_it_stands() -> None:
    """In value, in title, only in the link; without a time the entry is kept."""
    found = by_place(rows(CASES / "instagram")[0], "blocked_accounts")
    assert [row["handle"] for row in found.values()] == ["sam.ig", "sam.new", "only.link", "no.time"]
    assert [row["at"] is None for row in found.values()] == [False, False, False, True]
    assert found["relationships_blocked_users[0]"]["at"].timestamp() == 1_700_000_000


def test_labelled_entries() -> None:
    """Labels in Portuguese and unknown ones; a single entry without brackets."""
    found, _ = rows(CASES / "instagram_labels")
    assert [(row["handle"], row["name"], row["status"]) for row in found] == [
        ("sam.ig", "Sám Example", "blocked"),
        ("linked.one", "Seán", "blocked"),
        ("rude.one", "rude.one", "restricted"),
    ]


def test_facebook_lists() -> None:
    """Requests received keep the one without a name; the messenger's blocks are inside one entry."""
    found, sources = rows(CASES / "facebook")
    assert {row["channel"] for row in found} == {"messenger"}
    received = [row for row in found if "received" in row["file"]]
    assert [brief(row)[:3] for row in received] == [
        ("request", "in", "Sám Example"),
        ("request", "in", None),
        ("request", "in", "Facebook user"),
    ]
    assert "several people" in received[2]["note"]
    assert [brief(row) for row in found if "rejected" in row["file"]] == [("request", "in", "Sám Example", "rejected")]
    assert [brief(row) for row in found if "removed" in row["file"]] == [("notice", "out", "Sám Example", "removed friend")]
    blocked = [row for row in found if "blocked" in row["file"]]
    assert [(row["handle"], row["at"].timestamp()) for row in blocked] == [
        ("Sám Example", 1_700_000_050),
        ("Other One", 1_700_000_100),
    ]
    assert "time of the whole list" in blocked[1]["note"] and "time of the whole list" not in blocked[0]["note"]
    assert sum(sum(source.skipped.values()) for source in sources.values()) == 1


def test_odd_entries() -> None:
    """Nulls and wrong types are problems, a strange time is kept as written, two times are two records."""
    found, sources = rows(CASES / "odd")
    (source,) = sources.values()
    assert (source.records, source.events, len(source.problems)) == (8, 4, 4)
    assert [row["raw_time"] for row in found] == ["1700000000000", None, "1700000000", "1700000500"]
    assert "time read as milliseconds" in found[0]["note"]


def test_a_list_cut_off_keeps_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a large one is streamed with the same result."""
    entries = [{"name": f"person {n}", "timestamp": 1_700_000_000 + n} for n in range(10)]
    whole = json.dumps({"received_requests_v2": entries}).encode()
    write(tmp_path, "received_friend_requests.json", whole[: whole.index(b"person 6")])
    found, sources = rows(tmp_path)
    (source,) = sources.values()
    assert [row["handle"] for row in found] == [f"person {n}" for n in range(6)]
    assert "breaks off after entry 5" in source.problems[0][1]
    write(tmp_path, "received_friend_requests.json", whole)
    at_once = rows(tmp_path)[0]
    monkeypatch.setattr(meta_reading, "WHOLE_BYTES", 10)
    assert rows(tmp_path)[0] == at_once and len(at_once) == 10


@pytest.mark.parametrize(
    "name",
    [
        "messenger_contacts_you've_blocked.json",
        "messenger_contacts_you’ve_blocked.json",
        "messenger_contacts_you_ve_blocked.json",
        "blocked_profiles.json",
        "blocked_accounts_2.json",
    ],
)
def test_file_names_vary(tmp_path: Path, name: str) -> None:
    """The apostrophe becomes what an unpacking program makes of it."""
    write(tmp_path, name, [{"timestamp": 1_700_000_000, "label_values": [{"label": "Name", "value": mojibake("Sám")}]}])
    assert [brief(row) for row in rows(tmp_path)[0]] == [("notice", "out", "Sám", "blocked")]


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("people_you_may_know.json", [{"timestamp": 1, "label_values": [{"label": "Name", "value": "A"}]}]),
        ("liked_posts.json", {"likes_media_likes": [{"title": "a", "string_list_data": [{"timestamp": 1}]}]}),
        ("friends.json", {"Friends": [{"Username": "a"}]}),
        ("result.json", {"about": "x", "contacts": {"list": []}}),
        ("blocked_profiles.json", "blocked"),
        ("message_1.json", {"participants": [{"name": "A"}], "messages": []}),
    ],
)
def test_other_files_are_not_claimed(tmp_path: Path, name: str, contents: Any) -> None:
    """The shape with labels is used for much else, so the file's name must tell."""
    path = write(tmp_path, name, contents)
    assert not meta_lists.recognises(Export(path, name, path.stat().st_size))


def test_empty_lists_are_read(tmp_path: Path) -> None:
    """Nothing in them, no problem."""
    write(tmp_path, "blocked_profiles.json", {"relationships_blocked_users": []})
    write(tmp_path, "restricted_profiles.json", [])
    _, sources = rows(tmp_path)
    assert [(source.format, source.records, source.problems) for source in sources.values()] == [("meta_lists", 0, [])] * 2
