"""What the officer's page of a round brings together."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.core.roles import Role
from qingfeng.core.rules import Rule
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.enums import Milestone, RoundState
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import bulletins, revisions
from qingfeng.evaluation.presenters import desk as words
from qingfeng.evaluation.presenters.words import days_left, month_day
from qingfeng.evaluation.queries import addresses, committee, results, rounds
from qingfeng.evaluation.queries import bulletins as bulletin_queries
from qingfeng.evaluation.queries import desk as queries
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition

OPEN = (RoundState.COLLECTING, RoundState.REVIEWING)
APPROVED = (RoundState.APPROVED, RoundState.ANNOUNCED)
CHECKED = (RoundState.APPEALING, RoundState.SETTLED)
NEXT: dict[str, tuple[str, Transition, Rule, str]] = {
    RoundState.PLANNED: ("开放填报", states.OPEN, rules.open_round, "round_open"),
    RoundState.COLLECTING: ("转入部门评分", states.START_REVIEW, rules.start_review, "round_start_review"),
    RoundState.REVIEWING: ("冻结数据", states.FREEZE, rules.freeze, "round_freeze"),
    RoundState.FROZEN: ("试算", states.COMPUTE, rules.compute, "round_compute"),
    RoundState.COMPUTED: ("发各单位核对", states.OPEN_APPEALS, rules.open_appeals, "round_open_appeals"),
    RoundState.APPEALING: ("结束核对申诉", states.SETTLE, rules.settle, "round_settle"),
    RoundState.SETTLED: ("提请常委会审定", states.APPROVE, rules.submit_result, "round_submit"),
    RoundState.APPROVED: ("公布结果", states.ANNOUNCE, rules.announce, "round_announce"),
}
DUE = {
    RoundState.PLANNED: Milestone.OPENS_ON,
    RoundState.COLLECTING: Milestone.SUBMIT_BY,
    RoundState.REVIEWING: Milestone.REVIEW_BY,
    RoundState.FROZEN: Milestone.TRIAL_ON,
    RoundState.COMPUTED: Milestone.ANNOUNCE_BY,
    RoundState.APPEALING: Milestone.ANNOUNCE_BY,
    RoundState.SETTLED: Milestone.ANNOUNCE_BY,
    RoundState.APPROVED: Milestone.ANNOUNCE_BY,
}


def context(user: User, round: Round) -> dict[str, Any]:
    """Return the page's context, in a number of queries that does not grow with the round."""
    today = clock.today()
    counts = queries.counts(round, today) if round.state in OPEN else None
    unbound = queries.unbound(round) if round.state == RoundState.PLANNED else []
    history = queries.history(round)
    standing = committee_of(round)
    checked = words.checking_of(round, today) if round.state in CHECKED else None
    job = queries.computation(round) if round.state in {RoundState.FROZEN, RoundState.COMPUTED} else None
    lines = bulletins.lines(bulletin_queries.counted(user, round))
    milestone = DUE.get(RoundState(round.state))
    desk = words.Desk(
        title=words.title(round, counts, unbound),
        meta=f"{round.scheme_version.scheme.name} {round.scheme_version}",
        steps=words.steps(round, history),
        next_step=next_step(
            user,
            round,
            unbound,
            is_running=job is not None and job.is_open,
            standing=standing,
            has_bulletin=bool(lines),
        ),
        others=other_steps(user, round),
        late=words.late_words(round, counts, today) if counts else [],
        bars=words.bars(round, counts) if counts else [],
        lines=[words.line(round, entry) for entry in counts.unfinished] if counts else [],
        days_left=None if milestone is None else days_left(round.date_of(milestone), today),
        due="" if milestone is None else f"{milestone.label} {month_day(round.date_of(milestone))}",
    )
    labels = {step.name: step.label for step in states.ROUNDS.transitions}
    return {
        "round": round,
        "desk": desk,
        "counts": counts,
        "committee": standing.words if standing is not None else "",
        "checking": checked,
        "unbound": unbound,
        "departments": list(rounds.departments(round)) if round.state == RoundState.PLANNED else [],
        "unit_states": words.unit_states(counts) if counts else [],
        "panel": words.panel(round, job),
        "bulletins": lines,
        "bulletin_title": bulletins.title(lines, is_approved=round.state in APPROVED),
        "revisions": [revisions.revision_line(row) for row in queries.revisions(round)],
        "results_url": addresses.to("ranking", round.pk),
        "happened": words.happened(history, labels, queries.schedule_changes(round)),
        "dates": queries.planned_dates(round),
        "may_move": round.state != RoundState.ANNOUNCED and rules.arrange_round.allows(user, round),
    }


