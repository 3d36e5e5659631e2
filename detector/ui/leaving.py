"""Leaving: the button that is on every page and the Shift key three times; both leave at once.

The page is emptied in the browser first, then the server is told to forget the case, then a blank page takes the place
of this one. Nothing waits for the server. Modelled on the "exit this page" component of the GOV.UK design system.
"""

from __future__ import annotations

import streamlit as st

from detector.ui import desk_state

LABEL = "Leave this page"

_HTML = f'<button type="button" id="leave" title="Or press Shift three times">{LABEL}</button>'

_CSS = """
#leave {
  position: fixed; top: 0.6rem; right: 1rem; z-index: 1000000; padding: 0.45rem 0.9rem; border: 1px solid #26343b;
  border-radius: 0.5rem; background: #26343b; color: #fff; font: 600 0.9rem/1.2 sans-serif; cursor: pointer;
}
#leave:hover { background: #3b4d56; }
#leave:focus-visible { outline: 3px solid #cfae62; outline-offset: 2px; }
@media print { #leave { display: none; } }
"""

_JS = """
export default function (component) {
  const { parentElement, setTriggerValue } = component
  const leave = () => {
    document.documentElement.style.display = "none"
    document.title = ""
    try { setTriggerValue("left", true) } catch (error) { /* the page goes whether the server hears it or not */ }
    setTimeout(() => { document.body.replaceChildren(); window.location.replace("about:blank") }, 40)
  }
  let presses = []
  const onKey = (event) => {
    if (event.key !== "Shift") { presses = []; return }
    if (event.repeat) return
    const now = Date.now()
    presses = presses.filter((time) => now - time < 5000).concat(now)
    if (presses.length >= 3) leave()
  }
  const button = parentElement.querySelector("#leave")
  button.onclick = leave
  document.addEventListener("keydown", onKey, true)
  button.dataset.ready = "yes"
  return () => document.removeEventListener("keydown", onKey, true)
}
"""

_leave = st.components.v2.component("detector_leave", html=_HTML, css=_CSS, js=_JS)


def button() -> None:
    """Show the button and listen for the keys."""
    _leave(key="leave", height=1, on_left_change=desk_state.forget)
