"""The jobs of the audit book: sealing ends although the book goes on, and says what it did."""

from __future__ import annotations

import datetime as dt

import pytest

from qingfeng.audit import actions, gateways, tasks
from qingfeng.audit.chain import Head
from qingfeng.audit.models import Seal
from qingfeng.core import clock, jobs
from qingfeng.core.actors import SYSTEM
from qingfeng.core.jobs import worker
from qingfeng.core.models import JobStatus

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(tmp_path, settings):
    settings.AUDIT_KEY_FILE = tmp_path / "audit.key"
    settings.AUDIT_HEAD_DIR = tmp_path / "heads"


def write(count: int) -> None:
    for number in range(count):
        actions.record(action=f"act.{number}", by=SYSTEM, at=NOON)


def run(slug: str):
    job = jobs.enqueue(slug, title="试", is_routine=True)
    worker.drain()
    job.refresh_from_db()
    return job


def test_seal_takes_batch_after_batch_and_exports_the_head_after_each(monkeypatch) -> None:
    monkeypatch.setattr(tasks, "BATCH", 3)
    write(7)

    job = run(tasks.SEAL)

    assert (job.status, job.result) == (JobStatus.DONE, "封存 7 条")
    assert [head.sequence for head in gateways.read_heads()] == [3, 6, 7]


def test_seal_ends_although_the_book_is_written_all_the_while(monkeypatch) -> None:
    write(2)
    sealing = actions.seal

    def seal_in_a_busy_hour(*, at, limit):
        made = sealing(at=at, limit=limit)
        write(1)
        return made

    monkeypatch.setattr(actions, "seal", seal_in_a_busy_hour)

    assert run(tasks.SEAL).result == "封存 2 条"


def test_seal_without_the_key_of_a_sealed_book_fails_with_the_sentence(settings) -> None:
    write(1)
    actions.seal(at=NOON)
    settings.AUDIT_KEY_FILE.unlink()
    write(1)

    job = run(tasks.SEAL)

    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    assert "审计密钥文件不存在" in job.error
    assert Seal.objects.count() == 1


def test_verify_leaves_its_verdict_and_is_no_failure_where_the_book_is_broken() -> None:
    write(3)
    run(tasks.SEAL)
    sound = run(tasks.VERIFY)
    gateways.export_head(Head(9, "ab" * 32, clock.now().isoformat(), 1))

    broken = run(tasks.VERIFY)

    assert (sound.status, sound.data) == (JobStatus.DONE, {"is_sound": True, "upto": 3})
    assert (broken.status, broken.data) == (JobStatus.DONE, {"is_sound": False, "upto": 3})
    assert "截断" in broken.result
