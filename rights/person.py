"""One person's rows: all applicants with his identity number, and whatever refers to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db.models import Exists, ForeignKey, Model, OneToOneField, OuterRef, QuerySet

from accounts.models import User
from applications.models import Applicant
from core.personal_data import DataSubject, HeldData, registers
from letters.models import LetterPerson, WrittenLetter

OF_APPLICANT: Final = frozenset({DataSubject.APPLICANT, DataSubject.HOLDER})
# What an account's owner has of himself, by the column that says so.
OF_ACCOUNT: Final = {
    "accounts.User": "pk",
    "accounts.ReauthenticationFailure": "user",
    "notices.Notice": "recipient",
    "reviews.Leave": "user",
    "rights.RightsRequest": "user",
}
# Keys of machines, which tell a person nothing and open doors.
NEVER_SHOWN: Final = frozenset({"password", "key", "session_key", "session_data", "token_hash"})


@dataclass(frozen=True)
class FoundData:
    """Rows of one table that hold data of this person."""

    held: HeldData
    rows: "QuerySet[Any]"


def rows_of_person(applicant: Applicant) -> "QuerySet[Applicant]":
    """The same person at every enterprise: rows with his identity number."""
    if not applicant.id_number_hash:
        return Applicant.objects.filter(pk=applicant.pk)
    return Applicant.objects.filter(id_number_hash=applicant.id_number_hash)


def found_of_applicant(applicant: Applicant) -> Iterator[FoundData]:
    """Every table that leads to the person, in the rooms' order."""
    people = list(rows_of_person(applicant).values_list("pk", flat=True))
    for held in _all_held():
        path = path_to_applicant(held.model)
        if OF_APPLICANT & set(held.whose) and path is not None:
            rows = apps.get_model(held.model)._default_manager.filter(**{f"{path}__in": people})
            if rows.model is WrittenLetter:
                # What was typed of others in the same letter is theirs.
                others = LetterPerson.objects.filter(letter=OuterRef("pk"))
                rows = rows.exclude(Exists(others.exclude(applicant__in=people)))
            yield FoundData(held, rows.order_by("pk"))


def found_of_account(user: User) -> Iterator[FoundData]:
    for held in _all_held():
        column = OF_ACCOUNT.get(held.model)
        if column is not None:
            rows = apps.get_model(held.model)._default_manager.filter(**{column: user.pk})
            yield FoundData(held, rows.order_by("pk"))


def _all_held() -> Iterator[HeldData]:
    return (held for one in registers() for held in one.held)


@cache
def path_to_applicant(label: str) -> str | None:
    """By which links a row belongs to an applicant: `material__application__applicant`.

    The shortest way along links that a row cannot be without, or may be; None where there is none.
    """
    model: type[Model] = apps.get_model(label)
    if model is Applicant:
        return "pk"
    ways = [(model, "")]
    seen = {model}
    for here, way in ways:
        for link in here._meta.get_fields():
            if not isinstance(link, ForeignKey | OneToOneField):
                continue
            target = link.related_model
            if target is Applicant:
                return f"{way}{link.name}"
            if target in seen or target is User or not isinstance(target, type):
                continue
            seen.add(target)
            ways.append((target, f"{way}{link.name}__"))
    return None
