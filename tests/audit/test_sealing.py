"""Sealing, the exported head, and the verification of what is stored: page, command and job share it."""

from __future__ import annotations

import datetime as dt
import io
import threading

import pytest
from django.core.management import call_command
from django.db import connection

from qingfeng.audit import actions, gateways, presenters
from qingfeng.audit.append_only import operations
from qingfeng.audit.chain import Break, Head
from qingfeng.audit.models import Entry, Seal
from qingfeng.core.actors import SYSTEM
from qingfeng.core.references import Reference

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(minutes=1)
NEXT_DAY = NOON + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def keys(tmp_path, settings):
    settings.AUDIT_KEY_FILE = tmp_path / "audit.key"
    settings.AUDIT_HEAD_DIR = tmp_path / "heads"


def write(count: int, at: dt.datetime = NOON) -> list[Entry]:
    return [
        actions.record(action=f"act.{n}", by=SYSTEM, at=at, detail={"甲": n, "b": [1.5, None]})
        for n in range(count)
    ]


def seal_all(at: dt.datetime = LATER) -> int:
    made = actions.seal(at=at)
    actions.export_head(at=at)
    return made


def tamper(sql: str, *params: int | str, table: str = "audit_entry") -> None:
    """Change a row as somebody with the owner's rights could: triggers off, then on again."""
    module = operations.DIALECTS[connection.vendor]
    with connection.cursor() as cursor:
        for statement in module.release(table):
            cursor.execute(statement)
        cursor.execute(sql, params)
        for statement in operations.statements(connection, table):
            cursor.execute(statement)


@pytest.mark.django_db
def test_seal_gives_sequences_without_a_gap_and_once() -> None:
    entries = write(3)

    assert seal_all() == 3
    assert seal_all() == 0

    assert list(Seal.objects.order_by("sequence").values_list("sequence", "entry_id")) == [
        (number, entry.pk) for number, entry in enumerate(entries, start=1)
    ]


@pytest.mark.django_db
def test_seal_takes_what_committed_late_below_a_sealed_id() -> None:
    late = write(3)[1]
    tamper("DELETE FROM audit_entry WHERE id = %s", late.pk)
    seal_all()
    late.save(force_insert=True)

    assert seal_all(LATER + dt.timedelta(minutes=1)) == 1
    assert actions.verify(at=NEXT_DAY).is_sound


@pytest.mark.django_db
def test_head_is_exported_outside_the_database_after_each_sealing() -> None:
    write(2)
    seal_all()
    write(1, LATER)
    seal_all(NEXT_DAY)

    heads = gateways.read_heads()

    assert [(head.sequence, head.count) for head in heads] == [(2, 2), (3, 1)]
    assert heads[-1].digest == Seal.objects.get(sequence=3).digest
    assert actions.export_head(at=NEXT_DAY) is None


@pytest.mark.django_db
def test_verify_sound_book_says_so_and_counts_what_waits() -> None:
    write(4)
    seal_all()
    write(2, LATER)

    verdict = actions.verify(at=NEXT_DAY)

    assert (verdict.links, verdict.waiting, verdict.is_sound) == (4, 2, True)
    assert presenters.verdict_sentence(verdict) == "校验通过：4 条记录完整、次序未变。另有 2 条等待封存。"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "broken", "sequence"),
    [
        ("UPDATE audit_entry SET actor_name = '某人' WHERE action = 'act.2'", Break.ALTERED, 3),
        ("DELETE FROM audit_entry WHERE action = 'act.1'", Break.REMOVED, 2),
    ],
)
def test_verify_locates_the_first_changed_entry(sql: str, broken: Break, sequence: int) -> None:
    entries = write(5)
    seal_all()
    tamper(sql)

    verdict = actions.verify(at=NEXT_DAY)

    assert (verdict.broken, verdict.sequence) == (broken, sequence)
    assert verdict.entry_id == entries[sequence - 1].pk
    assert "校验不通过" in presenters.verdict_sentence(verdict)


