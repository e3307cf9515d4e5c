"""The trial run from the command line: three files or none, and no database."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from django.core.management import call_command
from django.db import connection

from qingfeng.core.errors import FaultyWorkbook
from qingfeng.evaluation.workbook import reading, results
from tests.evaluation.workbook import books
from tests.evaluation.workbook.books import change

FILES = ["bulletin.docx", "results.json", "results.xlsx"]
ROOT = Path(__file__).resolve().parents[3]


def listed(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_score_trial_writes_three_files_without_a_database(tmp_path):
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()  # the guard that this test stands on

    call_command("workbook_template", tmp_path / "book.xlsx", filled=True, stdout=io.StringIO())
    call_command("trial_score", tmp_path / "book.xlsx", out=tmp_path / "out", stdout=io.StringIO())

    assert listed(tmp_path / "out") == FILES
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "out" / "bulletin.docx")).paragraphs)
    assert "云纪通〔2027〕1号" in text
    assert "四、突出问题" in text


def test_score_trial_runs_where_no_database_can_be_reached(tmp_path):
    book = tmp_path / "book.xlsx"
    book.write_bytes(books.book(books.example_rows()))
    environment = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}

    done = subprocess.run(
        [sys.executable, "manage.py", "trial_score", str(book), "--out", str(tmp_path / "out")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert listed(tmp_path / "out") == FILES


def test_score_trial_with_faults_exits_2_lists_them_and_writes_nothing(tmp_path):
    book, told = tmp_path / "book.xlsx", io.StringIO()
    book.write_bytes(books.changed(change("部门评审", "score", 3.1))[0])

    with pytest.raises(SystemExit) as ended:
        call_command("trial_score", book, out=tmp_path / "deep" / "out", stderr=told)

    assert ended.value.code == 2
    assert "《部门评审》第 2 行“E 得分”：得分应在 0 至 3 之间（现为“3.1”）" in told.getvalue()
    assert listed(tmp_path) == ["book.xlsx"]


@pytest.mark.parametrize("content", [None, b"no workbook"])
def test_score_trial_of_no_workbook_exits_2(tmp_path, content):
    book = tmp_path / "book.xlsx"
    if content is not None:
        book.write_bytes(content)

    with pytest.raises(SystemExit) as ended:
        call_command("trial_score", book, out=tmp_path / "out", stderr=io.StringIO())

    assert ended.value.code == 2
    assert not (tmp_path / "out").exists()


def test_score_trial_that_breaks_off_leaves_nothing(tmp_path, monkeypatch):
    book = tmp_path / "book.xlsx"
    book.write_bytes(books.book(books.example_rows()))
    monkeypatch.setattr(results, "MOST_ROWS", 0)  # an impossible sheet: the writing breaks off half-way

    with pytest.raises(ValueError, match="arg 3"):
        call_command("trial_score", book, out=tmp_path / "out", stdout=io.StringIO())

    assert listed(tmp_path) == ["book.xlsx"]


def test_write_template_can_be_filled_in_and_names_what_is_missing(tmp_path):
    call_command("workbook_template", tmp_path / "book.xlsx", stdout=io.StringIO())

    with pytest.raises(FaultyWorkbook) as refused:
        reading.read(tmp_path / "book.xlsx")

    assert {fault.sheet for fault in refused.value.faults} == {"参数", "来源报送"}
