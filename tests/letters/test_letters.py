"""Letters: what the portal fills in, what is missing, whom they serve, and both their forms."""

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from applications.models import Applicant, Application, Material
from cards.models import CardRequest, StationText
from cards.renewals.letters import letter_for
from cards.renewals.services import begin_on_card
from core.versions import Overtaken
from enterprises.models import Enterprise
from letters.catalogue import KINDS, kinds_for
from letters.content import Showing
from letters.models import LetterTemplate, WrittenLetter
from letters.printing import blank_of, docx_of, pdf_of
from letters.receipts import receipt_of
from letters.services import LetterDraft, LetterRefused, begin_letter, content_of, save_letter
from letters.word.reading import lines_of
from tests.conftest import ClientOf
from tests.factories import ApplicantFactory, CardFactory, picture, stored_picture

pytestmark = pytest.mark.django_db
TYPED = {
    "成立年份": "2009",
    "主营业务": "汽车零部件出口",
    "上年进出口额": "1200",
    "往来经济体": "新加坡",
    "往来情况": "供货合同",
}
OF_HIM = {
    "负责的业务": "市场销售",
    "前往的经济体": "新加坡",
    "出国情况": "无",
    "拒签情况": "无拒签记录",
    "持卡情况": "首次申办",
}


@pytest.fixture
def letter(ready_draft: Application, agent: User) -> WrittenLetter:
    return begun("application", ready_draft, agent)


@pytest.fixture
def second(enterprise: Enterprise) -> Applicant:
    return ApplicantFactory.create(enterprise=enterprise, name="李样例", post="销售部经理")


def begun(code: str, application: Application, by: User) -> WrittenLetter:
    return begin_letter(code, enterprise=application.enterprise, application=application, by=by)


def draft_of(letter: WrittenLetter, *people: Applicant, **changes: object) -> LetterDraft:
    named = list(people) or letter.applicants
    given: dict[str, object] = {
        "values": TYPED,
        "people": named,
        "people_values": {person.pk: OF_HIM for person in named},
        "body": letter.body,
        "person_line": letter.person_line,
    }
    return LetterDraft(**{**given, **changes})  # type: ignore[arg-type]


def saved(letter: WrittenLetter, by: User, *people: Applicant, **changes: object) -> WrittenLetter:
    save_letter(letter, draft=draft_of(letter, *people, **changes), by=by)
    return WrittenLetter.objects.with_people().get(pk=letter.pk)


def paper(letter: WrittenLetter) -> str:
    return "\n".join(line.text for line in lines_of(docx_of(content_of(letter, Showing.WHOLE))))


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join("".join(page.get_textpage().get_text_bounded() for page in document).split())
    finally:
        document.close()


# Filled in from what is known ---------------------------------------------------------------------


def test_a_letter_begins_with_what_the_portal_knows_and_marks_the_rest(
    letter: WrittenLetter, ready_draft: Application
) -> None:
    content = content_of(letter, Showing.WHOLE)
    applicant, enterprise = ready_draft.applicant, ready_draft.enterprise
    text = "\n".join(content.paragraphs)
    for known in (enterprise.name, enterprise.credit_code, applicant.name, applicant.post):
        assert known in text
    assert applicant.id_number in text
    assert applicant.passport_number in text
    assert content.title == f"关于为{applicant.name}申办APEC商务旅行卡的函"
    assert "【待填：成立年份】" in text
    assert content.missing[:2] == ["成立年份", "主营业务"]
    assert "持卡情况" not in content.missing


def test_what_was_typed_is_on_paper_and_nothing_is_missing(
    letter: WrittenLetter, agent: User
) -> None:
    stored = saved(letter, agent)
    content = content_of(stored, Showing.WHOLE)
    assert content.missing == []
    assert "【" not in paper(stored)
    assert "成立于2009年" in paper(stored)


def test_economies_come_from_the_proof_of_business(ready_draft: Application, agent: User) -> None:
    Material.objects.filter(application=ready_draft, number=5).update(
        facts={"economy": "VNM", "evidence": "contract"}
    )
    Application.objects.filter(pk=ready_draft.pk).update(status="submitted")
    values = begun("profile", ready_draft, agent).values["fields"]
    assert values["往来经济体"] == "越南"


