"""Cards from before the portal: dry run, row by row, all or nothing, and an undo that restores."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from cards.holding.economies_read import read_economies
from cards.holding.radar_services import settle
from cards.holding.services import mark
from cards.models import Card, CardEvent, EventKind
from finding.models import IndexEntry
from imports.cells import CellRefused
from imports.command import import_file, undo_batch
from imports.kinds import kinds
from imports.models import ImportBatch, ImportMapping, ImportRow
from imports.reading import SheetRefused, read_sheet
from imports.sheets import template
from imports.steps import drop_left
from imports.tasks import work
from tests.cards.test_holding_ends import run
from tests.factories import ApplicantFactory, CardFactory, EnterpriseFactory, id_number
from tests.imports.sheets import workbook

pytestmark = pytest.mark.django_db
HEADS = (
    "统一社会信用代码", "企业名称", "持卡人姓名", "身份证号码", "卡号", "发卡日期", "卡面有效期至",
    "护照号码", "护照有效期至", "经济体", "保管", "保管人和地点",
)  # fmt: skip


def kind():
    return kinds()["cards"]


def row(number: int, **cells: Any) -> tuple[Any, ...]:
    """A right row of the enterprise in `enterprise`, with what the test is about."""
    usual = {
        "统一社会信用代码": "91500101YYYY00012R",
        "企业名称": "重庆市万州区样例贸易有限公司",
        "持卡人姓名": f"样例持卡人{number}",
        "身份证号码": id_number(900 + number),
        "卡号": f"C{number:08d}",
        "发卡日期": "2025-03-02",
        "卡面有效期至": "2030-03-01",
        "护照号码": f"EB{number:07d}",
        "护照有效期至": date(2029, 6, 10),
        "经济体": "日本、KOR、越南(2028-01-01)",
        "保管": "",
        "保管人和地点": "",
    }
    return tuple((usual | cells)[head] for head in HEADS)


def imported(*rows: tuple[Any, ...], dry_run: bool = False, heads=HEADS) -> tuple[dict, int]:
    answer = import_file(kind(), workbook(heads, *rows), name="卡.xlsx", dry_run=dry_run)
    return answer.content, answer.status


def counts(content: dict) -> tuple[int, int, int, int]:
    return content["rows"], content["new"], content["changed"], content["same"]


@pytest.fixture(autouse=True)
def _enterprise(enterprise) -> None:
    pass


def test_a_dry_run_writes_nothing_and_an_import_writes_all(enterprise) -> None:
    content, status = imported(row(1), row(2), dry_run=True)
    assert (counts(content), content["batch"], status) == ((2, 2, 0, 0), None, 0)
    assert not Card.objects.exists()
    assert not ImportBatch.objects.exists()
    content, status = imported(row(1), row(2))
    assert (counts(content), content["errors"], status) == ((2, 2, 0, 0), [], 0)
    card = Card.objects.order_by("pk")[0]
    assert card.enterprise == enterprise
    assert card.ends_on == date(2029, 6, 10)
    assert card.first_end_on == date(2028, 1, 1)
    assert card.next_radar_on == timezone.localdate()
    assert {one.economy: one.valid_until for one in card.economies.all()} == {
        "JPN": None,
        "KOR": None,
        "VNM": date(2028, 1, 1),
    }
    assert [event.kind for event in card.events.all()] == [EventKind.IMPORTED]
    assert AuditEvent.objects.get(action="import.write").object_id == str(content["batch"])


def test_the_same_file_again_changes_nothing() -> None:
    imported(row(1))
    content, status = imported(row(1))
    assert (counts(content), status) == ((1, 0, 0, 1), 0)
    assert CardEvent.objects.count() == 1


def test_one_wrong_row_keeps_all_out_and_each_fault_has_row_and_column() -> None:
    content, status = imported(
        row(1),
        row(2, 卡号="", 发卡日期="2025-02-30"),
        row(3, 身份证号码="500101198005120011", 护照号码="X1"),
        row(4, 统一社会信用代码="91500101YYYY00020L"),
        row(5, 发卡日期="2999-01-01"),
        row(6, 卡面有效期至="2020-01-01"),
        row(7, 经济体="日本、日本"),
        row(8, 经济体="美国"),
        row(9, 卡号="C00000001"),
        row(10, 身份证号码=id_number(901)),
        row(11, 统一社会信用代码="", 企业名称=""),
        row(12, 护照有效期至="2020-01-01"),
        row(13, 卡号="EB0000013"),
    )
    assert status == 1
    assert not Card.objects.exists()
    assert not ImportBatch.objects.exists()
    found = [(one["row"], one["column"]) for one in content["errors"]]
    assert found == [
        (3, "卡号"),
        (3, "发卡日期"),
        (4, "身份证号码"),
        (4, "护照号码"),
        (5, "统一社会信用代码"),
        (6, "发卡日期"),
        (7, "卡面有效期至"),
        (8, "经济体"),
        (9, "经济体"),
        (10, "卡号"),
        (11, "身份证号码"),
        (12, "企业名称"),
        (13, "护照有效期至"),
        (14, "卡号"),
    ]
    words = {(one["row"], one["column"]): one["message"] for one in content["errors"]}
    assert words[3, "卡号"] == "没有填写。"
    assert words[10, "卡号"] == "与第2行的卡号相同，请只留一行。"
    assert "与第2行是同一个人" in words[11, "身份证号码"]
    assert "写了两次" in words[8, "经济体"]


def test_a_second_live_card_of_one_person_is_refused(enterprise) -> None:
    imported(row(1))
    content, status = imported(row(2, 身份证号码=id_number(901)))
    assert status == 1
    assert "一个人只能有一张卡" in content["errors"][0]["message"]
    mark(Card.objects.get(), kind=EventKind.CANCELLED, by=None)
    assert imported(row(2, 身份证号码=id_number(901)))[1] == 0


def test_a_namesake_with_a_live_card_is_asked_about_where_no_identity_number_tells(
    enterprise,
) -> None:
    applicant = ApplicantFactory.create(enterprise=enterprise, name="张样例")
    card = CardFactory.create(applicant=applicant)
    unnamed = row(3, 持卡人姓名=card.holder_name, 身份证号码="")
    content, status = imported(unnamed)
    assert (status, Card.objects.count()) == (1, 1)
    assert content["errors"][0]["column"] == "身份证号码"
    assert "请填写身份证号码" in content["errors"][0]["message"]
    _, status = imported(row(3, 持卡人姓名=card.holder_name))
    assert (status, Card.objects.count()) == (0, 2)


def test_a_card_of_eleven_years_is_a_slip() -> None:
    content, status = imported(row(1, 卡面有效期至="2036-03-01", 护照有效期至="2037-01-01"))
    assert status == 1
    assert "卡最长5年" in content["errors"][0]["message"]


def test_what_was_imported_is_found(enterprise) -> None:
    imported(row(1))
    entry = IndexEntry.objects.get(kind="cards.card")
    assert "样例持卡人1" in entry.words


def test_a_passport_that_is_not_the_applicants_is_refused_and_the_right_one_links(
    enterprise,
) -> None:
    applicant = ApplicantFactory.create(enterprise=enterprise, passport_number="EB0000001")
    content, status = imported(row(1, 身份证号码=applicant.id_number, 护照号码="EB0000002"))
    assert (status, content["errors"][0]["column"]) == (1, "护照号码")
    assert imported(row(1, 身份证号码=applicant.id_number))[1] == 0
    assert Card.objects.get().applicant == applicant


def test_an_enterprise_is_found_by_the_core_of_its_name_and_asked_about_otherwise() -> None:
    name = "万州区样例贸易有限责任公司"
    assert imported(row(1, 统一社会信用代码="", 企业名称=name), dry_run=True)[1] == 0
    content, _ = imported(row(1, 统一社会信用代码="", 企业名称="万州样例贸馆公司"), dry_run=True)
    assert "是不是重庆市万州区样例贸易有限公司？" in content["errors"][0]["message"]
    EnterpriseFactory.create(name="样例贸易股份有限公司")
    content, _ = imported(row(1, 统一社会信用代码="", 企业名称=name), dry_run=True)
    assert "请填写信用代码" in content["errors"][0]["message"]
    content, _ = imported(row(1, 企业名称="别的公司"), dry_run=True)
    assert "不一致" in content["errors"][0]["message"]


def test_what_is_blank_stays_and_a_card_without_an_end_gets_the_usual_one() -> None:
    imported(row(1, 卡面有效期至=""))
    card = Card.objects.get()
    # Five years, and not beyond the passport.
    assert card.card_until == date(2029, 6, 10)
    content, _ = imported(row(1, 卡面有效期至="", 经济体="", 护照有效期至=date(2028, 1, 1)))
    assert counts(content) == (1, 0, 1, 0)
    card.refresh_from_db()
    assert (card.ends_on, card.economy_codes) == (date(2028, 1, 1), ["JPN", "KOR", "VNM"])
    kept = ImportRow.objects.get(outcome="changed")
    assert kept.before["passport_until"] == "2029-06-10"
    assert kept.after["passport_until"] == "2028-01-01"


def test_undo_restores_what_was_changed_takes_out_what_was_new_and_lists_what_was_touched() -> None:
    first, _ = imported(row(1), row(2))
    second, _ = imported(
        row(1, 保管人和地点="财务室"),
        row(2, 保管人和地点="财务室", 经济体="日本"),
        row(3),
        row(4),
    )
    assert counts(second) == (4, 2, 2, 0)
    touched = Card.objects.order_by("pk")[1]
    touched.custody_note = "总经理室"
    touched.save()
    mark(Card.objects.order_by("pk")[3], kind=EventKind.LOST, by=None)
    undone = undo_batch(kind(), second["batch"], dry_run=True)
    assert undone.content["changed"] == 1
    assert Card.objects.count() == 4
    undone = undo_batch(kind(), second["batch"], dry_run=False)
    assert undone.status == 0
    assert (undone.content["new"], undone.content["changed"]) == (1, 1)
    assert [(one["row"], one["message"]) for one in undone.content["errors"]] == [
        (3, "导入以后有人改过保管人和地点，照现在的保留。"),
        (5, "导入以后已经有别的记录，照现在的保留。"),
    ]
    notes = [card.custody_note for card in Card.objects.order_by("pk")]
    assert notes == ["", "总经理室", ""]
    again = undo_batch(kind(), second["batch"], dry_run=False)
    assert (again.status, "已撤销" in again.content["errors"][0]["message"]) == (1, True)
    # What the second batch left alone, the first can still take back.
    undone = undo_batch(kind(), first["batch"], dry_run=False)
    assert undone.content["new"] == 0
    assert len(undone.content["errors"]) == 2


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("日本", {"JPN": None}),
        ("日本，KOR；越南（2028年1月1日）", {"JPN": None, "KOR": None, "VNM": date(2028, 1, 1)}),
        ("jpn=2028-01-01 、巴新", {"JPN": date(2028, 1, 1), "PNG": None}),
        ("印尼 俄罗斯联邦", {"IDN": None, "RUS": None}),
        ("越南至2028/1/1", {"VNM": date(2028, 1, 1)}),
        ("", {}),
    ],
)
def test_economies_are_read_as_people_write_them(written, expected) -> None:
    assert read_economies(written) == expected


def test_all_of_them_in_a_word() -> None:
    assert len(read_economies("全部")) == len(read_economies("16个")) == 16


@pytest.mark.parametrize("written", ["日本、日本", "美国", "越南(2028-13-01)", "？？", "日" * 500])
def test_economies_that_cannot_be_are_refused(written) -> None:
    with pytest.raises(CellRefused):
        read_economies(written)


def test_heads_are_known_by_other_names_and_beside_titles_marks_and_merged_cells() -> None:
    heads = ("序号", "*单位名称（必填）", "姓名", "卡 号：", "签发日期", "护照号", "备注")
    data = workbook(
        ("万州区APEC商务旅行卡台账",),
        (),
        heads,
        (1, "样例贸易有限公司", "张样例", "C00000001", 45718, "EB0000001", "x"),
    )
    answer = import_file(kind(), data, name="台账.xlsx", dry_run=False)
    assert (answer.status, answer.content["new"]) == (0, 1)
    assert Card.objects.get().issued_on == date(2025, 3, 2)


def test_a_head_of_two_rows_with_merged_cells_is_read_as_one() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for column, head in enumerate(("企业名称", "姓名", "卡号")):
            sheet.merge_range(0, column, 1, column, head)
        sheet.merge_range(0, 3, 0, 4, "护照")
        sheet.write_row(1, 3, ["号码", "有效期至"])
        sheet.merge_range(0, 5, 0, 6, "")
        sheet.write_row(1, 5, ["发卡日期", "有效期至"])
        name = "重庆市万州区样例贸易有限公司"
        sheet.write_row(
            2,
            0,
            [name, "张样例", "C1234567", "EB0000001", "2029-06-10", "2025-03-02", "2030-03-01"],
        )
    answer = import_file(kind(), written.getvalue(), name="卡.xlsx", dry_run=False)
    assert (answer.status, answer.content["errors"]) == (0, [])
    card = Card.objects.get()
    assert (card.card_until, card.passport_until) == (date(2030, 3, 1), date(2029, 6, 10))


def test_a_title_over_the_head_is_no_part_of_it(client_of, officer) -> None:
    upload(client_of(officer), workbook(("台账",), ("备注", *HEADS), ("x", *row(1))))
    batch = ImportBatch.objects.get()
    assert (batch.heads[0], batch.head_line, batch.new_count) == ("备注", 2, 1)


def test_a_table_without_the_needed_columns_or_without_any_is_told_so() -> None:
    content, status = imported(("C00000001", "张样例"), heads=("卡号", "姓名"))
    assert status == 1
    assert {one["column"] for one in content["errors"]} == {"发卡日期", "护照号码"}
    with pytest.raises(SheetRefused, match="没有找到表头"):
        imported((1, 2), heads=("甲", "乙"))
    with pytest.raises(SheetRefused, match="表头下面没有内容"):
        imported()


def test_the_commands_answer_with_one_object(tmp_path) -> None:
    file = tmp_path / "卡.xlsx"
    file.write_bytes(workbook(HEADS, row(1), row(2)))
    shape = {"rows", "new", "changed", "same", "errors", "batch"}
    dry, status = run(str(file), "--dry-run", of="import_cards")
    assert (set(dry), dry["new"], dry["batch"], status) == (shape, 2, None, 0)
    done, status = run(str(file), of="import_cards")
    assert (done["new"], status) == (2, 0)
    undone, status = run("--undo", str(done["batch"]), of="import_cards")
    assert (undone["new"], undone["batch"], status) == (2, done["batch"], 0)
    assert not Card.objects.exists()
    file.write_bytes(workbook(HEADS, row(1, 卡号="")))
    assert run(str(file), of="import_cards")[1] == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("--undo", "999999"), ("--undo", "x"), ("nothing.xlsx",), ("/dev/zero",), ("--bogus",)],
)
def test_what_the_command_cannot_read_ends_with_two(arguments) -> None:
    content, status = run(*arguments, of="import_cards")
    assert (status, content["batch"], len(content["errors"])) == (2, None, 1)


def test_the_template_is_read_again_with_its_own_heads(tmp_path) -> None:
    sheet = read_sheet(template(kind()))
    assert sheet.rows[0].cells == [column.label for column in kind().columns]
    assert sheet.notes == []


# Pages --------------------------------------------------------------------------------------------


def upload(client, data: bytes, name: str = "卡.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("imports:of_kind", args=["cards"]), {"file": file})


def test_the_officer_sees_the_report_writes_and_undoes(client_of, officer) -> None:
    client = client_of(officer)
    answer = upload(client, workbook(HEADS, row(1), row(2)))
    batch = ImportBatch.objects.get()
    assert answer.url == batch.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "写入2张卡" in page
    assert id_number(901) not in page
    assert "C00000001" not in page
    client.post(reverse("imports:write", args=[batch.pk]))
    client.post(reverse("imports:write", args=[batch.pk]))
    assert Card.objects.count() == 2
    assert "撤销这一批" in client.get(answer.url).content.decode()
    asked = client.get(reverse("imports:undo", args=[batch.pk]))
    assert (asked.context["plan"].away, asked.context["plan"].back) == (2, 0)
    assert Card.objects.count() == 2
    client.post(reverse("imports:undo", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, Card.objects.count()) == ("undone", 0)
    assert client.get(answer.url).status_code == 200


def test_before_an_undo_it_says_what_is_restored_and_what_stays(client_of, officer) -> None:
    imported(row(1), row(2))
    imported(row(1, 保管人和地点="财务室"), row(2, 保管人和地点="财务室"), row(3))
    touched = Card.objects.order_by("pk")[1]
    touched.custody_note = "总经理室"
    touched.save()
    page = client_of(officer).get(
        reverse("imports:undo", args=[ImportBatch.objects.latest("pk").pk])
    )
    plan = page.context["plan"]
    assert (plan.away, plan.back) == (1, 1)
    assert plan.kept == [(3, "导入以后有人改过保管人和地点，照现在的保留。")]
    assert "照现在的保留" in page.content.decode()


def test_a_file_with_problems_comes_back_with_a_column_of_them_and_is_taken_when_mended(
    client_of, officer
) -> None:
    client = client_of(officer)
    upload(client, workbook(("台账",), HEADS, row(1), row(2, 卡号="")))
    batch = ImportBatch.objects.get()
    client.post(reverse("imports:write", args=[batch.pk]))
    assert not Card.objects.exists()
    data = client.get(reverse("imports:problems", args=[batch.pk])).content
    sheet = read_sheet(data)
    assert sheet.rows[0].cells == ["台账"]
    assert sheet.rows[1].cells == [*HEADS, "问题"]
    assert sheet.rows[3].cells[-1] == "卡号：没有填写。"
    mended = [list(one.cells) for one in sheet.rows]
    mended[3][4] = "C00000002"
    answer = import_file(kind(), workbook(*mended), name="改好.xlsx", dry_run=False)
    assert (answer.status, answer.content["new"]) == (0, 2)


def test_columns_that_were_chosen_are_remembered_for_the_same_head(client_of, officer) -> None:
    client = client_of(officer)
    heads = (*HEADS[:4], "旅行证编码", *HEADS[5:])
    upload(client, workbook(heads, row(1)))
    batch = ImportBatch.objects.get()
    assert batch.state == "mapping"
    assert "没有认出来" in client.get(batch.get_absolute_url()).content.decode()
    chosen = {
        column.code: str(place)
        for column in kind().columns
        for place in [
            {
                "credit_code": 0,
                "enterprise": 1,
                "holder_name": 2,
                "id_number": 3,
                "number": 4,
                "issued_on": 5,
                "card_until": 6,
                "passport_number": 7,
                "passport_until": 8,
                "economies": 9,
                "custody": 10,
                "custody_note": 11,
            }[column.code]
        ]
    }
    twice = chosen | {"custody": "4"}
    client.post(reverse("imports:columns", args=[batch.pk]), twice)
    batch.refresh_from_db()
    assert batch.state == "mapping"
    client.post(reverse("imports:columns", args=[batch.pk]), chosen)
    batch.refresh_from_db()
    assert (batch.state, batch.new_count) == ("checked", 1)
    assert ImportMapping.objects.get().places["number"] == 4
    assert imported(row(1), heads=heads)[0]["new"] == 1


def test_what_somebody_else_entered_since_the_check_stops_the_write_and_is_shown(
    client_of, officer
) -> None:
    client = client_of(officer)
    upload(client, workbook(HEADS, row(1)))
    CardFactory.create(number="C00000001")
    batch = ImportBatch.objects.get()
    client.post(reverse("imports:write", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.error_count) == ("checked", 1)
    assert "被别人改过" in batch.trouble
    assert Card.objects.count() == 1


def test_a_long_file_is_checked_and_written_by_the_worker_with_its_progress(
    client_of, officer, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr("imports.services.AT_ONCE", 1)
    told: list[int] = []
    monkeypatch.setattr("imports.services.hand_over", told.append)
    client = client_of(officer)
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, workbook(HEADS, row(1), row(2)))
    batch = ImportBatch.objects.get()
    answer = client.get(batch.get_absolute_url())
    assert answer.headers["Refresh"] == "3"
    assert "已检查0行，共2行" in answer.content.decode()
    assert told == [batch.pk]
    work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.done_count) == ("checked", 2)
    client.post(reverse("imports:write", args=[batch.pk]))
    work(batch.pk)
    work(batch.pk)
    assert Card.objects.count() == 2


def test_a_worker_that_fails_puts_the_batch_back_and_says_so(client_of, officer, monkeypatch):
    client = client_of(officer)
    upload(client, workbook(HEADS, row(1)))
    monkeypatch.setattr(type(kind()), "write", lambda *a, **k: 1 / 0)
    batch = ImportBatch.objects.get()
    client.post(reverse("imports:write", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "checked"
    assert "什么也没有改变" in batch.trouble


def test_what_is_given_up_or_left_for_a_month_is_not_kept(client_of, officer) -> None:
    client = client_of(officer)
    upload(client, workbook(HEADS, row(1)))
    upload(client, workbook(HEADS, row(2)))
    left, dropped = ImportBatch.objects.order_by("pk")
    client.post(reverse("imports:drop", args=[dropped.pk]))
    ImportBatch.objects.filter(pk=left.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert drop_left() == 1
    assert not ImportRow.objects.exists()
    assert {batch.state for batch in ImportBatch.objects.all()} == {"dropped"}
    assert client.get(left.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\x00", b"PK\x03\x04xxxx"])
def test_a_file_that_is_no_table_is_refused_on_the_page(client_of, officer, data) -> None:
    answer = upload(client_of(officer), data)
    assert answer.status_code == 422
    assert not ImportBatch.objects.exists()


def test_the_report_asks_as_often_for_one_row_as_for_fifty(client_of, officer) -> None:
    client = client_of(officer)
    asked = []
    for start, many in ((1, 1), (100, 50)):
        upload(client, workbook(HEADS, *(row(start + n) for n in range(many))))
        batch = ImportBatch.objects.order_by("-pk")[0]
        client.get(batch.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(batch.get_absolute_url())
        asked.append(len(queries))
        assert len(answer.content) < 60 * 1024
    # What takes more than a page is counted, by a query of its own.
    assert asked[0] + 1 == asked[1] <= 12


def test_nobody_but_officers_sees_a_batch(officer, agent, station_head) -> None:
    ImportBatch.objects.create(kind="cards", state="checked", sha256="0", head_hash="0")
    assert ImportBatch.objects.visible_to(officer).count() == 1
    assert not ImportBatch.objects.visible_to(agent).exists()
    assert not ImportBatch.objects.visible_to(station_head).exists()


def test_a_template_is_a_workbook(client_of, officer) -> None:
    data = client_of(officer).get(reverse("imports:template", args=["cards"])).content
    assert read_sheet(io.BytesIO(data).getvalue()).name == "商务旅行卡"


def test_what_somebody_has_dealt_with_stays_so_when_the_card_is_imported_again(officer) -> None:
    imported(row(1))
    card = Card.objects.get()
    settle(card, subject="VNM", ends_on=date(2028, 1, 1), reason="不再去", by=officer)
    imported(row(1, 保管人和地点="三楼档案室"))
    card.refresh_from_db()
    assert (card.custody_note, card.first_end_on) == ("三楼档案室", date(2029, 6, 10))


def test_what_stood_above_the_head_and_what_was_said_of_rows_is_stored_encrypted(
    client_of, officer
) -> None:
    title = ("台账 身份证500101199001011237",)
    upload(client_of(officer), workbook(title, HEADS, row(1, 卡号="")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cells FROM imports_importtitle")
        cells = cursor.fetchone()[0]
        cursor.execute("SELECT problems FROM imports_importrow")
        problems = cursor.fetchone()[0]
    assert "500101199001011237" not in cells
    assert "卡号" not in problems
    assert ImportRow.objects.get().problems == [["卡号", "没有填写。"]]
