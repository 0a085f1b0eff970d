"""The national filing of a kind that the station approves alone: page and package, no table."""

import io
import zipfile

import pytest
from django.urls import reverse

from accounts.models import User
from applications.models import Applicant, Application
from tests.conftest import ClientOf
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def exchange(applicant: Applicant, agent: User) -> Application:
    return ApplicationFactory.create(
        applicant=applicant, kind="replace", cause="damaged", submitted=True, status="endorsed"
    )


def test_the_page_leads_through_the_service_without_a_table(
    exchange: Application, agent: User, client_of: ClientOf
) -> None:
    page = client_of(agent).get(reverse("cards:national", args=[exchange.pk])).content.decode()
    assert "选择“换卡”" in page
    assert "材料12　原卡正面" in page
    assert "审核表" not in page.partition("</h1>")[2].partition("<footer")[0]


def test_the_package_holds_what_was_uploaded_and_no_table(
    exchange: Application, agent: User, client_of: ClientOf
) -> None:
    address = reverse("cards:package", args=[exchange.pk])
    content = b"".join(client_of(agent).get(address))
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert names == [
        "00_填报信息.xlsx",
        "00_填报信息.html",
        "README_使用说明.txt",
        "10-01_护照首页彩色扫描件.jpg",
        "12-01_原卡正面.jpg",
        "13-01_原卡反面.jpg",
        "14-01_情况说明.jpg",
    ]
    readme = zipfile.ZipFile(io.BytesIO(content)).read("README_使用说明.txt").decode("utf-8-sig")
    assert "不用审核表：换卡由服务站核准，不送各部门" in readme
    assert "电子签名" not in readme


@pytest.mark.parametrize("kind", ["cancel", "early_print", "passport_only"])
def test_what_ends_without_a_card_is_not_filed(
    applicant: Applicant, agent: User, client_of: ClientOf, kind: str
) -> None:
    case = ApplicationFactory.create(
        applicant=applicant, kind=kind, submitted=True, status="endorsed"
    )
    for name in ("national", "package"):
        address = reverse(f"cards:{name}", args=[case.pk])
        assert client_of(agent).get(address).status_code == 404
