"""WhatsApp chat exports: headers, dates, the app's own words, people, and columns that agree with events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.event import Event, columns, to_table
from detector.export import Export, Options
from detector.formats import whatsapp_txt
from detector.formats.whatsapp_txt import FORMAT
from detector.ingest import Source, read
from detector.inventory import find_exports
from detector.whatsapp import phrases

LRM, RLM, NNBSP, NBSP, THIN = "\u200e", "\u200f", "\u202f", "\u00a0", "\u2009"
ANDROID = "WhatsApp Chat with Dan.txt"


def export_of(folder: Path, text: str | bytes, name: str = ANDROID, **options: Any) -> Export:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    (export,) = find_exports([folder], Options(**options)).exports
    return export


@pytest.fixture
def chat(tmp_path: Path) -> Any:
    """A function that reads a text as an exported chat: its rows without what is None, and its ledger entry."""

    def reading(text: str | bytes, name: str = ANDROID, **options: Any) -> tuple[list[dict[str, Any]], Source]:
        export = export_of(tmp_path / str(len(list(tmp_path.iterdir()))), text, name, **options)
        table, (source,) = read([export], formats=[FORMAT])
        rows = [{k: v for k, v in row.items() if v is not None and k not in ("id", "source")} for row in table.to_pylist()]
        assert source.records == len(rows) + sum(source.skipped.values()) + len(source.problems)
        return rows, source

    return reading


def lines(*rows: str) -> str:
    return "".join(row + "\n" for row in rows)


def local(row: dict[str, Any]) -> str:
    return f"{row['at']:%Y-%m-%d %H:%M:%S}"


HEADERS = [
    ("30/6/23, 16:14 - Dan: hi", "2023-06-30 16:14:00"),
    ("6/30/23, 16:14 - Dan: hi", "2023-06-30 16:14:00"),
    ("23.03.22 13:31 - Dan: hi", "2022-03-23 13:31:00"),
    ("8/21/21, 11:06 PM - Dan: hi", "2021-08-21 23:06:00"),
    (f"20/6/2017 8:28 p.{NBSP}m. - Dan: hi", "2017-06-20 20:28:00"),
    ("20/6/2017 12:28 a. m. - Dan: hi", "2017-06-20 00:28:00"),
    ("20/6/2017, 12:28 pm - Dan: hi", "2017-06-20 12:28:00"),
    ("[3/18/22, 14:56:01] Dan: hi", "2022-03-18 14:56:01"),
    (f"[4/29/23, 9:15:33{NNBSP}PM] Dan: hi", "2023-04-29 21:15:33"),
    ("[01-29-2018, 23:33:00] Dan: hi", "2018-01-29 23:33:00"),
    ("[2020.04.01, 12:00:04] Dan: hi", "2020-04-01 12:00:04"),
    ("[2018/06/13, 12:00:04] Dan: hi", "2018-06-13 12:00:04"),
    ("[3/18/22 14:56:01] Dan: hi", "2022-03-18 14:56:01"),
    (f"{RLM}[{RLM}18{RLM}/3{RLM}/2022\u060c {RLM}2:56:01{NNBSP}\u0645] Dan: hi", "2022-03-18 14:56:01"),
    ("24.04.22 12:00:01: Dan: hi", "2022-04-24 12:00:01"),
    ("19/12/2012 17:03:48: Dan: hi", "2012-12-19 17:03:48"),
    ("3/24/14, 1:59:59 PM: Dan: hi", "2014-03-24 13:59:59"),
    ("30.12.16, 12:45; Dan: hi", "2016-12-30 12:45:00"),
    ("30.12.16, 12:45 \u2013 Dan: hi", "2016-12-30 12:45:00"),
    ("30.12.16, 12:45 , Dan: hi", "2016-12-30 12:45:00"),
    ("31.5.2019 klo 16.58 - Dan: hi", "2019-05-31 16:58:00"),
    ("13. 6. 2018. 21:25:15 - Dan: hi", "2018-06-13 21:25:15"),
    ("[13. 6. 2018. 21:25:15] Dan: hi", "2018-06-13 21:25:15"),
    ("[3/18/2565 BE, 14:56:01] Dan: hi", "2022-03-18 14:56:01"),
    ("[18/3/65, 14:56:01] Dan: hi", "2022-03-18 14:56:01"),
    ("[3/18/R4, 14:56:01] Dan: hi", "2022-03-18 14:56:01"),
    ("[R4/3/18 14:56:01] Dan: hi", "2022-03-18 14:56:01"),
    ("[H30/3/18 14:56:01] Dan: hi", "2018-03-18 14:56:01"),
    (
        "\u0662\u0663\u200f/\u0663\u200f/\u0662\u0660\u0662\u0662\u060c \u0661:\u0663\u0661 \u0645 - Dan: hi",
        "2022-03-23 13:31:00",
    ),
    ("\u06f2\u06f3/\u06f3/\u06f2\u06f0\u06f2\u06f2, \u06f1\u06f3:\u06f3\u06f1 - Dan: hi", "2022-03-23 13:31:00"),
    ("\u0968\u0969/\u0969/\u0968\u0966\u0968\u0968, \u0967\u0969:\u0969\u0967 - Dan: hi", "2022-03-23 13:31:00"),
    ("2022. 3. 18. 오후 2:56 - Dan: hi", "2022-03-18 14:56:00"),
    ("[2022. 3. 18. 오전 12:56:01] Dan: hi", "2022-03-18 00:56:01"),
    ("2022/3/18 下午2:56 - Dan: hi", "2022-03-18 14:56:00"),
    ("2022/3/18 午後 2:56 - Dan: hi", "2022-03-18 14:56:00"),
    ("2022/3/18 晚上9:56 - Dan: hi", "2022-03-18 21:56:00"),
    ("2022/3/18 凌晨1:56 - Dan: hi", "2022-03-18 01:56:00"),
    ("2022/3/18 中午12:56 - Dan: hi", "2022-03-18 12:56:00"),
    ("18/03/22, 2:56 in the afternoon - Dan: hi", "2022-03-18 14:56:00"),
    ("18/03/22, 1:56 at night - Dan: hi", "2022-03-18 01:56:00"),
    (f"18/03/2022{THIN}14:56 - Dan: hi", "2022-03-18 14:56:00"),
    ("\ufeff18/03/2022, 14:56 - Dan: hi", "2022-03-18 14:56:00"),
]


@pytest.mark.parametrize(("line", "expected"), HEADERS)
def test_headers(chat: Any, line: str, expected: str) -> None:
    """Every shape of header, digit, calendar and clock gives its time, writer and text, alone in a file."""
    (row,), _ = chat(line + "\n")

    assert (local(row), row["handle"], row["text"]) == (expected, "Dan", "hi")
    assert row["raw_time"] in line


@pytest.mark.parametrize(
    "text",
    [
        "[LINE] Chat history with Sam\nSaved on: 2024/01/03 09:00\n\n2024.01.02 Tuesday\n03:04\tSam\thi\n",
        "이름 님과 카카오톡 대화\n저장한 날짜 : 2025-10-10 10:09\n\n2025년 10월 10일 오전 10:09, 이름 : hi\n",
        "2025. 1. 2. 14:05, name : msg\n",
        "--------------- 2024년 12월 9일 월요일 ---------------\n[name] [오후 2:30] msg\n",
        "[2019-12-24, 12:23] Jane Doe: Hello John!\n[2020-01-17, 21:49] John Doe: Hello\nJane!\n",
        "[2020-01-01 12:00] Name: text\n",
        "[2020-01-01 12:00:00] Me: text\n[2020-01-01 12:00:01] Sam: text\n",
        "[2020-01-01 12:00:00] Ann: text\n[2020-01-01 12:00:01] Sam: text\n",
        "May 17, 2022  5:29:42 PM\nMe\nBody\n",
        "[Jan 02, 2024 10:00:00] <user> text\n",
        "2024-01-02 10:00:00 - INFO: started\n",
        "[2024-01-02 10:00:00] production.ERROR: broken\n",
        "[14/03, 09:00] Sam: pasted\n",
        "Date,Number,Type\n01/02/2024 10:00,07700900123,SMS\n",
        "dear diary\n",
        "",
    ],
)
def test_other_logs_are_not_claimed(tmp_path: Path, text: str) -> None:
    """Logs of other apps, program logs, tables and prose are left alone."""
    assert not FORMAT.recognises(export_of(tmp_path, text, "chat.txt"))


@pytest.mark.parametrize(
    "text",
    [
        "[2020-01-01, 12:00:00] Ann: text\n",
        f"[2020-01-01 12:00:00] Ann: {LRM}Messages and calls are end-to-end encrypted.\n",
        "the end of a message that was cut off\n01/02/2024, 10:00 - Ann: text\n",
        "14/03/2024, 09:00 - Messages and calls are end-to-end encrypted.\n",
    ],
)
def test_own_exports_are_claimed(tmp_path: Path, text: str) -> None:
    """Signal's shape with seconds and a comma, or with the app's marks, is WhatsApp's; so is a chat cut off at its beginning."""
    assert FORMAT.recognises(export_of(tmp_path, text, "chat.txt"))


