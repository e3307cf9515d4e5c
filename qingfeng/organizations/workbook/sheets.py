"""The workbook of units, people and posts: one declaration for template, import and export."""

from __future__ import annotations

import datetime as dt

from qingfeng.core.spreadsheets import writing
from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.organizations.enums import UnitClass

DATES = "起止日期都含当日"

UNITS = Sheet(
    "单位",
    (
        Column("code", "编码", Kind.CODE, required=True, max_length=20, help="每个单位一个，导入后按它识别"),
        Column("name", "全称", required=True, max_length=80, width=30),
        Column("short_name", "简称", required=True, max_length=30, help="页面和通报里用的名称"),
        Column("unit_class", "类别", Kind.CHOICE, required=True, choices=UnitClass.choices),
        Column("parent", "上级单位编码", Kind.CODE, max_length=20, help="最上级的单位留空；可以写在下级后面"),
        Column("active_from", "启用日期", Kind.DATE, required=True, help="单位成立或开始纳入管理的日期"),
        Column("active_to", "停用日期", Kind.DATE, help="最后一天；仍在运行的留空"),
        Column("successor", "并入单位编码", Kind.CODE, max_length=20, help="合并时填，须同时填停用日期"),
        Column("is_evaluated", "参加评价", Kind.YES_NO, help="留空按“是”"),
        Column("sort_order", "排序", Kind.INTEGER, low=0, high=1_000_000, help="同类别内从小到大；留空按 0"),
    ),
    examples=(
        {
            "code": "YG", "name": "云川市人民政府", "short_name": "市政府", "unit_class": "government",
            "active_from": dt.date(2020, 1, 1), "is_evaluated": False, "sort_order": 1,
        },
        {
            "code": "Z01", "name": "云川市云溪镇", "short_name": "云溪镇", "unit_class": "town",
            "parent": "YG", "active_from": dt.date(2020, 1, 1), "is_evaluated": True, "sort_order": 1,
        },
        {
            "code": "Z99", "name": "云川市旧渡乡", "short_name": "旧渡乡", "unit_class": "town",
            "parent": "YG", "active_from": dt.date(2020, 1, 1), "active_to": dt.date(2025, 12, 31),
            "successor": "Z01", "is_evaluated": True, "sort_order": 99,
        },
    ),
    help="一行一个单位。没有写进来的单位保持不变，不会被删除。",
)  # fmt: skip

PEOPLE = Sheet(
    "人员",
    (
        Column("code", "人员编号", Kind.CODE, required=True, max_length=20, help="每人一个，不要用身份证号"),
        Column("name", "姓名", Kind.NAME, required=True, max_length=40),
        Column("is_party_member", "中共党员", Kind.YES_NO, help="留空按“是”"),
    ),
    examples=(
        {"code": "P0001", "name": "示例甲", "is_party_member": True},
        {"code": "P0002", "name": "示例乙", "is_party_member": False},
    ),
    help="一行一人。职务写在“任职”表。",
)

POSTS = Sheet(
    "任职",
    (
        Column("person", "人员编号", Kind.CODE, required=True, max_length=20),
        Column("unit", "单位编码", Kind.CODE, required=True, max_length=20),
        Column("title", "职务", required=True, max_length=60, width=24),
        Column("is_leader", "班子成员", Kind.YES_NO, help="留空按“否”；主要负责人自动算班子成员"),
        Column("is_head", "主要负责人", Kind.YES_NO, help="留空按“否”；同一单位同一时间只能有一名"),
        Column("is_concurrent", "兼任", Kind.YES_NO, help="留空按“否”；兼任不改变这个人属于哪个单位"),
        Column("held_from", "任职日期", Kind.DATE, required=True),
        Column("held_to", "免职日期", Kind.DATE, help="最后一天；在任的留空"),
    ),
    examples=(
        {
            "person": "P0001", "unit": "Z01", "title": "党委书记", "is_leader": True, "is_head": True,
            "is_concurrent": False, "held_from": dt.date(2023, 3, 1),
        },
        {
            "person": "P0002", "unit": "Z01", "title": "综合办公室科员", "is_leader": False, "is_head": False,
            "is_concurrent": False, "held_from": dt.date(2021, 7, 1), "held_to": dt.date(2025, 6, 30),
        },
    ),
    help="一行一项任职。人员、单位、职务、任职日期四项相同的，算同一项任职。",
)  # fmt: skip

SHEETS = (UNITS, PEOPLE, POSTS)
NOTES = (
    "请在“单位”“人员”“任职”三张表里填写，不用的表保留表头；示例表和本说明不会被导入。",
    "导入是整体的：有一处错误就什么也不写入，错误逐条列出工作表、行和列。",
    "按编码识别：平台里没有的新增，已有的按表里的内容更新；写进来的一行以表为准，留空就是清空。",
    f"日期：{DATES}。",
)


def template() -> bytes:
    """Return the empty workbook with examples and explanation."""
    return writing.template(SHEETS, notes=NOTES)
