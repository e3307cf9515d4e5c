"""The evaluation officer's walk: from a scheme in Excel to the bulletin, and the unit's portrait."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import docx
from playwright.sync_api import FilePayload, Page, expect

from qingfeng.core import clock
from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.gateways import tally_book, task_book
from qingfeng.evaluation.workbook import scheme_rows, scheme_sheets
from tests.e2e.small_city import SIGN, TOWNS
from tests.e2e.stage import Stage
from tests.e2e.visitor import DESKTOP, PHONE, Visitor
from tests.evaluation import small_scheme

SCHEME = small_scheme.make()
OFFICER, OFFICE, CLERK = "dangfeng", "bangong", "jilu"
PUNCTUAL = ("Z01", "Z02", "Z03")
"""The fourth town hands in nothing."""


def workbook(sheets: Sequence[Any], rows: Mapping[str, Any]) -> FilePayload:
    """Return a workbook as the file picker takes it."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "填好的表.xlsx", "mimeType": kind, "buffer": writing.filled(sheets, rows)}


def press(visit: Visitor, label: str) -> None:
    """Press a button, and look at the page that comes."""
    visit.follow(visit.page.get_by_role("button", name=label, exact=True).first)


def take(visit: Visitor, label: str, answers: Callable[[Page], Any] | None = None) -> None:
    """Follow a step's link, read its question, answer it, and confirm."""
    visit.follow(visit.page.get_by_role("link", name=label, exact=True).first)
    if answers:
        answers(visit.page)
    visit.follow(visit.page.locator("main form button.btn-primary[type=submit]"))


def upload(visit: Visitor, file: FilePayload) -> None:
    visit.page.locator("input[type=file]").set_input_files(file)
    press(visit, "上传并检查")


def enter(visit: Visitor, username: str, place: str) -> Page:
    """Sign in as somebody, see the workbench, and go to a place of the navigation."""
    visit.sign_in(username)
    visit.look()
    return visit.follow(visit.page.locator(".qf-nav").get_by_role("link", name=re.compile(f"^{place}")))


def publish_the_scheme(visit: Visitor) -> None:
    page = enter(visit, OFFICER, "评价方案")
    visit.follow(page.locator("main tbody a").first)
    page.goto(page.url + "?part=history")
    visit.look()
    take(visit, "另起一套方案", lambda page: page.get_by_label("标识").fill("small"))
    visit.follow(page.get_by_role("link", name="导入 Excel"))
    upload(visit, workbook(scheme_sheets.SHEETS, scheme_rows.rows_of(SCHEME)))
    expect(page.locator("h1")).to_contain_text("处不同")
    press(visit, "替换草稿")
    take(visit, "发布")
    expect(page.locator("main")).to_contain_text("方案已发布")


def open_the_round(visit: Visitor) -> str:
    """Plan the quarter's round on the scheme, open it, and return its address."""
    page = visit.visit("/evaluation/rounds/plan/")
    version = page.locator("select[name=scheme_version] option", has_text=SCHEME.name)
    page.select_option("select[name=scheme_version]", version.get_attribute("value"))
    press(visit, "建立轮次")
    address = page.url
    take(visit, "开放填报")
    expect(page.locator("main")).to_contain_text("已开放填报")
    return address


def hand_in(visit: Visitor, town: str) -> None:
    """Write report and evidence at a phone, and let the unit's head sign."""
    page = enter_phone(visit, f"ll.{town.lower()}")
    page.get_by_label("自评报告").fill("本季度逐项落实责任清单，不足之处已列入整改。")
    press(visit, "保存自评报告")
    visit.follow(page.locator("#evidence .qf-list-title").first)
    while "/evidence/" in page.url:
        page.get_by_label("情况说明").fill("会议纪要、签到表各1份。")
        visit.follow(page.locator("button[name=next]"))
    take(visit, "提交负责人审签")
    page = enter_phone(visit, f"fz.{town.lower()}")
    take(visit, "审签报送")
    expect(page.locator(".qf-under")).to_contain_text("审签")


