"""A letter of application (公函) belongs to whom it names: it serves them and nobody else."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from applications.dossier.loading import load_dossier
from applications.dossier.naming import Naming
from applications.models import Application, NamedApplicant
from applications.services import corrections, moves, naming
from applications.services.batch import submit_each
from applications.services.intake import IntakeRefused, start_application
from applications.services.pages import stack_of
from applications.services.perform import MoveRefused
from enterprises.models import StandingDocument
from materials.catalogue import CATALOGUE, get
from materials.stack import add_page
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    ConsentFactory,
    agent_of,
    fill,
    picture,
    standing_pages,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf, agent: User) -> Client:
    """The agent's browser."""
    return client_of(agent)


@pytest.fixture
def second(ready_draft: Application, agent: User) -> Application:
    """A draft of 李样例 that lacks nothing but a letter: the one there names 张样例."""
    person = ApplicantFactory.create(enterprise=ready_draft.enterprise, name="李样例")
    draft = start_application(person, by=agent)
    fill(draft)
    ConsentFactory.create(application=draft)
    NamedApplicant.objects.filter(applicant=person).delete()
    return draft


def submit(application: Application, agent: User) -> Any:
    return moves.submit(application, by=agent)


def bring_letter(application: Application, agent: User, text: str) -> None:
    add_page(stack_of(application, 1), data=picture(1, text), name=f"{text}.jpg", by=agent)


def letter_names(application: Application) -> list[str]:
    """Files of the letter that this case shows."""
    return [page.file.original_name for page in load_dossier(application).item(1).pages]


def naming_of(application: Application) -> Naming:
    found = load_dossier(application).item(1).naming
    assert found is not None
    return found


# Whom it serves -----------------------------------------------------------------------------------


def test_of_the_enterprises_papers_only_the_letter_names_applicants() -> None:
    assert [kind.number for kind in CATALOGUE if kind.names_applicants] == [1]
    assert [kind.number for kind in CATALOGUE if kind.is_shared] == [2, 3, 4]


def test_a_colleagues_letter_does_not_serve(second: Application, agent: User) -> None:
    item = load_dossier(second).item(1)
    assert (item.label, list(item.pages)) == ("没有写明申请人", [])
    with pytest.raises(MoveRefused) as refusal:
        submit(second, agent)
    assert str(refusal.value) == (
        "还有1项没有完成：材料1 企业申请公函及公司简介（现有公函写明的是张样例，没有写明李样例）。"
    )


def test_his_own_letter_serves_him_and_the_colleague_keeps_his(
    second: Application, ready_draft: Application, agent: User
) -> None:
    bring_letter(second, agent, "李的公函")
    assert letter_names(second) == ["李的公函.jpg"]
    assert letter_names(ready_draft) == ["材料1.jpg"]
    submit(second, agent)
    submit(ready_draft, agent)
    documents = [one.materials.get(number=1).document for one in (second, ready_draft)]
    assert [naming_of(one).names for one in (second, ready_draft)] == ["李样例", "张样例"]
    assert all(document is not None and document.frozen_at for document in documents)


def test_a_new_letter_that_names_both_serves_both(
    second: Application, ready_draft: Application, agent: User
) -> None:
    bring_letter(second, agent, "两人的公函")
    both = [second.applicant_id, ready_draft.applicant_id]
    naming.name_applicants(second, 1, applicants=both, seen=both[:1], by=agent)
    assert letter_names(ready_draft) == letter_names(second) == ["两人的公函.jpg"]
    # The older one served 张样例 alone, who has a newer one now.
    assert list(second.enterprise.documents.current().filter(kind=1).values_list("version")) == [
        (2,)
    ]


def test_a_letter_that_is_there_may_name_him_too(
    second: Application, ready_draft: Application, agent: User
) -> None:
    letter = second.enterprise.current_document(1)
    assert letter is not None
    for _ in range(2):
        naming.adopt(second, 1, document_pk=letter.pk, by=agent)
    assert naming_of(second).names == "张样例、李样例"
    event = AuditEvent.objects.get(action="document.name_applicants")
    assert (event.before, event.after) == (
        {"applicants": ["张样例"]},
        {"applicants": ["张样例", "李样例"]},
    )


