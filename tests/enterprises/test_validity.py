"""How long standing documents serve, who is asked in good time, and what old applications keep."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from enterprises import services
from enterprises.lapsing import ask_for_lapsing
from enterprises.models import Enterprise, StandingDocument
from enterprises.services import DocumentStack
from materials.catalogue import validity_of
from materials.rules.validity import Stated
from notices.models import Notice
from tests.conftest import ClientOf
from tests.factories import agent_of, standing_page

UPLOADED = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("kind", "stated", "until"),
    [
        (1, Stated(dated_on=date(2026, 8, 31)), date(2027, 2, 28)),
        (1, Stated(), date(2027, 2, 28)),
        (2, Stated(ends_on=date(2045, 6, 30)), date(2045, 6, 30)),
        (2, Stated(is_endless=True), None),
        (2, Stated(), None),
        (3, Stated(tax_year=2025), date(2026, 12, 31)),
        (3, Stated(tax_year=2024), date(2025, 12, 31)),
        (3, Stated(), date(2026, 12, 31)),
        (4, Stated(dated_on=date(2026, 1, 15)), date(2028, 1, 15)),
    ],
)
def test_each_kind_has_a_last_day_of_its_own(kind: int, stated: Stated, until: date | None) -> None:
    assert validity_of(kind).last_day(stated, UPLOADED) == until


@pytest.mark.parametrize(
    ("today", "label", "is_lapsed"),
    [
        (date(2026, 12, 1), "还剩30天", False),
        (date(2026, 11, 30), "用到2026年12月31日", False),
        (date(2026, 12, 31), "还剩0天", False),
        (date(2027, 1, 1), "已过期", True),
    ],
)
def test_the_words_say_how_it_stands(today: date, label: str, is_lapsed: bool) -> None:
    found = validity_of(3).standing(Stated(tax_year=2025), date(2026, 12, 31), today=today)
    assert (found.label, found.is_lapsed) == (label, is_lapsed)
    if is_lapsed:
        assert "请上传新的2026年度纳税证明" in found.words


TODAY = date(2026, 9, 15)


@pytest.mark.parametrize(
    ("kind", "stated", "until", "today", "label", "words"),
    [
        (
            1,
            Stated(),
            date(2027, 5, 29),
            TODAY,
            "请填落款日期",
            "落款日期还没有填写，暂按上传时间推算，用到2027年5月29日。",
        ),
        (
            1,
            Stated(dated_on=date(2026, 11, 29)),
            date(2027, 5, 29),
            TODAY,
            "用到2027年5月29日",
            "2026年11月29日落款。",
        ),
        (
            1,
            Stated(),
            date(2027, 5, 29),
            date(2027, 5, 10),
            "还剩19天",
            "落款日期还没有填写，暂按上传时间推算，用到2027年5月29日，请及早准备新的。",
        ),
        (
            3,
            Stated(tax_year=2025),
            date(2026, 12, 31),
            date(2026, 12, 11),
            "还剩20天",
            "2025年度的证明，用到2026年12月31日，请及早准备新的。",
        ),
        (
            3,
            Stated(),
            date(2026, 12, 31),
            TODAY,
            "请填纳税年度",
            "纳税年度还没有填写，暂按上传时间推算，用到2026年12月31日。",
        ),
        (
            2,
            Stated(),
            None,
            TODAY,
            "请填营业期限",
            "填写以后，快到期时门户会提前提醒。",
        ),
        (2, Stated(ends_on=date(2045, 6, 30)), date(2045, 6, 30), TODAY, "用到2045年6月30日", ""),
        (
            2,
            Stated(ends_on=date(2026, 9, 14)),
            date(2026, 9, 14),
            TODAY,
            "已过期",
            "用到2026年9月14日，已经过期，请上传新的。",
        ),
        (2, Stated(is_endless=True), None, TODAY, "长期有效", "营业期限为长期。"),
    ],
)
def test_label_and_words_make_one_statement(
    kind: int, stated: Stated, until: date | None, today: date, label: str, words: str
) -> None:
    found = validity_of(kind).standing(stated, until, today=today)
    assert (found.label, found.words) == (label, words)


@pytest.fixture
def desk(client_of: ClientOf, agent: User) -> Client:
    """The agent's browser."""
    return client_of(agent)


def state(desk: Client, enterprise: Enterprise, kind: int, **data: Any) -> str:
    where = reverse("enterprises:document_validity", args=[enterprise.pk, kind])
    return desk.post(where, data, follow=True).content.decode()


