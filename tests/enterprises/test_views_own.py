import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AuditEvent, User
from enterprises.models import Enterprise, StandingPage
from enterprises.services import DocumentStack, decide, save_enterprise
from materials.stack import add_page, remove_page
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory, UserFactory, agent_of, picture, standing_page


@pytest.fixture
def client(client_of: ClientOf, agent: User) -> Client:
    """The agent's."""
    return client_of(agent)


def upload(client: Client, address: str, *files: tuple[str, bytes]) -> str:
    sent = [SimpleUploadedFile(name, data, "image/jpeg") for name, data in files]
    return client.post(address, {"files": sent}, follow=True).text


def test_mine_leads_to_ones_own_enterprise(client: Client, enterprise: Enterprise) -> None:
    response = client.get("/enterprises/mine/")

    assert response["Location"] == f"/enterprises/{enterprise.pk}/"


def test_an_agent_without_enterprise_is_told_whom_to_call(client_of: ClientOf, db: None) -> None:
    response = client_of(UserFactory.create()).get("/enterprises/mine/", follow=True)

    assert "您的账户还没有对应的企业" in response.text


def test_the_page_shows_the_facts_with_the_phone_masked(
    client: Client, enterprise: Enterprise
) -> None:
    text = client.get(f"/enterprises/{enterprise.pk}/").text

    assert "91500101YYYY00012R" in text
    assert "023*****0000" in text
    assert "023-58000000" not in text
    assert "贵单位已通过核验" in text


@pytest.mark.parametrize(
    ("has_licence", "is_confirmed", "sentence"),
    [
        (False, False, "点击链接确认邮箱，再上传营业执照（确认邮箱之后才能上传"),
        (True, False, "请打开"),
        (True, True, "服务站核对营业执照和登记信息"),
    ],
)
def test_a_new_enterprise_reads_what_is_still_missing(
    client_of: ClientOf, db: None, has_licence: bool, is_confirmed: bool, sentence: str
) -> None:
    enterprise = EnterpriseFactory.create(pending=True)
    confirmed = {} if is_confirmed else {"email_confirmed_at": None}
    user = agent_of(enterprise, **confirmed)
    if has_licence:
        standing_page(enterprise, 2)

    assert sentence in client_of(user).get(f"/enterprises/{enterprise.pk}/").text


def test_a_refused_enterprise_reads_why_and_its_next_save_asks_again(
    client_of: ClientOf, db: None
) -> None:
    enterprise = EnterpriseFactory.create(refused=True)
    client = client_of(agent_of(enterprise))
    page = client.get(f"/enterprises/{enterprise.pk}/")
    assert "营业执照照片不清晰，请重新上传。" in page.text

    corrected = facts(enterprise, address="重庆市万州区样例路9号")
    response = client.post(f"/enterprises/{enterprise.pk}/edit/", corrected, follow=True)

    assert "已保存，并重新提交服务站核验。" in response.text
    enterprise.refresh_from_db()
    assert enterprise.status == "pending"


def test_the_very_same_facts_are_not_sent_again(client_of: ClientOf, db: None) -> None:
    enterprise = EnterpriseFactory.create(refused=True)
    client = client_of(agent_of(enterprise))

    response = client.post(f"/enterprises/{enterprise.pk}/edit/", facts(enterprise))

    assert response.status_code == 422
    assert "登记信息没有改动，没有重新提交。" in response.text
    enterprise.refresh_from_db()
    assert enterprise.status == "refused"


def facts(enterprise: Enterprise, **changed: object) -> dict[str, object]:
    return {
        "name": enterprise.name,
        "credit_code": enterprise.credit_code,
        "kind": enterprise.kind,
        "registration_authority": enterprise.registration_authority,
        "address": enterprise.address,
        "contact_name": enterprise.contact_name,
        "contact_phone": enterprise.contact_phone,
        "seen_version": enterprise.version,
        **changed,
    }