def test_another_enterprises_letter_cannot_be_taken(
    second: Application, other_enterprise: Any, agent: User
) -> None:
    standing_pages(other_enterprise, [1])
    theirs = other_enterprise.current_document(1)
    with pytest.raises(IntakeRefused, match="没有采用"):
        naming.adopt(second, 1, document_pk=theirs.pk, by=agent)


def test_nobody_of_another_enterprise_is_named(ready_draft: Application, agent: User) -> None:
    stranger = ApplicantFactory.create()
    own = ready_draft.applicant_id
    naming.name_applicants(ready_draft, 1, applicants=[own, stranger.pk], seen=[own], by=agent)
    assert naming_of(ready_draft).names == "张样例"


def test_a_letter_names_somebody(ready_draft: Application, agent: User) -> None:
    with pytest.raises(IntakeRefused, match="至少写明一位申请人"):
        naming.name_applicants(
            ready_draft, 1, applicants=[], seen=[ready_draft.applicant_id], by=agent
        )


def test_of_two_who_state_it_at_once_the_second_is_told(
    ready_draft: Application, second: Application, agent: User
) -> None:
    first, other = ready_draft.applicant_id, second.applicant_id
    naming.name_applicants(ready_draft, 1, applicants=[first, other], seen=[first], by=agent)
    with pytest.raises(IntakeRefused, match="已有改动，没有保存"):
        naming.name_applicants(ready_draft, 1, applicants=[first], seen=[first], by=agent)
    assert naming_of(ready_draft).names == "张样例、李样例"


def test_what_was_submitted_keeps_whom_its_letter_named(
    submitted: Application, agent: User
) -> None:
    colleague = start_application(
        ApplicantFactory.create(enterprise=submitted.enterprise, name="李样例"), by=agent
    )
    letter = submitted.enterprise.current_document(1)
    assert letter is not None
    naming.adopt(colleague, 1, document_pk=letter.pk, by=agent)
    assert naming_of(submitted).names == "张样例"
    assert naming_of(colleague).names == "张样例、李样例"
    with pytest.raises(IntakeRefused, match="现在不能修改"):
        naming.name_applicants(submitted, 1, applicants=[], seen=[], by=agent)


def test_a_page_more_in_a_submitted_letter_still_names_the_same(
    submitted: Application, agent: User, officer: User
) -> None:
    corrections.note(submitted, number=1, words="公函缺第二页。", by=officer)
    moves.send_back(submitted, by=officer)
    bring_letter(submitted, agent, "第二页")
    assert letter_names(submitted) == ["材料1.jpg", "第二页.jpg"]
    moves.resubmit(submitted, by=agent)
    assert naming_of(submitted).names == "张样例"


def test_in_a_batch_the_one_without_his_letter_is_refused_in_words(
    second: Application, ready_draft: Application, agent: User
) -> None:
    outcomes = submit_each([second, ready_draft], by=agent)
    assert [outcome.is_done for outcome in outcomes] == [False, True]
    assert "没有写明李样例" in outcomes[0].words


# On the pages -------------------------------------------------------------------------------------


def test_the_case_and_the_last_page_say_it_and_lead_to_the_letter(
    desk: Client, second: Application
) -> None:
    where = reverse("applications:material", args=[second.pk, 1])
    for address in (second.get_absolute_url(), reverse("applications:check", args=[second.pk])):
        page = desk.get(address).text
        assert "现有公函写明的是张样例，没有写明李样例" in page
        assert f'href="{where}"' in page


def test_a_refused_submission_says_why_and_has_the_button_that_mends_it(
    desk: Client, second: Application
) -> None:
    where = reverse("applications:submit", args=[second.pk])
    page = desk.post(where, {"processing": "on", "sharing": "on"}, follow=True).text
    assert "没有写明李样例）。" in page
    letter = reverse("applications:material", args=[second.pk, 1])
    assert f'href="{letter}">去补：材料1　企业申请公函及公司简介</a>' in page


