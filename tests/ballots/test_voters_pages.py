"""The voter's pages: what is said to whom, and that nothing of a voter stays behind."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingfeng.audit.models import Entry
from qingfeng.ballots import urls
from qingfeng.ballots.actions import codes, urns, votes
from qingfeng.ballots.models import Vote
from qingfeng.ballots.queries import voting as queries
from qingfeng.core import clock, logs
from tests.ballots import stories
from tests.ballots.stories import Hall

ANSWERS = ("good", "fair", "bad", "unknown")
pytestmark = pytest.mark.django_db


def page_of(code: str) -> Any:
    return Client().get(f"/b/{code}/")


def a_code(hall: Hall) -> str:
    return hall.codes[hall.pools[0].pk][0]


def fields_of(text: str) -> dict[str, str]:
    """Read the hidden fields of a ballot paper."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))


def filled(code: str, *, questions: int = 3, comment: str = "") -> dict[str, str]:
    """Fill in the paper of a code as its voter does."""
    chosen = {f"a.q{n}": ANSWERS[n % 4] for n in range(1, questions + 1)}
    return fields_of(page_of(code).content.decode()) | chosen | {"comment": comment}


def post(form: dict[str, str], **extra: Any) -> Any:
    return Client().post("/b/cast/", form, **extra)


@pytest.fixture
def hall() -> Hall:
    return stories.opened(units=1, groups=["staff"], size=6)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Give every line of every logger, as the server's own handler would write it."""
    hush = logs.Hush()
    caplog.handler.addFilter(hush)
    caplog.set_level(logging.DEBUG)
    yield caplog
    caplog.handler.removeFilter(hush)


def test_paper_says_whom_it_is_about_that_nobody_sees_and_what_comes_next(hall: Hall) -> None:
    text = page_of(a_code(hall)).content.decode()

    assert f"请您评一评：{hall.pools[0].unit.name}" in text
    assert "不登录、不记名" in text
    assert "您会得到一个回执号" in text
    assert text.count("<fieldset") == 3
    assert text.count('type="radio"') == 12
    assert "<script" not in text


def test_cast_ballot_is_in_the_urn_and_thanked_with_its_receipt(hall: Hall) -> None:
    form = filled(a_code(hall), comment="多下来走走")

    response = post(form)

    assert response.status_code == 200
    assert form["receipt"] in response.content.decode()
    assert "看不出您是怎么选的" in response.content.decode()
    assert Vote.objects.count() == 1


def test_typed_code_opens_the_paper_in_any_writing(hall: Hall) -> None:
    assert "输入测评码" in Client().get("/b/").content.decode()

    response = Client().post("/b/open/", {"code": f" {a_code(hall).lower().replace('-', ' ')} "})

    assert hall.pools[0].unit.name in response.content.decode()


def test_paper_without_an_answer_comes_back_with_everything_kept(hall: Hall) -> None:
    form = filled(a_code(hall), comment="多下来 <走走>")
    del form["a.q2"]

    response = post(form)

    text = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#q2">2</a>' in text
    assert "多下来 &lt;走走&gt;</textarea>" in text
    assert len(re.findall(r"checked", text)) == 2
    assert fields_of(text)["receipt"] == form["receipt"]
    assert Vote.objects.count() == 0
    assert post(form | {"a.q2": "good"}).status_code == 200


def test_comment_that_is_too_long_comes_back_whole(hall: Hall) -> None:
    long = "话" * (hall.urn.comment_limit + 1)

    response = post(filled(a_code(hall), comment=long))

    assert response.status_code == 422
    assert long in response.content.decode()
    assert f"意见最多 {hall.urn.comment_limit} 字" in response.content.decode()


def test_second_click_shows_the_same_receipt_and_counts_once(hall: Hall) -> None:
    form = filled(a_code(hall))
    post(form)

    again = post(form)

    assert again.status_code == 409
    assert form["receipt"] in again.content.decode()
    assert "没有重复计算" in again.content.decode()
    assert Vote.objects.count() == 1


def test_second_tab_is_told_that_the_first_to_arrive_counts(hall: Hall) -> None:
    first, second = filled(a_code(hall)), filled(a_code(hall))
    assert first["receipt"] != second["receipt"]
    post(first)

    text = post(second).content.decode()

    assert second["receipt"] in text
    assert first["receipt"] not in text
    assert "算数的是先到的那一张" in text


