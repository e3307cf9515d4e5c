from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qingfeng.core import uploads
from qingfeng.core.roles import Role
from tests import stories

pytestmark = pytest.mark.django_db


def test_body_of_a_visitor_beyond_a_form_is_refused_unread() -> None:
    file = SimpleUploadedFile("大.docx", b"x" * (uploads.FROM_A_VISITOR + 1))

    answer = Client().post("/accounts/login/", {"login": "a", "password": "b", "file": file})

    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()


def test_body_of_a_signed_in_person_is_refused_beyond_the_limit_only(settings) -> None:
    settings.QINGFENG_MAX_FILE_BYTES = 100_000
    client = stories.signed_in(stories.user_with(Role.OFFICE))

    answers = [
        client.post("/documents/new/", {"upload": SimpleUploadedFile("a.docx", b"x" * size)}).status_code
        for size in (uploads.FILES * 100_000 - 1000, uploads.FILES * 100_000 + 1)
    ]

    assert answers[0] != 413
    assert answers[1] == 413
