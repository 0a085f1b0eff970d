from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from enterprises import services
from enterprises.models import Enterprise
from notices.models import Notice
from tests.conftest import ClientOf

URL = "/enterprises/sign-up/"


@pytest.fixture
def answers() -> dict[str, str]:
    return {
        "name": "重庆市万州区样例贸易有限公司",
        "credit_code": "91500101YYYY00012R",
        "kind": "private",
        "registration_authority": "万州区市场监督管理局",
        "address": "重庆市万州区样例大道1号",
        "contact_name": "李经办",
        "contact_phone": "13800001234",
        "email": "li@example.com",
        "password": "Wanzhou-2026!",
        "password_again": "Wanzhou-2026!",
    }


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    errors: dict[str, list[str]] = response.context["form"].errors
    return errors


@pytest.mark.django_db
def test_anybody_can_sign_an_enterprise_up_and_lands_on_its_page(
    client: Client, answers: dict[str, str]
) -> None:
    assert client.get(URL).status_code == 200

    response = client.post(URL, answers, follow=True)

    enterprise = Enterprise.objects.get()
    assert response.redirect_chain[-1][0] == f"/enterprises/{enterprise.pk}/"
    assert "上传营业执照" in response.text
    assert "确认邮件已发到li@example.com" in response.text
    assert "只为注册地在万州区的企业服务" not in response.text
    assert enterprise.status == "pending"
    assert enterprise.contact_phone == "13800001234"
    assert User.objects.get().check_password("Wanzhou-2026!")


@pytest.mark.django_db
def test_an_address_elsewhere_is_told_whom_the_station_serves(
    client: Client, answers: dict[str, str]
) -> None:
    told = "本站只为注册地在万州区的企业服务"

    page = client.post(URL, answers | {"address": "成都市样例大道1号"}, follow=True)

    assert told in page.text
    assert Enterprise.objects.get().status == "pending"


@pytest.mark.django_db
def test_all_that_is_wrong_with_a_password_is_said_at_once(
    client: Client, answers: dict[str, str]
) -> None:
    errors = errors_of(client.post(URL, answers | {"password": "short"}))

    assert "密码只有5个字符，至少要10个，请加长。" in errors["password"]
    assert errors["password_again"] == ["两次输入的密码不一样，请重新输入。"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ["９１５００１０１YYYY00012R", " 91500101 yyyy 0001 2r ", "91500101-YYYY00012-R"]
)
def test_a_credit_code_is_tidied_before_it_is_judged(
    client: Client, answers: dict[str, str], typed: str
) -> None:
    client.post(URL, answers | {"credit_code": typed})

    assert Enterprise.objects.get().credit_code == "91500101YYYY00012R"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("credit_code", "91500101YYYYO0012R", "是否应为数字0"),
        ("credit_code", "91500101YYYY00012", "少1位"),
        ("credit_code", "91500101YYYY00021R", "校验不符"),
        ("email", "not a mailbox", "邮箱地址不完整"),
        ("contact_phone", "打我手机", "不像电话号码"),
        ("password_again", "Wanzhou-2027!", "两次输入的密码不一样"),
        ("name", "", "请填写单位名称"),
        ("kind", "", "请选择企业类型"),
        ("contact_name", "领奖请上www.evil.example", "不能有网址"),
        ("contact_name", "evil．com", "不能有网址"),
        ("contact_name", "https://evil", "不能有网址"),
        ("contact_name", "中奖evil。com", "不能有网址"),
        ("contact_name", "192.0.2.1", "不能有网址"),
        ("contact_name", "me@evil.example", "不能有网址"),
        ("name", "bit.ly/x 有限公司", "不能有网址"),
        ("registration_authority", "evil.example", "不能有网址"),
        ("name", "样例有限公司" + 20 * " " + "样例有限公司", "写了两遍，请只留一遍“样例有限公司”"),
        ("credit_code", "500101000012345", "请拨打咨询热线"),
        ("credit_code", "11010519491231002X", "居民身份证号码"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, answers: dict[str, str], field: str, typed: str, sentence: str
) -> None:
    response = client.post(URL, answers | {field: typed})

    assert sentence in errors_of(response)[field][0]
    assert "重庆市万州区样例大道1号" in response.text
    assert not Enterprise.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "重庆 样例\u200b(集团) 有限公司", "重庆样例（集团）有限公司"),
        ("name", "ABC Co.,Ltd (重庆)", "ABC Co.,Ltd（重庆）"),
        ("name", "ABC Co.Ltd.", "ABC Co.Ltd."),
        ("contact_name", "买买提 • 艾力", "买买提·艾力"),
        ("contact_name", "⻢　三", "马三"),
        ("contact_phone", "\u202d0086 138-0000-1234\u202c", "13800001234"),
        ("contact_phone", "(023)58000000#8", "02358000000转8"),
        ("address", "万州区\r\n样例⼤道1号 ", "万州区 样例大道1号"),
    ],
)
def test_what_is_pasted_is_kept_in_its_canonical_form(
    client: Client, answers: dict[str, str], field: str, typed: str, kept: str
) -> None:
    client.post(URL, answers | {field: typed})

    assert getattr(Enterprise.objects.get(), field) == kept


