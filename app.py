"""The app: `detector app [DIR]` starts it. It answers on this machine only and sends nothing anywhere."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from detector.ui.safety import Headers, refusal

if reason := refusal():
    sys.exit(reason)

app = st.App(Path(__file__).parent / "detector" / "ui" / "desk.py", middleware=[Middleware(Headers)])
