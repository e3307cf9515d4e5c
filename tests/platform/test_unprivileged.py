"""Web server and worker as in production: an unprivileged account, a database role that owns nothing."""

from __future__ import annotations

import contextlib
import http.cookiejar
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from config.environment import ROOT
from qingfeng.shell import database_roles
from qingfeng.shell.demo.roster import PASSWORD
from tests.e2e import small_city, stage
from tests.plumbing import cluster as clusters
from tests.plumbing import programs

pytestmark = [pytest.mark.postgres, pytest.mark.server]
ACCOUNT = "nobody"


def unprivileged(command: list[str]) -> list[str]:
    """Return the command as `nobody` would run it, without any capability; as we are where we are not root.

    Where `nobody` cannot even reach the checkout (a home folder of root's), it may read, and nothing more.
    """
    if os.geteuid() != 0:
        return command
    base = ["setpriv", f"--reuid={ACCOUNT}", "--regid=nogroup", "--clear-groups", "--no-new-privs"]
    strict = [*base, "--inh-caps=-all", "--bounding-set=-all"]
    probe = [*strict, sys.executable, "-c", "import django; open('manage.py')"]
    if subprocess.run(probe, check=False, cwd=ROOT, capture_output=True).returncode == 0:
        return [*strict, *command]
    reading = ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
    return [*base, *reading, *command]


@dataclass(frozen=True)
class Host:
    """A host set up by the files of `deploy/`: folders, two database roles, the services' environment."""

    folder: Path
    owner_url: str
    app_url: str
    environment: dict[str, str]