def enter_phone(visit: Visitor, username: str) -> Page:
    """Sign in at a phone and follow the workbench to one's submission."""
    visit.sign_in(username)
    visit.look()
    return visit.follow(visit.page.locator("main a[href^='/evaluation/submissions/']").first)


def score(visit: Visitor, username: str, sheets: int) -> None:
    """Score every sheet of a department: one town loses a point with a reason, the others get full marks."""
    for _ in range(sheets):
        page = enter(visit, username, "部门评分")
        sheet = page.locator("main tbody tr", has_text="评分中").get_by_role("link").first
        visit.follow(sheet)
        town = TOWNS["Z02"]
        page.get_by_label(f"{town}：理由").fill("缺1次会议记录")
        counted = page.get_by_label(re.compile(f"^{town}：.+，数量$"))
        if counted.count():
            counted.first.fill("1")
        else:
            page.get_by_label(f"{town}：得分").fill("17.5")
        press(visit, "保存草稿")
        page.get_by_role("button", name=re.compile("都给满分$")).click()
        visit.follow(page.get_by_role("dialog").get_by_role("button", name="都给满分"))
        press(visit, "保存并提交")
        press(visit, "提交评分表")
        expect(page.locator("main")).to_contain_text("评分表已提交")


def supply(visit: Visitor) -> None:
    """Upload what the hotline counts, and report that there were no cases."""
    page = enter(visit, "bs.g01", "数据报送")
    visit.follow(page.locator("main tbody a").first)
    visit.follow(page.get_by_role("link", name="下载或上传表格"))
    rows = [
        {"code": code, "name": name, "m_on_time": Decimal("96.5") - number}
        for number, (code, name) in enumerate(TOWNS.items())
    ]
    upload(visit, workbook([task_book.values_sheet(SCHEME.measures)], {task_book.VALUES: rows}))
    take(visit, "报送")
    page = enter(visit, "bs.j02", "数据报送")
    visit.follow(page.locator("main tbody a").first)
    take(visit, "报告本期无数据", lambda page: page.get_by_label(re.compile("^我已核对")).check())


def import_tallies(visit: Visitor) -> None:
    page = enter(visit, OFFICER, "测评票数")
    visit.follow(page.get_by_role("link", name="导入票数").first)
    sheet = tally_book.sheet(SCHEME, SCHEME.questions)
    rows = [
        {"code": code, "name": name, "group": group.code, "question": question.code}
        | {"a_satisfied": 20 + place, "a_basic": 6, "a_dissatisfied": 2, "a_unknown": 1}
        for place, (code, name) in enumerate(TOWNS.items())
        for group in SCHEME.groups
        for question in SCHEME.questions
    ]
    upload(visit, workbook([sheet], {sheet.name: rows}))


def know_what_is_missing(page: Page) -> None:
    expect(page.locator("main")).to_contain_text(TOWNS["Z04"])
    page.get_by_label(re.compile("仍然冻结")).check()


def compute(visit: Visitor, address: str) -> None:
    """Freeze with the late part named, compute, and follow the job until its result is there."""
    page = visit.visit(address)
    expect(page.locator("main")).to_contain_text("3 / 4")
    take(visit, "冻结数据", know_what_is_missing)
    take(visit, "试算")
    expect(page.locator("#computation")).to_be_visible()
    expect(page.locator("#computation")).to_contain_text("看结果", timeout=60_000)
    visit.visit(address)
    expect(page.locator("main")).to_contain_text("第 1 版")


