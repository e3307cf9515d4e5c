from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from qingfeng.accounts.actions import seats as actions
from qingfeng.accounts.queries import seats
from qingfeng.core import clock
from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role

SEATS = {
    "system": Role.SYSTEM_ADMIN,
    "security": Role.SECURITY_ADMIN,
    "audit": Role.AUDIT_ADMIN,
}


class Command(BaseCommand):
    help = "Open the first three accounts and seat the three administrators, or reset the password of one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, help="依据，如任免文件及文号")
        for option, role in SEATS.items():
            parser.add_argument(
                f"--{option}", metavar="登录名:姓名", help=f"首次设立时的{role.label}，三个一起给出"
            )
        parser.add_argument("--reset", choices=sorted(SEATS), help="重置这一席位现任者的密码（须两人在场）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            opened = self._reset(options) if options["reset"] else self._seat(options)
        except Refused as refusal:
            raise CommandError("；".join(refusal.sentences)) from None
        for title, made in opened:
            self.stdout.write(f"{title}　{made.user.username}　临时密码 {made.password}")
        self.stdout.write("请当面告诉本人。首次登录须先改密。")

    def _seat(self, options: dict[str, Any]) -> list[tuple[str, Any]]:
        people = {}
        for option, role in SEATS.items():
            username, _, name = (options[option] or "").partition(":")
            if not username or not name:
                raise CommandError(f"请给出 --{option} 登录名:姓名（{role.label}）")
            people[str(role)] = (username, name)
        opened = actions.seat_first(people=people, at=clock.now(), reason=options["reason"])
        return [(str(Role(role).label), made) for role, made in opened.items()]

    def _reset(self, options: dict[str, Any]) -> list[tuple[str, Any]]:
        role = SEATS[options["reset"]]
        held = next(seat.held for seat in seats.seats() if seat.role == role)
        if held is None:
            raise CommandError("三员尚未设立")
        made = actions.reset_password(seat=held, at=clock.now(), reason=options["reason"])
        return [(str(role.label), made)]
