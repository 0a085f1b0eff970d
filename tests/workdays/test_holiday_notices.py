import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import AuditEvent, Role, User
from workdays.calendar import load_calendar
from workdays.holiday_notices import NoticeError, enter_notice, parse_notice
from workdays.models import HolidayNotice, WorkdayOverride

# An invented notice: the real one of 2027 is not published yet.
DAYS_2027 = [
    ("2026-12-31", "休", "元旦"),
    ("2027-01-01", "休", "元旦"),
    *((f"2027-02-{day:02}", "休", "春节") for day in range(5, 13)),
    ("2027-02-14", "班", "春节"),
    ("2027-02-20", "班", "春节"),
    ("2027-04-05", "休", "清明节"),
    *((f"2027-05-{day:02}", "休", "劳动节") for day in range(1, 6)),
    ("2027-05-08", "班", "劳动节"),
    ("2027-06-09", "休", "端午节"),
    ("2027-09-15", "休", "中秋节"),
    *((f"2027-10-{day:02}", "休", "国庆节") for day in range(1, 8)),
    ("2027-10-09", "班", "国庆节"),
]
HEADER = "date,kind,name\n"


def as_csv(days: list[tuple[str, str, str]]) -> str:
    return HEADER + "".join(f"{','.join(day)}\n" for day in days)


def as_json(**head: object) -> bytes:
    days = [dict(zip(("date", "kind", "name"), day, strict=True)) for day in DAYS_2027]
    return json.dumps({"days": days, **head}, ensure_ascii=False).encode()


def replaced(old: str, new: str) -> bytes:
    text = as_csv(DAYS_2027)
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.fixture
def notice_file(tmp_path: Path) -> Path:
    file = tmp_path / "2027.csv"
    file.write_text(as_csv(DAYS_2027), encoding="utf-8")
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_that_spreadsheets_write(encoding: str) -> None:
    notice = parse_notice(as_csv(DAYS_2027).encode(encoding), 2027)
    assert len(notice.days) == 29
    assert notice.days[date(2027, 2, 14)].is_working
    assert notice.days[date(2027, 2, 14)].name == "春节"
    assert not notice.days[date(2026, 12, 31)].is_working
    assert notice.title == "国务院办公厅关于2027年部分节假日安排的通知"


def test_csv_with_carriage_returns_is_read() -> None:
    content = as_csv(DAYS_2027).replace("\n", "\r\n").encode()
    assert len(parse_notice(content, 2027).days) == 29


def test_json_is_read_with_its_title_and_source() -> None:
    content = as_json(year=2027, title="安排", source="国办发明电〔2026〕0号")
    notice = parse_notice(content, 2027)
    assert (notice.title, notice.source, len(notice.days)) == ("安排", "国办发明电〔2026〕0号", 29)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "首行不是 date,kind,name"),
        (b"\xff\xfe\x00\x01", "文件不是文本"),
        (b"2027-01-01,\xd0\xdd,a\n", "首行不是 date,kind,name"),
        (HEADER.encode(), "缺少法定节假日：2027-01-01 元旦、2027-02-05 春节"),
        (b"{", "不是有效的JSON"),
        (b"[" * 200_000, "不是有效的JSON"),
        (b"[" + b"9" * 5000 + b"]", "不是有效的JSON"),
        (b"{}", "缺少日期列表 days"),
        (b"[1]", "第1项：须有且只有 date、kind、name 三项"),
        (b'[{"date": 1, "kind": 2, "name": 3}]', "第1项：date、kind、name 三项都须是文字"),
        (as_json(year=2028), "文件写的年份是2028，要录入的是2027"),
        (as_json(title=7), "标题（title）应为不超过120字的一行文字"),
        (as_json(source="文\u0000号"), "来源（source）应为不超过300字的一行文字"),
        (replaced("2027-04-05", "2027-04-31"), "第14行：日期“2027-04-31”不对，应写成"),
        (replaced("2027-04-05", "2028-04-05"), "不在2027年，也不在上一年12月"),
        (replaced("2027-04-05", "2026-11-30"), "不在2027年，也不在上一年12月"),
        (replaced("2027-02-06", "2027-02-05"), "日期 2027-02-05 重复"),
        (replaced("休", "放"), "类型“放”应为“休”或“班”"),
        (replaced("清明节", " "), "名称须为1到30个字"),
        (replaced("清明节", "清" * 31), "名称须为1到30个字"),
        (replaced("清明节", "清\x00明"), "写在一行里"),
        (replaced("清明节", "清明节,多余"), "须有且只有 date、kind、name 三项"),
        (replaced(",清明节", ""), "三项都须是文字"),
        (replaced("2027-02-14,班", "2027-02-15,班"), "2027-02-15 不是周末"),
        (replaced("2027-06-09,休,端午节\n", ""), "缺少法定节假日：2027-06-09 端午节"),
        (replaced("2027-05-01,休", "2027-05-01,班"), "缺少法定节假日：2027-05-01 劳动节"),
    ],
)
def test_a_notice_that_is_wrong_says_where_and_why(content: bytes, words: str) -> None:
    with pytest.raises(NoticeError) as refusal:
        parse_notice(content, 2027)
    assert words in str(refusal.value)


def test_all_problems_are_told_at_once() -> None:
    content = replaced("2027-04-05", "x").replace("休,端午节".encode(), "?,端午节".encode())
    with pytest.raises(NoticeError) as refusal:
        parse_notice(content, 2027)
    assert len(refusal.value.problems) == 2