def test_several_lines_and_empty_ones_stay(chat: Any) -> None:
    """What follows a header belongs to its message, blank lines and trailing blanks included."""
    rows, _ = chat("14/03/2024, 09:00 - Dan: one\n\n  two \n\n14/03/2024, 09:01 - Dan: three")

    assert [(row["locator"], row["text"]) for row in rows] == [("line 1", "one\n\n  two \n"), ("line 5", "three")]


def test_line_ends_and_encodings(chat: Any) -> None:
    """CRLF, UTF-8 with a mark, UTF-16 and Windows-1252 give the same words."""
    text = "14/03/2024, 09:00 - Dan: caf\u00e9\nend\n14/03/2024, 09:01 - Jo\u00eb: d\u00e9j\u00e0\n"
    forms = [
        text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.encode("cp1252"),
    ]

    for form in forms:
        rows, _ = chat(form)
        assert [(row["text"], row["locator"]) for row in rows] == [("caf\u00e9\nend", "line 1"), ("d\u00e9j\u00e0", "line 3")]


def test_damaged_bytes_lose_no_line(chat: Any) -> None:
    """A byte that is no UTF-8 is shown as such, said in a note, and the rest is read."""
    rows, source = chat("14/03/2024, 09:00 - Dan: \u00e4 ok\n".encode() + b"14/03/2024, 09:01 - Dan: bad \xff byte\n")

    assert [row["text"] for row in rows] == ["\u00e4 ok", "bad \ufffd byte"]
    assert any("not UTF-8" in note for note in source.notes)


def test_a_long_message_and_no_message(chat: Any) -> None:
    """A message of 100,000 characters is one event; an empty file is said to be empty."""
    rows, _ = chat(lines("14/03/2024, 09:00 - Dan: " + "so " * 33_334, "14/03/2024, 09:01 - Dan: x"))
    nothing, source = chat("")

    assert [len(row["text"]) for row in rows] == [100_002, 1]
    assert (nothing, source.notes) == ([], ["empty file"])


