"""What the inbox does when something happened below: ids in, fetch, one action."""

from __future__ import annotations

from django.urls import reverse

from qingfeng.accounts.events import (
    HandoverConfirmed,
    LiaisonNamed,
    LiaisonObjected,
    OfficeHandedOver,
    SignedInFromNewPlace,
    StandInAnswered,
    StandInAsked,
    StandInEnded,
)
from qingfeng.accounts.models import Grant, Handover, StandIn, User
from qingfeng.accounts.queries import handovers, liaisons, stand_ins
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.references import reference_to
from qingfeng.core.roles import Role
from qingfeng.documents.events import DocumentCorrected, DocumentIssued, DocumentWithdrawn
from qingfeng.notifications import actions, queries


def tell_of_issue(event: DocumentIssued) -> None:
    """Write to the heads and liaison officers of the units that a document was issued to."""
    _tell(event.document_id, "收到公文{number}")


def tell_of_correction(event: DocumentCorrected) -> None:
    _tell(event.document_id, "公文{number}已更正，以更正后的文本为准")


def tell_of_withdrawal(event: DocumentWithdrawn) -> None:
    _tell(event.document_id, "公文{number}已撤回，不再执行")


def tell_of_new_place(event: SignedInFromNewPlace) -> None:
    """Write to the person who signed in from an address or with a browser that is new to him."""
    place = queries.place(event.place_id)
    actions.send(
        recipients=[place.user],
        title="您的账号刚从没用过的地址或浏览器登录",
        body=f"{clock.spoken(place.first_at)}，地址 {place.address}，{place.browser}。"
        "是您本人的，不用理会；不是的，请马上退出那一处并改密码，再告诉安全管理员。",
        link=reverse("accounts:me"),
        by=SYSTEM,
        at=place.first_at,
    )


def _tell(document_id: int, title: str) -> None:
    paper = queries.paper(document_id, clock.today())
    actions.send(
        recipients=paper.readers,
        title=title.format(number=paper.number),
        body="点开可以查看全文和发送范围。",
        link=paper.link,
        by=SYSTEM,
        at=clock.now(),
        subject=paper.subject,
    )


def tell_of_request(event: StandInAsked) -> None:
    """Write to who may confirm a stand-in, and to the deputy that he is asked for."""
    row = stand_ins.by_id(event.stand_in_id)
    answerers = queries.holders(Role.SECURITY_ADMIN, clock.today())
    grants = list(row.grants.all())
    if all(grant.role == Role.UNIT_LIAISON for grant in grants):
        for grant in grants:
            answerers += queries.holders(Role.UNIT_HEAD, clock.today(), unit=grant.unit_id)
    _tell_of_stand_in(row, answerers, f"请确认代理：{row}")
    _tell_of_stand_in(row, [row.absent, row.deputy], f"已提出代理：{row}，等待确认")


def tell_of_answer(event: StandInAnswered) -> None:
    row = stand_ins.by_id(event.stand_in_id)
    verdict = "代理已确认" if row.confirmed_at else "代理没有同意"
    _tell_of_stand_in(row, [row.absent, row.deputy, row.asked_by], f"{verdict}：{row}")


def tell_of_end(event: StandInEnded) -> None:
    row = stand_ins.by_id(event.stand_in_id)
    _tell_of_stand_in(row, [row.absent, row.deputy], f"代理已结束：{row}")


def _tell_of_stand_in(row: StandIn, people: list[User], title: str) -> None:
    period = f"{row.starts_on:%Y-%m-%d} 至 {row.ends_on:%Y-%m-%d}"
    actions.send(
        recipients=people,
        title=title,
        body=f"{period}，角色：{stand_ins.role_words(row)}。",
        link=reverse("accounts:stand_in", args=[row.pk]),
        by=SYSTEM,
        at=clock.now(),
        subject=reference_to(row),
    )


def tell_of_handover(event: OfficeHandedOver) -> None:
    row = handovers.by_id(event.handover_id)
    _tell_of_handover(row, [row.giver, row.taker], f"岗位交接：{row}", "请按清单交接，双方各自确认。")


def tell_of_confirmation(event: HandoverConfirmed) -> None:
    row = handovers.by_id(event.handover_id)
    if row.taken_at is None:
        _tell_of_handover(row, [row.taker], f"请核对交接清单：{row}", "移交人已经确认，请核对后确认接收。")
    else:
        people = [row.giver, row.taker, row.by]
        _tell_of_handover(row, people, f"交接已完成：{row}", "双方都已确认。")


def _tell_of_handover(row: Handover, people: list[User], title: str, body: str) -> None:
    actions.send(
        recipients=people,
        title=title,
        body=f"移交人最后一天 {row.last_day:%Y-%m-%d}，角色：{handovers.role_words(row)}。{body}",
        link=reverse("accounts:handover", args=[row.pk]),
        by=SYSTEM,
        at=clock.now(),
        subject=reference_to(row),
    )


def tell_of_liaison(event: LiaisonNamed) -> None:
    """Write to the new liaison officer, and to the security administrator, who may object."""
    grant = liaisons.grant_by_id(event.grant_id)
    _tell_of_liaison(grant, [grant.user], f"您被指定为{grant.unit}的联络员", reverse("accounts:me"))
    title = f"{grant.unit}指定{grant.user}为联络员"
    there = reverse("accounts:detail", args=[grant.user_id])
    _tell_of_liaison(grant, queries.holders(Role.SECURITY_ADMIN, clock.today()), title, there)


def tell_of_objection(event: LiaisonObjected) -> None:
    grant = liaisons.grant_by_id(event.grant_id)
    people = [grant.user] + ([grant.granted_by] if grant.granted_by else [])
    title = f"{grant.unit}联络员{grant.user}的指定已被收回"
    _tell_of_liaison(grant, people, title, reverse("accounts:me"))


def _tell_of_liaison(grant: Grant, people: list[User], title: str, link: str) -> None:
    why = f"收回的理由：{grant.end_reason}。" if grant.ended_at else "有异议的，安全管理员可以收回。"
    actions.send(
        recipients=people,
        title=title,
        body=f"{grant.starts_on:%Y-%m-%d} 起。{why}",
        link=link,
        by=SYSTEM,
        at=clock.now(),
        subject=reference_to(grant),
    )
