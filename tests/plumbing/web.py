"""Web processes of the platform, as an operator starts them, and a plain browser that talks to them."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.guards.source import ROOT
from tests.plumbing.databases import Database

_socket = socket.socket  # the real one: pytest-socket replaces it during a test
START_SECONDS = 60
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def _free_port() -> int:
    with _socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.suppress(OSError), contextlib.closing(connection):
        connection.request("GET", "/accounts/login/")
        with connection.getresponse() as answer:
            return answer.status == 200
    return False


@contextlib.contextmanager
def processes(database: Database, state: Path, count: int) -> Iterator[list[int]]:
    """Start so many web servers on one database, and return their ports; stop them afterwards."""
    environment = {**database.environment, "QINGFENG_STATE": str(state), "QINGFENG_PLAIN_STATIC": "1"}
    ports = [_free_port() for _ in range(count)]
    web = [sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi"]
    web += ["--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "2", "--log-level", "warning"]
    log = (state / "web.log").open("w", encoding="utf-8")
    children = [
        subprocess.Popen([*web, "--port", str(port)], cwd=ROOT, env=environment, stdout=log, stderr=log)
        for port in ports
    ]
    try:
        limit = time.monotonic() + START_SECONDS
        while not all(_answers(port) for port in ports):
            if time.monotonic() > limit or any(child.poll() is not None for child in children):
                raise RuntimeError((state / "web.log").read_text(encoding="utf-8")[-3000:])
            time.sleep(0.2)
        yield ports
    finally:
        for child in children:
            child.terminate()
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(15)
            child.kill()
        log.close()


class Browser:
    """One person's browser: it keeps cookies and goes to whichever process it is sent to."""

    def __init__(self) -> None:
        self.cookies: SimpleCookie = SimpleCookie()
        self.status = 0
        self.location = ""
        self.page = ""

    def get(self, port: int, path: str) -> str:
        return self._ask(port, "GET", path)

    def post(self, port: int, path: str, **fields: str) -> str:
        """Open the page, and send its form as a browser would; return the page that answers."""
        self.get(port, path)
        found = TOKEN.search(self.page)
        token = found.group(1) if found else ""
        return self.send(port, path, token, **fields)

    def post_again(self, port: int, path: str, **fields: str) -> str:
        """Send a form of the page that is open, without opening it anew."""
        found = TOKEN.search(self.page)
        return self.send(port, path, found.group(1) if found else "", **fields)

    def send(self, port: int, path: str, token: str, **fields: str) -> str:
        return self._ask(port, "POST", path, urlencode({**fields, "csrfmiddlewaretoken": token}))

    def _ask(self, port: int, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{key}={morsel.value}" for key, morsel in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers)
            with connection.getresponse() as answer:
                for value in answer.headers.get_all("Set-Cookie") or []:
                    self.cookies.load(value)
                self.status, self.location = answer.status, answer.headers.get("Location", "")
                self.page = answer.read().decode()
        return self.page
