"""The formats that are read, most particular first; a file is read by the first that recognises it."""

from __future__ import annotations

from detector.export import Format
from detector.formats import smsbr

FORMATS: tuple[Format, ...] = (smsbr.FORMAT,)
