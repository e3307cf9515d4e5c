"""What an officer types about a scheme as a whole."""

from __future__ import annotations

from django import forms


class DraftForm(forms.Form):
    """Why the next version is begun."""

    note = forms.CharField(
        label="说明",
        max_length=200,
        required=False,
        help_text="改什么、为什么改，例如：常委会要求提高作风建设权重",
    )


class CopyForm(forms.Form):
    """Another scheme, begun as a copy."""

    name = forms.CharField(label="方案名称", max_length=80)
    slug = forms.SlugField(
        label="标识",
        max_length=40,
        help_text="字母、数字和短横线，例如 yunchuan-2027；以后不再改",
        error_messages={"invalid": "只能用字母、数字、短横线和下划线"},
    )


class RetireForm(forms.Form):
    """Why a version is taken out of use."""

    reason = forms.CharField(
        label="停用理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明停用理由"},
    )
