"""What is typed on the way in, and what a new password must be."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.http import QueryDict

from qingfeng.accounts.actions import sign_in
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import policy
from qingfeng.core import clock


class LengthAndClasses:
    """Ask for the length and the number of character classes that the settings say."""

    def validate(self, password: str, user: User | None = None) -> None:
        rule = policy.password_policy()
        classes = [
            any(c.isupper() for c in password),
            any(c.islower() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        ]
        faults = []
        if len(password) < rule.min_length:
            faults.append(f"密码只有 {len(password)} 位，至少要 {rule.min_length} 位。")
        if sum(classes) < rule.classes:
            faults.append(
                f"大写字母、小写字母、数字、符号四类中只用了 {sum(classes)} 类，至少要 {rule.classes} 类。"
            )
        if faults:
            raise ValidationError(faults, code="password_weak")

    def get_help_text(self) -> str:
        return policy.password_policy().sentence


class NotUsedLately:
    """Refuse the present password and the last ones, as many as the settings say."""

    def validate(self, password: str, user: User | None = None) -> None:
        count = policy.password_policy().history
        if user is None or user.pk is None or not count:
            return
        if any(check_password(password, encoded) for encoded in policy.last_passwords(user, count)):
            raise ValidationError(f"不得与最近 {count} 次用过的密码相同。", code="password_used")

    def get_help_text(self) -> str:
        return ""


class SignInForm(allauth_forms.LoginForm):
    """Login name and password, labelled in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"login": "登录名", "password": "密码"})
        self.fields["password"].help_text = ""

    @property
    def why_here(self) -> str:
        """Say why the page appears, where it was not asked for."""
        asked: QueryDict = self.request.GET
        words = []
        if asked.get("idle"):
            minutes = asked.get("minutes", "")
            words.append(
                f"您有 {minutes} 分钟没有操作，已自动退出登录。"
                if minutes.isdigit()
                else "您很久没有操作，已自动退出登录。"
            )
        if asked.get("unsaved"):
            words.append("刚才提交的内容没有收下：登录后按浏览器的“后退”，可以找回已填的内容再提交。")
        return "".join(words)

    @property
    def lock_words(self) -> str:
        """Say what happens to wrong passwords, by the settings."""
        failures, duration = policy.lockout()
        return f"连续输错 {failures} 次，登录名锁定 {int(duration.total_seconds()) // 60} 分钟。"


class PasswordChangeForm(allauth_forms.ChangePasswordForm):
    """The present password once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"oldpassword": "当前密码", "password1": "新密码", "password2": "再输一次新密码"})
        self.fields["password1"].help_text = policy.password_policy().sentence
        self.fields["oldpassword"].help_text = ""

    @property
    def why_here(self) -> str:
        """Say why the page appears, where it was not asked for."""
        if self.user.must_change_password:
            return "您用的是临时密码，请先改成只有自己知道的密码，再继续。"
        due = policy.password_expires_at(self.user)
        if due is not None and clock.now() >= due:
            return f"密码已满 {policy.password_policy().age_days} 天，请先换一个，再继续。"
        return ""

    def clean(self) -> dict[str, Any]:
        """Say in our words that the two differ."""
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "两次输入的新密码不一致。")
        return cleaned


class AgainForm(allauth_forms.ReauthenticateForm):
    """The password once more, before the second factor is touched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"password": "密码"})
        self.fields["password"].help_text = ""


USED_WORDS = "这组验证码已经用过，请等手机上换出下一组，再输入。"


class CountedCode:
    """Count the tries of a code by its owner's name, lock them, and let no code pass twice.

    The library forgets a used code after 30 seconds, while the tolerance keeps it right for 90.
    """

    user: User

    def clean_code(self) -> str:
        at = clock.now()
        left = sign_in.take_factor_try(user=self.user, at=at)
        if left < 0:
            raise ValidationError(self._locked_words(at), code="locked")
        if sign_in.is_code_used(user=self.user, code=self.cleaned_data["code"]):  # type: ignore[attr-defined]
            raise ValidationError(USED_WORDS, code="used")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            if left == 0:
                sign_in.lock_factor(user=self.user, at=at, address=_address())
                raise ValidationError(self._locked_words(at), code="locked") from None
            raise
        if not sign_in.use_code(user=self.user, code=code):
            raise ValidationError(USED_WORDS, code="used")
        return code

    def _locked_words(self, at: dt.datetime) -> str:
        until = sign_in.locked_until(username=self.user.username + sign_in.FACTOR, at=at) or at
        minutes = max(1, -(-(until - at) // dt.timedelta(minutes=1)))
        return f"验证码连续输错太多次，已锁定，{minutes} 分钟后再试；急用的，请系统管理员解除锁定。"


def _address() -> str:
    request = context.request
    return str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""


class FactorForm(CountedCode, factor_forms.AuthenticateForm):
    """The code of the authenticator, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"code": "验证码或恢复码"})


class FactorAgainForm(CountedCode, factor_forms.ReauthenticateForm):
    """The code once more, before the second factor is touched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"code": "验证码或恢复码"})


class FactorActivationForm(CountedCode, totp_forms.ActivateTOTPForm):
    """The first code that the authenticator shows."""

    @property
    def why_here(self) -> str:
        """Say why the page appears, where it was not asked for."""
        if not policy.must_have_factor(self.user):
            return ""
        return "您的角色必须两步验证。请现在用手机绑定验证器，绑定之后才能办别的事。"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self, {"code": "手机上显示的六位验证码"})


def _label(form: forms.Form, labels: dict[str, str]) -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)
