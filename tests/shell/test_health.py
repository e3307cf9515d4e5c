"""`/healthz`: 200 where database, worker and storage are well, 503 otherwise, and nothing else is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client

from qingfeng.core import clock
from qingfeng.core.jobs import reaper
from qingfeng.shell.views import health as view

WELL = {"database": "ok", "worker": "ok", "storage": "ok"}


@pytest.fixture
def beating(db) -> None:
    reaper.beat("here-1", clock.now(), clock.now())


def test_health_all_well_answers_200_without_a_session(beating) -> None:
    response = Client().get("/healthz")

    assert (response.status_code, response.json()) == (200, WELL)
    assert response.cookies == {}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("age", [None, 61])
@pytest.mark.django_db
def test_health_without_a_living_worker_answers_503(age: int | None) -> None:
    if age:
        reaper.beat("here-1", clock.now(), clock.now() - dt.timedelta(seconds=age))

    response = Client().get("/healthz")

    assert (response.status_code, response.json()) == (503, {**WELL, "worker": "down"})


def test_health_with_storage_that_cannot_be_written_answers_503(beating, settings, tmp_path) -> None:
    settings.QINGFENG_STORAGE = tmp_path / "file" / "below"
    (tmp_path / "file").write_text("no folder")

    response = Client().get("/healthz")

    assert (response.status_code, response.json()) == (503, {**WELL, "storage": "down"})


def test_health_with_a_full_disk_answers_503(beating, monkeypatch) -> None:
    monkeypatch.setattr(view, "LEAST_FREE", 2**62)

    assert Client().get("/healthz").json()["storage"] == "down"


def test_health_without_the_database_answers_503_and_no_detail(beating) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_workerbeat RENAME TO gone")

    response = Client().get("/healthz")

    assert (response.status_code, response.json()) == (
        503,
        {"database": "down", "worker": "down", "storage": "ok"},
    )
