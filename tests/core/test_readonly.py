from __future__ import annotations

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from qingfeng.audit.models import Entry
from qingfeng.core import readonly
from qingfeng.core.models import Setting
from tests.factories.accounts import UserFactory


def writing_view(request):
    Setting.objects.create(key="written", value=1)
    return HttpResponse("ok")


def call(method: str) -> HttpResponse:
    middleware = readonly.ReadOnlyRequests(writing_view)
    return middleware(getattr(RequestFactory(), method)("/"))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_get_that_writes_is_refused(method: str) -> None:
    with pytest.raises(readonly.WriteOnRead), transaction.atomic():
        call(method)

    assert not Setting.objects.exists()


@pytest.mark.django_db
def test_post_may_write() -> None:
    call("post")

    assert Setting.objects.get().key == "written"


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.core.urls_refusing")
def test_get_that_is_refused_answers_403_with_the_sentence_and_is_audited() -> None:
    client = Client()
    client.force_login(UserFactory.create())

    response = client.get("/refused/")

    assert response.status_code == 403
    assert "仅限演示" in response.content.decode()
    assert Entry.objects.get(action="refused").detail["sentence"] == "仅限演示"


@pytest.mark.parametrize("sql", ["WITH x AS (SELECT 1) SELECT * FROM x", "SELECT 'DELETE'"])
def test_reads_pass(sql: str) -> None:
    assert readonly.refuse_writes(lambda *rest: "ran", sql, None, False, {}) == "ran"


@pytest.mark.parametrize(
    "sql", ["DELETE FROM t", " update t set a=1", 'INSERT INTO "core_setting" VALUES (1)']
)
def test_writes_are_refused(sql: str) -> None:
    with pytest.raises(readonly.WriteOnRead):
        readonly.refuse_writes(lambda *rest: "ran", sql, None, False, {})
