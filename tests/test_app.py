"""The app without a browser: what each page shows, what is asked and what is kept from Markdown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from extracts import NUMBER, PIXEL, write
from streamlit.testing.v1 import AppTest

from detector.case import Case, analyse
from detector.export import Options
from detector.finding import Finding
from detector.timeline import timeline
from detector.ui import findings, questions, records, words
from detector.ui.safety import Headers, policy, refusal

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("start", "overview", "timeline_page", "findings", "messages")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The small extract, analysed."""
    return analyse([write(tmp_path_factory.mktemp("phone") / "extract")], Options(timezone="Europe/London"))


def opened(page: str, case: Case | None) -> AppTest:
    """One page of the app with this case on the desk."""
    app = AppTest.from_string(f"from detector.ui import {page}\n{page}.page()", default_timeout=60)
    app.session_state["asked"] = True
    if case is not None:
        app.session_state["case"] = case
        app.session_state["timeline"] = timeline(case.events, case.zone)
        app.session_state["read"] = None
    return app.run()


def markdown(app: AppTest) -> str:
    """Everything on a page that goes through Markdown."""
    return "\n".join(
        str(element.value) for kind in ("markdown", "caption", "title", "subheader", "info") for element in getattr(app, kind)
    )


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_without_a_case(page: str) -> None:
    """Nothing is open: every page says so or asks for files."""
    app = opened(page, None)
    assert not app.exception
    assert app.info or app.text_input


@pytest.mark.parametrize("page", PAGES)
def test_no_page_hands_a_hostile_text_to_markdown(page: str, case: Case) -> None:
    """Messages are not in Markdown at all; names and file names are there only with every mark escaped."""
    app = opened(page, case)
    assert not app.exception
    assert "tracker.example" not in markdown(app).replace("tracker\\.example", "")
    assert "![" not in markdown(app)
    assert "\u202e" not in markdown(app)
    assert "message 3" not in markdown(app)


def test_start_shows_what_became_of_every_record(case: Case) -> None:
    """The card of a file gives its records as a sum, its hash in full, and what was looked for in a strange file."""
    shown = opened("start", case)
    assert "59 records" in markdown(shown)
    hashes = [source["sha256"] for source in case.ledger["sources"]]
    assert {code.value for code in shown.code} == set(hashes)
    assert any("looked for" in element.value for element in shown.markdown)


def test_start_reads_a_path(tmp_path: Path) -> None:
    """A folder given as a path is read, and the desk holds its case."""
    app = opened("start", None)
    app.text_input[0].set_value(str(write(tmp_path / "phone")))
    app.button[0].click().run()
    assert not app.exception
    assert len(app.session_state["case"].events) == 59


def test_start_names_a_path_that_is_not_there(tmp_path: Path) -> None:
    """A wrong path is named in one line."""
    app = opened("start", None)
    app.text_input[0].set_value(str(tmp_path / "nowhere"))
    app.button[0].click().run()
    assert "nowhere" in app.error[0].value


def test_overview_lists_both_ways_and_what_is_set_aside(case: Case) -> None:
    """42 incoming and 11 outgoing stand side by side; the code sender is set aside and still listed."""
    app = opened("overview", case)
    assert "42 incoming · 11 outgoing" in markdown(app)
    assert "60777" in app.dataframe[0].value["Sender"].tolist()
    app.text_input(key="aside_query").set_value("nobody").run()
    assert app.dataframe[0].value.empty


def test_timeline_filters(case: Case) -> None:
    """One contact, one direction: the sum in words follows."""
    app = opened("timeline_page", case)
    app.multiselect(key="timeline_contacts").set_value([NUMBER]).run()
    assert "42 incoming · 11 outgoing" in markdown(app)
    app.session_state["span"] = (date(2024, 3, 4), date(2024, 3, 5))
    app.run()
    assert "2 incoming · 2 outgoing · 2 days" in markdown(app)
    assert not app.exception


