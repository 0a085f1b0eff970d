"""Sign-in backend: by login name, and for an agent before he has confirmed it by his mailbox."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.mailboxes import waiting_for
from accounts.models import User


class PeopleBackend(ModelBackend):
    """Django's own check of the password; one query for person and department."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        found = super().authenticate(request, username=username, password=password, **kwargs)
        if isinstance(found, User) or not username or not password:
            return found if isinstance(found, User) else None
        # Whether somebody else signs in with this mailbox makes no difference, not in time either.
        waiting = waiting_for(username)
        return waiting if waiting is not None and waiting.check_password(password) else None

    def get_user(self, user_id: Any) -> User | None:
        person = User.objects.select_related("department").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
