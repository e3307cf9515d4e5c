from __future__ import annotations

from qingfeng.accounts.models import User


def by_id(user_id: int | None) -> User | None:
    """Return the user with the id, or None for the platform itself."""
    return None if user_id is None else User.objects.filter(pk=user_id).first()
