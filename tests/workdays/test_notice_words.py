"""The State Council's own words are read, previewed and confirmed; an empty template is questioned.

The words of 2025 and 2026 are the published ones; which days they mean is counted by hand.
"""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import ClientOf
from workdays.holiday_notices import NoticeError, doubts_of, parse_notice
from workdays.models import HolidayNotice, WorkdayOverride
from workdays.notice_words import read_words

WORDS_2026 = """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
　　二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
　　三、清明节：4月4日（周六）至6日（周一）放假，共3天。
　　四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
　　五、端午节：6月19日（周五）至21日（周日）放假，共3天。
　　六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
　　七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def days_of(text: str, year: int, *, working: bool) -> list[date]:
    notice = parse_notice(text.encode(), year)
    return sorted(day for day, one in notice.days.items() if one.is_working is working)


def test_the_words_of_2026_are_read_to_the_day() -> None:
    notice = parse_notice(WORDS_2026.encode(), 2026)
    assert (notice.title, notice.source) == (
        "国务院办公厅关于2026年部分节假日安排的通知",
        "国办发明电〔2025〕7号",
    )
    off = [(1, range(1, 4)), (2, range(15, 24)), (4, range(4, 7)), (5, range(1, 6))]
    off += [(6, range(19, 22)), (9, range(25, 28)), (10, range(1, 8))]
    expected = [date(2026, month, day) for month, days in off for day in days]
    assert days_of(WORDS_2026, 2026, working=False) == expected
    assert days_of(WORDS_2026, 2026, working=True) == [
        date(2026, month, day)
        for month, day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]
    ]
    assert notice.days[date(2026, 9, 20)].name == "国庆节"
    assert doubts_of(notice) == []


@pytest.mark.parametrize(
    ("words", "off", "worked"),
    [
        # One day, as 2025 had it; across a month's end; across a year's end; two holidays in one.
        ("一、元旦：1月1日（周三）放假1天，不调休。", ["2025-01-01"], []),
        (
            "二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。"
            "1月26日（周日）、2月8日（周六）上班。",
            [f"2025-01-{day}" for day in (28, 29, 30, 31)]
            + [f"2025-02-0{day}" for day in (1, 2, 3, 4)],
            ["2025-01-26", "2025-02-08"],
        ),
        (
            "一、元旦：2024年12月30日至2025年1月1日放假调休，共3天。2024年12月28日（星期六）上班。",
            ["2024-12-30", "2024-12-31", "2025-01-01"],
            ["2024-12-28"],
        ),
        (
            "六、国庆节、中秋节：10月1日（周三）至８日（周三）放假调休，共8天。"
            "9月28日（周日）、10月11日（周六）上班。",
            [f"2025-10-0{day}" for day in range(1, 9)],
            ["2025-09-28", "2025-10-11"],
        ),
    ],
)
def test_each_way_of_saying_it_is_read(words: str, off: list[str], worked: list[str]) -> None:
    rows = read_words(words, 2025).rows
    assert sorted(row["date"] for _, row in rows if row["kind"] == "休") == off
    assert sorted(row["date"] for _, row in rows if row["kind"] == "班") == worked


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("1月1日（周四）", "1月1日（周三）", "2026-01-01是周四，写的却是周三"),
        ("放假调休，共9天", "放假调休，共8天", "春节：写的是共8天，从日期数是9天"),
        ("5月9日（周六）上班", "5月9日（周六）照常", "“5月9日(周六)”没有读懂"),
        ("2026年\n部分", "2027年\n部分", "文件写的年份是2027，要录入的是2026"),
        ("4月4日（周六）至6日", "4月31日至6日", "没有“4月31日”这一天"),
        ("1月4日（周日）上班", "1月5日（周一）上班", "不是周末，不会是调休上班日"),
    ],
)
def test_what_contradicts_itself_or_is_not_understood_is_said(
    old: str, new: str, said: str
) -> None:
    assert old in WORDS_2026
    with pytest.raises(NoticeError, match=re.escape(said)):
        parse_notice(WORDS_2026.replace(old, new).encode(), 2026)


def test_words_in_one_paragraph_are_read_alike() -> None:
    joined = "".join(WORDS_2026.split("\n"))
    assert parse_notice(joined.encode(), 2026).days == parse_notice(WORDS_2026.encode(), 2026).days


def send(client: Client, **data: str) -> str:
    return client.post(reverse("workdays:calendar_import"), data).text


@pytest.mark.django_db
def test_pasted_words_are_previewed_and_then_confirmed(client_of: ClientOf, officer: User) -> None:
    client = client_of(officer)
    shown = send(client, year="2026", content=WORDS_2026)
    assert "还没有录入；确认以后才生效" in shown
    assert "国办发明电〔2025〕7号" in shown
    assert "请再核对" not in shown
    content = re.search(r'<textarea name="content" hidden>(.*?)</textarea>', shown, re.DOTALL)
    assert content is not None
    send(
        client,
        year="2026",
        source="国办发明电〔2025〕7号",
        content=unescape(content[1]),
        confirm="1",
    )
    notice = HolidayNotice.objects.get(year=2026)
    assert notice.source == "国办发明电〔2025〕7号"
    assert WorkdayOverride.objects.filter(notice=notice, is_working=True).count() == 6


@pytest.mark.django_db
def test_the_template_sent_back_unchanged_is_questioned(client_of: ClientOf, officer: User) -> None:
    client = client_of(officer)
    template = client.get(reverse("workdays:calendar_template", args=[2027]))
    text = template.content.decode("utf-8-sig")
    shown = send(client, year="2027", source="公报", content=text)
    assert "没有一个调休上班的周末" in shown
    assert "像是没有填过的模板" in shown
    unsure = send(client, year="2027", source="公报", content=text, confirm="1")
    assert "还没有录入：请先勾选" in unsure
    assert not HolidayNotice.objects.filter(year=2027).exists()
    send(client, year="2027", source="公报", content=text, confirm="1", sure="1")
    assert HolidayNotice.objects.filter(year=2027).exists()


@pytest.mark.django_db
def test_the_command_questions_it_too(
    tmp_path: Path, client_of: ClientOf, officer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    template = client_of(officer).get(reverse("workdays:calendar_template", args=[2027]))
    file = tmp_path / "2027.csv"
    file.write_bytes(template.content)
    with pytest.raises(SystemExit) as stopped:
        call_command("holidays", "import", "2027", str(file))
    assert stopped.value.code == 2
    assert "没有一个调休上班的周末" in capsys.readouterr().err
    call_command("holidays", "import", "2027", str(file), "--sure")
    assert HolidayNotice.objects.filter(year=2027).exists()
