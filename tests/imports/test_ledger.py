"""The demand ledger from a spreadsheet: enterprises and contacts, what is asked, and the undo."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from enterprises.ledger.matching import claim
from enterprises.ledger.services import add_demand, change_demand, note_contact
from enterprises.models import Contact, Demand, DemandChange, Enterprise, Stage
from finding.models import IndexEntry
from imports.command import import_file, undo_batch
from imports.kinds import OTHER, SAME, kinds
from imports.models import ImportBatch
from imports.reading import read_sheet
from tests.cards.test_holding_ends import run
from tests.factories import DemandFactory, EnterpriseFactory, credit_code
from tests.imports.sheets import workbook

pytestmark = pytest.mark.django_db
NAME = "重庆市万州区三峡样果有限公司"
OTHER_NAME = "重庆市万州区江畔样茶有限公司"
HEADS = (
    "单位名称",
    "统一社会信用代码",
    "阶段",
    "电话",
    "联系时间",
    "方式",
    "内容",
    "联系人员",
    "宣传了政策",
)


def kind():
    return kinds()["ledger"]


def imported(
    *rows: tuple[Any, ...], heads=HEADS, dry_run: bool = False, answer: str = ""
) -> tuple[dict, int]:
    data = workbook(heads, *rows)
    found = import_file(kind(), data, name="台账.xlsx", dry_run=dry_run, answer=answer)
    return found.content, found.status


def counts(content: dict) -> tuple[int, int, int]:
    return content["new"], content["changed"], content["same"]


def test_enterprises_and_their_contacts_come_in_one_sheet() -> None:
    rows = (
        (
            NAME,
            "",
            "",
            "１３８ ００００ ００００",
            date(2026, 3, 2),
            "电话",
            "介绍了办卡",
            "李样例",
            "是",
        ),
        ("", "", "", "", "2026年4月1日 14：30", "上门走访", "看了材料", "王样例", ""),
        (OTHER_NAME, "91500101YYYY00012R", "有意向", "", "", "", "", "", ""),
        (NAME, "", "", "", "2026/5/6", "QQ", "问进度", "", ""),
    )
    content, status = imported(*rows)
    assert (counts(content), content["asked"], status) == ((4, 0, 0), [], 0)
    first, second = Demand.objects.order_by("pk")
    assert (first.name, first.contact_phone, first.source) == (NAME, "13800000000", "import")
    assert (first.stage, timezone.localdate(first.told_at)) == (Stage.TOLD, date(2026, 3, 2))
    assert timezone.localdate(first.heard_at) == date(2026, 5, 6)
    assert (second.stage, second.credit_code) == (Stage.INTERESTED, "91500101YYYY00012R")
    said = [(one.kind, one.words, one.author) for one in first.contacts.order_by("at")]
    assert said == [
        ("call", "介绍了办卡", "李样例"),
        ("visit", "看了材料", "王样例"),
        ("other", "（QQ）问进度", "系统"),
    ]
    assert first.contacts.get(kind="visit").at == datetime(2026, 4, 1, 6, 30, tzinfo=UTC)
    assert list(Demand.objects.matching("三峡样果")) == [first]
    again, status = imported(*rows)
    assert (counts(again), status) == ((0, 0, 4), 0)
    assert Contact.objects.count() == 3


def test_undo_takes_the_whole_batch_out_again() -> None:
    content, _ = imported(
        (NAME, "", "", "", "2026-03-02", "电话", "甲", "", "是"),
        ("", "", "", "", "2026-03-03", "电话", "乙", "", "是"),
    )
    answer = undo_batch(kind(), content["batch"], dry_run=False)
    assert (counts(answer.content), answer.content["errors"], answer.status) == ((2, 0, 0), [], 0)
    assert not Demand.objects.exists()
    assert not Contact.objects.exists()
    assert not IndexEntry.objects.filter(kind="enterprises.demand").exists()


NEAR_NAME = "重庆市万州区三峡洋果有限公司"


def add(name: str = NAME, **facts: Any) -> Demand:
    return add_demand(by=None, name=name, source="list", **facts)


def test_names_with_a_website_and_cells_too_long_are_said_with_their_place() -> None:
    content, status = imported(
        ("样例贸易，详见www.example.com", ""), ("样例公司" * 800, ""), (NAME, ""), heads=HEADS[:2]
    )
    said = [(one["row"], one["column"], one["message"][:11]) for one in content["errors"]]
    assert said == [
        (2, "单位名称", "名称里不能有网址或邮箱"),
        (3, "单位名称", "这一格超过2000个字"),
    ]
    assert status == 1
    assert not Demand.objects.exists()


def test_contacts_below_a_refused_name_are_not_put_to_the_enterprise_above() -> None:
    said = ("", "", "", "", date(2026, 3, 3), "电话", "谈过", "乙", "是")
    content, _ = imported((NAME, *[""] * 8), ("看www.example.com", *[""] * 8), said)
    assert [(one["row"], one["column"]) for one in content["errors"]] == [
        (3, "单位名称"),
        (4, "单位名称"),
    ]


def test_a_row_is_known_by_credit_code_then_by_the_core_of_its_name() -> None:
    first = add("样坊（重庆）茶业有限公司", credit_code=credit_code(1))
    second = add(NAME)
    content, _ = imported(
        ("茶业有限公司", credit_code(1)), ("三峡样果", credit_code(2)), heads=HEADS[:2]
    )
    assert counts(content) == (0, 2, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    # The same code and another name is a new name; a shorter form of the name changes nothing.
    assert (first.name, first.former_names) == ("茶业有限公司", "样坊（重庆）茶业有限公司")
    assert (second.name, second.credit_code) == (NAME, credit_code(2))


def test_another_credit_code_is_another_company_whatever_its_name() -> None:
    add(NAME, credit_code=credit_code(1))
    content, status = imported((NAME, credit_code(2)), (NEAR_NAME, credit_code(3)), heads=HEADS[:2])
    assert (counts(content), content["asked"], status) == ((2, 0, 0), [], 0)


def test_a_near_name_is_asked_about_and_nothing_is_written_before_the_answer() -> None:
    add()
    rows = ((OTHER_NAME,), (NEAR_NAME,))
    for dry_run in (True, False):
        content, status = imported(*rows, heads=("单位名称", "镇街"), dry_run=dry_run)
        assert (content["asked"], status) == ([{"row": 3, "like": NAME}], 1)
        assert (content["new"], content["errors"], content["batch"]) == (1, [], None)
    assert Demand.objects.count() == 1


def test_the_same_company_keeps_its_name_and_is_not_asked_about_again() -> None:
    demand = add()
    content, status = imported((NEAR_NAME, "样例镇"), heads=("单位名称", "镇街"), answer=SAME)
    assert (counts(content), status) == ((0, 1, 0), 0)
    demand.refresh_from_db()
    assert (demand.name, demand.former_names, demand.town) == (NAME, NEAR_NAME, "样例镇")
    content, status = imported((NEAR_NAME, "样例镇"), heads=("单位名称", "镇街"))
    assert (counts(content), content["asked"], status) == ((0, 0, 1), [], 0)


def test_another_company_is_added_and_the_answer_may_stand_in_the_table() -> None:
    add()
    content, status = imported((NEAR_NAME, "另一家"), heads=("单位名称", "是否同一家"))
    assert (counts(content), content["asked"], status) == ((1, 0, 0), [], 0)
    again, _ = imported((NEAR_NAME, ""), heads=("单位名称", "是否同一家"))
    assert counts(again) == (0, 0, 1)


def test_near_names_within_one_table_are_asked_about_but_figures_tell_companies_apart() -> None:
    content, _ = imported((NAME,), (NEAR_NAME,), heads=("单位名称", "镇街"))
    assert content["asked"] == [{"row": 3, "like": f"{NAME}（本表第2行）"}]
    content, _ = imported(
        *((f"重庆样场{number}号农业有限公司",) for number in range(1, 5)),
        heads=("单位名称", "镇街"),
    )
    assert (counts(content), content["asked"]) == ((4, 0, 0), [])


def test_the_same_trade_alone_makes_no_names_alike() -> None:
    add("鑫源进出口贸易有限公司")
    content, _ = imported(("华峰进出口贸易有限公司",), heads=("单位名称", "镇街"))
    assert content["asked"] == []


@pytest.mark.parametrize(
    ("stands", "given", "then"),
    [
        (Stage.UNTOUCHED, "有意向", Stage.INTERESTED),
        (Stage.SUBMITTED, "已宣传", Stage.SUBMITTED),
        (Stage.HOLDING, "已办结", Stage.HOLDING),
        (Stage.NOT_NEEDED, "未联系", Stage.NOT_NEEDED),
        (Stage.NOT_NEEDED, "有意向", Stage.INTERESTED),
        (Stage.TOLD, "", Stage.TOLD),
    ],
)
def test_a_stage_goes_forward_and_never_back(stands, given, then) -> None:
    demand = add(stage=stands, reason="今年没有计划")
    content, status = imported((NAME, given), heads=("单位名称", "阶段"))
    demand.refresh_from_db()
    assert (demand.stage, status) == (then, 0)
    assert counts(content) == ((0, 0, 1) if then == stands else (0, 1, 0))


def test_what_an_older_list_would_set_back_is_told_on_the_row(client_of, officer) -> None:
    add(stage=Stage.SUBMITTED)
    client = client_of(officer)
    batch = uploaded(client, (NAME, "已宣传"), heads=("单位名称", "阶段"))
    assert "导入不退回，照台账的保留" in client.get(batch.get_absolute_url()).content.decode()


def test_blank_cells_leave_what_stands_and_words_are_read_as_people_write_them() -> None:
    demand = add(trade="农产品", town="样例镇", is_key=True)
    heads = (
        "企业名称", "企业类型", "行业", "来源", "往来国家", "拟办人数", "是否符合条件", "重点企业",
        "试点企业", "下一步", "下次联系日期", "入群时间", "手机",
    )  # fmt: skip
    content, status = imported(
        (NAME, "民企", "", "商会转来", "日本，韩国、美国", "约３人", "√", "", "是",
         "再打电话", "2026.12.1", date(2026, 3, 2), 13800000000.0),
        heads=heads,
    )  # fmt: skip
    assert (counts(content), content["errors"], status) == ((0, 1, 0), [], 0)
    demand.refresh_from_db()
    assert (demand.kind, demand.trade, demand.town) == ("private", "农产品", "样例镇")
    assert (demand.source, demand.source_note) == ("other", "商会转来")
    assert (demand.economies, demand.intended_number) == (["JPN", "KOR"], 3)
    assert (demand.is_qualified, demand.is_key, demand.is_pilot) == (True, True, True)
    assert (demand.next_on, demand.in_group_since) == (date(2026, 12, 1), date(2026, 3, 2))
    assert demand.contact_phone == "13800000000"


def test_each_fault_has_row_and_column_and_keeps_all_out() -> None:
    heads = (
        "单位名称", "统一社会信用代码", "阶段", "电话", "下一步", "下一步日期", "入群日期",
        "联系时间", "内容", "重点企业", "拟办人数",
    )  # fmt: skip
    ahead = (timezone.localdate() + timedelta(days=3)).isoformat()
    usual = (OTHER_NAME, *[""] * 10)

    def but(number: int, **cells: str) -> tuple[str, ...]:
        plain = dict(zip(heads, usual, strict=True)) | {"单位名称": f"样企{number}有限公司"}
        return tuple((plain | cells)[head] for head in heads)

    content, status = imported(
        but(2),
        but(3, 统一社会信用代码="91500101YYYY00012X"),
        but(4, 阶段="暂不需要"),
        but(5, 阶段="不知道"),
        but(6, 电话="12"),
        but(7, 下一步日期="2026-12-01"),
        but(8, 入群日期=ahead),
        but(9, 内容="说过"),
        but(10, 联系时间=ahead),
        but(11, 重点企业="大概"),
        but(12, 拟办人数="许多"),
        but(2, 阶段="有意向"),
        heads=heads,
    )
    assert status == 1
    assert not Demand.objects.exists()
    assert [(one["row"], one["column"]) for one in content["errors"]] == [
        (3, "统一社会信用代码"), (4, "暂不需要的原因"), (5, "阶段"), (6, "电话"), (7, "下一步"),
        (8, "入群日期"), (9, "联系时间"), (10, "联系时间"), (11, "重点企业"), (12, "拟办人数"),
        (13, "阶段"),
    ]  # fmt: skip


def test_a_contact_without_an_enterprise_above_it_is_a_fault() -> None:
    content, _ = imported(("", "", "", "", "2026-03-02", "电话", "甲", "", ""))
    assert content["errors"][0]["column"] == "单位名称"


def test_a_contact_that_the_portal_noted_is_not_noted_twice() -> None:
    demand = add()
    at = datetime(2026, 3, 2, 6, 30, 20, tzinfo=UTC)
    note_contact(demand=demand, by=None, kind="call", at=at, words="说了\n两行", nonce="a")
    row = (NAME, "", "", "", "2026-03-02 14:30", "电话", "说了 两行", "", "")
    assert counts(imported(row)[0]) == (0, 0, 1)


def test_a_sign_up_of_before_is_bound_and_its_registered_name_counts() -> None:
    enterprise = EnterpriseFactory.create(name=NAME)
    Demand.objects.all().delete()
    imported(("三峡样果公司", enterprise.credit_code), heads=HEADS[:2])
    demand = Demand.objects.get()
    assert (demand.enterprise, demand.name) == (enterprise, NAME)


# Undoing ------------------------------------------------------------------------------------------


def undone(content: dict) -> dict:
    return undo_batch(kind(), content["batch"], dry_run=False).content


def test_undo_restores_what_was_changed_and_lists_what_was_touched_since(officer) -> None:
    changed, touched, told = add(), add(OTHER_NAME), add("样乙有限公司")
    content, _ = imported(
        (NAME, "有意向", "样例镇", "", ""),
        (OTHER_NAME, "", "样例镇", "", ""),
        ("样乙有限公司", "", "", "2026-03-02", "是"),
        ("样丙有限公司", "", "样例镇", "", ""),
        ("样丁有限公司", "已宣传", "", "2026-03-02", "是"),
        heads=("单位名称", "阶段", "镇街", "联系时间", "宣传了政策"),
    )
    assert counts(content) == (2, 3, 0)
    told.refresh_from_db()
    assert told.stage == Stage.TOLD
    touched.refresh_from_db()
    change_demand(demand=touched, by=officer, seen_version=touched.version, town="样例乡")
    changed.refresh_from_db()
    # What the import did not write may have changed meanwhile.
    change_demand(demand=changed, by=officer, seen_version=changed.version, trade="茶叶")
    noted = Demand.objects.get(name="样丁有限公司")
    note_contact(
        demand=noted, by=officer, kind="call", at=timezone.now(), words="后来又打", nonce="later"
    )
    answer = undone(content)
    assert (answer["new"], answer["changed"]) == (1, 2)
    assert [(one["row"], one["message"]) for one in answer["errors"]] == [
        (3, "导入以后有人改过镇街，照现在的保留。"),
        (6, "导入以后又记了联系，照现在的保留。"),
    ]
    for row in (changed, touched, told):
        row.refresh_from_db()
    assert (changed.stage, changed.town, changed.trade) == (Stage.UNTOUCHED, "", "茶叶")
    assert touched.town == "样例乡"
    assert (told.stage, told.told_at, told.heard_at) == (Stage.UNTOUCHED, None, None)
    assert not Demand.objects.filter(name="样丙有限公司").exists()
    assert DemandChange.objects.filter(demand=changed).count() == 3


def test_undo_leaves_a_new_row_that_an_enterprise_signed_up_to() -> None:
    content, _ = imported((NAME,), heads=("单位名称", "镇街"))
    EnterpriseFactory.create(name=NAME)
    claim(Demand.objects.get().enterprise or Enterprise.objects.get())
    answer = undone(content)
    assert (answer["new"], len(answer["errors"])) == (0, 1)
    assert Demand.objects.get().enterprise is not None


# Going out and coming in --------------------------------------------------------------------------


def full_ledger(officer) -> None:
    first = add(
        credit_code=credit_code(1), kind="private", trade="农产品", town="样例镇", owner=officer,
        address="样例路1号", economies=["VNM", "JPN"], intended_number=3, is_qualified=False,
        is_key=True, next_step="=HYPERLINK(\"http://x\")", next_on=date(2026, 12, 1),
        in_group_since=date(2026, 3, 2), contact_name="张样例", contact_position="主管",
        contact_phone="023-58000000转801", short_name="三峡样果", former_names="样果行、样果店",
    )  # fmt: skip
    add(OTHER_NAME, stage=Stage.NOT_NEEDED, reason="今年没有计划")
    for number in range(3):
        note_contact(
            demand=first, by=officer, kind="visit", words=f"-{number}\n次", is_telling=not number,
            at=timezone.now() - timedelta(days=number, hours=1), nonce=f"n{number}",
        )  # fmt: skip
    # Of one name and both without a code: the number tells them apart.
    add("样同有限公司")
    add("样同有限公司", town="样例镇")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_was_exported_changes_nothing_when_it_is_imported_and_builds_it_anew(
    ending, tmp_path, officer
) -> None:
    full_ledger(officer)
    file = tmp_path / f"台账.{ending}"
    assert run(str(file), of="export_ledger") == ({"rows": 6, "file": str(file)}, 0)
    content, status = run(str(file), of="import_ledger")
    assert (counts(content), content["errors"], status) == ((0, 0, 6), [], 0)
    before = list(facts())
    Contact.objects.all().delete()
    DemandChange.objects.all().delete()
    Demand.objects.exclude(name="样同有限公司").delete()
    content, status = run(str(file), of="import_ledger")
    assert (counts(content), status) == ((4, 0, 2), 0)
    assert sorted(facts()) == sorted(before)


def facts() -> list[str]:
    names = {one.name for one in Demand._meta.concrete_fields}
    names -= {"id", "added_at", "version", "nonce", "told_at", "heard_at", "queue_on"}
    rows = [repr({name: getattr(row, name) for name in sorted(names)}) for row in demands()]
    return rows + [f"{one.demand} {one.author} {one.kind}" for one in Contact.objects.all()]


def demands():
    return Demand.objects.all()


def test_a_number_of_another_ledger_changes_no_stranger() -> None:
    demand = add()
    content, _ = imported((demand.pk, OTHER_NAME), heads=("台账编号", "单位名称"))
    assert content["errors"][0]["column"] == "台账编号"
    content, _ = imported((demand.pk + 99, OTHER_NAME), heads=("台账编号", "单位名称"))
    assert counts(content) == (1, 0, 0)


def test_no_cell_of_a_csv_is_a_formula(tmp_path, officer) -> None:
    full_ledger(officer)
    run(str(tmp_path / "台账.csv"), of="export_ledger")
    assert ",=HYPERLINK" not in (tmp_path / "台账.csv").read_text("utf-8")


@pytest.mark.parametrize("name", ["台账.txt", "nowhere/台账.xlsx"])
def test_an_export_that_cannot_be_written_says_so(name, tmp_path) -> None:
    content, status = run(str(tmp_path / name), of="export_ledger")
    assert (set(content), status) == ({"error"}, 2 if name.endswith("txt") else 1)


def test_the_command_takes_an_answer_for_all_that_is_asked(tmp_path) -> None:
    add()
    file = tmp_path / "台账.xlsx"
    file.write_bytes(workbook(("单位名称", "镇街"), (NEAR_NAME, "样例镇")))
    asked, status = run(str(file), of="import_ledger")
    assert (set(asked), status) == (
        {"rows", "new", "changed", "same", "errors", "asked", "batch"}, 1,
    )  # fmt: skip
    assert run(str(file), "--as-same", "--as-new", of="import_ledger")[1] == 2
    done, status = run(str(file), "--as-new", of="import_ledger")
    assert (counts(done), done["asked"], status) == ((1, 0, 0), [], 0)
    back, status = run("--undo", str(done["batch"]), of="import_ledger")
    assert (back["new"], status) == (1, 0)


@pytest.mark.parametrize("arguments", [(), ("--undo", "0"), ("nothing.xlsx",), ("--bogus",)])
def test_what_the_command_cannot_read_ends_with_two(arguments) -> None:
    content, status = run(*arguments, of="import_ledger")
    assert (status, content["batch"], content["asked"], len(content["errors"])) == (2, None, [], 1)


# Pages --------------------------------------------------------------------------------------------


def uploaded(client, *rows: tuple[Any, ...], heads=("单位名称", "镇街")) -> ImportBatch:
    file = SimpleUploadedFile("台账.xlsx", workbook(heads, *rows))
    client.post(reverse("imports:of_kind", args=["ledger"]), {"file": file})
    return ImportBatch.objects.latest("pk")


def test_the_officer_answers_row_by_row_before_anything_is_written(client_of, officer) -> None:
    demand, client = add(), client_of(officer)
    batch = uploaded(client, (NEAR_NAME, "样例镇"), ("三峡祥果有限公司", "样例乡"))
    page = client.get(batch.get_absolute_url()).content.decode()
    assert f"同一家：{NAME}" in page
    client.post(reverse("imports:write", args=[batch.pk]))
    assert Demand.objects.count() == 1
    answers = reverse("imports:answers", args=[batch.pk])
    client.post(answers, {"row-2": str(demand.pk), "row-3": "99999"})
    batch.refresh_from_db()
    assert (batch.changed_count, batch.asked_count) == (1, 1)
    client.post(answers, {"rest": OTHER})
    client.post(reverse("imports:write", args=[batch.pk]))
    demand.refresh_from_db()
    assert (demand.town, Demand.objects.count()) == ("样例镇", 2)
    client.post(reverse("imports:undo", args=[batch.pk]))
    demand.refresh_from_db()
    assert (demand.town, demand.former_names, Demand.objects.count()) == ("", "", 1)


def test_a_long_file_is_written_in_parts_with_contacts_apart_from_their_enterprise(
    client_of, officer, monkeypatch
) -> None:
    monkeypatch.setattr("imports.steps.CHUNK", 2)
    monkeypatch.setattr("imports.checking.CHUNK", 2)
    client = client_of(officer)
    rows = [(NAME, f"2026-03-0{day}", "是") for day in range(1, 8)]
    batch = uploaded(client, *rows, heads=("单位名称", "联系时间", "宣传了政策"))
    client.post(reverse("imports:write", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, Demand.objects.get().contacts.count()) == ("written", 7)
    assert timezone.localdate(Demand.objects.get().told_at) == date(2026, 3, 1)
    client.post(reverse("imports:undo", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.state, batch.kept_count, Demand.objects.count()) == ("undone", 0, 0)


def test_the_list_goes_out_as_it_is_filtered_and_the_trail_says_so(client_of, officer) -> None:
    full_ledger(officer)
    client = client_of(officer)
    path = reverse("ledger:export")
    answer = client.post(path, {"as": "table", "here": "town=样例镇"})
    sheet = read_sheet(b"".join(answer.streaming_content))
    assert sheet.rows[0].cells == [column.label for column in kind().columns]
    assert {row.cells[1] for row in sheet.rows[1:]} == {NAME, "样同有限公司"}
    assert AuditEvent.objects.get(action="demand.export").actor == officer
    form = client.post(path, {"as": "form", "here": "town=样例镇"})
    cells = [row.cells for row in read_sheet(b"".join(form.streaming_content)).rows]
    assert cells[0][0] == "企业需求台账"
    assert [cells[3][0], cells[4][0]] == [1, 2] or [cells[3][0], cells[4][0]] == ["1", "2"]
    assert str(cells[-1][0]).startswith("制表人")


def test_a_filter_that_is_not_understood_exports_nothing(client_of, officer) -> None:
    DemandFactory.create()
    answer = client_of(officer).post(reverse("ledger:export"), {"here": "stage=nope"}, follow=True)
    assert "列表的筛选条件没有读懂，没有导出" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="demand.export").exists()


def test_the_export_asks_as_often_for_one_enterprise_as_for_fifty(client_of, officer) -> None:
    client, asked = client_of(officer), []
    for many in (1, 49):
        for number in range(many):
            demand = DemandFactory.create(owner=officer)
            note_contact(
                demand=demand, by=officer, kind="call", at=timezone.now(), words="x",
                nonce=f"{many}-{number}",
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.post(reverse("ledger:export")).streaming_content)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_report_of_full_rows_is_small(client_of, officer) -> None:
    client = client_of(officer)
    cells = {column.label: column.example for column in kind().columns}
    names = {f"样企{number}号有限公司": number for number in range(50)}
    rows = [
        tuple({**cells, "单位名称": name, "统一社会信用代码": "", "内容": "话" * 900}.values())
        for name in names
    ]
    batch = uploaded(client, *rows, heads=tuple(cells))
    answer = client.get(batch.get_absolute_url())
    assert batch.new_count == 50
    assert len(answer.content) < 60 * 1024


def test_merged_heads_and_a_title_are_read() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "万州区企业需求台账")
        sheet.merge_range(1, 0, 2, 0, "单位名称")
        sheet.merge_range(1, 1, 1, 3, "联系")
        sheet.write_row(2, 1, ["时间", "内容", "人员"])
        sheet.write_row(3, 0, [NAME, "2026-03-02", "介绍了办卡", "李样例"])
    content = import_file(kind(), written.getvalue(), name="台账.xlsx", dry_run=False).content
    assert (counts(content), content["errors"]) == ((1, 0, 0), [])
    assert Contact.objects.get().author == "李样例"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("单位名称\r\n", "表头下面没有内容。请从表头的下一行开始填写。"),
        ("单位名称", "表头下面没有内容。请从表头的下一行开始填写。"),
        ("一段没有分隔的话", "看不出是表格"),
        ("甲公司\r\n乙公司\r\n", "看不出是表格"),
    ],
)
def test_a_text_without_rows_or_without_a_head_is_told_what_it_lacks(
    client_of, officer, text: str, words: str
) -> None:
    answer = client_of(officer).post(
        reverse("imports:of_kind", args=["ledger"]),
        {"file": SimpleUploadedFile("单位.csv", text.encode())},
    )
    assert words in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_list_of_names_alone_is_a_table(tmp_path) -> None:
    file = tmp_path / "names.csv"
    file.write_text("单位名称\r\n万州乙样例有限公司\r\n万州丙样例有限公司\r\n", encoding="utf-8")
    content, status = run(str(file), of="import_ledger")
    assert (status, content["rows"], content["new"]) == (0, 2, 2)
