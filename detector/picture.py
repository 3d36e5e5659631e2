"""Picture: the timeline of a case as one SVG for its folder: events both ways, markers and coverage.

The same case gives the same bytes on every machine: the fonts by which labels are measured come with vl-convert, nothing is
loaded, and what vega numbers through the life of a process is numbered anew.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from detector import charts, tallies
from detector.timeline import Timeline, timeline

if TYPE_CHECKING:
    from detector.case import Case

WIDTH = 1000

EMPTY = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="80" viewBox="0 0 640 80">'
    '<text x="16" y="44" font-family="sans-serif" font-size="14">There is no event with a usable time to draw.</text></svg>'
)
"""The picture of a case without an event that has a time."""


def svg(case: Case) -> str:
    """Draw a case."""
    import vl_convert

    whole = timeline(case.events, case.zone)
    if whole.first is None or whole.last is None:
        return EMPTY
    drawn = json.dumps(_both(case, whole, (whole.first, whole.last)), default=str)
    return _renumbered(str(vl_convert.vegalite_to_svg(drawn)))


def _both(case: Case, whole: Timeline, period: charts.Period) -> dict[str, Any]:
    """Put the bars above the strip of coverage."""
    names = tallies.leaders(whole, "channel")
    titles = [tallies.channel_name(name) for name in names]
    bars = tallies.bars(whole, tallies.grain(whole.days), "channel", names, titles)
    files = {source["sha256"]: source["path"].rsplit("/", 1)[-1] for source in case.ledger["sources"]}
    stretches = tallies.coverage(whole, files)
    top = charts.detail(bars, titles, tallies.rules(case.markers, case.zone), period)
    low = charts.strip(stretches, period)
    return {
        "$schema": top["$schema"],
        "title": _title(whole),
        "padding": 16,
        "params": top["params"],
        "config": top["config"] | {"mark": {"aria": False}},  # labels of each mark would be ten times the picture
        "datasets": {name: _records(table) for name, table in (top["datasets"] | low["datasets"]).items()},
        "vconcat": [_part(top, 300), _part(low, charts.ROW * charts.rows(stretches))],
    }


def _part(drawing: charts.Drawing, height: int) -> dict[str, Any]:
    shared = ("$schema", "config", "datasets", "padding", "params")
    return {name: value for name, value in drawing.items() if name not in shared} | {"width": WIDTH, "height": height}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    times = {name: table[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in ("start", "end", "at") if name in table}
    return table.assign(**times).to_dict("records")  # type: ignore[return-value]


def _renumbered(picture: str) -> str:
    """Number the clips of an SVG from 0: vega numbers them through the life of the process."""
    numbers: dict[str, int] = {}
    return re.sub(r"(?<=\bclip)\d+", lambda found: str(numbers.setdefault(found[0], len(numbers))), picture)


def _title(whole: Timeline) -> dict[str, Any]:
    incoming, outgoing, unknown = tallies.two_ways(whole)
    words = f"{incoming:,} incoming (above the line), {outgoing:,} outgoing (below)"
    words += f", {unknown:,} of unknown direction (above)" if unknown else ""
    look = {"anchor": "start", "font": charts.FONT, "color": charts.INK, "subtitleColor": charts.QUIET}
    return {"text": "Events over time", "subtitle": [words], **look}