def test_facts_can_be_corrected(client: Client, enterprise: Enterprise) -> None:
    address = f"/enterprises/{enterprise.pk}/edit/"
    assert "023-58000000" in client.get(address).text

    client.post(address, facts(enterprise, contact_name="新联系人"))

    enterprise.refresh_from_db()
    assert enterprise.contact_name == "新联系人"
    assert enterprise.is_verified
    assert AuditEvent.objects.get(action="enterprise.change").after["fields"] == ["contact_name"]


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(
    client: Client, enterprise: Enterprise
) -> None:
    stale = facts(enterprise, contact_name="旧页面上的名字", kind="district")
    Enterprise.objects.filter(pk=enterprise.pk).update(version=7, contact_name="同事改的名字")

    response = client.post(f"/enterprises/{enterprise.pk}/edit/", stale)

    assert response.status_code == 422
    assert "别人已经修改过" in response.text
    assert response.text.count("您打开这一页之后") == 1
    # What he typed, and beside each what differs from it now.
    assert 'value="旧页面上的名字"' in response.text
    assert "联系人：现在存着的是“同事改的名字”。" in response.text
    assert "企业类型：现在存着的是“非公有制企业”。" in response.text
    assert "住所：现在存着的是" not in response.text
    enterprise.refresh_from_db()
    assert enterprise.contact_name == "同事改的名字"
    # Who has read that and saves again means it.
    assert 'name="seen_version" value="7"' in response.text
    client.post(f"/enterprises/{enterprise.pk}/edit/", {**stale, "seen_version": "7"})
    enterprise.refresh_from_db()
    assert (enterprise.contact_name, enterprise.version) == ("旧页面上的名字", 8)


