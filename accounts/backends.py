"""Sign-in backend: fetches the person together with the department, which every page names."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class PeopleBackend(ModelBackend):
    """Django's own check of the password; one query for person and department."""

    def get_user(self, user_id: Any) -> User | None:
        person = User.objects.select_related("department").filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None
