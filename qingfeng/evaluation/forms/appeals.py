"""What is typed about an appeal: grounds and files, the comment, the decision with its correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from qingfeng.evaluation.enums import AppealState, AppealSubject
from qingfeng.evaluation.forms.common import ManyFilesField

OUTCOMES = (
    (AppealState.GRANTED, "予以更正"),
    (AppealState.PARTLY, "部分更正"),
    (AppealState.REJECTED, "维持原分"),
)
WITHDRAW, CORRECT, CHOOSE = "withdraw", "correct", "choose"
WAYS = (
    (WITHDRAW, "这件事实不成立，撤销"),
    (CORRECT, "事实成立，更正数量或情节"),
    (CHOOSE, "事实成立，在幅度内另选分值"),
)


class AppealForm(forms.Form):
    """Why the unit objects, with what it rests on."""

    grounds = forms.CharField(
        label="为什么有异议",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="写清事实和依据：什么时间、什么材料、应当怎样计分。请勿写入涉密内容。",
        error_messages={"required": "请写明申诉理由"},
    )
    uploads = ManyFilesField(
        label="证明材料",
        required=False,
        help_text="可以一次选几个文件，也可以用手机拍照上传。请勿上传涉密文件。",
    )
    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, max_bytes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if max_bytes:
            self.fields["uploads"].widget.attrs["data-max-bytes"] = str(max_bytes)


class CommentForm(forms.Form):
    """How the point was made, in the words of those who made it."""

    text = forms.CharField(
        label="书面说明",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写清当时依据什么评定、单位说的材料是否见到。提交后不能再改。",
        error_messages={"required": "请写书面说明"},
    )


def _points(label: str, help_text: str, initial: Any = None) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, decimal_places=3, initial=initial
    )


class DecisionForm(forms.Form):
    """The decision with its reasons; what is asked for a correction depends on what is appealed."""

    outcome = forms.ChoiceField(
        label="复核结论",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "请选定复核结论"},
    )
    reasons = forms.CharField(
        label="复核意见",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明认定的事实、依据和理由。单位在页面上看得到全文。",
        error_messages={"required": "请写明复核意见"},
    )
    kind = ""

    def clean(self) -> dict[str, Any]:
        """Ask for the correction where the appeal is granted."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") in {AppealState.GRANTED, AppealState.PARTLY}:
            self.check_correction(cleaned)
        return cleaned

    def check_correction(self, cleaned: dict[str, Any]) -> None:
        """Say beside a field what the correction lacks."""

    def require(self, cleaned: dict[str, Any], name: str, sentence: str) -> None:
        if cleaned.get(name) is None and name not in self.errors:
            self.add_error(name, sentence)


class ReviewDecision(DecisionForm):
    def __init__(self, *args: Any, weight: Decimal, given: Decimal | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"] = _points("更正后的得分", f"满分 {weight:g} 分；维持原分的不填。", given)

    def check_correction(self, cleaned: dict[str, Any]) -> None:
        self.require(cleaned, "points", "请填写更正后的得分")


class FactDecision(DecisionForm):
    FLAGS = {"is_leader": "班子成员", "is_self_reported": "主动报告", "is_concealed": "瞒报"}

    def __init__(
        self, *args: Any, fact: Any, low: Decimal | None, high: Decimal | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        ways = [way for way in WAYS if way[0] != CHOOSE or low is not None]
        self.fields["way"] = forms.ChoiceField(
            label="怎么更正", choices=ways, widget=forms.RadioSelect, required=False
        )
        self.fields["quantity"] = forms.DecimalField(
            label="数量", required=False, decimal_places=2, initial=fact.quantity
        )
        for name, label in self.FLAGS.items():
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=getattr(fact, name))
        if low is not None:
            self.fields["points"] = _points("每件扣分", f"{low:g} 至 {high:g} 分")

    def check_correction(self, cleaned: dict[str, Any]) -> None:
        way = cleaned.get("way")
        if not way:
            self.add_error("way", "请选定怎么更正")
        if way == CORRECT:
            self.require(cleaned, "quantity", "请填写数量")
        if way == CHOOSE:
            self.require(cleaned, "points", "请填写每件扣分")


class ValueDecision(DecisionForm):
    PREFIX = "value_"

    def __init__(
        self, *args: Any, values: Mapping[str, Decimal], names: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = tuple(values)
        for code, value in values.items():
            self.fields[f"{self.PREFIX}{code}"] = forms.DecimalField(
                label=names.get(code, code), required=False, decimal_places=4, initial=value.normalize()
            )

    def check_correction(self, cleaned: dict[str, Any]) -> None:
        for code in self.codes:
            self.require(cleaned, f"{self.PREFIX}{code}", "请填写数值；没有变化的照原样填")

    def values(self) -> dict[str, Decimal]:
        return {code: self.cleaned_data[f"{self.PREFIX}{code}"] for code in self.codes}


class TallyDecision(DecisionForm):
    PREFIX = "count_"

    def __init__(
        self, *args: Any, answers: Sequence[tuple[str, str]], counts: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = tuple(code for code, _ in answers)
        for code, name in answers:
            self.fields[f"{self.PREFIX}{code}"] = forms.IntegerField(
                label=f"重新计票：{name}", required=False, min_value=0, initial=counts.get(code, 0)
            )

    def check_correction(self, cleaned: dict[str, Any]) -> None:
        for code in self.codes:
            self.require(cleaned, f"{self.PREFIX}{code}", "请填写重新计票的票数")

    def counts(self) -> dict[str, int]:
        return {code: self.cleaned_data[f"{self.PREFIX}{code}"] for code in self.codes}


FORMS: dict[str, type[DecisionForm]] = {
    AppealSubject.REVIEW: ReviewDecision,
    AppealSubject.FACT: FactDecision,
    AppealSubject.VALUE: ValueDecision,
    AppealSubject.TALLY: TallyDecision,
    AppealSubject.ADJUSTMENT: DecisionForm,
}
