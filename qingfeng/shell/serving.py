"""Start the platform on one machine: prepare what it needs, then web server and worker side by side."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command

START_SECONDS = 90
STOP_SECONDS = 15


def prepare(say: Callable[[str], None]) -> None:
    """Bring database, cache table and static files up to date; a second start finds little to do."""
    say("数据库……")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    stamp = settings.STATE_DIR / "static.stamp"
    mark = _static_mark()
    if not stamp.exists() or stamp.read_text() != mark or not settings.STATIC_ROOT.exists():
        say("静态文件……")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(mark)


def _static_mark() -> str:
    """Return a digest of names, sizes and times of every static source."""
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    folders += list((settings.BASE_DIR / "qingfeng").glob("*/static"))
    digest = hashlib.sha256()
    for file in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        about = file.stat()
        digest.update(f"{file}:{about.st_size}:{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def web_command(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        *("--backpressure", "64", "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]


class Platform:
    """Web server and worker as children; both stop when one does, or on a signal."""

    def __init__(self, host: str, port: int) -> None:
        self.address = f"http://{host}:{port}"
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
        commands = [web_command(host, port), worker_command()]
        self.children = [subprocess.Popen(c, cwd=settings.BASE_DIR, env=environment) for c in commands]  # noqa: S603
        self.is_stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def wait_until_well(self) -> bool:
        """Wait for `/healthz` to answer 200; False where a child ended or time ran out."""
        limit = time.monotonic() + START_SECONDS
        while time.monotonic() < limit and not self.is_stopping and self._all_run():
            try:
                with urllib.request.urlopen(self.address + "/healthz", timeout=2) as answer:  # noqa: S310
                    if answer.status == 200:
                        return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        return False

    def watch(self) -> int:
        """Return when a signal came or a child ended; the exit code says which."""
        while not self.is_stopping and self._all_run():
            time.sleep(0.5)
        ended = [child.returncode for child in self.children if child.poll() is not None]
        self.stop()
        return 0 if self.is_stopping else max([1, *ended])

    def stop(self) -> None:
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        for child in self.children:
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()

    def _all_run(self) -> bool:
        return all(child.poll() is None for child in self.children)
