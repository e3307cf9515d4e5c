from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qingfeng.accounts.actions import preferences as actions
from qingfeng.core import clock


class Command(BaseCommand):
    help = "Let the three administrators sign in from everywhere again, where a wrong list shut them out."

    def handle(self, *args: Any, **options: Any) -> None:
        actions.open_admin_addresses(at=clock.now())
        self.stdout.write("三员登录的地址范围已清空，已记入审计。请登录后重新设置。")
