from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from qingfeng.core.errors import Refused
from qingfeng.documents.actions.files import Upload
from qingfeng.documents.actions.issuing import Addressee
from qingfeng.documents.enums import Genre
from qingfeng.documents.models.official import NumberSeries
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Unit

_BETWEEN = re.compile(r"[\n\r;；、]+")


class UploadField(forms.FileField):
    """A file as an action takes it: its name and its bytes."""

    def __init__(self, *, label: str, help_text: str, accept: str) -> None:
        attrs = {"data-max-bytes": settings.QINGFENG_MAX_FILE_BYTES, "accept": accept}
        super().__init__(label=label, help_text=help_text, widget=forms.FileInput(attrs=attrs))

    def clean(self, data: Any, initial: Any = None) -> Upload:
        """Read the upload; a file over the limit is refused before it is read."""
        file = super().clean(data, initial)
        if file.size > settings.QINGFENG_MAX_FILE_BYTES:
            limit = settings.QINGFENG_MAX_FILE_BYTES // 1024 // 1024
            raise ValidationError(f"文件超过 {limit} MB 的上限，请压缩或拆分后再上传")
        return str(file.name), file.read()


def text_field(help_text: str) -> UploadField:
    return UploadField(
        label="正文文件", help_text=f"docx 文件。{help_text}涉密文件不得上传。", accept=".docx"
    )


def reason_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        help_text="写明情形和依据，收文单位能看到。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DraftForm(forms.Form):
    """A new document from a text written in WPS or Word."""

    kind = forms.ChoiceField(label="文种", choices=Genre.choices)
    title = forms.CharField(label="标题", max_length=200, help_text="与正文标题一致。")
    upload = text_field("在发文字号的位置保留“【发文字号】”几个字，印发时由系统编号。")


class EditForm(forms.Form):
    """A text back from WPS or Word."""

    upload = text_field("保留“【发文字号】”几个字，印发时由系统编号。")
    note = forms.CharField(
        label="修改说明", max_length=200, required=False, help_text="如“按分管领导意见修改”。"
    )


class ReasonForm(forms.Form):
    """Why a draft is given up or a document withdrawn."""

    reason = reason_field("原因")


class ScanForm(forms.Form):
    """The scan of the stamped copy."""

    upload = UploadField(
        label="盖章扫描件",
        help_text="PDF、OFD 或图片。涉密文件不得上传。",
        accept=".pdf,.ofd,.jpg,.jpeg,.png,.tif,.tiff",
    )
    note = forms.CharField(label="说明", max_length=200, required=False)


class CorrectForm(forms.Form):
    """A corrected copy under the same number."""

    upload = text_field("更正稿须带原发文字号。")
    reason = reason_field("更正原因")


class SeriesChoice(forms.ModelChoiceField[NumberSeries]):
    def label_from_instance(self, obj: NumberSeries) -> str:
        return f"{obj}，下一号为 {obj.next_number}号"


class UnitChoices(forms.ModelMultipleChoiceField[Unit]):
    def label_from_instance(self, obj: Unit) -> str:
        return str(obj.short_name)


class IssueForm(forms.Form):
    """Number and recipients of a document that goes out."""

    series = SeriesChoice(label="发文字号", queryset=None, empty_label=None)
    units = UnitChoices(
        label="主送单位",
        queryset=None,
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": "", "size": 8}),
        help_text="平台内的单位，印发后能在“文书”里看到。可以输入几个字查找。",
    )
    classes = forms.MultipleChoiceField(
        label="主送整类单位",
        choices=UnitClass.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选的类别里现有的单位全部主送。",
    )
    others = forms.CharField(
        label="其他主送机关",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="平台外的机关，一行一个。",
    )
    copies = forms.CharField(
        label="抄送机关", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="一行一个。"
    )
    agreed = forms.BooleanField(label="我已核对正文和收文单位，印发后不再改动")

    def __init__(self, data: Any, *, series: QuerySet[NumberSeries], units: QuerySet[Unit]) -> None:
        super().__init__(data)
        self._units = units
        self.fields["series"].queryset = series  # type: ignore[attr-defined]
        self.fields["units"].queryset = units  # type: ignore[attr-defined]

    def addressees(self) -> list[Addressee]:
        """Give everybody whom the form names."""
        data = self.cleaned_data
        whole = [unit for unit in self._units if unit.unit_class in data["classes"]]
        named = [Addressee(unit.name, unit.pk) for unit in (*whole, *data["units"])]
        named += [Addressee(name) for name in _names(data["others"])]
        return named + [Addressee(name, is_copy=True) for name in _names(data["copies"])]


class SeriesForm(forms.Form):
    """A new series of numbers."""

    word = forms.CharField(label="发文代字", max_length=20, help_text="如“云纪通”，不含年份和括号。")
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2099)
    first_number = forms.IntegerField(
        label="起始号", min_value=1, initial=1, help_text="当年已在纸面上编到 8 号的，从 9 开始。"
    )


def take_refusal(form: forms.Form, refusal: Refused) -> None:
    """Show an action's sentences above the form; what was filled in stays."""
    for sentence in refusal.sentences:
        form.add_error(None, sentence)


def _names(text: str) -> list[str]:
    return [name.strip()[:80] for name in _BETWEEN.split(text) if name.strip()]
