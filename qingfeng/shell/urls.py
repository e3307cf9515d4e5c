from __future__ import annotations

from django.urls import path

from qingfeng.shell.views import home

urlpatterns = [
    path("", home.home, name="home"),
]
