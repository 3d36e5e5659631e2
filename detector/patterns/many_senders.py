"""Many senders never seen before, all within a day (P40).

Shows: that a crowd wrote or called at once. Proof: the first contact of each. The same to look at: something went viral, an event, a sale, a
published number. Escapes: a crowd that arrives over days, and senders that are automated or in groups. The finding is about no one of them:
its contact is "many senders", its direction in.

With a text or link that several share it is a Pattern; without, "Possible". Senders are people only: automated ones are set aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from detector.finding import Finding, Pattern, found
from detector.pairs import DAY, HOUR, Events, Pair, Rows
from detector.windows import clusters

CROWD = "many senders"
_LINK = re.compile(r"(?:https?://|www\.)\S+|#\w{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class Settings:
    """Ten in a day is judgement; five times the usual keeps a busy line from firing every week."""

    senders: int = 10  # never seen before
    hours: int = 24  # within so many hours
    times_usual: float = 5.0  # as many as a usual such time has, over the whole of the records
    shared: float = 0.3  # share of them with the same text or link, from which it is a pattern


def find(events: Events, settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each stretch in which any `senders` new ones in a row come within `hours`."""
    firsts = {int(pair.acts[0]): pair for pair in events.pairs() if pair.direction == "in" and len(pair.acts) and _new(pair)}
    rows = np.array(sorted(firsts, key=lambda row: (events.us[row], row)), dtype=np.int64)
    us = events.us[rows]
    if len(rows) < settings.senders:
        return
    usual = len(rows) * settings.hours * HOUR / max(int(events.us.max() - events.us.min()), settings.hours * HOUR)
    for first, last in clusters(us, settings.senders, settings.hours * HOUR):
        proof = rows[first : last + 1]
        times = len(proof) / max(usual * max(1.0, (us[last] - us[first]) / (settings.hours * HOUR)), 1e-9)
        if times >= settings.times_usual:
            yield _finding(settings, firsts[int(proof[0])], proof, float(times))


def _new(pair: Pair) -> bool:
    """Tell whether the contact began it: nothing by the owner stands before its first contact."""
    return not len(pair.engagement) or pair.us(pair.engagement)[0] >= pair.us(pair.acts)[0]


def _finding(settings: Settings, pair: Pair, proof: Rows, times: float) -> Finding:
    events = pair.events
    share, what = _shared([text if isinstance(text, str) else "" for text in events.table["text"].array.take(proof)])
    hours = (events.us[proof[-1]] - events.us[proof[0]]) / HOUR
    replies = np.concatenate(
        [p.between(p.engagement, int(events.us[proof[0]]), int(events.us[proof[-1]]) + DAY) for p in _pairs(events, proof)]
    )
    finding = found(
        PATTERN, settings, pair, proof, strength="Pattern" if share >= settings.shared else "Possible", counter=np.sort(replies),
        measured={"senders": len(proof), "hours": round(float(hours), 1), "times_usual": round(times, 1), "shared": round(share, 2), "shared_by": what},
        summary=f"{len(proof)} senders not seen before made contact within {hours:.0f} hours" + (f"; {share:.0%} of them with the same {what}." if what else "; no text or link is shared by several."),
    )  # fmt: skip
    return replace(finding, contact=CROWD)


def _pairs(events: Events, rows: Rows) -> Iterator[Pair]:
    wanted = {str(contact) for contact in events.table["contact"].array.take(rows)}
    return (pair for pair in events.pairs() if pair.direction == "in" and pair.contact in wanted)


def _shared(texts: list[str]) -> tuple[float, str | None]:
    """Return the share of texts with the commonest text or link, and which of the two it is; (0, None) if none is shared."""
    whole = Counter(" ".join(text.casefold().split()) for text in texts if text)
    links = Counter(link.casefold() for text in texts for link in set(_LINK.findall(text)))
    most, what = max(
        ((max(counts.values(), default=0), name) for counts, name in ((whole, "text"), (links, "link or tag"))),
        key=lambda pair: pair[0],
    )
    return (most / len(texts), what) if most > 1 else (0.0, None)


PATTERN = Pattern("many_senders", "Many new senders at once", ("R",), find, Settings())
