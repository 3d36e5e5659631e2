"""Tables that nobody wrote a format for: the parsers of cells at their limits, what is recognised, mappings, and the counts."""

from __future__ import annotations

import io
import json
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import tables
from detector.errors import UsageError
from detector.event import WITHHELD, Event
from detector.export import Export, Options, Problem
from detector.formats import mapped_table, table
from detector.ingest import Source, read
from detector.tables import Spec, table_format
from detector.tables.languages import languages, plain
from detector.tables.mapping import read_mapping
from detector.tables.moments import Moment, clock, offset, orders
from detector.tables.moments import read as read_moment
from detector.tables.reading import cell_text, encoding_of, split_rows
from detector.tables.values import DAMAGED, ROUNDED, is_number, number_note, same_number_key, seconds
from detector.tables.words import header_role, heading, is_withheld, meaning

FORMATS = (mapped_table.FORMAT, table.FORMAT)
CASES = Path(__file__).parent / "formats"
CALLS = "Date,Phone number,Type,Duration\n"


def at_offset(hours: float) -> timezone:
    return timezone(timedelta(hours=hours))


def export_of(folder: Path, text: str | bytes, name: str = "table.csv", **options: object) -> Export:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Export(path, name, path.stat().st_size, options=Options(**options))  # type: ignore[arg-type]


def rows_of(
    folder: Path, text: str | bytes, name: str = "table.csv", **options: object
) -> tuple[list[dict[str, object]], Source]:
    found, (source,) = read([export_of(folder, text, name, **options)], formats=FORMATS)
    return found.to_pylist(), source


def recognised(folder: Path, text: str | bytes, name: str = "table.csv") -> bool:
    return table.FORMAT.recognises(export_of(folder, text, name))


# Times


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("2024-02-01 10:30", (2024, 2, 1), "10:30:00"),
        ("2024/02/01 10:30:05", (2024, 2, 1), "10:30:05"),
        ("01.02.2024 10:30", (2024, 2, 1), "10:30:00"),
        ("1/2/24 9.05am", (2024, 2, 1), "09:05:00"),
        ("1/2/69 9:05", (2069, 2, 1), "09:05:00"),
        ("1/2/70 9:05", (1970, 2, 1), "09:05:00"),
        ("01/02/2024, 12:00 AM", (2024, 2, 1), "00:00:00"),
        ("01/02/2024 12:00 p.m.", (2024, 2, 1), "12:00:00"),
        ("11 oct 2022 3:56:18 p. m.", (2022, 10, 11), "15:56:18"),
        ("Dec 2, 2017 06:49:27", (2017, 12, 2), "06:49:27"),
        ("Monday, January 1st, 2024 9pm", (2024, 1, 1), "21:00:00"),
        ("1. März 2024 um 9:05", (2024, 3, 1), "09:05:00"),
        ("środa, 3 stycznia 2024 09:05", (2024, 1, 3), "09:05:00"),
        ("1 de enero de 2024 9:05", (2024, 1, 1), "09:05:00"),
        ("01-Jan-24 09:05", (2024, 1, 1), "09:05:00"),
        ("20240102T231000", (2024, 1, 2), "23:10:00"),
        ("09:05 01/02/2024", (2024, 2, 1), "09:05:00"),
        ("29/02/2024 23:59:59", (2024, 2, 29), "23:59:59"),
    ],
)
def test_times(text: str, day: tuple[int, int, int], hour: str) -> None:
    """Ways of writing a date and a time, read day first."""
    assert read_moment(text, "DMY") == Moment(date(*day), time.fromisoformat(hour))


@pytest.mark.parametrize(
    "text",
    ["", "soon", "24:00 01/02/2024", "01/02/2024 24:00", "01/02/2024 10:60", "29/02/2023", "32/01/2024", "01/13/2024", "2024-13-01 10:00",
     "01/02/2024 13:00 PM", "01/02/2024 0:30 am", "approx 01/02/2024", "01/02/2024 10:00 BST", "01/02/2024 evening", "x" * 5000],
)  # fmt: skip
def test_what_is_no_time_is_not_read(text: str) -> None:
    """Whatever does not fit as a whole is left unread."""
    assert read_moment(text, "DMY") is None


def test_no_order_no_date() -> None:
    """Without an order only a date that is the same in both is read."""
    assert read_moment("01/02/2024") is None
    assert read_moment("02/02/2024") == Moment(date(2024, 2, 2))
    assert read_moment("13/02/2024") == Moment(date(2024, 2, 13))
    assert set(orders("01/02/2024")) == {"DMY", "MDY"}
    assert set(orders("01.02.2024")) == {"DMY"}
    assert set(orders("2024-02-01")) == set()


