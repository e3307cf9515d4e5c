from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from qingfeng.accounts.models import User
from qingfeng.accounts.queries import accounts as queries
from qingfeng.core.errors import Refused
from qingfeng.core.roles import ADMIN_ROLES, UNIT_BOUND_ROLES, Role
from qingfeng.organizations.models import Person, Unit

GRANTABLE = [(role.value, role.label) for role in Role if role not in ADMIN_ROLES]


DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def reason_field(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="依据", max_length=200, help_text=help_text, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReasonForm(forms.Form):
    """Why an administrator does it."""

    reason = reason_field("写明文件、申请或情形，不写案情。")


class OpenForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label="登录名", max_length=40, help_text="3 至 40 个小写字母、数字、点、横线，以字母开头。"
    )
    name = forms.CharField(label="姓名", max_length=40)
    person = forms.CharField(
        label="人员编号", required=False, help_text="与“人员”名册中的编号相同；名册里没有的可以不填。"
    )
    reason = reason_field("如“新任职”及文号。")

    def clean_person(self) -> Person | None:
        """Find the person by code."""
        code = self.cleaned_data["person"].strip()
        if not code:
            return None
        person = queries.person_by_code(code)
        if person is None:
            raise ValidationError(f"人员名册里没有编号“{code}”")
        return person


class UnitChoice(forms.ModelChoiceField[Unit]):
    def label_from_instance(self, obj: Unit) -> str:
        return str(obj.short_name)


class GrantForm(forms.Form):
    """A role for an account."""

    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *GRANTABLE])
    unit = UnitChoice(
        label="单位",
        queryset=None,
        required=False,
        empty_label="全部单位",
        help_text="只在所选单位范围内有效。单位的负责人、联络员，派驻组、镇纪委、评分部门、数据报送人须选单位。",
    )
    starts_on = forms.DateField(label="生效日期", widget=DAY)
    ends_on = forms.DateField(
        label="截止日期",
        required=False,
        widget=DAY,
        help_text="到这一天为止（含当天）；不填为长期。",
    )
    reason = reason_field("如任职文件、抽调通知及文号。")

    def __init__(self, *args: Any, today: dt.date, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today

    def clean_starts_on(self) -> dt.date:
        """Refuse to date a grant back."""
        date: dt.date = self.cleaned_data["starts_on"]
        if date < self.today:
            raise ValidationError("生效日期不得早于今天")
        return date

    def clean(self) -> dict[str, Any]:
        """Ask for a unit where the role means nothing without one, and for dates in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") in UNIT_BOUND_ROLES and cleaned.get("unit") is None:
            self.add_error("unit", f"“{Role(cleaned['role']).label}”须选单位")
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", "截止日期不得早于生效日期")
        return cleaned


class PersonChoice(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}（{obj.username}）"


class HandOverForm(forms.Form):
    """Who takes the seat, and why."""

    to = PersonChoice(
        label="接任人",
        queryset=None,
        empty_label="请选择",
        help_text="只列出启用的、没有任何角色的账号：三员不得兼任业务角色。",
    )
    reason = reason_field("如任免文件及文号。")

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


def take_refusal(form: forms.Form, refusal: Refused) -> None:
    """Show on the form, with what was typed kept, why the action could not accept it."""
    for sentence in refusal.sentences:
        form.add_error(None, sentence)