def test_the_second_of_two_clicks_finds_it_saved(client: Client, enterprise: Enterprise) -> None:
    once = facts(enterprise, contact_name="新联系人")
    answers = [client.post(f"/enterprises/{enterprise.pk}/edit/", once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert AuditEvent.objects.filter(action="enterprise.change").count() == 1


def test_each_file_of_an_upload_is_judged_on_its_own(
    client: Client, enterprise: Enterprise
) -> None:
    text = upload(
        client,
        f"/enterprises/{enterprise.pk}/documents/2/upload/",
        ("执照.jpg", picture(2)),
        ("空.jpg", b""),
        ("文字.jpg", b"hello"),
    )

    assert "执照.jpg：已收下" in text
    assert "空.jpg：没有收下" in text
    assert "文件是空的" in text
    assert "文字.jpg：没有收下" in text
    assert StandingPage.objects.count() == 1


def test_an_upload_without_files_says_so(client: Client, enterprise: Enterprise) -> None:
    response = client.post(f"/enterprises/{enterprise.pk}/documents/2/upload/", {})

    assert response.status_code == 422
    assert "还没有选择文件" in response.text


def test_a_page_can_be_looked_at_and_removed(client: Client, enterprise: Enterprise) -> None:
    page = standing_page(enterprise, 2)
    address = f"/enterprises/{enterprise.pk}/pages/{page.pk}/"

    picture_of_it = client.get(address)
    assert picture_of_it["Content-Type"] == "image/jpeg"
    assert b"".join(picture_of_it.streaming_content) == picture(2)  # type: ignore[attr-defined]
    assert AuditEvent.objects.get(action="material.view").after == {"page": page.pk}
    small = client.get(f"{address}thumb/")
    assert small.content.startswith(b"\xff\xd8\xff")
    assert small["Cache-Control"] == "private, no-store"

    client.post(f"{address}remove/")
    page.refresh_from_db()
    assert page.superseded_at is not None


@pytest.mark.parametrize(
    "tail", ["", "edit/", "documents/2/", "pages/{page}/", "pages/{page}/thumb/"]
)
def test_another_enterprise_is_not_there(
    client_of: ClientOf, other_agent: User, enterprise: Enterprise, tail: str
) -> None:
    page = standing_page(enterprise, 2)
    address = f"/enterprises/{enterprise.pk}/{tail.format(page=page.pk)}"

    assert client_of(other_agent).get(address).status_code == 404


def test_a_liaison_sees_no_enterprise(
    client_of: ClientOf, tax_liaison: User, enterprise: Enterprise
) -> None:
    assert client_of(tax_liaison).get(f"/enterprises/{enterprise.pk}/").status_code == 404


def test_there_are_four_standing_documents_and_no_fifth(
    client: Client, enterprise: Enterprise
) -> None:
    assert client.get(f"/enterprises/{enterprise.pk}/documents/4/").status_code == 200
    assert client.get(f"/enterprises/{enterprise.pk}/documents/5/").status_code == 404


# A changed licence --------------------------------------------------------------------------------


def facts_of(enterprise: Enterprise, **changed: str) -> dict[str, str]:
    fields = (
        "name",
        "credit_code",
        "kind",
        "registration_authority",
        "address",
        "contact_name",
        "contact_phone",
    )
    return {field: getattr(enterprise, field) for field in fields} | changed


def test_a_changed_name_asks_for_the_new_licence_until_it_is_there(
    client_of: ClientOf, enterprise: Enterprise, agent: User, officer: User
) -> None:
    standing_page(enterprise, 2)
    desk, upload = client_of(agent), f"/enterprises/{enterprise.pk}/documents/2/"
    data = facts_of(enterprise, name="重庆市万州区改名贸易有限公司")
    page = desk.post(f"/enterprises/{enterprise.pk}/edit/", data, follow=True).text
    assert "请上传变更后的营业执照，服务站据此重新核验" in page
    for where in ("/", f"/enterprises/{enterprise.pk}/"):
        assert f'href="{upload}">上传变更后的营业执照</a>' in desk.get(where).text
    shown = client_of(officer).get(f"/enterprises/{enterprise.pk}/station/").text
    assert "营业执照还是改之前上传的" in shown

    add_page(DocumentStack(enterprise, 2), data=picture(2, "new"), name="新.jpg", by=agent)
    for where in ("/", f"/enterprises/{enterprise.pk}/"):
        assert "变更后的营业执照" not in desk.get(where).text
    shown = client_of(officer).get(f"/enterprises/{enterprise.pk}/station/").text
    assert "改之前上传的" not in shown


@pytest.mark.parametrize("changed", [{"address": "重庆市万州区新路2号"}, {"contact_name": "新人"}])
def test_other_facts_ask_for_no_licence(
    client_of: ClientOf, enterprise: Enterprise, agent: User, changed: dict[str, str]
) -> None:
    standing_page(enterprise, 2)
    data = facts_of(enterprise, **changed)
    page = client_of(agent).post(f"/enterprises/{enterprise.pk}/edit/", data, follow=True).text
    assert "变更后的营业执照" not in page


def test_a_slip_mended_before_the_first_verification_asks_for_no_licence(
    client_of: ClientOf, db: None
) -> None:
    waiting = EnterpriseFactory.create(pending=True)
    standing_page(waiting, 2)
    data = facts_of(waiting, name="重庆市万州区改字贸易有限公司")
    desk = client_of(agent_of(waiting))
    page = desk.post(f"/enterprises/{waiting.pk}/edit/", data, follow=True).text
    assert "变更后的营业执照" not in page


def test_verified_again_it_asks_for_nothing(
    enterprise: Enterprise, agent: User, officer: User
) -> None:
    standing_page(enterprise, 2)
    enterprise.name = "重庆市万州区改名贸易有限公司"
    save_enterprise(enterprise, changed=["name"], by=agent)
    assert enterprise.licence_wanted_since is not None
    decide(enterprise, verified=True, by=officer)
    enterprise.refresh_from_db()
    assert enterprise.is_verified
    assert Enterprise.objects.get(pk=enterprise.pk).licence_wanted_since is None


def test_the_home_page_asks_for_a_licence_whose_pages_were_removed(
    client_of: ClientOf, enterprise: Enterprise, agent: User
) -> None:
    page = standing_page(enterprise, 2)
    remove_page(DocumentStack(enterprise, 2), page, by=agent)
    enterprise.refresh_from_db()
    assert not enterprise.is_verified
    shown = client_of(agent).get("/").text
    assert "请上传营业执照，然后由服务站核验。" in shown
