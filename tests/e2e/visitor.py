"""A person at the browser: every page visited is checked for accessibility, console errors and overflow."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response

from qingfeng.shell.demo.roster import PASSWORD
from tests.guards.source import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
DESKTOP = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(
  v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '))"""


@dataclass
class Visitor:
    """A browser page with its address, and what went wrong on it so far."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500 or not response.url.startswith((self.base, "data:")):
            self.faults.append(f"{self.page.url} → {response.url}: {response.status}")

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in as somebody else, through the page."""
        self.page.context.clear_cookies()
        self.page.goto(self.base + "/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.page.click("main button[type=submit], form button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def visit(self, path: str, *, status: int = 200) -> Page:
        """Open a page, look at it, and note what is wrong with it."""
        response = self.page.goto(path if path.startswith("http") else self.base + path)
        found = response.status if response else 0
        if found != status:
            self.faults.append(f"{path}: {found}")
        self.look()
        return self.page

    def look(self) -> None:
        """Check the page as it stands: accessibility, and nothing wider than the window."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        wrong: list[Any] = self.page.evaluate(_AXE)
        self.faults += [f"{self.page.url}: axe {fault}" for fault in wrong]
        if self.page.evaluate(_OVERFLOW) > 0:
            self.faults.append(f"{self.page.url}: wider than the window")

    def picture(self, name: str) -> None:
        """Keep a screenshot under `screenshots/` (ignored by git)."""
        folder = Path(ROOT / "screenshots")
        folder.mkdir(exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)
