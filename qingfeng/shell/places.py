"""The pages of the side navigation, with the roles that find them there."""

from __future__ import annotations

from qingfeng.core.roles import COMMISSION_ROLES, UNIT_BOUND_ROLES, Role
from qingfeng.notifications import queries as inbox
from qingfeng.organizations import queries as organizations
from qingfeng.shell import rules
from qingfeng.shell.navigation import ADMINS, OFFICERS, UNIT_PEOPLE, Place

WORK, JUDGEMENT, OFFICE = "业务", "研判", "办公"
DEPARTMENTS = (Role.SCORING_DEPARTMENT, Role.STATIONED_GROUP)
SUPPLIERS = (Role.DATA_SUPPLIER,)
STATIONED = (Role.STATIONED_GROUP, Role.TOWN_COMMISSION)
LEADERS = (Role.SECRETARY, Role.DEPUTY_LEADER)
EVALUATION = (Role.CONDUCT_OFFICE, Role.COMMITTEE_CLERK, Role.OFFICE, *LEADERS)
DOCUMENTS = (*OFFICERS, *UNIT_BOUND_ROLES)

PLACES: tuple[Place, ...] = (
    Place("工作台", "home", ""),
    Place("收件箱", "notifications:inbox", "", count=inbox.unread_count),
    Place("评价轮次", "evaluation:round_list", WORK, EVALUATION),
    Place("单位填报", "evaluation:submission_list", WORK, (*OFFICERS, *UNIT_PEOPLE)),
    Place("部门评分", "evaluation:sheet_list", WORK, (Role.CONDUCT_OFFICE, *DEPARTMENTS)),
    Place("数据报送", "evaluation:task_list", WORK, (Role.CONDUCT_OFFICE, *SUPPLIERS)),
    Place("事实台账", "evaluation:fact_list", WORK, (Role.CONDUCT_OFFICE, *SUPPLIERS)),
    Place("无记名测评", "ballots:urn_list", WORK, tuple(COMMISSION_ROLES)),
    Place("测评票数", "evaluation:ballot_list", WORK, (Role.CONDUCT_OFFICE,)),
    Place("专项加减分", "evaluation:adjustment_list", WORK, (Role.CONDUCT_OFFICE, *LEADERS)),
    Place("申诉", "evaluation:appeal_list", WORK, (Role.CONDUCT_OFFICE, *LEADERS, *UNIT_PEOPLE)),
    Place("评价方案", "evaluation:scheme_list", WORK, EVALUATION),
    Place("单位画像", "evaluation:result_list", JUDGEMENT, (*OFFICERS, *UNIT_PEOPLE, *STATIONED)),
    Place("年度汇总", "evaluation:annual_list", JUDGEMENT, (*OFFICERS, *UNIT_PEOPLE, *STATIONED)),
    Place("呈批", "decisions:approvals", OFFICE, tuple(COMMISSION_ROLES)),
    Place("议题", "decisions:matters", OFFICE, tuple(COMMISSION_ROLES)),
    Place("常委会", "decisions:meetings", OFFICE, tuple(COMMISSION_ROLES)),
    Place("文书", "documents:register", OFFICE, DOCUMENTS),
    Place("单位", "organizations:list", OFFICE, (*organizations.SEE_ALL_UNITS, *UNIT_BOUND_ROLES)),
    Place("人员", "organizations:people", OFFICE, (*COMMISSION_ROLES, *UNIT_BOUND_ROLES)),
    Place("账号", "accounts:list", OFFICE, ADMINS),
    Place("授权", "accounts:grants", OFFICE, ADMINS),
    Place("三员", "accounts:seats", OFFICE, ADMINS),
    Place("代理", "accounts:stand_ins", OFFICE, ADMINS),
    Place("岗位交接", "accounts:handovers", OFFICE, ADMINS),
    Place("联络员", "accounts:liaisons", OFFICE, (Role.UNIT_HEAD,)),
    Place("期限", "deadlines:list", OFFICE, rules.DEADLINE_READERS),
    Place("工作日", "calendar:now", OFFICE, (*COMMISSION_ROLES, *UNIT_BOUND_ROLES, Role.SYSTEM_ADMIN)),
    Place("后台任务", "jobs:list", OFFICE, (*OFFICERS, Role.SYSTEM_ADMIN)),
    Place("审计记录", "audit:list", OFFICE, (Role.AUDIT_ADMIN,)),
    Place("设置", "settings:list", OFFICE, (Role.SYSTEM_ADMIN,)),
)