def test_timeline_says_no_to_too_many_bars(case: Case) -> None:
    """Hours over a long stretch are declined in words, and days are drawn instead."""
    app = opened("timeline_page", case)
    app.segmented_control(key="timeline_width").set_value("hour").run()
    assert "too many" in markdown(app)
    app.session_state["span"] = (date(2020, 1, 1), date(2024, 3, 6))
    app.run()
    assert not app.exception
    assert "too many" not in markdown(app)


def test_findings_show_numbers_beside_thresholds_and_lead_to_records(case: Case) -> None:
    """The barrage of twelve stands beside its threshold; its button asks for exactly its records."""
    app = opened("findings", case)
    assert "| Contacts | 12 | 10 |" in markdown(app)
    barrage = next(f for f in case.findings if f.pattern == "barrage")
    app.selectbox(key="finding_pattern").set_value("barrage").run()
    next(b for b in app.button if b.label == f"Evidence ({len(barrage.evidence)})").click().run()
    assert app.session_state["go"] == "messages"
    assert tuple(app.session_state["message_view"]["ids"]) == barrage.evidence


def test_texts_leave_the_server_only_when_asked_for(case: Case) -> None:
    """Hidden rows carry no text; one revealed row carries its own, as letters."""
    rows = records.of_contact(case.events, NUMBER)[:3]
    first = case.events["id"].iloc[rows[0]]
    view: dict[str, Any] = {"zone": case.zone, "files": {}, "names": {}}
    hidden = records.rows(case.events, rows, shown=False, revealed=set(), **view)
    assert [row["text"] for row in hidden] == [None] * 3
    assert all(row["hidden"] for row in hidden)
    one = records.rows(case.events, rows, shown=False, revealed={first}, **view)
    assert [row["text"] for row in one] == [PIXEL, None, None]


def test_around_a_record_are_its_neighbours_in_time(case: Case) -> None:
    """Two before and two after, with the same contact only, the record itself in the middle."""
    rows = records.of_contact(case.events, NUMBER)
    middle = case.events["id"].iloc[rows[10]]
    assert records.around(case.events, middle, 2).tolist() == rows[8:13].tolist()
    assert len(records.around(case.events, "no such record")) == 0


def test_search_is_exact_and_blind_to_capitals(case: Case) -> None:
    """Dots are dots, capitals do not matter, records without text are not found."""
    everything = records.of_contact(case.events, None)
    assert len(records.saying(case.events, everything, "STOP CONTACTING")) == 1
    assert len(records.saying(case.events, everything, "s.op")) == 0
    assert len(records.saying(case.events, everything, "![x](")) == 1


def test_search_counts_on_the_page(case: Case) -> None:
    """The number of matches stands above them."""
    app = opened("messages", case)
    app.text_input(key="message_query").set_value("answer me").run()
    assert "12 records" in markdown(app)
    app.text_input(key="message_query").set_value("not said by anybody").run()
    assert "No record matches" in app.info[0].value


def test_days_are_cut_on_the_local_clock() -> None:
    """23:30 UTC on 30 June is 1 July in London."""
    events = pd.DataFrame({"at": pd.to_datetime(["2024-06-30T22:30Z", "2024-06-30T23:30Z", None])})
    assert records.within(events, np.arange(3), "Europe/London", date(2024, 7, 1), date(2024, 7, 1)).tolist() == [1]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\u202eb", "a[U+202E]b"),
        ("plain", "plain"),
        ("\u017c", "\u2068\u017c\u2069"),
        ("\u200b", "[U+200B]"),
        ("\U0001f469\u200d\U0001f680", "\u2068\U0001f469\u200d\U0001f680\u2069"),
    ],
)
def test_invisible_controls_are_spelled_out(raw: str, shown: str) -> None:
    """What turns the reading direction or hides is shown by its code; joiners of emoji stay."""
    assert words.visible(raw) == shown


