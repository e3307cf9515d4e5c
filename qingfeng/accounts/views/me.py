from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from qingfeng.accounts.actions import accounts as actions
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import accounts as queries
from qingfeng.accounts.queries import policy, stand_ins
from qingfeng.accounts.views.requests import user_of
from qingfeng.core import clock
from qingfeng.core.roles import Role


def me(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    standing = queries.standing(user, request.session.session_key)
    context = {
        "title": _title(user),
        "account": user,
        "seat": Role(user.seat_role).label if user.seat_role else "",
        "grants": user.held_grants,
        "password_due": policy.password_expires_at(user),
        "standing": standing,
        "absences": stand_ins.open_of(user),
        "elsewhere": [session for session in standing.sessions if not session.is_current],
    }
    return render(request, "accounts/me.html", context)


def _title(user: User) -> str:
    if user.seat_role:
        return f"您现任{Role(user.seat_role).label}"
    return f"您现有 {len(user.held_grants)} 个角色" if user.held_grants else "您现在没有角色"


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    ended = actions.end_sessions(account=user, by=user, at=clock.now(), keep=request.session.session_key)
    messages.success(request, f"已退出其他 {ended} 处登录。" if ended else "没有别处的登录。")
    return redirect("accounts:me")


@require_POST
def end_session(request: HttpRequest, digest: str) -> HttpResponse:
    user = user_of(request)
    is_ended = actions.end_session(account=user, key_digest=digest, by=user, at=clock.now())
    messages.success(request, "已退出那一处登录。" if is_ended else "那一处已经退出了。")
    return redirect("accounts:me")


class SecondFactor(IndexView):
    """The library's page of the second factor, which also says why it may not be removed."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        must = policy.must_have_factor(user_of(self.request))
        return {**super().get_context_data(**given), "must_have_factor": must}


second_factor = SecondFactor.as_view()
