"""Rows of the station's own work: what its officers and its head see, and nobody else."""

from datetime import date, timedelta
from typing import Any, Self, TypeVar

from django.db import models

from accounts.filters import midnight
from accounts.models import User

Row = TypeVar("Row", bound=models.Model)


class StationQuerySet(models.QuerySet[Row]):
    """Rows that the station alone sees."""

    def visible_to(self, user: User) -> Self:
        return self if user.is_of_station else self.none()

    def within(self, field: str, first: date, last: date) -> Self:
        """Whose moment lies on one of these days, both included."""
        bounds: dict[str, Any] = {
            f"{field}__gte": midnight(first),
            f"{field}__lt": midnight(last + timedelta(days=1)),
        }
        return self.filter(**bounds)
