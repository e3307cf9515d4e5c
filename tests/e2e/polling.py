"""An urn that is ready to be kept, run in a process of its own (`manage.py shell -c "..."`)."""

from __future__ import annotations

from qingfeng.accounts.queries import lookups
from qingfeng.ballots.actions import urns
from qingfeng.core import clock
from qingfeng.core.references import Reference
from qingfeng.organizations import queries as organizations

PREPARE = "from tests.e2e import polling; print(polling.prepare())"
VOTERS = 6
QUESTIONS = (
    "单位落实中央八项规定精神的情况",
    "整治文山会海、层层加码、过度留痕的情况",
    "群众来办事，办得快不快、态度好不好",
    "干部带头讲真话、听意见的情况",
)
ANSWERS = (("good", "满意"), ("fair", "基本满意"), ("bad", "不满意"), ("unknown", "不了解"))


def prepare() -> int:
    """Prepare an urn about one town and return its id."""
    officer = lookups.everybody()["dangfeng"]
    unit = organizations.units_by_code(["Z01"])["Z01"]
    made = urns.prepare(
        subject=Reference("round", 999_001),
        title="2026 年第四季度政治生态评价",
        questions=[urns.QuestionDraft(f"Q{n}", text) for n, text in enumerate(QUESTIONS, start=1)],
        answers=[urns.AnswerDraft(code, label, code != "unknown") for code, label in ANSWERS],
        pools=[urns.PoolDraft(unit, "staff", "干部职工", VOTERS)],
        minimum=5,
        by=officer,
        at=clock.now(),
    )
    return made.pk
