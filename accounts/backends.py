"""Sign-in backend: by login name, and for an agent before he has confirmed it by his mailbox."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from accounts.mailboxes import MOST_WAITING, waiting_for
from accounts.models import User
from accounts.second_factor import second_factors
from core.declarations import declared


class PeopleBackend(ModelBackend):
    """Django's own check of the password; one query for person, department and what is beside."""

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
        return _waiting_with(username, password)

    def get_user(self, user_id: Any) -> User | None:
        """With what rooms further right read of everybody who opens a page.

        They declare `beside_the_person`: a function of expressions over the account, by name.
        """
        people = User.objects.select_related("department").filter(pk=user_id)
        for beside in declared("beside_the_person"):
            people = people.annotate(**beside())
        if settings.SECOND_FACTOR_REQUIRED:
            people = people.annotate(**second_factors())
        person = people.first()
        return person if person is not None and self.user_can_authenticate(person) else None


def _waiting_with(mailbox: str, password: str) -> User | None:
    """Whoever waits for this mailbox and has this password: others may wait for the same.

    As many hashes are computed whether nobody waits or several, so that time does not tell.
    """
    waiting = waiting_for(mailbox)
    for _ in range(MOST_WAITING - len(waiting)):
        make_password(password)
    fitting = [user for user in waiting if user.check_password(password)]
    return fitting[0] if fitting else None
