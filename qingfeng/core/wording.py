"""Django's own sentences about input, in the words our users would use; applied once when `core` is ready."""

from __future__ import annotations

from django import forms
from django.core import validators

FIELDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "这一项没有填。"},
    forms.BooleanField: {"required": "请先勾选这一项。"},
    forms.FileField: {
        "required": "请选择文件。",
        "invalid": "没有收到文件，请重新选择。",
        "missing": "没有收到文件，请重新选择。",
        "empty": "这个文件是空的。",
    },
    forms.ChoiceField: {"required": "请选择一项。", "invalid_choice": "请从列出的选项里选择。"},
    forms.MultipleChoiceField: {
        "required": "请至少选择一项。",
        "invalid_choice": "请从列出的选项里选择。",
        "invalid_list": "请从列出的选项里选择。",
    },
    forms.ModelChoiceField: {"required": "请选择一项。", "invalid_choice": "请从列出的选项里选择。"},
    forms.ModelMultipleChoiceField: {
        "required": "请至少选择一项。",
        "invalid_choice": "请从列出的选项里选择。",
        "invalid_list": "请从列出的选项里选择。",
        "invalid_pk_value": "请从列出的选项里选择。",
    },
    forms.IntegerField: {"invalid": "请填写整数，例如 12。"},
    forms.FloatField: {"invalid": "请填写数字，例如 1.5。"},
    forms.DecimalField: {"invalid": "请填写数字，例如 1.5。"},
    forms.DateField: {"invalid": "请填写日期，例如 2026-09-30。"},
    forms.DateTimeField: {"invalid": "请填写日期和时间，例如 2026-09-30 17:30。"},
    forms.TimeField: {"invalid": "请填写时间，例如 17:30。"},
    forms.URLField: {"invalid": "请填写完整的网址。"},
}
"""Sentences by form field; a field inherits those of its kind."""


def speak_plainly() -> None:
    """Put our sentences in the place of Django's."""
    for field, sentences in FIELDS.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
    validators.MaxValueValidator.message = "不能大于 %(limit_value)s。"
    validators.MinValueValidator.message = "不能小于 %(limit_value)s。"
    validators.MaxLengthValidator.message = "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"
    validators.MinLengthValidator.message = "至少 %(limit_value)d 个字，现在有 %(show_value)d 个。"
    validators.StepValueValidator.message = "请填写 %(limit_value)s 的整数倍。"
    validators.DecimalValidator.messages = {
        "invalid": "请填写数字，例如 1.5。",
        "max_digits": "最多 %(max)s 位数字。",
        "max_decimal_places": "小数点后最多 %(max)s 位。",
        "max_whole_digits": "小数点前最多 %(max)s 位。",
    }
