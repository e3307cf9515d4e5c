from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.decisions.queries.chains import Chain
from qingfeng.documents.actions.files import Upload

LONG = forms.Textarea(attrs={"rows": 5})
LEVELS = 6
AGREE, REFUSE, RETURN = "agree", "refuse", "return"


class PaperField(forms.FileField):
    """A paper as an action takes it: its name and its bytes."""

    def __init__(self, *, required: bool = False, label: str = "附件") -> None:
        attrs = {"data-max-bytes": settings.QINGFENG_MAX_FILE_BYTES}
        super().__init__(
            label=label,
            required=required,
            help_text="依据、名单等材料，可以不附。涉密文件不得上传。",
            widget=forms.FileInput(attrs=attrs),
        )

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        """Read the upload; a file over the limit is refused before it is read."""
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > settings.QINGFENG_MAX_FILE_BYTES:
            limit = settings.QINGFENG_MAX_FILE_BYTES // 1024 // 1024
            raise ValidationError(f"文件超过 {limit} MB 的上限，请压缩或拆分后再上传")
        return str(file.name), file.read()


class AskForm(forms.Form):
    """What is put before the leaders."""

    title = forms.CharField(label="事项", max_length=200, help_text="如“关于印发第一季度评价通报的请示”。")
    body = forms.CharField(
        label="拟办意见", widget=forms.Textarea(attrs={"rows": 8}), help_text="写明事由、依据和建议怎么办。"
    )
    paper = PaperField()

    def papers(self) -> list[Upload]:
        paper = self.cleaned_data.get("paper")
        return [paper] if paper else []


class OpinionForm(forms.Form):
    """A leader's opinion on a request."""

    choice = forms.ChoiceField(label="意见", widget=forms.RadioSelect)
    text = forms.CharField(
        label="批示",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="同意的可以不写；不同意、退回补充的请写明理由。",
    )

    def __init__(self, data: Any, *, is_last: bool) -> None:
        super().__init__(data)
        agree = "同意" if is_last else "拟同意，转下一级"
        field: Any = self.fields["choice"]
        field.choices = [(AGREE, agree), (REFUSE, "不同意"), (RETURN, "退回补充")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("choice") in {REFUSE, RETURN} and not (data.get("text") or "").strip():
            self.add_error("text", "不同意、退回补充的请写明理由")
        return data


class ReasonForm(forms.Form):
    """Why something is taken back or cancelled."""

    reason = forms.CharField(label="原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PaperForm(forms.Form):
    paper = PaperField(required=True)


class ChainForm(forms.Form):
    """Which roles sign in which order, and on what basis."""

    basis = forms.CharField(label="依据", max_length=200, help_text="如“本机关公文处理规定”。")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, chain: Chain) -> None:
        initial = {"basis": chain.basis if chain.own else "", "revision": chain.revision}
        super().__init__(data, initial=initial)
        roles = [(str(role), role.label) for role in Role if role in COMMISSION_ROLES]
        for place in range(LEVELS):
            self.fields[f"level_{place + 1}"] = forms.ChoiceField(
                label=f"第 {place + 1} 级",
                choices=[("", "无"), *roles],
                required=place == 0,
                initial=str(chain.roles[place]) if place < len(chain.roles) else "",
            )
        self.order_fields([f"level_{place + 1}" for place in range(LEVELS)])

    def roles(self) -> list[str]:
        values = [self.cleaned_data.get(f"level_{place + 1}", "") for place in range(LEVELS)]
        return [value for value in values if value]


class MatterForm(forms.Form):
    """A matter for the committee."""

    title = forms.CharField(label="议题", max_length=200, help_text="如“审定第一季度政治生态评价结果”。")
    summary = forms.CharField(
        label="汇报提纲",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="写明提请审议什么、依据什么、建议怎么定。",
    )
