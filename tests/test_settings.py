"""The settings file: what it overrides, and what it says when something in it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector import settings
from detector.errors import UsageError


def load(tmp_path: Path, text: str) -> dict[str, object]:
    file = tmp_path / "settings.toml"
    file.write_text(text, "utf-8")
    return settings.load(file)


def test_a_threshold_is_overridden_by_name(tmp_path: Path) -> None:
    """The others stay as they are, and the digest changes."""
    changed = load(tmp_path, "[barrage]\ncontacts = 5\n")

    assert changed["barrage"] == type(changed["barrage"])(contacts=5)
    assert settings.digest(changed) != settings.digest(settings.defaults())
    assert settings.digest(load(tmp_path, "")) == settings.digest(settings.defaults())


@pytest.mark.parametrize(("text", "said"), [
    ("[barage]\ncontacts = 5", 'no pattern "barage". Did you mean barrage?'),
    ("[barrage]\ncontact = 5", 'no threshold "contact". Did you mean contacts?'),
    ("[barrage]\ncontacts = 'many'", "barrage.contacts must be a number"),
    ("[barrage]\ncontacts = 5.5", "barrage.contacts must be a whole number, not 5.5"),
    ("[barrage]\ncontacts = -1", "must be a number of 0 or more"),
    ("[barrage]\ncontacts = true", "must be a number"),
    ("barrage = 5", '"barrage" must be a table'),
    ("[barrage", "settings file settings.toml"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    """With the name, the value and what may stand there."""
    with pytest.raises(UsageError, match=said.replace("[", r"\[").replace("?", r"\?")) as error:
        load(tmp_path, text)

    assert "\n" not in str(error.value).strip() or "TOML" in str(error.value)
