import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from enterprises.licence import read_pages
from enterprises.models import Enterprise
from enterprises.services import DecisionRefused, confirm_licence, decide
from files.models import Recognition
from files.recognition import LineOfText, Reading
from materials.kinds.licence.reading import facts_in
from tests.factories import credit_code, picture, standing_page

pytestmark = pytest.mark.django_db


def line(text, left, top, right, bottom):
    return LineOfText(text, 0.98, (left, top, right, bottom))


LINES = (
    line("营业执照", 574, 121, 1027, 241),
    line("统一社会信用代码", 167, 337, 445, 377),
    line("91500101YYYY00012R", 496, 341, 885, 375),
    line("名 称", 162, 407, 246, 460),
    line("重庆市万州区样例贸易有限公司", 498, 414, 1041, 454),
    line("类型", 163, 483, 244, 534),
    line("有限责任公司", 497, 487, 718, 532),
    line("住所", 163, 560, 245, 610),
    line("重庆市万州区样例大道", 499, 566, 915, 606),
    line("1号2单元", 499, 614, 700, 654),
    line("登记机关", 165, 941, 310, 987),
    line("万州区市场监督管理局 (样例)", 495, 942, 986, 989),
)


@pytest.fixture
def licence_page(enterprise):
    return standing_page(enterprise, 2)


def read(page, lines=LINES):
    return Recognition.objects.create(
        file=page.file,
        kind="text",
        state="done",
        done_at=timezone.now(),
        data=Reading(1600, 1130, 0, lines=tuple(lines)).as_json(),
    )


def test_the_facts_are_found_beside_their_labels_and_on_the_lines_below():
    assert facts_in(LINES) == {
        "credit_code": "91500101YYYY00012R",
        "name": "重庆市万州区样例贸易有限公司",
        "address": "重庆市万州区样例大道1号2单元",
        "registration_authority": "万州区市场监督管理局（样例）",
    }


def test_a_label_and_its_value_in_one_line_are_told_apart():
    facts = facts_in([line("名称：样例（重庆）有限公司", 10, 10, 600, 50)])
    assert facts == {"name": "样例（重庆）有限公司"}


def test_a_code_whose_check_digit_is_wrong_is_not_suggested():
    assert facts_in([line("91500101YYYY000121", 10, 10, 400, 50)]) == {}


def test_each_fact_stands_beside_what_was_typed(enterprise, licence_page):
    read(licence_page)
    found = read_pages(enterprise, [licence_page])
    assert [(row.label, row.verdict) for row in found.rows] == [
        ("统一社会信用代码", "一致"),
        ("单位名称", "一致"),
        ("住所", "不一致"),
        ("登记机关", "不一致"),
    ]
    assert found.suggestions == {
        "address": "重庆市万州区样例大道1号2单元",
        "registration_authority": "万州区市场监督管理局（样例）",
    }


def test_of_two_pages_the_later_counts_and_while_it_is_awaited_that_is_said(
    agent, enterprise, licence_page, client_of, settings
):
    settings.RECOGNITION = "on"
    read(licence_page)
    added = standing_page(enterprise, 2, picture(2, "new"))
    Recognition.objects.create(file=added.file, kind="text")
    client = client_of(agent)
    page = client.get(f"/enterprises/{enterprise.pk}/documents/2/").content.decode()
    assert "正在自动识别" in page
    assert "data-awaited" in page
    assert "重庆市万州区样例大道1号2单元" in page
    Recognition.objects.filter(file=added.file).delete()
    newer = read(added, LINES)
    found = read_pages(enterprise, list(added.document.pages.all()))
    assert found.recognition == newer
    assert not found.is_awaited


def test_a_fact_that_could_not_be_read_is_no_difference(enterprise, licence_page):
    read(licence_page, LINES[:5])
    found = read_pages(enterprise, [licence_page])
    assert [row.verdict for row in found.rows] == ["一致", "一致", "没有读出", "没有读出"]
    assert not found.needs_confirmation


def test_the_agent_takes_over_what_was_read_and_saves_it(
    agent, enterprise, licence_page, client_of
):
    read(licence_page)
    client = client_of(agent)
    page = client.get(f"/enterprises/{enterprise.pk}/documents/2/").content.decode()
    assert "填到表里，改好再保存" in page
    form = client.get(f"/enterprises/{enterprise.pk}/edit/?from=licence").context["form"]
    assert form["address"].value() == "重庆市万州区样例大道1号2单元"
    assert form["contact_name"].value() == "联系人"
    enterprise.refresh_from_db()
    assert enterprise.address == "重庆市万州区样例大道1号"


def test_one_button_takes_what_was_read(agent, enterprise, licence_page, client_of):
    read(licence_page)
    client = client_of(agent)
    page = client.get(f"/enterprises/{enterprise.pk}/documents/2/").text
    assert "看过了，按执照填入（2项）" in page
    assert "服务站会重新核验，通过前不能提交新的申请" in page
    for said in ("已按执照填入2项", "登记信息已与执照一致"):
        answer = client.post(f"/enterprises/{enterprise.pk}/licence/adopt/", follow=True)
        assert said in answer.text
    enterprise.refresh_from_db()
    assert enterprise.address == "重庆市万州区样例大道1号2单元"
    assert enterprise.registration_authority == "万州区市场监督管理局（样例）"
    assert enterprise.status == "pending"
    assert AuditEvent.objects.filter(action="enterprise.change").count() == 1


def test_of_a_licence_that_was_not_read_nothing_is_entered(
    agent, enterprise, licence_page, client_of
):
    answer = client_of(agent).post(f"/enterprises/{enterprise.pk}/licence/adopt/", follow=True)
    assert "还没有读出执照上的内容，请照执照填写。" in answer.text
    assert not AuditEvent.objects.filter(action="enterprise.change").exists()


