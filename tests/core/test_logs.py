from __future__ import annotations

import logging
import sys
from typing import Any

from django.conf import settings

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
