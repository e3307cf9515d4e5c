"""The bench's command line."""

from __future__ import annotations

import argparse
import os

from bench import balloting, ballots, crowd, migrating, mixing, pages, report, scoring, server
from bench.report import Measurement
from tests.plumbing import programs

PARTS = ("scoring", "balloting", "ballots", "mixing", "pages", "migrations")


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the platform.")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure only this part")
    parser.add_argument("--units", type=int, action="append", help="sizes instead of the usual ones")
    parser.add_argument("--quick", action="store_true", help="one repetition: for development")
    return parser.parse_args(arguments)


def run(arguments: list[str]) -> int:
    """Measure what was asked; return 1 where a target was missed or a page grows, 2 without PostgreSQL."""
    chosen = options(arguments)
    reason = programs.missing("postgres")
    if reason:
        report.say(f"The bench {reason}")
        return 2
    facts = report.machine()
    found = measured(chosen)
    facts["load_after"] = [round(value, 2) for value in os.getloadavg()]
    report.write(found, facts)
    print(report.table(found))
    print(
        f"\n{facts['cores']} × {facts['cpu']}, load {facts['load'][0]} before, {facts['load_after'][0]} after"
    )
    return verdict(found)


def verdict(found: list[Measurement]) -> int:
    """Return 1 where a target was missed or something went wrong, else 0."""
    return int(any(each.met is False or each.errors for each in found))


def measured(chosen: argparse.Namespace) -> list[Measurement]:
    """Measure the parts that were asked for, each size in a database of its own."""
    wanted = chosen.only or list(PARTS)
    found: list[Measurement] = []
    if "migrations" in wanted:
        found += migrating.run(1 if chosen.quick else 3)
    if set(wanted) <= {"migrations"}:
        return found
    with server.running() as running:
        if "scoring" in wanted:
            sizes = chosen.units or [20_000, 2_000, 200]
            found += scoring.run(running, sizes, 1 if chosen.quick else 5, server.fresh)
        if "balloting" in wanted:
            quick = chosen.quick
            found += balloting.run(
                running, [(2_000, 50) if quick else (20_000, 50), (200, 60)], 1 if quick else 5, server.fresh
            )
        if "mixing" in wanted:
            found += mixing.run(running, 10_000 if chosen.quick else 100_000, server.fresh)
        if "ballots" in wanted:
            found += ballots.run(running, 600 if chosen.quick else 6000, server.fresh)
        if "pages" in wanted:
            sizes = chosen.units or [100, 2_000]
            found += pages.run(running, sizes, 1 if chosen.quick else 3, server.fresh, crowd.prepare)
    return found
