"""An urn from its keepers to the publication; voters on phones that run no scripts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e import polling
from tests.e2e.stage import Stage
from tests.e2e.visitor import PHONE, Visitor

PHRASES = {"jilu": "云溪镇 老街 第七棵 银杏树下", "bangong": "石桥镇的 清晨 有三只 白鹭飞过"}
SHOTS = os.environ.get("QINGFENG_SHOTS", "")


def shoot(visit: Visitor, name: str) -> None:
    """Keep a picture for whoever looks at the pages."""
    if SHOTS:
        visit.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def name_keepers(office: Visitor, path: str) -> None:
    office.visit(path)
    office.follow(office.page.get_by_role("link", name="指定保管人"))
    page = office.page
    for label, username in (("第一保管人", "jilu"), ("第二保管人", "bangong")):
        option = page.locator(f"label:has-text('{label}') ~ select option", has_text=f"（{username}）")
        page.get_by_label(label).select_option(value=option.get_attribute("value"))
    office.follow(page.get_by_role("button", name="指定保管人"))


def set_passphrase(keeper: Visitor, username: str) -> None:
    keeper.sign_in(username)
    keeper.visit("/")
    keeper.follow(keeper.page.get_by_role("link", name="设置票箱保管口令", exact=True))
    keeper.page.locator("[name=passphrase]").fill(PHRASES[username])
    keeper.page.locator("[name=again]").fill(PHRASES[username])
    keeper.page.locator("[name=is_understood]").check()
    shoot(keeper, f"passphrase-{username}")
    keeper.follow(keeper.page.get_by_role("button", name="设置口令"))


def print_codes(office: Visitor, path: str) -> list[str]:
    office.visit(f"{path}pools/")
    shoot(office, "pools")
    office.follow(office.page.get_by_role("link", name="印测评码"))
    office.follow(office.page.get_by_role("button", name="生成测评码，去打印"))
    shoot(office, "codes")
    if SHOTS:
        office.page.pdf(path=str(Path(SHOTS) / "codes.pdf"), prefer_css_page_size=True)
    return office.page.locator(".qf-slip-code").all_inner_texts()


def vote(voter: Visitor, code: str, *, forgets: bool = False) -> str:
    """Vote as somebody does who scanned his slip; return the receipt."""
    page = voter.visit(f"/b/{code}/")
    expect(page.locator("h1")).to_have_text("请您评一评：云溪镇")
    for number in range(1, len(polling.QUESTIONS) + 1):
        if not (forgets and number == 2):
            page.locator(f"#q{number} input[value=good]").check()
    page.get_by_label("还想说的话").fill("多下来走走。")
    if forgets:
        page.locator("form").evaluate("form => { form.noValidate = true }")
        voter.follow(page.get_by_role("button", name="提交选票"), status=422)
        expect(page.locator("[role=alert]")).to_contain_text("还有 1 题没有选")
        expect(page.get_by_label("还想说的话")).to_have_value("多下来走走。")
        shoot(voter, "vote-missing")
        page.locator("#q2 input[value=fair]").check()
    shoot(voter, "vote-filled")
    voter.follow(page.get_by_role("button", name="提交选票"))
    expect(page.locator("h1")).to_have_text("谢谢，您的选票已经收到")
    shoot(voter, "vote-thanks")
    return page.locator(".receipt b").inner_text()


def test_vote_on_a_phone_and_find_the_receipt_after_both_keepers_opened_the_urn(
    visit_with: Callable[..., Visitor], small_city: Stage
) -> None:
    # Given an urn that two keepers have taken into their care, open, with codes on paper
    path = f"/ballots/{small_city.manage('shell', '-c', polling.PREPARE).split()[-1]}/"
    office, keeper = visit_with(small_city), visit_with(small_city)
    office.sign_in("dangfeng")
    name_keepers(office, path)
    for username in PHRASES:
        set_passphrase(keeper, username)
    office.visit(path)
    office.follow(office.page.get_by_role("link", name="启用票箱"))
    office.follow(office.page.get_by_role("button", name="启用票箱"))
    shoot(office, "urn-open")
    codes = print_codes(office, path)
    assert len(codes) == polling.VOTERS

    # When people vote on phones without scripts, one of them signed in, one forgetting a question
    plain, lively = visit_with(small_city, PHONE, scripts=False), visit_with(small_city, PHONE)
    lively.sign_in("ll.z01")
    cookies = lively.page.context.cookies()
    receipts = [vote(plain, code) for code in codes[:-1]]
    receipts.append(vote(lively, codes[-1], forgets=True))

    # Then each has a receipt, the phones keep no cookie of it, and a used code says so
    assert len(set(receipts)) == polling.VOTERS
    assert plain.page.context.cookies() == []
    assert lively.page.context.cookies() == cookies
    plain.visit(f"/b/{codes[0]}/", status=410)
    expect(plain.page.locator("h1")).to_have_text("这张测评码已经投过票了")
    shoot(plain, "vote-used")
    lively.visit("/b/")
    shoot(lively, "vote-enter")

    # And after the close both passphrases open the urn, and every receipt is found
    office.visit(path)
    office.follow(office.page.get_by_role("link", name="截止投票"))
    office.follow(office.page.get_by_role("button", name="截止投票"))
    keeper.visit("/")
    keeper.follow(keeper.page.get_by_role("link", name="与另一位保管人一起开箱", exact=True))
    keeper.page.locator("[name=seat1]").fill(PHRASES["jilu"])
    keeper.page.locator("[name=seat2]").fill(PHRASES["bangong"])
    shoot(keeper, "mix")
    keeper.follow(keeper.page.get_by_role("button", name="开箱"))
    office.visit(f"{path}published/")
    shoot(office, "published")
    office.visit(f"{path}pools/")
    office.follow(office.page.get_by_role("link", name="看汇总"))
    shoot(office, "unit-answers")
    page = plain.visit("/b/receipt/")
    page.get_by_label("回执号").fill(receipts[0])
    plain.follow(page.get_by_role("button", name="查一查"))
    expect(page.locator("h1")).to_have_text("您的票已计入汇总")
