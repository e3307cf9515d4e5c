"""Those who read: portraits, heat map, rankings, bulletins."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
