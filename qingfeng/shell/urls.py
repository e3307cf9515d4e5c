from __future__ import annotations

from django.urls import path

from qingfeng.shell.views import health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.health, name="health"),
]