@pytest.mark.django_db
def test_what_is_stated_is_shown_and_recorded(
    desk: Client, enterprise: Enterprise, agent: User
) -> None:
    standing_page(enterprise, 2)
    page = state(desk, enterprise, 2, ends_on="2045-06-30")
    assert "用到2045年6月30日" in page
    event = AuditEvent.objects.get(action="document.state")
    assert (event.actor, event.after) == (agent, {"valid_until": "2045-06-30"})
    page = desk.get(enterprise.get_absolute_url()).content.decode()
    assert "用到2045年6月30日" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (4, {"dated_on": ""}, "请填写文件上的日期。"),
        (4, {"dated_on": "2099-01-01"}, "2099年1月1日还没有到"),
        (4, {"dated_on": "2999-01-01"}, "2999年1月1日，不合常理，请核对年份"),
        (2, {}, "请填写营业期限的最后一天，或者选择“长期”"),
        (2, {"ends_on": "2045-06-30", "is_endless": "on"}, "两者选一"),
        (3, {"tax_year": "25"}, "填写的是25。请对照证明核对。"),
        (3, {"tax_year": "去年"}, "请填写四位数的年份"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    desk: Client, enterprise: Enterprise, kind: int, data: dict[str, str], words: str
) -> None:
    standing_page(enterprise, kind)
    assert words in state(desk, enterprise, kind, **data)
    assert not AuditEvent.objects.filter(action="document.state").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        {"is_endless": "on"},
        {"ends_on": "9999-12-31"},
        {"ends_on": "９９９９年９月９日"},
        {"ends_on": " 长 期\u200b"},
        {"ends_on": "无固定期限", "is_endless": "on"},
    ],
)
def test_a_licence_without_an_end_is_a_choice_and_never_reminded_of(
    desk: Client, enterprise: Enterprise, agent: User, data: dict[str, str]
) -> None:
    page = standing_page(enterprise, 2)
    assert "营业期限为长期" in state(desk, enterprise, 2, **data)
    page.document.refresh_from_db()
    assert (page.document.is_endless, page.document.ends_on) == (True, None)
    assert "长期有效" in desk.get(enterprise.get_absolute_url()).content.decode()
    assert ask_for_lapsing(date(2199, 12, 1)) == 0
    where = reverse("enterprises:document_validity", args=[enterprise.pk, 2])
    asked = desk.get(where).context["form"]["is_endless"]
    assert [str(one.choice_label) for one in asked if one.data["selected"]] == [
        "长期（没有截止日期）"
    ]


@pytest.mark.django_db
def test_of_two_who_state_the_date_at_once_the_second_is_told_and_may_insist(
    desk: Client, enterprise: Enterprise, client_of: ClientOf
) -> None:
    standing_page(enterprise, 4)
    where = reverse("enterprises:document_validity", args=[enterprise.pk, 4])
    seen = desk.get(where).context["form"]["seen"].value()
    client_of(agent_of(enterprise)).post(where, {"dated_on": "2026-11-01", "seen": seen})
    told = desk.post(where, {"dated_on": "2026-11-02", "seen": seen})
    assert told.status_code == 422
    assert "同事已经填写过，您这次的没有保存。现在存着的：" in told.text
    assert enterprise.documents.get(kind=4).dated_on == date(2026, 11, 1)
    form = told.context["form"]
    again = {name: form[name].value() for name in ("dated_on", "seen")}
    assert desk.post(where, again).status_code == 302
    assert enterprise.documents.get(kind=4).dated_on == date(2026, 11, 2)


@pytest.mark.django_db
def test_the_same_date_from_two_is_no_contradiction(
    desk: Client, enterprise: Enterprise, client_of: ClientOf
) -> None:
    standing_page(enterprise, 4)
    where = reverse("enterprises:document_validity", args=[enterprise.pk, 4])
    typed = {"dated_on": "2026-11-01", "seen": desk.get(where).context["form"]["seen"].value()}
    for one in (client_of(agent_of(enterprise)), desk):
        assert one.post(where, typed).status_code == 302


@pytest.mark.django_db
def test_of_what_was_not_uploaded_nothing_can_be_said(desk: Client, enterprise: Enterprise) -> None:
    assert "请先上传，再填写日期" in state(desk, enterprise, 4, dated_on="2026-01-15")


@pytest.mark.django_db
def test_stating_a_frozen_version_makes_the_next_and_leaves_the_old(
    enterprise: Enterprise, agent: User
) -> None:
    page = standing_page(enterprise, 3)
    services.freeze(page.document)
    made = services.state_validity(
        DocumentStack(enterprise, 3), stated=Stated(tax_year=2025), by=agent
    )
    page.document.refresh_from_db()
    assert (made.version, made.tax_year, made.pages.count()) == (2, 2025, 1)
    assert (page.document.tax_year, page.document.valid_until) == (None, None)
    again = services.state_validity(
        DocumentStack(enterprise, 3), stated=Stated(tax_year=2025), by=agent
    )
    assert again.pk == made.pk


@pytest.mark.django_db
def test_each_enterprise_is_asked_once_a_month_ahead_and_once_when_it_lapsed(
    enterprise: Enterprise, agent: User
) -> None:
    standing_page(enterprise, 3)
    services.state_validity(DocumentStack(enterprise, 3), stated=Stated(tax_year=2025), by=agent)
    assert ask_for_lapsing(date(2026, 11, 30)) == 0
    assert ask_for_lapsing(date(2026, 12, 1)) == 1
    assert ask_for_lapsing(date(2026, 12, 2)) == 0
    assert ask_for_lapsing(date(2027, 1, 4)) == 1
    assert ask_for_lapsing(date(2027, 1, 5)) == 0
    assert ask_for_lapsing(date(2027, 3, 1)) == 0
    subjects = list(Notice.objects.order_by("pk").values_list("subject", flat=True))
    assert subjects == ["材料3快到期了：企业年度纳税证明", "材料3已过期：企业年度纳税证明"]


@pytest.mark.django_db
def test_replaced_and_empty_documents_are_not_asked_for(
    enterprise: Enterprise, agent: User
) -> None:
    StandingDocument.objects.create(enterprise=enterprise, kind=4, valid_until=date(2026, 12, 9))
    page = standing_page(enterprise, 3)
    services.state_validity(DocumentStack(enterprise, 3), stated=Stated(tax_year=2024), by=agent)
    services.freeze(enterprise.documents.get(kind=3))
    services.state_validity(DocumentStack(enterprise, 3), stated=Stated(tax_year=2025), by=agent)
    assert ask_for_lapsing(date(2026, 1, 5)) == 0
    assert page.document.kind == 3
