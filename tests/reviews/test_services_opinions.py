"""Drafting and signing: whose word it is, what is stored, and what closes."""

import errno
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from accounts.models import AuditEvent, User
from notices.models import Notice
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable, Revision
from reviews.services import circulation, opinions
from reviews.services.opinions import OpinionRefused
from reviews.verdict import judge
from tests.factories import liaison
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db
FOUR = ("commerce", "tax", "police", "social")


def opinion_of(form: ReviewTable, code: str) -> Opinion:
    return form.opinions.with_case().get(department__code=code)


def bytes_of(revision: Revision) -> bytes:
    with revision.file.content.open("rb") as file:
        return bytes(file.read())


def test_five_signatures_in_any_order_with_foreign_affairs_last_conclude(
    station: Station, circulated: ReviewTable, agent: User
) -> None:
    station.sign(circulated, "social", "commerce", "police", "tax", "foreign_affairs")
    circulated.refresh_from_db()
    circulated.application.refresh_from_db()
    assert circulated.status == "concluded"
    assert circulated.application.status == "endorsed"
    assert circulated.revisions.count() == 6
    assert agent.notices.filter(subject__startswith="审核通过，请下载审核表").exists()
    verdict = judge(bytes_of(circulated.newest_revision()))
    assert verdict.label == "原件，没有改动"
    assert len(verdict.signatures) == 6


def test_foreign_affairs_disagreeing_declines(
    station: Station, circulated: ReviewTable, agent: User
) -> None:
    station.sign(circulated, *FOUR)
    station.sign(circulated, "foreign_affairs", conclusion="disagree")
    circulated.application.refresh_from_db()
    assert circulated.application.status == "declined"
    assert agent.notices.filter(subject__startswith="审核未通过").exists()


def test_the_officer_hears_what_a_refusal_means(station: Station, circulated: ReviewTable) -> None:
    station.sign(circulated, *FOUR)
    station.sign(circulated, "foreign_affairs", conclusion="disagree")
    notice = station.officer.notices.get(cause=f"reviews:table:{circulated.pk}:concluded")
    assert notice.subject.startswith("审核未通过：")
    assert "结论为不同意" in notice.body
    assert "不能到国家系统填报" in notice.body
    assert "下载审核表" not in notice.body


def test_the_officer_hears_that_an_agreed_case_goes_on_to_filing(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, *FOUR, "foreign_affairs")
    notice = station.officer.notices.get(cause=f"reviews:table:{circulated.pk}:concluded")
    assert notice.subject.startswith("五个部门已签齐：")
    assert "已通知企业下载审核表并到国家系统填报" in notice.body


def test_another_department_disagreeing_leaves_the_decision_to_foreign_affairs(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, "commerce", "tax", "police")
    station.sign(circulated, "social", conclusion="disagree")
    circulated.application.refresh_from_db()
    assert circulated.application.status == "in_review"
    station.sign(circulated, "foreign_affairs")
    circulated.application.refresh_from_db()
    assert circulated.application.status == "endorsed"


def test_foreign_affairs_waits_for_the_four_and_hears_when_they_are_done(
    station: Station, circulated: ReviewTable
) -> None:
    foreign = station.liaisons["foreign_affairs"]
    station.sign(circulated, "commerce", "tax", "police")
    with pytest.raises(OpinionRefused, match="还要等：区人力社保局"):
        station.sign(circulated, "foreign_affairs")
    assert not Notice.objects.filter(recipient=foreign).exists()
    station.sign(circulated, "social")
    assert Notice.objects.filter(recipient=foreign).count() == 1


def test_nobody_signs_for_another_department(station: Station, circulated: ReviewTable) -> None:
    opinion = station.draft(circulated, "tax")
    for other in ("commerce", "foreign_affairs"):
        with pytest.raises(OpinionRefused, match="只能由该部门的联络员办理"):
            opinions.sign(opinion, by=station.liaisons[other])
    with pytest.raises(OpinionRefused, match="只能由该部门的联络员办理"):
        opinions.sign(opinion, by=station.officer)
    assert circulated.revisions.count() == 1


def test_a_department_s_supervisor_reads_and_neither_fills_in_nor_signs(
    station: Station, circulated: ReviewTable, supervisor: User
) -> None:
    opinion = station.draft(circulated, "tax")
    with pytest.raises(OpinionRefused, match="只能由该部门的联络员办理"):
        opinions.sign(opinion, by=supervisor)
    draft = Draft(opinion.answers, "另一种说法。", "agree")
    with pytest.raises(OpinionRefused, match="只能由该部门的联络员办理"):
        opinions.save_draft(opinion, draft, by=supervisor, seen_version=None)
    assert opinion_of(circulated, "tax").words == "区税务局已核实，同意。"


