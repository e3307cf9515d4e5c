"""The demo city: founded at the first start by the platform's own actions; its history is a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from qingfeng.accounts.actions import accounts as account_actions
from qingfeng.accounts.actions import grants, preferences, seats
from qingfeng.accounts.queries import lookups
from qingfeng.core import clock, jobs
from qingfeng.core.roles import Role
from qingfeng.decisions.queries import printing
from qingfeng.organizations import queries as organizations
from qingfeng.organizations.actions import importing
from qingfeng.organizations.workbook import snapshot
from qingfeng.shell.demo import census, history, roster
from qingfeng.shell.demo.roster import PASSWORD, Account

__all__ = ["PASSWORD", "accounts", "ensure"]

REASON = "演示城市初始设置"
GRANTED = dt.date(2025, 1, 1)
SETTINGS: dict[str, str | list[str]] = {
    "commission_name": "中共云川市纪律检查委员会",
    "commission_short": "云川市纪委监委",
    "supervisory_name": "云川市监察委员会",
    "city_name": "云川市",
    "seal_name": "中共云川市纪律检查委员会",
    "document_word": "云纪",
    "bulletin_word": "云纪通",
    printing.MINUTES_BODY.key: "云川市纪委",
    "factor_roles": [],  # whoever tries the demo signs in with the password alone
}


@dataclass(frozen=True)
class SignIn:
    """A line of the list that the start prints."""

    username: str
    label: str


def accounts() -> list[SignIn]:
    """Return one sign-in for every role."""
    seated = [SignIn(name, title) for name, title in roster.SEATS.values()]
    return [SignIn(each.username, each.label) for each in roster.ONE_OF_EACH] + seated


def ensure(say: Callable[[str], None]) -> None:
    """Found the city where nobody has an account yet, and leave its history to a job."""
    if lookups.any_account():
        return
    say("演示城市：单位、人员、账号……")
    with transaction.atomic():
        Founding(at=clock.now()).run()
        jobs.enqueue(history.SLUG, title="生成演示城市的历史数据")


class Founding:
    """The steps of the first day, in their order."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at
        self.encoded = make_password(PASSWORD)
        self.census = census.take()

    def run(self) -> None:
        seated = seats.seat_first(
            people={str(role): pair for role, pair in roster.SEATS.items()},
            at=self.at,
            reason=REASON,
            encoded=self.encoded,
        )
        self.opener = seated[Role.SYSTEM_ADMIN].user
        self.granter = seated[Role.SECURITY_ADMIN].user
        for key, value in SETTINGS.items():
            preferences.change(key=key, value=value, by=self.opener, at=self.at)
        self._open(roster.OFFICE, name="办公室主任")
        office = lookups.by_username([roster.OFFICE.username])[roster.OFFICE.username]
        book = snapshot.workbook(self.census.records)
        importing.import_workbook(content=book, by=office, at=self.at)
        self.units = organizations.units_by_code(self.census.records.units)
        evaluated = [unit.code for unit in self.census.records.units.values() if unit.is_evaluated]
        opened = {roster.OFFICE.username}
        for account in (*roster.ONE_OF_EACH, *roster.of_departments(), *roster.of_units(evaluated)):
            if account.username not in opened:
                self._open(account, name=self._name_of(account))
                opened.add(account.username)

    def _open(self, account: Account, *, name: str) -> None:
        opened = account_actions.open_account(
            username=account.username,
            name=name,
            by=self.opener,
            at=self.at,
            reason=REASON,
            encoded=self.encoded,
        )
        grants.give(
            account=opened.user,
            role=account.role,
            unit=self.units[account.unit] if account.unit else None,
            by=self.granter,
            at=self.at,
            reason=REASON,
            starts_on=GRANTED,
        )

    def _name_of(self, account: Account) -> str:
        people = self.census.records.people
        if account.role == Role.UNIT_HEAD:
            return people[self.census.heads[account.unit]].name
        if account.role == Role.UNIT_LIAISON:
            return people[self.census.liaisons[account.unit]].name
        return account.label.split("（")[0]
