"""Sample content in the words of the real pages. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from qingfeng.core.listing import Column, Filter, Listing
from qingfeng.shell.navigation import Group, Item

CASE_STEPS = [
    ("线索", "done"),
    ("初步核实", "done"),
    ("立案", "done"),
    ("审查调查", "done"),
    ("移送审理", "done"),
    ("审理", "now"),
    ("决定", "later"),
    ("宣布执行", "later"),
    ("归档", "later"),
]
ROUND_STEPS = [
    ("开启", "done", "9 月 21 日"),
    ("单位报送", "done", "9 月 30 日"),
    ("部门评分", "now", "还剩 2 天"),
    ("数据冻结", "later", "10 月 12 日"),
    ("试算", "later", ""),
    ("常委会审定", "later", ""),
    ("公布", "later", ""),
]
FACTS = [
    ("单位", "云溪镇"),
    ("类别", "镇街"),
    ("统一代码", "YC-101"),
    ("主要负责人", "陈*某，2024 年 3 月任职"),
    ("合并去向", ""),
    ("说明", "2025 年由原云溪乡、白塔乡合并，沿用云溪乡评价数据。"),
]
FILES: list[dict[str, Any]] = [
    {
        "name": "2026 年第三季度中心组学习记录.pdf",
        "kind": "PDF",
        "size": 1_843_201,
        "note": "10 月 8 日 上传",
        "url": "#",
    },
    {"name": "整改台账（第 2 版）.xlsx", "kind": "表格", "size": 48_200, "note": "已替换第 1 版", "url": "#"},
    {"name": "谈话记录.docx", "kind": "文档", "size": 92_100, "note": "不在您的知悉范围", "url": ""},
]
EVENTS = [
    {"at": "2026-10-09 10:42", "what": "市财政局签收《以案促改通知书》", "who": "市财政局", "note": ""},
    {
        "at": "2026-10-09 09:15",
        "what": "退回“整改台账第 2 项”",
        "who": "党风政风监督室",
        "note": "未附制度文本，请补充后重报。",
    },
    {"at": "2026-10-08 17:03", "what": "报送第三季度佐证材料", "who": "云溪镇", "note": ""},
]
TABS = [
    {"label": "全部", "url": "#tabs", "active": True, "count": 36},
    {"label": "待评分", "url": "#tabs", "count": 9},
    {"label": "已退回", "url": "#tabs", "count": 2},
    {"label": "评分说明", "url": "#tabs"},
]
DUTIES = [
    {
        "days": -3,
        "title": "云溪镇以案促改：整改台账第 2 项退回后未重报",
        "note": "以案促改通知书〔2026〕14 号 · 退回理由：未附制度文本",
        "kind": "以案促改",
    },
    {
        "days": -1,
        "title": "函询答复未收到：市住建局",
        "note": "函询〔2026〕9 号 · 期限 15 个工作日",
        "kind": "监督",
    },
    {
        "days": 1,
        "title": "第四季度评价：审计局 3 项指标未评分",
        "note": "已催办 1 次，11 月 20 日",
        "kind": "评价",
    },
    {"days": 6, "title": "线索 XS-2026-0183 处置意见", "note": "受理 24 天，期限 1 个月", "kind": "案件"},
    {
        "days": 9,
        "title": "回访：帮带人提交的 11 月谈话记录待审",
        "note": "帮带档案 BD-2025-031",
        "kind": "帮带",
    },
]
WEAKEST = [
    (
        "D5",
        "开展以案促改和警示教育",
        3,
        1.92,
        "以案促改个案得分 64（1 件）；逾期 1 次 −0.30",
        "数据 · 1 条记录",
    ),
    (
        "B3",
        "执行民主集中制和“三重一大”集体决策制度",
        4,
        2.9,
        "未末位表态 2 次 −0.60；1 次会议记录不规范 −0.20",
        "部门评审 · 派驻组",
    ),
    ("E2", "反对形式主义、官僚主义", 4, 3.12, "测评满意率 71%（46 张有效票）", "测评 + 数据"),
    ("A9", "落实巡视巡察、审计反馈问题整改", 2, 1.6, "整改完成 16/18；逾期 1 项 −0.20", "数据 · 18 条记录"),
]
HALVES = [
    {
        "title": "违纪违法事实",
        "meta": "3 项 · 已审 3",
        "items": [
            (
                "1",
                "违规收受管理服务对象礼金",
                "2023 年至 2025 年间 4 次，合计金额见证据目录。",
                "事实清楚",
                "good",
                ["证据 7 件", "廉洁纪律"],
            ),
            (
                "2",
                "对下属失察失管",
                "所辖股室连续两年招标文件未经集体研究。",
                "事实清楚",
                "good",
                ["证据 5 件", "工作纪律"],
            ),
            ("3", "违规报销费用", "虚列会议 3 次。", "证据确凿", "good", ["证据 6 件", "中央八项规定"]),
        ],
    },
    {
        "title": "违纪违法原因",
        "meta": "3 项 · 已审 2 · 退回 1",
        "items": [
            (
                "1",
                "招标审批缺少第二人复核",
                "现行办法第八条只要求经办人签字，三年内同类问题出现 3 次。",
                "原因精准",
                "good",
                ["客观", "机制", "现实"],
            ),
            (
                "2",
                "理想信念滑坡",
                "退回理由：未说明成长经历和党性教育情况，请补充谈话记录与履历分析。",
                "退回",
                "bad",
                ["主观", "历史"],
            ),
            (
                "3",
                "派驻监督未列席关键会议",
                "2024 年列席 2 次，均非招标议题。",
                "原因精准",
                "good",
                ["客观", "体制"],
            ),
        ],
    },
]
OPINIONS = [
    {
        "title": "处理建议",
        "meta": "双核之一",
        "items": [
            (
                "",
                "党内严重警告、政务记大过",
                "影响期：党纪 1.5 年，政务 18 个月；起算日为决定生效日。",
                "已核对",
                "good",
                ["与事实 1、2、3 相当", "匹配表无异议"],
            )
        ],
    },
    {
        "title": "整改建议",
        "meta": "双核之二",
        "items": [
            (
                "",
                "修订招标文件审核办法，增设复核岗",
                "对应原因 1；完成期限建议 60 天。",
                "待核对",
                "warn",
                ["对应原因 1", "住建领域"],
            )
        ],
    },
]
CONFIRMATION: dict[str, Any] = {
    "title": "公布第三季度评价结果？",
    "sentence": "公布后不能撤回，更正只能另发通报。",
    "facts": [
        "104 个单位看到自己的得分和等次",
        "9 月 30 日以后的数据不再计入本季",
        "向 104 位联络员发出通知",
    ],
    "action": "公布",
    "cancel_url": "?part=signs",
    "form": None,
}
STAGES = [
    ("今天", "签收", "签收人和时间将记入送达回证", "bad"),
    ("7 天", "报实施方案", "可用模板，也可以拍照上传", ""),
    ("15 天", "案例剖析", "主观、客观，从制度上找原因", ""),
    ("30 天", "警示教育大会、查摆问题", "签到表、问题清单", ""),
    ("45 天", "专题民主生活会", "需提前 5 天告知纪委派员列席", ""),
    ("90 天", "整改和建章立制", "制度文本和印发文号", ""),
]


@dataclass(frozen=True)
class Row:
    pk: int
    unit: str
    kind: str
    score: float
    rank: int
    grade: str
    days: int


ROWS = [
    Row(1, "云溪镇", "镇街", 82.36, 5, "较好", -3),
    Row(2, "石桥镇", "镇街", 78.10, 9, "一般", 1),
    Row(3, "翠屏街道", "镇街", 91.04, 1, "优秀", 9),
    Row(4, "市水利局", "政府部门", 86.55, 4, "较好", 6),
    Row(5, "市供销社", "国企事业", 68.92, 11, "差", 12),
    Row(6, "市住房和城乡建设局", "政府部门", 80.00, 8, "较好", 20),
]
COLUMNS = (
    Column("unit", "单位", lambda row: row.unit, ("name",)),
    Column("kind", "类别", lambda row: row.kind, ("kind",)),
    Column("score", "得分", lambda row: f"{row.score:.2f}", ("score",), numeric=True),
    Column("rank", "类内名次", lambda row: row.rank, ("rank",), numeric=True),
    Column("grade", "等次", lambda row: row.grade),
)
FILTERS = (
    Filter("kind", "类别", [("镇街", "镇街"), ("政府部门", "政府部门"), ("国企事业", "国企事业")], "kind"),
    Filter("grade", "等次", [(name, name) for name in ("优秀", "较好", "一般", "差")], "grade"),
)


def listing(params: QueryDict) -> Listing:
    """Return a listing of sample rows, sorted by score downwards, on the first of many pages."""
    rows = ROWS * 24
    page = Paginator(rows, len(ROWS)).get_page(params.get("page"))
    return Listing(page, len(rows), COLUMNS, FILTERS, params, params.get("q", ""), "-score")


def empty_listing() -> Listing:
    """Return a listing with nothing in it, after a search."""
    return Listing(Paginator([], 30).get_page(1), 0, COLUMNS, (), QueryDict("q=白塔乡"), "白塔乡", "unit")


def navigation(active: str) -> list[Group]:
    """Return the navigation of the drawings, with one place marked active."""
    places = {
        "": [("工作台", 7)],
        "业务": [("监督", 0), ("案件", 2), ("以案促改", 4), ("帮带", 0), ("评价", 1)],
        "研判": [("单位画像", 0), ("案例与规律", 0)],
        "办公": [("通知", 12), ("文书", 0), ("设置", 0)],
    }
    return [
        Group(
            label,
            [Item(name, "/" if not label else "#content", count, name == active) for name, count in items],
        )
        for label, items in places.items()
    ]
