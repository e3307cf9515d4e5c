"""What a browser would send if a person pressed the button of a form without changing anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.seen, self.inside = number, -1, False
        self.data: dict[str, list[str]] = {}
        self.select = self.area = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "form":
            self.seen += given.get("method") == "post"
            self.inside = given.get("method") == "post" and self.seen == self.number
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                unnamed = "on" if given.get("type") in {"checkbox", "radio"} else ""
                self.data.setdefault(name, []).append(given.get("value") or unnamed)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.data.setdefault(self.select, []).append(given.get("value") or "")
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select" and self.inside:
            self.select = ""
        if tag == "textarea" and self.area and self.inside:
            self.data.setdefault(self.area, []).append(self.text.removeprefix("\n"))
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data


def _beneath(body: str, start: int) -> str:
    """Return what follows the element that begins at a place."""
    depth, place = 0, start
    for found in re.finditer(r"<div\b|</div>", body[start:]):
        depth += 1 if found.group(0) != "</div>" else -1
        place = start + found.end()
        if depth == 0:
            break
    return body[place:]


def form_of(response: Any, number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return what the page's posted form of that number holds, with some values changed.

    Counted are the forms beneath the page's head, where its steps have small forms of their own.
    """
    body = response.content.decode()
    head = body.find('<div class="qf-actions">')
    body = body[body.index("<main") :] if head < 0 else _beneath(body, head)
    parser = _Form(number)
    parser.feed(body)
    assert parser.data, "the page has no such form"
    return parser.data | changes