def test_what_is_cut_off_is_a_problem(chat: Any) -> None:
    """Text before the first header is a problem with its line; blank lines there are skipped."""
    rows, source = chat("the end of something\n14/03/2024, 09:00 - Dan: hi\n")
    more, blank = chat("\n\n14/03/2024, 09:00 - Dan: hi\n")

    assert [problem[0] for problem in source.problems] == ["line 1"]
    assert [row["locator"] for row in rows] == ["line 2"]
    assert blank.skipped == {"blank lines before the first message": 1}
    assert [row["locator"] for row in more] == ["line 3"]


ORDERS: list[tuple[str, list[str], str | None, str | None]] = [
    ("a number above 12", ["03/04/2024", "13/04/2024"], "DMY", "above 12"),
    ("a second number above 12", ["03/04/2024", "03/14/2024"], "MDY", "above 12"),
    ("fewer steps back", ["05/01/2024", "03/02/2024", "01/03/2024"], "DMY", "back in time"),
    ("fewer steps back, month first", ["01/05/2024", "02/03/2024", "03/01/2024"], "MDY", "back in time"),
    ("the day changes more often", ["01/02/2024", "02/02/2024", "03/02/2024"], "DMY", "changes more often"),
    ("the day changes more often, month first", ["02/01/2024", "02/02/2024", "02/03/2024"], "MDY", "changes more often"),
    ("dots", ["03.04.2024"], "DMY", "dots"),
    ("the same number", ["05/05/2024"], "DMY", "same number"),
    ("nothing says", ["03/04/2024"], None, "cannot be told apart"),
    ("one change says too little", ["03/04/2024", "04/04/2024"], None, "cannot be told apart"),
    ("the year first", ["2024-03-04"], "YMD", "year stands first"),
    ("two digits of the year first", ["22/03/18", "22/03/19", "22/04/02"], "YMD", "year stands first"),
    ("two digits of the year last", ["14/03/24"], "DMY", "above 12"),
    ("two digits that cannot be told", ["03/04/05"], None, "cannot be told apart"),
    ("above 31 is the year", ["45/03/04"], "YMD", "year stands first"),
]


@pytest.mark.parametrize(("why", "dates", "order", "basis"), ORDERS, ids=[each[0] for each in ORDERS])
def test_date_order(chat: Any, why: str, dates: list[str], order: str | None, basis: str) -> None:
    """Each rule that tells day from month, in falling strength, and where none does."""
    rows, source = chat(lines(*(f"{date}, 09:00 - Dan: hi" for date in dates)))

    assert source.facts.date_order == order
    assert basis in (source.facts.date_order_basis or "")
    assert len(rows) == (len(dates) if order else 0)


def test_an_open_order_names_the_way_out(chat: Any) -> None:
    """Where day and month cannot be told apart each record is a problem that names file, date and option; with it all are read."""
    text = lines("03/04/2024, 09:00 - Dan: hi", "03/04/2024, 09:01 - Messages and calls are end-to-end encrypted.")
    rows, source = chat(text)
    american, _ = chat(text, date_order="MDY")
    british, given = chat(text, date_order="DMY")

    assert not rows
    assert len(source.problems) == 2
    for part in (ANDROID, '"03/04/2024"', "--date-order DMY", "MDY"):
        assert part in source.problems[0][1]
    assert (local(american[0]), local(british[0])) == ("2024-03-04 09:00:00", "2024-04-03 09:00:00")
    assert (given.facts.date_order, given.facts.date_order_basis) == ("DMY", "given")


def test_proof_goes_before_the_option(chat: Any) -> None:
    """An option that the dates contradict does not bend them, and the ledger says so."""
    rows, source = chat(lines("03/04/2024, 09:00 - Dan: a", "13/04/2024, 09:00 - Dan: b"), date_order="MDY")

    assert [local(row)[:10] for row in rows] == ["2024-04-03", "2024-04-13"]
    assert any("--date-order MDY does not fit" in note for note in source.notes)


def test_a_file_name_repeats_the_date(chat: Any) -> None:
    """An iPhone's photo name that repeats the message's own time settles the order; one with another time does not."""
    photo = f"{LRM}[04/03/2024, 09:00:07] Dan: {LRM}<attached: 00000035-PHOTO-2024-03-04-{{}}.jpg>"
    rows, source = chat(lines(photo.format("09-00-07")), "_chat.txt")
    other, _ = chat(lines(photo.format("11-11-11")), "_chat.txt")

    assert local(rows[0]) == "2024-03-04 09:00:07"
    assert "PHOTO" in source.facts.date_order_basis
    assert not other


def test_a_file_name_says_by_when(chat: Any) -> None:
    """An Android file name with the day on which it reached the phone rules out a later reading of its message."""
    rows, source = chat("04/03/2024, 09:00 - Dan: IMG-20240320-WA0002.jpg (file attached)\n")

    assert local(rows[0]) == "2024-03-04 09:00:00"
    assert "later than its file" in source.facts.date_order_basis


def test_a_file_that_changes_its_order(chat: Any) -> None:
    """A file with dates of both orders is cut where the dates prove it, also within one way of writing."""
    rows, source = chat(lines(*(f"{date}, 09:00 - Dan: hi" for date in ("6/28/2023", "6/30/2023", "1/7/2023", "14/7/2023"))))
    keys, two = chat(
        lines("6/30/23, 16:14 - Dan: a", "7/2/23, 16:15 - Dan: b", "30/7/2023, 16:15 - Dan: c", "1/8/2023, 16:16 - Dan: d")
    )

    assert [local(row)[:10] for row in rows] == ["2023-06-28", "2023-06-30", "2023-07-01", "2023-07-14"]
    assert [local(row)[:10] for row in keys] == ["2023-06-30", "2023-07-02", "2023-07-30", "2023-08-01"]
    for each in (source, two):
        assert each.facts.date_order is None
        assert any("mixed date orders: MDY from line 1; DMY from line 3" in note for note in each.notes)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("31/02/2024, 09:00 - Dan: hi", 'there is no day "31/02/2024"'),
        ("13/02/2024, 29:00 - Dan: hi", 'there is no time "29:00"'),
        ("13/02/2024, 9:00 xyz - Dan: hi", "not known to mean morning or afternoon"),
        ("[18/08/1445, 09:00:00] Dan: hi", "of a calendar that is not read"),
        ("[18/08/X5, 09:00:00] Dan: hi", "of an era that is not known"),
    ],
)
def test_times_that_cannot_be_read(chat: Any, line: str, reason: str) -> None:
    """A date or time that cannot be is a problem for its line; the others are read."""
    bracket = line.startswith("[")
    good = "[14/02/2024, 09:00:00] Dan: ok" if bracket else "14/02/2024, 09:00 - Dan: ok"
    rows, source = chat(lines(good, line, good))

    assert [row["text"] for row in rows] == ["ok", "ok"]
    assert [problem[0] for problem in source.problems] == ["line 2"]
    assert reason in source.problems[0][1]


