"""Codes and votes: one row each, once each, and refusals in plain words."""

from __future__ import annotations

import pytest

from qingfeng.audit.models import Entry
from qingfeng.ballots.actions import codes, urns, votes
from qingfeng.ballots.models import Code, CodeBatch, Vote
from qingfeng.ballots.queries import voting
from qingfeng.ballots.sealing import codes as made
from qingfeng.core.errors import Denied, Refused, WrongState
from qingfeng.workflow.models import StateChange
from tests.ballots import stories

pytestmark = pytest.mark.django_db


def test_vote_writes_one_row_and_nothing_else(django_assert_num_queries) -> None:
    hall = stories.opened()
    pool = hall.pools[0]
    before = (Entry.objects.count(), StateChange.objects.count())

    stories.vote(hall, pool, 0)  # the first of a pool reads the questions, which the process remembers

    with django_assert_num_queries(2):
        stories.vote(hall, pool, 1)

    assert (Entry.objects.count(), StateChange.objects.count()) == before
    digests = {made.digest(code) for code in hall.codes[pool.pk][:2]}
    assert set(Vote.objects.values_list("code_hash", flat=True)) == digests


def test_sealed_votes_are_of_one_length_and_say_nothing_in_clear() -> None:
    hall = stories.opened(units=1, groups=("all",))
    pool = hall.pools[0]
    receipts = [
        stories.vote(hall, pool, n, answer, comment=comment)
        for n, (answer, comment) in enumerate([("good", ""), ("bad", "意见" * 100), ("unknown", "短")])
    ]

    sealed = [bytes(row) for row in Vote.objects.values_list("sealed", flat=True)]

    assert len({len(row) for row in sealed}) == 1
    hidden = [made.receipt_bytes(text) for text in receipts] + ["意见".encode()]
    assert not any(part in row for part in hidden for row in sealed)


def test_second_vote_with_a_code_is_refused_as_used() -> None:
    hall = stories.opened()
    pool = hall.pools[0]
    stories.vote(hall, pool, 0, "good")

    with pytest.raises(Refused, match="已经投过票"):
        stories.vote(hall, pool, 0, "bad")

    assert Vote.objects.count() == 1


def cast(code: str, hall: stories.Hall, **changes: object) -> None:
    how = {
        "code": code,
        "answers": stories.answers(hall.urn, "good"),
        "comment": "",
        "receipt": made.new_receipt(),
    } | changes
    votes.cast(**how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answers": {"q1": "good", "q3": "nonsense"}}, "第 2、3 题还没有选择"),
        ({"comment": "长" * 201}, "最多 200 字"),
        ({"receipt": "not a receipt"}, "页面已失效"),
        ({"code": "ABCD"}, "测评码不完整"),
    ],
)
def test_faulty_vote_is_refused_and_its_code_stays_good(changes: dict[str, object], sentence: str) -> None:
    hall = stories.opened()
    code = hall.codes[hall.pools[0].pk][0]

    with pytest.raises(Refused, match=sentence):
        cast(str(changes.pop("code", code)), hall, **changes)

    assert Vote.objects.count() == 0
    cast(code, hall)


def test_unknown_code_is_refused() -> None:
    hall = stories.opened()

    with pytest.raises(Refused, match="没有这个测评码"):
        cast(made.new_code(), hall)


def test_group_is_asked_only_its_own_questions() -> None:
    hall = stories.prepared(units=1, groups=("a", "b"))
    hall.urn.questions[0]["groups"] = ["a"]
    hall.urn.save(update_fields=["questions"])
    stories.kept(hall)
    pool = hall.pools[1]
    code = codes.issue(pool=pool, count=1, by=hall.officer, at=stories.AT)[0]
    urns.open_urn(urn=hall.urn, by=hall.officer, at=stories.AT)

    paper = voting.paper(code)
    cast(code, hall, answers={"q2": "good", "q3": "bad"})

    assert paper is not None
    assert [question["code"] for question in paper.questions] == ["q2", "q3"]
    assert Vote.objects.count() == 1


def test_vote_before_the_opening_is_refused() -> None:
    hall = stories.kept(stories.prepared())
    code = codes.issue(pool=hall.pools[0], count=1, by=hall.officer, at=stories.AT)[0]

    with pytest.raises(Refused, match="还没有开始"):
        cast(code, hall)


def test_vote_after_the_close_is_refused() -> None:
    hall = stories.closed(stories.opened())

    with pytest.raises(Refused, match="已经截止"):
        cast(hall.codes[hall.pools[0].pk][0], hall)


def test_void_codes_are_refused_and_new_ones_take_their_place() -> None:
    hall = stories.opened()
    pool = hall.pools[0]
    stories.vote(hall, pool, 0)

    count = codes.void_unused(pool=pool, by=hall.officer, at=stories.AT)
    again = codes.issue(pool=pool, count=count, by=hall.officer, at=stories.AT)

    assert count == pool.size - 1
    with pytest.raises(Refused, match="已作废"):
        stories.vote(hall, pool, 1)
    cast(again[0], hall)


def test_codes_beyond_the_people_of_a_pool_are_refused() -> None:
    hall = stories.opened()

    with pytest.raises(Refused, match="最多还能制发 0 张"):
        codes.issue(pool=hall.pools[0], count=1, by=hall.officer, at=stories.AT)


def test_codes_made_by_a_keeper_are_refused() -> None:
    hall = stories.kept(stories.prepared())

    with pytest.raises(Denied):
        codes.issue(pool=hall.pools[0], count=1, by=hall.keepers[1], at=stories.AT)


def test_codes_are_stored_by_hash_only_and_in_no_order_of_the_sheet() -> None:
    hall = stories.kept(stories.prepared(units=1, groups=("all",), size=200))
    pool = hall.pools[0]

    sheet = codes.issue(pool=pool, count=200, by=hall.officer, at=stories.AT)

    hashes = [made.digest(code) for code in sheet]
    assert set(Code.objects.values_list("code_hash", flat=True)) == set(hashes)
    assert hashes != sorted(hashes)
    assert CodeBatch.objects.get().count == 200


def test_size_under_the_codes_that_are_out_is_refused() -> None:
    hall = stories.opened()

    with pytest.raises(Refused, match="人数不能更少"):
        urns.set_sizes(urn=hall.urn, sizes={hall.pools[0].pk: 7}, by=hall.officer, at=stories.AT)


def test_codes_after_the_close_are_refused() -> None:
    hall = stories.closed(stories.opened())

    with pytest.raises(WrongState):
        codes.issue(pool=hall.pools[0], count=1, by=hall.officer, at=stories.AT)
