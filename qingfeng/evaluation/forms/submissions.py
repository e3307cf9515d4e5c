from __future__ import annotations

from typing import Any

from django import forms

from qingfeng.evaluation.forms.common import ManyFilesField

LONGEST = 20_000


class ReportForm(forms.Form):
    """The self-report; an empty one may be kept as a draft."""

    self_report = forms.CharField(
        label="自评报告",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="写本季度做了什么、还有哪些不足、下一步怎么改。写一半可以先保存，以后接着写。",
    )
    lock = forms.IntegerField(widget=forms.HiddenInput)

    def with_lock(self, lock: int) -> ReportForm:
        """Return the form with what was typed, on top of what somebody else saved meanwhile."""
        self.data = {**self.data.dict(), "lock": str(lock)}  # type: ignore[attr-defined]
        return self


class EvidenceForm(forms.Form):
    """The evidence for one indicator: words and files."""

    text = forms.CharField(
        label="情况说明",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="简要写清做了什么、什么时间、有什么结果。",
    )
    uploads = ManyFilesField(
        label="材料文件",
        required=False,
        help_text="可以一次选几个文件，也可以用手机拍照上传。请勿上传涉密文件。",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, max_bytes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if max_bytes:
            self.fields["uploads"].widget.attrs["data-max-bytes"] = str(max_bytes)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("text", "").strip() and not cleaned.get("uploads"):
            self.add_error("text", "请写情况说明，或者上传材料文件")
        return cleaned


class HandInForm(forms.Form):
    """Ask for the unit's word where indicators have no evidence."""

    with_gaps = forms.BooleanField(
        label="这些项目确实没有材料，就这样提交",
        error_messages={"required": "请补齐材料；确实没有的，勾选后再提交"},
    )
