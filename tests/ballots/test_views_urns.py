"""Officers' and keepers' pages: who prepares, prints, opens, closes; who keeps; what is published."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qingfeng.audit.models import Entry
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Code, Keeper, Urn, Vote
from qingfeng.ballots.queries import people
from qingfeng.ballots.sealing import codes
from qingfeng.core.roles import Role
from qingfeng.notifications.models import Message
from tests import stories as people_stories
from tests.ballots import stories
from tests.ballots.stories import Hall

pytestmark = pytest.mark.django_db
PHRASE = "南山 有台 北山 有莱 乐只君子"


def text_of(response: Any) -> str:
    body = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def see(user: Any, path: str) -> Any:
    return people_stories.signed_in(user).get(path)


def do(user: Any, path: str, **form: Any) -> Any:
    return people_stories.signed_in(user).post(path, form)


def page(hall: Hall, rest: str = "") -> str:
    return f"/ballots/{hall.urn.pk}/{rest}"


def unit_page(hall: Hall, rest: str) -> str:
    return page(hall, f"units/{hall.units[0].pk}/{rest}")


def state(hall: Hall) -> str:
    return Urn.objects.values_list("state", flat=True).get(pk=hall.urn.pk)


@pytest.fixture
def prepared() -> Hall:
    return stories.prepared(units=1, groups=["staff"])


@pytest.fixture
def opened() -> Hall:
    return stories.opened(units=1, groups=["staff"])


@pytest.fixture
def mixed() -> Hall:
    hall = stories.opened(units=2, groups=["staff"])
    few = hall.pools[1]
    stories.vote_all(hall, {hall.pools[0].pk: 6, few.pk: 3})
    stories.vote(hall, hall.pools[0], 6, comment="多下来走走")
    return stories.mixed(stories.closed(hall))


def test_list_says_what_runs_and_is_exported_with_an_audit_line(opened: Hall) -> None:
    shown = text_of(see(opened.officer, "/ballots/"))

    assert "1 个票箱正在投票" in shown
    assert opened.urn.title in shown
    assert do(opened.officer, "/ballots/export/").status_code == 200
    assert Entry.objects.filter(action="export.urns").exists()


def test_list_finds_filters_and_says_what_to_do_when_there_is_none(opened: Hall) -> None:
    assert opened.urn.title in text_of(see(opened.officer, "/ballots/?q=一季度&state=open"))
    assert "没有符合条件的票箱" in text_of(see(opened.officer, "/ballots/?state=void"))
    assert "还没有票箱" in text_of(see(people_stories.user_with(Role.ADJUDICATION_OFFICE), "/ballots/"))


@pytest.mark.parametrize("urns", [1, 3])
def test_list_takes_the_same_statements_for_one_urn_and_three(urns: int) -> None:
    hall = stories.prepared(units=1, groups=["staff"])
    for number in range(1, urns):
        Urn.objects.filter(pk=hall.urn.pk).update(subject_id=100 + number)
        hall = stories.prepared(units=1, groups=["staff"])
    client = people_stories.signed_in(hall.officer)
    client.get("/ballots/")

    with CaptureQueriesContext(connection) as asked:
        client.get("/ballots/")

    assert len(asked) == 8


@pytest.mark.parametrize("units", [1, 3])
def test_pools_take_the_same_statements_for_one_unit_and_three(units: int) -> None:
    hall = stories.opened(units=units, groups=["staff"])
    client = people_stories.signed_in(hall.officer)
    client.get(page(hall, "pools/"))

    with CaptureQueriesContext(connection) as asked:
        response = client.get(page(hall, "pools/"))

    assert len(asked) == 13
    assert text_of(response).count("不足 5 人") == units


def test_urn_is_out_of_sight_of_who_neither_organises_nor_keeps(opened: Hall) -> None:
    other = people_stories.user_with(Role.ADJUDICATION_OFFICE)

    assert see(other, page(opened)).status_code == 404
    assert see(opened.keepers[1], page(opened)).status_code == 200


def test_subject_leads_to_its_urn(opened: Hall) -> None:
    assert see(opened.officer, f"/ballots/of/{opened.urn.subject_kind}/{opened.urn.subject_id}/")[
        "Location"
    ] == page(opened)
    assert see(opened.officer, "/ballots/of/round/99/").status_code == 404


def test_name_keepers_tells_them_and_puts_it_on_their_workbench(prepared: Hall) -> None:
    first, second = prepared.keepers.values()
    assert "先指定两位保管人" in text_of(see(prepared.officer, page(prepared)))
    shown = see(prepared.officer, page(prepared, "keepers/")).content.decode()
    assert first.username in shown
    assert prepared.officer.username not in re.sub(r"<header.*?</header>", "", shown, flags=re.DOTALL)

    do(prepared.officer, page(prepared, "keepers/"), first=first.pk, second=second.pk)

    assert [keeper.user for keeper in people.keepers_of(prepared.urn)] == [first, second]
    assert Message.objects.filter(recipient=first, title="请设置票箱保管口令").exists()
    assert "设置票箱保管口令" in text_of(see(second, "/"))


def test_name_the_same_person_twice_or_the_officer_is_refused(prepared: Hall) -> None:
    first = prepared.keepers[1]

    twice = do(prepared.officer, page(prepared, "keepers/"), first=first.pk, second=first.pk)
    own = do(prepared.officer, page(prepared, "keepers/"), first=first.pk, second=prepared.officer.pk)

    assert "必须是两个人" in text_of(twice)
    assert own.status_code == 422
    assert not Keeper.objects.exists()


def test_keeper_who_stays_keeps_his_key_when_the_other_is_changed(prepared: Hall) -> None:
    hall = stories.kept(prepared)
    other = people_stories.user_with(Role.ADJUDICATION_OFFICE)

    do(hall.officer, page(hall, "keepers/"), first=other.pk, second=hall.keepers[1].pk)

    assert stories.keeper(hall, 1).user == hall.keepers[1]
    assert stories.keeper(hall, 1).accepted_at is not None
    assert stories.keeper(hall, 2).user == other
    assert stories.keeper(hall, 2).accepted_at is None


def name_both(hall: Hall) -> None:
    first, second = hall.keepers.values()
    do(hall.officer, page(hall, "keepers/"), first=first.pk, second=second.pk)


def test_passphrase_is_set_by_its_keeper_who_is_told_that_nobody_can_reset_it(prepared: Hall) -> None:
    name_both(prepared)
    keeper = prepared.keepers[1]
    assert "谁也不能重置" in text_of(see(keeper, page(prepared, "passphrase/")))
    given = {"passphrase": PHRASE, "again": PHRASE, "is_understood": "on"}

    assert "不一样" in text_of(do(keeper, page(prepared, "passphrase/"), **{**given, "again": "x"}))
    assert "请确认" in text_of(do(keeper, page(prepared, "passphrase/"), passphrase=PHRASE, again=PHRASE))
    weak = do(keeper, page(prepared, "passphrase/"), **given | {"passphrase": "123", "again": "123"})
    assert "口令至少" in text_of(weak)
    done = do(keeper, page(prepared, "passphrase/"), **given)

    assert done.status_code == 302
    assert stories.keeper(prepared, 1).accepted_at is not None
    assert PHRASE not in weak.content.decode()
    assert see(prepared.officer, page(prepared, "passphrase/")).status_code == 404


def test_passphrase_can_be_tried_without_opening_anything(opened: Hall) -> None:
    keeper = opened.keepers[1]

    wrong = do(keeper, page(opened, "passphrase/try/"), passphrase="不对的口令")
    right = do(keeper, page(opened, "passphrase/try/"), passphrase=stories.PHRASES[1])

    assert "口令不对" in text_of(wrong)
    assert right.status_code == 302


def test_urn_opens_only_when_both_passphrases_are_set(prepared: Hall) -> None:
    name_both(prepared)
    assert "两位保管人都设置口令之后才能启用" in text_of(see(prepared.officer, page(prepared)))
    assert do(prepared.officer, page(prepared, "open/")).status_code == 422
    stories.kept(prepared)

    done = do(prepared.officer, page(prepared, "open/"))

    assert done.status_code == 302
    assert state(prepared) == UrnState.OPEN


def test_sizes_are_set_by_unit(prepared: Hall) -> None:
    pool = prepared.pools[0]

    do(prepared.officer, unit_page(prepared, "sizes/"), **{f"pool{pool.pk}": "12"})

    assert prepared.pools[0].size == 12


def test_codes_are_shown_once_with_a_qr_code_each_and_only_hashes_stay(prepared: Hall) -> None:
    pool = prepared.pools[0]
    form = {f"pool{pool.pk}": "5", "layout": "slips"}

    response = do(prepared.officer, unit_page(prepared, "codes/"), **form)

    shown = response.content.decode()
    printed = re.findall(r'class="qf-slip-code">([^<]+)<', shown)
    assert len(printed) == 5
    assert shown.count("<svg viewBox") == 5
    assert "http://testserver/b/" in shown
    assert {row.code_hash for row in Code.objects.all()} == {codes.digest(code) for code in printed}
    assert not any(code in str(list(Entry.objects.values())) for code in printed)
    assert response["Cache-Control"] == "no-store"
    again = see(prepared.officer, unit_page(prepared, "codes/")).content.decode()
    assert not any(code in again for code in printed)


def test_more_codes_than_people_are_refused_with_the_number_left(prepared: Hall) -> None:
    pool = prepared.pools[0]

    response = do(
        prepared.officer, unit_page(prepared, "codes/"), **{f"pool{pool.pk}": "9", "layout": "sheet"}
    )

    assert "最多还能印 8 张" in text_of(response)
    assert not Code.objects.exists()


def test_keeper_may_not_print_and_officer_may_not_mix(opened: Hall) -> None:
    keeper = opened.keepers[1]

    assert see(keeper, unit_page(opened, "codes/")).status_code == 403
    stories.closed(opened)
    refused = see(opened.officer, page(opened, "mix/"))

    assert refused.status_code == 403
    assert "您不是这个票箱的保管人" in text_of(refused)


def test_unused_codes_are_made_void_and_new_ones_can_be_printed(opened: Hall) -> None:
    pool = opened.pools[0]
    stories.vote(opened, pool, 0)

    do(opened.officer, unit_page(opened, "codes/void/"), pool=pool.pk)

    assert Code.objects.filter(is_void=True).count() == 7
    assert "还可印 7 张" in text_of(see(opened.officer, unit_page(opened, "codes/")))


def test_close_tells_both_keepers_to_come(opened: Hall) -> None:
    do(opened.officer, page(opened, "close/"))

    assert state(opened) == UrnState.CLOSED
    told = Message.objects.filter(title__startswith="投票已截止").values_list("recipient", flat=True)
    assert set(told) == {user.pk for user in opened.keepers.values()}
    assert "与另一位保管人一起开箱" in text_of(see(opened.keepers[1], "/"))


def test_both_passphrases_open_the_urn_and_a_second_submit_finds_it_done(opened: Hall) -> None:
    stories.vote_all(opened)
    stories.closed(opened)
    keeper = opened.keepers[2]
    assert "不要关页面" in text_of(see(keeper, page(opened, "mix/")))
    form = {f"seat{seat}": phrase for seat, phrase in stories.PHRASES.items()}

    wrong = do(keeper, page(opened, "mix/"), **form | {"seat1": "不对"})
    assert f"{opened.keepers[1].name}的口令不正确" in text_of(wrong)
    assert state(opened) == UrnState.CLOSED
    first = do(keeper, page(opened, "mix/"), **form)
    second = do(keeper, page(opened, "mix/"), **form)

    assert first["Location"] == second["Location"] == page(opened, "published/")
    assert state(opened) == UrnState.MIXED
    assert not Vote.objects.exists()


def test_published_shows_answers_where_enough_are_and_why_not_elsewhere(mixed: Hall) -> None:
    shown = text_of(see(mixed.officer, page(mixed, "published/")))

    assert "1 个群体已计票，1 个票数不足、不公布" in shown
    assert "recount.py" in shown
    few = see(mixed.officer, page(mixed, f"units/{mixed.pools[1].unit_id}/answers/"))
    assert "票太少时能猜出谁投了什么" in text_of(few)
    enough = text_of(see(mixed.officer, page(mixed, f"units/{mixed.pools[0].unit_id}/answers/")))
    assert "第1题" in enough
    assert "5 人以上" in enough


def test_receipt_is_found_by_officer_and_by_voter_and_not_in_an_address() -> None:
    hall = stories.opened(units=1, groups=["staff"])
    receipt = stories.vote(hall, hall.pools[0], 0)
    for number in range(1, 6):
        stories.vote(hall, hall.pools[0], number)
    stories.mixed(stories.closed(hall))

    assert "已计入汇总" in text_of(do(hall.officer, page(hall, "published/"), receipt=receipt.lower()))
    stranger = people_stories.signed_in(hall.officer)
    assert "您的票已计入汇总" in text_of(stranger.post("/b/receipt/", {"receipt": receipt}))
    absent = stranger.post("/b/receipt/", {"receipt": codes.new_receipt()})
    assert (absent.status_code, "没有这个回执号" in text_of(absent)) == (404, True)


def test_publication_is_downloaded_whole_and_audited(mixed: Hall) -> None:
    response = do(mixed.officer, page(mixed, "publication/"))

    names = zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    assert {"publication.json", "recount.py"} <= set(names)
    assert do(mixed.keepers[1], page(mixed, "publication/")).status_code in {200, 403}


def test_comments_are_read_by_organisers_only_and_reading_is_audited(mixed: Hall) -> None:
    assert "多下来走走" in text_of(do(mixed.officer, page(mixed, "comments/")))
    assert Entry.objects.filter(action="urn.read_comments").count() == 1
    assert do(mixed.keepers[2], page(mixed, "comments/")).status_code == 403


def test_discard_wants_a_leader_and_a_reason(opened: Hall) -> None:
    stories.vote_all(opened)

    assert see(opened.officer, page(opened, "void/")).status_code == 403
    assert do(opened.leader, page(opened, "lost/")).status_code == 422
    do(opened.leader, page(opened, "lost/"), reason="第一保管人遗失口令")

    assert state(opened) == UrnState.LOST
    assert not Vote.objects.exists()
    assert "口令遗失" in text_of(see(opened.officer, page(opened)))


def test_pool_list_is_exported_and_searched(opened: Hall) -> None:
    assert opened.units[0].short_name in text_of(see(opened.officer, page(opened, "pools/?q=镇")))
    assert "没有符合条件的群体" in text_of(see(opened.officer, page(opened, "pools/?q=无此单位")))
    assert do(opened.officer, page(opened, "pools/export/")).status_code == 200


def test_issue_in_a_closed_urn_says_why(opened: Hall) -> None:
    pool = opened.pools[0]
    do(opened.officer, unit_page(opened, "codes/void/"), pool=pool.pk)
    stories.closed(opened)

    response = do(opened.officer, unit_page(opened, "codes/"), **{f"pool{pool.pk}": "3", "layout": "slips"})

    assert response.status_code == 403
    assert "已截止" in text_of(response)
