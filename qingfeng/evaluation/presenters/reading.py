"""What all pages of a round's results share: the round picker, the parts they are divided into, the head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import addresses
from qingfeng.organizations.enums import UnitClass

PARTS = (
    ("ranking", "名次和等次"),
    ("changes", "与上季相比"),
    ("heat_map", "热力图"),
    ("problems", "失分指标"),
    ("scorers", "评分部门"),
    ("revisions", "各版结果"),
)


@dataclass(frozen=True)
class Export:
    """The step that takes everything out: of all units, or of the class that is looked at."""

    label: str
    url: str


def export_of(round: Round, unit_class: str) -> Export:
    if unit_class:
        url = addresses.to("results_export", round.pk, **{"class": unit_class})
        return Export(f"导出{dict(UnitClass.choices)[unit_class]}类的结果和来历", url)
    return Export("导出全部结果和来历", addresses.to("results_export", round.pk))


@dataclass(frozen=True)
class ReadingPage:
    """A part of a round's results: which revision, which part, which other rounds there are."""

    round: Round
    revision: Revision
    part: str
    rounds: Sequence[tuple[str, str]]
    sees_others: bool

    @property
    def round_pk(self) -> int:
        return self.round.pk

    @property
    def picker_url(self) -> str:
        return addresses.to("result_list", part=self.part)

    @property
    def over(self) -> str:
        return self.round.title

    @property
    def tabs(self) -> list[Mapping[str, Any]]:
        if not self.sees_others:
            return []
        rows = [
            {"label": label, "url": addresses.to(name, self.round.pk), "active": name == self.part}
            for name, label in PARTS
        ]
        return [row for row in rows if row["url"]]

    @property
    def is_trial(self) -> bool:
        return self.revision.announced_at is None

    @property
    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = self.revision.summary
        return found

    @property
    def grades(self) -> list[tuple[str, str, int]]:
        """Return the grades with their codes, names and numbers of units, the best first."""
        counts = self.summary["grades"]
        return [(code, name, counts.get(code, 0)) for code, name in self.summary["grade_names"].items()]

    @property
    def counts(self) -> str:
        """Say how many units have each grade."""
        parts = [f"{name} {count} 个" for _, name, count in self.grades if count]
        return f"{self.summary['units']} 个单位：{'、'.join(parts)}" if parts else "还没有单位评出等次"

    @property
    def change_note(self) -> str:
        return "数字是一项指标使总分升降的分值；权重因不适用项调整的，不算升降"

    @property
    def mean_words(self) -> str:
        """Say the average and how many units were not scored."""
        mean, left = self.summary.get("mean"), self.summary["units"] - self.summary["scored"]
        said = "" if mean is None else f"全部单位平均 {mean:.2f} 分"
        return f"{said}，{left} 个单位没有可计分的内容" if left else said
