"""The demo city is built once for a run, on PostgreSQL; each group of journeys plays on a copy of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e import stage
from tests.e2e.visitor import DESKTOP, Visitor
from tests.plumbing import cluster as clusters
from tests.plumbing.databases import Database

RUN = "QINGFENG_TEST_RUN"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the journeys together: one browser, and servers started once."""
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("e2e"))
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": "/usr/bin/chromium", "args": list(FLAGS)}


@pytest.fixture(scope="session")
def demo_city(postgres_cluster: clusters.Cluster) -> tuple[str, Path]:
    """Build the demo city with its history, and return its database name and its state folder."""
    run = Path(os.environ[RUN])
    name, state = "qf_demo", run / "demo"
    with clusters.locked(run / "demo.lock"):
        if not (run / "demo.done").exists():
            postgres_cluster.create(name)
            database = Database("postgresql", postgres_cluster.url(name))
            stage.manage(stage.environment_of(database, state), "found_demo", "--history", seconds=900)
            (run / "demo.done").touch()
    return name, state


@pytest.fixture(scope="session")
def city(
    postgres_cluster: clusters.Cluster, demo_city: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[stage.Stage]:
    """Play on one copy of the demo city: for journeys that read, or change what no other journey reads."""
    name, source = demo_city
    postgres_cluster.create("qf_demo_played", template=name)
    state = tmp_path_factory.mktemp("city")
    shutil.copytree(source, state, dirs_exist_ok=True)
    with stage.playing(Database("postgresql", postgres_cluster.url("qf_demo_played")), state) as played:
        yield played


@pytest.fixture
def visitor(browser: Browser, city: stage.Stage) -> Iterator[Visitor]:
    """Give a person at a desktop browser; the test fails on any fault of a page that was visited."""
    yield from _visiting(browser, city, DESKTOP)


@pytest.fixture
def visit_with(browser: Browser) -> Iterator[Callable[[stage.Stage, Any], Visitor]]:
    """Give a maker of visitors for a stage and a window size."""
    made: list[Visitor] = []

    def make(played: stage.Stage, size: Any) -> Visitor:
        context = browser.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce")
        made.append(Visitor(context.new_page(), played.url))
        return made[-1]

    yield make
    for each in made:
        each.page.context.close()
    assert [fault for each in made for fault in each.faults] == []


def _visiting(browser: Browser, played: stage.Stage, size: Any) -> Iterator[Visitor]:
    context = browser.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce")
    person = Visitor(context.new_page(), played.url)
    yield person
    context.close()
    assert person.faults == []
