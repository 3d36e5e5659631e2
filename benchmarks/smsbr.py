"""SMS Backup & Restore: time to the table against a bare byte repair and lxml pull over the same file, and peak memory.

    .venv/bin/python -m benchmarks.smsbr [MEGABYTES] [--media]

Each of the two runs in a process of its own, one after the other. The file is made from a fixed seed: texts with an emoji written as two
forbidden references in every eleventh, and with --media a picture of 5 MB in one of every 2,000 records.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from pathlib import Path
from random import Random

WORDS = (
    "the and you where are going to home now please call me back love later see it what no yes ok why not answer tomorrow".split()
)
PAIR = re.compile(rb"&#(?:55[3-9]\d\d|56[0-2]\d\d|563[01]\d);&#(?:563[2-9]\d|56[4-9]\d\d|57\d{3});")
OTHER = re.compile(rb"&#(?:5[5-7]\d{3}|[0-8]|1[124-9]|2\d|3[01]);")


def make(path: Path, megabytes: int, media: bool) -> None:
    rng, size, n, at = Random(1), 0, 0, 1_600_000_000_000
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"1\">\n")
        while size < megabytes * 1_000_000:
            n, at = n + 1, at + rng.randint(1000, 200_000)
            body = (
                " ".join(rng.choices(WORDS, k=rng.randint(2, 18)))
                + (" &#55357;&#56833;" if n % 11 == 0 else "")
                + (" &#55357;" if n % 997 == 0 else "")
            )
            row = (
                f'  <sms protocol="0" address="+447700900{rng.randint(0, 400):03d}" date="{at}" type="{rng.choice("12")}" subject="null" body="{body}" '
                f'toa="null" sc_toa="null" service_center="+447785016005" read="1" status="-1" locked="0" date_sent="{at - 1000}" sub_id="-1" '
                'readable_date="2 Dec 2017 06:49:27" contact_name="(Unknown)" />\n'
            )
            if media and n % 2000 == 0:
                picture = b64encode(rng.randbytes(5_000_000)).decode()
                row = f'<mms date="{at}" msg_box="1" address="+447700900101"><parts><part ct="image/png" name="a.png" data="{picture}" /></parts><addrs /></mms>\n'
            file.write(row)
            size += len(row)
        file.write("</smses>\n")


def bare(path: Path) -> int:
    from lxml import etree

    def joined(match: re.Match[bytes]) -> bytes:
        high, low = (int(x[2:]) for x in match.group().split(b";")[:2])
        return chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00).encode()

    parser = etree.XMLPullParser(events=("end",), huge_tree=True, resolve_entities=False, no_network=True)
    rows, held = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            chunk = held + chunk
            cut = chunk.rfind(b"&", len(chunk) - 16)
            chunk, held = (chunk[:cut], chunk[cut:]) if cut >= 0 else (chunk, b"")
            parser.feed(OTHER.sub("\ufffd".encode(), PAIR.sub(joined, chunk)))
            for _, element in parser.read_events():
                if element.tag in ("sms", "mms"):
                    rows += element.get("date") is not None
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
    return rows


def ours(path: Path) -> int:
    from detector.export import Options
    from detector.ingest import read
    from detector.inventory import find_exports

    table, sources = read(find_exports([path], Options()).exports)
    print(f"  table {table.nbytes / 1e6:.0f} MB", *sources[0].notes, sep="; ")
    return table.num_rows


def main() -> None:
    if sys.argv[1] in ("bare", "ours"):
        import detector.ingest
        import detector.inventory  # noqa: F401  what is imported once is not part of reading a file

        started = time.process_time()
        rows = {"bare": bare, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(
            f"{sys.argv[1]}: {rows:,} records, {time.process_time() - started:.1f} s of processor time, peak {peak:.0f} MB with the interpreter",
            flush=True,
        )
        print(time.process_time() - started)
        return
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sms.xml"
        make(path, numbers[0] if numbers else 300, "--media" in sys.argv)
        seconds = {}
        for name in ("bare", "ours", "bare", "ours"):
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.smsbr", name, str(path)], capture_output=True, text=True, check=True
            )
            *lines, taken = done.stdout.strip().splitlines()
            print(*lines, sep="\n")
            seconds[name] = min(seconds.get(name, 1e9), float(taken))
        print(f"ratio of the better runs: {seconds['ours'] / seconds['bare']:.2f}")


if __name__ == "__main__":
    sys.argv = sys.argv if len(sys.argv) > 1 else [*sys.argv, "300"]
    main()
