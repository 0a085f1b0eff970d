"""That each module of `kinds` tells everything of its material."""

from datetime import date

import pytest

from accounts.models import Department
from files.recognition import LineOfText, Reading
from materials.catalogue import CATALOGUE, EVERY_KIND, get
from materials.findings import Findings, MaterialFacts
from materials.kind import MaterialKind
from materials.numbers import TABLE_NUMBER, MaterialNumber


def test_every_number_but_the_typed_facts_has_a_kind_of_its_own():
    assert [kind.number for kind in CATALOGUE] == [*range(1, 11)]
    later = [12, 13, 14, 15, 16, 17, 18]
    assert [kind.number for kind in EVERY_KIND] == [*range(1, 11), *later]
    assert set(MaterialNumber) - {kind.number for kind in EVERY_KIND} == {MaterialNumber.FACTS}
    assert TABLE_NUMBER not in set(MaterialNumber)


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: kind.name)
def test_every_kind_has_rules_for_people_and_examples(kind: MaterialKind):
    assert kind.check_list
    assert kind.compared
    assert [example.is_good for example in kind.examples].count(True) == 1
    assert bool(kind.shelf_hint) == kind.is_enterprises == (kind.validity is not None)


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.name)
def test_what_is_typed_can_be_given_to_the_command_as_well(kind: MaterialKind):
    if kind.validity is not None:
        assert set(kind.options) == set(kind.validity.fields)
    elif kind.facts is not None and kind.number != MaterialNumber.PHOTO:
        assert set(kind.options) == set(kind.facts.form.base_fields)
    else:
        assert not kind.options


@pytest.mark.django_db
def test_a_department_fills_in_what_the_table_may_replace():
    codes = {int(kind.number): kind.filled_in_by for kind in CATALOGUE if kind.replaceable}
    assert codes == {3: "tax", 5: "commerce", 6: "police", 7: "social"}
    assert Department.objects.filter(code__in=codes.values()).count() == 4


def test_a_repair_keeps_to_what_is_prescribed():
    assert {kind.number for kind in CATALOGUE if kind.repair} == {8, 9, 10}
    for number in (8, 9):
        rule, kind = get(number).repair, get(number)
        assert rule is not None
        assert "wrong_size" in rule.codes
        assert kind.pixels is not None


def test_a_machine_looks_at_the_licence_the_photo_and_the_passport():
    readers = {int(kind.number): kind.recognition.reader for kind in CATALOGUE if kind.recognition}
    assert readers == {2: "text", 8: "face", 10: "text"}


def test_each_that_could_not_be_read_says_so_of_itself():
    said = [kind.recognition.unread.found for kind in CATALOGUE if kind.recognition]
    assert said == [
        "没能自动读出营业执照上的文字。",
        "没能自动检查照片中的人脸。",
        "没能自动读出护照底部的机读码。",
    ]


def test_a_turned_passport_is_told_wherever_it_is_read():
    rule = get(10).recognition
    assert rule is not None
    findings = Findings()
    reading = Reading(
        width=1000, height=700, lines=(LineOfText("护照", 0.9, (1, 1, 9, 9)),), turned=90
    )
    rule.judge(reading, findings, MaterialFacts(), date(2026, 11, 23))
    assert [finding.code for finding in findings.warnings] == ["zone_unreadable", "passport_turned"]
