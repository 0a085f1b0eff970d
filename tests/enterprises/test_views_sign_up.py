from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from applications.models import Applicant, Application
from applications.released import discard_released
from enterprises import services
from enterprises.models import Enterprise
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import PASSWORD, credit_code

URL = "/enterprises/sign-up/"
OTHER = "Yangtze-1949?"
AGAIN = {"password_again": OTHER}


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
    assert User.objects.get().email == "li@example.com"

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

    assert "password" in errors_of(response)
    assert not Enterprise.objects.exists()


def test_a_code_that_is_there_already_is_told(
    client: Client, answers: dict[str, str], enterprise: Enterprise, agent: User
) -> None:
    errors = errors_of(client.post(URL, answers))
    assert "这个统一社会信用代码已经登记" in errors["credit_code"][0]


def test_a_known_mailbox_gets_the_same_answer_and_only_its_owner_a_mail_that_says_so(
    answers: dict[str, str], other_agent: User
) -> None:
    known, unknown = Client(), Client()
    code = {"credit_code": credit_code(5)}
    said = [
        browser.post(URL, answers | changed, follow=True)
        for browser, changed in (
            (known, {"email": "OTHER@example.com"}),
            (unknown, {"email": "new@example.com"} | code),
        )
    ]

    assert "确认邮件已发到other@example.com" in said[0].text
    assert "确认邮件已发到new@example.com" in said[1].text
    assert [page.status_code for page in said] == [200, 200]
    told = Notice.objects.get(recipient=other_agent)
    assert (told.address, told.path) == ("other@example.com", "")
    assert "请直接用这个邮箱登录" in told.body
    assert Notice.objects.filter(recipient__email="other@example.com").count() == 1
    # Both sign in as what was just typed, and ask for the mail again, with the same answer.
    for browser, email in ((known, "other@example.com"), (unknown, "new@example.com")):
        again = browser.post("/enterprises/confirmation/resend/", follow=True)
        assert f"确认邮件已发到{email}" in again.text
        data = {"username": email, "password": answers["password"]}
        assert Client().post("/accounts/sign-in/", data)["Location"] == "/"


def test_the_password_of_a_known_mailbox_stays_its_owner_s(
    client: Client, answers: dict[str, str], other_agent: User
) -> None:
    client.post(URL, answers | {"email": "other@example.com", "password": OTHER} | AGAIN)

    browser = Client()
    browser.post("/accounts/sign-in/", {"username": "other@example.com", "password": PASSWORD})
    assert browser.get("/accounts/me/").context["user"] == other_agent


def test_an_unconfirmed_sign_up_gives_its_credit_code_free_after_three_days(
    client: Client, answers: dict[str, str], draft: Application, agent: User
) -> None:
    """What was prepared in it goes with the next sweep, and its account cannot be used."""
    Enterprise.objects.update(status="pending", decided_at=None)
    User.objects.update(email_confirmed_at=None)
    day = timedelta(days=1)
    Enterprise.objects.update(created_at=timezone.now() - 3 * day + timedelta(minutes=1))
    assert "credit_code" in errors_of(client.post(URL, answers))

    Enterprise.objects.update(created_at=timezone.now() - 3 * day - timedelta(minutes=1))
    assert client.post(URL, answers).status_code == 302

    old, new = Enterprise.objects.order_by("pk")
    assert (old.credit_code, new.credit_code) == (answers["credit_code"],) * 2
    assert old.released_at is not None
    agent.refresh_from_db()
    assert not agent.is_active
    assert discard_released() == 1
    assert not Applicant.objects.filter(enterprise=old).exists()
    assert not Application.objects.exists()


@pytest.mark.parametrize("was_ever", ["confirmed", "verified"])
def test_a_code_of_somebody_who_confirmed_is_never_given_free(
    client: Client, answers: dict[str, str], agent: User, was_ever: str
) -> None:
    """Nor that of an enterprise that was verified, whatever became of its agents."""
    if was_ever == "confirmed":
        Enterprise.objects.update(status="pending", decided_at=None)
        User.objects.update(is_active=False)
    else:
        User.objects.update(email_confirmed_at=None)
    Enterprise.objects.update(created_at=timezone.now() - timedelta(days=400))

    assert "credit_code" in errors_of(client.post(URL, answers))


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
