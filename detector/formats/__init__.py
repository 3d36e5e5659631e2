"""The formats that are read, most particular first; a file is read by the first that recognises it."""

from __future__ import annotations

from detector.export import Format
from detector.formats import android_calls, android_sms, mapped_table, meta_lists, meta_messages, smsbr, table, whatsapp_txt

FORMATS: tuple[Format, ...] = (
    mapped_table.FORMAT,
    smsbr.FORMAT,
    android_sms.FORMAT,
    android_calls.FORMAT,
    meta_messages.FORMAT,
    meta_lists.FORMAT,
    whatsapp_txt.FORMAT,
    table.FORMAT,
)
