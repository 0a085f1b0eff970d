"""The demand ledger from a spreadsheet: enterprises and contacts, what is asked, and the undo."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from enterprises.models import Contact, Demand, Stage
from finding.models import IndexEntry
from imports.command import import_file, undo_batch
from imports.kinds import kinds
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
