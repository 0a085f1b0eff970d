"""Values of columns: the same line from either database, and back into either."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from backups.kinds import FOR_COPY, FOR_SQLITE, HeldColumn, column_of, reader
from backups.tables import tables

EAST = timezone(timedelta(hours=8))


def read(kind: str, value: Any, places: int = 0) -> Any:
    convert = reader(HeldColumn("column", kind, places))
    return convert(value) if convert else value


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (
            "moment",
            [
                "2026-11-30 15:00:00.000120",
                datetime.fromisoformat("2026-11-30T15:00:00.000120"),
                datetime(2026, 11, 30, 15, 0, 0, 120, UTC),
                datetime(2026, 11, 30, 23, 0, 0, 120, EAST),
            ],
            "2026-11-30 15:00:00.000120",
        ),
        ("moment", [datetime(2026, 11, 30, 15, tzinfo=UTC)], "2026-11-30 15:00:00"),
        ("day", ["2026-11-30", date(2026, 11, 30)], "2026-11-30"),
        ("boolean", [1, True], True),
        ("json", ['{"乙": 1, "甲": null}', b'{"\\u7532":null,"\\u4e59":1}'], '{"乙":1,"甲":null}'),
        ("binary", [b"\x00\xff", memoryview(b"\x00\xff")], "AP8="),
        ("uuid", ["00000000000040008000000000000001"], "00000000-0000-4000-8000-000000000001"),
        ("duration", [1_500_000, timedelta(seconds=1.5)], 1_500_000),
        ("text", ["一\n二"], "一\n二"),
    ],
)
def test_either_database_gives_the_same(kind: str, values: list[Any], expected: Any) -> None:
    assert [read(kind, value) for value in values] == [expected] * len(values)


def test_a_decimal_has_its_places() -> None:
    assert [read("decimal", value, 2) for value in (12, 12.5, Decimal("12.50"))] == [
        "12.00",
        "12.50",
        "12.50",
    ]


@pytest.mark.parametrize(
    ("kind", "held", "sqlite", "copied"),
    [
        ("text", "a\tb\\N\r\n", "a\tb\\N\r\n", r"a\tb\\N\r\n"),
        ("json", '{"甲":1}', '{"\\u7532": 1}', '{"甲":1}'),
        ("moment", "2026-11-30 15:00:00", "2026-11-30 15:00:00", "2026-11-30 15:00:00+00"),
        ("boolean", True, True, "t"),
        ("binary", "AP8=", b"\x00\xff", r"\\x00ff"),
        ("integer", 7, 7, "7"),
    ],
)
def test_each_database_is_given_its_own_form(
    kind: str, held: Any, sqlite: Any, copied: str
) -> None:
    assert FOR_SQLITE.get(kind, lambda value: value)(held) == sqlite
    assert FOR_COPY.get(kind, lambda value: value)(held) == copied


def test_every_table_of_every_model_can_be_held_and_stands_behind_those_it_points_to() -> None:
    groups = tables()
    placed: set[str] = set()
    for group in groups:
        placed |= {table.name for table in group}
        for table in group:
            assert table.parents <= placed, table.name
    managed = [one for one in apps.get_models(include_auto_created=True) if one._meta.managed]
    assert placed == {model._meta.db_table for model in managed}
    assert "enterprises_demand" in placed
    [demand] = [table for group in groups for table in group if table.name == "enterprises_demand"]
    # The database itself writes a generated one.
    assert "queue_on" not in [column.name for column in demand.columns]


def test_a_kind_of_field_that_nobody_thought_of_stops_the_backup() -> None:
    class Odd(models.IntegerField):
        def get_internal_type(self) -> str:
            return "OddField"

    field = Odd()
    field.set_attributes_from_name("odd")
    with pytest.raises(TypeError, match="OddField"):
        column_of(field)
