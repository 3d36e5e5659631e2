"""A million events: identity, cues and all patterns; time and peak memory, and how both grow.

    .venv/bin/python -m benchmarks.pipeline [EVENTS]

Made from a fixed seed: 2,000 contacts of very different size over three years, messages of 2 to 20 words, calls, a few withheld.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd
import pyarrow as pa

from detector import case as stages
from detector import settings
from detector.event import SCHEMA, to_frame
from detector.export import Options
from detector.patterns import PATTERNS

WORDS = np.array(
    "the and you where are going to home now please call me back love later see it what no yes ok why not answer tomorrow work".split()
)


def made(events: int) -> pa.Table:
    rng = np.random.default_rng(1)
    contacts = max(20, events // 500)
    handles = np.array([f"+4477009{i:05d}" for i in range(contacts)])
    who = handles[np.minimum((rng.pareto(0.8, events) * 2).astype(int), contacts - 1)]
    call = rng.random(events) < 0.1
    texts = [" ".join(WORDS[rng.integers(0, len(WORDS), k)]) for k in rng.integers(2, 20, events)]
    values = {
        "id": [f"0123456789ab:sms[{i}]" for i in range(events)], "source": np.full(events, "0" * 64), "locator": [f"sms[{i}]" for i in range(events)],
        "kind": np.where(call, "call", "message"), "channel": np.where(call, "phone", rng.choice(["sms", "whatsapp"], events)),
        "at": np.sort(rng.integers(1_600_000_000, 1_695_000_000, events)) * 1_000_000, "direction": rng.choice(["in", "out"], events, p=[0.55, 0.45]),
        "handle": np.where(call & (rng.random(events) < 0.01), "withheld", who), "group": np.zeros(events, bool),
        "text": [None if c else t for c, t in zip(call, texts, strict=True)], "seconds": np.where(call, rng.integers(0, 600, events), np.nan),
        "outcome": np.where(call, rng.choice(["answered", "missed"], events), None),
    }  # fmt: skip
    arrays = []
    for field in SCHEMA:
        given = values.get(field.name)
        arrays.append(
            pa.nulls(events, field.type)
            if given is None
            else pa.array(given, from_pandas=True).cast(pa.string() if pa.types.is_dictionary(field.type) else field.type)
        )
        if pa.types.is_dictionary(field.type) and given is not None:
            arrays[-1] = arrays[-1].dictionary_encode()
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    table = made(events)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    frame: pd.DataFrame = to_frame(table)
    started = time.perf_counter()
    case = stages.examine(frame, Options(timezone="Europe/London"), settings.defaults())
    taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{events:,} events, {len(case.contacts):,} contacts, {len(PATTERNS)} patterns, {len(case.findings):,} findings")
    print(f"{taken:.1f} s, peak {peak:.0f} MB ({before:.0f} MB before, with the table itself)")


if __name__ == "__main__":
    main()
