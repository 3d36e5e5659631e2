"""The app with a million events: the first chart in a fresh page (warm: the server has shown it before), a filter, a brush.

    .venv/bin/python -m benchmarks.app [EVENTS]

The case of benchmarks/pipeline.py, analysed, saved and opened in headless Chromium. A filter or brush is timed from the click to
the new numbers above the chart, and to the moment after which the page has not changed for a fifth of a second.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.pipeline import made
from detector import case as stages
from detector import settings
from detector.event import to_frame
from detector.export import Options
from detector.store import save
from detector.timeline import Choice, chosen, timeline

ROOT = Path(__file__).resolve().parent.parent
SUM = "[data-testid=stMarkdown]:has-text('with contact')"
CHART = "[data-testid=stVegaLiteChart] >> css=canvas, svg"
SETTLED = """() => new Promise(done => {
  let timer = setTimeout(() => done(performance.now()), 200), last = performance.now()
  const watch = new MutationObserver(() => { last = performance.now(); clearTimeout(timer); timer = setTimeout(finish, 200) })
  const finish = () => { watch.disconnect(); done(last) }
  watch.observe(document.body, { subtree: true, childList: true, attributes: true })
})"""


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        case = replace(
            stages.examine(to_frame(made(events)), Options(timezone="Europe/London"), settings.defaults()),
            ledger={
                "zone": "Europe/London",
                "detector": "",
                "rules_sha256": "",
                "sources": [],
                "unreadable": [],
                "set_aside": [],
                "events": events,
            },
        )
        started = time.perf_counter()
        whole = timeline(case.events, case.zone)
        print(f"{events:,} events; the arrays of the timeline {time.perf_counter() - started:.2f} s, ", end="")
        started = time.perf_counter()
        chosen(whole, Choice(channels=("sms",), directions=("in",)))
        print(f"a choice from them {time.perf_counter() - started:.3f} s")
        save(case, Path(folder))
        del case, whole
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DETECTOR_CASE": str(folder)}, stdout=subprocess.DEVNULL)
    try:
        time.sleep(4)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            firsts = [_first(context, port)[0] for _ in range(4)]
            print(f"first chart: new server {firsts[0]:.2f} s, warm {statistics.median(firsts[1:]):.2f} s")
            _interact(_first(context, port)[1])
            browser.close()
    finally:
        server.terminate()


def _first(context: BrowserContext, port: int) -> tuple[float, Page]:
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/timeline")
    page.locator(CHART).first.wait_for(timeout=120_000)
    return time.perf_counter() - started, page


def _interact(page: Page) -> None:
    page.locator(SUM).wait_for()
    page.evaluate(SETTLED)
    sides = [page.get_by_role("button", name=name, exact=True) for name in ("Incoming", "Outgoing")]
    _report("filter", page, [sides[0].click, sides[1].click, sides[0].click, sides[1].click])
    _report("brush", page, [lambda a=a: _brush(page, a) for a in (0.2, 0.5, 0.35)])


def _brush(page: Page, start: float) -> None:
    box = page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    assert box is not None
    for step, x in enumerate((start, start + 0.1, start + 0.2)):
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + 40)
        if step == 0:
            page.mouse.down()
    page.mouse.up()


def _report(what: str, page: Page, acts: list[Callable[[], None]]) -> None:
    numbers, settled = [], []
    for act in acts:
        before = page.locator(SUM).inner_text()
        act()
        clicked, started = page.evaluate("performance.now()"), time.perf_counter()
        while page.locator(SUM).inner_text() == before:
            assert time.perf_counter() - started < 20, f"the {what} changed nothing"
            page.wait_for_timeout(5)
        numbers.append(time.perf_counter() - started)
        settled.append((page.evaluate(SETTLED) - clicked) / 1000)
        page.wait_for_timeout(300)
    print(f"{what}: numbers {statistics.median(numbers):.2f} s, everything drawn {statistics.median(settled):.2f} s")


if __name__ == "__main__":
    main()