def test_the_clock_changes(chat: Any) -> None:
    """In the hour that is left out, the hour that occurs twice and around them, times keep their zone and say what is doubtful."""
    rows, source = chat(
        lines(
            "30/03/2024, 12:00 - Dan: a",
            "31/03/2024, 01:30 - Dan: gap",
            "31/03/2024, 12:00 - Dan: b",
            "27/10/2024, 01:30 - Dan: twice",
            "28/10/2024, 12:00 - Dan: c",
        ),
        timezone="Europe/London",
    )
    london = [row["at"].astimezone(ZoneInfo("Europe/London")) for row in rows]

    assert [f"{at:%H:%M %z}" for at in london] == ["12:00 +0000", "02:30 +0100", "12:00 +0100", "01:30 +0100", "12:00 +0000"]
    assert ["note" in row for row in rows] == [False, True, False, True, False]
    assert (source.facts.zone, source.facts.zone_basis) == ("Europe/London", "given")


def deleted_by_owner() -> list[str]:
    return sorted(phrases.DELETED_BY_OWNER)


@pytest.mark.parametrize("phrase", deleted_by_owner())
def test_the_owner_deleted_a_message(chat: Any, phrase: str) -> None:
    """In every language, on both platforms and with or without a full stop, the owner's deleted message tells who exported."""
    android, one = chat(lines("14/03/2024, 09:00 - Sam: hi", f"14/03/2024, 09:01 - Alex: {phrase}"), "chat of ours.txt")
    iphone, two = chat(lines("[14/03/2024, 09:00:00] Sam: hi", f"[14/03/2024, 09:01:00] Alex: {LRM}{phrase}."), "_chat.txt")

    for rows, source in ((android, one), (iphone, two)):
        assert (source.facts.owner, rows[1]["direction"], rows[1]["handle"], rows[1]["status"]) == (
            "Alex",
            "out",
            "Sam",
            "deleted",
        )
        assert "line 2" in source.facts.owner_basis
        assert "text" not in rows[1]


@pytest.mark.parametrize(
    "phrase", ["This message was deleted", "Mensagem apagada", "Esta mensagem foi apagada.", "Данное сообщение удалено"]
)
def test_wordings_for_both_sides_prove_nothing(chat: Any, phrase: str) -> None:
    """Where the wording for one's own and for the other's deleted message is the same, or it is the other's, no owner follows."""
    rows, source = chat(lines("14/03/2024, 09:00 - Sam: hi", f"14/03/2024, 09:01 - Alex: {phrase}"), "chat of ours.txt")

    assert source.facts.owner is None
    assert [row["direction"] for row in rows] == ["unknown", "unknown"]
    assert rows[1]["status"] == "deleted"
    assert any("--owner settles it" in note for note in source.notes)


PAIR = lines("14/03/2024, 09:00 - Dan: hi", "14/03/2024, 09:01 - Alex Doe: yes")


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("WhatsApp Chat with Dan.txt", "Alex Doe"),
        ("WhatsApp_Chat_with_Dan.txt", "Alex Doe"),
        ("WhatsApp Chat with Dan (1).txt", "Alex Doe"),
        ("WhatsApp Chat - Dan/_chat.txt", "Alex Doe"),
        ("Dan/_chat.txt", "Alex Doe"),
        ("Conversa do WhatsApp com Dan.txt", "Alex Doe"),
        ("Чат WhatsApp с Dan.txt", "Alex Doe"),
        ("Dan ile WhatsApp Sohbeti.txt", "Alex Doe"),
        ("WhatsApp Chat with Alex Doe.txt", "Dan"),
        ("WhatsApp Chat with Somebody.txt", None),
        ("notes.txt", None),
    ],
)
def test_the_title_tells_the_owner(chat: Any, name: str, owner: str | None) -> None:
    """In a chat of two the owner is whom the title does not name."""
    rows, source = chat(PAIR, name)
    other = {"Alex Doe": "Dan", "Dan": "Alex Doe"}.get(owner or "")

    assert source.facts.owner == owner
    assert {row["handle"] for row in rows} == ({other} if owner else {"Dan", "Alex Doe"})
    assert [row["direction"] for row in rows] == {"Alex Doe": ["in", "out"], "Dan": ["out", "in"]}.get(
        owner or "", ["unknown", "unknown"]
    )


def test_a_zip_gives_the_title(tmp_path: Path) -> None:
    """In a zip with ``_chat.txt`` the zip's name is the title."""
    from zipfile import ZipFile

    with ZipFile(tmp_path / "WhatsApp Chat - Dan.zip", "w") as archive:
        archive.writestr("_chat.txt", PAIR)
    table, (source,) = read(find_exports([tmp_path], Options()).exports, formats=[FORMAT])

    assert (source.facts.owner, table["thread"].to_pylist()) == ("Alex Doe", ["Dan", "Dan"])


