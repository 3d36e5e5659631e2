"""Makes .venv beside a bare checkout from the lock file, and runs detector inside it.

Python's own library only. The environment is stamped with the hash of the lock, so that it is made once and made again when
the lock changes; a file lock keeps two commands started together from making it at the same time.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
STAMP = "lock.sha256"


def needed() -> bool:
    """Tell whether this is a checkout and we are outside its environment, or that is not finished."""
    if not LOCK.is_file():
        return False
    return Path(sys.prefix).resolve() != VENV.resolve() or not _finished(_lock_for(sys.argv[1:]))


def run_inside(arguments: list[str]) -> int:
    """Make the environment if need be and run the command in it; returns the exit status."""
    lock = _lock_for(arguments)
    if not _finished(lock):
        with _one_at_a_time():
            if not _finished(lock) and (trouble := _make(lock)):
                print(f"detector: {trouble}", file=sys.stderr)
                return 2
    try:
        return subprocess.run([str(_python()), "-m", "detector", *arguments], check=False).returncode
    except KeyboardInterrupt:
        return 130


def _lock_for(arguments: list[str]) -> Path:
    """The tests need more than the program; their lock holds both."""
    return DEV_LOCK if arguments[:1] == ["test"] else LOCK


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _stamp(lock: Path) -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def _finished(lock: Path) -> bool:
    """The dev environment holds everything that the program needs."""
    stamps = [_stamp(lock), _stamp(DEV_LOCK)] if DEV_LOCK.is_file() else [_stamp(lock)]
    file = VENV / STAMP
    return _python().is_file() and file.is_file() and file.read_text("utf-8") in stamps


def _usable() -> bool:
    """Tell whether .venv has a working Python of this version; what it lacks can then be added."""
    if not _python().is_file():
        return False
    version = [str(_python()), "-c", "import pip, sys; print(*sys.version_info[:2])"]
    try:
        said = subprocess.run(version, capture_output=True, text=True, check=False).stdout
    except OSError:
        return False
    return said.split() == [str(part) for part in sys.version_info[:2]]


def _make(lock: Path) -> str | None:
    """Make .venv and install the lock; return what went wrong in one line."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        return "Python's venv module is missing; install it (on Debian and Ubuntu: apt install python3-venv) and run this again"
    print(f"Installing what detector needs into {VENV} (once, about a minute) ...", file=sys.stderr)
    if not _usable():
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False)
        if made.returncode:
            return f"{VENV} could not be made: {_last_line(made.stdout + made.stderr)}"
    pip = [
        str(_python()),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "--only-binary",
        ":all:",
    ]
    installed = subprocess.run([*pip, "-r", str(lock)], capture_output=True, text=True, check=False)
    if installed.returncode:
        return (
            "the libraries could not be installed: "
            f"{_last_line(installed.stderr)} (this needs the network once, or a folder of wheels named in PIP_FIND_LINKS with PIP_NO_INDEX=1)"
        )
    (VENV / STAMP).write_text(_stamp(lock), "utf-8")
    return None


def _last_line(output: str) -> str:
    lines = (
        [line.strip() for line in output.splitlines() if "error" in line.lower()]
        or output.strip().splitlines()
        or ["no reason given"]
    )
    return lines[-1].removeprefix("ERROR: ")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (ROOT / ".venv.lock").open("a+") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