@pytest.mark.parametrize(
    "hostile",
    ["![x](https://a.example/p.png)", "<img src=x>", ":red[x] :smile: :material/home:", "www.a.example", "a@b.example", "$x$"],
)
def test_markdown_does_not_act_on_names(hostile: str) -> None:
    """Every mark is escaped, and what would become a link or an icon by itself is broken by an invisible joiner."""
    safe = words.plain(hostile)
    assert "![" not in safe
    assert not any(pattern in safe.replace("\\", "") for pattern in ("https://", ":smile", "www.a", "@b", ":material/"))
    assert safe.replace("\\", "").replace(words.JOINER, "").strip("\u2068\u2069") == hostile


def test_what_the_files_leave_open_is_asked_and_nothing_else(case: Case) -> None:
    """The XML says everything itself; a file without owner, zone and date order leaves three questions."""
    assert not questions.left_open(case.ledger, case.events)
    events = pd.DataFrame(
        {"source": ["s"] * 3, "direction": ["unknown"] * 3, "name": [None] * 3, "handle": ["Eve", "Dan", "Eve"]}
    )
    problem = {"locator": "line 1", "reason": 'the date "03/04/24" can be read in two ways; --date-order settles it'}
    source = {
        "path": "chat.txt",
        "sha256": "s",
        "format": "whatsapp_txt",
        "owner": None,
        "zone_basis": "assumed: no zone",
        "problems": [problem],
    }
    unsaid = questions.left_open({"sources": [source]}, events)
    assert unsaid.names == ("Eve", "Dan")
    assert unsaid.owner == unsaid.zone == unsaid.order == ("chat.txt",)
    assert [questions.both_readings(sample) for sample in unsaid.samples] == [("3 April 2024", "4 March 2024")]


def test_a_date_that_is_none_is_called_so() -> None:
    """31/12 has one reading only."""
    assert questions.both_readings("31/12/2024") == ("31 December 2024", "not a date")


def test_lists_in_a_finding_stand_apart_from_its_table() -> None:
    """Entries with parts are one line each; the table keeps to numbers."""
    at = datetime(2024, 1, 1, tzinfo=UTC)
    finding = Finding(
        "p",
        "T",
        "c",
        "in",
        ("R",),
        "Pattern",
        at,
        at,
        1,
        {"days": 3, "requests": [{"kind": "stop", "partial": False}]},
        {"days": 2},
        "",
        (),
        (),
    )
    assert findings.table(finding).splitlines()[2:] == ["| Days | 3 | 2 |"]
    assert findings.details(finding) == ["Requests: kind stop, partial no"]


def test_the_settings_beside_the_app_let_it_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration in the repository is the safe one, and one changed line is refused by name."""
    assert refusal() is None
    kept = st.get_option("client.showErrorDetails")
    st.set_option("client.showErrorDetails", "full")
    try:
        assert "client.showErrorDetails" in str(refusal())
    finally:
        st.set_option("client.showErrorDetails", kept)


def test_the_policy_names_this_server_only() -> None:
    """The socket of this host is allowed; a strange Host header is not written into the policy."""
    assert "connect-src 'self' ws://127.0.0.1:8501;" in policy("127.0.0.1:8501")
    assert "evil" not in policy("evil; script-src *")
    assert "unsafe-inline" not in policy("localhost").split("style-src")[0]


def test_every_answer_carries_the_headers() -> None:
    """Whatever the inner app answers goes out with the policy."""
    sent: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Headers(inner)({"type": "http", "headers": [(b"host", b"localhost:1")]}, None, send))
    names = [name for name, _ in sent[0]["headers"]]
    assert names == [b"x", b"content-security-policy", b"referrer-policy", b"x-content-type-options"]


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Streamlit finds its settings in the folder from which it is started."""
    monkeypatch.chdir(ROOT)
    yield
