from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from qingfeng.accounts.enums import AccountChangeKind
from qingfeng.core import clock, constraints
from qingfeng.core.roles import ADMIN_ROLES, UNIT_BOUND_ROLES, Role
from qingfeng.organizations.models import Person, Unit

SEAT_CHOICES = [(role.value, role.label) for role in Role if role in ADMIN_ROLES]


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
        constraints = [
            models.CheckConstraint(condition=Q(username=Lower("username")), name="acc_user_lower_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.name

    @cached_property
    def seat_role(self) -> str:
        """Return the administrator's role the user is seated in, or an empty string; read once."""
        return AdminSeat.objects.filter(user=self).values_list("role", flat=True).first() or ""

    @cached_property
    def held_grants(self) -> list[Grant]:
        """Return today's grants, read once for each request's user object; a seat holder has none."""
        if self.seat_role or not self.is_active:
            return []
        return list(self.grants.active_on(clock.today()).select_related("unit"))

    def forget_roles(self) -> None:
        """Read seat and grants anew when next asked; actions that change them call it."""
        self.__dict__.pop("seat_role", None)
        self.__dict__.pop("held_grants", None)

    def holds(self, *roles: str, unit: Any = None) -> bool:
        """Say whether one of the roles is held today; a grant without a unit reaches every unit."""
        if not self.is_active:
            return False
        if self.seat_role:
            return self.seat_role in roles
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
        """Keep the grants that reach into the date and were not ended before it is over."""
        midnight = timezone.make_aware(dt.datetime.combine(date + dt.timedelta(days=1), dt.time.min))
        return (
            self.filter(starts_on__lte=date)
            .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=date))
            .filter(Q(ended_at__isnull=True) | Q(ended_at__gte=midnight))
        )

    def open_from(self, date: dt.date) -> GrantQuerySet:
        """Keep the grants that hold on the date or will later."""
        return self.filter(ended_at__isnull=True).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=date))


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
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="ended_grants", verbose_name="收回人"
    )
    end_reason = models.CharField("收回依据", max_length=200, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "授权"
        constraints = [
            constraints.choices_of("role", Role.values, "acc_grant_role"),
            constraints.period_of("starts_on", "ends_on", "acc_grant_dates"),
            constraints.pair_of("ended_at", "ended_by", "acc_grant_ended"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(ADMIN_ROLES)), name="acc_grant_no_admin_seat"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(UNIT_BOUND_ROLES)) | Q(unit__isnull=False),
                name="acc_grant_unit_named",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class AdminSeat(models.Model):
    """One of the three administrators' seats (三员) and who sits in it: three seats, three people."""

    kind: ClassVar[str] = "admin_seat"

    role = models.CharField("席位", max_length=24, choices=SEAT_CHOICES, unique=True)
    user = models.OneToOneField(User, models.PROTECT, related_name="seat", verbose_name="现任")
    since = models.DateTimeField("任职时间")

    class Meta:
        verbose_name = "三员席位"
        constraints = [constraints.choices_of("role", sorted(ADMIN_ROLES), "acc_seat_role")]

    def __str__(self) -> str:
        return self.get_role_display()


class SeatHandover(models.Model):
    """One handing over of a seat, with both persons. Append-only."""

    kind: ClassVar[str] = "seat_handover"
    append_only: ClassVar[bool] = True

    role = models.CharField("席位", max_length=24, choices=SEAT_CHOICES)
    from_user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="seats_given", verbose_name="移交人"
    )
    to_user = models.ForeignKey(User, models.PROTECT, related_name="seats_taken", verbose_name="接任人")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    reason = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "三员交接"
        constraints = [
            constraints.choices_of("role", sorted(ADMIN_ROLES), "acc_handover_role"),
            models.CheckConstraint(
                condition=Q(from_user__isnull=True) | ~Q(from_user=models.F("to_user")),
                name="acc_handover_two_people",
            ),
        ]


class AccountChange(models.Model):
    """What an administrator did to an account, and why. Append-only."""

    kind: ClassVar[str] = "account_change"
    append_only: ClassVar[bool] = True

    user = models.ForeignKey(User, models.PROTECT, related_name="changes", verbose_name="账号")
    what = models.CharField("事项", max_length=20, choices=AccountChangeKind.choices)
    reason = models.CharField("依据", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "账号变动"
        constraints = [constraints.choices_of("what", AccountChangeKind.values, "acc_change_what")]


class PasswordRecord(models.Model):
    """A password once used, as its hash, so that it is not used again soon. Append-only."""

    kind: ClassVar[str] = "password_record"
    append_only: ClassVar[bool] = True

    user = models.ForeignKey(User, models.PROTECT, related_name="password_records", verbose_name="账号")
    encoded = models.CharField("口令散列", max_length=128)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "口令记录"


class KnownPlace(models.Model):
    """An address and a browser from which a person has signed in."""

    kind: ClassVar[str] = "known_place"

    user = models.ForeignKey(User, models.PROTECT, related_name="places", verbose_name="账号")
    address = models.CharField("地址", max_length=45)
    browser = models.CharField("浏览器", max_length=60)
    first_at = models.DateTimeField("首次登录")
    last_at = models.DateTimeField("最近登录")

    class Meta:
        verbose_name = "登录过的地方"
        constraints = [
            models.UniqueConstraint(fields=["user", "address", "browser"], name="acc_place_once"),
        ]
