"""In a new round a department may stand by its earlier words, unless what they rest on changed."""

from urllib.parse import unquote

import pytest
from django.utils import timezone

from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.services.perform import perform
from applications.workflow import Action
from enterprises.models import StandingDocument, StandingPage
from reviews.earlier import earlier_of
from reviews.models import Opinion, ReviewTable
from reviews.services import circulation
from reviews.services.opinions import OpinionRefused
from reviews.services.repeating import repeat_earlier
from tests.conftest import ClientOf
from tests.factories import SHEETS, CorrectionFactory, material_page, picture, stored_picture
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db


def second_round(station: Station, first: ReviewTable, **corrected: str) -> ReviewTable:
    """Recalled, corrected by the enterprise, circulated again."""
    circulation.recall(first, reason="信息有误", by=station.officer)
    application = Application.objects.get(pk=first.application_id)
    applicant = application.applicant
    for name, value in corrected.items():
        setattr(applicant, name, value)
    applicant.save()
    application.corrections.open().update(resolved_at=first.circulated_at)
    perform(application, Action.RESUBMIT, by=application.created_by)
    return circulation.circulate(
        Application.objects.get(pk=application.pk), by=station.officer, despite_unread=SHEETS
    )


def opinion_of(form: ReviewTable, code: str) -> Opinion:
    return Opinion.objects.with_case().get(table=form, department__code=code)


def test_one_click_leads_to_the_preview_with_the_same_words_and_is_signed_anew(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    station.sign(circulated, "tax")
    again = second_round(station, circulated, post="副总经理")
    opinion = opinion_of(again, "tax")
    client = client_of(station.liaisons["tax"])
    page = client.get(opinion.get_absolute_url())
    assert "第1轮本部门的意见" in page.text
    assert "都没有变化" in page.text
    sent = {"seen_version": opinion.version}
    answer = client.post(f"/reviews/opinions/{opinion.pk}/repeat/", sent)
    assert answer["Location"] == f"/reviews/opinions/{opinion.pk}/sign/"
    opinion.refresh_from_db()
    assert opinion.words == "区税务局已核实，同意。"
    assert opinion.answers == {"tax_total": "123.45", "has_arrears": False}
    assert opinion.conclusion == "agree"
    assert opinion.signed_at is None


def test_a_changed_fact_is_shown_old_and_new_and_cannot_be_passed_over(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    station.sign(circulated, "commerce")
    again = second_round(station, circulated, post="副总经理")
    opinion = opinion_of(again, "commerce")
    client = client_of(station.liaisons["commerce"])
    page = client.get(opinion.get_absolute_url())
    assert "总经理 → <strong>副总经理</strong>" in page.text
    assert "意见不变" not in page.text
    refused = client.post(f"/reviews/opinions/{opinion.pk}/repeat/", follow=True)
    assert "职务有变化，不能直接沿用" in refused.text
    assert not Opinion.objects.get(pk=opinion.pk).words


def test_personal_numbers_stay_masked_until_they_are_revealed(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    old = circulated.facts["id_number"]
    station.sign(circulated, "police")
    again = second_round(station, circulated, id_number="500101198005121234")
    opinion = opinion_of(again, "police")
    client = client_of(station.liaisons["police"])
    masked = client.get(opinion.get_absolute_url()).text
    assert old not in masked
    assert "号码有改动，中间几位已隐藏" in masked
    revealed = client.post(f"/reviews/opinions/{opinion.pk}/reveal/").text
    assert f"{old} → <strong>500101198005121234</strong>" in revealed


def test_a_page_that_came_since_counts_as_a_change(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, "police", "tax")
    material_page(circulated.application, 10)
    again = second_round(station, circulated)
    police = opinion_of(again, "police")
    with pytest.raises(OpinionRefused, match=r"材料10 .*有变化"):
        repeat_earlier(police, by=station.liaisons["police"], seen_version=police.version)
    tax = opinion_of(again, "tax")
    repeat_earlier(tax, by=station.liaisons["tax"], seen_version=tax.version)


def test_another_letter_counts_as_a_change_though_it_was_uploaded_before(
    station: Station, circulated: ReviewTable
) -> None:
    """A colleague's letter that names the applicant too took the place of his own."""
    application = circulated.application
    letter = StandingDocument.objects.create(enterprise=application.enterprise, kind=1, version=2)
    StandingPage.objects.create(
        document=letter, file=stored_picture(picture(1, "both")), position=1
    )
    station.sign(circulated, "commerce", "tax")
    CorrectionFactory.create(
        application=application, number=1, sent=True, replaced_at=timezone.now()
    )
    application.materials.filter(number=1).update(document=letter)
    again = second_round(station, circulated)
    for code, labels in (("commerce", ["材料1 企业申请公函及公司简介"]), ("tax", [])):
        opinion = opinion_of(again, code)
        earlier = earlier_of(opinion, load_dossier(application))
        assert earlier is not None
        assert [change.label for change in earlier.changes] == labels


def test_who_had_not_signed_has_nothing_to_repeat(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    station.draft(circulated, "social")
    again = second_round(station, circulated)
    opinion = opinion_of(again, "social")
    page = client_of(station.liaisons["social"]).get(opinion.get_absolute_url())
    assert again.number in page.text
    assert "轮本部门的意见" not in page.text
    with pytest.raises(OpinionRefused, match="上一轮本部门没有签署过意见"):
        repeat_earlier(opinion, by=station.liaisons["social"], seen_version=opinion.version)


def test_what_another_department_signed_before_is_not_offered_as_ones_own(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    station.sign(circulated, "police")
    again = second_round(station, circulated, post="副总经理")
    opinion = opinion_of(again, "tax")
    page = client_of(station.liaisons["tax"]).get(opinion.get_absolute_url())
    assert "第1轮本部门的意见" not in page.text
    assert "区公安局已核实" not in page.text


def test_a_colleague_s_new_draft_is_not_overwritten_by_the_earlier_words(
    station: Station, circulated: ReviewTable
) -> None:
    station.sign(circulated, "tax")
    again = second_round(station, circulated)
    opinion = opinion_of(again, "tax")
    station.liaisons["tax"].name = "税务同事"
    station.draft(again, "tax", "disagree")
    Opinion.objects.filter(pk=opinion.pk).update(drafted_by=station.officer)
    with pytest.raises(OpinionRefused, match="在您打开之后修改过"):
        repeat_earlier(opinion, by=station.liaisons["tax"], seen_version=opinion.version)


def test_a_void_round_says_when_and_why_and_leads_to_the_round_that_took_its_place(
    station: Station, circulated: ReviewTable, client_of: ClientOf
) -> None:
    station.sign(circulated, "tax")
    again = second_round(station, circulated, post="副总经理")
    circulated.refresh_from_db()
    at = timezone.localtime(circulated.voided_at)
    client = client_of(station.officer)
    page = " ".join(client.get(circulated.get_absolute_url()).text.split())
    assert (
        f"本轮已于{at.year}年{at.month}月{at.day}日 {at:%H:%M}作废，不能使用。原因：信息有误"
        in page
    )
    assert f'已重新送审，请看<a href="{again.get_absolute_url()}">{again}</a>' in page
    assert "下载PDF（已作废）" in page
    assert "下载JPG（印有“作废”字样）" in page
    answer = client.get(f"/reviews/tables/{circulated.pk}/table.pdf")
    answer.close()
    assert "（已作废）" in unquote(answer["Content-Disposition"])
