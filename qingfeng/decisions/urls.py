"""The pages of approvals and of the committee, under `/decisions/`."""

from __future__ import annotations

from django.urls import path

from qingfeng.decisions.views import (
    approvals,
    asking,
    chains,
    items,
    matters,
    meetings,
    minutes,
    panel,
    roster,
)

app_name = "decisions"
urlpatterns = [
    path("approvals/", approvals.approval_list, name="approvals"),
    path("approvals/export/", approvals.export, name="export_approvals"),
    path("approvals/new/<slug:kind>/<int:pk>/", asking.new, name="ask"),
    path("approvals/<int:pk>/", approvals.detail, name="approval"),
    path("approvals/<int:pk>/again/", asking.again, name="ask_again"),
    path("approvals/<int:pk>/withdraw/", asking.withdraw, name="withdraw"),
    path("approvals/<int:pk>/papers/", asking.add_paper, name="add_paper"),
    path("approvals/<int:pk>/sheet/", asking.sheet, name="sheet"),
    path("approvals/<int:pk>/print/", asking.print_page, name="print"),
    path("chains/", chains.chain_list, name="chains"),
    path("chains/<slug:kind>/", chains.change, name="chain"),
    path("matters/", matters.matter_list, name="matters"),
    path("matters/export/", matters.export, name="export_matters"),
    path("matters/new/<slug:kind>/<int:pk>/", matters.new, name="submit"),
    path("matters/<int:pk>/", matters.detail, name="matter"),
    path("matters/<int:pk>/take-back/", matters.take_back, name="take_back"),
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/export/", meetings.export, name="export_meetings"),
    path("meetings/new/", meetings.new, name="new_meeting"),
    path("meetings/numbers/", meetings.numbers, name="numbers"),
    path("meetings/<int:pk>/", meetings.detail, name="meeting"),
    path("meetings/<int:pk>/change/", meetings.change, name="change_meeting"),
    path("meetings/<int:pk>/cancel/", meetings.cancel, name="cancel_meeting"),
    path("meetings/<int:pk>/open/", meetings.open_meeting, name="open_meeting"),
    path("meetings/<int:pk>/notify/", meetings.notify, name="notify"),
    path("meetings/<int:pk>/agenda/", roster.add_item, name="add_item"),
    path("meetings/<int:pk>/people/", roster.people, name="people"),
    path("meetings/<int:pk>/presence/", roster.presence, name="presence"),
    path("meetings/<int:pk>/people/<int:row>/remove/", roster.remove, name="remove_person"),
    path("meetings/<int:pk>/minutes/", minutes.read, name="minutes"),
    path("meetings/<int:pk>/minutes/make/", minutes.make, name="make_minutes"),
    path("meetings/<int:pk>/minutes/again/", minutes.make_again, name="make_again"),
    path("meetings/<int:pk>/correct/", minutes.correct, name="correct"),
    path("items/<int:pk>/", items.detail, name="item"),
    path("items/<int:pk>/up/", roster.move_up, name="move_up"),
    path("items/<int:pk>/off/", roster.take_off, name="take_off"),
    path("items/<int:pk>/recuse/", items.recuse, name="recuse"),
    path("items/<int:pk>/preside/", items.preside, name="preside"),
    path("recusals/<int:pk>/lift/", items.lift, name="lift"),
    path("panel/<slug:kind>/<int:pk>/", panel.panel, name="panel"),
]
