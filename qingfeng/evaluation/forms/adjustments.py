from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from qingfeng.core.figures import plain
from qingfeng.evaluation.models.rounds import RoundUnit
from qingfeng.evaluation.scoring.settings import Adjustment


class AdjustmentForm(forms.Form):
    """A deduction or a bonus for one unit, as the scheme names it."""

    unit = forms.ChoiceField(label="单位")
    code = forms.ChoiceField(label="事项", widget=forms.RadioSelect)
    points = forms.DecimalField(
        label="分值", min_value=Decimal(0), max_digits=6, decimal_places=3, help_text="填正数，扣分也填正数。"
    )
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    reference = forms.CharField(label="依据", max_length=120, help_text="文件名称和文号，或会议纪要编号。")

    def __init__(
        self, *args: Any, units: Sequence[RoundUnit], entries: Sequence[Adjustment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        code: Any = self.fields["code"]
        unit.choices = [("", "请选择"), *((str(row.pk), row.short_name) for row in units)]
        unit.widget.attrs["data-search"] = ""
        code.choices = [
            (entry.code, f"{entry.name}（{plain(entry.low)} 至 {plain(entry.high)} 分）") for entry in entries
        ]
