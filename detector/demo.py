"""The demo: a made-up extract of real export files, analysed."""

from __future__ import annotations

from pathlib import Path

from detector.console import analysed_with_progress, summary
from detector.synthetic import OWNER
from detector.synthetic import demo as made_up
from detector.synthetic.exports import markers, write


def demo(out: Path) -> None:
    """Write the extract to OUT/extract, its markers file beside it and the case to OUT/case; print the contacts."""
    lines = made_up().lines
    write(lines, out / "extract")
    marked = out / "markers.toml"
    marked.write_text(markers(lines), "utf-8", newline="\n")
    case = analysed_with_progress(
        [out / "extract"], out / "case", owner=[OWNER.name, OWNER.number], timezone="Europe/London", markers_file=marked
    )
    summary(case, out / "case")
