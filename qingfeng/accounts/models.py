from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from qingfeng.accounts.enums import AccountChangeKind, LeaveKind
from qingfeng.core import actors, clock, constraints
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
        """Return the name as the audit book writes it: 李某（代王某）, where he acts in somebody's place."""
        return f"{self.name}（代{'、'.join(self._acting.values())}）" if self._acting else self.name

    @cached_property
    def _acting(self) -> dict[int, str]:
        return {}

    @property
    def acting_for(self) -> int | None:
        return next(iter(self._acting), None)

    @cached_property
    def seat_role(self) -> str:
        """Return the administrator's role the user is seated in, or an empty string; read once."""
        return AdminSeat.objects.filter(user=self).values_list("role", flat=True).first() or ""

    @cached_property
    def held_grants(self) -> list[Grant]:
        """Return today's grants, read once for each request's user object; a seat holder has none."""
        if self.seat_role or not self.is_active:
            return []
        rows = self.grants.active_on(clock.today()).select_related("unit", "origin__user", "stand_in")
        return sorted(rows, key=lambda grant: grant.origin_id is not None)

    @property
    def own_grants(self) -> list[Grant]:
        return [grant for grant in self.held_grants if grant.origin_id is None]

    @property
    def stood_in(self) -> list[Grant]:
        """Return the grants of today that are held in somebody's place."""
        return [grant for grant in self.held_grants if grant.origin_id is not None]

    @property
    def stand_in_words(self) -> list[str]:
        """Say for whom, in which roles and until when the user stands in today; without a query."""
        found: dict[int, list[Grant]] = {}
        for grant in self.stood_in:
            found.setdefault(grant.stand_in_id or 0, []).append(grant)
        return [_stood_in_words(grants) for grants in found.values()]

    def forget_roles(self) -> None:
        """Read seat, grants and stand-ins anew when next asked; actions that change them call it."""
        for name in ("seat_role", "held_grants", "_acting", "_stand_in_rows"):
            self.__dict__.pop(name, None)

    def holds(self, *roles: str, unit: Any = None) -> bool:
        """Say whether one of the roles is held today; a grant without a unit reaches every unit."""
        if not self.is_active:
            return False
        if self.seat_role:
            return self.seat_role in roles
        matching = _matching(self.held_grants, roles, unit)
        if matching and actors.is_deciding() and matching[0].origin is not None:
            absent = matching[0].origin.user
            self._acting[absent.pk] = absent.name
        return bool(matching)

    def holds_himself(self, *roles: str, unit: Any = None) -> bool:
        """Say whether one of the roles is held today by a grant of one's own, not in somebody's place."""
        if self.seat_role or not self.is_active:
            return self.is_active and self.seat_role in roles
        return bool(_matching(self.own_grants, roles, unit))

    def units_for(self, *roles: str) -> set[int]:
        """Return the ids of the units for which one of the roles is held by name."""
        return {grant.unit_id for grant in self.held_grants if grant.role in roles and grant.unit_id}

    @cached_property
    def _stand_in_rows(self) -> list[StandIn]:
        absents = StandIn.objects.filter(deputy=self).values("absent")
        near = Q(absent=self) | Q(deputy=self) | Q(absent__in=absents)
        return list(StandIn.objects.confirmed().filter(near))

    def hands(self, on: dt.date | None = None) -> set[int]:
        """Return who is one hand with the user today, and on the day given: see `core.actors`."""
        days = {clock.today(), on or clock.today()}
        rows = [row for row in self._stand_in_rows if any(row.covers(day) for day in days)]
        absents = {row.absent_id for row in rows if row.deputy_id == self.pk} | {self.pk}
        return (absents | {row.deputy_id for row in rows if row.absent_id in absents}) - {self.pk}


def _stood_in_words(grants: list[Grant]) -> str:
    first = grants[0]
    assert first.origin is not None
    assert first.stand_in is not None
    roles = "、".join(f"{grant}（{grant.unit}）" if grant.unit else str(grant) for grant in grants)
    return f"{first.origin.user.name}的{roles}，至 {first.stand_in.ends_on:%Y-%m-%d}"


def _matching(grants: list[Grant], roles: tuple[str, ...], unit: Any) -> list[Grant]:
    wanted = getattr(unit, "pk", unit)
    return [
        grant
        for grant in grants
        if grant.role in roles and (wanted is None or grant.unit_id is None or grant.unit_id == wanted)
    ]


class GrantQuerySet(models.QuerySet["Grant"]):
    def active_on(self, date: dt.date) -> GrantQuerySet:
        """Keep the grants that reach into the date and were not ended before it is over.

        One that is held in somebody's place holds only as long as his own does, and he is an officer himself.
        """
        stood_in = _reaches(date, "origin__") & Q(origin__user__is_active=True, origin__user__seat=None)
        return self.filter(_reaches(date)).filter(Q(origin__isnull=True) | stood_in)

    def own(self) -> GrantQuerySet:
        """Keep the grants that are not held in somebody's place."""
        return self.filter(origin__isnull=True)

    def open_from(self, date: dt.date) -> GrantQuerySet:
        """Keep the grants that hold on the date or will later."""
        return self.filter(ended_at__isnull=True).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=date))