def test_one_side_only(chat: Any) -> None:
    """Where only the titled person writes, the lines came in; where only somebody else does, that is the owner."""
    theirs, one = chat(lines("14/03/2024, 09:00 - Dan: answer me"))
    ours, two = chat(lines("14/03/2024, 09:00 - Alex: sorry, who is this?"))

    assert (theirs[0]["direction"], theirs[0]["handle"], one.facts.owner) == ("in", "Dan", None)
    assert (ours[0]["direction"], ours[0]["handle"], two.facts.owner) == ("out", "Dan", "Alex")


@pytest.mark.parametrize("owner", ["dan", "DAN", "+44 7700 900123"])
def test_the_given_owner_goes_first(chat: Any, owner: str) -> None:
    """What a person says wins over title and deleted message, in any case of letters, numbers by their digits."""
    text = lines("14/03/2024, 09:00 - Dan: hi", "14/03/2024, 09:01 - Alex: You deleted this message")
    if owner.startswith("+"):
        text = text.replace("Dan:", "\u202a07700\u2011900123\u202c:")
    rows, source = chat(text, owner=("somebody else", owner))

    assert [row["direction"] for row in rows] == ["out", "in"]
    assert source.facts.owner_basis == "given"
    assert any("You deleted this message" in note for note in source.notes)


def test_contradictions_leave_the_owner_open(chat: Any) -> None:
    """Two people cannot both be the owner, and the titled person cannot be: typed imitations settle nothing."""
    both, one = chat(
        lines("14/03/2024, 09:00 - Sam: You deleted this message", "14/03/2024, 09:01 - Alex: You deleted this message"), "c.txt"
    )
    titled, two = chat(lines("14/03/2024, 09:00 - Dan: You deleted this message", "14/03/2024, 09:01 - Alex: hm"))

    for rows, source in ((both, one), (titled, two)):
        assert source.facts.owner is None
        assert {row["direction"] for row in rows} == {"unknown"}
        assert any("does not settle" in note for note in source.notes)


def test_groups(chat: Any) -> None:
    """In a group the writer of an incoming message is its handle, and nobody is that of an outgoing one."""
    rows, source = chat(
        lines(
            f"[14/03/2024, 09:00:00] Team A: {LRM}Messages and calls are end-to-end encrypted.",
            f"[14/03/2024, 09:00:01] Team A: {LRM}You created this group",
            f"[14/03/2024, 09:00:02] Alex: {LRM}You added Dan",
            "[14/03/2024, 09:01:00] Dan: hello",
            f"[14/03/2024, 09:02:00] ~{NNBSP}Kim: hello",
            "[14/03/2024, 09:03:00] \u202a+44\u00a07700\u00a0900123\u202c: hello",
            "[14/03/2024, 09:04:00] Alex: hello all",
        ),
        "_chat.txt",
    )
    said = [
        (row["direction"], row.get("handle"), row.get("name"), row.get("name_source")) for row in rows if row["kind"] == "message"
    ]

    assert said == [
        ("in", "Dan", "Dan", "address book"),
        ("in", f"~{NNBSP}Kim", "Kim", "profile"),
        ("in", "+44\u00a07700\u00a0900123", None, None),
        ("out", None, None, None),
    ]
    assert all(row["group"] and row["thread"] == "Team A" for row in rows)
    assert source.facts.owner == "Alex"
    assert "you" in source.facts.owner_basis


def test_notices_with_a_colon_have_no_writer(chat: Any) -> None:
    """A colon in an Android notice makes nobody: not a writer, not a third person in the chat."""
    rows, source = chat(
        lines(
            '14/03/2024, 09:00 - Alex created group "Team: A"',
            '14/03/2024, 09:00 - Alex changed the subject from "Team: A" to "Team: B"',
            "14/03/2024, 09:01 - Dan: hi",
            '14/03/2024, 09:02 - Kim "K": hi',
            '14/03/2024, 09:03 - Kim "K": she left',
            "14/03/2024, 09:04 - Ann: they were added",
        )
    )

    assert [row["kind"] for row in rows] == ["notice", "notice", "message", "message", "message", "message"]
    assert rows[0]["note"] == 'Alex created group "Team: A"'
    assert rows[1]["note"] == 'Alex changed the subject from "Team: A" to "Team: B"'
    assert [row["text"] for row in rows[4:]] == ["she left", "they were added"]
    assert {row["direction"] for row in rows[:2]} == {"unknown"}
    assert not any("handle" in row or "text" in row for row in rows[:2])
    assert source.problems == []


