"""What is typed about stand-ins, hand-overs and liaison officers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from qingfeng.accounts.enums import LeaveKind
from qingfeng.accounts.forms.accounts import DAY, PersonChoice, reason_field
from qingfeng.accounts.models import Grant, User


class GrantChoices(forms.ModelMultipleChoiceField[Grant]):
    def label_from_instance(self, obj: Grant) -> str:
        until = f"，至 {obj.ends_on:%Y-%m-%d}" if obj.ends_on else ""
        return f"{obj}（{obj.unit or '全部单位'}）{until}"


class GrantChoice(forms.ModelChoiceField[Grant]):
    def label_from_instance(self, obj: Grant) -> str:
        return f"{obj.user.name}，{obj.starts_on:%Y-%m-%d} 起"


class StandInForm(forms.Form):
    """Who stands in, in which roles, why and when."""

    grants = GrantChoices(
        label="代理哪些角色",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="只有勾选的角色交给代理人；其余的，和点名送本人的事，都等本人回来。",
    )
    deputy = PersonChoice(label="代理人", queryset=None, empty_label="请选择")
    leave_kind = forms.ChoiceField(label="离岗原因", choices=[("", "请选择"), *LeaveKind.choices])
    starts_on = forms.DateField(label="开始日期", widget=DAY, help_text="从这一天零时起。")
    ends_on = forms.DateField(
        label="结束日期", widget=DAY, help_text="到这一天为止（含当天），到期自动结束。"
    )
    reason = reason_field("如请假审批单及文号，不写病情和案情。")

    def __init__(
        self,
        *args: Any,
        grants: QuerySet[Grant],
        deputies: QuerySet[User],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grants"].queryset = grants  # type: ignore[attr-defined]
        self.fields["deputy"].queryset = deputies  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today


class HandoverForm(forms.Form):
    """To whom an office goes, which roles, and when."""

    grants = GrantChoices(label="移交哪些角色", queryset=None, widget=forms.CheckboxSelectMultiple)
    taker = PersonChoice(label="接收人", queryset=None, empty_label="请选择")
    last_day = forms.DateField(
        label="移交人最后一天",
        widget=DAY,
        help_text="移交人的角色到这一天为止，接收人从第二天起有同样的角色。",
    )
    reason = reason_field("如任免、调动文件及文号。")

    def __init__(
        self,
        *args: Any,
        grants: QuerySet[Grant],
        takers: QuerySet[User],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grants"].queryset = grants  # type: ignore[attr-defined]
        self.fields["taker"].queryset = takers  # type: ignore[attr-defined]
        self.fields["last_day"].initial = today


class LiaisonForm(forms.Form):
    """Who becomes the unit's liaison officer, and whom he replaces."""

    to = PersonChoice(
        label="新联络员",
        queryset=None,
        empty_label="请选择",
        help_text="只列出本单位的、已开账号的人。没有账号的，请系统管理员先开户。",
    )
    replaces = GrantChoice(label="接替谁", queryset=None, required=False, empty_label="不接替，另加一人")
    starts_on = forms.DateField(label="开始日期", widget=DAY)
    reason = reason_field("如单位分工通知及文号。")

    def __init__(
        self,
        *args: Any,
        candidates: QuerySet[User],
        present: QuerySet[Grant],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = candidates  # type: ignore[attr-defined]
        self.fields["replaces"].queryset = present  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today


class LooseForm(forms.Form):
    """Which grants are ended in one act, and why."""

    grants = GrantChoices(label="收回哪些", queryset=None, widget=forms.CheckboxSelectMultiple)
    reason = reason_field("如单位合并、免职文件及文号。")

    def __init__(self, *args: Any, loose: QuerySet[Grant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grants"].queryset = loose  # type: ignore[attr-defined]
