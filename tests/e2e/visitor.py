"""A person at the browser: every page looked at is checked, and what is wrong with it is kept.

axe is run by evaluating its source in the page's context, never by relaxing the policy of the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    ViewportSize,
)
from playwright.sync_api import TimeoutError as Impatience

from qingfeng.shell.demo.roster import PASSWORD
from tests.guards.source import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
AXE_RUN = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
DESKTOP: ViewportSize = {"width": 1360, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
OVERFLOW = """() => {
  const beyond = document.documentElement.scrollWidth - innerWidth
  if (beyond <= 0) return ''
  const wide = [...document.querySelectorAll('main *')].find(
    e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'absolute')
  return beyond + ' px, ' + (wide ? wide.outerHTML.slice(0, 120) : '?')
}"""
IS_LIVELY = "() => !!document.querySelector('.qf-chart, [hx-get][hx-trigger]')"
"""A page that goes on loading after it has come: a chart, a panel that is fetched."""
BROKEN_WORDS = re.compile(
    r"\b(?:None|True|False|NaN|undefined|null|Infinity|nan)\b"
    r"|\{[{%]|<\w+: |Decimal\(|datetime\.|\[object |&\w+;"
)
"""What a program says to itself and not to a reader."""


@lru_cache(maxsize=1)
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


@dataclass
class Visitor:
    """A browser page with its address, and what went wrong on it so far."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)
    forbidden: frozenset[str] = frozenset()
    has_scripts: bool = True
    _expected: int = 200

    def __post_init__(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.note(f"exception: {error}"))
        self.page.on("response", self._on_response)

    def note(self, fault: str) -> None:
        self.faults.append(f"{self.page.url.removeprefix(self.base)}: {fault}")

    def _on_console(self, message: ConsoleMessage) -> None:
        """Keep errors and warnings, the policy's too; a bad status is noted with its address elsewhere."""
        if message.type in {"error", "warning"} and "the server responded with a status" not in message.text:
            self.note(f"{message.type}: {message.text}")

    def _on_response(self, response: Response) -> None:
        if not response.url.startswith((self.base, "data:", "blob:")):
            self.note(f"asked another host: {response.url}")
        elif response.status >= 400 and response.status != self._expected:
            self.note(f"{response.url} answered {response.status}")

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in as somebody else, through the page."""
        self.page.context.clear_cookies()
        self.page.goto(self.base + "/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.page.click("form:has(input[name=login]) button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def open(self, path: str, *, status: int = 200) -> Page:
        """Go to a page and wait until it has come to rest; an unexpected status is a fault."""
        self._expected = status
        response = self.page.goto(path if path.startswith("http") else self.base + path)
        found = response.status if response else 0
        if found != status and found < 400:
            self.note(f"answered {found}")
        self.settle()
        self._expected = 200
        return self.page

    def settle(self) -> None:
        """Wait for what a page loads afterwards; a page that polls a job's progress never rests."""
        self.page.wait_for_load_state("load")
        if self.page.evaluate(IS_LIVELY):
            try:
                self.page.wait_for_load_state("networkidle", timeout=4000)
            except Impatience:
                return

    def visit(self, path: str, *, status: int = 200, axe: bool = True) -> Page:
        """Open a page, look at it, and note what is wrong with it."""
        self.open(path, status=status)
        self.look(axe=axe)
        return self.page

    def follow(self, target: Locator, *, status: int = 200) -> Page:
        """Click what leads to another page, wait for that page, and look at it."""
        self._expected = status
        with self.page.expect_navigation():
            target.click()
        self.look()
        self._expected = 200
        return self.page

    def look(self, *, axe: bool = True) -> None:
        """Check the page as it stands: accessibility, width, and words that no reader should see.

        axe needs a page that runs scripts; one without them is the same page.
        """
        self.settle()
        if axe and self.has_scripts:
            self.page.evaluate(axe_source())
            result: dict[str, Any] = self.page.evaluate(AXE_RUN)
            for violation in result["violations"]:
                nodes = " | ".join(node["html"][:160] for node in violation["nodes"][:3])
                self.note(f"axe {violation['id']}: {nodes}")
        beyond = self.page.evaluate(OVERFLOW)
        if beyond:
            self.note(f"wider than the window: {beyond}")
        self._read()

    def _read(self) -> None:
        words = self.page.inner_text("body")
        for found in BROKEN_WORDS.finditer(words):
            self.note(f"says {words[max(0, found.start() - 20) : found.end() + 20]!r}")
        for word in sorted(self.forbidden.intersection(re.findall(r"\b[a-z][a-z_]{3,}\b", words))):
            place = words.index(word)
            self.note(f"says a stored value {word!r}: {words[max(0, place - 20) : place + 30]!r}")


def window(browser: Browser, size: ViewportSize, *, scripts: bool = True) -> BrowserContext:
    """Open a window of a size, in Chinese, without motion, with or without scripts."""
    return browser.new_context(
        viewport=size, locale="zh-CN", reduced_motion="reduce", java_script_enabled=scripts
    )