@pytest.mark.django_db
def test_importing_publishes_the_year(
    notice_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load_calendar().is_provisional(2027)
    call_command("holidays", "import", "2027", str(notice_file), "--source", "国办发明电")
    assert capsys.readouterr() == (
        "已录入2027年节假日安排：放假25天，调休上班4天；新增29天，改动0天，删除0天。\n",
        "",
    )
    calendar = load_calendar()
    assert not calendar.is_provisional(2027)
    assert calendar.why(date(2027, 2, 14)) == "调休上班"
    assert calendar.why(date(2027, 2, 12)) == "春节"
    assert calendar.why(date(2026, 12, 31)) == "元旦"
    row = WorkdayOverride.objects.get(date=date(2027, 2, 14))
    assert (row.source, row.notice, row.entered_by) == (
        "国办发明电",
        HolidayNotice.objects.get(year=2027),
        None,
    )


@pytest.mark.django_db
def test_importing_is_recorded_in_the_audit_trail(notice_file: Path) -> None:
    call_command("holidays", "import", "2027", str(notice_file))
    event = AuditEvent.objects.get(action="calendar.import")
    assert event.object_label == "国务院办公厅关于2027年部分节假日安排的通知"
    assert event.before == {"days": []}
    assert event.after["source"] == "文件 2027.csv"
    assert len(event.after["days"]) == 29
    assert "2027-02-14 春节调休上班" in event.after["days"]


@pytest.mark.django_db
def test_who_entered_a_notice_is_kept(notice_file: Path) -> None:
    officer = User.objects.create(
        username="officer", name="王专员", email="officer@example.cn", role=Role.STATION_OFFICER
    )
    call_command("holidays", "import", "2027", str(notice_file), "--by", "Officer")
    assert HolidayNotice.objects.get(year=2027).entered_by == officer
    assert WorkdayOverride.objects.get(date=date(2027, 1, 1)).entered_by == officer
    assert AuditEvent.objects.get(action="calendar.import").actor == officer


@pytest.mark.django_db
def test_importing_the_same_notice_again_changes_no_day(notice_file: Path) -> None:
    notice = parse_notice(notice_file.read_bytes(), 2027)
    enter_notice(notice, by=None)
    rows = list(WorkdayOverride.objects.values())
    change = enter_notice(notice, by=None)
    assert (change.added, change.changed, change.removed) == ([], [], [])
    assert list(WorkdayOverride.objects.values()) == rows
    assert HolidayNotice.objects.filter(year=2027).count() == 1


@pytest.mark.django_db
def test_a_corrected_notice_replaces_the_days_of_the_first() -> None:
    enter_notice(parse_notice(as_csv(DAYS_2027).encode(), 2027), by=None)
    corrected = replaced("2027-10-09,班,国庆节\n", "2027-10-10,班,国庆节\n")
    corrected = corrected.replace("2027-02-20,班,春节".encode(), "2027-02-20,休,春节".encode())
    change = enter_notice(parse_notice(corrected, 2027), by=None)
    assert change.added == [date(2027, 10, 10)]
    assert change.changed == [date(2027, 2, 20)]
    assert change.removed == [date(2027, 10, 9)]
    assert not load_calendar().is_working(date(2027, 10, 9))


@pytest.mark.django_db
def test_importing_leaves_other_years_and_single_days_alone() -> None:
    WorkdayOverride.objects.create(
        date=date(2027, 9, 3), is_working=False, name="纪念日", source="单独公布"
    )
    enter_notice(parse_notice(as_csv(DAYS_2027).encode(), 2027), by=None)
    calendar = load_calendar()
    assert not calendar.is_working(date(2027, 9, 3))
    assert calendar.is_working(date(2026, 10, 10))


@pytest.mark.django_db
def test_standard_input_is_read_for_a_dash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = io.TextIOWrapper(io.BytesIO(as_json(source="公报")))
    monkeypatch.setattr("sys.stdin", content)
    call_command("holidays", "import", "2027", "-")
    assert "已录入2027年节假日安排" in capsys.readouterr().out
    assert HolidayNotice.objects.get(year=2027).source == "公报"


@pytest.mark.django_db
def test_the_years_that_are_entered_are_listed(
    notice_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    HolidayNotice.objects.all().delete()
    call_command("holidays", "import", "2027", str(notice_file))
    capsys.readouterr()
    call_command("holidays", "list")
    assert capsys.readouterr().out == "2027年：放假25天，调休上班4天；来源：文件 2027.csv\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "参数不对"),
        (["export"], "参数不对"),
        (["import"], "参数不对"),
        (["import", "2027"], "参数不对"),
        (["import", "27", "x.csv"], "应为2025到2099的四位数"),
        (["import", "²⁰²⁷", "x.csv"], "应为2025到2099的四位数"),
        (["import", "2027", "/nowhere/x.csv"], "没有文件 /nowhere/x.csv"),
        (["import", "2027", "/"], "读不了文件 /"),
        (["import", "2027", "/dev/null"], "原有安排不变"),
        (["import", "2027", "/dev/zero"], "超过1 MB"),
        (["import", "2027", "x.csv", "--by", "nobody"], "没有登录名为“nobody”的在用账号"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_entered(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("holidays", *arguments)
    printed = capsys.readouterr()
    assert stop.value.code == 2
    assert printed.out == ""
    assert words in printed.err
    assert not HolidayNotice.objects.filter(year=2027).exists()