@pytest.mark.django_db
def test_verify_finds_an_entry_inserted_among_old_ones() -> None:
    entries = write(3)
    tamper("DELETE FROM audit_entry WHERE id = %s", entries[1].pk)
    seal_all()
    entries[1].save(force_insert=True)

    assert actions.seal(at=NEXT_DAY) == 0
    verdict = actions.verify(at=NEXT_DAY)

    assert (verdict.broken, verdict.entry_id) == (Break.INSERTED, entries[1].pk)


@pytest.mark.django_db
def test_verify_finds_the_tail_cut_from_both_tables() -> None:
    write(4)
    seal_all()
    tamper("DELETE FROM audit_entry WHERE action IN ('act.2', 'act.3')")
    tamper("DELETE FROM audit_seal WHERE sequence > 2", table="audit_seal")

    verdict = actions.verify(at=NEXT_DAY)

    assert (verdict.broken, verdict.links, verdict.sequence) == (Break.TRUNCATED, 2, 3)


@pytest.mark.django_db
def test_verify_finds_two_seals_exchanged() -> None:
    write(4)
    seal_all()
    swap = (
        "UPDATE audit_seal SET sequence = CASE sequence WHEN 2 THEN -3 ELSE -2 END WHERE sequence IN (2, 3)"
    )
    tamper(swap, table="audit_seal")
    tamper("UPDATE audit_seal SET sequence = -sequence WHERE sequence < 0", table="audit_seal")

    verdict = actions.verify(at=NEXT_DAY)

    assert (verdict.broken, verdict.sequence) == (Break.REORDERED, 2)


@pytest.mark.django_db
def test_seal_without_the_key_of_a_sealed_book_is_refused(settings) -> None:
    write(1)
    seal_all()
    settings.AUDIT_KEY_FILE.unlink()
    write(1)

    with pytest.raises(gateways.KeyMissing, match="备份"):
        actions.seal(at=LATER)

    assert not settings.AUDIT_KEY_FILE.exists()


@pytest.mark.django_db
def test_key_is_readable_by_its_owner_alone(settings) -> None:
    write(1)
    seal_all()

    assert settings.AUDIT_KEY_FILE.stat().st_mode & 0o777 == 0o600


def test_head_file_with_a_cut_line_is_read_past_it(settings) -> None:
    head = Head(1, "ab" * 32, "2026-03-02T12:00:00+00:00", 1)
    gateways.export_head(head)
    path = settings.AUDIT_HEAD_DIR / "heads-2026-03.jsonl"
    path.write_text(path.read_text() + '\n{"count": 1, "dig', encoding="ascii")
    second = Head(2, "cd" * 32, "2026-03-03T12:00:00+00:00", 1)

    gateways.export_head(second)

    assert gateways.read_heads() == [head, second]
    assert gateways.last_head() == second


@pytest.mark.django_db
def test_command_exits_by_the_outcome() -> None:
    write(2)
    seal_all()
    out = io.StringIO()

    call_command("audit_verify", stdout=out)
    tamper("UPDATE audit_entry SET address = '10.0.0.9' WHERE action = 'act.0'")
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", stdout=out)

    assert ended.value.code == 1
    assert "校验通过" in out.getvalue()
    assert "封存序号 1" in out.getvalue()


def test_two_sealings_at_once_give_each_entry_one_sequence(each_db) -> None:
    write(1)
    actions.seal(at=LATER)
    write(300)
    errors: list[Exception] = []

    def work() -> None:
        try:
            while actions.seal(at=LATER, limit=40):
                pass
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert Seal.objects.count() == 301
    assert actions.verify(at=NEXT_DAY).is_sound


@pytest.mark.django_db
def test_export_and_opening_are_written_with_what_left_and_why() -> None:
    actions.record_export(what="unit", rows=12, by=SYSTEM, at=NOON)
    actions.record_opening(subject=Reference("portrait", 3), by=SYSTEM, at=NOON, purpose="季度分析")

    export, opening = Entry.objects.order_by("pk")

    assert (export.action, export.detail) == ("export.unit", {"rows": 12})
    assert (opening.action, opening.subject_id, opening.detail) == ("open", 3, {"purpose": "季度分析"})
