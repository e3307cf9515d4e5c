"""What officers and keepers type: people, numbers, passphrases, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from qingfeng.accounts.models import User
from qingfeng.ballots.models import Keeper, Pool


class KeepersForm(forms.Form):
    """Choose the two keepers."""

    first = forms.ChoiceField(label="第一保管人", error_messages={"required": "请选定第一保管人"})
    second = forms.ChoiceField(label="第二保管人", error_messages={"required": "请选定第二保管人"})

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "请选择"), *((str(user.pk), f"{user.name}（{user.username}）") for user in people)]
        for name in ("first", "second"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.people = {str(user.pk): user for user in people}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("first") and values.get("first") == values.get("second"):
            raise forms.ValidationError("两位保管人必须是两个人")
        return values

    def chosen(self) -> list[User]:
        """Return both people, in the order of the seats."""
        return [self.people[self.cleaned_data[name]] for name in ("first", "second")]


def secret(label: str, help_text: str = "") -> forms.CharField:
    """Make a field for a passphrase: not shown, not remembered by the browser."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": f"请输入{label}"},
    )


class PassphraseForm(forms.Form):
    """Set a passphrase, twice the same."""

    passphrase = secret("口令", "用几个互不相干的词连成一句最好记。只有您知道，平台上不留。")
    again = secret("再输入一遍")
    is_understood = forms.BooleanField(
        label="我已抄好并妥善保管；我知道口令丢了，这一轮的票就全部打不开，谁也不能重置",
        error_messages={"required": "请确认您已抄好口令、知道丢失的后果"},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("again") and values.get("passphrase") != values["again"]:
            self.add_error("again", "两遍输入的不一样")
        return values


class TryForm(forms.Form):
    """Try whether a passphrase still opens the key."""

    passphrase = secret("口令")


class MixForm(forms.Form):
    """Take both passphrases at once."""

    def __init__(self, *args: Any, keepers: Sequence[Keeper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for keeper in keepers:
            self.fields[f"seat{keeper.seat}"] = secret(f"{keeper.user.name}的口令")

    def passphrases(self) -> dict[int, str]:
        return {int(name.removeprefix("seat")): text for name, text in self.cleaned_data.items()}


class SizesForm(forms.Form):
    """Say how many people each pool of a unit has."""

    def __init__(self, *args: Any, pools: Iterable[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pool in pools:
            self.fields[f"pool{pool.pk}"] = forms.IntegerField(
                label=pool.group_name, min_value=0, max_value=100_000, initial=pool.size, required=True,
                error_messages={"required": "请填人数，没有就填 0", "invalid": "人数是整数"},
            )  # fmt: skip

    def sizes(self) -> dict[int, int]:
        return {int(name.removeprefix("pool")): count for name, count in self.cleaned_data.items()}


class CodesForm(forms.Form):
    """Say how many codes to print for each pool of a unit, and on what paper."""

    layout = forms.ChoiceField(
        label="纸张",
        choices=[("slips", "纸条，每页 10 张，沿虚线剪开发放"), ("sheet", "整张，每页 24 个，供现场扫码")],
        widget=forms.RadioSelect,
        initial="slips",
    )

    def __init__(self, *args: Any, pools: Iterable[Pool], left: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pool in pools:
            most = max(left[pool.pk], 0)
            self.fields[f"pool{pool.pk}"] = forms.IntegerField(
                label=pool.group_name, min_value=0, max_value=most, initial=most, required=True,
                help_text=f"应参加 {pool.size} 人，还可印 {most} 张",
                error_messages={"required": "不印就填 0", "max_value": f"最多还能印 {most} 张"},
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not any(self.counts().values()):
            raise forms.ValidationError("请至少给一个群体填上张数")
        return values

    def counts(self) -> dict[int, int]:
        fields = self.cleaned_data.items()
        return {int(name.removeprefix("pool")): count for name, count in fields if name.startswith("pool")}


class PoolForm(forms.Form):
    """Choose one pool of a unit."""

    pool = forms.ChoiceField(label="群体", error_messages={"required": "请选择群体"})

    def __init__(self, *args: Any, pools: Iterable[Pool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pool"].choices = [(str(pool.pk), pool.group_name) for pool in pools]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Ask for a reason."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "请写明理由"},
    )


class ReceiptForm(forms.Form):
    """Take one receipt."""

    receipt = forms.CharField(label="回执号", max_length=40, error_messages={"required": "请输入回执号"})
