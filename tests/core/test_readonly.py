from __future__ import annotations

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory

from qingfeng.core import readonly
from qingfeng.core.models import Setting


def writing_view(request):
    Setting.objects.create(key="written", value=1)
    return HttpResponse("ok")


def call(method: str):
    middleware = readonly.ReadOnlyRequests(lambda request: HttpResponse())
    request = getattr(RequestFactory(), method)("/")
    return middleware.process_view(request, writing_view, (), {})


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_get_that_writes_is_refused(method: str) -> None:
    with pytest.raises(readonly.WriteOnRead), transaction.atomic():
        call(method)

    assert not Setting.objects.exists()


@pytest.mark.django_db
def test_post_is_left_to_the_view() -> None:
    assert call("post") is None


@pytest.mark.parametrize("sql", ["WITH x AS (SELECT 1) SELECT * FROM x", "SELECT 'DELETE'"])
def test_reads_pass(sql: str) -> None:
    assert readonly.refuse_writes(lambda *rest: "ran", sql, None, False, {}) == "ran"


@pytest.mark.parametrize(
    "sql", ["DELETE FROM t", " update t set a=1", 'INSERT INTO "core_setting" VALUES (1)']
)
def test_writes_are_refused(sql: str) -> None:
    with pytest.raises(readonly.WriteOnRead):
        readonly.refuse_writes(lambda *rest: "ran", sql, None, False, {})
