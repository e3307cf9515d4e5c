from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.accounts.actions import accounts, sign_in
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import policy
from qingfeng.accounts.views import gates
from qingfeng.core import clock, sealing

TOTP = "totp"
FACTOR_KEPT = "您的角色必须两步验证，不能自行解除。换手机或者手机丢失，请找安全管理员解除后重新绑定。"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in as we want it: opened accounts only, counted tries, a page for who is locked out."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "登录名或密码不对。",
        "too_many_login_attempts": "从这个网络来的登录失败太多，请十分钟后再试。",
        "incorrect_password": "密码不对。",
        "enter_current_password": "当前密码不对。",
        "incorrect_code": "验证码不对。请核对手机时间后，用最新的一组。",
        "rate_limited": "操作太快，请稍等再试。",
    }
    tries_left: int | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try by name and by address. Raises with the page of the locked, or a validation error."""
        super().pre_authenticate(request, **credentials)
        username = credentials.get("username", "")
        self.tries_left = sign_in.take_try(username=username, at=clock.now())
        if self.tries_left < 0:
            self._rollback_login_failed_rl_usage()
            sign_in.note_failure(
                action="sign_in.locked",
                username=username,
                at=clock.now(),
                address=self.get_client_ip(request),
            )
            raise ImmediateHttpResponse(locked_page(request, username))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            sign_in.give_tries_back(username=credentials.get("username", ""))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Lock the name with the last try. Raises with the page that says so."""
        if self.tries_left == 0:
            username = credentials.get("username", "")
            address = self.get_client_ip(request)
            sign_in.lock(username=username, at=clock.now(), address=address)
            raise ImmediateHttpResponse(locked_page(request, username))

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code in {"username_password_mismatch", "incorrect_password"} and self.tries_left:
            return ValidationError(
                f"{self.error_messages[code]}还可以再试 {self.tries_left} 次，之后登录名会被锁定。", code=code
            )
        error: ValidationError = super().validation_error(code, *args)
        return error

    def pre_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse | None:
        """Refuse an administrator who comes from an address that the settings do not name."""
        answer: HttpResponse | None = super().pre_login(request, user, **rest)
        address = self.get_client_ip(request)
        if answer is None and not policy.may_come_from(user, address):
            sign_in.note_failure(
                action="sign_in.address", username=user.username, at=clock.now(), address=address
            )
            return gates.address_page(request, address)
        return answer

    def set_password(self, user: User, password: str) -> None:
        accounts.change_password(user=user, password=password, at=clock.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"


class MFAAdapter(DefaultMFAAdapter):
    """Keep the authenticator's secret sealed, and name the commission's platform in the app."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": FACTOR_KEPT,
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not policy.must_have_factor(authenticator.user)

    def get_totp_issuer(self) -> str:
        return "清风"

    def encrypt(self, text: str) -> str:
        return sealing.seal(text, purpose=TOTP)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text, purpose=TOTP)


def locked_page(request: HttpRequest, username: str) -> HttpResponse:
    """Say until when the name is locked and who can open it; the same for a name that is nobody's."""
    now = clock.now()
    until = sign_in.locked_until(username=username, at=now) or now
    minutes = max(1, -(-(until - now) // dt.timedelta(minutes=1)))
    page = render(
        request or context.request, "account/locked.html", {"until": until, "minutes": minutes}, status=429
    )
    page["Retry-After"] = str(int((until - now).total_seconds()))
    page["Cache-Control"] = "no-store"
    return page
