"""Words: how text that others wrote, numbers and dates are put on a page, and the lines that stand on every page.

Names, file names and messages may hold Markdown, links and invisible controls that turn the reading direction. `visible`
shows such controls as [U+202E]; `plain` also escapes whatever Markdown would act on. Message text never comes here:
it is shown by `records`, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&=\"'/^@%,;?])")
FSI, PDI, JOINER = "\u2068", "\u2069", "\u2060"

STANDING = (
    "This is not a risk assessment and not legal advice. In an emergency call 999.",
    "Both directions are counted. A handle is tied to a person only by the reason shown beside it.",
    "What no rule points at can still matter: everything that was read stays listed and searchable.",
    "Not found does not mean not there. The rules read some wordings and some languages only, and exports leave things out.",
)
BROWSER = (
    "“Leave this page”, or the Shift key three times, empties this page and shows a blank one. The browser’s history, downloads "
    "and anything that watches this device still show that the app was open."
)


def visible(text: str) -> str:
    """Return text with invisible controls spelled out, isolated so that its direction cannot turn its neighbours."""
    shown = _CONTROLS.sub(lambda control: f"[U+{ord(control[0]):04X}]", text)
    return shown if shown.isascii() else f"{FSI}{shown}{PDI}"


def plain(text: str) -> str:
    """Return text that Markdown shows as it is: no emphasis, link, image, icon, colour or formula."""
    return escaped(visible(text.replace("\n", " ").replace("\t", " ")))


def escaped(shown: str) -> str:
    """Return what `visible` made, so that Markdown does not act on it."""
    return _MARKDOWN.sub(r"\\\1", re.sub(r"(:|@|www(?=\.))", rf"\1{JOINER}", shown))


def number(count: int, one: str, many: str | None = None) -> str:
    """Return "1 event", "1,204 events"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def day(when: date) -> str:
    """Return "3 March 2025"."""
    return f"{when.day} {when:%B %Y}"


def period(first: date | None, last: date | None) -> str:
    """Return "3 March 2025 to 9 June 2025", or what is known of it."""
    if first is None or last is None:
        return "no dates"
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def clock(when: datetime, zone: str) -> str:
    """Return "Mon 3 March 2025, 19:04" on the clock of a zone."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{local:%a} {day(local)}, {local:%H:%M}"


def local_day(when: datetime | None, zone: str) -> date | None:
    """Return the date on the clock of a zone."""
    return None if when is None else when.astimezone(ZoneInfo(zone)).date()


def listed(words: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *rest, last = list(words) or [""]
    return f"{', '.join(rest)} and {last}" if rest else last


def spoken(name: str) -> str:
    """Return the name of a number as words: "per_week" is "per week"."""
    return name.replace("_", " ")


def known_as(contact: str, names: Iterable[str]) -> str:
    """Return how a contact is called in a list: the names first, then the handle."""
    called = [name for name in dict.fromkeys(names) if name and name != contact]
    return f"{', '.join(called[:2])} · {contact}" if called else contact
