"""How the tests of pages look at them."""

from __future__ import annotations

import html
import io
import re
from typing import Any

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from qingfeng.accounts.models import User


def browser(user: User) -> Client:
    """Return a browser in which the user has signed in."""
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    """Return what a person reads on the page, on one line."""
    body = response.content.decode()
    body = re.sub(r"<(script|style)\b.*?</\1>", "", body, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def title_of(response: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)
    return html.unescape(found.group(1).strip()) if found else ""


def said(response: Any) -> list[str]:
    """Return the sentences that the next page will say."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def queries_of(client: Client, url: str) -> int:
    """Return how many statements the page asks of the database."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200, response.status_code
    return len(captured)


def part_of(response: Any, element_id: str) -> str:
    """Return the element with the id out of a page or a fragment, blanks evened out."""
    body = response.content.decode()
    found = re.search(rf'<section class="card" id="{element_id}">.*?</section>', body, re.DOTALL)
    assert found, f"no #{element_id}"
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", " ".join(found.group(0).split()))


def workbook(content: bytes, name: str = "表格.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def sheet_rows(content: bytes, sheet: int = 0) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(sheet).to_python()