def test_a_code_that_another_enterprise_has_is_not_taken(
    agent, other_enterprise, enterprise, licence_page, client_of
):
    other_enterprise.credit_code, enterprise.credit_code = credit_code(77), credit_code(78)
    other_enterprise.save()
    enterprise.save()
    read(licence_page, [line(credit_code(77), 496, 341, 885, 375)])
    answer = client_of(agent).post(f"/enterprises/{enterprise.pk}/licence/adopt/", follow=True)
    assert "这个统一社会信用代码已经登记" in answer.text
    enterprise.refresh_from_db()
    assert enterprise.credit_code == credit_code(78)


class TestLicenceFirst:
    """What the licence says at length is not typed when an enterprise signs up."""

    @pytest.fixture
    def new(self, enterprise):
        enterprise.address = enterprise.registration_authority = ""
        enterprise.status = "pending"
        enterprise.save()
        return enterprise

    def test_signing_up_goes_without(self, client, db):
        page = client.get("/enterprises/sign-up/").text
        assert page.count("可以不填：上传营业执照后自动读出，看过再填入。") == 2
        answer = client.post(
            "/enterprises/sign-up/",
            {
                "name": "重庆市万州区新样例有限公司",
                "credit_code": credit_code(55),
                "kind": "private",
                "contact_name": "经办人丙",
                "contact_phone": "13800138000",
                "email": "new@example.com",
                "password": "Wanzhou-2026!",
                "password_again": "Wanzhou-2026!",
            },
            follow=True,
        )
        assert "填写登记机关、住所（上传执照后可以按读出的内容填入）" in answer.text
        assert "登记的住所里没有写" not in answer.text
        for label in ("登记机关", "住所"):
            assert "没有填写" in answer.text.partition(f"<dt>{label}</dt>")[2].partition("</dd>")[0]

    def test_one_look_and_one_button_fill_them_in(self, agent, new, licence_page, client_of):
        read(licence_page)
        client = client_of(agent)
        page = client.get(f"/enterprises/{new.pk}/documents/2/").text
        assert "没有填写" in page
        assert "看过了，按执照填入（2项）" in page
        assert "填的没错，以填写的为准" not in page
        client.post(f"/enterprises/{new.pk}/licence/adopt/")
        new.refresh_from_db()
        assert new.blanks == []

    def test_without_them_nobody_is_verified_and_the_station_does_not_wait(
        self, agent, officer, new, licence_page
    ):
        assert new not in Enterprise.objects.awaiting_verification()
        with pytest.raises(DecisionRefused, match="还没有填写登记机关、住所"):
            decide(new, verified=True, by=officer)

    def test_correcting_the_facts_asks_for_them(self, agent, new, client_of):
        answer = client_of(agent).post(f"/enterprises/{new.pk}/edit/", {"name": new.name})
        assert "请填写住所，与营业执照一致。" in answer.text


def test_a_licence_that_says_otherwise_is_not_green(agent, enterprise, licence_page, client_of):
    row = read(licence_page)
    client = client_of(agent)
    page = client.get(enterprise.get_absolute_url()).text
    assert "与填写不一致" in page
    confirm_licence(row, enterprise, by=agent)
    assert "与填写不一致" not in client.get(enterprise.get_absolute_url()).text


def test_another_enterprises_licence_is_called_that_before_the_station_waits_for_it(
    agent, enterprise, licence_page, client_of
):
    enterprise.status = "pending"
    enterprise.save()
    row = read(licence_page, [line(credit_code(77), 496, 341, 885, 375)])
    home = client_of(agent).get("/").text
    assert f"上传的营业执照上读到的信用代码是{credit_code(77)}，登记的是" in home
    confirm_licence(row, enterprise, by=agent)
    assert "上传的营业执照上读到的信用代码" not in client_of(agent).get("/").text


def test_the_agent_says_that_what_was_typed_stands_and_the_officer_sees_it(
    agent, officer, enterprise, licence_page, client_of
):
    row = read(licence_page)
    for _ in range(2):
        answer = client_of(agent).post(f"/enterprises/{enterprise.pk}/licence/confirm/")
        assert answer.status_code == 302
    row.refresh_from_db()
    assert row.confirmed_by == agent
    page = client_of(officer).get(f"/enterprises/{enterprise.pk}/station/").content.decode()
    assert "以填写的内容为准" in page
    assert "万州区市场监督管理局（样例）" in page


def test_once_read_the_words_below_the_heading_do_not_repeat_it(
    agent, enterprise, licence_page, client_of
):
    read(licence_page)
    page = client_of(agent).get(f"/enterprises/{enterprise.pk}/documents/2/").content.decode()
    assert "已经读完，请与原件核对。" in page
    assert "已自动识别" not in page


@pytest.mark.parametrize(
    ("recognition", "state", "said"),
    [
        ("off", "queued", "自动识别暂不可用，由专员人工核对。"),
        ("on", "queued", "正在自动识别"),
        ("on", "failed", "没能自动识别，由专员人工核对。"),
        ("on", None, "自动识别暂不可用，由专员人工核对。"),
    ],
)
def test_until_it_is_read_the_page_says_how_far_it_is(
    agent, enterprise, licence_page, client_of, settings, recognition, state, said
):
    settings.RECOGNITION = recognition
    if state:
        Recognition.objects.create(file=licence_page.file, kind="text", state=state)
    page = client_of(agent).get(f"/enterprises/{enterprise.pk}/documents/2/").content.decode()
    assert said in page
