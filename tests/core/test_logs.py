from __future__ import annotations

import logging
import sys
from typing import Any

from django.conf import settings
from django.test import RequestFactory

from qingfeng.core import logs


def logged_text(name: str) -> str:
    try:
        try:
            raise ValueError(f"Key (name)=({name}) already exists.")
        except ValueError as error:
            raise RuntimeError(f"{name}受处分") from error
    except RuntimeError:
        record = logging.LogRecord("django.request", logging.ERROR, "x", 1, "坏了", (), sys.exc_info())
    return logs.Reticent("%(message)s").format(record)


def test_log_of_an_exception_tells_class_and_place_but_not_what_it_says() -> None:
    text = logged_text("石春")

    assert "石春" not in text
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert "in logged_text" in text


def test_every_formatter_is_reticent() -> None:
    formatters: Any = settings.LOGGING["formatters"]

    assert {formatter["()"] for formatter in formatters.values()} == {"qingfeng.core.logs.Reticent"}


def test_every_handler_hushes() -> None:
    handlers: Any = settings.LOGGING["handlers"]

    assert settings.LOGGING["filters"] == {"hush": {"()": "qingfeng.core.logs.Hush"}}
    assert all("hush" in handler["filters"] for handler in handlers.values())


def test_hushed_request_is_not_logged_while_it_is_served_nor_about_afterwards() -> None:
    request, hush = RequestFactory().get("/"), logs.Hush()
    plain = logging.LogRecord("any", logging.ERROR, "x", 1, "坏了", (), None)
    about = logging.makeLogRecord({"request": request})

    assert hush.filter(plain)
    assert hush.filter(about)
    with logs.hushed(request):
        assert not hush.filter(plain)
    assert hush.filter(plain)
    assert not hush.filter(about)


def test_belated_fault_is_told_later_by_class_place_and_count_without_its_words(caplog) -> None:
    book = logs.Belated("投票页面出错", (3600, 3600))
    for _ in range(2):
        try:
            raise ValueError("ABCD-EFGH")
        except ValueError as error:
            book.note(error)
    assert book._timer is not None
    book._timer.cancel()

    assert caplog.text == ""
    book.tell()

    assert "2 × ValueError at " in caplog.text
    assert "test_logs.py" in caplog.text
    assert "ABCD" not in caplog.text