BODIES: list[tuple[str, dict[str, Any]]] = [
    ("hi", {"text": "hi"}),
    ("he said: no", {"text": "he said: no"}),
    ("<Media omitted>", {"media": "<Media omitted>"}),
    ("< M\u00e9dia vynech\u00e1na >", {"media": "< M\u00e9dia vynech\u00e1na >"}),
    ("<\u041c\u0435\u0434\u0456\u0430 \u043f\u0440\u043e\u043f\u0443\u0449\u0435\u043d\u043e>", {"media": "<Медіа пропущено>"}),
    ("IMG-20240314-WA0002.jpg (file attached)", {"media": "IMG-20240314-WA0002.jpg"}),
    ("IMG-20240314-WA0002.jpg (beliebig)", {"media": "IMG-20240314-WA0002.jpg"}),
    ("IMG-20240314-WA0002.jpg (file attached)\nlook", {"media": "IMG-20240314-WA0002.jpg", "text": "look"}),
    ("a plan (1).pdf (Datei angeh\u00e4ngt)", {"media": "a plan (1).pdf"}),
    (f"{LRM}Alex.vcf (\u0444\u0430\u0439\u043b \u0434\u043e\u0431\u0430\u0432\u043b\u0435\u043d)", {"media": "Alex.vcf"}),
    ("read report.pdf (final version)", {"text": "read report.pdf (final version)"}),
    ("null", {"media": "null"}),
    ("This message was deleted", {"status": "deleted", "note": "This message was deleted"}),
    ("This message was deleted.", {"status": "deleted", "note": "This message was deleted."}),
    ("Missed voice call", {"kind": "call", "outcome": "missed", "note": "Missed voice call"}),
    ("Missed video call.", {"kind": "call", "outcome": "missed"}),
    ("\u4e0d\u5728\u7740\u4fe1", {"kind": "call", "outcome": "missed"}),
    ("location: https://maps.google.com/?q=51.5,-0.1", {"media": "location: https://maps.google.com/?q=51.5,-0.1"}),
    ("poloha: https://maps.google.com/?q=51.5,-0.1", {"media": "poloha: https://maps.google.com/?q=51.5,-0.1"}),
    ("live location shared", {"media": "live location shared"}),
    ("see https://example.org/a", {"text": "see https://example.org/a"}),
    ("really <This message was edited>", {"text": "really", "status": "edited"}),
    ("wirklich <Diese Nachricht wurde bearbeitet>", {"text": "wirklich", "status": "edited"}),
    ("POLL:\nWhere?\nOPTION: here (1 vote)\n", {"text": "POLL:\nWhere?\nOPTION: here (1 vote)\n", "media": "poll"}),
    ("Dan updated the message timer. New messages will disappear from this chat 24 hours after", {"kind": "notice"}),
    ("Messages and calls are end-to-end encrypted. Only people", {"kind": "notice"}),
    ("You blocked this contact", {"text": "You blocked this contact"}),
    ("Image omitted", {"text": "Image omitted"}),
    ("she left", {"text": "she left"}),
    ("You added my mother", {"text": "You added my mother"}),
    (":)", {"text": ":)"}),
    ("I will kill you (tonight)", {"text": "I will kill you (tonight)"}),
    ("a <b> c", {"text": "a <b> c"}),
]


@pytest.mark.parametrize(("body", "expected"), BODIES, ids=[body[:40] for body, _ in BODIES])
def test_bodies_on_android(chat: Any, body: str, expected: dict[str, Any]) -> None:
    """What the app wrote, in any language, is told from what somebody typed, without any mark."""
    rows, _ = chat(f"14/03/2024, 09:00 - Alex: before\n14/03/2024, 09:00 - Dan: {body}\n14/03/2024, 09:01 - Alex: after\n")
    row, wanted = rows[1], {"kind": "message", **expected}

    assert {name: row.get(name) for name in wanted} == wanted
    assert ("text" in row, "media" in row, "status" in row) == tuple(name in wanted for name in ("text", "media", "status"))


def test_typed_words_in_angle_brackets_are_not_lost(chat: Any) -> None:
    """An unknown wording in angle brackets is the app's if it recurs or speaks of media; else it may be typed, and stays text."""
    rows, _ = chat(
        lines(
            "14/03/2024, 09:00 - Dan: <I know where you live>",
            "14/03/2024, 09:01 - Dan: <qwertz asdf>",
            "14/03/2024, 09:02 - Dan: <qwertz asdf>",
            "14/03/2024, 09:03 - Dan: <Medijski sadr\u017eaj izostavljen>",
        )
    )

    assert [(row.get("text"), row["media"]) for row in rows] == [
        ("<I know where you live>", "<I know where you live>"),
        (None, "<qwertz asdf>"),
        (None, "<qwertz asdf>"),
        (None, "<Medijski sadr\u017eaj izostavljen>"),
    ]


