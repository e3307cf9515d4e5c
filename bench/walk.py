"""Find every page of the platform: the resolver says which there are, the pages' own links lead to them.

A page that is built later is taken in by itself. Arguments are those of the first link that leads there.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.http import Http404
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.urls.exceptions import NoReverseMatch

from qingfeng.accounts.models import User

HOME = "home"
LEFT_OUT = {
    "account_login": "before signing in",
    "account_logout": "ends the walk",
    "account_inactive": "no page of a signed-in person",
    "account_reauthenticate": "asks for the password first",
    "health": "no page",
}
HREF = re.compile(r"""(?:href|hx-get)="([^"#]+)""")
POINTS_AT = re.compile(r"""(?:action|hx-post)="([^"#]+)""")
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
TRIES = 6
"""How many arguments are tried for a page to which no link leads."""

WALKED = ("home", "ui", "evaluation", "organizations", "documents", "notifications", "accounts", "jobs",
          "audit", "calendar", "deadlines", "settings")  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page as one person opens it."""

    name: str
    person: str
    path: str
    is_html: bool = True

    @property
    def key(self) -> str:
        """Return what is the same in cities of all sizes; home is another page for everybody."""
        return f"{self.name} ({self.person})" if self.name == HOME else self.name


def routes(
    resolver: URLResolver | None = None, space: str = "", prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    """Yield the full name and the route of every URL of the platform's own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, inner, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}", prefix + str(entry.pattern)


def wanted(spaces: Container[str]) -> list[str]:
    """Return the names of the pages to be walked: those of some namespaces, or bare names."""
    listed = dict.fromkeys(name for name, _ in routes())
    return [name for name in listed if name.split(":")[0] in spaces and name not in LEFT_OUT]


class Trie:
    """The paths seen in links and forms, segment by segment: what stands where an argument is asked for."""

    def __init__(self) -> None:
        self.children: dict[str, Trie] = {}

    def add(self, path: str) -> None:
        node = self
        for part in path.strip("/").split("/"):
            node = node.children.setdefault(part, Trie())

    def fillings(self, parts: list[str], done: str = "/") -> Iterator[str]:
        """Yield paths of a route, each argument one that was seen in its place."""
        if not parts:
            yield done
            return
        found = PARAMETER.fullmatch(parts[0])
        for part in self.children if found else [parts[0]]:
            if not found or part.isdigit() or found[1] != "int":
                yield from self.children.get(part, Trie()).fillings(parts[1:], f"{done}{part}/")


class Walk:
    """Goes through the platform as one person after the other and keeps the first way to every page."""

    def __init__(self, people: Mapping[str, User], spaces: Container[str] = WALKED) -> None:
        self.people = people
        self.wanted = wanted(spaces)
        self.found: dict[str, Page] = {}
        self.no_pages: set[str] = set()
        self.failed: dict[str, str] = {}
        self.seen = Trie()

    def run(self) -> list[Page]:
        """Return a page for every name that somebody could open."""
        clients = {person: Client() for person in self.people}
        for person, client in clients.items():
            client.force_login(self.people[person])
            self._follow(person, client)
        for name, route in routes():
            if name in self.missed and "<" in route:
                self._try(name, route, clients)
        return list(self.found.values())

    def _try(self, name: str, route: str, clients: Mapping[str, Client]) -> None:
        """Open a page to which no link leads by arguments seen elsewhere, as whoever may."""
        for path in islice(self.seen.fillings(route.strip("/").split("/")), TRIES):
            for person, client in clients.items():
                response = client.get(path)
                self._note(name, path, response.status_code)
                if response.status_code == 200:
                    self._keep(Page(name, person, path, is_html(response)), response)
                if response.status_code not in {403, 404}:
                    return

    @property
    def missed(self) -> list[str]:
        """Return the names that nobody could open, though they neither ask for POST nor lead elsewhere."""
        opened = {page.name for page in self.found.values()}
        return sorted({*self.wanted} - opened - self.no_pages)

    def _follow(self, person: str, client: Client) -> None:
        queue, seen = deque(self._starts()), set()
        while queue:
            path = queue.popleft()
            name = self._name_of(path)
            if not name or name in seen or (name != HOME and name in self.found):
                continue
            response = client.get(path)
            self._note(name, path, response.status_code)
            if response.status_code in {301, 302}:
                queue.append(urljoin(path, response["Location"]))
            elif response.status_code == 200:
                seen.add(name)
                queue.extend(self._keep(Page(name, person, path, is_html(response)), response))

    def _note(self, name: str, path: str, status: int) -> None:
        """Keep what is no page, and what breaks."""
        if status in {301, 302, 405}:
            self.no_pages.add(name)
        elif status >= 500:
            self.failed[name] = f"{path} {status}"

    def _starts(self) -> list[str]:
        """Return home and every page without arguments."""
        found = []
        for name in self.wanted:
            try:
                found.append(reverse(name))
            except NoReverseMatch:
                continue
        return found

    def _keep(self, page: Page, response: Any) -> list[str]:
        self.found.setdefault(page.key, page)
        if not page.is_html:
            return []
        body = response.content.decode()
        links = [urljoin(page.path, unescape(link)) for link in dict.fromkeys(HREF.findall(body))]
        for link in [*links, *map(unescape, POINTS_AT.findall(body))]:
            if link.startswith("/"):
                self.seen.add(urlsplit(link).path)
        return links

    def _name_of(self, path: str) -> str:
        """Return the name of the page behind a link, or nothing where it leads elsewhere."""
        parts = urlsplit(path)
        try:
            name = "" if parts.netloc else resolve(parts.path).view_name
        except Http404:
            return ""
        return name if name in self.wanted else ""


def is_html(response: Any) -> bool:
    return bool(response.headers.get("Content-Type", "").startswith("text/html"))
