"""What an officer types for a bulletin."""

from __future__ import annotations

from django import forms

from qingfeng.evaluation.scoring import bulletin


class RequirementsForm(forms.Form):
    """The requirements with which the bulletin ends, one paragraph a line."""

    requirements = forms.CharField(
        label="工作要求",
        max_length=4000,
        initial="\n".join(bulletin.REQUIREMENTS),
        help_text="一行一条，写进通报第五部分。其余部分由评价结果自动生成，起草后可以下载修改。",
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": "请写明工作要求"},
    )

    def lines(self) -> list[str]:
        text: str = self.cleaned_data["requirements"]
        return [line.strip() for line in text.splitlines() if line.strip()]