def test_the_next_letter_takes_over_what_was_typed_in_the_last(
    letter: WrittenLetter, ready_draft: Application, agent: User
) -> None:
    saved(letter, agent, values={**TYPED, "落款日期": "2026年11月2日"})
    profile = begun("profile", ready_draft, agent)
    assert profile.values["fields"]["成立年份"] == "2009"
    assert profile.values["fields"]["落款日期"] == ""
    again = begun("application", ready_draft, agent)
    assert again.values["people"][str(ready_draft.applicant_id)]["负责的业务"] == "市场销售"


def test_who_held_a_card_has_its_number_on_paper_and_not_in_the_row(
    ready_draft: Application, agent: User
) -> None:
    card = CardFactory.create(applicant=ready_draft.applicant, enterprise=ready_draft.enterprise)
    letter = begun("application", ready_draft, agent)
    assert card.number not in str(letter.values) + letter.body
    assert f"曾持卡，原卡号{card.number}，已注销" in paper(letter)
    shown = "\n".join(content_of(letter, Showing.MASKED).paragraphs)
    assert card.number not in shown


def test_the_statement_says_what_the_service_says_with_its_numbers(
    applicant: Applicant, agent: User
) -> None:
    card = CardFactory.create(applicant=applicant, enterprise=applicant.enterprise)
    service = begin_on_card(card, kind="replace", cause="damaged", by=agent)
    letter = begun("replace", service.application, agent)
    told = letter_for(CardRequest.objects.get(application=service.application))
    assert told is not None
    assert card.number not in letter.body
    assert "【待填：具体情况】" in paper(letter)
    letter = saved(letter, agent, values={"具体情况": "受潮"})
    wanted = [words.replace("＿" * 20, "受潮") for words in told.paragraphs]
    assert content_of(letter, Showing.WHOLE).paragraphs == wanted


def test_the_rules_are_the_stations_text(ready_draft: Application, agent: User) -> None:
    letter = begun("rules", ready_draft, agent)
    assert letter.body == StationText.objects.newest(StationText.Code.RULES).text
    assert f"{ready_draft.enterprise.name}" in paper(letter)
    assert "【待填：地点】" in paper(letter)


def test_an_insured_elsewhere_is_filled_in_from_his_proof(
    ready_draft: Application, agent: User
) -> None:
    Material.objects.filter(application=ready_draft, number=7).delete()
    Material.objects.create(
        application=ready_draft,
        number=7,
        facts={"company": "某人力资源公司", "since": "2024-03-01"},
    )
    text = paper(begun("insurance", ready_draft, agent))
    assert "由某人力资源公司在【待填：代缴地】" in text
    assert "自2024年3月起连续参保" in text


def test_each_case_is_offered_what_it_may_need(ready_draft: Application) -> None:
    names = [kind.code.value for kind in kinds_for(ready_draft)]
    assert names == ["application", "profile", "commitment", "rules", "insurance"]
    ready_draft.kind = "cancel"
    assert [kind.code.value for kind in kinds_for(ready_draft)] == ["cancel"]


# Whom it serves -----------------------------------------------------------------------------------


def test_a_letter_serves_those_it_names_and_nobody_else(
    letter: WrittenLetter, second: Applicant, ready_draft: Application, agent: User
) -> None:
    other = Application.objects.create(
        enterprise=ready_draft.enterprise, applicant=second, created_by=agent
    )
    assert letter.serves(ready_draft)
    assert not letter.serves(other)
    assert second.id_number not in paper(letter)
    both = saved(letter, agent, ready_draft.applicant, second)
    assert both.serves(other)
    assert "等2人" in content_of(both, Showing.WHOLE).title
    profile = begun("profile", ready_draft, agent)
    assert profile.serves(other)


def test_who_is_ticked_later_begins_with_what_is_known_of_him(
    letter: WrittenLetter, second: Applicant, ready_draft: Application, agent: User
) -> None:
    first = ready_draft.applicant
    stored = saved(letter, agent, first, second, people_values={first.pk: OF_HIM})
    assert stored.values["people"][str(second.pk)]["持卡情况"] == "首次申办"
    assert content_of(stored, Showing.WHOLE).missing == list(OF_HIM)[:4]


def test_the_applicant_of_its_case_cannot_be_left_out(
    letter: WrittenLetter, second: Applicant, agent: User
) -> None:
    with pytest.raises(LetterRefused, match="要写明张样例"):
        saved(letter, agent, second)
    with pytest.raises(LetterRefused, match="至少勾选一位"):
        save_letter(letter, draft=draft_of(letter, people=[]), by=agent)


