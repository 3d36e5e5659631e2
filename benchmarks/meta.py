"""How long a big thread of Messenger takes to become a table, against bare ijson over the same file in the same run.

Usage: python benchmarks/meta.py [messages per file]. Two files: one below the size that is read at once, one above it.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ijson

from detector import ingest
from detector.export import Export
from detector.formats import meta_messages

WORDS = (
    "where are you tonight",
    "I was thinking",
    "of the film you said",
    "yes",
    "please answer",
    "when home",
    "café",
    "🙂",
    "naïve",
)
PEOPLE = ("Sam Example", "Zoë Muster")


def mojibake(text: str) -> str:
    """Write a text as Meta does."""
    return text.encode().decode("latin-1")


def thread(messages: int) -> bytes:
    """Make a thread, newest first: mostly text, some photos, reactions, calls and lines of the service."""
    chance = random.Random(20260101)
    made = []
    for number in range(messages):
        sender = chance.choice(PEOPLE)
        message = {"sender_name": mojibake(sender), "timestamp_ms": 1_700_000_000_000 - number * 61_000}
        kind = chance.random()
        if kind < 0.9:
            message["content"] = mojibake(" ".join(chance.choices(WORDS, k=chance.randint(1, 6))))
        elif kind < 0.95:
            message["photos"] = [{"uri": f"messages/inbox/sam_1/photos/{number}.jpg", "creation_timestamp": 1}]
        else:
            message |= {"content": "Sam missed your call.", "call_duration": 0}
        if chance.random() < 0.05:
            message["reactions"] = [{"reaction": mojibake("❤"), "actor": mojibake(PEOPLE[0])}]
        made.append(message | {"is_geoblocked_for_viewer": False, "is_unsent_image_by_messenger_kid_parent": False})
    people = [{"name": mojibake(name)} for name in PEOPLE]
    return json.dumps(
        {"participants": people, "messages": made, "title": PEOPLE[0], "thread_path": "inbox/sam_1"}, indent=2
    ).encode()


def seconds(task: Callable[[Path], int], path: Path) -> float:
    """Return the best of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        task(path)
        times.append(time.perf_counter() - start)
    return min(times)


def bare(path: Path) -> int:
    """Read the messages with ijson and do nothing with them."""
    with path.open("rb") as stream:
        return sum(1 for _ in ijson.items(stream, "messages.item"))


def table(path: Path) -> int:
    """Read the file as detector does."""
    export = Export(path, "facebook/messages/inbox/sam_1/message_1.json", path.stat().st_size)
    export.extract = [export]
    found, _ = ingest.read([export], formats=(meta_messages.FORMAT,))
    return int(found.num_rows)


def main() -> None:
    """Print sizes, times and the ratio."""
    chosen = [int(word) for word in sys.argv[1:]] or [30_000, 300_000]
    for messages in chosen:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "message_1.json")
            path.write_bytes(thread(messages))
            plain, full = seconds(bare, path), seconds(table, path)
            print(
                f"{messages} messages, {path.stat().st_size / 1e6:.1f} MB, {table(path)} events: "
                f"ijson {plain:.2f} s, table {full:.2f} s, ratio {full / plain:.2f}"
            )


if __name__ == "__main__":
    main()