def test_the_letters_page_asks_for_one_of_his_own_or_one_for_both(
    desk: Client, second: Application
) -> None:
    page = desk.get(reverse("applications:material", args=[second.pk, 1])).text
    assert "要一份写明李样例的公函" in page
    assert "请另写一份李样例的公函，或者写一份同时写明几位的新公函" in page
    letter = second.enterprise.current_document(1)
    assert letter is not None
    assert re.search(rf'type="radio"\s+name="document"[^>]+value="{letter.pk}"', page)
    where = reverse("applications:material_adopt", args=[second.pk, 1])
    page = desk.post(where, {"document": letter.pk}, follow=True).text
    assert "已用这份公函。请打开核对，正文里写有李样例。" in page
    assert "<strong>张样例、李样例</strong>" in page
    assert "没有采用" in desk.post(where, {"document": "x"}, follow=True).text


def test_a_letter_of_before_that_names_nobody_can_be_taken(
    desk: Client, draft: Application
) -> None:
    """It was uploaded on the enterprise's page, before any case used it."""
    standing_pages(draft.enterprise, [1])
    letter = draft.enterprise.current_document(1)
    assert letter is not None
    where = reverse("applications:material", args=[draft.pk, 1])
    page = desk.get(where).text
    assert "没有填写明谁的公函" in page
    assert letter_names(draft) == []
    adopt = reverse("applications:material_adopt", args=[draft.pk, 1])
    assert "已用这份公函" in desk.post(adopt, {"document": letter.pk}, follow=True).text
    assert letter_names(draft) == ["材料1.jpg"]
    assert naming_of(draft).names == "张样例"


def test_of_many_colleagues_three_are_named(second: Application, agent: User) -> None:
    for name in ("甲", "乙", "丙"):
        person = ApplicantFactory.create(enterprise=second.enterprise, name=name)
        bring_letter(start_application(person, by=agent), agent, name)
    assert naming_of(second).colleagues == "张样例、甲、乙等4人"


def test_what_it_must_hold_stands_on_its_own_page_before_it_is_uploaded(
    desk: Client, draft: Application
) -> None:
    for number, words in (
        (1, "历次出国的情况，有没有被拒签；没有的写“无拒签记录”"),
        (1, "办过这张卡的，写明旧卡号码"),
        (4, "两份都有法定代表人签字，都加盖公章"),
        (8, "不戴有色眼镜、没有反光"),
        (9, "申请人本人所签"),
    ):
        page = desk.get(reverse("applications:material", args=[draft.pk, number])).text
        assert words in page
        assert page.index(words) < page.index('type="file"')
        assert words in "".join(get(number).must_hold)


def test_whom_it_names_is_stated_on_its_page(
    desk: Client, ready_draft: Application, second: Application
) -> None:
    where = reverse("applications:material_name", args=[ready_draft.pk, 1])
    first, other = ready_draft.applicant_id, second.applicant_id
    data = {"naming-applicants": [first, other], "naming-seen": f"{first}"}
    page = desk.post(where, data, follow=True).text
    assert "已记下公函写明的申请人：张样例、李样例。" in page
    assert naming_of(second).names == "张样例、李样例"
    refused = desk.post(where, {"naming-seen": f"{first},{other}"})
    assert refused.status_code == 422
    assert "公函至少写明一位申请人，请勾选。" in refused.text


def test_other_materials_name_nobody(desk: Client, ready_draft: Application) -> None:
    for name in ("material_name", "material_adopt"):
        where = reverse(f"applications:{name}", args=[ready_draft.pk, 4])
        assert desk.post(where).status_code == 404


def test_a_date_is_stated_of_ones_own_letter_and_leads_back_to_the_case(
    desk: Client, second: Application, ready_draft: Application, agent: User
) -> None:
    bring_letter(second, agent, "李的公函")
    where = reverse("applications:material_validity", args=[second.pk, 1])
    assert f'href="{reverse("applications:material", args=[second.pk, 1])}"' in desk.get(where).text
    answer = desk.post(where, {"dated_on": "2026-11-02"})
    assert answer.headers["Location"] == reverse("applications:material", args=[second.pk, 1])
    stated = [load_dossier(one).item(1).document for one in (second, ready_draft)]
    assert [str(document and document.dated_on) for document in stated] == ["2026-11-02", "None"]


