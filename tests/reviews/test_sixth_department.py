"""A sixth department is one row and one section of Annex 4: nothing else has to be told of it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

import pytest

from accounts import departments
from accounts.models import Department
from applications.models import Application
from applications.services.perform import MoveRefused
from applications.workflow import Status
from notices.models import Notice
from reviews import annex4
from reviews.annex4 import Section, SectionField
from reviews.drafts import Draft
from reviews.models import ReviewTable
from reviews.revisions import load
from reviews.services import circulation, opinions
from reviews.services.opinions import OpinionRefused
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.verification.examining import examine
from tests.conftest import ClientOf
from tests.factories import SHEETS, liaison
from tests.reviews.conftest import FOUR, Station
from tests.reviews.test_pdf import page_text

pytestmark = pytest.mark.django_db
SECTION = Section(
    code="market",
    title="区市场监管局办理意见",
    fields=(SectionField("is_abnormal", "是否列入经营异常名录", "yes_no"),),
    materials=(2,),
    relevant=("enterprise_name", "credit_code"),
    height=33,
    pattern="经核实，该公司{is_abnormal}列入经营异常名录。",
    blanks={"is_abnormal": "（是/否）"},
    label="办理意见：",
)


@pytest.fixture
def market(monkeypatch: pytest.MonkeyPatch) -> Iterator[Department]:
    """It stands before foreign affairs, which signs last all the same."""
    monkeypatch.setitem(cast("dict[str, Section]", annex4.KINDS), "market", SECTION)
    Department.objects.filter(code="foreign_affairs").update(position=6)
    made = Department.objects.create(
        code="market", name="区市场监管局", section="market", position=5
    )
    departments.forget()
    yield made
    departments.forget()


@pytest.fixture
def six(market: Department, station: Station) -> Station:
    station.liaisons["market"] = liaison("market")
    authority.ensure()
    return station


@pytest.fixture
def table(six: Station, submitted: Application) -> ReviewTable:
    return circulation.circulate(submitted, by=six.officer, despite_unread=SHEETS)


def sign(table: ReviewTable, six: Station, words: str = "情况属实，同意申办。") -> None:
    by = six.liaisons["market"]
    opinion = table.opinions.with_case().get(department__code="market")
    draft = Draft({"is_abnormal": False}, words, "agree")
    opinions.sign(opinions.save_draft(opinion, draft, by=by, seen_version=None), by=by)


def test_a_table_goes_from_circulation_to_conclusion_with_six_cells(
    six: Station, table: ReviewTable
) -> None:
    assert list(table.boxes) == [*FOUR, "market", "foreign_affairs"]
    six.sign(table, *FOUR)
    with pytest.raises(OpinionRefused, match="区政府外办最后签署，还要等：区市场监管局。"):
        six.sign(table, "foreign_affairs")
    sign(table, six)
    six.sign(table, "foreign_affairs")
    table.refresh_from_db()
    assert table.is_concluded
    assert table.application.status == Status.ENDORSED
    pdf = load(table.newest_revision())
    found = examine(pdf, current_trust())
    assert found.valid
    assert found.reason == "服务站和六个部门的签名全部有效，签名后内容未被改动。"
    assert len(found.signatures) == 7
    text = page_text(pdf)
    for name in ("区商务委", "区税务局", "区公安局", "区人力社保局", "区市场监管局", "区政府外办"):
        assert f"{name}办理意见" in text
    assert "本表由服务站和六个部门分别电子签名，在纸上盖章的在该栏注明" in text
    told = Notice.objects.filter(recipient=six.officer).latest("pk")
    assert told.subject.startswith("六个部门已签齐：")


def test_the_six_cells_share_the_page_in_their_order_and_hold_an_opinion_each(
    six: Station, table: ReviewTable
) -> None:
    cells = list(table.boxes.values())
    assert all(upper["bottom"] >= lower["top"] for upper, lower in pairwise(cells))
    assert all(cell["top"] - cell["bottom"] >= 75 for cell in cells)
    sign(
        table, six, words="经核实，该公司登记信息与申请材料一致，未列入经营异常名录，同意申办。" * 4
    )


def test_a_table_of_five_stays_whole_when_a_sixth_department_comes(
    station: Station, circulated: ReviewTable, request: pytest.FixtureRequest
) -> None:
    station.sign(circulated, *FOUR)
    request.getfixturevalue("market")
    found = examine(load(circulated.newest_revision()), current_trust())
    assert found.missing == ("foreign_affairs",)
    station.sign(circulated, "foreign_affairs")
    found = examine(load(circulated.newest_revision()), current_trust())
    assert found.reason == "服务站和五个部门的签名全部有效，签名后内容未被改动。"
    circulated.refresh_from_db()
    assert circulated.is_concluded


def test_pages_and_mails_count_and_name_it(
    six: Station, table: ReviewTable, client: Any, client_of: ClientOf
) -> None:
    home = client.get("/").text
    assert "六个部门核实并签署审核表" in home
    names = "区商务委、区税务局、区公安局、区人力社保局、区市场监管局"
    assert f"{names}，最后由区政府外办签署" in home
    table.application.refresh_from_db()
    assert table.application.public_label == "六个部门正在审核，贵单位无需操作"
    agent = table.application.enterprise.people().get()
    mail = Notice.objects.filter(recipient=agent).latest("pk")
    assert f"已送{names}、区政府外办审核" in mail.body
    page = client_of(six.liaisons["market"]).get(f"/reviews/opinions/{six_opinion(table)}/").text
    assert "是否列入经营异常名录" in page


def six_opinion(table: ReviewTable) -> int:
    return int(table.opinions.get(department__code="market").pk)


def test_without_its_section_nothing_is_circulated(
    station: Station, submitted: Application
) -> None:
    Department.objects.create(code="market", name="区市场监管局", section="nowhere", position=6)
    with pytest.raises(MoveRefused, match="附件4里没有区市场监管局一栏"):
        circulation.circulate(submitted, by=station.officer, despite_unread=SHEETS)


def test_every_department_has_a_section_and_one_signs_last() -> None:
    rows = Department.objects.values_list("code", "section", "signs_last")
    assert {section for _, section, _ in rows} == set(annex4.SECTIONS)
    assert [code for code, _, is_last in rows if is_last] == ["foreign_affairs"]
