"""How many notices wait for this person; the menu shows it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from accounts.models import User
from notices.models import Notice

UNREAD: Final = "unread_count"


def beside_the_person() -> Mapping[str, Coalesce]:
    """The number read with the account, since nearly every page has a menu."""
    own = Notice.objects.unread().filter(recipient=OuterRef("pk")).order_by()
    counted = own.values("recipient").annotate(number=Count("pk")).values("number")
    return {UNREAD: Coalesce(Subquery(counted, output_field=IntegerField()), 0)}


def unread(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`unread_count` as it was when the request began; asked for where nobody counted it."""

    @cache
    def count() -> int:
        user = getattr(request, "user", None)
        if not isinstance(user, User):
            return 0
        counted: int | None = getattr(user, UNREAD, None)
        return Notice.objects.visible_to(user).unread().count() if counted is None else counted

    return {"unread_count": count}
