"""Safety: the settings without which the app does not run, and the headers that keep the browser from asking anybody else.

Message text is written by other people. A Markdown image in it would tell its sender that it was read, a setting of
Streamlit would listen on every network or show text in an error message. The page therefore may load from itself only.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import streamlit as st

REQUIRED: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["localhost", "127.0.0.1"],
    "server.headless": True,
    "server.showEmailPrompt": False,
    "server.fileWatcherType": "none",
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "client.toolbarMode": "viewer",
    "runner.magicEnabled": False,
    "client.showErrorDetails": "type",
    "client.showErrorLinks": False,
    "client.disableDataExport": True,
}
"""Settings of Streamlit that protect the people in the records; they stand in .streamlit/config.toml beside app.py."""


def refusal() -> str | None:
    """Return why the app must not run, in one line, or None."""
    for name, wanted in REQUIRED.items():
        found = st.get_option(name)
        if _plain(found) != _plain(wanted):
            return (
                f'detector: the app does not run with {name} = "{found}"; it has to be "{wanted}", '
                "as in .streamlit/config.toml beside app.py"
            )
    return None


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower()


class Headers:
    """Adds to every answer the headers that let the page load from this server only, and the browser keep no copy."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Pass the request on, and the answer back with our headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_headers(scope)]
            await send(message)

        await self.app(scope, receive, answer)


def _headers(scope: MutableMapping[str, Any]) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", policy(dict(scope["headers"]).get(b"host", b"").decode("latin-1")).encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]


def policy(host: str) -> str:
    """Return the content security policy of a page served at this host and port."""
    socket = f" ws://{host}" if re.fullmatch(r"[\w.-]+(:\d+)?", host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob:",  # vega compiles its expressions
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{socket}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