def test_signing_twice_by_the_same_person_signs_once(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, "tax")
    signed = opinion_of(circulated, "tax")
    opinions.sign(signed, by=station.liaisons["tax"])
    assert circulated.revisions.count() == 2


def test_a_colleague_who_comes_second_is_told_who_signed(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, "tax")
    with pytest.raises(OpinionRefused, match=r"区税务局联络员已于.*签署这份意见"):
        opinions.sign(opinion_of(circulated, "tax"), by=liaison("tax", name="税务同事"))


def test_a_signed_opinion_does_not_change(station: Station, circulated: ReviewTable) -> None:
    station.sign(circulated, "tax")
    with pytest.raises(OpinionRefused, match="不能再修改"):
        station.draft(circulated, "tax", "disagree")


def test_a_colleagues_draft_is_not_overwritten_unseen(
    station: Station, circulated: ReviewTable
) -> None:
    opinion = opinion_of(circulated, "tax")
    seen = opinion.version
    colleague = liaison("tax", name="税务同事")
    draft = Draft({"tax_total": "1.00", "has_arrears": False}, "同意。", "agree")
    opinions.save_draft(opinion, draft, by=colleague, seen_version=seen)
    other = Draft({"tax_total": "2.00", "has_arrears": True}, "不同意。", "disagree")
    with pytest.raises(OpinionRefused, match="税务同事在您打开之后修改过"):
        opinions.save_draft(opinion, other, by=station.liaisons["tax"], seen_version=seen)
    assert opinion_of(circulated, "tax").words == "同意。"


def test_an_empty_opinion_is_not_signed(station: Station, circulated: ReviewTable) -> None:
    with pytest.raises(OpinionRefused, match="请先填写办理意见和结论"):
        opinions.sign(opinion_of(circulated, "tax"), by=station.liaisons["tax"])


def test_without_its_key_nothing_is_signed_and_the_draft_stays(
    station: Station, circulated: ReviewTable, settings: Settings, tmp_path: Path
) -> None:
    opinion = station.draft(circulated, "tax")
    settings.KEYSTORE = tmp_path
    with pytest.raises(OpinionRefused, match="没有签署，您填写的内容还在"):
        opinions.sign(opinion, by=station.liaisons["tax"])
    stored = opinion_of(circulated, "tax")
    assert stored.signed_at is None
    assert stored.words == "区税务局已核实，同意。"
    assert circulated.revisions.count() == 1
    assert not AuditEvent.objects.filter(action="opinion.sign").exists()


def test_on_a_full_disk_nothing_is_signed_and_the_draft_stays(
    station: Station, circulated: ReviewTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    opinion = station.draft(circulated, "tax")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/files/x.pdf")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    with pytest.raises(OpinionRefused) as refused:
        opinions.sign(opinion, by=station.liaisons["tax"])
    assert str(refused.value).startswith(
        "没有签署，您填写的内容还在：系统的磁盘空间已用完，文件没有保存。"
    )
    assert opinion_of(circulated, "tax").signed_at is None
    assert circulated.revisions.count() == 1


def test_a_void_round_gets_no_new_signature(station: Station, circulated: ReviewTable) -> None:
    opinion = station.draft(circulated, "tax")
    circulation.recall(circulated, reason="职务有误", by=station.officer)
    with pytest.raises(OpinionRefused, match="已经作废或办结"):
        opinions.sign(opinion, by=station.liaisons["tax"])


def test_while_the_enterprise_supplements_the_others_sign_but_nobody_concludes(
    station: Station, circulated: ReviewTable
) -> None:
    circulation.ask_supplement(circulated, {10: "请重扫"}, by=station.liaisons["police"])
    station.sign(circulated, *FOUR)
    with pytest.raises(OpinionRefused, match="企业正在补充材料"):
        station.sign(circulated, "foreign_affairs")


def test_words_and_answers_are_not_readable_in_the_database(
    station: Station, circulated: ReviewTable
) -> None:
    station.draft(circulated, "police")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, answers FROM reviews_opinion")
        stored = str(cursor.fetchall())
    assert opinion_of(circulated, "police").words == "区公安局已核实，同意。"
    assert "k1:" in stored
    assert "同意" not in stored


def test_the_trail_keeps_that_a_draft_was_begun_and_each_save_by_hand(
    circulated: ReviewTable, tax_liaison: User
) -> None:
    opinion = circulated.opinions.get(department__code="tax")

    def save(words: str, *, is_automatic: bool) -> int:
        draft = Draft({}, words, "")
        opinions.save_draft(
            opinion, draft, by=tax_liaison, seen_version=None, is_automatic=is_automatic
        )
        return AuditEvent.objects.filter(action="opinion.draft").count()

    assert save("经", is_automatic=True) == 1
    assert save("经核实", is_automatic=True) == 1
    assert save("经核实，", is_automatic=False) == 2
    assert save("经核实，同意。", is_automatic=False) == 3
