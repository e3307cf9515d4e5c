"""The naive ways of keeping a ballot, planted beside the urn and filled by the same traffic.

The server of the attack test runs on these settings: everything of production, and innermost a middleware
that keeps the ballot in the transaction that uses up the code, again in the next one, and once more in a log.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from config.settings import *  # noqa: F403
from config.settings import LOGGING as SHIPPED
from config.settings import MIDDLEWARE as OURS

MIDDLEWARE = [*OURS, "tests.ballots.planted.Naive"]
LOG = os.environ.get("PLANTED_LOG", os.devnull)
LOGGING = {
    **SHIPPED,
    "handlers": {
        **SHIPPED["handlers"],  # type: ignore[dict-item]
        "planted": {"class": "logging.FileHandler", "filename": LOG, "formatter": "plain"},
    },
    "loggers": {"planted": {"handlers": ["planted"], "level": "INFO", "propagate": False}},
}
TABLES = ("planted_same", "planted_next", "planted_keyed")
CREATE = "CREATE TABLE {} (key uuid PRIMARY KEY, comment text NOT NULL)"
INSERT = "INSERT INTO {} (key, comment) VALUES (%s, %s)"


def keep(table: str, comment: str, key: uuid.UUID | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(table), [str(key or uuid.uuid4()), comment])


class Naive:
    """Keep each ballot as one would without thinking of who reads the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/b/cast/":
            return self.get_response(request)
        comment = request.POST["comment"]
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code == 200:
                keep("planted_same", comment)
        if response.status_code == 200:
            keep("planted_next", comment)
            logging.getLogger("planted").info(comment)
        return response
