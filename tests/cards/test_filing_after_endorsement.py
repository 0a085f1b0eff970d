"""After 审核通过 the case is the agent's move: it stands first, with what he needs to go on."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Application
from reviews.models import ReviewTable
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory, ApplicationFactory, ReviewTableFactory

pytestmark = pytest.mark.django_db


def decided(enterprise: Any, status: str, name: str) -> Application:
    application: Application = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=enterprise, name=name),
        submitted=True,
        status=status,
    )
    ReviewTableFactory.create(
        application=application,
        status=ReviewTable.Status.CONCLUDED,
        concluded_at=timezone.now(),
    )
    return application


@pytest.fixture
def endorsed(enterprise: Any, agent: User) -> Application:
    return decided(enterprise, "endorsed", "赵样例")


@pytest.fixture
def declined(enterprise: Any, agent: User) -> Application:
    return decided(enterprise, "declined", "钱样例")


@pytest.fixture
def desk(client_of: ClientOf, agent: User) -> Client:
    return client_of(agent)


def files_of(application: Application) -> list[str]:
    """Where its picture, its PDF and its filing are, in the order in which they are offered."""
    views = ("reviews:jpg_of_application", "reviews:pdf_of_application", "cards:national")
    return [reverse(view, args=[application.pk]) for view in views]


def test_on_home_it_stands_before_what_is_to_be_corrected(
    desk: Client, endorsed: Application
) -> None:
    ApplicationFactory.create(
        applicant__enterprise=endorsed.enterprise,
        applicant__name="孙样例",
        submitted=True,
        status="returned",
    )
    page = desk.get("/").text
    assert page.index("审核通过，请到国家系统填报") < page.index("赵样例") < page.index("孙样例")
    places = [page.index(f'href="{address}"') for address in files_of(endorsed)]
    assert places == sorted(places)
    assert "由企业经办人办" in page


def test_in_the_list_too(desk: Client, endorsed: Application) -> None:
    for number, status in enumerate(("draft", "returned", "in_review")):
        ApplicationFactory.create(
            applicant__enterprise=endorsed.enterprise,
            applicant__name=f"{number}样例",
            submitted=status != "draft",
            status=status,
        )
    page = desk.get(reverse("applications:list")).text
    order = re.findall(r"href=\"/applications/\d+/\">([^<]+)</a>", page)
    assert order[0] == "赵样例"
    for address in files_of(endorsed):
        assert f'href="{address}"' in page


def test_where_none_is_endorsed_there_is_no_empty_list(desk: Client, draft: Application) -> None:
    assert "审核通过，请到国家系统填报" not in desk.get("/").text


def test_the_case_offers_the_picture_first_then_pdf_and_filing(
    desk: Client, endorsed: Application
) -> None:
    page = desk.get(endorsed.get_absolute_url()).text
    places = [page.index(f'href="{address}"') for address in files_of(endorsed)]
    assert places == sorted(places)
    assert "下载审核表JPG（上传国家系统用）" in page
    assert "各部门的电子签名代替红章" in page
    assert "如有单位要求盖红章，请联系服务站" in page


def test_the_addresses_lead_to_the_files(desk: Client, endorsed: Application) -> None:
    table = endorsed.tables.get()
    jpg, pdf, _ = files_of(endorsed)
    assert desk.get(jpg).headers["Location"] == reverse("reviews:table_jpg", args=[table.pk, 1])
    assert desk.get(pdf).headers["Location"] == reverse("reviews:table_pdf", args=[table.pk])


def test_the_table_says_what_each_file_is_good_for(
    client_of: ClientOf, officer: User, endorsed: Application, declined: Application
) -> None:
    unfinished = ReviewTableFactory.create().pk
    void = ReviewTableFactory.create(
        status=ReviewTable.Status.VOID,
        voided_at=timezone.now(),
        void_reason="职务有误。",
    ).pk
    client = client_of(officer)
    for pk, use in (
        (endorsed.tables.get().pk, "上传国家系统用"),
        (declined.tables.get().pk, "结论为不同意，只供存档"),
        (unfinished, "还没有签齐，只供查看"),
        (void, "印有“作废”字样"),
    ):
        page = client.get(reverse("reviews:table_detail", args=[pk])).text
        assert f"下载JPG（{use}）" in page
        assert ("上传国家系统用" in page) == (pk == endorsed.tables.get().pk)


def test_an_unfinished_picture_says_so_in_its_name(client_of: ClientOf, officer: User) -> None:
    table = ReviewTableFactory.create()
    where = reverse("reviews:table_jpg", args=[table.pk, 1])
    disposition = client_of(officer).get(where).headers["Content-Disposition"]
    assert "%EF%BC%88%E6%9C%AA%E7%AD%BE%E9%BD%90%EF%BC%89" in disposition  # （未签齐）


def test_from_the_table_the_agent_gets_back_to_the_case(
    desk: Client, endorsed: Application
) -> None:
    table = endorsed.tables.get()
    for view in ("reviews:table_detail", "reviews:table_time"):
        page = desk.get(reverse(view, args=[table.pk])).text
        assert f'<a href="{endorsed.get_absolute_url()}">赵样例的申请</a>' in page
