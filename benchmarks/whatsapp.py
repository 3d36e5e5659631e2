"""How fast a long WhatsApp chat is read to the table of events, beside the PyPI package whatstk where that is installed.

Run it with ``python benchmarks/whatsapp.py [LINES]``. The chat is made up, the same on every run. whatstk may live in another
environment: name its interpreter in the environment variable WHATSTK_PYTHON.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from detector.export import Export
from detector.formats import whatsapp_txt
from detector.ingest import read

WORDS = "the of and I you to call me now please why are not answering where were last night love sorry ok see tomorrow at home".split()
TIMING = """
import sys, time
from whatstk import WhatsAppChat
start = time.perf_counter()
rows = len(WhatsAppChat.from_source(sys.argv[1]).df)
print(rows, time.perf_counter() - start)
"""


def chat(lines: int) -> str:
    """Make up a chat of two: short messages, one in twenty of two lines, one in thirty a file."""
    chance, at, rows = random.Random(7), datetime(2020, 1, 1, 8, tzinfo=UTC), []
    for _ in range(lines):
        at += timedelta(minutes=chance.choice([0, 0, 1, 1, 2, 5, 30]))
        words = " ".join(chance.choices(WORDS, k=chance.randint(1, 20)))
        kind = chance.random()
        text = "<Media omitted>" if kind < 1 / 30 else words + "\nand more" if kind < 1 / 12 else words
        rows.append(f"{at:%d/%m/%Y, %H:%M} - {chance.choice(['Alex Doe', 'Sam Example'])}: {text}\n")
    return "".join(rows)


def ours(path: Path) -> tuple[int, float]:
    """Read to the table; the second of two runs, as the first loads the libraries."""
    for _ in range(2):
        start = time.perf_counter()
        table, _ = read([Export(path, path.name, path.stat().st_size)], formats=[whatsapp_txt.FORMAT])
        seconds = time.perf_counter() - start
    return table.num_rows, seconds


def theirs(path: Path) -> tuple[int, float] | None:
    """Read with whatstk, in its own interpreter."""
    python = os.environ.get("WHATSTK_PYTHON", sys.executable)
    run = subprocess.run([python, "-c", TIMING, str(path)], capture_output=True, text=True, check=False)
    rows, seconds = (run.stdout.split() or ["0", "0"])[:2]
    return (int(rows), float(seconds)) if run.returncode == 0 else None


def main() -> None:
    """Print rows, seconds and the ratio."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "WhatsApp Chat with Sam Example.txt"
        path.write_text(chat(lines), encoding="utf-8")
        rows, seconds = ours(path)
        print(f"detector: {rows} events in {seconds:.2f} s")
        if other := theirs(path):
            print(f"whatstk:  {other[0]} messages in {other[1]:.2f} s; detector is {other[1] / seconds:.1f} times as fast")
        else:
            print("whatstk is not installed")


if __name__ == "__main__":
    main()
