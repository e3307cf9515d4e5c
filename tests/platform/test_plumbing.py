"""The plumbing under every other test: databases of one's own, sockets, missing programs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading

import pytest
import pytest_socket
from django.db import connection, transaction

from config.environment import ROOT
from qingfeng.core.models import Setting
from tests.plumbing import databases, programs


def names() -> list[str]:
    return sorted(Setting.objects.values_list("key", flat=True))


def run_pytest(tmp_path, body: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a file of its own below this conftest."""
    path = ROOT / "tests" / f"test_planted_{os.getpid()}_{tmp_path.name}.py"
    path.write_text(body, encoding="utf-8")
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", str(path)],
            capture_output=True, text=True, check=False, cwd=ROOT,
            env={**os.environ, "REQUIRE_ALL": "0", **environment},
        )  # fmt: skip
    finally:
        path.unlink()


@pytest.mark.parametrize("turn", [1, 2])
def test_own_database_starts_empty_each_time(each_db, turn: int) -> None:
    assert names() == []

    Setting.objects.create(key="kept", value=turn)

    assert names() == ["kept"]
    assert connection.vendor == each_db.vendor


def test_own_database_is_seen_by_threads_and_processes(each_db) -> None:
    def write() -> None:
        with transaction.atomic():
            Setting.objects.create(key="thread", value=1)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    code = """import django; django.setup()
from qingfeng.core.models import Setting
Setting.objects.create(key="process", value=1)"""
    subprocess.run([sys.executable, "-c", code], check=True, env=each_db.environment)

    assert names() == ["process", "thread"]


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_plain_database_test_is_rolled_back(turn: int) -> None:
    assert names() == []

    Setting.objects.create(key="rolled_back", value=turn)

    wanted = "postgresql" if os.environ.get("QINGFENG_TEST_DB") == "postgres" else "sqlite"
    assert connection.vendor == wanted


def test_socket_is_refused_in_an_unmarked_test() -> None:
    with pytest.warns(UserWarning, match="A test tried"), pytest.raises(pytest_socket.SocketBlockedError):
        socket.socket()


@pytest.mark.server
def test_socket_reaches_this_machine_and_no_other_in_a_marked_test() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

    with (
        socket.socket() as client,
        pytest.warns(UserWarning, match="A test tried"),
        pytest.raises(pytest_socket.SocketConnectBlockedError),
    ):
        client.connect(("192.0.2.1", 80))


def test_missing_program_names_the_line_that_installs_it(monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")

    assert programs.missing("office") == (
        "needs LibreOffice; install it with: apt-get install -y libreoffice-writer-nogui fonts-noto-cjk"
    )


def test_skip_is_a_failure_where_all_is_required(tmp_path) -> None:
    body = "import pytest\n\ndef test_it():\n    pytest.skip('no reason')\n"

    assert run_pytest(tmp_path, body).returncode == 0
    assert run_pytest(tmp_path, body, REQUIRE_ALL="1").returncode == 1


def test_flushing_test_is_refused(tmp_path) -> None:
    body = "import pytest\n\n@pytest.mark.django_db(transaction=True)\ndef test_it():\n    pass\n"

    outcome = run_pytest(tmp_path, body)

    assert outcome.returncode == 1
    assert "refuse a flush" in outcome.stdout


def test_fingerprint_is_stable() -> None:
    assert databases.fingerprint() == databases.fingerprint()
