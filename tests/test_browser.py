"""The app as a person sees it: Chromium opens a case, brushes, reads, leaves; nothing is asked of any other host."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from extracts import PIXEL, write

from detector.case import analyse
from detector.export import Options
from detector.store import save

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --disable-quic --no-first-run"
).split()
PAGES = ("", "overview", "timeline", "findings", "messages")
WIDTHS = ((1280, 800), (390, 844))
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on the small extract, at a free port of this machine."""
    folder = tmp_path_factory.mktemp("browser")
    save(analyse([write(folder / "extract")], Options(timezone="Europe/London")), folder / "case")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    environment = os.environ | {"DETECTOR_CASE": str(folder / "case")}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            assert server.poll() is None, "the app ended at once"
            time.sleep(0.2)
        else:
            return
    pytest.fail("the app did not start within a minute")


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(params=WIDTHS, ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: sync_api.Browser, address: str) -> Iterator[sync_api.Page]:
    """A fresh page at one of two widths; whatever it asks of another host fails the test."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    strangers: list[str] = []
    tab.on("request", lambda sent: None if sent.url.startswith((address, "data:", "blob:")) else strangers.append(sent.url))
    tab.on(
        "websocket", lambda opened: None if opened.url.startswith(address.replace("http", "ws")) else strangers.append(opened.url)
    )
    yield tab
    context.close()
    assert strangers == []


def go(page: sync_api.Page, address: str, where: str) -> None:
    page.goto(f"{address}/{where}")
    expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("This is not a risk assessment")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#leave[data-ready]")).to_be_visible(timeout=PATIENCE)


def leave_button(page: sync_api.Page) -> sync_api.Locator:
    return page.get_by_role("button", name="Leave this page")


@pytest.mark.parametrize("where", PAGES)
def test_no_page_is_wider_than_the_screen(page: sync_api.Page, address: str, where: str) -> None:
    """Nothing runs out at the side, the way out is in sight, and the tab does not say what this is about."""
    go(page, address, where)
    expect(leave_button(page)).to_be_in_viewport()
    wide = "Math.max(...[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth))"
    assert page.evaluate(wide) <= 0
    assert page.title() == "Records"


def test_from_the_timeline_to_a_text_and_out(page: sync_api.Page, address: str, tmp_path: Path) -> None:
    """Brush, open a finding, reach its records, read one, leave by the button; nothing opens by itself afterwards."""
    reopen(page, address, tmp_path)
    page.get_by_role("link", name="Timeline").click()
    expect(page.get_by_text("48 incoming · 11 outgoing")).to_be_visible()
    brush(page)
    expect(page.get_by_text("48 incoming · 11 outgoing")).to_have_count(0)
    expect(page.get_by_role("button", name="Show the whole time")).to_be_visible()

    page.get_by_role("link", name="Findings").click()
    card = page.get_by_text(re.compile(r"made contact 12 times")).first
    expect(card).to_be_visible()
    page.get_by_role("button", name="Evidence (12)").first.click()
    expect(page.locator("li[data-id]")).to_have_count(12)
    assert page.get_by_text("answer me").count() == 0
    page.get_by_role("button", name="Show the text").first.click()
    expect(page.get_by_text("answer me 0", exact=True)).to_be_visible()
    page.get_by_role("button", name="Before and after").first.click()
    expect(page.locator("li.focus")).to_have_count(1)
    expect(page.locator("li[data-id]").nth(20)).to_be_visible()
    leave_button(page).click()
    page.wait_for_url("about:blank")
    page.goto(f"{address}/overview")
    expect(page.get_by_text("No case is open")).to_be_visible(timeout=PATIENCE)


def brush(page: sync_api.Page) -> None:
    """Drag across the middle of the picture of the whole time, as soon as it listens."""
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    box = chart.bounding_box()
    assert box is not None
    middle = box["y"] + 40
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, middle, steps=5)
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=5)
    page.mouse.up()


def test_a_hostile_text_is_shown_as_letters(page: sync_api.Page, address: str, tmp_path: Path) -> None:
    """With all texts shown, a Markdown image and an HTML image stand there as they were written, and call nobody."""
    reopen(page, address, tmp_path)
    page.get_by_role("link", name="Messages").click()
    page.get_by_text("Show all texts").click()
    expect(page.get_by_text(PIXEL, exact=True)).to_be_visible()
    assert page.locator("img[src*=tracker]").count() == 0


def test_shift_three_times_leaves(page: sync_api.Page, address: str) -> None:
    """Two presses do nothing, the third empties the page at once."""
    go(page, address, "messages")
    expect(page.locator("h1")).to_be_visible()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(page.locator("h1")).to_be_visible()
    page.keyboard.press("Shift")
    page.wait_for_url("about:blank")
    assert page.evaluate("document.body.innerText") == ""


def reopen(page: sync_api.Page, address: str, tmp_path: Path) -> None:
    """Read the extract from its path: after somebody left, no case opens by itself."""
    go(page, address, "")
    if page.get_by_text("Files that were read").count():
        return
    page.get_by_role("textbox", name="Folder or file on this computer").fill(str(write(tmp_path / "phone")))
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("Files that were read")).to_be_visible()
