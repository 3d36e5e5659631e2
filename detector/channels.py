"""Channels as lanes: the ways by which one side can choose to reach the other.

SMS, MMS and RCS are one lane, for a picture or a long text turns the one into the other without anybody's choice;
iMessage is in it too, because Apple's Messages sends SMS by itself where iMessage does not get through. Calls and
messages of one app carry the name of the app and are one lane. Calls of the telephone network are a lane of their own.
A channel of which the export does not say which of two it is ("messenger/instagram") is no lane: it would seem a third one.
"""

from __future__ import annotations

import numpy as np

from detector import handles
from detector.pairs import Events, Rows

TEXTING = "text messages"
_TEXTING = (*handles.TEXTING, "imessage")


def lane(channel: str) -> str:
    """Name the lane of a channel."""
    return TEXTING if channel.casefold() in _TEXTING else channel


def lanes(events: Events) -> tuple[list[str], Rows]:
    """Return the names of the lanes and, for each row, the position of its lane among them; -1 where no channel is known."""
    channels = events.table["channel"].cat
    of_channel = [lane(str(name)) for name in channels.categories]
    names = sorted({name for name in of_channel if "/" not in name})
    position = np.array([names.index(name) if name in names else -1 for name in of_channel] + [-1], np.int64)
    return names, position[channels.codes.to_numpy()]
