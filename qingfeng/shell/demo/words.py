"""What the people of the demo city write: short, and about nobody."""

from __future__ import annotations

SELF_REPORTS = (
    "本季度召开党委（党组）会议专题研究全面从严治党1次，理论学习中心组集体学习3次，开展警示教育1次。"
    "主要不足：基层支部组织生活质量不够高，下季度逐个支部过堂。",
    "本季度对照责任清单逐项落实，班子成员廉政谈话覆盖全部科室。主要不足：督办事项有1项办结偏晚，已明确专人跟进。",
    "本季度围绕群众反映集中的问题开展自查，完成整改4项。主要不足：制度执行检查频次不够，下季度每月抽查。",
)

EVIDENCE = (
    "会议纪要、签到表、学习记录各1份，已按时间顺序整理。",
    "方案1份、工作台账1份、现场记录4份。",
    "责任清单及落实情况表，含分管领导签字。",
    "谈话登记表12份，整改销号表1份。",
)

REVIEW_REASONS = (
    "材料齐全，但有1次会议缺少讨论记录",
    "活动次数达到要求，记录过于简单",
    "台账更新不及时，抽查发现2处与原始记录不一致",
    "整改措施不具体，没有完成时限",
    "责任清单没有细化到科室",
)

RETURN_REASONS = ("只有通知，没有签到和记录，请补充", "材料是去年同期的，请换成本季度的")

ADJUSTMENTS = (
    ("X", "1.5", "督查发现整改销号材料与现场情况不符", "督查通报第3期"),
    ("J", "0.5", "小微权力清单做法在全市推广", "市委办简报第12期"),
)

FACTS = (
    ("anguan", "light", "违规收受管理服务对象礼品，受警告处分", "integrity"),
    ("anguan", "notice", "会议纪律松弛，被通报", "work"),
    ("anguan", "admonish", "落实安全责任不力，被诫勉", "work"),
    ("anguan", "heavy", "违规决策造成损失，受撤职处分", "integrity"),
    ("anguan", "light", "公务接待超标准，受警告处分", "eight_rules"),
    ("dangfeng", "style_problem", "公车私用", "eight_rules"),
    ("dangfeng", "formalism", "检查走过场，层层转发文件", ""),
    ("dangfeng", "masses_harm", "办理低保审核拖延", "masses"),
    ("zuzhi", "party_life_missed", "支部缺开党员大会1次", ""),
    ("zuzhi", "matters_omitted", "个人有关事项漏报", ""),
    ("dangwei_ducha", "supervise_overdue", "重点督办事项逾期", ""),
    ("xuncha", "rectify_overdue", "巡察反馈问题整改逾期", ""),
    ("shenji", "audit_problem", "专项资金使用不规范", ""),
    ("caizheng", "procurement_violation", "采购方式选用不当", ""),
    ("dangwei_ban", "unreported", "重大事项应报未报", ""),
)
"""Department, kind of fact, what happened, category."""

MEASURES = {
    "duty_rate": (20, 100), "rectify_due": (6, 14), "letters_verified": (0, 4), "letters_repeat": (0, 5),
    "letters_growth": (-25, 45), "reform_case_mean": (25, 99), "warning_education": (0, 3),
    "first_form_used": (0, 6), "cases_filed": (0, 1), "documents_over": (0, 4), "campaign_due": (5, 12),
    "office_over": (0, 1), "hotline_on_time": (35, 100), "hotline_satisfied": (35, 99),
}  # fmt: skip
"""What suppliers count, from the worst to the best a unit may have (measure → low, high)."""

SHARES = {"rectify_done": "rectify_due", "campaign_done": "campaign_due"}
"""Measures that are a part of another one."""

LESS_IS_BETTER = {
    "letters_verified",
    "letters_repeat",
    "letters_growth",
    "cases_filed",
    "documents_over",
    "office_over",
}

COMMENTS = (
    "办事窗口的同志态度好，材料一次讲清楚。",
    "会议还是偏多，希望再精简一些。",
    "村里的账目公开及时，群众心里有数。",
    "希望班子成员多到一线走走。",
    "报销审批等的时间有点长。",
)

GROUNDS = "扣分所指的会议已于本季度内召开，会议纪要和签到表在评分截止前一日补报，评分时没有计入，请予复核。"
COMMENT_ON_APPEAL = "评分时依据的是截止日前两天的材料，补报的会议纪要没有看到。材料属实的，同意更正。"
RULING = "经核对，会议纪要和签到表在评分截止前已经报送，内容属实，该项扣分予以更正。"
DISCUSSION = "会议听取了本季度评价组织情况和各单位核对、申诉办理情况的汇报，对排名靠后单位的失分项作了研究。"
RESOLUTION = "同意本季度评价结果和等次，按程序通报；对排名靠后的单位由党风室提出约谈建议。"
