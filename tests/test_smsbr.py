"""SMS Backup & Restore: repair of bytes, chunk borders, media, and agreement of the two ways to build events."""

from __future__ import annotations

import io
import random
import tracemalloc
from base64 import b64encode
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import xml_repair
from detector.event import columns, to_table
from detector.export import Export, Problem
from detector.formats import smsbr
from detector.ingest import read
from detector.xml_repair import Repairs, repaired

HEADER = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"1\">\n"


def export_of(path: Path, contents: bytes) -> Export:
    path.write_bytes(contents)
    return Export(path, path.name, len(contents))


def whole(contents: bytes) -> tuple[bytes, Repairs]:
    repairs = Repairs()
    return b"".join(repaired(io.BytesIO(contents), repairs)), repairs


@pytest.mark.parametrize(("written", "read_as", "pairs", "forbidden"), [
    (b"&#55357;&#56833;", "\U0001f601", 1, 0),
    (b"&#xD83D;&#xDE21;", "\U0001f621", 1, 0),
    (b"&#55357;&#xDE21;", "\U0001f621", 1, 0),
    (b"&#55357; &#56833;", "\ufffd \ufffd", 0, 2),
    (b"&#56833;&#55357;", "\ufffd\ufffd", 0, 2),
    (b"&#0;&#8;&#11;&#31;&#xB;&#xFFFE;", "\ufffd" * 6, 0, 6),
    (b"&#10;&#13;&#9;&#169;&#128512;&#x1F600;", "&#10;&#13;&#9;&#169;&#128512;&#x1F600;", 0, 0),
    (b"&#99999999;&#x110000;", "\ufffd\ufffd", 0, 2),
    (b"a\x01b", "a\ufffdb", 0, 1),
    (b"caf\xe9", "caf\ufffd", 0, 1),
])  # fmt: skip
def test_repair(written: bytes, read_as: str, pairs: int, forbidden: int) -> None:
    """Each forbidden thing becomes the character it means, or U+FFFD and is counted."""
    text, repairs = whole(b"<a>" + written + b"</a>")

    assert text.decode() == f"<a>{read_as}</a>"
    assert (repairs.pairs, repairs.forbidden) == (pairs, forbidden)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([b"&#55357;", b"&#56833;", b"&#10;", b"x", b"&", b"\xc3\xa9", b"\xf0\x9f\x98\x81", b"&amp;", b"<a/>"]),
        max_size=40,
    )
)
def test_repair_is_the_same_whatever_the_chunks(pieces: list[bytes]) -> None:
    """A pair, a reference or a character cut by the border of a chunk is read as if it were whole."""
    contents, size = b"<a>" + b"".join(pieces) + b"</a>", xml_repair.CHUNK
    at_once = whole(contents)
    try:
        xml_repair.CHUNK = 3
        piecemeal = whole(contents)
    finally:
        xml_repair.CHUNK = size

    assert piecemeal == at_once


def test_media_is_not_held_in_memory(tmp_path: Path) -> None:
    """A picture of many megabytes costs no more than a few chunks."""
    picture = b64encode(random.Random(1).randbytes(30_000_000))
    part = (
        b'<mms date="1704150600000" msg_box="1" address="+447700900101"><parts><part ct="image/png" name="a.png" data="'
        + picture
        + b'" />'
    )
    row = part + b'<part ct="text/plain" text="caption" /></parts><addrs /></mms>\n'
    export = export_of(tmp_path / "media.xml", HEADER.encode() + row + b"</smses>")
    del picture, part, row
    read([export_of(tmp_path / "small.xml", HEADER.encode() + b"</smses>")])  # what is imported once is not counted
    tracemalloc.start()
    table, (source,) = read([export])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (table.num_rows, source.problems) == (1, [])
    assert table["media"][0].as_py() == "a.png"
    assert peak < 20_000_000


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "iso-8859-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """A file that went through a shell redirect or an old tool is read in its own encoding."""
    text = (
        HEADER.replace("UTF-8", encoding if encoding.startswith("iso") else "UTF-8")
        + '<sms address="+447700900101" date="1704150600000" type="1" body="café" /></smses>'
    )
    table, (source,) = read([export_of(tmp_path / "x.xml", text.encode(encoding))])

    assert table["text"].to_pylist() == ["café"]
    assert source.problems == []


def test_document_type_is_refused(tmp_path: Path) -> None:
    """A file with entities of its own is not read, and says so."""
    text = (
        HEADER.replace("<smses", '<!DOCTYPE smses [<!ENTITY a SYSTEM "file:///etc/passwd">]><smses')
        + '<sms address="1" date="1704150600000" type="1" body="&a;" /></smses>'
    )
    table, (source,) = read([export_of(tmp_path / "x.xml", text.encode())])

    assert table.num_rows == 0
    assert "DOCTYPE" in source.problems[0][1]


VALUES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12) | st.sampled_from(
    ["null", "", "(Unknown)", "a & b", "1 < 2", 'say "hi"']
)
ROWS = st.fixed_dictionaries({
    "address": VALUES, "date": st.sampled_from(["1704150600000", "1704150600", "0", "", "null", "soon", "-1", "99999999999999999999"]), "type": st.sampled_from("1234569"), "body": VALUES,
    "status": st.sampled_from(["-1", "64"]), "date_sent": st.sampled_from(["0", "1704150599000", "1704150600000", "x"]), "contact_name": VALUES,
})  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8))
def test_columns_agree_with_event(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    """The fast way gives the table that the plain way gives."""
    body = "\n".join(
        "<sms " + " ".join(f"{k}={quoteattr(v, {chr(34): '&quot;'})}" for k, v in row.items()) + " />" for row in rows
    )
    export = export_of(tmp_path_factory.getbasetemp() / "agree.xml", (HEADER + body + "</smses>").encode())
    pairs = list(smsbr.records(export))
    events = [(locator, smsbr.event(record, export)) for locator, record in pairs if type(record) is not Problem and locator]
    plain = to_table(columns([event for _, event in events]), [locator for locator, _ in events], export.sha256)

    assert read([export])[0].drop("at").to_pylist() == plain.drop("at").to_pylist()


def test_real_samples(shared: Path) -> None:
    """Counts that were checked by eye once: records, events, problems."""
    counts = {
        "smsbr/sms_small.xml": (12, 12, 0), "smsbr/sms_and_mms.xml": (50, 49, 1), "smsbr/e2e/corrupt_attachments.xml": (2, 2, 0),
        "smsbr/e2e/empty.xml": (0, 0, 0), "smsbr/e2e/sample_mms.xml": (4, 4, 0), "smsbr/e2e/sample_small.xml": (7, 7, 0),
        "_handmade/smsbr_calls_handmade.xml": (8, 8, 0), "_handmade/smsbr_group_mms_handmade.xml": (3, 3, 0),
        "_handmade/smsbr_surrogates_invalid_handmade.xml": (4, 4, 0),
    }  # fmt: skip
    for name, expected in counts.items():
        path = shared / "fixtures" / "mobile" / name
        _, (source,) = read([Export(path, path.name, path.stat().st_size)])

        assert (source.records, source.events, len(source.problems)) == expected, name
