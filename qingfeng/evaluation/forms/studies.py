"""What is typed about a study of judgements: what it weighs, who is asked, and the judgements themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from qingfeng.accounts.models import User
from qingfeng.evaluation.scoring import ahp, ahp_words

PLACES = [("0", "整数"), ("1", "一位小数"), ("2", "两位小数"), ("3", "三位小数")]


class StudyForm(forms.Form):
    """What is to be weighed, and how finely."""

    what = forms.ChoiceField(label="给什么定权重")
    places = forms.TypedChoiceField(
        label="权重保留", choices=PLACES, coerce=int, help_text="舍入后合计分毫不差：零头按最大余额法分配。"
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["what"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = list(choices)

    @property
    def target(self) -> tuple[str, str]:
        """Return what is weighed, and within which dimension."""
        target, _, part = self.cleaned_data["what"].partition(":")
        return target, part


class PersonChoice(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}（{obj.username}）"


class InviteForm(forms.Form):
    """A person with an account, who fills the matrix himself."""

    person = PersonChoice(label="专家", queryset=None, empty_label="请选择", help_text="只列出启用的账号。")
    post = forms.CharField(label="单位和职务", max_length=80, required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    """An expert who filled a paper questionnaire."""

    name = forms.CharField(label="专家姓名", max_length=40, error_messages={"required": "请填写专家姓名"})
    post = forms.CharField(label="单位和职务", max_length=80, required=False)
    judged_on = forms.DateField(
        label="问卷填写日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请选定问卷填写日期", "invalid": "日期写法不对，应如 2026-09-30"},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["judged_on"].widget.attrs["max"] = today.isoformat()


class ApplyForm(forms.Form):
    """The draft that the officer has before him, by its digest."""

    digest = forms.CharField(widget=forms.HiddenInput)


def judgements_from(data: Mapping[str, Any], pairs: Sequence[ahp.Pair]) -> tuple[dict[ahp.Pair, int], bool]:
    """Read the judged pairs off a page, and whether each was one of the choices offered."""
    found: dict[ahp.Pair, int] = {}
    offered = {str(one): one for one in ahp.SCALE}
    is_sound = True
    for pair in pairs:
        text = str(data.get(ahp_words.field_of(pair), "")).strip()
        if text in offered:
            found[pair] = offered[text]
        elif text:
            is_sound = False
    return found, is_sound
