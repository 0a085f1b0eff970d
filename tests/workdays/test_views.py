"""The calendar page: notices, provisional years, closing days; for the officer alone."""

import html
import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews.models import ReviewTable
from tests.conftest import ClientOf
from tests.reviews.conftest import on, sign_off
from tests.workdays.test_holiday_notices import DAYS_2027, as_csv, as_json
from workdays.models import HolidayNotice, StationClosure

pytestmark = pytest.mark.django_db
CSV = as_csv(DAYS_2027)


@pytest.fixture
def client(officer: User, client_of: ClientOf) -> Client:
    return client_of(officer)


def page(client: Client) -> str:
    with time_machine.travel(on(23, 10), tick=False):
        answer = client.get(reverse("workdays:calendar"))
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, **data: Any) -> str:
    with time_machine.travel(on(23, 10), tick=False):
        answer = client.post(reverse("workdays:calendar_import"), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_the_holidays_with_their_source_and_who_entered_them(client: Client) -> None:
    shown = " ".join(page(client).split())
    assert "国务院办公厅关于2026年部分节假日安排的通知。来源：chinesecalendar" in shown
    assert "随程序附带" in shown
    assert "2026年10月1日至10月7日放假，共7天。" in shown
    assert "9月20日（星期日）、10月10日（星期六）上班。" in shown


def test_next_year_is_provisional_and_says_so(client: Client) -> None:
    shown = page(client)
    assert "2027年：节假日安排未公布，暂按法定节假日推算。" in shown
    assert "暂定" in shown


def test_a_pasted_notice_is_shown_first_and_entered_only_when_confirmed(
    client: Client, officer: User
) -> None:
    data = {"year": "2027", "source": "国办发明电〔2026〕0号", "content": CSV}
    preview = send(client, **data)
    assert "预览：2027年节假日安排" in preview
    assert "2026年12月31日至2027年1月1日放假，共2天。" in preview
    assert "2027年2月5日至2月12日、2027年2月14日、2027年2月20日" in preview
    assert not HolidayNotice.objects.filter(year=2027).exists()
    done = send(client, confirm="1", **data)
    assert "2027年节假日安排已录入。在办的时限没有改变。" in done
    notice = HolidayNotice.objects.get(year=2027)
    assert (notice.source, notice.entered_by) == ("国办发明电〔2026〕0号", officer)
    entered = page(client)
    assert "国办发明电〔2026〕0号" in entered
    assert "2027年：节假日安排未公布" not in entered


def test_what_the_preview_sends_on_is_what_was_read(client: Client) -> None:
    """The hidden fields of the preview, sent back as the browser would."""
    file = SimpleUploadedFile("2027.json", as_json(title="安排", source="公报"))
    preview = send(client, year="2027", file=file)
    content = html.unescape(
        preview.split('<textarea name="content" hidden>')[1].split("</textarea>")[0]
    )
    send(client, confirm="1", year="2027", title="安排", source="公报", content=content)
    notice = HolidayNotice.objects.get(year=2027)
    assert (notice.title, notice.source, notice.days.count()) == ("安排", "公报", 29)


def test_one_can_go_back_from_the_preview_and_lose_nothing(client: Client) -> None:
    shown = send(client, again="1", year="2027", source="公报", content=CSV)
    assert "2027-02-14,班,春节" in shown
    assert "预览：" not in shown


def test_the_preview_says_which_deadlines_would_move(
    client: Client, on_the_clock: ReviewTable
) -> None:
    """An invented correction of 2026 that makes Tuesday 24 November a day off."""
    days = [
        (row.date.isoformat(), "班" if row.is_working else "休", row.name)
        for row in HolidayNotice.objects.get(year=2026).days.all()
    ]
    content = as_csv([*days, ("2026-11-24", "休", "临时放假")])
    shown = send(client, year="2026", source="公报", content=content)
    assert "共6个。" in shown
    assert "区税务局意见：2026年11月25日 18:00改为2026年11月26日 18:00" in shown
    done = send(client, confirm="1", year="2026", source="公报", content=content)
    assert "6个办理时限随之改变，已告知有关人员。" in done


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"content": CSV, "source": "公报"}, "请填写这份安排是哪一年的。"),
        ({"year": "2027", "source": "公报"}, "请选择文件，或者粘贴内容。"),
        ({"year": "2027", "content": CSV}, "请填写来源，以后查得到依据。"),
        ({"year": "27", "source": "公报", "content": CSV}, "只能录入2025年及以后的安排。"),
        ({"year": "2027", "source": "公报", "content": "今年放假"}, "首行不是 date,kind,name"),
        (
            {"year": "2027", "source": "公报", "content": "date,kind,name\n2027-13-01,休,元旦"},
            "日期“2027-13-01”不对，应写成2027-02-05的样子。",
        ),
        ({"year": "2028", "source": "公报", "content": CSV}, "不在2028年，也不在上一年12月。"),
    ],
)
def test_bad_input_is_said_and_enters_nothing(
    client: Client, data: dict[str, str], words: str
) -> None:
    shown = send(client, confirm="1", **data)
    assert words in shown
    assert "有内容需要改正" in shown
    assert not HolidayNotice.objects.filter(year__gt=2026).exists()


