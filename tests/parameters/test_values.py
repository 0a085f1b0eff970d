"""What a parameter says on a day, and how the station changes it."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from core.versions import Overtaken
from parameters.models import Parameter, ParameterValue, Unit
from parameters.services import set_value
from parameters.values import ParameterMissing, load_parameters, number, text
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def fee() -> Parameter:
    fee = Parameter.objects.create(
        code="test.fee", group="费用", name="收费", unit=Unit.YUAN, least=1, most=5000
    )
    for first, value in ((date(2020, 1, 1), 600), (date(2026, 1, 1), 720)):
        fee.values.create(value=value, valid_from=first, source="某市指南")
    return fee


def test_the_value_of_a_day_is_the_newest_that_has_begun(fee: Parameter) -> None:
    assert number("test.fee", date(2025, 12, 31)) == 600
    assert number("test.fee", date(2026, 1, 1)) == 720


def test_before_the_first_value_the_first_counts(fee: Parameter) -> None:
    assert number("test.fee", date(2012, 5, 1)) == 600


def test_a_value_past_its_end_stays_in_use_and_says_so(fee: Parameter) -> None:
    newest = fee.values.get(value=720)
    newest.valid_to = date(2026, 6, 30)
    newest.save()

    row = load_parameters(date(2026, 7, 1)).row("test.fee")

    assert row.value == 720
    assert row.has_lapsed(date(2026, 7, 1))
    assert not row.has_lapsed(date(2026, 6, 30))


def test_a_parameter_nobody_set_is_an_error_with_a_sentence(db: None) -> None:
    with pytest.raises(ParameterMissing, match="还没有填写，请服务站在“参数”页面填写"):
        number("test.nothing")


def test_a_text_is_no_number() -> None:
    words = Parameter.objects.create(code="test.words", group="文字", name="地点", unit=Unit.TEXT)
    words.values.create(text="江南新区", valid_from=date(2026, 1, 1), source="本站")

    assert text("test.words") == "江南新区"
    with pytest.raises(TypeError):
        number("test.words")


def test_all_parameters_are_read_in_one_query(
    fee: Parameter, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        parameters = load_parameters(date(2026, 3, 1))
        assert parameters.amount("test.fee") == Decimal(720)
        assert parameters.row("test.fee").words == "720元"
        assert parameters.numbers("test.") == {"fee": 720}


def test_what_is_unconfirmed_says_so_beside_its_source(fee: Parameter) -> None:
    row = fee.values.create(
        value=800, valid_from=date(2026, 5, 1), source="热线答复", source_on=date(2026, 4, 2)
    )

    assert row.source_words == "热线答复，2026年4月2日，未经市政府外办确认"


def form_of(fee: Parameter, **changed: str) -> dict[str, str]:
    return {
        "value": "760",
        "valid_from": "2026-12-01",
        "source": "外交部通知",
        "seen_version": str(fee.version),
        **changed,
    }


@time_machine.travel("2026-11-30 10:00+08:00", tick=False)
def test_the_officer_sets_a_value_from_a_day_on(fee: Parameter, officer: User) -> None:
    client = signed_in(officer)
    address = fee.get_absolute_url()

    page = client.post(address, form_of(fee), follow=True)

    assert "已保存：收费，760元。" in page.content.decode()
    assert number("test.fee") == 720
    assert number("test.fee", date(2026, 12, 1)) == 760
    event = AuditEvent.objects.get(action="parameter.change")
    assert (event.actor, event.object_id) == (officer, str(fee.pk))
    assert event.after["value"] == "760元"


def test_the_same_day_is_corrected_not_doubled(fee: Parameter, officer: User) -> None:
    client = signed_in(officer)
    client.post(fee.get_absolute_url(), form_of(fee))
    fee.refresh_from_db()

    client.post(fee.get_absolute_url(), form_of(fee, value="770"))

    assert [row.value for row in fee.values.all()] == [770, 720, 600]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value": "72000"}, "应在1和5000之间，请核对。"),
        ({"value": "七百"}, "请"),
        ({"source": ""}, "请写明来源"),
        ({"valid_to": "2026-11-01"}, "截止的日子早于开始的日子"),
    ],
)
def test_a_slip_is_refused_in_words_and_nothing_is_lost(
    fee: Parameter, officer: User, changed: dict[str, str], words: str
) -> None:
    page = signed_in(officer).post(fee.get_absolute_url(), form_of(fee, **changed))

    assert page.status_code == 422
    assert words in page.content.decode()
    assert fee.values.count() == 2


@time_machine.travel("2026-11-30 10:00+08:00", tick=False)
def test_the_past_is_not_rewritten(fee: Parameter, officer: User) -> None:
    page = signed_in(officer).post(fee.get_absolute_url(), form_of(fee, valid_from="2022-01-01"))

    assert page.status_code == 422
    assert "2026年1月1日起已有数值，以前的日子不再改。" in page.content.decode()
    assert number("test.fee", date(2023, 1, 1)) == 600


@time_machine.travel("2026-11-30 10:00+08:00", tick=False)
def test_what_comes_stands_in_the_list_and_can_be_taken_back(fee: Parameter, officer: User) -> None:
    client = signed_in(officer)
    client.post(fee.get_absolute_url(), form_of(fee))
    assert "2026年12月1日起760元" in client.get(reverse("parameters:list")).content.decode()
    coming = fee.values.get(value=760)

    client.post(reverse("parameters:withdraw", args=[coming.pk]))

    assert number("test.fee", date(2026, 12, 1)) == 720
    held = fee.values.get(value=720)
    page = client.post(reverse("parameters:withdraw", args=[held.pk]), follow=True)
    assert "这个数值已经生效，不能撤回。" in page.content.decode()
    assert fee.values.count() == 2


def test_days_are_whole(officer: User) -> None:
    days = Parameter.objects.create(code="test.days", group="期限", name="天数", unit=Unit.DAYS)

    page = signed_in(officer).post(days.get_absolute_url(), form_of(days, value="7.5"))

    assert "应是整数，请核对。" in page.content.decode()


def test_who_opened_the_page_before_another_saved_is_told(fee: Parameter, officer: User) -> None:
    client = signed_in(officer)
    client.post(fee.get_absolute_url(), form_of(fee))

    late = client.post(fee.get_absolute_url(), form_of(fee, value="770"))

    assert late.status_code == 422
    assert "别人改过这个参数" in late.content.decode()
    assert fee.values.first().value == 760  # type: ignore[union-attr]


def test_the_service_refuses_a_stale_version(fee: Parameter, officer: User) -> None:
    stale = Parameter.objects.get(pk=fee.pk)
    value = ParameterValue(value=Decimal(1), valid_from=date(2027, 1, 1), source="甲")
    set_value(fee, value, by=officer)

    with pytest.raises(Overtaken):
        set_value(
            stale,
            ParameterValue(value=Decimal(2), valid_from=date(2027, 1, 1), source="乙"),
            by=officer,
        )


def test_the_list_shows_source_and_what_has_lapsed(fee: Parameter, officer: User) -> None:
    fee.values.filter(value=720).update(valid_to=date(2026, 2, 1))

    page = signed_in(officer).get(reverse("parameters:list")).content.decode()

    assert "720元" in page
    assert "某市指南，未经市政府外办确认" in page
    assert "已过期，请核对" in page


def test_the_list_costs_the_same_for_one_and_for_many(
    fee: Parameter, officer: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for place in range(50):
        more = Parameter.objects.create(code=f"m.{place}", group="期限", name="天", unit=Unit.DAYS)
        more.values.create(value=place, valid_from=date(2026, 1, 1), source="甲")
    client: Client = signed_in(officer)

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        page = client.get(reverse("parameters:list"))

    assert page.status_code == 200
    assert page.content.decode().count("甲，未经") == 50
