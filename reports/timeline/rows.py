"""Rows of a time line: what every source gives, so that the database orders and pages them all.

Each source is one branch of a UNION. Encrypted columns are carried as they are stored and opened
afterwards, since a union has no converters but its first branch's; names stand there rather than
keys, which would be asked for again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from accounts.models import Role, User
from applications.models import Application
from core.fields import Sealed
from core.sealed_text import open_text, sealed_text
from enterprises.models import Enterprise

STATION_ZONE: Final = "Asia/Shanghai"
NOBODY: Final = ("", "", "")
EMPTY: Final = Value("", models.TextField())


class Row(NamedTuple):
    """One line as the database gives it; what `code`, `words` and `extra` hold, its source says."""

    at: datetime
    source: str
    pk: int
    case: int | None
    name: str
    department: str
    role: str
    code: str
    words: str
    extra: str

    @classmethod
    def opened(cls, values: Sequence[Any]) -> "Row":
        """Of what the union gives: with its encrypted texts as people read them."""
        row = cls(*values)
        return row._replace(words=open_text(row.words), extra=open_text(row.extra))

    @property
    def who(self) -> str:
        """As `User.title` says it."""
        if not self.name:
            return "系统"
        return f"{self.department or Role(self.role).label} {self.name}"


@dataclass(frozen=True)
class Scope:
    """Whose time line it is, and for whom: of one case, or of all that an enterprise has."""

    reader: User
    case: Application | None = None
    enterprise: Enterprise | None = None

    def of(self, application: str) -> Q:
        """What belongs to it, where `application` is the way to the case."""
        if self.case is not None:
            return Q(**{application: self.case.pk})
        return Q(**{f"{application}__enterprise": self.enterprise})

    def of_card(self, card: str) -> Q:
        """The same of what hangs on a card: that of the case, or each of the enterprise's."""
        if self.case is not None:
            return Q(**{f"{card}__application": self.case.pk})
        return Q(**{f"{card}__enterprise": self.enterprise})

    @property
    def cases(self) -> Q:
        if self.case is not None:
            return Q(pk=self.case.pk)
        return Q(enterprise=self.enterprise)


@dataclass(frozen=True)
class TimelineLine:
    """One line as people read it; `is_day`: of its moment only the day is known."""

    at: datetime
    what: str
    who: str = ""
    words: str = ""
    url: str = ""
    case: int | None = None
    is_day: bool = False


@dataclass(frozen=True)
class TimelineSource:
    """Where lines come from: the branch of the union, and how a row of it reads."""

    name: str
    rows: Callable[[Scope], "QuerySet[Any, Any]"]
    line: Callable[[Row], TimelineLine]


class StartOfDay(models.Func):
    """The moment at which a day begins at the station, so that days and moments stand in order."""

    output_field = models.DateTimeField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # As Django stores moments there: text in UTC, eight hours behind the station.
        return self.as_sql(
            compiler, connection, template="datetime(%(expressions)s, '-8 hours')", **extra
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = f"((%(expressions)s)::timestamp AT TIME ZONE '{STATION_ZONE}')"
        return self.as_sql(compiler, connection, template=template, **extra)


def entered(day: str, at: str) -> Case:
    """When it happened: the moment of its entry where that was the same day, else the day."""
    return Case(When(**{f"{at}__date": F(day)}, then=F(at)), default=StartOfDay(F(day)))


def branch(
    found: "QuerySet[Any, Any]",
    source: str,
    *,
    at: Any,
    case: str = "",
    who: str = "",
    code: Any = "",
    words: Any = "",
    extra: Any = "",
    pk: str = "pk",
) -> "QuerySet[Any, Any]":
    """This source's branch; `who` is the way to a person, the others to columns or expressions."""
    name, department, role = (
        (f"{who}__name", f"{who}__department__name", f"{who}__role") if who else NOBODY
    )
    number = F(case) if case else Value(None)
    rows: QuerySet[Any, Any] = (
        found.order_by()
        .annotate(
            line_at=F(at) if isinstance(at, str) else at,
            line_source=Value(source, models.TextField()),
            line_pk=Cast(F(pk), models.BigIntegerField()),
            line_case=Cast(number, models.BigIntegerField()),
            line_name=_text(name),
            line_department=_text(department),
            line_role=_text(role),
            line_code=_text(code),
            line_words=_sealed(found.model, words) or _text(words),
            line_extra=_sealed(found.model, extra) or _text(extra),
        )
        .values_list(*(f"line_{field}" for field in Row._fields))
    )
    return rows


def _sealed(model: type[models.Model], what: Any) -> Any:
    """The marked value where `what` is the way to an encrypted column, else None."""
    if not isinstance(what, str) or not what:
        return None
    field: Any = None
    for name in what.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return sealed_text(what) if isinstance(field, Sealed) else None


def _text(what: Any) -> Any:
    """Never NULL: what is not there is an empty text."""
    if not isinstance(what, str):
        what = Cast(what, models.TextField())
    elif what:
        what = Cast(F(what), models.TextField())
    return Coalesce(what, Value(""), output_field=models.TextField()) if what else EMPTY
