"""The roles of a commission's platform. Slugs are stable; grants with dates live in `accounts`."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    SECRETARY = "secretary", "书记"
    DEPUTY_LEADER = "deputy_leader", "分管领导"
    COMMITTEE_CLERK = "committee_clerk", "常委会记录"
    OFFICE = "office", "办公室"
    CONDUCT_OFFICE = "conduct_office", "党风室"
    PETITION_OFFICE = "petition_office", "信访室"
    CASE_OFFICE = "case_office", "案管室"
    SUPERVISION_OFFICE = "supervision_office", "监督检查室"
    INVESTIGATION_OFFICE = "investigation_office", "审查调查室"
    ADJUDICATION_OFFICE = "adjudication_office", "审理室"
    REFORM_OFFICE = "reform_office", "以案促改办"
    CHECKUP_MEMBER = "checkup_member", "体检队员"
    STATIONED_GROUP = "stationed_group", "派驻组"
    TOWN_COMMISSION = "town_commission", "镇纪委"
    SCORING_DEPARTMENT = "scoring_department", "评分部门"
    DATA_SUPPLIER = "data_supplier", "数据报送人"
    UNIT_HEAD = "unit_head", "单位负责人"
    UNIT_LIAISON = "unit_liaison", "单位联络员"
    MENTOR = "mentor", "帮带人"
    SANCTIONED_PERSON = "sanctioned_person", "受处分人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员: three people by constraint, none of whom reads business data (GB/T 22239-2019, level 3)."""

UNIT_BOUND_ROLES = frozenset(
    {
        Role.STATIONED_GROUP,
        Role.TOWN_COMMISSION,
        Role.SCORING_DEPARTMENT,
        Role.DATA_SUPPLIER,
        Role.UNIT_HEAD,
        Role.UNIT_LIAISON,
    }
)
"""Roles that mean nothing without a unit: a grant of one names the unit it reaches."""

COMMISSION_ROLES = frozenset(
    {
        Role.SECRETARY,
        Role.DEPUTY_LEADER,
        Role.COMMITTEE_CLERK,
        Role.OFFICE,
        Role.CONDUCT_OFFICE,
        Role.PETITION_OFFICE,
        Role.CASE_OFFICE,
        Role.SUPERVISION_OFFICE,
        Role.INVESTIGATION_OFFICE,
        Role.ADJUDICATION_OFFICE,
        Role.REFORM_OFFICE,
    }
)
"""The commission's leaders and offices: their work reaches every unit."""