@pytest.mark.parametrize(
    ("text", "zone"),
    [("Z", UTC), ("UTC", UTC), ("(UTC+0)", UTC), ("UTC+1", at_offset(1)), ("+01:00", at_offset(1)), ("-0330", at_offset(-3.5)),
     ("(UTC+5:30)", at_offset(5.5)), ("UTC-5", at_offset(-5)), ("CET", at_offset(1)), ("+1", None), ("UTC+15", None), ("+01:60", None),
     ("BST", None), ("", None), ("()", None)],
)  # fmt: skip
def test_offsets(text: str, zone: timezone | None) -> None:
    """A zone counts only if it stands there and means one thing."""
    assert offset(text) == zone


@pytest.mark.parametrize(
    ("text", "expected"),
    [("93015", "09:30:15"), ("093015", "09:30:15"), ("5", "00:00:05"), ("17345", None), ("240000", None), ("9.00am", "09:00:00"),
     ("9h05", "09:05:00"), ("23.10.15", "23:10:15"), ("0.5", "12:00:00"), ("1234567", None), ("9", "00:00:09"), ("noon", None)],
)  # fmt: skip
def test_times_of_day(text: str, expected: str | None) -> None:
    """Times of day, some without their leading zeros: 17345 has a minute 73 and is none."""
    found = clock(text)
    assert (found.clock.isoformat() if found and found.clock else None) == expected


def test_numbers_that_are_times() -> None:
    """Seconds, milliseconds and microseconds since 1970, and a spreadsheet's days since 1899."""
    moment = Moment(date(2024, 2, 1), time(10), UTC)
    assert [read_moment(text) for text in ("1706781600", "1706781600000", "1706781600000000")] == [moment] * 3
    assert read_moment("45323.4375") == Moment(date(2024, 2, 1), time(10, 30))
    assert read_moment("45323") == Moment(date(2024, 2, 1))
    assert read_moment("19999") is None


# Lengths and numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [("61", 61), ("61.5", 61.5), ("61,5", 61.5), ("1:01", 61), ("75:00", 4500), ("00:01:01", 61), ("100:00:00", 360000), ("PT61S", 61),
     ("PT1M1S", 61), ("P1DT1S", 86401), ("1m 1s", 61), ("61 sec", 61), ("1 min 1 s", 61), ("1h", 3600), ("2 minutes and 3 seconds", 123),
     ("1 godz. 2 min", 3720), ("1 Min. 5 Sek.", 65), ("0", 0), ("-1", None), ("1:60", None), ("0:60:00", None), ("P", None), ("PT", None),
     ("1s 1m", None), ("five", None), ("", None), ("1 x", None)],
)  # fmt: skip
def test_lengths(text: str, expected: float | None) -> None:
    """Ways of writing a length; what cannot be read is None."""
    assert seconds(text) == expected


def test_lengths_in_minutes() -> None:
    """A bare number counts what the header says; a written-out length does not change."""
    assert heading("Duration (min)").unit == 60
    assert seconds("2", 60) == 120
    assert seconds("2:00", 60) == 120
    assert heading("Duration in Secs").unit == 1
    assert heading("Duration").unit is None


@pytest.mark.parametrize(
    ("text", "region", "note"),
    [("4.47701E+11", "GB", DAMAGED), ("4,47701e+11", "GB", DAMAGED), ("447701000000", "GB", ROUNDED), ("447700900101", "GB", None),
     ("07700900101", "GB", None), ("+447700900101", "GB", None), ("62626", "GB", None), ("InfoSMS", "GB", None), ("2025550101", "US", None),
     ("612345678", "ES", None), ("1234567890123456", "GB", ROUNDED)],
)  # fmt: skip
def test_numbers_spoilt_by_a_spreadsheet(text: str, region: str, note: str | None) -> None:
    """A spoilt number is said to be spoilt; a sound one and a short code are not."""
    assert number_note(text, region) == note


def test_lost_zero() -> None:
    """A number that only lacks its first zero is flagged, with what it would be."""
    note = number_note("7700900102", "GB")
    assert note is not None
    assert "07700900102" in note


def test_numbers_are_compared_whole() -> None:
    """One number in four spellings is one; a spoilt one equals nothing, not even itself."""
    keys = {same_number_key(text, "GB") for text in ("07700 900101", "+44 7700 900101", "447700900101", "7700900101")}
    assert keys == {"+447700900101"}
    assert same_number_key("4.47701E+11", "GB") == ""
    assert same_number_key("Alex", "GB") == same_number_key(" ALEX ", "GB")
    assert is_number("555-0101")
    assert not is_number("Alex 2024")


# Words


