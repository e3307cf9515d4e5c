"""The components as a person meets them: in a browser, on two screens, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, ViewportSize, expect

from qingfeng.shell.gallery.views import PARTS
from tests.e2e.stage import Stage
from tests.e2e.visitor import DESKTOP, PHONE, Visitor

Guest = Callable[..., Visitor]

OFFENCES = """
  document.body.insertAdjacentHTML('beforeend', '<img src="data:,"><p style="width:900px">宽</p>');
  const late = document.createElement('script');
  late.textContent = '1';
  document.body.append(late);
"""
"""A picture without words, a paragraph that does not fit, and a script that the policy forbids."""


@pytest.fixture
def guest(visit_with: Any, small_city: Stage) -> Guest:
    """Give a maker of signed-in people for a window size, with scripts or without."""

    def make(size: ViewportSize, *, scripts: bool = True) -> Visitor:
        made: Visitor = visit_with(small_city, size, scripts=scripts)
        made.sign_in("dangfeng")
        return made

    return make


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_visit_every_part_finds_nothing_wrong(guest: Guest, size: ViewportSize) -> None:
    visit = guest(size)

    for part in PARTS:
        visit.visit(f"/ui/?part={part}")

    assert visit.faults == []


def test_faults_bite_a_page_with_offences(guest: Guest) -> None:
    visit = guest(PHONE)
    page = visit.open("/ui/")
    page.evaluate(OFFENCES)

    visit.look()
    faults = " ".join(visit.faults)
    visit.faults.clear()

    assert "axe image-alt" in faults
    assert "wider than the window" in faults
    assert "Content Security Policy" in faults


def test_open_charts_draws_each_and_folds_its_table(guest: Guest) -> None:
    visit = guest(DESKTOP)
    page = visit.open("/ui/?part=charts")

    expect(page.locator(".qf-chart-on")).to_have_count(3)
    for chart in page.locator(".qf-chart").all():
        expect(chart.locator("canvas").first).to_be_visible()
    expect(page.locator(".qf-chart-fold[open]")).to_have_count(0)
    page.get_by_text("看数据表").first.click()
    expect(page.locator(".qf-chart-fold[open] table")).to_be_visible()


def test_open_charts_without_scripts_shows_the_tables(guest: Guest) -> None:
    visit = guest(DESKTOP, scripts=False)
    page = visit.open("/ui/?part=charts")

    expect(page.locator(".qf-chart").first).to_be_hidden()
    expect(page.locator(".qf-chart-fold table")).to_have_count(3)
    expect(page.get_by_role("rowheader", name="石桥镇")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_open_menu_on_a_phone_unfolds_and_folds(guest: Guest, scripts: bool) -> None:
    visit = guest(PHONE, scripts=scripts)
    page = visit.open("/ui/?part=workbench")
    menu = page.locator("#nav")

    expect(menu).to_be_hidden()
    page.get_by_text("菜单", exact=True).click()
    expect(menu).to_be_visible()
    page.get_by_text("收起菜单").click()
    expect(menu).to_be_hidden()


def test_press_a_grave_button_asks_first(guest: Guest) -> None:
    visit = guest(PHONE)
    page = visit.open("/ui/?part=notice")
    page.evaluate(
        "document.addEventListener('click', (event) => { window.clicked = event.target.textContent })"
    )

    page.get_by_role("button", name="签收").click()
    dialog = page.get_by_role("dialog", name="签收这份通知书？")
    expect(dialog).to_contain_text("不能撤回")
    assert page.evaluate("window.clicked") is None
    visit.look()
    dialog.get_by_role("button", name="签收").click()

    expect(dialog).to_be_hidden()
    assert page.evaluate("window.clicked") == "签收"


def test_pick_a_file_beyond_the_limit_is_refused_before_sending(guest: Guest) -> None:
    visit = guest(DESKTOP)
    page = visit.open("/ui/?part=forms")
    picker = page.locator("#id_evidence")
    picker.evaluate("field => { field.dataset.maxBytes = '10' }")

    picker.set_input_files({"name": "佐证.pdf", "mimeType": "application/pdf", "buffer": b"x" * 11})

    assert "佐证.pdf" in picker.evaluate("field => field.validationMessage")


def test_leave_a_changed_form_is_questioned(guest: Guest) -> None:
    visit = guest(DESKTOP)
    page = visit.open("/ui/?part=forms")
    questions: list[str] = []

    def leave(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)

    page.locator("#id_name").fill("第四季度")
    page.locator(".qf-tabs a").first.click()
    page.wait_for_url("**part=signs")

    assert questions == ["beforeunload"]
