from __future__ import annotations

from collections.abc import Iterable

from qingfeng.accounts.models import User


def any_account() -> bool:
    """Say whether the platform has been founded: somebody has an account."""
    return User.objects.exists()


def everybody() -> dict[str, User]:
    """Return every account by its login name, in one query."""
    return {user.username: user for user in User.objects.all()}


def by_username(names: Iterable[str]) -> dict[str, User]:
    """Return the accounts with these login names, in one query."""
    return {user.username: user for user in User.objects.filter(username__in=list(names))}