def check(desk: Visitor, phone: Visitor, address: str) -> None:
    """Send the trial result out, let every head check his own at a phone, and close the checking."""
    take(desk, "发各单位核对")
    for town, name in TOWNS.items():
        page = enter_portrait(phone, f"fz.{town.lower()}")
        expect(page.locator("main")).to_contain_text("试算结果，未经审定")
        expect(page.locator("h1")).to_contain_text(name)
        take(phone, "核对无异议")
    desk.visit(address)
    take(desk, "结束核对申诉")


def enter_portrait(visit: Visitor, username: str) -> Page:
    """Sign in at a phone and go to the unit's own result."""
    visit.sign_in(username)
    return visit.visit("/evaluation/results/")


def register(page: Page) -> None:
    page.get_by_label("会议名称和次数").fill("第7次常委会会议")
    page.get_by_label("为什么没有在平台上开会").fill("会议在平台启用之前召开")


def approve_and_announce(visit: Visitor, address: str) -> None:
    visit.sign_in(CLERK)
    visit.visit(address)
    take(visit, "登记平台外会议的审定", register)
    visit.sign_in(OFFICER)
    visit.visit(address)
    take(visit, "公布结果")


def draft_the_bulletin(visit: Visitor, address: str) -> str:
    """Draft, download and read the bulletin; return the address of its document."""
    page = visit.visit(address + "bulletin/")
    take(visit, "起草通报")
    visit.follow(page.get_by_role("link", name="核改、印发"))
    read_download(page, page.locator(".qf-files a").first, TOWNS["Z01"])
    return page.url


def read_download(page: Page, link: Any, *words: str) -> None:
    """Download a .docx, and find the words in it."""
    with page.expect_download() as coming:
        link.click()
    content = coming.value.path().read_bytes()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    assert [word for word in words if word not in text] == []


def issue_the_bulletin(visit: Visitor, address: str) -> str:
    """Let the office open the year's series, number and issue the bulletin; return its number."""
    visit.sign_in(OFFICE)
    page = visit.visit("/documents/numbers/new/")
    page.get_by_label("发文代字").fill("云纪通")
    page.get_by_label("年份").fill(str(clock.today().year))
    press(visit, "启用")
    page = visit.visit(address)

    def name_receivers(page: Page) -> None:
        page.get_by_label("镇街").check()
        page.get_by_label(re.compile("我已核对")).check()

    take(visit, "印发", name_receivers)
    found = re.search(r"云纪通〔\d{4}〕1号", page.inner_text("main"))
    assert found
    read_download(page, page.locator(".qf-files a").first, found.group())
    return found.group()


def test_walk_from_a_scheme_in_excel_to_the_bulletin(
    visit_with: Callable[..., Visitor], small_city: Stage
) -> None:
    # Given a published scheme that came from Excel, and a round opened on it
    desk, phone = visit_with(small_city, DESKTOP), visit_with(small_city, PHONE)
    publish_the_scheme(desk)
    address = open_the_round(desk)

    # When three of four towns hand in at a phone, departments score, suppliers deliver, ballots are counted
    for town in PUNCTUAL:
        hand_in(phone, town)
    desk.visit(address)
    take(desk, "转入部门评分")
    score(desk, "pf.d01", sheets=1)
    score(desk, "pf.d02", sheets=2)
    supply(desk)
    import_tallies(desk)

    # And the result is computed, approved and announced, and its bulletin drafted and issued
    compute(desk, address)
    check(desk, phone, address)
    approve_and_announce(desk, address)
    document = draft_the_bulletin(desk, address)
    desk.visit(address + "bulletin/")
    take(desk, "呈领导签批")
    small_city.manage("shell", "-c", SIGN)
    number = issue_the_bulletin(desk, document)

    # Then a unit's head finds the portrait and the bulletin
    page = enter(desk, "fz.z01", "文书")
    expect(page.locator("main")).to_contain_text(number)
    page = enter(desk, "fz.z01", "单位画像")
    expect(page.locator("main")).to_contain_text(TOWNS["Z01"])
    expect(page.locator("main")).not_to_contain_text(TOWNS["Z02"])
