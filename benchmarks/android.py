"""How much processor time it takes until Android's message database is a table, against a bare sqlite3 cursor over the same rows.

Usage: python benchmarks/android.py [texts]. Also prints the memory that the reading of records adds.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from detector import ingest
from detector.export import Export
from detector.formats import android_sms

SCHEMA = """
CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, person INTEGER, date INTEGER,
    date_sent INTEGER DEFAULT 0, protocol INTEGER, read INTEGER DEFAULT 0, status INTEGER DEFAULT -1, type INTEGER,
    reply_path_present INTEGER, subject TEXT, body TEXT, service_center TEXT, locked INTEGER DEFAULT 0,
    sub_id INTEGER DEFAULT -1, error_code INTEGER DEFAULT 0, creator TEXT, seen INTEGER DEFAULT 0);
CREATE TABLE pdu (_id INTEGER PRIMARY KEY, thread_id INTEGER, date INTEGER, date_sent INTEGER, msg_box INTEGER, sub TEXT,
    m_type INTEGER);
CREATE TABLE part (_id INTEGER PRIMARY KEY, mid INTEGER, seq INTEGER, ct TEXT, name TEXT, text TEXT);
CREATE TABLE addr (_id INTEGER PRIMARY KEY, msg_id INTEGER, address TEXT, type INTEGER);
CREATE TABLE canonical_addresses (_id INTEGER PRIMARY KEY, address TEXT);
CREATE TABLE threads (_id INTEGER PRIMARY KEY, recipient_ids TEXT, archived INTEGER);
"""
PEOPLE = 60
WORDS = ("where are you tonight", "I was thinking of the film", "yes", "please answer me", "café 🙂", "ok")


def database(path: Path, texts: int) -> None:
    """Write a made-up database: texts, and one MMS for every twenty of them."""
    chance = random.Random(20260101)
    connection = sqlite3.connect(path)
    connection.executescript(SCHEMA)
    for person in range(PEOPLE):
        connection.execute("INSERT INTO canonical_addresses VALUES (?, ?)", (person, f"+447700900{person:03}"))
        connection.execute("INSERT INTO threads VALUES (?, ?, 0)", (person, str(person)))
    insert = "INSERT INTO sms (thread_id, address, date, date_sent, read, type, body) VALUES (?, ?, ?, ?, 1, ?, ?)"
    connection.executemany(insert, (text(chance, number) for number in range(texts)))
    for number in range(texts // 20):
        person = chance.randrange(PEOPLE)
        connection.execute("INSERT INTO pdu VALUES (?, ?, ?, 0, 1, NULL, 132)", (number, person, 1_700_000_000 + number * 900))
        connection.execute("INSERT INTO part VALUES (NULL, ?, 0, 'text/plain', NULL, ?)", (number, chance.choice(WORDS)))
        connection.execute("INSERT INTO part VALUES (NULL, ?, 1, 'image/jpeg', 'a.jpg', NULL)", (number,))
        connection.execute("INSERT INTO addr VALUES (NULL, ?, ?, 137)", (number, f"+447700900{person:03}"))
        connection.execute("INSERT INTO addr VALUES (NULL, ?, '+447700900199', 151)", (number,))
    connection.commit()
    connection.close()


def text(chance: random.Random, number: int) -> tuple[object, ...]:
    """Make the columns of one text."""
    person, time_ms, received = chance.randrange(PEOPLE), 1_700_000_000_000 + number * 45_017, chance.random() < 0.5
    words = " ".join(chance.choices(WORDS, k=3))
    return person, f"+447700900{person:03}", time_ms, time_ms - 1400 if received else 0, 1 if received else 2, words


def seconds(task: Callable[[Path], int], path: Path) -> float:
    """Return the processor time of the best of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        task(path)
        times.append(time.process_time() - start)
    return min(times)


def bare(path: Path) -> int:
    """Read all rows and do nothing with them."""
    connection = sqlite3.connect(path)
    count = sum(1 for table in ("sms", "pdu", "part", "addr") for _ in connection.execute(f"SELECT * FROM {table}"))
    connection.close()
    return count


def records(path: Path) -> int:
    """Read the records one by one and drop them."""
    return sum(1 for _ in android_sms.records(Export(path, path.name, path.stat().st_size)))


def table(path: Path) -> int:
    """Read the database into the table of events."""
    found, _ = ingest.read([Export(path, path.name, path.stat().st_size)], formats=[android_sms.FORMAT])
    return int(found.num_rows)


def main(texts: int) -> None:
    """Print the times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mmssms.db")
        database(path, texts)
        print(f"{texts:,} texts, {texts // 20:,} MMS, {path.stat().st_size / 1e6:.0f} MB")
        least = seconds(bare, path)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"bare cursor   {least:6.2f} s")
        print(f"records       {(taken := seconds(records, path)):6.2f} s  {taken / least:4.1f} x")
        print(f"   adds {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MB to the most memory used")
        print(f"table         {(taken := seconds(table, path)):6.2f} s  {taken / least:4.1f} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
