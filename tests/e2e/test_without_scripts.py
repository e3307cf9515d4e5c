"""The platform in a browser that runs no scripts: signing in, and a unit's hand-in from end to end."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page, expect

from qingfeng.shell.demo import roster
from tests.e2e.stage import Stage
from tests.e2e.visitor import PHONE, Visitor

LATE = """
from qingfeng.evaluation.models.submissions import Submission
late = Submission.objects.filter(state="drafting").order_by("-pk").first()
print("late", late.pk, late.round_unit.code)
"""

SIGNATURES: FilePayload = {"name": "签到表.txt", "mimeType": "text/plain", "buffer": "签到 12 人".encode()}


def late_submission(city: Stage) -> tuple[str, str]:
    """Return the path of a submission that its unit has not handed in, and the unit's code."""
    printed = city.manage("shell", "-c", LATE)
    line = next(line for line in printed.splitlines() if line.startswith("late "))
    _, pk, code = line.split()
    return f"/evaluation/submissions/{pk}/", code


def write_evidence(visit: Visitor, path: str) -> None:
    """Write every item, one page after the other, as the buttons lead."""
    page = visit.page
    page.locator("#evidence .qf-list-title").first.click()
    for number in range(1, 60):
        page.get_by_label("情况说明").fill(f"第{number}项：会议纪要、签到表各1份。")
        if number == 1:
            page.locator("input[type=file]").set_input_files(SIGNATURES)
            visit.look()
        page.locator("button[name=next]").click()
        if page.url.endswith(path):
            return
    raise AssertionError("the items do not end")


def confirm(page: Page, label: str) -> None:
    page.get_by_role("link", name=label).click()
    page.get_by_role("button", name=label).click()


def test_hand_in_a_submission_without_scripts_reaches_the_signature(
    visit_with: Callable[..., Visitor], city: Stage
) -> None:
    # Given a liaison at a phone that runs no scripts, with a submission that is not handed in
    path, unit = late_submission(city)
    visit = visit_with(city, PHONE, scripts=False)
    visit.sign_in(roster.username_of("unit_liaison", unit))
    page = visit.visit(path)

    # When the report and every item is written, and handed in
    page.get_by_label("自评报告").fill("本季度对照责任清单逐项落实，不足之处已列入整改。")
    page.get_by_role("button", name="保存自评报告").click()
    visit.look()
    write_evidence(visit, path)
    confirm(page, "提交负责人审签")

    # Then the unit's head finds it waiting, and signs it
    visit.look()
    expect(page.locator("main")).to_contain_text("已提交")
    visit.sign_in(roster.username_of("unit_head", unit))
    visit.visit(path)
    confirm(page, "审签报送")
    visit.look()
    expect(page.locator(".qf-under")).to_contain_text("审签")
