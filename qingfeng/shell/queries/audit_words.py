"""The words of the audit book: what a slug means to the person who reads it."""

from __future__ import annotations

import functools
from typing import Any

from django.apps import apps

from qingfeng.accounts.enums import AccountChangeKind
from qingfeng.core.roles import Role
from qingfeng.workflow.transitions import MACHINES

EXACT = {
    "sign_in": "登录",
    "sign_out": "退出登录",
    "sign_in.fail": "登录失败",
    "sign_in.lock": "连续输错密码，账号锁定",
    "sign_in.locked": "锁定期间登录",
    "sign_in.factor_fail": "两步验证失败",
    "sign_in.factor_lock": "两步验证失败太多，锁定",
    "sign_in.address": "从不许的地址登录，被拒",
    "password.change": "修改密码",
    "factor.add": "开启两步验证",
    "factor.remove": "停用两步验证",
    "factor.renew": "重新生成恢复代码",
    **{f"user.{kind.value}": f"账号：{kind.label}" for kind in AccountChangeKind},
    "stand_in.end": "代理：提前结束",
    "refused": "越权操作被拒绝",
    "open": "打开查看",
    "audit.verify": "发起审计校验",
    "organizations.import": "导入单位和人员",
    "organizations.export": "导出单位和人员",
    "backup.make": "备份数据库和文件",
    "backup.restore": "从备份恢复",
    "calendar.declare": "调整工作日",
    "calendar.withdraw": "撤销工作日调整",
    "file.add": "上传文件",
    "result.confirm": "核对试算结果无异议",
    "round.extend_appeals": "延长核对申诉期限",
    "committee_meeting.correct": "常委会会议：登记纪要更正",
    "institution.record": "登记制度",
    "institution.withdraw": "撤销制度登记",
    "urn.accept_key": "票箱：设置保管口令",
    "urn.prepare": "票箱：准备",
    "urn.read_comments": "票箱：查看意见",
    "urn.set_sizes": "票箱：填写应参加人数",
}
VERBS = {
    "accept": "受理",
    "add_person": "增列参会人员",
    "answer": "答复",
    "begin": "开始",
    "call": "召集",
    "issue_codes": "制发测评码",
    "judge": "填写判断",
    "name_keeper": "指定保管人",
    "notify": "发会议通知",
    "preside": "改由他人主持",
    "presence": "登记到会情况",
    "print": "打印",
    "reassign": "改定责任人",
    "recuse": "登记回避",
    "remove": "移除",
    "remove_person": "移出参会名单",
    "request": "提请",
    "submit": "提交",
    "void_codes": "作废没有用过的测评码",
    "write": "写申诉",
    "ask": "提出",
    "confirm": "确认",
    "refuse": "不同意",
    "take": "接收",
    "name": "指定",
    "limit": "定截止日期",
    "add": "新增",
    "change": "修改",
    "create": "新建",
    "delete": "删除",
    "draft": "起草",
    "edit": "修改",
    "end": "收回",
    "export": "导出",
    "extend": "延长",
    "give": "授予",
    "hand_over": "交接",
    "import": "导入",
    "import_tallies": "导入票数",
    "meet": "办结",
    "open": "开立",
    "recompute": "重新推算",
    "request_computation": "发起试算",
    "resume": "恢复",
    "retry": "重试",
    "set": "设定",
    "suspend": "中止",
    "upload": "上传",
}


DETAILS = {
    "attendance": "参会人员",
    "count": "张数",
    "next": "下一次",
    "pool": "测评群体",
    "pools": "测评群体数",
    "presence": "到会情况",
    "round": "轮次",
    "seat": "席位",
    "steps": "签批环节",
    "urn": "票箱",
    "version": "版本",
    "year": "年度",
    "acting_for": "代",
    "after": "改为",
    "backup": "备份",
    "before": "原为",
    "counts": "数量",
    "date": "日期",
    "digest": "摘要值",
    "due": "到期日",
    "from": "原",
    "genre": "文种",
    "grants": "授权",
    "is_working": "上班",
    "key": "设置项",
    "made_at": "备份时间",
    "number": "字号",
    "of": "对象",
    "purpose": "用途",
    "reason": "依据",
    "role": "角色",
    "rows": "行数",
    "slug": "类别",
    "to": "现",
    "unit": "单位",
    "user": "账号",
}
HIDDEN = {"name"}


@functools.cache
def kinds() -> dict[str, str]:
    """Return kind slug → the model's name in Chinese."""
    found = {}
    for model in apps.get_models():
        kind = getattr(model, "kind", "")
        if kind:
            found[kind] = str(model._meta.verbose_name)
    return found


def kind_words(kind: str) -> str:
    return kinds().get(kind, kind)


def action_words(slug: str) -> str:
    """Say what a slug means: by the table, by the machine's step, or by kind and verb."""
    if slug in EXACT:
        return EXACT[slug]
    kind, _, verb = slug.partition(".")
    if kind == "export":
        return f"导出：{kind_words(verb)}"
    steps = {step.name: step.label for step in MACHINES[kind].transitions} if kind in MACHINES else {}
    return f"{kind_words(kind)}：{steps.get(verb) or VERBS.get(verb, verb)}"


def detail_words(kind: str, detail: dict[str, Any]) -> str:
    """Say the detail of an entry about a kind of thing as pairs of word and value."""
    labels = dict(MACHINES[kind].states) if kind in MACHINES else {}
    pairs = [
        (DETAILS.get(key, key), _value(value, labels)) for key, value in detail.items() if key not in HIDDEN
    ]
    return "，".join(f"{word} {value}" for word, value in pairs)


def _value(value: Any, labels: dict[str, str]) -> str:
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and len(value) == 2 and value[0] in kinds():
        return f"{kind_words(value[0])} {value[1]}"
    if isinstance(value, list):
        return "、".join(_value(each, labels) for each in value)
    if isinstance(value, dict):
        return "、".join(f"{kind_words(key)} {each}" for key, each in value.items())
    text = str(value)
    return labels.get(text) or (Role(text).label if text in Role.values else text)
