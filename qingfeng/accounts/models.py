from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from qingfeng.core import clock, constraints
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.organizations.models import Person, Unit


class User(AbstractBaseUser):
    """One person's account. Voters have none."""

    kind: ClassVar[str] = "user"

    username = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name="人员"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密", default=False)
    password_changed_at = models.DateTimeField("改密时间", null=True, blank=True)
    created_at = models.DateTimeField("开户时间", default=clock.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    is_system = False
    is_staff = False
    is_superuser = False

    objects = UserManager()

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.name

    @cached_property
    def held_grants(self) -> list[Grant]:
        """Return today's grants, read once for each request's user object."""
        return list(self.grants.active_on(clock.today()).select_related("unit"))

    def holds(self, *roles: str, unit: Any = None) -> bool:
        """Say whether one of the roles is held today; a grant without a unit reaches every unit."""
        wanted = getattr(unit, "pk", unit)
        return any(
            grant.role in roles and (wanted is None or grant.unit_id is None or grant.unit_id == wanted)
            for grant in self.held_grants
        )

    def units_for(self, *roles: str) -> set[int]:
        """Return the ids of the units for which one of the roles is held by name."""
        return {grant.unit_id for grant in self.held_grants if grant.role in roles and grant.unit_id}


class GrantQuerySet(models.QuerySet["Grant"]):
    def active_on(self, date: dt.date) -> GrantQuerySet:
        return self.filter(starts_on__lte=date).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=date))


class Grant(models.Model):
    """A role given to a user, for one unit or for all, with dates and a reason."""

    kind: ClassVar[str] = "grant"

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=24, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="单位"
    )
    starts_on = models.DateField("生效日期")
    ends_on = models.DateField("截止日期", null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="given_grants", verbose_name="授权人"
    )
    reason = models.CharField("授权依据", max_length=200)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "授权"
        constraints = [
            constraints.choices_of("role", Role.values, "acc_grant_role"),
            constraints.period_of("starts_on", "ends_on", "acc_grant_dates"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(ADMIN_ROLES)), name="acc_grant_no_admin_seat"
            ),
        ]
