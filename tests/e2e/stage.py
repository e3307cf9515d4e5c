"""The platform as a user meets it: web server and worker as processes, on a database of their own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.guards.source import ROOT

_socket = socket.socket  # the real one: pytest-socket replaces it during a test
START_SECONDS = 60


@dataclass(frozen=True)
class Stage:
    """A running platform: its address, and the environment its processes have."""

    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str, seconds: int = 600) -> str:
        """Run a management command on the stage's database and return what it printed."""
        return manage(self.environment, *arguments, seconds=seconds)


def environment_of(database_url: str, state: Path) -> dict[str, str]:
    """Return the environment of the processes that work on a database, with a state folder of their own."""
    state.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "QINGFENG_STATE": str(state),
        "QINGFENG_PLAIN_STATIC": "1",
        "QINGFENG_DEMO": "1",
    }


def manage(environment: dict[str, str], *arguments: str, seconds: int = 600) -> str:
    made = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert made.returncode == 0, made.stderr[-3000:]
    return made.stdout


def _free_port() -> int:
    with _socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_well(url: str) -> bool:
    with (
        contextlib.suppress(urllib.error.URLError, OSError),
        urllib.request.urlopen(url, timeout=2) as answer,
    ):
        return bool(answer.status == 200)
    return False


@contextlib.contextmanager
def playing(database_url: str, state: Path) -> Iterator[Stage]:
    """Start the platform on the database, wait until it is well, and stop it afterwards."""
    environment = environment_of(database_url, state)
    port = _free_port()
    web = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi"]
    web += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    commands = [[*web, "--log-level", "warning"], [sys.executable, "manage.py", "worker"]]
    log = (state / "log").open("w", encoding="utf-8")
    children = [subprocess.Popen(c, cwd=ROOT, env=environment, stdout=log, stderr=log) for c in commands]
    url = f"http://127.0.0.1:{port}"
    try:
        limit = time.monotonic() + START_SECONDS
        while not _is_well(url + "/healthz"):
            ended = [child.args for child in children if child.poll() is not None]
            if ended or time.monotonic() > limit:
                raise RuntimeError((state / "log").read_text(encoding="utf-8")[-3000:])
            time.sleep(0.2)
        yield Stage(url, environment)
    finally:
        ended = [child.args for child in children if child.poll() is not None]
        for child in children:
            child.terminate()
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(15)
            child.kill()
        log.close()
        assert not ended, f"{ended} ended by itself:\n" + (state / "log").read_text(encoding="utf-8")[-3000:]
