"""The demo city is built once for a run, on PostgreSQL; each group of journeys plays on a copy of it.

Building it takes minutes. While you write a journey, let it play on a copy of a city that is there already:
`QINGFENG_E2E_CITY=DIR`, the state folder of a `make run` (SQLite). The full run never sets it.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.e2e import small_city as founding
from tests.e2e import stage
from tests.e2e.visitor import DESKTOP, Visitor, window
from tests.plumbing import cluster as clusters

RUN = "QINGFENG_TEST_RUN"
_copies = itertools.count(1)
CITY = "QINGFENG_E2E_CITY"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the journeys together: one browser, and servers started once."""
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.postgres)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium, for as long as these tests last.

    Playwright keeps an event loop running in this thread, and Django refuses to query beside one; the tests
    query between Playwright's calls, never inside them.
    """
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}), sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo_city(request: pytest.FixtureRequest) -> tuple[str, Path]:
    """Build the demo city with its history, and return its database name and its state folder."""
    server: clusters.Cluster = request.getfixturevalue("postgres_cluster")
    run = Path(os.environ[RUN])
    name, state = "qf_demo", run / "demo"
    with clusters.locked(run / "demo.lock"):
        if not (run / "demo.done").exists():
            server.create(name)
            environment = stage.environment_of(server.url(name), state)
            stage.manage(environment, "found_demo", "--history", seconds=900)
            (run / "demo.done").touch()
    return name, state


@pytest.fixture(scope="package")
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[stage.Stage]:
    """Play on one copy of the demo city: for journeys that read, or change what no other journey reads."""
    state = tmp_path_factory.mktemp("city")
    with stage.playing(_copied(request, state), state) as played:
        yield played


def _copied(request: pytest.FixtureRequest, state: Path) -> str:
    """Copy the city, and return the copy's database URL."""
    if os.environ.get(CITY):
        shutil.copytree(os.environ[CITY], state, dirs_exist_ok=True)
        return f"sqlite:///{state / 'qingfeng.sqlite3'}"
    name, source = request.getfixturevalue("demo_city")
    server: clusters.Cluster = request.getfixturevalue("postgres_cluster")
    played = f"qf_played_{os.getpid()}_{next(_copies)}"
    server.create(played, template=name)
    shutil.copytree(source, state, dirs_exist_ok=True)
    return server.url(played)


@pytest.fixture(scope="package")
def small_city(
    request: pytest.FixtureRequest, make_database: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[stage.Stage]:
    """Play in a city of four units with nothing but its people in it, on a database of its own."""
    state = tmp_path_factory.mktemp("small")
    url = make_database("sqlite" if os.environ.get(CITY) else "postgres").url
    stage.manage(stage.environment_of(url, state), "shell", "-c", founding.FOUND)
    with stage.playing(url, state) as played:
        yield played


@pytest.fixture
def visit_with(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Give a maker of visitors for a stage, a window size, and scripts or none.

    The test fails on any fault of a page that was looked at.
    """
    made: list[Visitor] = []

    def make(played: stage.Stage, size: ViewportSize = DESKTOP, *, scripts: bool = True) -> Visitor:
        page = window(browser, size, scripts=scripts).new_page()
        page.set_default_timeout(60_000)  # a machine that is busy with other tests
        made.append(Visitor(page, played.url, has_scripts=scripts))
        return made[-1]

    yield make
    for each in made:
        each.page.context.close()
    faults = [fault for each in made for fault in each.faults]
    assert not faults, "\n".join(faults)