def test_of_two_who_state_a_letters_date_the_second_is_told(
    desk: Client, client_of: ClientOf, second: Application, agent: User
) -> None:
    bring_letter(second, agent, "李的公函")
    where = reverse("applications:material_validity", args=[second.pk, 1])
    seen = desk.get(where).context["form"]["seen"].value()
    colleague = client_of(agent_of(second.enterprise))
    colleague.post(where, {"dated_on": "2026-11-01", "seen": seen})
    told = desk.post(where, {"dated_on": "2026-11-02", "seen": seen})
    assert "同事已经填写过，您这次的没有保存" in told.text
    document = load_dossier(second).item(1).document
    assert document is not None
    assert str(document.dated_on) == "2026-11-01"


# What others see ----------------------------------------------------------------------------------


def test_the_officer_sees_whom_it_names_and_that_the_applicant_is_among_them(
    client_of: ClientOf, officer: User, submitted: Application
) -> None:
    page = client_of(officer).get(f"/applications/{submitted.pk}/pre-review/?material=1").text
    assert "公函写明的申请人" in page
    assert "有本件申请人" in page
    assert "企业填的是：张样例。本件申请人是<strong>张样例</strong>" in page


def test_no_page_of_a_colleagues_letter_is_served_for_this_case(
    client_of: ClientOf, officer: User, agent: User, second: Application, ready_draft: Application
) -> None:
    bring_letter(second, agent, "李的公函")
    for one in (second, ready_draft):
        submit(one, agent)
    theirs = load_dossier(ready_draft).item(1).pages[0]
    own = load_dossier(second).item(1).pages[0]
    for who in (officer, agent):
        client = client_of(who)
        for page, status in ((own, 200), (theirs, 404)):
            where = reverse("applications:page_file", args=[second.pk, 1, page.pk])
            answer = client.get(where)
            b"".join(answer)
            assert answer.status_code == status
            where = reverse("enterprises:page_file", args=[second.enterprise_id, page.pk])
            assert client.get(where).status_code == 404


def test_the_enterprises_own_page_leads_to_the_applicants_for_letters(
    desk: Client, ready_draft: Application
) -> None:
    enterprise = ready_draft.enterprise
    page = desk.get(enterprise.get_absolute_url()).text
    assert "材料1公函只给上面写明的申请人用" in page
    assert desk.get(f"/enterprises/{enterprise.pk}/documents/1/").status_code == 404


def test_showing_letters_costs_the_same_however_many_there_are(
    ready_draft: Application, agent: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        person = ApplicantFactory.create(enterprise=ready_draft.enterprise)
        bring_letter(start_application(person, by=agent), agent, person.name)
    with django_assert_max_num_queries(5):
        assert letter_names(ready_draft) == ["材料1.jpg"]


# Rows of before -----------------------------------------------------------------------------------


def test_an_older_letter_names_the_applicants_of_the_cases_that_used_it(
    submitted: Application, agent: User
) -> None:
    """张's case has the first version; the draft of 李 showed the one that counts now."""
    drafted = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=submitted.enterprise, name="李样例")
    )
    over = ApplicationFactory.create(
        applicant=ApplicantFactory.create(enterprise=submitted.enterprise, name="王样例"),
        status="withdrawn",
        submitted=True,
    )
    first = StandingDocument.objects.get(kind=1)
    StandingDocument.objects.filter(pk=first.pk).update(superseded_at=first.created_at)
    now = StandingDocument.objects.create(enterprise=submitted.enterprise, kind=1, version=2)
    NamedApplicant.objects.all().delete()
    migration = import_module("applications.migrations.0009_letters_name_whom_they_served")
    migration.name_applicants(apps, None)
    named = set(NamedApplicant.objects.values_list("document", "applicant"))
    assert named == {
        (first.pk, submitted.applicant_id),
        (first.pk, over.applicant_id),
        (now.pk, drafted.applicant_id),
    }
