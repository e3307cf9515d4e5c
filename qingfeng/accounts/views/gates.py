"""What the way in says where it does not lead on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def address_page(request: HttpRequest, address: str) -> HttpResponse:
    """Say that an administrator may not work from here, and who can change that."""
    page = render(request, "account/address.html", {"address": address}, status=403)
    page["Cache-Control"] = "no-store"
    return page