def test_form_that_we_did_not_make_is_refused(hall: Hall) -> None:
    form = filled(a_code(hall))
    other = hall.codes[hall.pools[0].pk][1]

    assert post(form | {"receipt": "2222-2222-2222-2222"}).status_code == 403
    assert post(form | {"code": other}).status_code == 403
    assert post(form | {"paper": "1.00"}).status_code == 403
    assert post(form | {"seal": ""}).status_code == 403
    assert post(form, HTTP_ORIGIN="http://elsewhere.cn").status_code == 403
    assert post(form, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert Vote.objects.count() == 0
    assert post(form, HTTP_ORIGIN="null", HTTP_SEC_FETCH_SITE="same-origin").status_code == 200


def make_void(hall: Hall) -> str:
    codes.void_unused(pool=hall.pools[0], by=hall.officer, at=clock.now())
    return a_code(hall)


def use(hall: Hall) -> str:
    post(filled(a_code(hall)))
    return a_code(hall)


def close(hall: Hall) -> str:
    stories.closed(hall)
    return a_code(hall)


@pytest.mark.parametrize(
    ("make", "status", "sentence"),
    [
        (lambda hall: "2222-2222-2222-2222-2222", 404, queries.UNKNOWN),
        (lambda hall: "2222", 404, queries.MISTYPED),
        (make_void, 410, queries.VOID),
        (use, 410, "这张测评码已经投过票了"),
        (close, 410, "投票已经截止"),
    ],
)
def test_code_that_cannot_vote_is_told_why_in_one_sentence(
    hall: Hall, make: Any, status: int, sentence: str
) -> None:
    code = make(hall)

    response = page_of(code)

    assert (response.status_code, sentence in response.content.decode()) == (status, True)
    assert "<fieldset" not in response.content.decode()


def test_code_before_the_opening_is_told_to_wait() -> None:
    hall = stories.prepared(units=1, groups=["staff"])
    printed = codes.issue(pool=hall.pools[0], count=1, by=hall.officer, at=stories.AT)

    text = page_of(printed[0]).content.decode()

    assert "投票还没有开始" in text
    assert "收好纸条" in text


def test_ballot_that_comes_after_the_close_is_refused_and_says_so(hall: Hall) -> None:
    form = filled(a_code(hall))
    stories.closed(hall)

    response = post(form)

    assert response.status_code == 410
    assert "投票已经截止" in response.content.decode()
    assert Vote.objects.count() == 0


def requests_of(hall: Hall) -> dict[str, Any]:
    """Return one visit of every voter's address, those that fail among them."""
    form, browser = filled(a_code(hall)), Client()
    browser.force_login(hall.officer)
    browser.get("/")
    other = hall.codes[hall.pools[0].pk][1]
    return {
        "vote": lambda: browser.get("/b/"),
        "vote_open": lambda: browser.post("/b/open/", {"code": other}),
        "vote_ballot": lambda: browser.get(f"/b/{other}/"),
        "vote_ballot_bare": lambda: browser.get(f"/b/{other}"),
        "vote_cast": lambda: browser.post("/b/cast/", form),
        "vote_receipt": lambda: browser.post("/b/receipt/", {"receipt": form["receipt"]}),
        "vote_style": lambda: browser.get("/b/style.css"),
        "vote_nowhere": lambda: browser.get(f"/b/{other}/no/such/"),
        "again": lambda: browser.post("/b/cast/", form),
        "forged": lambda: browser.post("/b/cast/", form | {"seal": "x"}),
        "incomplete": lambda: browser.post("/b/cast/", filled(other) | {"a.q1": ""}),
        "unknown": lambda: browser.get("/b/2222/"),
        "wrong method": lambda: browser.get("/b/cast/"),
        "wrong host": lambda: browser.get(f"/b/{other}/", HTTP_HOST="elsewhere"),
        "too large": lambda: browser.post("/b/cast/", {"comment": "长" * 70_000}),
    }


STATEMENTS = {
    "vote": 0, "vote_open": 1, "vote_ballot": 1, "vote_ballot_bare": 1, "vote_cast": 1, "vote_style": 0,
    "vote_nowhere": 0, "vote_receipt": 1, "forged": 0, "wrong method": 0, "unknown": 0,
}  # fmt: skip
"""The most SQL statements that a visit of a signed-in person's browser may take."""


def test_every_voters_address_is_visited() -> None:
    """Otherwise a new address would stay outside of the next test."""
    assert {entry.name for entry in urls.VOTERS} <= set(STATEMENTS)


def test_no_visit_leaves_cookie_session_audit_row_or_log_line(hall: Hall, log: Any) -> None:
    visits = requests_of(hall)
    rows = Entry.objects.count()
    sessions = _sessions()

    for name, visit in visits.items():
        with CaptureQueriesContext(connection) as asked:
            response = visit()
            count = len(asked)
        assert not response.cookies, name
        assert count <= STATEMENTS.get(name, 99), (name, [entry["sql"] for entry in asked])
        if name != "vote_style":
            assert response["Cache-Control"] == "no-store", name
        assert response["Referrer-Policy"] == "no-referrer", name
        assert not any(word in str(response.headers) for word in (a_code(hall), "sessionid")), name

    assert Entry.objects.count() == rows
    assert _sessions() == sessions
    assert [record.getMessage() for record in log.records] == []


def _sessions() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data, expire_date FROM django_session ORDER BY 1")
        return list(cursor.fetchall())


def test_log_guard_bites_without_the_hush(hall: Hall, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)

    requests_of(hall)["unknown"]()

    assert "/b/2222/" in caplog.text


def test_fault_of_ours_is_told_to_the_voter_and_to_nobody_else(
    hall: Hall, log: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = filled(a_code(hall))
    monkeypatch.setattr(votes, "INSERT", "INSERT INTO nowhere (a, b) SELECT %s, %s")

    response = post(form)

    assert response.status_code == 500
    assert "刚才没有办成" in response.content.decode()
    assert log.records == []


def test_urn_made_void_tells_voters_to_wait(hall: Hall) -> None:
    urns.make_void(urn=hall.urn, reason="发错了码", by=hall.leader, at=clock.now())

    assert "本次测评已作废" in page_of(a_code(hall)).content.decode()
