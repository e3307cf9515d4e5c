"""Data tasks: the list, one supplier's page, numbers typed or by Excel, the report itself."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.accounts.models import User
from qingfeng.core import clock, htmx
from qingfeng.core.errors import Refused
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import data as actions
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.forms.data import NoneForm, ValuesForm
from qingfeng.evaluation.models.data import DataTask
from qingfeng.evaluation.presenters.data import TaskPage
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import rounds, supplying
from qingfeng.evaluation.views import steps, workbooks
from qingfeng.workflow import engine

SHOWN_FACTS = 20


def fetch(user: User, pk: int) -> DataTask:
    found: DataTask = get_object_or_404(queries.visible_to(user), pk=pk)
    return found


def address(task: DataTask) -> str:
    return reverse("evaluation:task", args=[task.pk])


def compose(user: User, task: DataTask) -> TaskPage:
    choices = queries.choices_of(task.round, queries.facts_of(task))
    return TaskPage(
        task=task,
        measures=queries.measures_of(task),
        kinds=queries.kinds_of(task),
        indicators=supplying.indicators_of(task),
        units=rounds.taking_part(task.round).count(),
        filled=supplying.filled_counts(task),
        facts=queries.facts_of(task).count(),
        unchosen=sum(1 for row in choices if row.chosen is None),
        today=clock.today(),
        is_supplier=rules.report_data.allows(user, task),
    )


@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a supplier is asked for, what is there, and what can be done now."""
    user = steps.person(request)
    row = fetch(user, pk)
    context = {
        "page": compose(user, row),
        "task": row,
        "facts": queries.facts_of(row)[:SHOWN_FACTS],
        "words": {kind.code: kind.name for kind in queries.kinds_of(row)},
        "why_deliver": engine.why_not(row, states.DELIVER, rules.report_data, user),
        "why_none": engine.why_not(row, states.REPORT_NONE, rules.report_data, user),
        "why_recall": engine.why_not(row, states.RECALL, rules.report_data, user),
        "why_return": engine.why_not(row, states.RETURN_TASK, rules.return_task, user),
        "may_return": rules.return_task.allows(user, row),
    }
    return render(request, "evaluation/task_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def values(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and save the numbers of every unit in one table."""
    user = steps.person(request)
    row = fetch(user, pk)
    rules.report_data.check(user, row)
    rows = [(line.round_unit, line.values) for line in queries.value_rows(row)]
    form = ValuesForm(rows, queries.measures_of(row), steps.posted(request))
    errors: list[str] = []
    if request.method == "POST":
        errors = _save_values(request, row, form)
        if not errors:
            messages.success(request, "数据已保存，还没有报送。")
            return htmx.go(request, address(row))
    context = {"task": row, "form": form, "errors": errors, "page": compose(user, row)}
    return render(request, "evaluation/values_form.html", context, status=steps.UNFIT if errors else 200)


def _save_values(request: HttpRequest, row: DataTask, form: ValuesForm) -> list[str]:
    if not form.is_valid():
        wrong = sum(1 for cell in form.cells() if cell.error)
        return [f"{wrong} 个格子没填对，都还没有保存"]
    try:
        actions.save_values(task=row, values=form.values(), by=steps.person(request), at=clock.now())
    except Refused as refusal:
        return list(refusal.sentences)
    return []


@require_http_methods(["GET", "HEAD", "POST"])
def task_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take over a supplier's workbook, whole or not at all."""
    user = steps.person(request)
    row = fetch(user, pk)
    rules.report_data.check(user, row)

    def take_in(content: bytes) -> str:
        actions.import_task_book(task=row, content=content, by=user, at=clock.now())
        return "表格已导入，还没有报送，请核对后报送。"

    desk = workbooks.Desk(
        title=f"用 Excel 报{row.department.name}的数据",
        back=address(row),
        download=reverse("evaluation:task_workbook", args=[row.pk]),
        sentence="表里已列好所有参评单位和已经登记的内容，没有的格子留空，不要改单位编码。",
        warning="上传的内容会替换平台里本部门本季度已有的数据和事实；表里没有的事实记为撤销。",
    )
    return workbooks.receive(request, desk, take_in)


@require_POST
def task_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    content = actions.template(task=row, by=user)
    title = f"数据报送-{row.department.name}"
    return workbooks.send(request, content, title=title, what="data_task", subject=row)


@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.report_data.check(user, row)
    page = compose(user, row)
    blanks = [
        f"“{m.name}”有 {page.units - n} 个单位没填，按“不适用”处理"
        for m, n in page.measure_rows
        if n < page.units
    ]
    unchosen = [f"{page.unchosen} 条事实还没选定分值"] if page.unchosen else []
    question = steps.Question(
        title=f"报送 {page.asked}？",
        action="报送",
        back=address(row),
        done="数据已报送。",
        sentence=f"共登记 {page.facts} 条事实。报送后要改，可以在冻结之前撤回。",
        facts=[*blanks, *unchosen],
    )
    act = partial(actions.report_delivered, task=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda _: act())


@require_http_methods(["GET", "HEAD", "POST"])
def report_none(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.report_data.check(user, row)
    names = supplying.indicators_of(row)
    question = steps.Question(
        title="报告本期没有数据？",
        action="报告本期无数据",
        back=address(row),
        done="已报告本期无数据。",
        sentence="“没有”和“没报”不一样：报告没有，所有单位在下面这些指标的这一部分都得满分。",
        facts=names,
    )
    act = partial(actions.report_none, task=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda _: act(), form=NoneForm(steps.posted(request)))


@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    act = partial(actions.recall, task=row, by=user, at=clock.now())
    return steps.take(request, act, done="已撤回，改好后请再报送。", back=address(row))


@require_http_methods(["GET", "HEAD", "POST"])
def return_task(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.return_task.check(user, row)
    name = row.department.name
    question = steps.Question(f"把数据退回{name}重报？", "退回重报", address(row), f"已退回{name}。")
    form = ReasonForm(steps.posted(request), label="退回理由")
    act = partial(actions.return_task, task=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)
