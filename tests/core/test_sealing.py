from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from django.test import override_settings

from qingfeng.core import sealing


def test_sealed_text_opens_again_and_differs_each_time() -> None:
    first, second = (sealing.seal("密钥", purpose="totp") for _ in range(2))

    assert first != second
    assert sealing.unseal(first, purpose="totp") == sealing.unseal(second, purpose="totp") == "密钥"


def test_sealed_text_does_not_open_for_another_purpose_or_key() -> None:
    sealed = sealing.seal("密钥", purpose="totp")

    with pytest.raises(InvalidTag):
        sealing.unseal(sealed, purpose="other")
    with override_settings(SECRET_KEY="another"), pytest.raises(InvalidTag):
        sealing.unseal(sealed, purpose="totp")


def test_sealed_text_that_was_changed_does_not_open() -> None:
    sealed = sealing.seal("密钥", purpose="totp")

    with pytest.raises(InvalidTag):
        sealing.unseal(sealed[:-6] + ("AAAAAA" if sealed[-6:] != "AAAAAA" else "BBBBBB"), purpose="totp")
