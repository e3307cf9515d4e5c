"""Every page in a small and a large city: statements must not grow; the heaviest against a bare one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import report, walk
from bench.report import Measurement
from bench.walk import Page
from qingfeng.accounts.models import User

BARE = "accounts:me"
"""A signed-in page that reads nothing but the person."""


@dataclass(frozen=True)
class Visit:
    """What one page took: statements of a warm visit, the median time, and its answer."""

    page: Page
    statements: int
    seconds: float
    status: int


@dataclass
class Tour:
    """All pages of one city."""

    units: int
    visits: dict[str, Visit]
    missed: list[str]
    failed: dict[str, str]


def tour(
    people: Mapping[str, User], units: int, repetitions: int, spaces: Container[str] = walk.WALKED
) -> Tour:
    """Walk a city that is in the database, then visit every page found.

    Raises RuntimeError where there is none.
    """
    walked = walk.Walk(people, spaces)
    pages = walked.run()
    if not pages:
        raise RuntimeError("nobody could open any page")
    clients = {person: Client() for person in people}
    for person, client in clients.items():
        client.force_login(people[person])
    visits = {page.key: visit(clients[page.person], page, repetitions) for page in pages}
    return Tour(units, visits, walked.missed, walked.failed)


def visit(client: Client, page: Page, repetitions: int) -> Visit:
    """Open a page once to warm what is kept in the process, count, and take the time."""
    status = client.get(page.path).status_code
    statements = min(_statements(client, page) for _ in range(2))  # a renewed connection adds its greetings
    taken = []
    for _ in range(repetitions):
        start = time.perf_counter()
        client.get(page.path)
        taken.append(time.perf_counter() - start)
    return Visit(page, statements, statistics.median(taken), status)


def _statements(client: Client, page: Page) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(page.path)
    return len(captured)  # at once: the next request clears what was captured


def growing(small: Tour, large: Tour) -> dict[str, tuple[int, int]]:
    """Return the pages that need more statements in the larger city, with both counts."""
    return {
        key: (small.visits[key].statements, one.statements)
        for key, one in large.visits.items()
        if key in small.visits and one.statements > small.visits[key].statements
    }


def measurements(small: Tour, large: Tour) -> list[Measurement]:
    """Say what two tours of one platform mean."""
    grown = growing(small, large)
    both = [key for key in large.visits if key in small.visits]
    lost = sorted({*small.visits} ^ {*large.visits})
    failed = {**small.failed, **large.failed}
    counted = Measurement(
        f"pages.statements.{small.units}-{large.units}",
        len(both),
        "pages",
        errors=len(grown) + len(failed),
        lost=len(lost),
        target="none grows",
        met=not grown and not failed,
    )
    counted.detail = {
        "growing": grown,
        "failed": failed,
        "in_one_city_only": lost,
        "without_a_link": large.missed,
        "statements": {key: large.visits[key].statements for key in sorted(both)},
    }
    most = max((large.visits[key] for key in both), key=lambda one: one.statements)
    found = [counted, Measurement("pages.most_statements", most.statements, f"({most.page.key})")]
    return found + [each for one in (small, large) for each in _heaviest(one)]


def _heaviest(one: Tour) -> list[Measurement]:
    """Set the slowest page of a city against the bare page."""
    html = [each for each in one.visits.values() if each.page.is_html]
    slowest = sorted(html, key=lambda each: each.seconds, reverse=True)
    bare = one.visits[BARE] if BARE in one.visits else slowest[-1]
    name = f"pages.bare.{one.units}"
    heaviest = Measurement(
        f"pages.heaviest.{one.units}",
        slowest[0].seconds * 1000,
        "ms",
        ratio_to=name,
        ratio=slowest[0].seconds / bare.seconds,
    )
    heaviest.detail = {each.page.key: report.rounded(each.seconds * 1000) for each in slowest[:10]}
    bare_one = Measurement(name, bare.seconds * 1000, "ms", detail={"page": bare.page.key})
    return [bare_one, heaviest]


def run(
    server: Any, sizes: list[int], repetitions: int, fresh: Any, prepare: Callable[[int], Any]
) -> list[Measurement]:
    """Prepare a city of each size in a database of its own, and compare the first with the last."""
    tours = []
    for units in sizes:
        with fresh(server):
            start = time.perf_counter()
            place = prepare(units)
            report.say(f"pages: {units} units prepared in {time.perf_counter() - start:.0f} s")
            tours.append(tour(place.people, units, repetitions))
    return measurements(tours[0], tours[-1])