def test_a_colleague_who_is_not_ticked_must_not_stand_in_its_words(
    letter: WrittenLetter, second: Applicant, agent: User
) -> None:
    with pytest.raises(LetterRefused, match="写到了李样例"):
        saved(letter, agent, body=f"{letter.body}\n李样例一同前往。")
    with pytest.raises(LetterRefused, match="写到了李样例"):
        saved(letter, agent, values={**TYPED, "往来情况": "由李样例负责"})
    both = (*letter.applicants, second)
    assert saved(letter, agent, *both, body=f"{letter.body}\n李样例一同前往。").version == 2


def test_a_name_within_a_name_is_no_colleague(
    letter: WrittenLetter, ready_draft: Application, agent: User
) -> None:
    ApplicantFactory.create(enterprise=ready_draft.enterprise, name=ready_draft.applicant.name[:2])
    assert saved(letter, agent).version == 2


def test_nobody_of_another_enterprise_can_be_named(
    letter: WrittenLetter, other_enterprise: Enterprise, agent: User
) -> None:
    stranger = ApplicantFactory.create(enterprise=other_enterprise, name="外人")
    with pytest.raises(LetterRefused, match="不是本单位"):
        saved(letter, agent, *letter.applicants, stranger)


def test_places_that_are_no_fields_are_named_and_the_applicants_line_stays(
    letter: WrittenLetter, agent: User
) -> None:
    with pytest.raises(LetterRefused, match=r"不认识的\{公司名\}"):
        saved(letter, agent, body=f"{letter.body}\n{{公司名}}")
    with pytest.raises(LetterRefused, match=r"要有单独一行\{申请人\}"):
        saved(letter, agent, body="为他们申请。")


# Written by two -----------------------------------------------------------------------------------


def test_the_second_to_save_is_told_and_the_same_twice_is_one(
    letter: WrittenLetter, agent: User, officer: User
) -> None:
    mine, theirs = (WrittenLetter.objects.with_people().get(pk=letter.pk) for _ in range(2))
    assert saved(mine, agent).version == 2
    with pytest.raises(Overtaken):
        saved(theirs, officer, values={**TYPED, "成立年份": "2010"})
    theirs.version = 1
    assert saved(theirs, officer).version == 2
    stored = WrittenLetter.objects.get(pk=letter.pk)
    assert stored.values["fields"]["成立年份"] == "2009"


def test_the_same_click_twice_begins_one_letter(ready_draft: Application, agent: User) -> None:
    first, again = (
        begin_letter(
            "application",
            enterprise=ready_draft.enterprise,
            application=ready_draft,
            by=agent,
            nonce="12345678",
        )
        for _ in range(2)
    )
    assert first == again


def test_an_agent_writes_no_receipt_and_no_statement_without_a_case(
    submitted: Application, agent: User
) -> None:
    with pytest.raises(LetterRefused, match="由服务站出具"):
        begun("receipt", submitted, agent)
    with pytest.raises(LetterRefused, match="要在那一件申请里写"):
        begin_letter("cancel", enterprise=submitted.enterprise, application=None, by=agent)


# Both forms ---------------------------------------------------------------------------------------


def test_the_pdf_says_what_the_word_file_says(letter: WrittenLetter, agent: User) -> None:
    stored = saved(letter, agent)
    pdf = words_of(pdf_of(content_of(stored, Showing.WHOLE)))
    for line in paper(stored).splitlines():
        assert "".join(line.split()) in pdf.replace("第1页，共1页", "")


def test_the_receipt_says_number_materials_day_station_and_hotline(
    submitted: Application, settings: object
) -> None:
    Application.objects.filter(pk=submitted.pk).update(due_at=timezone.now(), due_days=2)
    submitted.refresh_from_db()
    content = receipt_of(submitted)
    assert content is not None
    text = "\n".join([content.to, *content.paragraphs, *content.sign])
    for wanted in (
        submitted.reference,
        "材料1企业申请公函及公司简介（1页）",
        "由审核表替代",
        "完成预审",
        settings.STATION_NAME,  # type: ignore[attr-defined]
        settings.HOTLINE,  # type: ignore[attr-defined]
    ):
        assert wanted in text
    assert content.missing == []


