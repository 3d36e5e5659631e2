"""Options and places that the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the expected files of tests/formats anew; read the difference")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real samples that lies beside the repository in CI."""
    if not SHARED.is_dir():
        pytest.skip("the folder of real samples is not beside the repository")
    return SHARED
