"""What every test gets. Read this before writing one that touches the database.

* Plain database tests (`@pytest.mark.django_db`, or the `db` fixture) are rolled back after each test. They
  run on a copy of a migrated SQLite file; with `QINGFENG_TEST_DB=postgres`, of a migrated PostgreSQL one.
  Append-only tables refuse a flush: `transaction=True`, `transactional_db`, `live_server` fail.
* Tests of locks, conflicts, threads and processes take a database of their own, really committed, no `db`:
  `sqlite_file_db`, `postgres_db`, or `each_db` (the test runs once on each). The fixture points Django's
  default connection at the copy, in threads too; give `.environment` to a process that you start. A group of
  tests that shares one: `with databases.switched_to(make_database("postgres")): yield` in a module fixture.
* Connect to nothing but 127.0.0.1, and only in tests marked `server`, `browser`, `office` or `postgres`.
* Missing programs: mark with `postgres`, `browser`, `office` or `node`; the skip names the line that installs
  the program, and `REQUIRE_ALL=1` makes every skip a failure.
* The audit key, the heads, and stored files go to a temporary folder.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.test import override_settings

from qingfeng.core import preferences
from tests.plumbing import cluster as clusters
from tests.plumbing import databases, programs, scheduling

PROGRAMS = tuple(programs.INSTALL)
LOCAL = ("server", "browser", "office", "postgres")
ON_POSTGRES = os.environ.get("QINGFENG_TEST_DB") == "postgres"
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
RUN = "QINGFENG_TEST_RUN"
_numbers = itertools.count(1)

hypothesis.settings.register_profile(
    "house", deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = tempfile.mkdtemp(prefix="qingfeng-run-")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    return scheduling.make(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's PostgreSQL and remove what it kept (the controller, once)."""
    if hasattr(config, "workerinput") or RUN not in os.environ:
        return
    run = Path(os.environ.pop(RUN))
    server = clusters.load(run / "cluster.json")
    if server is not None:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)
    shutil.rmtree(run, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if {"postgres_db", "postgres_cluster"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("postgres")
        if any(item.get_closest_marker(name) for name in LOCAL):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    refuse_flush(item)
    for name in PROGRAMS:
        reason = programs.missing(name) if item.get_closest_marker(name) else ""
        if reason:
            pytest.skip(reason)
    if ON_POSTGRES and item.get_closest_marker("django_db") and programs.missing("postgres"):
        pytest.skip(programs.missing("postgres"))


def refuse_flush(item: pytest.Item) -> None:
    """Fail a test that would flush append-only tables, or mixes rollback with a database of its own."""
    marker = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    flushing = {"transactional_db", "live_server", "django_db_reset_sequences"} & names
    if flushing or (marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))):
        pytest.fail("append-only tables refuse a flush: use sqlite_file_db, postgres_db or each_db")
    if (marker or "db" in names) and {"sqlite_file_db", "postgres_db", "each_db"} & names:
        pytest.fail("a test has either rollback (db) or a database of its own, not both")


def _skip_is_failure(report: Any) -> None:
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, and this was skipped: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    _skip_is_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    _skip_is_failure(report)
    return report


@pytest.fixture(scope="session", autouse=True)
def house_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep keys, heads and stored files of the tests out of the working tree."""
    folder = tmp_path_factory.mktemp("house")
    storages = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder / "files")},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(
        STATE_DIR=folder,
        AUDIT_KEY_FILE=folder / "audit.key",
        AUDIT_HEAD_DIR=folder / "audit-heads",
        QINGFENG_STORAGE=folder / "files",
        STORAGES=storages,
    ):
        yield folder


@pytest.fixture(autouse=True)
def passwords_suffice(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every role sign in by password alone, but in tests marked `factor_asked`: those see the default."""
    if request.node.get_closest_marker("factor_asked") is None:
        declared = preferences.REGISTRY["factor_roles"]
        monkeypatch.setitem(preferences.REGISTRY, "factor_roles", dataclasses.replace(declared, default=[]))


@pytest.fixture(scope="session")
def postgres_cluster(request: pytest.FixtureRequest) -> clusters.Cluster:
    """Return the run's PostgreSQL: `.create(name, template=…)`, `.drop(name)`, `.url(name)`."""
    controller = os.getppid() if hasattr(request.config, "workerinput") else os.getpid()
    blocker = request.getfixturevalue("django_db_blocker")
    with blocker.unblock():
        return databases.shared_cluster(Path(os.environ[RUN]), controller)


@pytest.fixture(scope="session")
def make_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Callable[[str], databases.Database]]:
    """Return a maker of fresh migrated databases: `make_database("sqlite")`, `make_database("postgres")`."""
    dropped: list[Callable[[], None]] = []

    def make(vendor: str) -> databases.Database:
        number = next(_numbers)
        if vendor == "sqlite":
            with django_db_blocker.unblock():
                return databases.sqlite_copy(tmp_path_factory.mktemp("sqlite") / f"copy-{number}.sqlite3")
        if programs.missing("postgres"):
            pytest.skip(programs.missing("postgres"))
        server: clusters.Cluster = request.getfixturevalue("postgres_cluster")
        name = f"qf_{os.getpid()}_{number}"
        server.create(name)
        dropped.append(lambda: server.drop(name))
        return databases.Database("postgresql", server.url(name))

    yield make
    for drop in dropped:
        drop()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, make_database: Callable[[str], databases.Database]
) -> Iterator[None]:
    """Point the rolled-back tests at a migrated copy instead of migrating a database of their own."""
    database = make_database("postgres" if ON_POSTGRES else "sqlite")
    with databases.switched_to(database):
        yield


def _own(
    vendor: str, make: Callable[[str], databases.Database], blocker: Any
) -> Iterator[databases.Database]:
    database = make(vendor)
    with blocker.unblock(), databases.switched_to(database):
        yield database
        connection.close()


@pytest.fixture
def sqlite_file_db(make_database: Any, django_db_blocker: Any) -> Iterator[databases.Database]:
    """Give the test a migrated SQLite file of its own, really committed."""
    yield from _own("sqlite", make_database, django_db_blocker)


@pytest.fixture
def postgres_db(make_database: Any, django_db_blocker: Any) -> Iterator[databases.Database]:
    """Give the test a migrated PostgreSQL database of its own, really committed."""
    yield from _own("postgres", make_database, django_db_blocker)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def each_db(
    request: pytest.FixtureRequest, make_database: Any, django_db_blocker: Any
) -> Iterator[databases.Database]:
    """Run the test twice: on a SQLite file and on a PostgreSQL database of its own."""
    yield from _own(request.param, make_database, django_db_blocker)