MARKED: list[tuple[str, dict[str, Any]]] = [
    ("hi", {"text": "hi"}),
    ("Missed voice call", {"text": "Missed voice call"}),
    ("<Media omitted>", {"text": "<Media omitted>"}),
    ("null", {"text": "null"}),
    (f"{LRM}image omitted", {"media": "image omitted"}),
    (f"look {LRM}image omitted", {"media": "image omitted", "text": "look"}),
    (f"{LRM}<attached: 00000012-PHOTO-2024-03-14-09-00-00.jpg>", {"media": "00000012-PHOTO-2024-03-14-09-00-00.jpg"}),
    (f"two\nlines {LRM}<attached: 00000012-A.jpg>", {"media": "00000012-A.jpg", "text": "two\nlines"}),
    (f"{LRM}<attached: 00000012-A.jpg>\nbelow", {"media": "00000012-A.jpg", "text": "below"}),
    (f"{RLM}<\u0627\u0644\u0645\u064f\u0631\u0641\u0642: 00000012-A.jpg>", {"media": "00000012-A.jpg"}),
    (f"{LRM}<00000012-A.jpg eklendi>", {"media": "00000012-A.jpg"}),
    (f"{LRM}<\u9644\u4ef6\uff1a00000012-A.jpg>", {"media": "00000012-A.jpg"}),
    (
        f"A plan.pdf \u2022 {LRM}1 page {LRM}<attached: 00000012-A plan.pdf>",
        {"media": "00000012-A plan.pdf", "note": "A plan.pdf"},
    ),
    (f"A plan.pdf \u2022 {LRM}12 pages {LRM}document omitted", {"media": "A plan.pdf"}),
    (f"{LRM}This message was deleted.", {"status": "deleted"}),
    (f"{LRM}This message was deleted by admin Kim.", {"status": "deleted"}),
    (f"really {LRM}<This message was edited>", {"text": "really", "status": "edited"}),
    (f"{LRM}Missed voice call", {"kind": "call", "outcome": "missed"}),
    (f"{LRM}Missed voice call at 12:00", {"kind": "call", "outcome": "missed"}),
    (f"{LRM}Missed video call, {LRM}Silenced by Do Not Disturb", {"kind": "call", "outcome": "missed"}),
    (f"{LRM}Missed group voice call", {"kind": "call", "outcome": "missed"}),
    (f"{LRM}Voice call, {LRM}5 min", {"kind": "call", "outcome": "answered", "seconds": 300.0}),
    (f"{LRM}Voice call. {LRM}1 hr 2 min", {"kind": "call", "outcome": "answered", "seconds": 3720.0}),
    (f"{LRM}Video call, {LRM}23 sec", {"kind": "call", "outcome": "answered", "seconds": 23.0}),
    (f"{LRM}Video call, {LRM}No answer", {"kind": "call", "outcome": "missed"}),
    (f"{LRM}Unanswered Voice Call", {"kind": "call", "outcome": "missed"}),
    (f"{LRM}Location: https://maps.google.com/?q=51.5,-0.1", {"media": "Location: https://maps.google.com/?q=51.5,-0.1"}),
    ("Pub (City): https://foursquare.com/v/abc", {"media": "Pub (City): https://foursquare.com/v/abc"}),
    (
        f"{LRM}POLL:\nWhere?\n{LRM}OPTION: here ({LRM}1 vote)",
        {"text": f"{LRM}POLL:\nWhere?\n{LRM}OPTION: here ({LRM}1 vote)", "media": "poll"},
    ),
    (
        f"{LRM}You blocked this contact",
        {"kind": "notice", "status": "blocked", "direction": "out", "note": "You blocked this contact"},
    ),
    (f"{LRM}You unblocked this contact.", {"kind": "notice", "status": "unblocked", "direction": "out"}),
    (
        f"{LRM}Dan changed their phone number to a new number",
        {"kind": "notice", "status": "number changed", "direction": "unknown"},
    ),
    (f"{LRM}Your security code with Dan changed. Tap", {"kind": "notice", "direction": "unknown"}),
    (f"call {LRM}+44 7700 900123 now", {"text": f"call {LRM}+44 7700 900123 now"}),
    (f"{LRM}I am watching you\nevery day", {"text": f"{LRM}I am watching you\nevery day"}),
]


@pytest.mark.parametrize(("body", "expected"), MARKED, ids=[body[:40] for body, _ in MARKED])
def test_bodies_on_an_iphone(chat: Any, body: str, expected: dict[str, Any]) -> None:
    """The app's mark tells its words from what somebody typed; nothing without it is taken for the app's."""
    opening = (
        f"[14/03/2024, 09:00:00] Dan: {LRM}Messages and calls are end-to-end encrypted.\r\n[14/03/2024, 09:00:00] Alex: hi\r\n"
    )
    rows, _ = chat(opening + f"[14/03/2024, 09:00:01] Dan: {body}\r\n", "_chat.txt")
    row, wanted = rows[2], {"kind": "message", **expected}

    assert {name: row.get(name) for name in wanted} == wanted
    assert ("text" in row, "media" in row, "status" in row) == tuple(name in wanted for name in ("text", "media", "status"))
    assert row.get("handle") == (None if wanted["kind"] == "notice" and "status" not in wanted else "Dan")


def test_unknown_marked_wordings(chat: Any) -> None:
    """An unknown wording behind the mark is a notice whose text is kept and counted; before the line too, it is a file."""
    opening = f"[14/03/2024, 09:00:00] Dan: {LRM}Messages and calls are end-to-end encrypted."
    rows, source = chat(
        lines(opening, f"[14/03/2024, 09:00:01] Dan: {LRM}Qwertz asdf", f"{LRM}[14/03/2024, 09:00:02] Dan: {LRM}qwertz"),
        "_chat.txt",
    )

    assert (rows[1]["kind"], rows[1]["text"], rows[1]["direction"]) == ("notice", f"{LRM}Qwertz asdf", "unknown")
    assert (rows[2]["kind"], rows[2]["media"]) == ("message", "qwertz")
    assert any(note.startswith("1 lines have the mark") and "line 2" in note and "Qwertz asdf" in note for note in source.notes)


def test_blocked_on_android(chat: Any) -> None:
    """Notices of blocking have no writer: the owner did it, to the other side; the words are a note, never speech."""
    rows, _ = chat(
        lines(
            "14/03/2024, 09:00 - Messages and calls are end-to-end encrypted. No one",
            "14/03/2024, 09:01 - Dan: hi",
            "14/03/2024, 09:02 - You blocked this contact. Tap to unblock.",
            "14/03/2024, 09:03 - Has\u00b7ta luego",
            "14/03/2024, 09:04 - You unblocked this contact.",
            "14/03/2024, 09:05 - Dan changed from +44 7700 900123 to +44 7700 900124",
        )
    )

    assert [(row.get("status"), row["direction"], row.get("handle")) for row in rows if row["kind"] == "notice"] == [
        (None, "unknown", None),
        ("blocked", "out", "Dan"),
        (None, "unknown", None),
        ("unblocked", "out", "Dan"),
        ("number changed", "unknown", "Dan"),
    ]
    assert rows[5]["note"] == "Dan changed from +44 7700 900123 to +44 7700 900124"
    assert sum("text" in row for row in rows) == 1


@pytest.mark.parametrize("kind", ["blocked", "unblocked", "missed_voice", "missed_video", "deleted", "omitted"])
def test_every_table_is_used(chat: Any, kind: str) -> None:
    """Each wording of the tables for iPhones is read as what it says."""
    wanted = {"blocked": "notice", "unblocked": "notice", "missed_voice": "call", "missed_video": "call"}.get(kind, "message")
    wordings = sorted(text for text, of in phrases.EXACT.items() if of == kind)
    rows, _ = chat(lines(*(f"[14/03/2024, 09:00:00] Dan: {LRM}{text}" for text in wordings)), "_chat.txt")

    assert {row["kind"] for row in rows} == {wanted}
    assert not any("text" in row for row in rows)


