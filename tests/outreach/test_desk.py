"""The desk: who calls is found, what he asks is kept, answered, handed on and counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from applications.models import Application
from core.versions import Overtaken
from enterprises.models import Contact, Demand, Enterprise
from notices.models import Notice
from outreach.desk import services, taking
from outreach.desk.answers import answers_for
from outreach.desk.callers import Subject, look_up
from outreach.desk.figures import desk_figures
from outreach.desk.services import Asker
from outreach.desk.taking import Asking, DeskRefused
from outreach.desk.tasks_of_officer import tasks
from outreach.models import Consultation, ConsultationHanding, ConsultationTopic, Question
from tests.conftest import ClientOf
from tests.factories import EnterpriseFactory
from tests.outreach.factories import ConsultationFactory

pytestmark = pytest.mark.django_db
NEW = "outreach:desk_new"


def topic() -> ConsultationTopic:
    return ConsultationTopic.objects.get(name="资格条件")


def page(client: Client, **typed: Any) -> dict[str, Any]:
    """What the screen sends: a call of just now, with what the test is about."""
    form = client.get(reverse(NEW)).context["form"]
    return {
        "words": "",
        "text": "服务业能办吗？",
        "topic": topic().pk,
        "channel": "call",
        "asked_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "nonce": form.fields["nonce"].initial,
        "act": "wait",
    } | typed


def row_of_ledger(**facts: Any) -> Demand:
    usual = {"name": "重庆市万州区青禾贸易有限公司", "source": "list"}
    return Demand.objects.create(**usual | facts)


# Who calls ----------------------------------------------------------------------------------------


def test_a_caller_is_found_by_his_number_with_the_case_and_a_sentence_to_say(
    submitted: Application, officer: User
) -> None:
    applicant = submitted.applicant
    caller = look_up(applicant.phone, by=officer)[0]
    assert caller.name == submitted.enterprise.name
    case = caller.cases[0]
    assert submitted.reference in case.title
    assert case.say.startswith(f"{applicant.name}的申请：")
    assert "现在由服务站" in case.say


def test_a_case_that_is_over_is_not_among_the_open_ones(
    submitted: Application, officer: User
) -> None:
    Application.objects.filter(pk=submitted.pk).update(status="withdrawn")
    assert look_up(submitted.enterprise.name, by=officer)[0].cases == []


def test_a_row_of_the_ledger_is_found_by_the_tail_of_its_number_and_by_a_near_name(
    officer: User,
) -> None:
    row = row_of_ledger(contact_phone="13800005678")
    assert [one.key for one in look_up("5678", by=officer)] == [f"d{row.pk}"]
    assert [one.key for one in look_up("青和贸易", by=officer)] == [f"d{row.pk}"]
    assert look_up("毫不相干的单位", by=officer) == []


def test_an_enterprise_and_its_row_are_one_caller(enterprise: Enterprise, officer: User) -> None:
    row_of_ledger(name=enterprise.name, enterprise=enterprise)
    found = look_up(enterprise.name, by=officer)
    assert [one.key for one in found] == [f"e{enterprise.pk}"]
    assert "台账：未联系" in found[0].detail


def test_what_the_number_asked_before_stands_beside(officer: User) -> None:
    row = row_of_ledger(contact_phone="13800005678")
    taken(officer, subject=Subject(None, row))
    earlier = look_up("13800005678", by=officer)[0].earlier
    assert [(one.text, "待答复" in one.detail) for one in earlier] == [("服务业能办吗？", True)]


def test_looking_up_takes_as_many_queries_for_one_as_for_five(
    officer: User, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk = client_of(officer)
    for count in (1, 4):
        for _ in range(count):
            made = EnterpriseFactory.create(name=f"青禾第{Enterprise.objects.count()}公司")
            row_of_ledger(name=made.name, enterprise=made)
        with django_assert_max_num_queries(12):
            found = desk.post(reverse("outreach:desk_look_up"), {"words": "青禾"})
    assert found.json()["count"] == 5


# Taking down --------------------------------------------------------------------------------------


def taken(by: User, *, answer: str = "", wants_draft: bool = False, **other: Any) -> Consultation:
    usual: dict[str, Any] = {
        "asker": Asker("来电人", "13800005678", ""),
        "channel": "call",
        "asked_at": timezone.now(),
        "text": "服务业能办吗？",
        "topic": None,
        "subject": Subject(),
    }
    nonce = other.pop("nonce", f"taken-{Consultation.objects.count():026d}")
    return taking.take_down(
        Asking(**usual | other),
        answer=answer,
        question=None,
        wants_draft=wants_draft,
        nonce=nonce,
        by=by,
    )


def test_what_is_answered_at_once_is_closed_and_counts_as_told(
    client_of: ClientOf, officer: User
) -> None:
    row, question = row_of_ledger(), Question.objects.on_show()[0]
    desk = client_of(officer)
    data = page(
        desk, subject=f"d{row.pk}", question=question.pk, answer="能办。", act="answer",
        words="138 0000 5678",
    )  # fmt: skip
    desk.post(reverse(NEW), data)
    desk.post(reverse(NEW), data)
    made = Consultation.objects.get()
    assert (made.demand, made.phone, made.is_open) == (row, "13800005678", False)
    assert (made.question, made.question_version) == (question, question.version)
    assert (made.taken_by, made.topic, made.name) == (officer, topic(), "来电人")
    row.refresh_from_db()
    contact = row.contacts.get()
    assert (row.stage, contact.kind, contact.is_telling) == (
        "told",
        Contact.Kind.CONSULTATION,
        True,
    )


def test_what_has_no_answer_waits_with_a_clock_and_becomes_a_draft_of_a_question(
    client_of: ClientOf, officer: User
) -> None:
    desk = client_of(officer)
    desk.post(reverse(NEW), page(desk, wants_draft="on", text="驾驶证能代替护照吗？"))
    row = Consultation.objects.get()
    assert row.is_open
    assert row.due_at > timezone.now()
    draft = row.drafted
    assert draft is not None
    assert (draft.text, draft.answer, draft.is_shown) == ("驾驶证能代替护照吗？", "", False)
    assert {"请答复咨询", "请补写常见问题"} <= {task.title for task in tasks(officer)}
    services.answer_question(row, answer="不能。", question=None, by=officer)
    form = desk.get(draft.get_absolute_url()).context["form"]
    assert form.initial["answer"] == "不能。"


def test_a_new_enterprise_becomes_a_row_of_the_ledger(client_of: ClientOf, officer: User) -> None:
    desk = client_of(officer)
    data = page(desk, subject="new", words="万州新来的贸易行", phone="13800005678")
    desk.post(reverse(NEW), data)
    row = Demand.objects.get(name="万州新来的贸易行")
    assert (row.source, row.contact_phone) == ("call", "13800005678")
    assert Consultation.objects.get().demand == row
    assert row.contacts.get().is_telling is False


def test_a_new_row_with_nearly_the_name_of_another_is_asked_about_once(
    client_of: ClientOf, officer: User
) -> None:
    row = row_of_ledger()
    desk = client_of(officer)
    data = page(desk, subject="new", words="13800005678", enterprise_name="万州青禾贸易")
    asked = desk.post(reverse(NEW), data)
    assert asked.status_code == 422
    assert "台账里有名称相近的" in asked.content.decode()
    assert [one.row for one in asked.context["callers"]] == [row.pk]
    assert f'value="d{row.pk}"' in asked.content.decode()
    assert not Consultation.objects.exists()
    # It is that one after all, or it is another company indeed.
    desk.post(reverse(NEW), data | {"subject": f"d{row.pk}", "seen": f"{row.pk},"})
    assert Consultation.objects.get().demand == row
    assert Demand.objects.count() == 1
    data = page(desk, subject="new", words="13800005678", enterprise_name="万州青禾贸易")
    desk.post(reverse(NEW), data | {"seen": f"{row.pk},"})
    assert Demand.objects.filter(name="万州青禾贸易").exists()


def test_a_row_that_stood_among_the_callers_is_not_asked_about_again(
    client_of: ClientOf, officer: User
) -> None:
    row = row_of_ledger()
    desk = client_of(officer)
    looked = desk.post(reverse(NEW), page(desk, words="青禾", look="who")).content.decode()
    assert f'value="{row.pk},"' in looked


def test_for_an_enterprise_that_signed_up_it_is_kept_with_its_row(
    client_of: ClientOf, officer: User, enterprise: Enterprise
) -> None:
    desk = client_of(officer)
    desk.post(reverse(NEW), page(desk, subject=f"e{enterprise.pk}"))
    made = Consultation.objects.get()
    assert made.enterprise == enterprise
    assert made.demand == Demand.objects.get(enterprise=enterprise)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"act": "answer"}, "请写下答复"),
        ({"subject": "new", "words": "13800005678"}, "请写单位名称"),
        ({"subject": "d999999"}, "选的单位找不到了"),
        ({"asked_at": "2020-01-01T09:00"}, "一年以前"),
        ({"asked_at": "2199-01-01T09:00"}, "还没有到这个时间"),
        ({"text": ""}, "问什么"),
    ],
)
def test_what_is_lacking_is_said_and_nothing_is_kept(
    client_of: ClientOf, officer: User, typed: dict[str, str], words: str
) -> None:
    desk = client_of(officer)
    answer = desk.post(reverse(NEW), page(desk, **typed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Consultation.objects.exists()


def test_without_a_script_a_button_looks_up_and_keeps_what_was_typed(
    client_of: ClientOf, officer: User
) -> None:
    row = row_of_ledger()
    desk = client_of(officer)
    answer = desk.post(reverse(NEW), page(desk, words="青禾", faq="换了护照", look="who"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert row.name in shown
    assert "服务业能办吗？" in shown
    assert "用这一条答复" in shown
    assert not Consultation.objects.exists()


def test_answers_at_hand_are_filled_and_name_their_version() -> None:
    Question.objects.filter(pk=Question.objects.all()[0].pk).update(
        text="费用是多少？", answer="每张卡{cards.fee}元。", version=7
    )
    found = answers_for("费用 每张卡")[0]
    assert (found.answer, found.version) == ("每张卡720元。", 7)
    assert answers_for("费") == []


# Following ----------------------------------------------------------------------------------------


def test_handed_to_a_colleague_it_is_his(
    officer: User, other_officer: User, client_of: ClientOf
) -> None:
    row = taken(officer)
    desk = client_of(officer)
    url = reverse("outreach:consultation_hand", args=[row.pk])
    form = desk.get(url).context["form"]
    data = {
        "to": f"u{other_officer.pk}",
        "request": "您更熟悉",
        "nonce": form.fields["nonce"].initial,
        "seen_version": row.version,
    }
    desk.post(url, data)
    desk.post(url, data)
    row.refresh_from_db()
    assert row.owner == other_officer
    assert ConsultationHanding.objects.count() == 1
    assert Notice.objects.filter(recipient=other_officer, cause__contains="handing").count() == 1
    assert "转给您的咨询" in [task.title for task in tasks(other_officer)]
    assert tasks(officer) == []
    listed = client_of(other_officer).get(f"{reverse('outreach:consultation_list')}?mine=1")
    assert "服务业能办吗" in listed.content.decode()


def test_a_department_replies_without_knowing_who_asked(
    officer: User, tax_liaison: User, police_liaison: User, client_of: ClientOf
) -> None:
    row = taken(officer, asker=Asker("王经理", "13800005678", "某某公司"))
    made = taking.hand_on(
        row,
        colleague=None,
        department=tax_liaison.department,
        request="纳税证明要哪一年的？",
        nonce="n" * 32,
        by=officer,
    )
    url = made.get_absolute_url()
    assert client_of(police_liaison).get(url).status_code == 404
    seen = client_of(tax_liaison).get(url).content.decode()
    assert "纳税证明要哪一年的" in seen
    assert "王经理" not in seen
    assert "某某公司" not in seen
    client_of(tax_liaison).post(url, {"words": "上一年度的。"})
    client_of(tax_liaison).post(url, {"words": "第二次"})
    made.refresh_from_db()
    assert (made.reply, made.replied_by) == ("上一年度的。", tax_liaison)
    assert Notice.objects.filter(recipient=officer, cause__endswith=":reply").count() == 1
    shown = client_of(officer).get(row.get_absolute_url()).content.decode()
    assert "上一年度的。" in shown
    listed = client_of(tax_liaison).get(reverse("outreach:handing_list")).content.decode()
    assert "已回复" in listed


def test_what_is_answered_is_not_handed_on(officer: User, other_officer: User) -> None:
    row = taken(officer, answer="能。")
    with pytest.raises(DeskRefused, match="已经答复"):
        taking.hand_on(
            row, colleague=other_officer, department=None, request="x", nonce="n" * 32, by=officer
        )


def test_a_question_of_the_public_page_is_put_to_its_row(
    client_of: ClientOf, officer: User
) -> None:
    row, demand = ConsultationFactory.create(), row_of_ledger()
    desk = client_of(officer)
    url = reverse("outreach:consultation_sort", args=[row.pk])
    data = {"subject": f"d{demand.pk}", "topic": topic().pk, "seen_version": row.version}
    desk.post(url, data)
    desk.post(url, data | {"subject": ""})
    row.refresh_from_db()
    assert (row.demand, row.topic) == (demand, topic())
    assert demand.contacts.count() == 1


def test_of_two_who_sort_it_the_second_is_told(officer: User) -> None:
    row = ConsultationFactory.create()
    late = Consultation.objects.get(pk=row.pk)
    taking.sort(row, topic=topic(), subject=Subject(), by=officer)
    with pytest.raises(Overtaken):
        taking.sort(late, topic=None, subject=Subject(), by=officer)


def test_who_answers_second_is_told_and_keeps_his_words(
    client_of: ClientOf, officer: User, other_officer: User
) -> None:
    row = ConsultationFactory.create()
    url = row.get_absolute_url()
    seen = {"seen_version": row.version, "question": ""}
    client_of(officer).post(url, seen | {"answer": "能，先登记企业。"})
    late = client_of(other_officer).post(url, seen | {"answer": "请带上执照来窗口。"}).text
    assert "别人已经处理了，没有再保存" in late
    assert "您写的，没有保存" in late
    assert "请带上执照来窗口。" in late
    row.refresh_from_db()
    assert row.answer == "能，先登记企业。"


def test_an_answer_from_a_common_question_is_plain_text(client_of: ClientOf, officer: User) -> None:
    row, question = ConsultationFactory.create(), Question.objects.on_show()[0]
    Question.objects.filter(pk=question.pk).update(
        answer="**可以**。见[国家系统](https://abtc.example/)。"
    )
    desk, url = client_of(officer), row.get_absolute_url()
    assert f'value="{question.pk}">{question.text}' in desk.get(url).text
    page = desk.post(url, {"take": question.pk, "answer": "", "seen_version": row.version})
    assert page.context["form"]["answer"].value().startswith("可以。见国家系统")


def test_a_common_answer_is_added_to_what_was_typed(client_of: ClientOf, officer: User) -> None:
    row, question = ConsultationFactory.create(), Question.objects.on_show()[0]
    Question.objects.filter(pk=question.pk).update(answer="可以。")
    desk, url = client_of(officer), row.get_absolute_url()
    typed = {"take": question.pk, "answer": "王经理，您好：", "seen_version": row.version}
    form = desk.post(url, typed).context["form"]
    assert form["answer"].value() == "王经理，您好：\n\n可以。"
    assert str(form["question"].value()) == str(question.pk)
    # Twice it is not there twice; one that is gone changes nothing.
    again = desk.post(url, typed | {"answer": form["answer"].value()}).context["form"]
    assert again["answer"].value() == "王经理，您好：\n\n可以。"
    gone = desk.post(url, typed | {"take": "999999"}).context["form"]
    assert gone["answer"].value() == "王经理，您好："
    row.refresh_from_db()
    assert row.is_open


def test_showing_the_number_keeps_a_half_written_answer(client_of: ClientOf, officer: User) -> None:
    row = ConsultationFactory.create()
    url = reverse("outreach:consultation_reveal", args=[row.pk])
    desk = client_of(officer)
    assert f'formaction="{url}"' in desk.get(row.get_absolute_url()).text
    shown = desk.post(url, {"answer": "写到一半", "seen_version": row.version})
    assert shown.context["form"]["answer"].value() == "写到一半"


# Figures ------------------------------------------------------------------------------------------


def test_a_period_is_counted_by_topic_and_channel(officer: User, client_of: ClientOf) -> None:
    now = timezone.now()
    for channel, kept, answer in (
        ("call", topic(), "答"),
        ("call", topic(), ""),
        ("mail", None, "答"),
    ):
        taken(officer, channel=channel, topic=kept, answer=answer)
    late = taken(officer, channel="mail", topic=topic(), answer="答")
    Consultation.objects.filter(pk=late.pk).update(due_at=now - timedelta(days=1))
    old = taken(officer)
    Consultation.objects.filter(pk=old.pk).update(asked_at=now - timedelta(days=40))
    today = timezone.localdate()
    figures = desk_figures(Consultation.objects.all(), today, today)
    assert [(line.topic, line.counts) for line in figures.lines] == [
        ("资格条件", [2, 0, 1, 0]),
        ("未分主题", [0, 0, 1, 0]),
    ]
    assert (figures.total, figures.answered, figures.in_time, figures.open) == (4, 3, 2, 1)
    assert Consultation.objects.between(today, today).by_topic() == {"资格条件": 3, "未分主题": 1}
    assert Consultation.objects.between(today, today).by_channel() == {"电话": 2, "邮件": 2}
    shown = client_of(officer).get(
        reverse("outreach:consultation_figures"),
        {"first": today.isoformat(), "last": today.isoformat()},
    )
    assert "收到咨询4件" in shown.content.decode()


def test_topics_are_the_stations_own(client_of: ClientOf, officer: User) -> None:
    desk = client_of(officer)
    kept = topic()
    url = reverse("outreach:topic_change", args=[kept.pk])
    desk.post(url, {"name": "谁能办", "position": 10, "seen_version": kept.version})
    kept.refresh_from_db()
    assert (kept.name, kept.is_used) == ("谁能办", False)
    form = desk.get(reverse(NEW)).context["form"]
    assert kept not in form.fields["topic"].queryset
