"""Pages in Debian's Chromium: a server of the test's own, and a page that keeps what went wrong on it.

axe is run by evaluating its source in the page's context, never by relaxing the policy of the page.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from unittest import mock

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.guards import source

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: ViewportSize = {"width": 1360, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
AXE = source.ROOT / "node_modules/axe-core/axe.min.js"
AXE_RUN = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a test reports what it checks."""


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """Serve the platform with its static files on a free port of this machine; yield its address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the machine's Chromium.

    Playwright keeps an event loop running in this thread, and Django refuses to query beside one; the tests
    query between Playwright's calls, never inside them.
    """
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@lru_cache(maxsize=1)
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


@dataclass
class Visit:
    """A browser page of one signed-in person, and every complaint of the console on it."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path and wait until nothing is loading."""
        self.page.goto(self.address + path, wait_until="networkidle")
        return self.page

    def faults(self) -> list[str]:
        """Return what is wrong with the page as it stands: axe, console, policy, sideways scrolling."""
        self.page.evaluate(axe_source())
        violations = self.page.evaluate(AXE_RUN)["violations"]
        found = [
            f"axe {violation['id']}: {node['html'][:200]}"
            for violation in violations
            for node in violation["nodes"]
        ]
        beyond = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{beyond} px wider than the window"] if beyond > 0 else []
        found += self.complaints
        self.complaints.clear()
        return found


def sign_in(context: BrowserContext, address: str, user: Any) -> None:
    """Give the browser the session of a user."""
    client = Client()
    client.force_login(user)
    morsel = client.cookies["sessionid"]
    context.add_cookies([{"name": morsel.key, "value": morsel.value, "url": address}])


@contextlib.contextmanager
def visiting(
    browser: Browser, address: str, user: Any, *, size: ViewportSize, scripts: bool = True
) -> Iterator[Visit]:
    """Open a window of a size, signed in as the user."""
    context = browser.new_context(
        viewport=size,
        locale="zh-CN",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    sign_in(context, address, user)
    page = context.new_page()
    visit = Visit(page, address)

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visit.complaints.append(f"{message.type}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: visit.complaints.append(f"exception: {error}"))
    yield visit
    context.close()
