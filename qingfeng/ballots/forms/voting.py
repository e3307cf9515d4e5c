"""A voter's form: the seal by which we know our own form, and what was typed into it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.http import HttpRequest

from qingfeng.ballots.sealing import codes

ANSWER = "a."
"""What the name of a radio button begins with; the code of its question follows."""
OUR_SITES = frozenset({"", "same-origin", "none"})


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"qingfeng ballot form 1:" + secret.encode())
    return digest.finalize()


def seal_of(code: str, receipt: str, paper: str) -> str:
    """Bind receipt and paper to the code that a page was made for (HMAC-SM3 under a key from SECRET_KEY)."""
    mac = HMAC(_key(settings.SECRET_KEY), hashes.SM3())
    mac.update(f"{codes.digest(code)}\n{receipt}\n{paper}".encode())
    return mac.finalize().hex()


def is_ours(request: HttpRequest, code: str, receipt: str) -> bool:
    """Say whether the form was made by us for this code, and sent from our own page.

    No cookie is read that a foreign page could ride on; so this seal takes the place of the CSRF token.
    `Origin` is `null` where the page forbids referrers, as ours does.
    """
    own = {"", "null", f"{request.scheme}://{request.get_host()}"}
    is_from_us = (
        request.headers.get("Origin", "") in own and request.headers.get("Sec-Fetch-Site", "") in OUR_SITES
    )
    sealed = request.POST.get("seal", "")
    return is_from_us and hmac.compare_digest(
        sealed.encode(), seal_of(code, receipt, request.POST.get("paper", "")).encode()
    )


def answers_of(post: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen, answer code by question code; whether it fits the urn, casting says."""
    return {name.removeprefix(ANSWER): str(value) for name, value in post.items() if name.startswith(ANSWER)}


def missing(questions: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> list[int]:
    """Return the numbers of the questions without an answer that they offer."""
    asked = enumerate(questions, start=1)
    return [number for number, entry in asked if answers.get(entry["code"], "") not in entry["answers"]]
