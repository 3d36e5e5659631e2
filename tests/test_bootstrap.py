"""The first command from a bare checkout: what it says when it cannot go on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A bare checkout in a path with a space."""
    place = tmp_path / "bare checkout"
    copytree(ROOT / "detector", place / "detector", ignore=ignore_patterns("__pycache__"))
    (place / "requirements.lock").write_bytes((ROOT / "requirements.lock").read_bytes())
    return place


def run(checkout: Path, *arguments: str, python: str = sys.executable, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, **environment}
    given.pop("PYTHONPATH", None)
    return subprocess.run([python, *arguments], cwd=checkout, env=given, capture_output=True, text=True, check=False)


def base_python() -> str:
    """The Python that our own environment was made from."""
    return str(Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3"))


def test_no_network_is_one_line(checkout: Path) -> None:
    """It says what could not be done and the way out, and leaves no environment that looks finished."""
    done = run(checkout, "-m", "detector", "formats", python=base_python(), PIP_NO_INDEX="1")

    assert done.returncode == 2
    assert "the libraries could not be installed" in done.stderr.splitlines()[-1]
    assert "PIP_FIND_LINKS" in done.stderr.splitlines()[-1]
    assert not (checkout / ".venv" / "lock.sha256").exists()


def test_missing_venv_module_is_one_line(checkout: Path) -> None:
    """As on a Debian without python3-venv."""
    block = "import sys; sys.modules['ensurepip'] = None; sys.argv = ['detector', 'formats']; import runpy; runpy.run_module('detector', run_name='__main__')"
    done = run(checkout, "-c", block, python=base_python())

    assert done.returncode == 2
    assert "apt install python3-venv" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_nothing_heavy_is_imported_before_the_environment_is_there(checkout: Path) -> None:
    """The start needs Python's own library only."""
    done = run(
        checkout,
        "-S",
        "-c",
        "import detector, detector.bootstrap, sys; print([m for m in ('pandas', 'click', 'numpy') if m in sys.modules])",
        python=base_python(),
    )

    assert done.stdout.strip() == "[]"
