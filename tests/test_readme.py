"""The README names what there is, and the repository names no machine."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from detector.cli import cli
from detector.formats import FORMATS
from detector.patterns import PATTERNS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", [one.name for one in (*FORMATS, *PATTERNS)] + sorted(cli.commands))
def test_every_format_pattern_and_command_is_named(name: str) -> None:
    """In code type."""
    assert re.search(rf"`{name}\b", README)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_every_threshold_is_named(pattern) -> None:
    """With its default."""
    for field in fields(pattern.settings):
        assert f"{field.name} {getattr(pattern.settings, field.name)}" in README


def test_options_of_analyse_are_named() -> None:
    """Each of them."""
    for option in cli.commands["analyse"].params:
        for name in option.opts if option.param_type_name == "option" else ():
            assert f"`{name}`" in README or f"{name} " in README


def test_no_machine_is_named() -> None:
    """No registry's address and no path of a machine in any file of the repository."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    hosts = re.compile(
        "|".join(("py" + "pi\\.org", "python" + "hosted", "npm" + "js", "debian" + "\\.org", "/wo" + "rk/", "/ro" + "ot/"))
    )
    named = [
        name
        for name in files
        if name and (ROOT / name).is_file() and hosts.search((ROOT / name).read_bytes().decode("utf-8", "ignore"))
    ]

    assert named == []
