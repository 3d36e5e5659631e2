"""The desk: what Streamlit runs at each click. Navigation over the pages, and what stands on all of them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from detector.ui import desk_state, findings, leaving, messages, overview, start, timeline_page, words
from detector.ui.safety import refusal

TITLE = "Records"
"""What the browser shows in its tab and keeps in its history: it must not say what this is about."""

LOOK = """
<style>
[data-testid="stHeader"] { display: none; }
.block-container { max-width: 1120px; padding: 0.55rem 1.5rem 3rem; }
@media (max-width: 640px) { .block-container { padding: 0.55rem 1rem 3rem; } .st-key-pages { padding-top: 2.9rem; } }
.st-key-pages { border-bottom: 1px solid #e6e3db; padding-bottom: 0.35rem; padding-right: 9rem; }
@media (max-width: 640px) { .st-key-pages { padding-right: 0; } }
h1 { letter-spacing: -0.01em; }
[data-testid="stMetric"] { padding: 0; }
[class*="st-key-quiet_"] details { border: none; background: none; }
[class*="st-key-quiet_"] summary { padding: 0; min-height: 1.6rem; font-size: 0.85rem; color: #66727a; }
[class*="st-key-quiet_"] { margin-top: -0.6rem; gap: 0.5rem; }
[data-testid="stMarkdown"] td { overflow-wrap: anywhere; }
.ways { display: flex; height: 8px; border-radius: 4px; overflow: hidden; background: #f1efe9; }
</style>
"""


def main() -> None:
    """Show the chosen page between the button to leave and the standing lines."""
    st.set_page_config(page_title=TITLE, page_icon=str(Path(__file__).with_name("icon.svg")), layout="wide")
    if reason := refusal():
        st.error(reason)
        st.stop()
    st.html(LOOK)
    leaving.button()
    pages = {
        "start": st.Page(start.page, title="Start", url_path="start", default=True),
        "overview": st.Page(overview.page, title="Overview", url_path="overview"),
        "timeline": st.Page(timeline_page.page, title="Timeline", url_path="timeline"),
        "findings": st.Page(findings.page, title="Findings", url_path="findings"),
        "messages": st.Page(messages.page, title="Messages", url_path="messages"),
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    if wish := st.session_state.pop("go", None):
        st.switch_page(pages[wish])
    with st.container(horizontal=True, gap="xsmall", key="pages"):
        for page in pages.values():
            st.page_link(page)
    chosen.run()
    _footer()


def _footer() -> None:
    st.divider()
    opened = desk_state.case()
    lines = list(words.STANDING)
    if opened is not None:
        lines.append(f"Times are on the clock of {words.plain(opened.zone)}. {_rules(opened.ledger)}")
    st.caption("  \n".join(lines))
    st.caption(words.BROWSER)


def _rules(ledger: dict[str, object]) -> str:
    return f"detector {ledger['detector']}, rules {str(ledger['rules_sha256'])[:12]}."


main()
