"""Reasons that bundle several faults, taken apart where a station already has its rows."""

import importlib
from pathlib import Path

import pytest
from django.apps import apps

from applications import migrations
from applications.models import Correction, ReturnReason
from tests.factories import CorrectionFactory

pytestmark = pytest.mark.django_db
[FILE] = Path(migrations.__path__[0]).glob("*_reasons_that_name_one_fault.py")
migration = importlib.import_module(f"applications.migrations.{FILE.stem}")


@pytest.fixture
def as_before() -> None:
    """The dictionary's 25 in use, without their parts."""
    ReturnReason.objects.filter(code__gt="R25").delete()
    ReturnReason.objects.update(is_active=True)


def split() -> None:
    migration.split(apps, None)


@pytest.mark.usefixtures("as_before")
def test_a_bundle_goes_out_of_use_and_its_parts_are_offered() -> None:
    told = CorrectionFactory.create(
        number=8, reason=ReturnReason.objects.get(code="R02"), words="照片不是白底，或……", sent=True
    )
    split()
    assert not ReturnReason.objects.get(code="R02").is_active
    parts = ReturnReason.objects.filter(code__in=["R26", "R27", "R28"], is_active=True)
    assert [part.defect for part in parts] == [
        "照片不是白底。",
        "照片中戴有色眼镜。",
        "照片拍摄已超过6个月。",
    ]
    assert Correction.objects.get(pk=told.pk).reason == ReturnReason.objects.get(code="R02")


@pytest.mark.usefixtures("as_before")
def test_what_the_station_reworded_or_added_stays() -> None:
    ReturnReason.objects.filter(code="R03").update(defect="照片看不清。")
    ReturnReason.objects.create(code="R26", numbers=[8], defect="照片是黑白的。", mend="请换。")
    split()
    assert ReturnReason.objects.get(code="R03").is_active
    assert not ReturnReason.objects.filter(defect="照片模糊。").exists()
    assert ReturnReason.objects.get(code="R26").defect == "照片是黑白的。"
    white = ReturnReason.objects.get(defect="照片不是白底。")
    assert white.code == "R27"
    assert ReturnReason.objects.count() == 25 + 1 + 36 - 3


@pytest.mark.usefixtures("as_before")
def test_a_second_run_changes_nothing() -> None:
    split()
    before = list(ReturnReason.objects.values())
    split()
    assert list(ReturnReason.objects.values()) == before