def test_no_word_of_a_language_means_two_things() -> None:
    """Within a language file a header word has one role and a value one meaning."""
    for path in (Path(tables.__file__).parent / "headers").glob("*.toml"):
        data = tomllib.loads(path.read_text("utf-8"))
        for part in ("headers", "values"):
            counts = Counter(plain(word) for words in data[part].values() for word in set(words))
            assert [word for word, count in counts.items() if count > 1] == [], f"{path.name} [{part}]"


def test_languages_agree() -> None:
    """No value is incoming in one language and outgoing in another, and every telling header word has a role."""
    for language in languages():
        for other in languages():
            shared = language.values.keys() & other.values.keys()
            assert [word for word in shared if language.values[word] != other.values[word]] == []
        assert language.contact <= language.headers.keys(), language.name


@pytest.mark.parametrize(
    ("value", "direction", "outcome", "kind"),
    [("Incoming", "in", None, None), ("RECEIVED CALL", "in", None, "call"), ("Missed call", "in", "missed", "call"),
     ("Outgoing SMS", "out", None, "message"), ("Chiamata in uscita", "out", None, "call"), ("Appel manqué", "in", "missed", "call"),
     ("połączenie przychodzące", "in", None, "call"), ("Llamada perdida", "in", "missed", "call"), ("Verpasster Anruf", "in", "missed", "call"),
     ("No Answer", None, "unanswered", "call"), ("Voicemail", None, "voicemail", "voicemail")],
)  # fmt: skip
def test_values(value: str, direction: str | None, outcome: str | None, kind: str | None) -> None:
    """Words of type and direction columns, alone and together."""
    said = meaning(value)
    assert said is not None
    assert (said.direction, said.outcome, said.kind) == (direction, outcome, kind)


@pytest.mark.parametrize("value", ["not received", "never sent", "received by nobody", "6", "", "in the pub"])
def test_unknown_values_mean_nothing(value: str) -> None:
    """A value is not understood by one of its words: "not received" is not incoming."""
    assert meaning(value) is None


def test_operators_codes_of_texts_are_no_calls() -> None:
    """A code with SMS in it is a message; what else it says is not guessed."""
    said = meaning("mSTerminatingSMSinMSC")
    assert said is not None
    assert (said.kind, said.direction) == ("message", None)


def test_opposite_words_are_no_direction() -> None:
    """A value that names both directions says neither."""
    said = meaning("incoming / outgoing")
    assert said is not None
    assert said.direction == "unknown"


@pytest.mark.parametrize("value", ["Withheld", "NO CALLER ID", "Private number", "zastrzeżony", "Número oculto", "Unterdrückt", "Masqué",
                                   "Não identificado", "Numero privato", "Afgeschermd", "Anhysbys", "unknown"])  # fmt: skip
def test_withheld_words(value: str) -> None:
    """A hidden number is known in each language."""
    assert is_withheld(value)


@pytest.mark.parametrize(
    ("cell", "role", "zone", "order"),
    [("Date (UTC)", "date", "UTC", None), ("(UTC) Time", "time", "UTC", None), ("Conn. Time(UTC)", "time", "UTC", None),
     ("Received Date/Time - UTC+01:00 (dd/MM/yyyy)", "datetime", "UTC+01:00", "DMY"), ("Date/Time - UTC-05:00 (M/d/yyyy)", "datetime", "UTC-05:00", "MDY"),
     ("Time (Europe/London)", "time", "Europe/London", None), ("\ufeffRecipient(s)", "to", None, None), ("phoneNumber", "number", None, None),
     ("Duration (HH:MM:SS)", "duration", None, None), ("Treść", "text", None, None), ("Nº", "number", None, None)],
)  # fmt: skip
def test_headers(cell: str, role: str, zone: str | None, order: str | None) -> None:
    """A header cell gives the role, the zone and the order of dates that stand in it."""
    found = header_role(cell)
    assert found is not None
    assert (found[0], heading(cell).zone, heading(cell).order) == (role, zone, order)


@pytest.mark.parametrize("cell", ["Birth date", "Number of items", "From date", "Message count", ""])
def test_headers_are_known_whole(cell: str) -> None:
    """A header cell with a known word in it is not therefore known."""
    assert header_role(cell) is None


# What is recognised


