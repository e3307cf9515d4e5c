"""What can be typed about a part of a scheme: the kinds of field, and those that several parts share."""

from __future__ import annotations

from dataclasses import dataclass, field

PERIODS = (("quarter", "每季度"), ("half", "每半年"), ("year", "每年"))
MARKS = (
    ("none", "不标"),
    ("read", "已核实"),
    ("secondary", "转引"),
    ("unconfirmed", "待核实"),
    ("proposal", "建议"),
)
OPS = ((">", "大于"), (">=", "不小于"), ("<", "小于"), ("<=", "不大于"), ("=", "等于"))
EFFECTS = (("deduct", "扣分"), ("award", "加分"))


@dataclass(frozen=True)
class Field:
    """One thing to type. `kind`: text, long, number, whole, yes, choice(s); `table` names its options."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    table: str = ""
    optional: bool = False
    fresh: str = ""
    """What a new part starts with."""


@dataclass(frozen=True)
class Rows:
    """A small table within a part; a row whose key is empty is left out."""

    name: str
    label: str
    fields: tuple[Field, ...]
    help: str = ""
    coded: bool = False
    """Its entries have codes: kept, and made from the name for new ones."""


@dataclass(frozen=True)
class Record:
    """A record within a part. Left out where `key` is empty, unless it is always there (`key` empty)."""

    name: str
    label: str
    fields: tuple[Field, ...]
    key: str = ""
    fixed: tuple[tuple[str, str], ...] = ()
    """Values that are not typed, such as the kind of a term."""


@dataclass(frozen=True)
class Inner:
    """A list of parts with pages of their own: its name, what one is called, its kinds."""

    name: str
    label: str
    kinds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shape:
    """One kind of part."""

    label: str
    fields: tuple[Field, ...] = ()
    records: tuple[Record, ...] = ()
    rows: tuple[Rows, ...] = ()
    inner: tuple[Inner, ...] = ()
    code: str = ""
    """The beginning of a new part's code; empty: its name is its code, or it has none."""
    blank: dict[str, object] = field(default_factory=dict)
    """What a new part holds besides what is typed."""


NAME = Field("name", "名称")
LABEL = Field("label", "名称")
BASIS = Rows(
    "basis",
    "依据",
    (Field("text", "法规或做法"), Field("mark", "核对情况", "choice", options=MARKS, fresh="none")),
)
SOURCES = Rows(
    "sources",
    "来源权重",
    (Field("source", "来源"), Field("percent", "百分比", "number")),
    help="渠道不写占比时，按来源分权重，合计 100%。最近一级的优先：指标、维度、方案。"
    "来源名与渠道里写的一致，如 review、ballot、data。",
)
SHARE = Field(
    "share",
    "占比（%）",
    "number",
    optional=True,
    help="本指标各渠道合计 100%。全部不填，按来源权重或平均。",
)


def source_field(fresh: str) -> Field:
    return Field("source", "来源", fresh=fresh, help="按来源分权重时用的名称")


PERIOD = Field("period", "判定周期", "choice", options=PERIODS, optional=True, help="不选，与指标相同")
POINTS = (
    Field("points", "分值", "number"),
    Field(
        "points_high", "分值上限", "number", optional=True, help="填了，评分人在分值和上限之间选，并写理由"
    ),
)
CAP = Field("cap", "最多多少分", "number", optional=True, help="不填不封顶")
MATCH_FIELDS = (
    Field("kinds", "事实种类", "choices", table="fact_kinds"),
    Field("categories", "只限领域", "choices", table="categories", optional=True),
    Field("levels", "只限层级", "choices", table="levels", optional=True),
    Field("leader", "只限班子成员", "yes"),
    Field("concealed", "只限瞒报", "yes"),
)
TIMES = (
    Field("leader", "班子成员", "number", fresh="1"),
    Field("self_reported", "主动报告", "number", fresh="1"),
    Field("concealed", "瞒报", "number", fresh="1"),
)
OTHERWISE = Record(
    "otherwise",
    "没有数据时改用",
    (
        Field("label", "名称"),
        Field("points", "分值", "number"),
        Field("measure", "数据项", "choice", table="measures", optional=True),
        Field("zero_at", "得 0 分处", "number"),
        Field("full_at", "得满分处", "number"),
    ),
    key="measure",
    fixed=(("kind", "linear"), ("code", "otherwise")),
)
MEASURE = Field("measure", "数据项", "choice", table="measures")
HIGH = Field("high_is_best", "数值高的好", "yes", fresh="1")
TERM_KINDS = (
    ("ladder", "逐项扣分"),
    ("ratio", "比率计分"),
    ("linear", "线性计分"),
    ("rank", "同类排名"),
    ("minmax", "同类极差"),
)
