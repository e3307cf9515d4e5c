from __future__ import annotations

from django import forms

CLASSES = [("town", "镇街"), ("party", "党群"), ("government", "政府部门"), ("company", "国企事业")]
UNITS = [
    ("", "请选择单位"),
    *[(str(number), name) for number, name in enumerate(("云溪镇", "石桥镇", "翠屏街道", "市水利局"), 1)],
]


class SampleForm(forms.Form):
    """One field of each kind, as the form renderer shows it."""

    name = forms.CharField(label="轮次名称", max_length=40, help_text="通报和画像上这样称呼本轮评价。")
    unit = forms.ChoiceField(
        label="单位",
        choices=UNITS,
        widget=forms.Select(attrs={"data-search": ""}),
        help_text="可以输入几个字查找。",
    )
    kind = forms.ChoiceField(label="单位类别", choices=CLASSES)
    scope = forms.MultipleChoiceField(
        label="参评类别", choices=CLASSES, widget=forms.CheckboxSelectMultiple, required=False
    )
    vote = forms.ChoiceField(
        label="计票方式",
        choices=[("paper", "纸质测评汇总后导入"), ("online", "网上测评")],
        widget=forms.RadioSelect,
    )
    closes_on = forms.DateField(
        label="截止日期", widget=forms.DateInput(attrs={"type": "date"}), help_text="按工作日历顺延。"
    )
    points = forms.DecimalField(label="扣分", min_value=0, max_value=4, decimal_places=2)
    reason = forms.CharField(
        label="理由", widget=forms.Textarea(attrs={"rows": 3}), help_text="写明事实和依据，单位能看到。"
    )
    evidence = forms.FileField(
        label="佐证材料",
        required=False,
        widget=forms.FileInput(attrs={"data-max-bytes": 50 * 1024 * 1024}),
        help_text="PDF、Word、WPS 或图片，不超过 50 MB。涉密文件不得上传。",
    )
    agreed = forms.BooleanField(label="我已核对以上内容", required=True)


def faulty() -> SampleForm:
    """Return the form as it comes back with faults."""
    form = SampleForm(
        {
            "name": "2026 年第四季度",
            "unit": "",
            "kind": "town",
            "points": "7.5",
            "reason": "",
        },
        auto_id="bad_%s",
    )
    form.add_error(None, "有 6 处需要修改，已填的内容都还在。")
    return form
