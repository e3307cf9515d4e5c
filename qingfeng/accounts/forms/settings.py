from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from qingfeng.accounts.queries import policy
from qingfeng.core.preferences import Preference

SEPARATORS = re.compile(r"[、，,;；\s]+")


class ListField(forms.CharField):
    """Several short values on one line, numbers where the default holds numbers."""

    def __init__(self, *, of: type, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.of = of

    def prepare_value(self, value: Any) -> Any:
        return "、".join(str(part) for part in value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> Any:
        parts = [part for part in SEPARATORS.split(str(value or "").strip()) if part]
        try:
            return [self.of(part) for part in parts]
        except ValueError:
            raise ValidationError("只填数字，用顿号分开") from None

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError("请至少填一项")

    def run_validators(self, value: Any) -> None:
        """Check nothing more: the parts were checked one by one."""


def field_for(declared: Preference) -> forms.Field:
    """Return the form field of a setting's type. Raises TypeError where the type has none."""
    default = declared.default
    words: dict[str, Any] = {"label": declared.label, "help_text": _help(declared)}
    if declared.choices:
        return _choice(declared, words)
    if isinstance(default, bool):
        return forms.BooleanField(required=False, **words)
    if isinstance(default, int):
        return forms.IntegerField(min_value=declared.minimum, max_value=declared.maximum, **words)
    if isinstance(default, float):
        return forms.FloatField(min_value=declared.minimum, max_value=declared.maximum, **words)
    if isinstance(default, str):
        return forms.CharField(max_length=200, required=bool(default), **words)
    if isinstance(default, list):
        of = type(default[0]) if default else str
        return ListField(
            of=of, required=bool(default), **{**words, "help_text": f"{declared.help} 用顿号分开。".strip()}
        )
    raise TypeError(f"no form field for {declared.key}")


def _choice(declared: Preference, words: dict[str, Any]) -> forms.Field:
    if isinstance(declared.default, list):
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=declared.choices, required=False, widget=boxes, **words)
    return forms.ChoiceField(choices=declared.choices, **words)


def _help(declared: Preference) -> str:
    if declared.minimum is None or declared.maximum is None:
        return declared.help
    return f"{declared.help}（{declared.minimum} 至 {declared.maximum}）"


class SettingForm(forms.Form):
    """One setting, and the value that was shown when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, declared: Preference, current: Any, address: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.fields["value"] = field_for(declared)
        self.initial = {"value": current, "seen": json.dumps(current, ensure_ascii=False)}
        self.declared = declared

    def clean_seen(self) -> Any:
        try:
            return json.loads(self.cleaned_data["seen"])
        except ValueError:
            raise ValidationError("页面已过期，请刷新后再改") from None

    def clean_value(self) -> Any:
        """Check the value by the declaration's own bounds, as the action will."""
        value = self.cleaned_data["value"]
        fault = self.declared.fault_of(value)
        if fault:
            raise ValidationError(fault)
        if self.declared.key == policy.ADMIN_ADDRESSES.key and not policy.is_among(self.address, value):
            raise ValidationError(f"您现在的地址 {self.address} 不在其中，保存后您自己就登录不了")
        return value

    @property
    def choice(self) -> dict[str, Any]:
        """Return what the action takes: the value, and the one that was seen."""
        return {"value": self.cleaned_data["value"], "seen": self.cleaned_data["seen"]}

    def show_anew(self, typed: QueryDict, current: Any) -> None:
        """Keep what was typed, and take the value of now as seen, so that saving again is on purpose."""
        data = typed.copy()
        data["seen"] = json.dumps(current, ensure_ascii=False)
        self.data = data
