"""One search box: what each kind is found by, in which order, and what one may not see."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from applications.models import Applicant, Application
from enterprises.models import Enterprise
from finding.models import IndexEntry
from finding.rebuilding import rebuild
from reviews.models import ReviewTable
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    agent_of,
    id_number,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Enterprise:
    return EnterpriseFactory.create(
        name="重庆市万州区平湖机械有限公司", contact_name="何联系", contact_phone="13712345678"
    )


@pytest.fixture
def person(firm: Enterprise) -> Applicant:
    return ApplicantFactory.create(
        enterprise=firm, name="曾小例", phone="13987654321", id_number=id_number(31)
    )


@pytest.fixture
def desk(officer: User, client_of: ClientOf) -> Client:
    return client_of(officer)


def found(client: Client, words: str) -> str:
    answer = client.get("/find/", {"q": words})
    assert answer.status_code == 200
    main: str = answer.text.partition("<main")[2]
    return main


@pytest.mark.parametrize(
    "words", ["平湖", "平湖机械", "phjx", "PHJX", "重庆市万州区（平湖）机械", "13712345678", "5678"]
)
def test_an_enterprise_is_found_by_part_initials_and_phone(
    desk: Client, firm: Enterprise, words: str
) -> None:
    assert firm.name in found(desk, words)


@pytest.mark.parametrize("words", ["曾小例", "小例", "zxl", "cxl", "139 8765 4321", "4321"])
def test_a_person_is_found_by_name_initials_and_phone(
    desk: Client, person: Applicant, words: str
) -> None:
    case = ApplicationFactory.create(applicant=person, submitted=True)

    page = found(desk, words)

    assert "曾小例（" in page
    assert f'href="/cases/{case.pk}/"' in page
    assert "待预审" in page


def test_a_personal_number_is_found_by_its_exact_value(desk: Client, person: Applicant) -> None:
    assert "曾小例" in found(desk, id_number(31))
    assert "没有找到" in found(desk, id_number(31)[:12])


def test_an_agent_is_found_by_his_own_phone(desk: Client, firm: Enterprise) -> None:
    agent = agent_of(firm, name="李经办")
    agent.phone = "13600001111"
    agent.save(update_fields=["phone"])

    page = found(desk, "13600001111")

    assert "李经办" in page
    assert f"/enterprises/{firm.pk}/station/" in page


def test_cases_and_tables_are_found_by_number(desk: Client) -> None:
    table = ReviewTableFactory.create()
    case = table.application
    for words in (case.reference, case.reference.partition("-")[2], str(case.pk).zfill(5)):
        assert case.reference in found(desk, words)
    assert str(table) in found(desk, str(table))


def test_a_card_is_found_by_its_number_its_end_and_its_holder(desk: Client) -> None:
    card = CardFactory.create()
    for words in (card.number, card.number[-4:], card.holder_name):
        assert card.get_absolute_url() in found(desk, words)
    assert card.get_absolute_url() not in found(desk, card.number[:-1] + "X")


def test_exact_comes_before_the_beginning_and_this_before_the_middle(desk: Client) -> None:
    for name in ("大平湖机械", "平湖机械二厂", "平湖机械"):
        EnterpriseFactory.create(name=name)

    page = found(desk, "平湖机械")

    places = [page.index(f">{name}<") for name in ("平湖机械", "平湖机械二厂", "大平湖机械")]
    assert places == sorted(places)


def test_a_slip_of_one_character_finds_what_is_near(desk: Client, firm: Enterprise) -> None:
    page = found(desk, "平湖机戒有限公司")
    assert "相近的企业" in page
    assert firm.name in page


@pytest.mark.parametrize("words", ["%%", "__", "''", "\x00\x00", "没有这家", "长" * 400, "(", "单"])
def test_what_finds_nothing_says_so_and_never_fails(
    desk: Client, firm: Enterprise, words: str
) -> None:
    assert firm.name not in found(desk, words)


def test_a_liaison_finds_his_departments_tables_and_nothing_else(
    tax_liaison: User, client_of: ClientOf, firm: Enterprise, person: Applicant
) -> None:
    client = client_of(tax_liaison)
    assert "没有找到" in found(client, "平湖机械")
    table = ReviewTableFactory.create(application__applicant=person)

    page = found(client, "平湖机械")

    assert str(table) in page
    assert "/enterprises/" not in page


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(
    desk: Client, firm: Enterprise
) -> None:
    firm.name = "重庆市万州区高峡电子有限公司"
    firm.save()
    assert firm.name in found(desk, "高峡")
    assert "没有找到" in found(desk, "平湖机械")


def test_what_was_written_past_the_rows_is_mended_by_night(desk: Client, firm: Enterprise) -> None:
    Enterprise.objects.filter(pk=firm.pk).update(name="重庆市万州区高峡电子有限公司")
    IndexEntry.objects.create(kind="enterprises.enterprise", object_id=999_999, words="空的")

    rebuild()

    assert "高峡电子" in found(desk, "高峡")
    assert not IndexEntry.objects.filter(object_id=999_999).exists()


def test_personal_numbers_do_not_stand_in_the_index(person: Applicant) -> None:
    entry = IndexEntry.objects.get(kind="applications.applicant", object_id=person.pk)
    for number in (person.id_number, person.phone, person.passport_number):
        assert number not in f"{entry.words}{entry.initials}{entry.numbers}"


def test_one_and_many_cost_the_same(
    desk: Client, firm: Enterprise, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        applicant = ApplicantFactory.create(enterprise=firm, name=f"平湖人{number}")
        ApplicationFactory.create(applicant=applicant, submitted=True)
    with django_assert_max_num_queries(12):
        page = found(desk, "平湖")
    assert page.count("平湖人") == 10
    assert "还有更多" in page


def answer_of(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    status = 0
    try:
        call_command("find", *words)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, json.loads(capsys.readouterr().out)


def test_the_command_answers_with_what_an_officer_finds(
    firm: Enterprise, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer_of(capsys, "平湖") == (
        0,
        {
            "results": [
                {"kind": "企业", "label": firm.name, "url": f"/enterprises/{firm.pk}/station/"}
            ]
        },
    )
    assert answer_of(capsys, "没有这家") == (1, {"results": []})
    status, answer = answer_of(capsys, "单")
    assert (status, answer["results"]) == (2, [])


def test_every_page_of_staff_has_the_box_and_an_agents_has_none(
    desk: Client, agent: User, client_of: ClientOf
) -> None:
    assert 'action="/find/"' in desk.get("/").text
    assert 'action="/find/"' not in client_of(agent).get("/").text
    assert Application.objects.count() == ReviewTable.objects.count() == 0


def test_an_agent_s_number_leads_to_the_cases_of_his_enterprise(
    desk: Client, firm: Enterprise, person: Applicant
) -> None:
    agent = agent_of(firm, phone="13700007777")
    case = ApplicationFactory.create(applicant=person, submitted=True, created_by=agent)
    over = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=firm), status="withdrawn", created_by=agent
    )
    page = found(desk, "13700007777")
    assert f'href="/cases/{case.pk}/"' in page
    assert f"/cases/{over.pk}/" not in page


def test_a_draft_is_found_by_who_rings_about_it(desk: Client, person: Applicant) -> None:
    case = ApplicationFactory.create(applicant=person)
    page = found(desk, "13987654321")
    assert f'href="/cases/{case.pk}/"' in page
    assert "草稿" in page


@pytest.mark.parametrize("words", ["日本", "JPN", "jpn"])
def test_an_economy_is_found_by_name_and_code(desk: Client, words: str) -> None:
    page = found(desk, words)
    assert 'href="/guide/card/#JPN"' in page
    assert "本站0件已批准" in page


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("样例丝绸", "新建台账：样例丝绸"),
        ("三峡样例商贸有限公司", "新建台账：三峡样例商贸有限公司"),
        ("Example Trading", "新建台账：Example Trading"),
        ("13800009999", "新建台账，联系电话13800009999"),
        # May be either: said so.
        ("张样例", "“张样例”是单位名称的，在台账里新建"),
        # Neither a name nor a telephone.
        ("WZ-2026-0001", ""),
        ("8821", ""),
        ("phjx", ""),
        ("EA1234567", ""),
        # A person, a case, an enterprise whose very name stands there, one found by its number.
        ("曾小例", ""),
        ("重庆市万州区平湖机械有限公司", ""),
        ("13987654321", ""),
        ("日本", ""),
        # A part of a name: another one may begin alike.
        ("平湖", "新建台账：平湖"),
    ],
)
def test_a_new_row_is_offered_only_for_what_may_be_an_enterprise(
    desk: Client, person: Applicant, words: str, offered: str
) -> None:
    page = desk.get("/find/", {"q": words})
    assert page.context["new_row"] == offered
    assert ("新建" in found(desk, words)) is bool(offered)


def test_who_only_reads_is_offered_no_new_row(client_of: ClientOf, station_head: User) -> None:
    assert "新建" not in found(client_of(station_head), "样例丝绸")
