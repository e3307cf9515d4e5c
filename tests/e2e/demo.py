"""What the demo city holds for a journey."""

from __future__ import annotations

from tests.e2e.stage import Stage

LATE = """
from qingfeng.evaluation.models.submissions import Submission
late = Submission.objects.filter(state="drafting").order_by("-pk").first()
print("late", late.pk, late.round_unit.code)
"""


def late_submission(city: Stage) -> tuple[str, str]:
    """Return the path of a submission that its unit has not handed in, and the unit's code."""
    printed = city.manage("shell", "-c", LATE)
    line = next(line for line in printed.splitlines() if line.startswith("late "))
    _, pk, code = line.split()
    return f"/evaluation/submissions/{pk}/", code
