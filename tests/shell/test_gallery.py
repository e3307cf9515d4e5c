from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qingfeng.shell.gallery.views import PARTS
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("part", PARTS)
def test_ui_shows_every_part(client: Client, part: str) -> None:
    client.force_login(UserFactory.create())

    response = client.get(reverse("ui"), {"part": part})

    assert response.status_code == 200
    assert "<h1>" in response.content.decode()


def test_ui_of_an_unknown_part_shows_the_first(client: Client) -> None:
    client.force_login(UserFactory.create())

    response = client.get(reverse("ui"), {"part": "nothing"})

    assert "每个部件的每种样子" in response.content.decode()


def test_ui_is_read_only(client: Client) -> None:
    client.force_login(UserFactory.create())

    assert client.post(reverse("ui")).status_code == 405