def _reaches(date: dt.date, path: str = "") -> Q:
    midnight = timezone.make_aware(dt.datetime.combine(date + dt.timedelta(days=1), dt.time.min))
    return (
        Q(**{f"{path}starts_on__lte": date})
        & (Q(**{f"{path}ends_on__isnull": True}) | Q(**{f"{path}ends_on__gte": date}))
        & (Q(**{f"{path}ended_at__isnull": True}) | Q(**{f"{path}ended_at__gte": midnight}))
    )


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
    is_named = models.BooleanField("由单位负责人指定", default=False)
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name="所代的授权"
    )
    stand_in = models.ForeignKey(
        "StandIn", models.PROTECT, null=True, blank=True, related_name="given", verbose_name="代理"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "授权"
        constraints = [
            constraints.choices_of("role", Role.values, "acc_grant_role"),
            constraints.period_of("starts_on", "ends_on", "acc_grant_dates"),
            constraints.pair_of("ended_at", "ended_by", "acc_grant_ended"),
            constraints.pair_of("origin", "stand_in", "acc_grant_stood_in"),
            models.CheckConstraint(
                condition=Q(origin__isnull=True) | Q(ends_on__isnull=False), name="acc_grant_stood_in_ends"
            ),
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


class StandInQuerySet(models.QuerySet["StandIn"]):
    def confirmed(self) -> StandInQuerySet:
        return self.filter(confirmed_at__isnull=False)

    def standing(self) -> StandInQuerySet:
        """Keep those that are asked for or confirmed, neither refused nor ended."""
        return self.filter(refused_at__isnull=True, ended_at__isnull=True)

    def overlapping(self, starts_on: dt.date, ends_on: dt.date) -> StandInQuerySet:
        return self.standing().filter(starts_on__lte=ends_on, ends_on__gte=starts_on)


class StandIn(models.Model):
    """One person in the place of another, for some of his grants, from the first day to the last."""

    kind: ClassVar[str] = "stand_in"

    absent = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name="离岗人")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="stand_ins", verbose_name="代理人")
    leave_kind = models.CharField("离岗原因", max_length=12, choices=LeaveKind.choices)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    grants = models.ManyToManyField(Grant, related_name="absences", verbose_name="所代的角色")
    reason = models.CharField("依据", max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="不同意人"
    )
    refused_at = models.DateTimeField("不同意时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结束人"
    )
    ended_at = models.DateTimeField("提前结束时间", null=True, blank=True)
    end_reason = models.CharField("结束或不同意的理由", max_length=200, blank=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = "代理"
        constraints = [
            constraints.choices_of("leave_kind", LeaveKind.values, "acc_stand_in_kind"),
            constraints.period_of("starts_on", "ends_on", "acc_stand_in_dates"),
            constraints.pair_of("confirmed_at", "confirmed_by", "acc_stand_in_confirmed"),
            constraints.pair_of("refused_at", "refused_by", "acc_stand_in_refused"),
            constraints.pair_of("ended_at", "ended_by", "acc_stand_in_ended"),
            models.CheckConstraint(condition=~Q(absent=models.F("deputy")), name="acc_stand_in_two_people"),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | Q(confirmed_at__isnull=True, ended_at__isnull=True),
                name="acc_stand_in_one_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy}代{self.absent}"

    def covers(self, day: dt.date) -> bool:
        """Say whether the deputy was in the absent person's place for any part of the day."""
        if self.confirmed_at is None:
            return False
        last = self.ends_on if self.ended_at is None else timezone.localdate(self.ended_at)
        return self.starts_on <= day <= min(last, self.ends_on)


class Handover(models.Model):
    """An office handed over: one's grants end with a day, another's begin the day after."""

    kind: ClassVar[str] = "handover"

    giver = models.ForeignKey(User, models.PROTECT, related_name="offices_given", verbose_name="移交人")
    taker = models.ForeignKey(User, models.PROTECT, related_name="offices_taken", verbose_name="接收人")
    last_day = models.DateField("移交人最后一天")
    reason = models.CharField("依据", max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("办理时间")
    grants = models.ManyToManyField(Grant, related_name="handovers", verbose_name="移交的角色")
    given_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="移交确认人"
    )
    given_at = models.DateTimeField("移交确认时间", null=True, blank=True)
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接收确认人"
    )
    taken_at = models.DateTimeField("接收确认时间", null=True, blank=True)
    digest = models.CharField("清单校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = "岗位交接"
        constraints = [
            models.CheckConstraint(condition=~Q(giver=models.F("taker")), name="acc_office_two_people"),
            constraints.pair_of("given_at", "given_by", "acc_office_given"),
            constraints.pair_of("taken_at", "taken_by", "acc_office_taken"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | (Q(given_at__isnull=False) & ~Q(digest="")),
                name="acc_office_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver}移交{self.taker}"


class HandoverItem(models.Model):
    """One thing that was open when an office was handed over."""

    kind: ClassVar[str] = "handover_item"

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items", verbose_name="交接")
    position = models.PositiveIntegerField("序号")
    area = models.CharField("类别", max_length=60)
    title = models.CharField("事项", max_length=200)
    meta = models.CharField("内容", max_length=300, blank=True)
    due_date = models.DateField("期限", null=True, blank=True)
    url = models.CharField("位置", max_length=300, blank=True)

    class Meta:
        verbose_name = "交接事项"
        constraints = [
            models.UniqueConstraint(fields=["handover", "position"], name="acc_item_once"),
        ]


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
