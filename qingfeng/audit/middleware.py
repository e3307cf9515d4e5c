from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from qingfeng.audit import actions
from qingfeng.audit.enums import Outcome
from qingfeng.core import clock, faults
from qingfeng.core.errors import Denied


class Refusals:
    """Turn a `Denied` into a 403 with its sentence, and audit it after the action's rollback."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Denied):
            return None
        user: Any = request.user
        actions.record(
            action="refused",
            by=user if user.is_authenticated else None,
            at=clock.now(),
            outcome=Outcome.REFUSED,
            address=request.META.get("REMOTE_ADDR", ""),
            detail={"rule": exception.rule, "sentence": exception.sentence, "path": request.path},
        )
        return faults.denied(request, exception)