def test_a_blank_sheet_holds_nothing_of_anybody() -> None:
    for kind in KINDS.values():
        content = blank_of(kind)
        assert "待填" not in str(content.context)
        assert content.missing == []


# Pages --------------------------------------------------------------------------------------------


def test_from_a_case_a_letter_is_begun_edited_and_downloaded(
    client_of: ClientOf, agent: User, ready_draft: Application
) -> None:
    desk = client_of(agent)
    page = desk.get(reverse("letters:of_application", args=[ready_draft.pk])).text
    assert "只列写明张样例的" in page
    begin = reverse("letters:begin_for_application", args=[ready_draft.pk, "application"])
    answer = desk.post(begin, {"nonce": "abcdefgh12"}, follow=True)
    letter = WrittenLetter.objects.get()
    assert "<mark>【待填：成立年份】</mark>" in answer.text
    assert ready_draft.applicant.id_number not in answer.text
    data = {
        "seen_version": "1",
        "people": [str(ready_draft.applicant_id)],
        "field-0": "2009",
        "body": letter.body,
        "person_line": letter.person_line,
    }
    assert "成立于2009年" in desk.post(letter.get_absolute_url(), data, follow=True).text
    for ending, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        file = desk.get(reverse("letters:letter_file", args=[letter.pk, ending]))
        assert file.content.startswith(start)
        assert file.headers["Cache-Control"] == "private, no-store"


def test_the_second_editor_reads_what_stands_now_beside_what_he_typed(
    client_of: ClientOf, agent: User, officer: User, letter: WrittenLetter
) -> None:
    saved(letter, agent)
    data = {
        "seen_version": "1",
        "people": [str(letter.applicants[0].pk)],
        "field-0": "2010",
        "body": letter.body,
        "person_line": letter.person_line,
    }
    answer = client_of(officer).post(letter.get_absolute_url(), data)
    assert answer.status_code == 422
    assert "现在存着的是“2009”。" in answer.text
    assert 'value="2010"' in answer.text
    assert 'name="seen_version" value="2"' in answer.text


def test_a_template_with_its_own_words_leaves_only_the_fields(
    client_of: ClientOf, agent: User, officer: User, letter: WrittenLetter
) -> None:
    assert 'name="body"' in client_of(agent).get(letter.get_absolute_url()).text
    LetterTemplate.objects.create(
        code="application",
        version=1,
        fields=["单位名称"],
        created_by=officer,
        file=stored_picture(picture(2)),
    )
    page = client_of(agent).get(letter.get_absolute_url()).text
    assert 'name="body"' not in page
    assert "这里只填各项内容，文字不在这里改" in page


def test_the_lists_cost_the_same_for_one_and_for_thirty(
    client_of: ClientOf,
    agent: User,
    officer: User,
    ready_draft: Application,
    django_assert_max_num_queries: object,
) -> None:
    begun("application", ready_draft, agent)
    pages = [
        (officer, reverse("letters:desk")),
        (agent, reverse("letters:of_enterprise", args=[ready_draft.enterprise_id])),
        (agent, reverse("letters:of_application", args=[ready_draft.pk])),
    ]
    for count in (1, 30):
        for _ in range(count - 1):
            begun("application", ready_draft, agent)
        for who, address in pages:
            with django_assert_max_num_queries(12):  # type: ignore[operator]
                answer = client_of(who).get(address)
            assert len(answer.content) < 60 * 1024


def test_a_draft_that_is_deleted_is_gone_and_the_case_stays(
    client_of: ClientOf, agent: User, letter: WrittenLetter
) -> None:
    client_of(agent).post(reverse("letters:letter_delete", args=[letter.pk]))
    assert not WrittenLetter.objects.exists()
    assert Application.objects.exists()


def test_the_guide_offers_each_sheet_as_word_file_too(client: Client) -> None:
    page = client.get(reverse("outreach:downloads")).text
    assert (page.count(".docx"), page.count(".pdf")) == (7, 7)
    for code in ("application-letter", "commitment", "rules", "authorisation"):
        answer = client.get(reverse("outreach:paper_docx", args=[code]))
        assert answer.content.startswith(b"PK")
        text = "\n".join(line.text for line in lines_of(answer.content))
        assert "＿＿" in text
        assert "待填" not in text
