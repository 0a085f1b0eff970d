"""Orders of rows by columns, and what follows a row: ranges that an index serves (ADR 64)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce


@dataclass(frozen=True)
class SortKey:
    """One column of an order: a field, also of a row it leads to, or an annotation.

    Without a word about it, empty values are the greatest, as in an index of PostgreSQL; SQLite,
    which takes them for the least, is told so.
    """

    path: str
    field: "models.Field[Any, Any]"
    is_nullable: bool
    is_descending: bool
    nulls_first: bool
    # An annotation, which stands in no index; a column that is generated does.
    is_worked_out: bool = False

    @property
    def ordering(self) -> OrderBy:
        if not self.is_nullable:
            return OrderBy(F(self.path), descending=self.is_descending)
        place = {"nulls_first": True} if self.nulls_first else {"nulls_last": True}
        return OrderBy(F(self.path), descending=self.is_descending, **place)

    def reversed(self) -> "SortKey":
        return replace(self, is_descending=not self.is_descending, nulls_first=not self.nulls_first)

    def of(self, row: Any) -> Any:
        for name in self.path.split("__"):
            row = None if row is None else getattr(row, name)
        return row

    def equals(self, value: Any) -> Q:
        if value is None:
            return Q(**{f"{self.path}__isnull": True})
        return Q(**{self.path: _constant(value)})

    def follows(self, value: Any) -> Iterator[Q]:
        """What comes after this value: one range of an index each, the nearest first."""
        empty = Q(**{f"{self.path}__isnull": True})
        if value is None:
            if self.nulls_first:
                yield ~empty
            return
        lookup = "lt" if self.is_descending else "gt"
        yield Q(**{f"{self.path}__{lookup}": _constant(value)})
        if self.is_nullable and not self.nulls_first:
            yield empty

    def read(self, value: Any) -> Any:
        """A value of a cursor as the column holds it; raises what the field raises."""
        if value is None and not self.is_nullable:
            raise ValueError
        return self.field.to_python(value)


def _constant(value: Any) -> Any:
    """Text goes as it stands: a field that brings names into one form must not move the place."""
    return Value(value, output_field=models.CharField()) if isinstance(value, str) else value


class RowFollows(models.Func):
    """`(a, b) > (x, y)`: one range of an index on a and b, on either database."""

    conditional = True

    def __init__(self, *sides: Any, operator: str) -> None:
        super().__init__(*sides, output_field=models.BooleanField())
        self.operator = operator

    def as_sql(  # type: ignore[override] # takes no other words of a function
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, tuple[Any, ...]]:
        sides = [compiler.compile(side) for side in self.get_source_expressions()]
        half = len(sides) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (sides[:half], sides[half:]))
        values = tuple(chain.from_iterable(params for _, params in sides))
        return f"(({left}) {self.operator} ({right}))", values


def sort_keys(rows: "QuerySet[Any]") -> tuple[SortKey, ...]:
    """The columns by which these rows are ordered; the last one is the primary key."""
    names = rows.query.order_by or rows.model._meta.ordering or ("pk",)
    keys = [_key_of(rows, name) for name in names]
    if keys[-1].field is not rows.model._meta.pk:
        keys.append(_key_of(rows, "-pk" if keys[-1].is_descending else "pk"))
    return tuple(keys)


def _key_of(rows: "QuerySet[Any]", name: Any) -> SortKey:
    if isinstance(name, str):
        name = OrderBy(F(name.removeprefix("-")), descending=name.startswith("-"))
    if not (isinstance(name, OrderBy) and isinstance(name.expression, F)):
        raise TypeError(f"An order of pages names its columns; annotate {name!r} first.")
    path: str = name.expression.name  # type: ignore[attr-defined] # unknown to its stubs
    field, is_nullable = _column(rows, path)
    nulls_first = bool(name.nulls_first or (name.descending and not name.nulls_last))
    is_worked_out = path in rows.query.annotations
    return SortKey(path, field, is_nullable, name.descending, nulls_first, is_worked_out)


def _column(rows: "QuerySet[Any]", path: str) -> "tuple[models.Field[Any, Any], bool]":
    annotation = rows.query.annotations.get(path)
    if annotation is not None:
        return annotation.output_field, _may_be_empty(annotation)
    *relations, name = path.split("__")
    model, is_nullable = rows.model, False
    for relation in relations:
        link = model._meta.get_field(relation)
        model, is_nullable = link.related_model, is_nullable or getattr(link, "null", True)
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    if not isinstance(field, models.Field) or (field.is_relation and name == field.name != "pk"):
        raise TypeError(f"An order of pages names columns; {path!r} is none.")
    return field, is_nullable or field.null


def _may_be_empty(expression: Any) -> bool:
    """Whether it may be NULL, as far as its form tells."""
    match expression:
        case Value():
            return expression.value is None
        case Case():
            results = [*(when.result for when in expression.cases), expression.default]
            return any(_may_be_empty(result) for result in results)
        case Coalesce():
            return all(_may_be_empty(one) for one in expression.get_source_expressions())
        case Exists():
            return False
    return True


def ranges_after(keys: Sequence[SortKey], values: Sequence[Any]) -> "list[Q]":
    """What follows a row with these values, as ranges that an index in this order serves.

    The nearest first: those that agree in all columns but the last come before those that agree in
    fewer. Columns of one direction without empty values are compared at once. Where no index can
    serve, all are one.
    """
    ranges = list(_ranges(keys, values))
    if len(ranges) > 1 and any(key.is_worked_out for key in keys):
        return [reduce(or_, ranges)]
    return ranges


def _ranges(keys: Sequence[SortKey], values: Sequence[Any]) -> Iterator[Q]:
    end = len(keys)
    while end:
        start = end - 1
        while start and _go_together(keys[start - 1], keys[end - 1]):
            start -= 1
        alike = Q(*(key.equals(value) for key, value in zip(keys[:start], values, strict=False)))
        if end - start == 1:
            beyond: Iterator[Q | RowFollows] = keys[start].follows(values[start])
        else:
            beyond = iter([_row_follows(keys[start:end], values[start:end])])
        for one in beyond:
            yield alike & Q(one)
        end = start


def _go_together(one: SortKey, other: SortKey) -> bool:
    alike = one.is_descending == other.is_descending
    return alike and not one.is_nullable and not other.is_nullable


def _row_follows(keys: Sequence[SortKey], values: Sequence[Any]) -> RowFollows:
    sides = [F(key.path) for key in keys]
    given = [
        Value(value, output_field=models.CharField() if isinstance(value, str) else key.field)
        for key, value in zip(keys, values, strict=True)
    ]
    return RowFollows(*sides, *given, operator="<" if keys[0].is_descending else ">")
