"""The platform in a browser that runs no scripts: signing in, and a unit's hand-in from end to end."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import FilePayload, expect

from qingfeng.shell.demo import roster
from tests.e2e.demo import late_submission
from tests.e2e.stage import Stage
from tests.e2e.visitor import PHONE, Visitor

SIGNATURES: FilePayload = {"name": "签到表.txt", "mimeType": "text/plain", "buffer": "签到 12 人".encode()}


def write_evidence(visit: Visitor, path: str) -> None:
    """Write every item, one page after the other, as the buttons lead."""
    page = visit.page
    visit.follow(page.locator("#evidence .qf-list-title").first)
    for number in range(1, 60):
        page.get_by_label("情况说明").fill(f"第{number}项：会议纪要、签到表各1份。")
        if number == 1:
            page.locator("input[type=file]").set_input_files(SIGNATURES)
        visit.follow(page.locator("button[name=next]"))
        if page.url.endswith(path):
            return
    raise AssertionError("the items do not end")


def confirm(visit: Visitor, label: str) -> None:
    visit.follow(visit.page.get_by_role("link", name=label))
    visit.follow(visit.page.get_by_role("button", name=label))


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
    visit.follow(page.get_by_role("button", name="保存自评报告"))
    write_evidence(visit, path)
    confirm(visit, "提交负责人审签")

    # Then the unit's head finds it waiting, and signs it
    expect(page.locator("main")).to_contain_text("已提交")
    visit.sign_in(roster.username_of("unit_head", unit))
    visit.visit(path)
    confirm(visit, "审签报送")
    expect(page.locator(".qf-under")).to_contain_text("审签")
