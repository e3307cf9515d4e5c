"""Fields that several forms of the evaluation share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile


class ReasonForm(forms.Form):
    """Ask for a reason, in the words of the step."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, label: str = "理由", help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text
        self.fields["reason"].error_messages["required"] = f"请写明{label}"


class ReturnForm(ReasonForm):
    """Ask for a reason and a date by which the answer is due."""

    due_on = forms.DateField(
        label="补正期限",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选定补正期限", "invalid": "日期写法不对，应如 2026-09-30"},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["min"] = today.isoformat()


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Take any number of files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(ManyFilesField, self).clean(entry, initial) for entry in given if entry]


class WorkbookForm(forms.Form):
    """Take one Excel workbook."""

    workbook = forms.FileField(
        label="Excel 表格",
        help_text="请用本页下载的模板填写；有一处错误就整份不收，已有内容不变。",
        error_messages={"required": "请先选择要上传的 .xlsx 文件", "empty": "这是一个空文件，请重新选择"},
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
    )
