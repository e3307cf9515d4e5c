from __future__ import annotations

from django import forms


class DayForm(forms.Form):
    """A day that the commission declares to be a working day or a day off."""

    date = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期", "invalid": "日期须写成 2026-03-01"},
    )
    is_working = forms.TypedChoiceField(
        label="这一天",
        choices=[("", "请选择"), ("no", "放假"), ("yes", "上班")],
        coerce=lambda value: value == "yes",
        error_messages={"required": "请选择放假还是上班"},
    )
    reason = forms.CharField(
        label="依据",
        max_length=200,
        help_text="写明文件名称和文号，如“市政府办公室关于防汛期间工作安排的通知”",
        error_messages={"required": "请写明依据"},
    )
