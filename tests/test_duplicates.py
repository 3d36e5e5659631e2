"""Records that stand in two exports."""

from __future__ import annotations

import pandas as pd
from rows import event, table

from detector.duplicates import duplicates
from detector.event import Event


def repeated(*sources: list[Event]) -> list[str | None]:
    rows = table(*sources)
    rows["contact"] = rows["handle"]
    return [None if pd.isna(one) else str(one)[-6:] for one in duplicates(rows)]


def call(minutes: float, seconds: float = 60) -> Event:
    return event(minutes, "a", text=None, kind="call", channel="phone", seconds=seconds, outcome="answered")


def test_the_same_message_in_two_backups_is_one() -> None:
    """The first is kept, the second names it."""
    assert repeated([event(0, "a")], [event(0, "a")]) == [None, "sms[1]"]


def test_two_minutes_and_no_more() -> None:
    """120 seconds yes, 121 no."""
    assert repeated([event(0, "a")], [event(2, "a")])[1] == "sms[1]"
    assert repeated([event(0, "a")], [event(2 + 1 / 60, "a")]) == [None, None]


def test_the_same_words_twice_in_one_export_are_two_messages() -> None:
    """And each has its own twin in the other export."""
    assert repeated([event(0, "a"), event(0.5, "a")]) == [None, None]
    assert repeated([event(0, "a"), event(0.5, "a")], [event(0, "a"), event(0.5, "a")]) == [None, None, "sms[1]", "sms[2]"]
    assert repeated([event(0, "a"), event(0.5, "a")], [event(0.5, "a")]).count(None) == 2


def test_what_differs_is_kept() -> None:
    """Another contact, direction, text or service is another message; a picture message of the same words is not."""
    for other in (event(0, "b"), event(0, "a", "out"), event(0, "a", text="bye"), event(0, "a", channel="whatsapp")):
        assert repeated([event(0, "a")], [other]) == [None, None]
    assert repeated([event(0, "a")], [event(0, "a", channel="rcs")])[1] == "sms[1]"


def test_calls_agree_in_length() -> None:
    """Within a minute, and only with the same length."""
    assert repeated([call(0)], [call(1)])[1] == "sms[1]"
    assert repeated([call(0)], [call(1.1)]) == [None, None]
    assert repeated([call(0)], [call(0, 61)]) == [None, None]


def test_three_exports() -> None:
    """One is kept, and the two others name it."""
    assert repeated([event(0, "a")], [event(1, "a")], [event(2, "a")]) == [None, "sms[1]", "sms[1]"]
