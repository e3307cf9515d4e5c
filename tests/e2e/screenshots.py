"""Take the pictures of the README's tour from a demo city: `make screenshots`.

A city is founded in a temporary folder; `QINGFENG_E2E_CITY=DIR` takes a copy of one that is there already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from qingfeng.shell.demo.roster import username_of
from tests.e2e import palette, stage
from tests.e2e.demo import late_submission
from tests.e2e.visitor import DESKTOP, PHONE, Visitor, window
from tests.guards.source import ROOT

FOLDER = ROOT / "docs/screenshots"
Way = Callable[[Visitor], None]


def follow(*links: str) -> Way:
    """Return a way that starts at the workbench and clicks the first element of each selector in turn."""

    def walk(visit: Visitor) -> None:
        visit.open("/")
        for link in links:
            visit.page.locator(link).first.click()
            visit.settle()

    return walk


def place(name: str) -> str:
    return f".qf-nav a:has-text('{name}')"


TOUR: dict[str, tuple[str, Way]] = {
    "workbench": ("dangfeng", follow()),
    "scheme": ("dangfeng", follow(place("评价方案"), "main tbody a")),
    "round": ("dangfeng", follow(place("评价轮次"), "main tbody a")),
    "sheet": ("pingfen", follow(place("部门评分"), "main tbody tr:has-text('评分中') a")),
    "portrait": ("danwei", follow(place("单位画像"))),
    "heatmap": ("dangfeng", follow(place("单位画像"), "main a:has-text('热力图')")),
}
"""Picture → who looks, and the way there."""


def shoot(blank: Page, page: Page, name: str) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)  # charts are drawn after the page has come to rest
    palette.write(blank, page.screenshot(), FOLDER / f"{name}.png")


def phone(visit: Visitor, city: stage.Stage, blank: Page) -> None:
    """Take the phone of a liaison whose submission is not handed in."""
    path, unit = late_submission(city)
    visit.sign_in(username_of("unit_liaison", unit))
    visit.open(path)
    shoot(blank, visit.page, "phone")


def bulletin(visit: Visitor, scratch: Path, blank: Page) -> None:
    """Download an issued bulletin and let LibreOffice set its first page."""
    follow(place("文书"), "main tbody a:has-text('通报')")(visit)
    with visit.page.expect_download() as coming:
        visit.page.locator(".qf-files a").first.click()
    source = scratch / "bulletin.docx"
    coming.value.save_as(source)
    convert = ["soffice", "--headless", f"-env:UserInstallation=file://{scratch}/office"]
    subprocess.run([*convert, "--convert-to", "pdf", "--outdir", scratch, source], check=True)
    draw = ["pdftoppm", "-png", "-singlefile", "-r", "100"]
    subprocess.run([*draw, source.with_suffix(".pdf"), scratch / "bulletin"], check=True)
    palette.write(blank, (scratch / "bulletin.png").read_bytes(), FOLDER / "bulletin.png")


def take(city: stage.Stage, scratch: Path) -> None:
    """Take every picture of the tour."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        blank = browser.new_page()
        desk = Visitor(window(browser, DESKTOP).new_page(), city.url)
        for name, (username, way) in TOUR.items():
            desk.sign_in(username)
            way(desk)
            shoot(blank, desk.page, name)
        desk.sign_in("dangfeng")
        bulletin(desk, scratch, blank)
        phone(Visitor(window(browser, PHONE).new_page(), city.url), city, blank)
        browser.close()


def main() -> None:
    """Found or copy a demo city, and take the pictures."""
    with tempfile.TemporaryDirectory(prefix="qingfeng-pictures-") as folder:
        state = Path(folder) / "state"
        url = f"sqlite:///{state / 'qingfeng.sqlite3'}"
        if os.environ.get("QINGFENG_E2E_CITY"):
            shutil.copytree(os.environ["QINGFENG_E2E_CITY"], state)
        else:
            stage.manage(stage.environment_of(url, state), "migrate")
            stage.manage(stage.environment_of(url, state), "createcachetable")
            stage.manage(stage.environment_of(url, state), "found_demo", "--history", seconds=1800)
        with stage.playing(url, state) as city:
            take(city, Path(folder))
    for picture in sorted(FOLDER.glob("*.png")):
        sys.stdout.write(f"{picture.relative_to(ROOT)} {picture.stat().st_size // 1024} KB\n")


if __name__ == "__main__":
    main()
