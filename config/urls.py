from __future__ import annotations

from django.urls import include, path

from qingfeng.accounts import urls as accounts
from qingfeng.shell.gallery import views as gallery

urlpatterns = [
    path("", include("qingfeng.ballots.urls")),  # first: when hundreds vote at once, nobody else is as many
    path("", include("qingfeng.shell.urls")),
    path("accounts/", include(accounts.SIGN_IN)),
    path("", include(accounts.ACCOUNTS)),
    path("settings/", include(accounts.SETTINGS)),
    path("documents/", include("qingfeng.documents.urls")),
    path("", include("qingfeng.organizations.urls")),
    path("", include("qingfeng.notifications.urls")),
    path("decisions/", include("qingfeng.decisions.urls")),
    path("rectification/", include("qingfeng.rectification.urls")),
    path("evaluation/", include("qingfeng.evaluation.urls")),
    path("ui/", gallery.ui, name="ui"),
]

handler403 = "qingfeng.core.faults.denied"
handler429 = "qingfeng.core.faults.throttled"
handler404 = "qingfeng.core.faults.missing"
handler500 = "qingfeng.core.faults.broken"
