"""How many notices wait for this person; the menu shows it."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from accounts.models import User
from notices.models import Notice


def unread(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`unread_count`, counted once and only by a page that shows it."""

    @cache
    def count() -> int:
        user = getattr(request, "user", None)
        return Notice.objects.visible_to(user).unread().count() if isinstance(user, User) else 0

    return {"unread_count": count}