def test_a_closing_day_is_entered_and_taken_back(client: Client, officer: User) -> None:
    with time_machine.travel(on(23, 10), tick=False):
        data = {"date": "2026-11-24", "reason": "机房停电检修"}
        client.post(reverse("workdays:calendar_close"), {**data, "confirm": "1"})
        closure = StationClosure.objects.get()
        assert (closure.date, closure.reason, closure.entered_by) == (
            date(2026, 11, 24),
            "机房停电检修",
            officer,
        )
        assert "2026年11月24日 星期二　机房停电检修" in page(client)
        for _ in range(2):
            answer = client.post(reverse("workdays:calendar_reopen", args=[closure.pk]))
            assert answer.status_code == 302
    assert not StationClosure.objects.exists()


def test_a_closing_day_shows_first_what_it_moves(client: Client, on_the_clock: ReviewTable) -> None:
    data = {"date": "2026-11-24", "reason": "机房停电检修"}
    with time_machine.travel(on(23, 11), tick=False):
        shown = client.post(reverse("workdays:calendar_close"), data).content.decode()
    assert "还没有登记" in shown
    assert "共6个。" in shown
    assert "区税务局意见：2026年11月25日 18:00改为2026年11月26日 18:00" in shown
    assert "这一天已经过去" not in shown
    assert not StationClosure.objects.exists()
    on_the_clock.refresh_from_db()
    assert on_the_clock.due_at == on(26, 18)


def test_a_closing_day_in_the_past_moves_nothing_that_is_signed(
    client_of: ClientOf, officer: User, on_the_clock: ReviewTable, tax_liaison: User
) -> None:
    sign_off(on_the_clock, "tax", by=tax_liaison, moment=on(25, 17))
    data = {"date": "2026-11-24", "reason": "机房停电检修"}
    with time_machine.travel(on(26, 9), tick=False):
        client = client_of(officer)
        shown = client.post(reverse("workdays:calendar_close"), data).content.decode()
        client.post(reverse("workdays:calendar_close"), {**data, "confirm": "1"})
    assert "这一天已经过去。已经签署的意见、已经办结的审核表，时限和是否逾期都不改" in shown
    assert "共5个。" in shown
    assert "区税务局意见：" not in shown
    due = dict(on_the_clock.opinions.values_list("department__code", "due_at"))
    assert (due["tax"], due["police"]) == (on(25, 18), on(26, 18))


def test_the_template_fills_in_and_comes_back_as_a_spreadsheet_saves_it(client: Client) -> None:
    template = client.get(reverse("workdays:calendar_template", args=[2027]))
    assert "attachment" in template.headers["Content-Disposition"]
    text = template.content.decode("utf-8-sig")
    assert text.splitlines()[:2] == ["日期,类型,名称", "2027-01-01,休,元旦"]
    saved = re.sub(r"(\d{4})-0?(\d+)-0?(\d+)", r"\1/\2/\3", text)
    shown = send(client, year="2027", source="公报", content=f"{saved},,\n")
    assert "还没有录入；确认以后才生效" in shown
    assert (
        reverse("workdays:calendar_template", args=[2027])
        in client.get(reverse("workdays:calendar_import")).text
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"date": "", "reason": "停电"}, "请填写哪一天休息。"),
        ({"date": "2026-11-24", "reason": ""}, "请写明原因。"),
        (
            {"date": "2026-11-28", "reason": "停电"},
            "2026年11月28日本来就休息（周末）",
        ),
    ],
)
def test_a_bad_closing_day_is_refused_in_words(
    client: Client, data: dict[str, str], words: str
) -> None:
    with time_machine.travel(on(23, 10), tick=False):
        answer = client.post(reverse("workdays:calendar_close"), data)
    assert words in answer.content.decode()
    assert not StationClosure.objects.exists()


def test_nobody_else_gets_in(
    client_of: ClientOf, agent: User, tax_liaison: User, station_head: User, system_admin: User
) -> None:
    for person in (agent, tax_liaison, station_head, system_admin):
        assert client_of(person).get(reverse("workdays:calendar")).status_code == 403
        assert client_of(person).post(reverse("workdays:calendar_close")).status_code == 403


def test_the_page_costs_few_queries_with_many_closing_days(
    client: Client, officer: User, django_assert_max_num_queries: Any
) -> None:
    StationClosure.objects.bulk_create(
        StationClosure(date=date(2026, 12, day), reason="测试", entered_by=officer)
        for day in range(1, 32)
    )
    with django_assert_max_num_queries(12):
        shown = page(client)
    assert shown.count("测试") >= 31
