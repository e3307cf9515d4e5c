from __future__ import annotations

from django.urls import include, path

from qingfeng.shell.gallery import views as gallery

urlpatterns = [
    path("", include("qingfeng.shell.urls")),
    path("evaluation/", include("qingfeng.evaluation.urls")),
    path("accounts/", include("allauth.urls")),
    path("ui/", gallery.ui, name="ui"),
]

handler403 = "qingfeng.core.faults.denied"
handler429 = "qingfeng.core.faults.throttled"
handler404 = "qingfeng.core.faults.missing"
handler500 = "qingfeng.core.faults.broken"