def committee_of(round: Round) -> committee.Standing | None:
    """Return where the result stands before the committee, once it may be put before it."""
    revision = results.latest_revision(round) if round.state == RoundState.SETTLED else None
    return committee.standing(revision) if revision is not None else None


def parts_of(user: User, round: Round) -> list[words.Step]:
    """Return where those who take part find what is theirs in this round."""
    places = (
        ("单位填报", "round_submissions", (Role.UNIT_LIAISON, Role.UNIT_HEAD)),
        ("部门评分", "round_sheets", (Role.SCORING_DEPARTMENT,)),
        ("数据报送", "round_tasks", (Role.DATA_SUPPLIER,)),
    )
    found = [
        words.Step(label, addresses.to(name, round.pk)) for label, name, roles in places if user.holds(*roles)
    ]
    if round.state == RoundState.ANNOUNCED:
        found.append(words.Step("评价结果", addresses.to("ranking", round.pk)))
    return [entry for entry in found if entry.url]


def next_step(
    user: User,
    round: Round,
    unbound: list[str],
    *,
    is_running: bool,
    has_bulletin: bool,
    standing: committee.Standing | None = None,
) -> words.Step | None:
    """Return the one step that carries the round on, with the reason why it cannot be taken yet."""
    found = NEXT.get(round.state)
    if found is None:
        url = reverse("evaluation:bulletin_draft", args=[round.pk])
        why = rules.draft_bulletin.why_not(user, round)
        return None if has_bulletin else words.Step("起草通报", url, why)
    label, transition, rule, name = found
    why = engine.why_not(round, transition, rule, user)
    if not why and unbound:
        why = f"先为 {len(unbound)} 个部门指定对应单位"
    if not why and standing is not None and standing.is_open:
        why = "已提请常委会审定，等会议议决"
    if not why and is_running:
        why = "正在试算，算完后刷新"
    return words.Step(label, reverse(f"evaluation:{name}", args=[round.pk]), why)


def other_steps(user: User, round: Round) -> list[words.Step]:
    """Return the quiet steps that the state allows, each with why this person cannot take it."""

    def step(label: str, name: str, rule: Rule) -> words.Step:
        return words.Step(label, reverse(f"evaluation:{name}", args=[round.pk]), rule.why_not(user, round))

    found = []
    if round.state == RoundState.PLANNED:
        found += [step("部门对应单位", "round_bindings", rules.arrange_round)]
        found += [step("换评价方案", "round_scheme", rules.arrange_round)]
    if round.state in OPEN:
        found += [step("催办", "round_remind", rules.remind)]
        found += [step("无记名测评", "round_urn", rules.prepare_ballots)]
    if round.state == RoundState.FROZEN:
        found += [step("解除冻结", "round_unfreeze", rules.unfreeze)]
    if round.state == RoundState.APPEALING:
        found += [step("延长核对期限", "round_extend_appeals", rules.open_appeals)]
    if round.state == RoundState.SETTLED:
        found += [step("登记平台外会议的审定", "round_approve", rules.approve_result)]
    if round.state in states.REOPEN.from_:
        found += [step("退回更正", "round_reopen", rules.reopen)]
    # A quiet step that is not this person's is left out: the one filled button says who acts.
    return [entry for entry in found if not entry.why]