@pytest.mark.django_db
def test_a_website_in_the_address_is_refused_too(client: Client, answers: dict[str, str]) -> None:
    response = client.post(URL, answers | {"address": "见evil.example"})
    assert "不能有网址" in errors_of(response)["address"][0]


@pytest.mark.django_db
def test_a_mailbox_is_kept_in_small_letters_and_found_however_it_is_pasted(
    client: Client, answers: dict[str, str]
) -> None:
    client.post(URL, answers | {"email": "\u200bＬi@Example.com "})
    assert User.objects.get().username == User.objects.get().email == "li@example.com"

    response = client.post(
        "/accounts/sign-in/",
        {"username": "\u202dLI@example.com\u202c\u200b", "password": answers["password"]},
    )
    assert response.status_code == 302


@pytest.mark.django_db
def test_a_mailbox_of_any_length_signs_up(client: Client, answers: dict[str, str]) -> None:
    email = f"{'a' * 60}@{'b' * 60}.{'c' * 20}.example"
    client.post(URL, answers | {"email": email})
    assert User.objects.get().email == email
    assert len(Notice.objects.get().path) > 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["Abc-1", "wanzhoustation", "Li@example.com1", "Password123!x"]
)
def test_a_weak_password_is_refused(client: Client, answers: dict[str, str], password: str) -> None:
    response = client.post(URL, answers | {"password": password, "password_again": password})

    if password == "Password123!x":
        assert Enterprise.objects.exists()
    else:
        assert "password" in errors_of(response)


def test_a_code_or_a_mailbox_that_is_there_already_is_told(
    client: Client, answers: dict[str, str], enterprise: Enterprise, agent: User
) -> None:
    response = client.post(URL, answers | {"email": "AGENT@example.com"})

    errors = errors_of(response)
    assert "这个邮箱已经登记过" in errors["email"][0]
    assert "这个统一社会信用代码已经登记" in errors["credit_code"][0]


@pytest.mark.django_db
def test_losing_a_race_for_the_code_is_an_answer_and_no_crash(
    client: Client, answers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(**_: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(services, "sign_up", taken)

    response = client.post(URL, answers)

    assert "同一时刻" in errors_of(response)["__all__"][0]


def test_who_is_signed_in_is_led_home(client_of: ClientOf, agent: User) -> None:
    response = client_of(agent).get(URL)

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_the_confirmation_can_be_sent_again(client_of: ClientOf, agent: User) -> None:
    agent.email_confirmed_at = None
    agent.save()
    client = client_of(agent)

    response = client.post("/enterprises/confirmation/resend/", follow=True)

    assert "确认邮件已发到agent@example.com" in response.text
    assert Notice.objects.filter(recipient=agent).count() == 1
