from __future__ import annotations

from allauth.account import views as sign_in
from django.urls import URLPattern, URLResolver, include, path

from qingfeng.accounts.views import accounts, grants, handovers, liaisons, me, seats, settings, stand_ins

SIGN_IN: list[URLPattern | URLResolver] = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.account_inactive, name="account_inactive"),
    path("password/change/", sign_in.password_change, name="account_change_password"),
    path("reauthenticate/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("2fa/", me.second_factor, name="mfa_index"),
    path("2fa/", include("allauth.mfa.urls")),
]
"""What we use of allauth, by its own names. Sign-up, e-mail and reset by e-mail are not among them."""

ACCOUNTS = (
    [
        path("me/", me.me, name="me"),
        path("me/sessions/end/", me.end_other_sessions, name="end_other_sessions"),
        path("me/sessions/<str:digest>/end/", me.end_session, name="end_session"),
        path("accounts/", accounts.account_list, name="list"),
        path("accounts/export/", accounts.account_export, name="export"),
        path("accounts/open/", accounts.account_open, name="open"),
        path("accounts/<int:pk>/", accounts.account_detail, name="detail"),
        path("accounts/<int:pk>/grant/", grants.grant_give, name="give_grant"),
        path("accounts/<int:pk>/handover/", handovers.hand_over, name="hand_over_office"),
        path("accounts/<int:pk>/<slug:verb>/", accounts.account_act, name="act"),
        path("accounts/grants/", grants.grant_list, name="grants"),
        path("accounts/grants/export/", grants.grant_export, name="export_grants"),
        path("accounts/grants/<int:pk>/end/", grants.grant_end, name="end_grant"),
        path("accounts/grants/loose/", liaisons.loose_grants, name="loose_grants"),
        path("accounts/liaisons/", liaisons.liaison_list, name="liaisons"),
        path("accounts/liaisons/<int:pk>/name/", liaisons.liaison_name, name="name_liaison"),
        path("accounts/stand-ins/", stand_ins.stand_in_list, name="stand_ins"),
        path("accounts/stand-ins/export/", stand_ins.stand_in_export, name="export_stand_ins"),
        path("accounts/stand-ins/ask/", stand_ins.ask, name="ask_stand_in"),
        path("accounts/stand-ins/ask/<int:pk>/", stand_ins.ask, name="ask_stand_in_for"),
        path("accounts/stand-ins/<int:pk>/", stand_ins.stand_in_detail, name="stand_in"),
        path("accounts/stand-ins/<int:pk>/<slug:verb>/", stand_ins.stand_in_act, name="act_stand_in"),
        path("accounts/handovers/", handovers.handover_list, name="handovers"),
        path("accounts/handovers/export/", handovers.handover_export, name="export_handovers"),
        path("accounts/handovers/<int:pk>/", handovers.handover_detail, name="handover"),
        path("accounts/handovers/<int:pk>/give/", handovers.give, name="give_handover"),
        path("accounts/handovers/<int:pk>/take/", handovers.take, name="take_handover"),
        path("accounts/seats/", seats.seat_list, name="seats"),
        path("accounts/seats/<slug:role>/", seats.seat_hand_over, name="hand_over_seat"),
    ],
    "accounts",
)

SETTINGS = (
    [
        path("", settings.setting_list, name="list"),
        path("<str:key>/", settings.setting_edit, name="edit"),
    ],
    "settings",
)
