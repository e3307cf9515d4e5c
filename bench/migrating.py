"""Every migration on an empty SQLite database, as the first start does it: in a process of its own."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Measurement

LIMIT = 20.0
ROOT = Path(__file__).resolve().parents[1]


def run(repetitions: int) -> list[Measurement]:
    """Return how long it takes, the start of Python and Django included."""
    taken: list[float] = []
    used: list[float] = []
    failed = 0
    for _ in range(repetitions):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds, code = once()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(seconds)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        failed += code != 0
    value = statistics.median(taken)
    return [
        Measurement(
            "migrations.sqlite",
            value,
            "s",
            errors=failed,
            target=f"< {LIMIT:g} s",
            met=value < LIMIT and not failed,
            detail={"samples": {"seconds": taken, "processor": used}},
        )
    ]


def once() -> tuple[float, int]:
    """Migrate one empty database; return the seconds and the exit code."""
    with tempfile.TemporaryDirectory(prefix="qingfeng-bench-") as folder:
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0", "--no-input"],
            cwd=ROOT,
            env=kept | {"QINGFENG_STATE": folder},
            check=False,
        )
        return time.perf_counter() - start, done.returncode