def _psql(server: clusters.Cluster, names: dict[str, str]) -> None:
    folder = programs.postgres_folder()
    assert folder is not None
    command = [str(folder / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", str(ROOT / "deploy/postgres.sql")]
    for name, value in names.items():
        command += ["-v", f"{name}={value}"]
    made = subprocess.run([*command, server.url("postgres")], check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def _folders(tmp: Path) -> dict[str, str]:
    """Lay out the folders as docs/operations.md says: state and heads writable, the keys not."""
    for part in ("state", "state/files", "heads", "etc"):
        (tmp / part).mkdir()
    (tmp / "etc/audit.key").write_text(secrets.token_hex(32))
    (tmp / "etc/owner.env").write_text("DATABASE_URL=secret")
    if os.geteuid() == 0:
        for part in ("state", "state/files", "heads"):
            shutil.chown(tmp / part, ACCOUNT, "nogroup")
            (tmp / part).chmod(0o700)
        shutil.chown(tmp / "etc/audit.key", "root", "nogroup")
    (tmp / "etc/audit.key").chmod(0o440)
    (tmp / "etc/owner.env").chmod(0o600)
    return {
        "QINGFENG_STATE": str(tmp / "state"),
        "QINGFENG_STORAGE": str(tmp / "state/files"),
        "QINGFENG_AUDIT_HEAD_DIR": str(tmp / "heads"),
        "QINGFENG_AUDIT_KEY_FILE": str(tmp / "etc/audit.key"),
        "QINGFENG_SECRET_KEY": secrets.token_hex(64),
        "QINGFENG_PLAIN_STATIC": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
    }


@pytest.fixture(scope="module")
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    server: clusters.Cluster = request.getfixturevalue("postgres_cluster")
    mark = secrets.token_hex(4)
    tmp = Path(tempfile.mkdtemp(prefix="qingfeng-host-"))  # pytest's own folders let nobody through
    tmp.chmod(0o711)
    names = {"database": f"qf_host_{mark}", "owner": f"qf_owner_{mark}", "app": f"qf_app_{mark}",
             "owner_password": secrets.token_hex(8), "app_password": secrets.token_hex(8)}  # fmt: skip
    _psql(server, names)
    urls = {
        part: f"postgresql://{names[part]}:{names[f'{part}_password']}@127.0.0.1:{server.port}/{names['database']}"
        for part in ("owner", "app")
    }
    given = _folders(tmp)
    as_owner = {**given, "DATABASE_URL": urls["owner"]}
    stage.manage(as_owner, "migrate", "--no-input")
    stage.manage(as_owner, "createcachetable")
    said = stage.manage(as_owner, "grant_runtime", names["app"])
    assert "权限无误" in said
    as_app = {**given, "DATABASE_URL": urls["app"]}
    for command in (["shell", "-c", small_city.FOUND], ["audit_seal"]):
        made = subprocess.run(
            unprivileged([sys.executable, "manage.py", *command]),
            cwd=ROOT, env=as_app, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr[-2000:]
    yield Host(tmp, urls["owner"], urls["app"], as_app)
    server.drop(names["database"])
    for part in ("owner", "app"):
        server.execute(f"DROP ROLE {names[part]}")
    shutil.rmtree(tmp)


@dataclass(frozen=True)
class Services:
    url: str
    pids: list[int]


@pytest.fixture(scope="module")
def services(host: Host) -> Iterator[Services]:
    """Start both services; they end with the test."""
    port = stage._free_port()
    web = [
        sys.executable,
        "-m",
        "granian",
        "config.wsgi:application",
        "--interface",
        "wsgi",
        "--workers",
        "2",
    ]
    web += ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "2", "--log-level", "warning"]
    log = (host.folder / "log").open("w")
    children = [
        subprocess.Popen(unprivileged(command), cwd=ROOT, env=host.environment, stdout=log, stderr=log)
        for command in (web, [sys.executable, "manage.py", "worker"])
    ]
    url = f"http://127.0.0.1:{port}"
    try:
        limit = time.monotonic() + 90
        while not stage._is_well(url + "/healthz"):
            assert all(child.poll() is None for child in children), (host.folder / "log").read_text()[-3000:]
            assert time.monotonic() < limit, (host.folder / "log").read_text()[-3000:]
            time.sleep(0.3)
        yield Services(url, [child.pid for child in children])
    finally:
        for child in children:
            child.terminate()
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(20)
            child.kill()
        log.close()


class Browser:
    """A client of the standard library: cookies kept, forms sent with their token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, **fields: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": found[1], **fields}).encode()
        with self.opener.open(self.url + path, data=body, timeout=60) as answer:
            return str(answer.read().decode())

    def sign_in(self, username: str) -> str:
        page = self.get("/accounts/login/")
        return self.post("/accounts/login/", page, login=username, password=PASSWORD)


def test_services_run_without_any_privilege(services: Services) -> None:
    for pid in services.pids:
        status = Path(f"/proc/{pid}/status").read_text()
        told = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)

        assert told["Uid"].split()[0] != "0"
        assert int(told["CapEff"], 16) & ~(1 << 2) == 0  # but reading, where the checkout wants it
        assert told["NoNewPrivs"] == "1" or os.geteuid() != 0


def test_page_is_served_sign_in_works_and_a_job_runs(services: Services) -> None:
    browser = Browser(services.url)

    home = browser.sign_in("shenji")
    book = browser.get("/audit/")
    browser.post("/audit/verify/", book)

    assert "审计" in home
    limit = time.monotonic() + 60
    while not re.search("校验通过：[1-9]", page := browser.get("/audit/")):
        assert time.monotonic() < limit, re.sub(r"<[^>]+>", " ", page)[-2000:]
        time.sleep(0.5)
    assert "登录" in page


def test_runtime_role_is_refused_any_change_of_append_only_tables(host: Host, services: Services) -> None:
    """After the services have written: each table is tried with every way of changing it."""
    passed, tables = [], sorted(database_roles.append_only_tables())
    ways = (
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} RENAME TO gone",
        "DROP TABLE {} CASCADE",
        'DROP TRIGGER "{}_no_change" ON {}',
    )

    with psycopg.connect(host.app_url, autocommit=True) as connection:
        for table in tables:
            named = [row[0] for row in connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", [table]
            )]  # fmt: skip
            updates = [f'UPDATE {table} SET "{column}" = "{column}"' for column in named]
            for statement in [*updates, *(way.format(table, table) for way in ways)]:
                try:
                    connection.execute(statement.encode())
                    passed.append(statement)
                except (psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityConstraintViolation):
                    continue

    assert passed == []
    assert {"audit_entry", "audit_seal", "workflow_statechange"} <= set(tables)


def test_keys_and_code_are_not_writable_by_the_services(host: Host) -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: the services run as the account that owns the files")
    places = {
        "etc/audit.key": "r",
        "etc/owner.env": "",
        "etc": "r",
        "state": "rw",
        "state/files": "rw",
        "heads": "rw",
    }
    found = {}
    for place in places:
        found[place] = "".join(
            flag
            for flag in "rw"
            if subprocess.run(
                ["setpriv", f"--reuid={ACCOUNT}", "--regid=nogroup", "--clear-groups", "--inh-caps=-all",
                 "test", f"-{flag}", str(host.folder / place)], check=False
            ).returncode == 0
        )  # fmt: skip

    assert found == places
    for path in (ROOT / "manage.py", ROOT / "qingfeng", ROOT / "config/settings.py"):
        assert path.stat().st_mode & 0o002 == 0