def test_a_quoted_conversation(chat: Any) -> None:
    """Headers of the other platform inside a message stay text; ones of the same kind that step back are marked as doubtful."""
    rows, source = chat(
        lines(
            "14/03/2024, 09:00 - Dan: look what she wrote:",
            "[01/02/2024, 10:00:00] Kim: I will find you",
            "14/03/2024, 09:01 - Alex: oh",
            "01/02/2024, 10:00 - Alex: quoted",
            "14/03/2024, 09:02 - Dan: yes",
        )
    )

    assert rows[0]["text"] == "look what she wrote:\n[01/02/2024, 10:00:00] Kim: I will find you"
    assert ["quoted inside" in row.get("note", "") for row in rows] == [False, False, True, False]
    assert any("read as text, the first is line 2" in note for note in source.notes)
    assert any("may be quoted inside a message, the first is line 4" in note for note in source.notes)


def test_two_exports_in_one_file(chat: Any) -> None:
    """A file whose second half has another shape of header is read throughout."""
    android = [f"14/03/2024, 09:{minute:02} - Dan: a{minute}" for minute in range(10)]
    iphone = [f"[15/03/2024, 09:{minute:02}:00] Dan: b{minute}" for minute in range(10)]
    rows, _ = chat(lines(*android, *iphone))

    assert [row["text"] for row in rows] == [*(f"a{n}" for n in range(10)), *(f"b{n}" for n in range(10))]


def test_order_is_kept_and_steps_back_are_said(chat: Any) -> None:
    """Lines that are not in order stay where they are; a later date on the notice at the top is not a doubt."""
    rows, source = chat(
        lines(
            "23/03/2024, 09:00 - Messages and calls are end-to-end encrypted.",
            "18/03/2024, 16:13 - Dan: a",
            "18/03/2024, 16:11 - Dan: b",
            "18/03/2024, 16:12 - Dan: c",
        )
    )

    assert [row.get("text") for row in rows] == [None, "a", "b", "c"]
    assert not any("note" in row for row in rows[1:])
    assert any(note.startswith("1 lines are earlier") and "line 3" in note for note in source.notes)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30)
BODY = st.one_of(WORDS, st.sampled_from([body for body, _ in BODIES + MARKED]))
HEADER = st.sampled_from(["14/03/2024, 09:00 - ", "31/03/2024, 01:30 - ", "15/03/2024, 9:00 - ", "3/4/2024, 10:00 - "])
BRACKET = st.sampled_from(["[14/03/2024, 09:00:00] ", f"{LRM}[14/03/2024, 09:00:00] ", "[13/03/2024, 29:00:00] "])
NAME = st.sampled_from(["Dan: ", "Alex: ", f"~{NNBSP}Kim: ", "", "Al: ", 'x "y: ', "Dan:"])


@st.composite
def chats(draw: st.DrawFn) -> str:
    header = draw(st.sampled_from([HEADER, BRACKET]))
    rows = draw(st.lists(st.tuples(header, NAME, BODY), min_size=1, max_size=12))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    first = draw(st.sampled_from(["", "cut off\n", "\n"]))
    return first + end.join("".join(row) for row in rows) + draw(st.sampled_from(["", end]))


@settings(max_examples=300, deadline=None)
@given(text=chats(), zone=st.sampled_from([None, "Europe/London"]))
def test_columns_agree_with_events_and_no_line_is_lost(
    text: str, zone: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The records put together are the file, and the columns of a batch are what the events give one by one."""
    path = tmp_path_factory.getbasetemp() / ANDROID
    path.write_bytes(text.encode())
    export = Export(path, path.name, len(text.encode()), options=Options(timezone=zone))
    found = list(FORMAT.records(export))
    batch = [record for _, record in found]
    values, done = whatsapp_txt.columns(batch, export)
    events = [FORMAT.event(batch[i], export) for i in done]

    assert "".join(raw for _, raw in batch) == text
    assert len({locator for locator, _ in found}) == len(found)
    assert json.loads(json.dumps(batch)) == [list(record) for record in batch]
    assert all(isinstance(event, Event) for event in events)
    where = [str(i) for i in done]
    assert to_table(values, where, "0" * 64).to_pylist() == (
        to_table(columns(events), where, "0" * 64).to_pylist() if events else []
    )


def test_small_blocks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the text is cut for reading makes no difference."""
    text = lines(*(f"14/03/2024, 09:{n % 60:02} - Dan: {'word ' * (n % 7)}\nmore {n}" for n in range(300)))
    whole = list(FORMAT.records(export_of(tmp_path / "a", text)))
    monkeypatch.setattr("detector.whatsapp.blocks.BLOCK", 64)
    pieces = list(FORMAT.records(export_of(tmp_path / "b", text)))

    assert pieces == whole
    assert "".join(raw for _, (_, raw) in pieces) == text


def test_real_samples(shared: Path) -> None:
    """The layouts of one chat that a public project keeps give the times, writers and words that it expects."""
    folder = shared / "fixtures/social/whatsapp_txt/chat-miner"
    wanted = {
        (one["timestamp"], one["author"], one["message"]) for one in json.loads((folder / "target.json").read_text("utf-8"))
    }
    for path in sorted(folder.glob("*.txt")):
        table, _ = read([Export(path, path.name, path.stat().st_size)], formats=[FORMAT])

        assert wanted == {
            (f"{row['at']:%Y-%m-%dT%H:%M:%S}", row["handle"], row["text"].replace("\n", " "))
            for row in table.to_pylist()
            if row["text"]
        }
