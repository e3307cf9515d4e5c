"""What the owner of an origin decides about documents composed from it: who reads them, when they go out."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.core.errors import Denied
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.documents import rules
from qingfeng.documents.actions import drafting
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import duties, scope
from tests.documents import stories
from tests.documents.samples import notice
from tests.stories import signed_in, user_with

pytestmark = pytest.mark.django_db
MISSING = "还没有经领导批准，不能印发"


@pytest.fixture(autouse=True)
def own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "CONDITIONS", {})
    monkeypatch.setattr(scope, "CLOSED", {})


def from_origin(pk: int, by: User | None = None) -> OfficialDocument:
    text = notice(number="")
    return drafting.draft(
        kind="notice",
        title=text.title,
        text=text,
        by=by or user_with(Role.CONDUCT_OFFICE),
        at=stories.AT,
        origin=Reference("planted_origin", pk),
    )


def until_first(document: OfficialDocument) -> str:
    return MISSING if document.origin_id == 1 else ""


def test_issue_before_the_owners_condition_holds_is_denied_with_its_sentence() -> None:
    rules.require_before_issue("planted_origin", until_first)
    waiting, ready = from_origin(1), from_origin(2)

    with pytest.raises(Denied, match=MISSING):
        stories.issue(waiting)
    stories.issue(ready)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.number, ready.state) == ("draft", None, "issued")


def test_issue_of_another_origin_asks_no_condition() -> None:
    rules.require_before_issue("planted_origin", until_first)

    assert stories.issue(stories.draft()).state == "issued"


def test_every_condition_of_an_origin_is_asked_and_each_is_registered_once() -> None:
    rules.require_before_issue("planted_origin", lambda document: "")
    rules.require_before_issue("planted_origin", until_first)
    rules.require_before_issue("planted_origin", until_first)

    assert len(rules.CONDITIONS["planted_origin"]) == 2
    assert rules.issue.why_not(stories.office(), from_origin(1)) == MISSING


def test_page_and_step_show_the_owners_sentence() -> None:
    rules.require_before_issue("planted_origin", until_first)
    document, browser = from_origin(1), signed_in(stories.office())

    page = browser.get(reverse("documents:detail", args=[document.pk]))
    step = browser.get(reverse("documents:issue", args=[document.pk]))

    assert MISSING in page.content.decode()
    assert step.status_code == 403
    assert MISSING in step.content.decode()


def test_closed_origin_is_read_by_those_alone_whom_its_owner_names() -> None:
    clerk, deputy = user_with(Role.COMMITTEE_CLERK), user_with(Role.DEPUTY_LEADER)
    rules.close("planted_origin", lambda user: {1} if user.pk == clerk.pk else set())
    closed, other = from_origin(1, by=clerk), stories.draft()

    assert set(scope.visible_to(clerk)) == {closed, other}
    assert set(scope.visible_to(deputy)) == {other}
    assert signed_in(deputy).get(reverse("documents:detail", args=[closed.pk])).status_code == 404


def test_closed_origin_once_issued_reaches_a_named_reader_of_any_role() -> None:
    member = user_with(Role.STATIONED_GROUP)
    office = stories.office()
    rules.close("planted_origin", lambda user: {1} if user.pk in {member.pk, office.pk} else set())
    document = from_origin(1)
    before = set(scope.visible_to(member))

    stories.issue(document, by=office)

    assert before == set()
    assert set(scope.visible_to(member)) == {document}


def test_closed_origin_waits_on_no_workbench_but_a_readers() -> None:
    office = stories.office()
    rules.close("planted_origin", lambda user: ())
    from_origin(1)

    assert duties.duties_of(office, stories.AT.date()) == []
