"""Every page that a role finds by following links, on the demo city: nothing is wrong with any of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db.models import TextChoices
from django.urls import Resolver404, resolve
from playwright.sync_api import Error, ViewportSize

from qingfeng.shell.demo import roster
from tests.e2e.stage import Stage
from tests.e2e.visitor import DESKTOP, PHONE, Visitor

MOST = 25
"""Pages of one role."""
SAID = {"docx", "xlsx", "jpeg"}
"""Stored values that are also words: the names of file formats."""
SIGN_INS = [account.username for account in roster.ONE_OF_EACH] + [name for name, _ in roster.SEATS.values()]
ON_PHONES = ("danwei", "lianluo")
"""Who works on phones; the pages of voters come with the voters."""
EXAMINED: set[tuple[str, int]] = set()
"""Page patterns that axe has seen, by width: it is slow, and a pattern's pages are built alike."""


def stored_values() -> frozenset[str]:
    """Collect every stored value of a choice: no reader should ever see one."""
    found: set[str] = set()
    for config in apps.get_app_configs():
        module = getattr(__import__(config.name, fromlist=["enums"]), "enums", None)
        for _, kind in inspect.getmembers(module, inspect.isclass) if module else ():
            if issubclass(kind, TextChoices):
                found.update(kind.values)
    return frozenset(value for value in found - SAID if len(value) > 3)


def pattern_of(path: str) -> str:
    """Return which page a path is, or nothing for a file."""
    try:
        return resolve(path).view_name or path
    except Resolver404:
        return ""


def links(visit: Visitor, where: str) -> Iterator[str]:
    """Yield the addresses inside the platform that an element of the page links to."""
    for address in visit.page.eval_on_selector_all(f":is({where}) a[href]", "all => all.map(a => a.href)"):
        parts = urlsplit(address)
        if address.startswith(visit.base) and not parts.path.startswith(("/static/", "/ui/")):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def opens(visit: Visitor, path: str) -> bool:
    """Open a link; say whether it is a page. A file is only asked whether it comes."""
    try:
        visit.open(path)
    except Error as error:
        if "Download is starting" not in error.message:
            raise
        answer = visit.page.request.get(visit.base + path)
        if answer.status != 200:
            visit.note(f"the file {path} answered {answer.status}")
        return False
    return True


def walk(visit: Visitor, starts: list[str], width: int, *, levels: int = 2) -> set[str]:
    """Look at the pages that the links lead to, one of each pattern; return the patterns seen."""
    seen: set[str] = set()
    queue = [(path, 1) for path in starts]
    while queue and len(seen) < MOST:
        path, level = queue.pop(0)
        pattern = pattern_of(urlsplit(path).path)
        if pattern in seen or pattern == "account_logout":
            continue
        seen.add(pattern or path)
        if opens(visit, path):
            led_to = pattern_of(urlsplit(visit.page.url).path)
            seen.add(led_to)
            visit.look(axe=(led_to, width) not in EXAMINED)
            EXAMINED.add((led_to, width))
            if level < levels:
                queue += [(link, level + 1) for link in links(visit, "main")]
    return seen


def enter(visit_with: Any, city: Stage, username: str, size: ViewportSize) -> Visitor:
    visit: Visitor = visit_with(city, size)
    visit.forbidden = stored_values()
    visit.sign_in(username)
    return visit


@pytest.mark.parametrize("username", SIGN_INS)
def test_follow_every_link_as_a_role_finds_nothing_wrong(
    visit_with: Callable[..., Visitor], city: Stage, username: str
) -> None:
    visit = enter(visit_with, city, username, DESKTOP)

    places = list(links(visit, ".qf-nav, .qf-top"))
    seen = walk(visit, ["/", *places], DESKTOP["width"])

    assert {"home", "notifications:inbox"} <= seen
    assert len(places) >= 2


@pytest.mark.parametrize("username", ON_PHONES)
def test_follow_every_link_on_a_phone_finds_nothing_wrong(
    visit_with: Callable[..., Visitor], city: Stage, username: str
) -> None:
    visit = enter(visit_with, city, username, PHONE)

    seen = walk(visit, ["/", *links(visit, ".qf-nav, .qf-top")], PHONE["width"])

    assert {"home", "notifications:inbox", "evaluation:submission"} <= seen


def test_collect_stored_values_finds_those_of_every_app() -> None:
    assert {"collecting", "announced", "delivered", "stationed"} <= stored_values()