@pytest.mark.parametrize(
    "text",
    [
        "Date,Description,Amount,Balance\n01/02/2024,CARD PAYMENT,-5.00,100.00\n",
        "Date,Type,Description,Paid out,Paid in,Balance\n01/02/2024,VIS,SHOP,5.00,,100.00\n",
        "Date,From,To,Price\n2024-02-01,London,Leeds,50.00\n",
        "Date,From,To,Amount,Currency,Reference,IBAN,Balance\n2024-02-01,10000001,10000002,5.00,GBP,rent,,1\n",
        "timestamp,name,level,message\n2024-02-01 10:00:00,app.server,INFO,started\n",
        "Date,Name,Project,Duration\n2024-02-01,Sam,garden,01:00:00\n",
        "id,date,title,notes\n1,2024-02-01,a,b\n",
        "Date,Number\n2024-02-01,07700 900101\n",
        "From,To,Message\na,b,c\n",
        '{"messages": [{"date": "2024-02-01", "number": "1", "text": "x"}]}',
        "<calls><call number='1' date='2' type='3'/></calls>",
        "01/02/2024, 10:00 - Alex: date, number, message\n",
        "",
    ],
)
def test_other_tables_are_left_alone(text: str, tmp_path: Path) -> None:
    """A bank statement, a ticket, a log file and what is no table are not taken for contact."""
    assert not recognised(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "Date,Time,Name,Call type\n2024-02-01,10:00,Alex,Missed\n",
        "Date,From,To\n2024-02-01 10:00,07700 900101,07700 900100\n",
        "Index,Type,Number,Name,Time,Duration\n1,Missed,07700 900101,Alex,2024-02-01 10:00,0\n",
        "Date,Number,Status\n2024-02-01 10:00,short code,Missed\n",
        "When,Who,What happened\nlast night,Alex,rang\n",
        "sep=;\nDate;Number;Message\n2024-02-01 10:00;1;x\n",
        "\n".join("preamble" for _ in range(29)) + "\nDate,Number,Message\n2024-02-01 10:00,1,x\n",
    ],
)
def test_tables_of_contact_are_recognised(text: str, tmp_path: Path) -> None:
    """Call logs, message lists and diaries, the header within 30 rows."""
    assert recognised(tmp_path, text)


def test_header_below_30_rows_is_not_found(tmp_path: Path) -> None:
    """A header in row 31 is not looked for."""
    assert not recognised(tmp_path, "\n".join("preamble" for _ in range(30)) + "\nDate,Number,Message\n2024-02-01 10:00,1,x\n")


@settings(max_examples=150, deadline=None)
@given(start=st.sampled_from([b"", CALLS.encode(), b"\xff\xfeD\0a\0", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]), rest=st.binary(max_size=300),
       name=st.sampled_from(["x.csv", "x.xlsx", "x.xls"]))  # fmt: skip
