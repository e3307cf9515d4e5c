"""The pages of stand-ins, hand-overs and liaison officers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingfeng.accounts.actions import handovers as handover_actions
from qingfeng.accounts.models import Grant, Handover, StandIn, User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.roles import Role
from qingfeng.notifications.models import Message
from tests import stories
from tests.accounts.absences import asked, confirmed, fresh
from tests.documents import stories as papers
from tests.factories.accounts import UserFactory
from tests.factories.organizations import PersonFactory, PostFactory, UnitFactory

pytestmark = pytest.mark.django_db
LIST, ASK = "/accounts/stand-ins/", "/accounts/stand-ins/ask/"
HANDOVERS = "/accounts/handovers/"


@pytest.fixture
def wang() -> User:
    return stories.user_with(Role.CONDUCT_OFFICE, name="王某")


@pytest.fixture
def li() -> User:
    return stories.user_with(Role.REFORM_OFFICE, name="李某")


@pytest.fixture
def security() -> User:
    return stories.user_with(Role.SECURITY_ADMIN)


def wish(wang: User, li: User, **changed: str) -> dict[str, object]:
    today = clock.today()
    return {
        "grants": [grant.pk for grant in wang.grants.own()],
        "deputy": li.pk,
        "leave_kind": "holiday",
        "starts_on": today.isoformat(),
        "ends_on": (today + dt.timedelta(days=9)).isoformat(),
        "reason": "年休假",
        **changed,
    }


def test_person_asks_and_the_administrator_confirms_by_page(wang: User, li: User, security: User) -> None:
    response = stories.signed_in(wang).post(ASK, wish(wang, li))
    row = StandIn.objects.get()
    admin = stories.signed_in(security)
    asked_page = admin.get(f"{LIST}{row.pk}/").content.decode()

    done = admin.post(f"{LIST}{row.pk}/confirm/")

    assert response["Location"] == f"{LIST}{row.pk}/"
    assert "李某代王某：待确认" in asked_page
    assert done["Location"] == f"{LIST}{row.pk}/"
    assert fresh(li).holds(Role.CONDUCT_OFFICE)
    assert Message.objects.filter(recipient=security, title="请确认代理：李某代王某").exists()
    assert Message.objects.filter(recipient=li, title="代理已确认：李某代王某").exists()


def test_faulty_request_keeps_what_was_typed_and_says_why(wang: User, li: User) -> None:
    stories.give(li, Role.DEPUTY_LEADER)

    page = stories.signed_in(wang).post(ASK, wish(wang, li)).content.decode()

    assert "既提出又决定" in page
    assert "年休假" in page
    assert not StandIn.objects.exists()


def test_deputy_sees_the_banner_while_it_lasts_and_nothing_after(wang: User, li: User) -> None:
    row = confirmed(wang, li)
    browser = stories.signed_in(fresh(li))

    during = browser.get("/me/").content.decode()
    StandIn.objects.filter(pk=row.pk).update(ends_on=clock.today())
    Grant.objects.filter(stand_in=row).update(starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 1, 2))
    after = browser.get("/me/").content.decode()

    assert f"您正在代理王某的党风室，至 {row.ends_on:%Y-%m-%d}" in during
    assert "您正在代理" not in after


def test_banner_is_for_the_deputy_only(wang: User, li: User) -> None:
    confirmed(wang, li)

    assert "您正在代理" not in stories.signed_in(wang).get("/me/").content.decode()


def test_stand_in_of_others_is_out_of_scope(wang: User, li: User) -> None:
    row = confirmed(wang, li)
    stranger = stories.signed_in(stories.user_with(Role.OFFICE))

    assert stranger.get(f"{LIST}{row.pk}/").status_code == 404
    assert stranger.post(f"{LIST}{row.pk}/end/", {"reason": "x"}).status_code == 404
    assert "李某" not in stranger.get(LIST).content.decode()


def test_confirmation_by_the_deputy_is_refused_with_the_sentence(wang: User, li: User) -> None:
    row = asked(wang, li)

    response = stories.signed_in(li).post(f"{LIST}{row.pk}/confirm/")

    assert response.status_code == 403
    assert "代理双方不能自己确认" in response.content.decode()


def test_end_by_page_asks_for_the_reason(wang: User, li: User) -> None:
    row = confirmed(wang, li)
    browser = stories.signed_in(fresh(wang))

    browser.post(f"{LIST}{row.pk}/end/", {"reason": ""})
    before = fresh(li).holds(Role.CONDUCT_OFFICE)
    browser.post(f"{LIST}{row.pk}/end/", {"reason": "提前返岗"})

    assert before
    assert not fresh(li).holds(Role.CONDUCT_OFFICE)
    assert "提前结束" in browser.get(f"{LIST}{row.pk}/").content.decode()


def test_unknown_step_is_missing(wang: User, li: User) -> None:
    row = asked(wang, li)

    assert stories.signed_in(wang).get(f"{LIST}{row.pk}/nothing/").status_code == 404


def test_list_searches_filters_sorts_and_exports(wang: User, li: User, security: User) -> None:
    confirmed(wang, li)
    asked(stories.user_with(Role.OFFICE, name="赵某"), stories.user_with(Role.REFORM_OFFICE, name="钱某"))
    browser = stories.signed_in(security)

    found = browser.get(stories.searched(browser, LIST, "赵某")).content.decode()
    running = browser.get(f"{LIST}?state=running").content.decode()
    ordered = [row.absent.name for row in browser.get(f"{LIST}?sort=absent").context["listing"].page]
    export = browser.post(f"{LIST}export/")

    assert "赵某" in found
    assert "王某" not in found
    assert "王某" in running
    assert "赵某" not in running
    assert len(ordered) == 2
    assert export["Content-Type"].startswith("application/vnd.openxml")
    assert Entry.objects.get(action="export.stand_in").detail["rows"] == 2


def test_list_without_any_says_what_to_do(security: User) -> None:
    assert "还没有代理" in stories.signed_in(security).get(LIST).content.decode()


def count_of(browser: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_list_takes_the_same_queries_at_one_row_and_at_three(wang: User, li: User, security: User) -> None:
    confirmed(wang, li)
    browser = stories.signed_in(security)
    browser.get(LIST)
    one = count_of(browser, LIST)
    for _ in range(2):
        confirmed(stories.user_with(Role.OFFICE), stories.user_with(Role.REFORM_OFFICE))

    assert count_of(browser, LIST) == one


def test_head_asks_for_his_liaison_and_sees_no_other_role(security: User) -> None:
    unit = UnitFactory.create()
    liaison, colleague = (
        stories.user_with(Role.UNIT_LIAISON, unit),
        UserFactory.create(person=PersonFactory.create()),
    )
    PostFactory.create(person=colleague.person, unit=unit)
    stories.give(liaison, Role.MENTOR)
    head, stranger = stories.user_with(Role.UNIT_HEAD, unit), stories.user_with(Role.UNIT_HEAD)
    browser = stories.signed_in(head)

    form = browser.get(f"{ASK}{liaison.pk}/").context["form"]

    assert [grant.role for grant in form.fields["grants"].queryset] == [Role.UNIT_LIAISON]
    assert colleague in form.fields["deputy"].queryset
    assert stories.signed_in(stranger).get(f"{ASK}{liaison.pk}/").status_code == 404


def test_handover_by_page_is_confirmed_by_both_and_hidden_from_the_administrator(
    wang: User, li: User, security: User
) -> None:
    document = papers.draft(by=wang)
    admin = stories.signed_in(security)
    posted = admin.post(
        f"/accounts/{wang.pk}/handover/",
        {
            "grants": [wang.grants.get().pk],
            "taker": li.pk,
            "last_day": clock.today().isoformat(),
            "reason": "调动文件",
        },
    )
    row = Handover.objects.get()
    here = f"{HANDOVERS}{row.pk}/"

    seen_by_admin = admin.get(here).content.decode()
    giver, taker = stories.signed_in(fresh(wang)), stories.signed_in(fresh(li))
    seen_by_giver = giver.get(here).content.decode()
    giver.post(f"{here}give/")
    digest = Handover.objects.get().digest
    taker.post(f"{here}take/", {"digest": digest})

    assert posted["Location"] == here
    assert document.title in seen_by_giver
    assert document.title not in seen_by_admin
    assert "清单只供移交人和接收人查看" in seen_by_admin
    assert "已交接" in taker.get(here).content.decode()
    assert digest in taker.get(here).content.decode()


def test_handover_of_others_is_out_of_scope_and_giving_for_another_is_refused(
    wang: User, li: User, security: User
) -> None:
    row = handover_actions.hand_over(
        giver=wang, taker=li, grants=list(wang.grants.own()), last_day=clock.today(), reason="调动",
        by=security, at=clock.now(),
    )  # fmt: skip
    here = f"{HANDOVERS}{row.pk}/"

    stranger = stories.signed_in(stories.user_with(Role.OFFICE))
    refused = stories.signed_in(li).post(f"{here}give/")

    assert stranger.get(here).status_code == 404
    assert refused.status_code == 403
    assert "移交清单由移交人确认" in refused.content.decode()


def test_handover_list_searches_and_exports(wang: User, li: User, security: User) -> None:
    handover_actions.hand_over(
        giver=wang, taker=li, grants=list(wang.grants.own()), last_day=clock.today(), reason="调动",
        by=security, at=clock.now(),
    )  # fmt: skip
    browser = stories.signed_in(security)
    one = count_of(browser, HANDOVERS)

    assert "王某" in browser.get(stories.searched(browser, HANDOVERS, "李某")).content.decode()
    assert "王某" not in browser.get(f"{HANDOVERS}?state=done").content.decode()
    assert browser.post(f"{HANDOVERS}export/").status_code == 200
    assert count_of(browser, HANDOVERS) <= one


def test_handover_form_is_for_the_security_administrator(wang: User) -> None:
    refused = stories.signed_in(stories.user_with(Role.SYSTEM_ADMIN)).get(f"/accounts/{wang.pk}/handover/")

    assert refused.status_code == 403
    assert "岗位交接由安全管理员办理" in refused.content.decode()


def test_head_names_the_liaison_by_page() -> None:
    unit = UnitFactory.create()
    head, new = stories.user_with(Role.UNIT_HEAD, unit), UserFactory.create(person=PersonFactory.create())
    PostFactory.create(person=new.person, unit=unit)
    browser = stories.signed_in(head)
    before = browser.get("/accounts/liaisons/").content.decode()

    response = browser.post(
        f"/accounts/liaisons/{unit.pk}/name/",
        {"to": new.pk, "starts_on": clock.today().isoformat(), "reason": "分工通知"},
    )

    assert "还没有联络员" in before
    assert response["Location"] == "/accounts/liaisons/"
    assert new.name in browser.get("/accounts/liaisons/").content.decode()


def test_liaison_form_of_another_unit_is_out_of_scope() -> None:
    browser = stories.signed_in(stories.user_with(Role.UNIT_HEAD))

    assert browser.get(f"/accounts/liaisons/{UnitFactory.create().pk}/name/").status_code == 404


def test_loose_grants_are_shown_chosen_and_ended_by_page(security: User) -> None:
    ended = UnitFactory.create(active_to=clock.today() - dt.timedelta(days=1))
    person = stories.user_with(Role.UNIT_LIAISON, ended, name="孙某")
    browser = stories.signed_in(security)

    page = browser.get("/accounts/grants/loose/").content.decode()
    without = browser.post("/accounts/grants/loose/", {"reason": "撤并"}).content.decode()
    browser.post("/accounts/grants/loose/", {"grants": [person.grants.get().pk], "reason": "撤并"})

    assert "孙某" in page
    assert "应当收回" in page
    assert "qf-notice-bad" in without
    assert "没有失去依据的授权" in browser.get("/accounts/grants/loose/").content.decode()
    assert not fresh(person).held_grants


def test_loose_grants_page_is_for_the_security_administrator() -> None:
    refused = stories.signed_in(stories.user_with(Role.SYSTEM_ADMIN)).get("/accounts/grants/loose/")

    assert refused.status_code == 403


def test_workbench_of_the_administrator_and_of_both_names_what_waits(
    wang: User, li: User, security: User
) -> None:
    asked(wang, li)

    assert "确认代理" in stories.signed_in(security).get("/").content.decode()
    assert "确认代理" not in stories.signed_in(wang).get("/").content.decode()
