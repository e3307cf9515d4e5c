"""The site of `deploy/nginx`: its limits are the platform's, and a voter leaves no trace in it."""

from __future__ import annotations

import contextlib
import http.server
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.environment import ROOT
from qingfeng.core.uploads import FILES
from tests.e2e import stage

pytestmark = [pytest.mark.server, pytest.mark.nginx]
SITE = ROOT / "deploy/nginx/qingfeng.conf"
MAIN = """
{user}
daemon off;
pid {tmp}/nginx.pid;
error_log {tmp}/main.log warn;
events {{ worker_connections 64; }}
http {{
  {paths}
  access_log {tmp}/log/default.log;
  include {tmp}/site.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass
class Behind:
    """What the platform's side saw of each request."""

    seen: list[dict[str, str]] = field(default_factory=list)


class _Handler(http.server.BaseHTTPRequestHandler):
    behind: Behind
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.behind.seen.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET

    def log_message(self, *arguments: Any) -> None:
        """Keep quiet."""


def _certificate(tmp: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", str(tmp / "key.pem"), "-out", str(tmp / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def _site(tmp: Path, port: int, plain: int, behind: int) -> str:
    """Return the shipped site on ports, folders and a certificate of the test's own."""
    text = SITE.read_text(encoding="utf-8")
    for shipped, own in {
        "127.0.0.1:8000": f"127.0.0.1:{behind}", "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "listen 80;": f"listen 127.0.0.1:{plain};", "/etc/qingfeng/tls": str(tmp),
        "/var/log/nginx": f"{tmp}/log", "/opt/qingfeng/static-built": f"{tmp}/static",
    }.items():  # fmt: skip
        assert shipped in text, shipped
        text = text.replace(shipped, own)
    return text


@dataclass
class Proxy:
    url: str
    folder: Path
    behind: Behind
    marks: int = 0

    def ask(self, path: str, body: bytes | None = None, **headers: Any) -> int:
        trusting = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        trusting.check_hostname = False
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, context=trusting, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def logged(self) -> str:
        """Return all log lines, once that of a request of ours is there: nginx writes after it answers."""
        self.marks += 1
        self.ask(f"/mark-{self.marks}")
        limit = time.monotonic() + 10
        while f"/mark-{self.marks} " not in self._logged():
            assert time.monotonic() < limit
            time.sleep(0.05)
        lines = self._logged().splitlines(keepends=True)
        return "".join(line for line in lines if "/mark-" not in line)

    def _logged(self) -> str:
        return "".join(path.read_text() for path in sorted((self.folder / "log").iterdir()))


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    port, plain = stage._free_port(), stage._free_port()
    behind = Behind()
    handler = type("Handler", (_Handler,), {"behind": behind})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    (tmp_path / "log").mkdir()
    (tmp_path / "static").mkdir()
    (tmp_path / "static/a.css").write_text("a{}")
    _certificate(tmp_path)
    (tmp_path / "site.conf").write_text(_site(tmp_path, port, plain, server.server_port), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # the folders of the test let nobody else in
    paths = " ".join(f"{name}_temp_path {tmp_path}/{name};" for name in TEMPORARY)
    (tmp_path / "main.conf").write_text(MAIN.format(tmp=tmp_path, paths=paths, user=user), encoding="utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    checked = subprocess.run(
        [program, "-t", "-c", str(tmp_path / "main.conf")], check=False, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([program, "-c", str(tmp_path / "main.conf")], stderr=subprocess.DEVNULL)
    made = Proxy(f"https://127.0.0.1:{port}", tmp_path, behind)
    try:
        for _ in range(100):
            with contextlib.suppress(urllib.error.URLError, OSError):
                made.ask("/ready")
                break
            time.sleep(0.1)
        yield made
    finally:
        process.terminate()
        process.wait(20)
        server.shutdown()
        server.server_close()
        thread.join()


VOTER: dict[str, Any] = {
    "User-Agent": "a-phone", "Cookie": "sessionid=x", "Referer": "https://x/y", "X-Forwarded-For": "10.1.2.3",
    "X-Real-IP": "10.1.2.3", "Accept-Language": "zh-CN-rare",
}  # fmt: skip


def test_voters_request_leaves_no_line_and_passes_no_address_on(proxy: Proxy) -> None:
    before = proxy.logged()

    answers = [proxy.ask(path, **VOTER) for path in ("/b", "/b/", "/b/ABCD-1234/", "/b/none?code=SECRET")]
    answers.append(proxy.ask("/b/ABCD-1234/", b"x" * 60_000, **VOTER))
    too_large = proxy.ask("/b/ABCD-1234/", b"x" * 70_000, **VOTER)

    assert (answers, too_large) == ([200] * 5, 413)
    assert proxy.logged() == before
    voters = [seen for seen in proxy.behind.seen if seen["path"].startswith("/b")]
    assert len(voters) == 5
    for seen in voters:
        assert not {"cookie", "user-agent", "referer", "x-forwarded-for", "x-real-ip"} & seen.keys()
        assert not any(word in str(seen) for word in ("10.1.2.3", "a-phone", "zh-CN-rare"))
    assert not [path for path in (proxy.folder / "client_body").rglob("*") if path.is_file()]


def test_voters_request_leaves_no_line_when_the_platform_is_down(proxy: Proxy) -> None:
    site = proxy.folder / "site.conf"
    before = proxy.logged()
    site.write_text(re.sub(r"server 127\.0\.0\.1:\d+;", "server 127.0.0.1:1;", site.read_text()))
    subprocess.run(
        [shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(proxy.folder / "main.conf"), "-s", "reload"],
        check=True, capture_output=True,
    )  # fmt: skip
    limit = time.monotonic() + 20
    while proxy.ask("/b/ABCD-1234/", **VOTER) != 502:
        assert time.monotonic() < limit

    assert before.count("\n") <= 1
    assert "/b" not in re.sub(r"/mark-\d+", "", proxy.logged())


def test_other_requests_are_logged_and_pass_the_address_on(proxy: Proxy) -> None:
    answer = proxy.ask("/inbox/", None, **{"X-Forwarded-For": "10.1.2.3"})
    seen = proxy.behind.seen[-1]

    assert answer == 200
    assert seen["x-forwarded-for"] == "10.1.2.3, 127.0.0.1"
    assert seen["x-forwarded-proto"] == "https"
    assert "GET /inbox/" in proxy.logged()


def test_static_files_are_served_and_not_logged(proxy: Proxy) -> None:
    assert proxy.ask("/static/a.css") == 200
    assert "a.css" not in proxy.logged()


def test_upload_limit_is_the_platforms() -> None:
    found = re.search(r"^\s{4}client_max_body_size (\d+)m;", SITE.read_text(encoding="utf-8"), re.MULTILINE)

    assert found is not None
    assert int(found[1]) * 1024 * 1024 == FILES * settings.QINGFENG_MAX_FILE_BYTES


@pytest.mark.parametrize("unit", sorted(path.name for path in (ROOT / "deploy/systemd").iterdir()))
def test_unit_is_well_formed_and_runs_without_privileges(unit: str) -> None:
    text = (ROOT / "deploy/systemd" / unit).read_text(encoding="utf-8")
    program = shutil.which("systemd-analyze")
    if program:
        made = subprocess.run(
            [program, "verify", str(ROOT / "deploy/systemd" / unit)],
            check=False,
            capture_output=True,
            text=True,
        )
        said = [line for line in made.stderr.splitlines() if "/opt/qingfeng" not in line and unit in line]
        assert said == []

    if unit.endswith(".service"):
        for line in ("User=qingfeng", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=",
                     "PrivateTmp=yes", "ProtectHome=yes", "UMask=0077"):  # fmt: skip
            assert line in text