def test_any_bytes(start: bytes, rest: bytes, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The recogniser never raises, and every row is accounted for."""
    export = export_of(tmp_path_factory.getbasetemp(), start + rest, name)
    table.FORMAT.recognises(export)
    found, (source,) = read([export], formats=FORMATS)
    assert source.records == found.num_rows + source.skipped.total() + len(source.problems)


CELL = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["01/02/2024", "13/02/2024", "2024-02-01 10:00", "10:00", "Missed", "withheld", "07700 900101", '"', '"a', "Date", ""]
)


@settings(max_examples=150, deadline=None)
@given(cells=st.lists(st.lists(CELL, max_size=6), max_size=12))
def test_counts_add_up(cells: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever stands in the cells, each row below the header is an event, a skip or a problem."""
    text = CALLS + "".join(",".join(row) + "\n" for row in cells)
    export = export_of(tmp_path_factory.getbasetemp(), text.encode())
    found, (source,) = read([export], formats=FORMATS)
    assert source.format == "table"
    assert source.records == found.num_rows + source.skipped.total() + len(source.problems)
    assert found["locator"].to_pylist() == list(dict.fromkeys(found["locator"].to_pylist()))


# Rows


def test_every_row_is_a_record(tmp_path: Path) -> None:
    """Preamble, empty rows and repeated headers are skipped with the reason; the header row itself is no record."""
    _, source = rows_of(tmp_path, "My phone\n\n" + CALLS + "2024-02-01 10:00,555-0101,Missed,\n\n" + CALLS + ",,,\nTotal,,,5\n")
    assert source.records == 7
    assert source.events == 1
    assert dict(source.skipped) == {
        "row above the header of the table": 2,
        "empty row": 2,
        "header row, repeated": 1,
        "row without a date, a party, a text or a kind, such as a total": 1,
    }


def test_a_call_from_a_blank_number_is_kept(tmp_path: Path) -> None:
    """A row with a time and nothing else is a call from nobody known, not an empty row."""
    (event,), _ = rows_of(tmp_path, CALLS + "2024-02-01 10:00,,,12\n")
    assert (event["kind"], event["handle"], event["seconds"], event["direction"]) == ("call", None, 12.0, "unknown")


def test_withheld_calls_have_no_handle_of_their_own(tmp_path: Path) -> None:
    """Every hidden caller is "withheld", also where only the name says so."""
    events, _ = rows_of(
        tmp_path, "Date,Number,Name,Type,Duration\n2024-02-01 10:00,Private,,Missed,\n2024-02-01 10:00,,Unknown,Missed,\n"
    )
    assert [event["handle"] for event in events] == [WITHHELD, WITHHELD]


def test_ambiguous_dates_are_problems_of_that_file(tmp_path: Path) -> None:
    """Nothing is guessed: the reason names a sample and the option, and the option settles it."""
    text = CALLS + "01/02/2024 10:00,555-0101,Missed,\n"
    events, source = rows_of(tmp_path, text)
    ((locator, reason),) = source.problems
    assert events == []
    assert locator == "row 2"
    assert '"01/02/2024 10:00"' in reason
    assert "--date-order" in reason
    (settled,), _ = rows_of(tmp_path, text, date_order="DMY")
    assert settled["at"] == datetime(2024, 2, 1, 10, tzinfo=UTC)


def test_one_date_settles_the_whole_file(tmp_path: Path) -> None:
    """12 in both places is ambiguous, 13 in one is not: of the same file all dates are then read."""
    ambiguous, source = rows_of(tmp_path, CALLS + "01/02/2024 10:00,1,Missed,\n12/12/2024 10:00,1,Missed,\n")
    assert (len(ambiguous), len(source.problems)) == (0, 2)
    events, source = rows_of(tmp_path, CALLS + "01/02/2024 10:00,1,Missed,\n01/13/2024 10:00,1,Missed,\n")
    assert [event["at"] for event in events] == [datetime(2024, 1, day, 10, tzinfo=UTC) for day in (2, 13)]
    assert source.facts.date_order == "MDY"


def test_the_same_date_in_both_orders_is_no_question(tmp_path: Path) -> None:
    """02/02/2024 is one day whatever the order."""
    (event,), source = rows_of(tmp_path, CALLS + "02/02/2024 10:00,1,Missed,\n")
    assert event["at"] == datetime(2024, 2, 2, 10, tzinfo=UTC)
    assert source.problems == []


def test_evidence_beats_the_option(tmp_path: Path) -> None:
    """--date-order is said of many files; where the dates of one allow only the other order, that is what they are."""
    (event,), source = rows_of(tmp_path, CALLS + "01/13/2024 10:00,1,Missed,\n", date_order="DMY")
    assert event["at"] == datetime(2024, 1, 13, 10, tzinfo=UTC)
    assert source.facts.date_order == "MDY"


def test_impossible_date_does_not_decide(tmp_path: Path) -> None:
    """31/02 is no date in any order: kept without a time, and the other dates stay readable."""
    events, _ = rows_of(tmp_path, CALLS + "31/02/2024 10:00,1,Missed,\n13/02/2024 10:00,1,Missed,\n")
    assert [event["at"] for event in events] == [None, datetime(2024, 2, 13, 10, tzinfo=UTC)]
    assert events[0]["raw_time"] == "31/02/2024 10:00"


def test_a_day_without_a_time(tmp_path: Path) -> None:
    """No hour is invented: no time, the cell as it stood, and the day in the note."""
    (event,), _ = rows_of(tmp_path, "Date,Time,Number,Message\n2024-02-01,,555-0101,hello\n")
    assert event["at"] is None
    assert event["raw_time"] == "2024-02-01"
    assert event["note"] == "only the day is known: 2024-02-01"


def test_local_times_use_the_given_zone(tmp_path: Path) -> None:
    """Summer time counts; a zone in the cell goes before the option."""
    text = CALLS + "2024-07-01 10:00,1,Missed,\n2024-07-01 10:00+00:00,1,Missed,\n"
    events, _ = rows_of(tmp_path, text, timezone="Europe/London")
    assert [event["at"] for event in events] == [datetime(2024, 7, 1, 9, tzinfo=UTC), datetime(2024, 7, 1, 10, tzinfo=UTC)]
    assert [event["zone_basis"] for event in events] == ["given", "in the value"]


BOTH = "Date,From,To,Message\n2024-02-01 10:00,07700 900101,+447700900100,hi\n2024-02-01 10:01,07700900100,07700 900101,no\n"


def test_direction_from_the_owner(tmp_path: Path) -> None:
    """With both sides named, the owner's number in any spelling gives the direction and the other side."""
    events, _ = rows_of(tmp_path, BOTH, owner=("07700 900100",))
    assert [(event["direction"], event["handle"]) for event in events] == [("in", "07700 900101"), ("out", "07700 900101")]


def test_no_owner_no_direction(tmp_path: Path) -> None:
    """Without an owner both sides are kept and no direction is guessed, even if one number is in every row."""
    events, _ = rows_of(tmp_path, BOTH)
    assert [event["direction"] for event in events] == ["unknown", "unknown"]
    assert (events[0]["handle"], events[0]["recipients"]) == ("07700 900101", "+447700900100")


def test_an_owner_known_by_name_says_nothing_of_numbers(tmp_path: Path) -> None:
    """A name that never stands in the table cannot tell that a number is not the owner's."""
    events, _ = rows_of(tmp_path, "Date,From,Message\n2024-02-01 10:00,07700 900101,hi\n", owner=("Sam",))
    assert events[0]["direction"] == "unknown"


def test_disagreement_is_no_direction(tmp_path: Path) -> None:
    """A row that says incoming and comes from the owner is neither."""
    (event,), _ = rows_of(
        tmp_path, "Date,From,To,Direction,Text\n2024-02-01 10:00,07700 900100,07700 900101,Incoming,x\n", owner=("07700 900100",)
    )
    assert event["direction"] == "unknown"
    assert "does not agree" in str(event["note"])


def test_status_does_not_overrule_direction(tmp_path: Path) -> None:
    """An outgoing message that was received by the other side is outgoing."""
    (event,), _ = rows_of(tmp_path, "Date,Number,Direction,Status,Text\n2024-02-01 10:00,555-0101,Outgoing,Received,x\n")
    assert event["direction"] == "out"


def test_several_recipients_are_a_group(tmp_path: Path) -> None:
    """A message to three numbers has no single other side."""
    (event,), _ = rows_of(tmp_path, 'Date,From,To,Text\n2024-02-01 10:00,Me,"555-0101; 555-0102",x\n')
    assert (event["direction"], event["group"], event["handle"], event["recipients"]) == ("out", True, None, "555-0101; 555-0102")


def test_text_is_as_exported(tmp_path: Path) -> None:
    """Blanks, lines and quotes of a text stay."""
    (event,), _ = rows_of(tmp_path, 'Date,Number,Message\r\n2024-02-01 10:00,555-0101,"  a ""b""\r\nc  "\r\n')
    assert event["text"] == '  a "b"\r\nc  '


def test_drafts_have_a_status(tmp_path: Path) -> None:
    """What never reached anybody says so."""
    events, _ = rows_of(tmp_path, "Date,Number,Folder,Text\n2024-02-01 10:00,1,Drafts,x\n2024-02-01 10:00,1,Inbox,x\n")
    assert [(event["status"], event["direction"]) for event in events] == [("draft", "out"), (None, "in")]


def test_rows_longer_and_shorter_than_the_header(tmp_path: Path) -> None:
    """Cells beyond the header stay in the record; missing ones are empty."""
    export = export_of(tmp_path, CALLS + "2024-02-01 10:00,1\n2024-02-01 10:00,1,Missed,5,more\n")
    records = [record for _, record in table.FORMAT.records(export)]
    assert records[0]["cells"] == {"Date": "2024-02-01 10:00", "Phone number": "1", "Type": "", "Duration": ""}
    assert records[1]["cells"]["column 5, beyond the header"] == "more"


# Files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    """UTF-8 and UTF-16, with and without a mark."""
    (event,), source = rows_of(tmp_path, "Date,Number,Message\n2024-02-01 10:00,555-0101,żona 😡\n".encode(encoding))
    assert event["text"] == "żona 😡"
    assert not [note for note in source.notes if "UTF-8" in note]


@pytest.mark.parametrize(("header", "encoding"), [("Date,Number,Message", "cp1252"), ("Data,Numer,Treść", "cp1250")])
def test_code_pages(header: str, encoding: str, tmp_path: Path) -> None:
    """What is not UTF-8 is read in the code page of the header's language, and a note says so."""
    word = "żona" if encoding == "cp1250" else "café"
    (event,), source = rows_of(tmp_path, f"{header}\n2024-02-01 10:00,555-0101,{word}\n".encode(encoding))
    assert event["text"] == word
    assert any(encoding in note for note in source.notes)


def test_one_bad_byte_does_not_spoil_utf8(tmp_path: Path) -> None:
    """A mostly valid UTF-8 file stays UTF-8; the bad place is shown and counted."""
    text = encoding_of(export_of(tmp_path, "żółć".encode() * 9 + b"\xff"))
    assert text.encoding == "utf-8-sig"
    assert text.notes[0].startswith("1 place")


def test_utf8_cut_between_chunks(tmp_path: Path) -> None:
    """A letter that lies across two chunks of reading is not an error."""
    text = encoding_of(export_of(tmp_path, b"a" * ((1 << 20) - 1) + "ż".encode() + b"b" * (1 << 20)))
    assert (text.encoding, text.notes) == ("utf-8-sig", ())


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators_and_line_ends(delimiter: str, newline: str, tmp_path: Path) -> None:
    """All four separators with all three line ends."""
    lines = ["Date,Number,Message", "2024-02-01 10:00,555-0101,hello", "2024-02-01 10:01,555-0101,again"]
    events, _ = rows_of(tmp_path, newline.join(line.replace(",", delimiter) for line in lines))
    assert [event["text"] for event in events] == ["hello", "again"]


def test_stray_quotes_cost_their_own_row() -> None:
    """A quote that is never closed, or out of place, does not swallow what follows."""
    lines = ["a,b\n", '1,"open\n', "2,x\n", '3,"he said "no"" twice\n', '4,"two\n', 'lines"\n', '5,"a,b" c\n', "6,y\n"]
    rows = list(split_rows(iter(lines), ","))
    assert [row for row in rows if isinstance(row, list)] == [
        ["a", "b"], ["1", '"open'], ["2", "x"], ["3", '"he said "no"" twice'], ["4", "two\nlines"], ["6", "y"],
    ]  # fmt: skip
    assert [type(row) for row in rows].index(Problem) == 5


def test_an_open_quote_in_a_long_file_is_found() -> None:
    """Every later row survives a quote that is never closed in the first."""
    lines = ["a,b\n", '0,"x\n', *(f"{n},x\n" for n in range(1, 5000))]
    assert [row[0] for row in split_rows(iter(lines), ",") if isinstance(row, list)] == ["a", *map(str, range(5000))]


def workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Log")
    sheet.write_row(0, 0, ["Date", "Time", "Phone number", "Message"])
    sheet.write_datetime(1, 0, datetime(2024, 2, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_datetime(1, 1, time(9, 30, 15), book.add_format({"num_format": "hh:mm:ss"}))
    sheet.write(1, 2, 447700900101)
    sheet.write_string(1, 3, "=not a formula")
    book.add_worksheet("Notes").write_row(0, 0, ["anything", "else"])
    book.close()


def test_workbooks(tmp_path: Path) -> None:
    """Typed cells, all sheets, and the sheet's name in the locator."""
    workbook(tmp_path / "log.xlsx")
    (event,), source = rows_of(tmp_path, (tmp_path / "log.xlsx").read_bytes(), name="log.xlsx")
    assert (event["locator"], event["handle"], event["text"]) == ("Log!R2", "447700900101", "=not a formula")
    assert event["at"] == datetime(2024, 2, 1, 9, 30, 15, tzinfo=UTC)
    assert dict(source.skipped) == {"sheet without a table of calls or messages": 1}


def test_broken_workbook_says_why(tmp_path: Path) -> None:
    """A workbook that cannot be opened is one problem with a reason, not an unknown file."""
    _, source = rows_of(tmp_path, b"PK\x03\x04 but nothing more", name="log.xlsx")
    ((_, reason),) = source.problems
    assert "cannot be opened" in reason


@pytest.mark.parametrize(
    ("cell", "text"),
    [(447700900101.0, "447700900101"), (1.5, "1.5"), (datetime(2024, 2, 1, 3, 4, 5), "2024-02-01 03:04:05"), (date(2024, 2, 1), "2024-02-01"),
     (time(3, 4), "03:04:00"), (timedelta(hours=25, seconds=61), "25:01:01"), (True, "True")],
)  # fmt: skip
def test_cells_as_text(cell: object, text: str) -> None:
    """Cells of a workbook as text that can only be read one way."""
    assert cell_text(cell) == text


# Many rows at once


def agree(export: Export) -> int:
    """Read with and without columns; return how many rows the columns made."""
    slow = [replace(one, columns=None) for one in FORMATS]
    (fast, (said,)), (exact, (source,)) = read([export], formats=FORMATS), read([export], formats=slow)
    assert fast.sort_by("locator").to_pylist() == exact.sort_by("locator").to_pylist()
    assert (said.problems, said.skipped, said.notes) == (source.problems, source.skipped, source.notes)
    if source.format is None:
        return 0
    records = [record for _, record in FORMATS[source.format == "table"].records(export) if not isinstance(record, Problem)]
    try:
        return len(FORMATS[source.format == "table"].columns(records, export)[1])  # type: ignore[misc]
    except ValueError:
        return 0


@pytest.mark.parametrize(
    "case", [path for path in CASES.glob("*table/*") if path.suffix in (".csv", ".txt", ".xlsx")], ids=lambda path: path.name
)
def test_columns_agree_with_events_on_cases(case: Path) -> None:
    """What is made of many rows at once is what is made of each."""
    said = case.with_name(case.name + ".options.json")
    options = json.loads(said.read_text("utf-8")) if said.is_file() else {}
    options = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    agree(Export(case, case.name, case.stat().st_size, options=Options(**options)))


def test_most_rows_are_plain(tmp_path: Path) -> None:
    """An ordinary call log goes the fast way, but for the hour in which the clocks change and for what needs a note."""
    text = CALLS + "".join(
        f"2024-{when},{number},Missed,{length}\n"
        for when, number, length in [
            ("10-27 00:59:59", "07700 900101", "5"),
            ("10-27 01:00", "07700 900101", ""),
            ("10-27 01:59", "07700 900101", ""),
            ("10-27 02:00", "07700 900101", "-1"),
            ("03-31 01:30", "07700 900101", ""),
            ("07-01 10:00+02:00", "07700 900101", "0:07"),
            ("07-01 10:00", "7.7009E+11", ""),
            ("07-01 10:00", "07700 900101", "long"),
            ("07-01", "07700 900101", ""),
        ]
    )
    assert agree(export_of(tmp_path, text, timezone="Europe/London")) == 3


@settings(max_examples=100, deadline=None)
@given(cells=st.lists(st.lists(CELL, min_size=2, max_size=6), max_size=12), zone=st.sampled_from([None, "Europe/London"]))
def test_columns_agree_with_events(cells: list[list[str]], zone: str | None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same on any cells."""
    text = "Date,Message,Phone number,Type,Duration\n" + "".join(",".join(row) + "\n" for row in cells)
    agree(export_of(tmp_path_factory.getbasetemp(), text.encode(), timezone=zone))


# Layouts that somebody describes

SPEC = Spec(
    "Example", {"Wann": "datetime", "Wer": "number", "Art": "direction"}, words={"e": "in", "a": "out"}, kind="call", sheet=None
)


def test_a_vendor_layout_is_a_few_lines(tmp_path: Path) -> None:
    """A format made of a Spec reads its own header and no other."""
    vendor = table_format("example", "Example calls", SPEC, absence="nothing")
    export = export_of(tmp_path, "Nr,Wann,Wer,Art\n1,2024-02-01 10:00,555-0101,E\n2,2024-02-01 10:00,555-0101,A\n")
    assert vendor.recognises(export)
    events = [vendor.event(record, export) for _, record in vendor.records(export)]
    assert [event.direction for event in events if isinstance(event, Event)] == ["in", "out"]
    assert not vendor.recognises(export_of(tmp_path, "Nr,Wann,Wer\n1,2024-02-01 10:00,555-0101\n", "other.csv"))


MAPPING = 'title = "Mine"\n[columns]\nA = "datetime"\nB = "number"\nC = "text"\n'


def test_a_mapping_goes_before_everything(tmp_path: Path) -> None:
    """What a person says about a table is believed before the header words."""
    text = "A,B,C\n2024-02-01 10:00,555-0101,hello\n"
    events, source = rows_of(tmp_path, text, mappings=(MAPPING,))
    assert (source.format, events[0]["text"]) == ("mapped_table", "hello")
    assert rows_of(tmp_path, text)[1].format is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[colums]\nA = "date"', 'has the key "colums", which is not known; did you mean "columns"?'),
        ('[columns]\nA = "dat"', 'has the role "dat", which is not known; did you mean "date"?'),
        ('date_order = "DYM"\n[columns]\nA = "date"', 'has the value of date_order "DYM", which is not known; did you mean "YMD"?'),
        ('kind = "sms"\n[columns]\nA = "date"', 'has the value of kind "sms", which is not known; known are message'),
        ('zone = "Europe/Londn"\n[columns]\nA = "date"', 'has the zone "Europe/Londn", which is none'),
        ('[columns]\nA = "date"\n[words]\nE = "incoming"', 'has the meaning "incoming", which is not known'),
        ('[columns]\nA = 1', 'needs lines of the form "cell" = "word" under [columns]'),
        ('owner = [1]\n[columns]\nA = "date"', "needs a list of texts for owner"),
        ('title = "T"', 'the mapping "T" has no [columns]'),
        ("columns = [", "a mapping file is not TOML"),
        ('title = ["x"]\n[columns]\nA = "date"', "title"),
        ('sheet = 1\n[columns]\nA = "date"', "sheet"),
    ],
)  # fmt: skip
def test_mistakes_in_a_mapping(text: str, message: str) -> None:
    """One line that names the key, the value and the way out."""
    with pytest.raises(UsageError) as raised:
        read_mapping(text)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_recogniser_survives_a_wrong_mapping(tmp_path: Path) -> None:
    """A wrong mapping is for the command line to report; recognising only says no."""
    assert not mapped_table.FORMAT.recognises(export_of(tmp_path, "A,B,C\n", mappings=("[colums]",)))


def test_no_lines_no_rows() -> None:
    """An empty text has no rows, not one empty row."""
    assert list(split_rows(io.StringIO(""), ",")) == []
