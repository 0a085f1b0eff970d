"""Pages of the filing: one next step, entries with their pictures, the board, a pasted message."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from applications.models import Application, Material, ReturnReason
from cards.filing.board import EconomyReport, report_economies
from cards.filing.messages.proposals import Proposed, enter_proposed
from cards.filing.messages.reader import MessageItem
from cards.filing.services import enter_step
from cards.holding.services import issue_card
from cards.models import EconomyApproval, Filing, FilingEvent, FilingPage
from cards.workflow import StepCode
from enterprises.models import Enterprise
from materials.economies import NAMES
from tests.cards.conftest import ago, endorse, entry, walk
from tests.conftest import ClientOf
from tests.factories import (
    ApplicantFactory,
    DemandFactory,
    EnterpriseFactory,
    agent_of,
    picture,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client_of: ClientOf, agent: User) -> Client:
    return client_of(agent)


def address(application: Application) -> str:
    return reverse("cards:filing", args=[application.pk])


def card_address(application: Application) -> str:
    return reverse("cards:card_of_application", args=[application.pk])


def enter_address(application: Application, step: str) -> str:
    return reverse("cards:filing_enter", args=[application.pk, step])


def hidden(page: str) -> dict[str, str]:
    """The nonce and what the page showed, as its form sends them."""
    fields = re.findall(r'<input type="hidden" name="(nonce|seen\w*)" value="([^"]*)"', page)
    return dict(fields)


# The page ------------------------------------------------------------------------------------


def test_before_anything_was_entered_it_says_how_to_register(
    desk: Client, endorsed: Application
) -> None:
    page = desk.get(address(endorsed)).text
    assert "电子营业执照" in page
    assert "外商独资、中外合资和港澳台企业不能自行注册，请先联系市政府外办" in page
    assert "由谁办：<strong>贵单位经办人</strong>" in page
    assert f'href="{enter_address(endorsed, "registered")}"' in page
    assert f'href="{reverse("cards:national", args=[endorsed.pk])}"' in page
    assert not Filing.objects.exists()


def test_other_kinds_of_enterprise_are_sent_to_the_city_office_first(
    desk: Client, endorsed: Application
) -> None:
    Enterprise.objects.update(kind=Enterprise.Kind.OTHER)
    page = desk.get(address(endorsed)).text
    assert page.index("不能自行注册") < page.index("法定代表人先在")


def test_each_stage_has_its_one_next_step_and_says_who_holds_the_ball(
    desk: Client, endorsed: Application, agent: User
) -> None:
    expected = {
        StepCode.REGISTERED: ("贵单位经办人", "filed"),
        StepCode.FILED: ("市政府外办", "accepted"),
        StepCode.ACCEPTED: ("贵单位经办人", "paid"),
        StepCode.PAID: ("外交部领事司", "passed"),
        StepCode.PASSED: ("各经济体", ""),
        StepCode.PRINTED: ("市政府外办", "ready"),
        StepCode.READY: ("贵单位经办人", "collected"),
        StepCode.COLLECTED: ("贵单位经办人", "issued"),
    }
    for code, days, facts in (
        (StepCode.REGISTERED, 95, {}),
        (StepCode.FILED, 90, {"number": "SQ1"}),
        (StepCode.ACCEPTED, 86, {}),
        (StepCode.PAID, 85, {}),
        (StepCode.PASSED, 80, {}),
        (StepCode.PRINTED, 10, {}),
        (StepCode.READY, 8, {"place": "外办"}),
        (StepCode.COLLECTED, 6, {"person": "甲"}),
    ):
        enter_step(endorsed, code, entry(days, **facts), by=agent)
        page = desk.get(address(endorsed)).text
        who, step = expected[code]
        assert f"由谁办：<strong>{who}</strong>" in page, code
        main = re.search(r'class="btn btn-primary"\s+href="([^"]+)"', page)
        assert main is not None
        expected_address = enter_address(endorsed, step) if step else board_address(endorsed)
        if code == StepCode.COLLECTED:
            expected_address = card_address(endorsed)
        assert main[1] == expected_address


def test_a_collected_card_is_entered_first_and_then_handed_over(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.COLLECTED, by=agent)
    page = desk.get(address(endorsed)).text
    assert page.index(f'href="{card_address(endorsed)}"') < page.index(
        f'href="{enter_address(endorsed, "issued")}"'
    )


@pytest.mark.parametrize("until", [StepCode.COLLECTED, StepCode.ISSUED])
def test_once_the_card_is_entered_the_page_leads_to_it_and_does_not_ask_again(
    until: StepCode, desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, until, by=agent)
    assert "请登记这张卡" in desk.get(address(endorsed)).text
    card = issue_card(
        number="C12345678",
        issued_on=ago(10),
        card_until=ago(-1500),
        economies={"JPN": None},
        application=endorsed,
        by=agent,
    )
    page = desk.get(address(endorsed)).text
    assert f'href="{card.get_absolute_url()}"' in page
    assert "请登记这张卡" not in page
    assert f'href="{card_address(endorsed)}"' not in page


def test_home_does_not_send_a_collected_card_to_the_national_system(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.COLLECTED, by=agent)
    page = desk.get("/").text
    assert "审核通过，请到国家系统填报" not in page
    assert page.index("等您办理") < page.index(f'href="{card_address(endorsed)}"')


def test_paying_names_the_fee_its_source_and_warns_of_middlemen(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.ACCEPTED, by=agent)
    page = desk.get(address(endorsed)).text
    assert "缴费720元（中山市外事局办事指南" in page
    assert "没有任何中介、旅行社可以代办，也不用向个人或本站转账" in page
    assert "不要转账给个人" in desk.get(enter_address(endorsed, "paid")).text


def test_officer_and_station_head_see_the_same_page(
    client_of: ClientOf, officer: User, station_head: User, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.PASSED, by=agent)
    for person in (officer, station_head):
        page = client_of(person).get(address(endorsed)).text
        assert "外交部审核通过" in page
        assert "SQ20260001" in page
        assert "没有消息不等于被拒" in page
        assert (enter_address(endorsed, "printed") in page) == (person is officer)


def test_another_enterprise_sees_nothing(
    client_of: ClientOf, other_agent: User, endorsed: Application
) -> None:
    for name in ("filing", "board", "early_print", "case_message"):
        response = client_of(other_agent).get(reverse(f"cards:{name}", args=[endorsed.pk]))
        assert response.status_code == 404


def test_every_stop_has_its_usual_time_with_the_source(
    desk: Client, endorsed: Application, agent: User
) -> None:
    page = desk.get(address(endorsed)).text
    assert "通常3个工作日左右（温州市外办公布的时限，未经市政府外办确认）" in page
    assert "通常2至8个月" in page
    assert "本站" not in re.findall(r"通常2至8个月.*?</p>\s*(.*?)</li>", page, re.DOTALL)[0]


def test_from_ten_own_cases_on_their_range_stands_beside_it(
    desk: Client, endorsed: Application, enterprise: Enterprise, agent: User
) -> None:
    for number in range(10):
        case = endorse(ApplicantFactory.create(enterprise=enterprise))
        Filing.objects.create(
            application=case,
            stage="passed",
            stage_on=ago(50),
            filed_on=ago(60),
            accepted_on=ago(60 - number),
        )
    page = desk.get(address(endorsed)).text
    # 0 to 9 days: the middle between 4 and 5, eight of ten within 7.
    assert "本站10件：一半在5天内，八成在7天内" in page
    Filing.objects.first().delete()  # type: ignore[union-attr]
    assert "本站9件" not in desk.get(address(endorsed)).text
    assert "八成在" not in desk.get(address(endorsed)).text


def test_what_nobody_entered_is_said(desk: Client, endorsed: Application, agent: User) -> None:
    enter_step(endorsed, StepCode.FILED, entry(90, number="SQ1"), by=agent)
    enter_step(endorsed, StepCode.PASSED, entry(80), by=agent)
    assert desk.get(address(endorsed)).text.count("没有登记过哪天办好") == 3


# Entering ------------------------------------------------------------------------------------


def test_filing_is_entered_with_its_number(desk: Client, endorsed: Application) -> None:
    form = desk.get(enter_address(endorsed, "filed")).text
    sent = {**hidden(form), "on": ago(3).isoformat(), "source": "system", "number": "SQ2026-1"}
    response = desk.post(enter_address(endorsed, "filed"), sent, follow=True)
    assert "已登记“已在国家系统提交”。" in response.text
    assert Filing.objects.get().national_number == "SQ2026-1"
    # The same page once more, as by a double click.
    again = desk.post(enter_address(endorsed, "filed"), sent, follow=True)
    assert again.redirect_chain
    assert FilingEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"number": ""}, "请填写国家系统的申请编号。"),
        ({"on": ""}, "请填写日期。"),
        ({"on": "昨天"}, "没有认出这个日期。"),
        ({"on": "9999-12-31"}, "年"),
        ({"on": ago(-1).isoformat()}, "日期还没有到。"),
        ({"on": ago(200).isoformat()}, "早于审核通过的日期"),
        ({"source": "crystal ball"}, ""),
        ({"number": "9" * 10_000}, ""),
        ({"seen": "9" * 400}, ""),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(
    changed: dict[str, str], message: str, desk: Client, endorsed: Application
) -> None:
    sent = {"on": ago(3).isoformat(), "source": "system", "number": "SQ1", "seen": "0"}
    response = desk.post(enter_address(endorsed, "filed"), {**sent, **changed})
    assert response.status_code == 422
    assert message in response.text
    assert "有内容需要改正" in response.text
    assert not FilingEvent.objects.exists()


@pytest.mark.parametrize("number", ["SQ", "SQ@@1", "申请20261", "SQ_1", "-"])
def test_what_is_no_number_of_the_national_system_is_refused(
    number: str, desk: Client, endorsed: Application
) -> None:
    sent = {"on": ago(3).isoformat(), "source": "system", "number": number}
    response = desk.post(enter_address(endorsed, "filed"), sent)
    assert response.status_code == 422
    assert "只有字母、数字和短横线" in response.text
    assert not FilingEvent.objects.exists()


def test_a_number_is_kept_without_blanks_in_half_width(desk: Client, endorsed: Application) -> None:
    sent = {"on": ago(3).isoformat(), "source": "system", "number": " ＳＱ 2026-1 "}
    desk.post(enter_address(endorsed, "filed"), sent)
    assert Filing.objects.get().national_number == "SQ2026-1"


def test_a_number_that_another_case_has_is_refused_with_whose_it_is(
    desk: Client, endorsed: Application, enterprise: Enterprise, agent: User
) -> None:
    other = endorse(ApplicantFactory.create(enterprise=enterprise, name="李样例"))
    enter_step(other, StepCode.FILED, entry(60, number="SQ20269999"), by=agent)
    sent = {"on": ago(3).isoformat(), "source": "system", "number": "sq20269999"}
    response = desk.post(enter_address(endorsed, "filed"), sent)
    assert response.status_code == 422
    assert "已经登记在另一件申请上（李样例" in response.text
    assert FilingEvent.objects.count() == 1


def test_whose_number_it_is_stays_hidden_from_another_enterprise(
    desk: Client, endorsed: Application
) -> None:
    foreign = endorse(ApplicantFactory.create(enterprise=EnterpriseFactory.create(), name="赵外人"))
    Filing.objects.create(
        application=foreign, stage="passed", stage_on=ago(9), national_number="SQ555001"
    )
    sent = {"on": ago(3).isoformat(), "source": "system", "number": "SQ555001"}
    response = desk.post(enter_address(endorsed, "filed"), sent)
    assert "编号SQ555001已经登记在另一件申请上。" in response.text
    assert "赵外人" not in response.text


def test_long_texts_are_not_cut_off_but_refused(desk: Client, endorsed: Application) -> None:
    page = desk.get(enter_address(endorsed, "stopped")).text
    assert "<textarea" in page
    assert not re.search(r"<textarea[^>]*maxlength", page)
    sent = {"on": ago(3).isoformat(), "source": "system", "words": "长" * 501}
    response = desk.post(enter_address(endorsed, "stopped"), sent)
    assert response.status_code == 422
    assert "501" in response.text
    page = desk.get(case_message(endorsed)).text
    assert not re.search(r"<textarea[^>]*maxlength", page)


def test_a_nul_is_no_error_of_ours(desk: Client, endorsed: Application) -> None:
    sent = {"on": ago(3).isoformat(), "source": "system", "number": "SQ\x001", "nonce": "a\x00b"}
    response = desk.post(enter_address(endorsed, "filed"), sent)
    assert response.status_code in (302, 422)


def test_a_receipt_is_kept_as_pictures_and_looking_at_it_is_recorded(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.ACCEPTED, by=agent)
    receipt = SimpleUploadedFile("凭证.jpg", picture(8), "image/jpeg")
    sent = {"on": ago(2).isoformat(), "source": "system", "files": receipt}
    response = desk.post(enter_address(endorsed, "paid"), sent, follow=True)
    assert "已登记“已缴费”。" in response.text
    page = FilingPage.objects.get()
    shown = desk.get(reverse("cards:filing_page", args=[endorsed.pk, page.pk]))
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content)  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(action="filing.view_page", actor=agent).count() == 1
    assert "缴费凭证还没有传到这里" not in desk.get(address(endorsed)).text


def test_what_is_no_picture_is_refused_and_nothing_is_entered(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.ACCEPTED, by=agent)
    wrong = SimpleUploadedFile("凭证.exe", b"MZ\x00\x00", "image/jpeg")
    sent = {"on": ago(2).isoformat(), "source": "system", "files": wrong}
    response = desk.post(enter_address(endorsed, "paid"), sent)
    assert response.status_code == 422
    assert "凭证.exe" in response.text
    assert Filing.objects.get().paid_on is None


def test_without_a_receipt_the_page_asks_for_it(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.PAID, by=agent)
    page = desk.get(address(endorsed)).text
    assert "缴费凭证还没有传到这里" in page
    assert enter_address(endorsed, "receipt") in page


def test_a_return_is_entered_with_reasons_and_shown_with_what_to_do(
    client_of: ClientOf, officer: User, desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.FILED, by=agent)
    reason = ReturnReason.objects.get(code="R01")
    sent = {"on": ago(50).isoformat(), "source": "phone", "reasons": [reason.pk]}
    client_of(officer).post(enter_address(endorsed, "returned"), sent)
    page = desk.get(address(endorsed)).text
    assert f"退回原因：{reason.defect}" in page
    assert "市政府外办退回了这件申请" in page
    assert enter_address(endorsed, "refiled") in page


def test_the_second_officer_is_told_of_the_first(
    client_of: ClientOf, officer: User, other_officer: User, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.FILED, by=agent)
    second = client_of(other_officer)
    sent = {"on": ago(50).isoformat(), "source": "system"}
    opened = hidden(second.get(enter_address(endorsed, "accepted")).text)
    first = client_of(officer)
    first.post(
        enter_address(endorsed, "accepted"),
        {**sent, **hidden(first.get(enter_address(endorsed, "accepted")).text)},
    )
    response = second.post(enter_address(endorsed, "accepted"), {**sent, **opened})
    assert response.status_code == 422
    assert "专员甲已于" in response.text
    assert "登记“市外办审核通过”" in response.text


def test_a_mistake_is_taken_back_with_its_reason(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.FILED, by=agent)
    where = reverse("cards:filing_take_back", args=[endorsed.pk])
    assert "进度回到“待填报”" in desk.get(where).text
    assert desk.post(where, {"reason": ""}).status_code == 422
    page = desk.post(where, {"reason": "编号填错了。"}, follow=True).text
    assert "已撤销“已在国家系统提交”。" in page
    assert "已撤销</span>" in page
    assert Filing.objects.get().stage == "to_file"


def test_an_unknown_step_is_not_there(desk: Client, endorsed: Application) -> None:
    for step in ("taken_back", "nonsense"):
        assert desk.get(enter_address(endorsed, step)).status_code == 404


def test_a_message_over_100_kb_is_refused_in_words_whatever_it_is_written_in(
    desk: Client, endorsed: Application
) -> None:
    for text in ("a" * 100_000, "新" * 33_334):
        answer = desk.post(reverse("cards:message"), {"text": text})
        assert answer.status_code == 422
        assert "内容太长：一条消息最多100 KB。" in answer.text


def test_reasons_of_a_return_stand_by_material_and_only_those_of_this_kind(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.FILED, by=agent)
    page = desk.get(enter_address(endorsed, "returned")).text
    assert page.index("材料8 ") < page.index("材料9 ") < page.index("材料10 ")
    photo = ReturnReason.objects.get(code="R01", is_active=True)
    cancellation = ReturnReason.objects.get(code="R72")
    assert photo.defect in page
    assert min(cancellation.numbers) > 11
    assert cancellation.defect not in page


# The board -----------------------------------------------------------------------------------


@pytest.fixture
def passed(endorsed: Application, agent: User) -> Application:
    walk(endorsed, StepCode.PASSED, by=agent)
    return endorsed


def board_address(application: Application) -> str:
    return reverse("cards:board", args=[application.pk])


def report(**changed: Any) -> dict[str, Any]:
    return {"state": "granted", "on": ago(20).isoformat(), "source": "mail", **changed}


def test_economies_are_entered_one_by_one_and_all_at_once(
    desk: Client, passed: Application
) -> None:
    page = desk.post(board_address(passed), report(economies=["JPN"]), follow=True).text
    assert "已登记日本：已批准。" in page
    assert "16个经济体中1个已批准，15个没有消息" in page
    everybody = list(NAMES)
    page = desk.post(board_address(passed), report(economies=everybody), follow=True).text
    assert "16个经济体中16个已批准" in page
    assert Filing.objects.get().granted_count == 16


def test_a_newer_report_supersedes_and_the_older_stays(desk: Client, passed: Application) -> None:
    desk.post(board_address(passed), report(economies=["JPN"], state="refused"))
    desk.post(board_address(passed), report(economies=["JPN"], valid_until="2031-01-01"))
    rows = EconomyApproval.objects.order_by("pk")
    assert [(row.state, row.superseded_at is None) for row in rows] == [
        ("refused", False),
        ("granted", True),
    ]
    page = desk.get(board_address(passed)).text
    assert "有效期至2031年1月1日" in page
    assert "（已被更新）" in page


def test_the_same_report_twice_is_entered_once(desk: Client, passed: Application) -> None:
    for _ in range(2):
        response = desk.post(board_address(passed), report(economies=["JPN"]), follow=True)
    assert "已经登记过了" in response.text
    assert EconomyApproval.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"economies": []}, "请至少选择一个经济体。"),
        ({"economies": ["USA"]}, "经济体不在16个之内"),
        ({"on": ""}, "日本：请填写批准的日期。"),
        ({"on": ago(-1).isoformat()}, "日本：日期还没有到。"),
        ({"on": ago(95).isoformat()}, "早于在国家系统提交的日期"),
        ({"valid_until": ago(30).isoformat()}, "有效期应晚于批准的日期"),
        ({"state": "refused", "valid_until": "2031-01-01"}, "没有批准的，不填有效期"),
        ({"state": "maybe"}, ""),
        ({"words": "字" * 10_000}, ""),
    ],
)
def test_a_report_that_cannot_be_is_refused_whole(
    changed: dict[str, Any], message: str, desk: Client, passed: Application
) -> None:
    response = desk.post(board_address(passed), report(**{"economies": ["JPN"], **changed}))
    assert response.status_code == 422
    assert message in response.text
    assert not EconomyApproval.objects.exists()


def test_before_filing_no_economy_has_anything_to_approve(
    desk: Client, endorsed: Application
) -> None:
    response = desk.post(board_address(endorsed), report(economies=["JPN"]))
    assert "各经济体还没有收到这件申请" in response.text


def test_a_report_made_meanwhile_by_another_is_shown_first(
    client_of: ClientOf, officer: User, desk: Client, passed: Application
) -> None:
    opened = hidden(desk.get(board_address(passed)).text)
    client_of(officer).post(board_address(passed), report(economies=["JPN"], state="refused"))
    response = desk.post(board_address(passed), report(economies=["JPN"], **opened))
    assert response.status_code == 422
    assert "专员甲已于" in response.text
    assert "日本 据告未批准" in response.text


def test_everybody_sees_the_same_board(
    client_of: ClientOf, officer: User, station_head: User, agent: User, passed: Application
) -> None:
    report_economies(passed, [EconomyReport("JPN", "granted", ago(9))], source="mail", by=agent)
    boards = set()
    for person in (agent, officer, station_head):
        page = client_of(person).get(board_address(passed)).text
        found = re.search(r'<ol class="economy-board">.*?</ol>', page, re.DOTALL)
        assert found is not None
        boards.add(found[0])
        assert "没有消息不等于被拒" in page
    assert len(boards) == 1
    assert boards.pop().count("<li") == 16


# Messages ------------------------------------------------------------------------------------

TEXT = "申请编号：SQ20260001。日本已批准（{day}），韩国已批准。泰国尚未批准。"


def message_of(day: str) -> str:
    return TEXT.format(day=day)


def test_a_message_becomes_a_proposal_that_is_entered_when_confirmed(
    desk: Client, passed: Application
) -> None:
    text = message_of(ago(4).isoformat())
    where = reverse("cards:message")
    page = desk.post(where, {"text": text}).text
    assert passed.applicant.name in page
    assert "日本：已批准" in page
    assert "泰国尚未批准" in page
    assert "消息里没有写日期，请填写。" in page
    assert not EconomyApproval.objects.exists()
    sent = {"text": text, "confirm": "1", "source": "mail", **hidden(page)}
    sent |= {"take_0": "on", "on_0": ago(4).isoformat(), "take_1": "on", "on_1": ""}
    refused = desk.post(where, sent)
    assert refused.status_code == 422
    # The summary on top says of which item, too.
    assert "韩国：已批准，日期：消息里没有写日期，请填写。" in refused.text
    assert not EconomyApproval.objects.exists()
    done = desk.post(where, {**sent, "on_1": ago(3).isoformat()}, follow=True)
    assert "已登记2项。" in done.text
    found = EconomyApproval.objects.order_by("economy").values_list("economy", "on")
    assert list(found) == [("JPN", ago(4)), ("KOR", ago(3))]


def test_a_message_of_many_steps_reads_the_parameters_once(
    endorsed: Application, agent: User
) -> None:
    days = {"filed": 50, "accepted": 40, "paid": 30, "passed": 20}
    enter_step(endorsed, StepCode.REGISTERED, entry(60), by=agent)
    enter_step(endorsed, StepCode.FILED, entry(50, number="SQ20260001"), by=agent)
    taken = [
        (Proposed(MessageItem("step", code, "done", ago(days[code])), code), ago(days[code]))
        for code in ("accepted", "paid", "passed")
    ]
    with CaptureQueriesContext(connection) as queries:
        assert enter_proposed(endorsed, taken, source="mail", by=agent) == 3
    asked = [one for one in queries if 'FROM "parameters_parametervalue"' in one["sql"]]
    assert len(asked) == 1


def test_a_card_that_is_there_asks_for_no_usual_times(
    desk: Client, endorsed: Application, agent: User
) -> None:
    def estimates() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address(endorsed)).status_code == 200
        return sum("LIMIT 500" in one["sql"] for one in queries)

    assert estimates() == 1
    walk(endorsed, StepCode.COLLECTED, by=agent)
    assert estimates() == 0


def test_without_a_number_the_name_decides(desk: Client, passed: Application) -> None:
    text = f"{passed.applicant.name}的申请：日本已批准，{ago(4).isoformat()}。"
    assert passed.reference in desk.post(reverse("cards:message"), {"text": text}).text


def test_of_several_cases_the_reader_chooses(
    desk: Client, passed: Application, enterprise: Enterprise
) -> None:
    other = endorse(ApplicantFactory.create(enterprise=enterprise, name="李样例"))
    text = f"{passed.applicant.name}、李样例：日本已批准。"
    page = desk.post(reverse("cards:message"), {"text": text}).text
    assert "请选择是哪一件" in page
    page = desk.post(reverse("cards:message"), {"text": text, "case": other.pk}).text
    assert "对上的申请：<strong>李样例</strong>" in page


def test_anothers_case_is_never_found(client_of: ClientOf, passed: Application) -> None:
    stranger = agent_of(EnterpriseFactory.create())
    text = f"SQ20260001 {passed.applicant.name} 日本已批准"
    page = client_of(stranger).post(reverse("cards:message"), {"text": text}).text
    assert "没有认出是哪一件申请" in page
    assert passed.reference not in page


def case_message(application: Application) -> str:
    return reverse("cards:case_message", args=[application.pk])


@pytest.fixture
def neighbour(enterprise: Enterprise, agent: User) -> Application:
    """Another case of the same enterprise, filed under a number of its own."""
    other = endorse(ApplicantFactory.create(enterprise=enterprise, name="李样例"))
    enter_step(other, StepCode.FILED, entry(60, number="SQ20269999"), by=agent)
    return other


@pytest.mark.parametrize("said", ["申请编号：SQ20269999。", "（ｓｑ20269999）", "李样例："])
def test_a_message_of_another_case_is_not_proposed_for_this_one(
    said: str, desk: Client, passed: Application, neighbour: Application
) -> None:
    text = f"{said}日本已批准，{ago(4).isoformat()}。"
    sent = {"text": text, "confirm": "1", "source": "mail", "chosen": "1"}
    sent |= {"take_0": "on", "on_0": ago(4).isoformat()}
    page = desk.post(case_message(passed), sent).text
    assert "不是这一件" in page
    assert "就是这一件，继续" not in page
    assert f'action="{case_message(neighbour)}"' in page
    assert "proposal-row" not in page
    assert not EconomyApproval.objects.exists()
    assert "日本：已批准" in desk.post(case_message(neighbour), {"text": text}).text


def test_another_enterprises_number_is_not_this_case_and_its_case_is_not_shown(
    desk: Client, passed: Application, other_agent: User
) -> None:
    foreign = endorse(ApplicantFactory.create(enterprise=EnterpriseFactory.create(), name="赵外人"))
    Filing.objects.create(
        application=foreign, stage="passed", stage_on=ago(9), national_number="SQ555001"
    )
    page = desk.post(case_message(passed), {"text": "申请编号SQ555001：日本已批准。"}).text
    assert "消息写的是申请编号SQ555001，不是这一件" in page
    assert foreign.reference not in page
    assert "赵外人" not in page
    assert "proposal-row" not in page


@pytest.mark.parametrize("said", ["申请编号：SQ404404。", "申请人：周陌生。", "尊敬的周陌生先生："])
def test_an_unknown_number_or_name_is_entered_only_for_a_case_that_was_chosen(
    said: str, desk: Client, passed: Application
) -> None:
    text = f"{said}日本已批准，{ago(4).isoformat()}。"
    sent = {"text": text, "confirm": "1", "source": "mail"}
    sent |= {"take_0": "on", "on_0": ago(4).isoformat()}
    page = desk.post(case_message(passed), sent).text
    assert "不是这一件" in page
    assert "就是这一件，继续" in page
    assert not EconomyApproval.objects.exists()
    page = desk.post(case_message(passed), {"text": text, "chosen": "1"}).text
    assert 'name="chosen"' in page
    desk.post(case_message(passed), {**sent, "chosen": "1", **hidden(page)})
    assert EconomyApproval.objects.get().economy == "JPN"


def test_a_number_of_something_else_does_not_speak_against_a_case(
    desk: Client, passed: Application
) -> None:
    text = f"发票号码：0012345678，护照号码E12345678。日本已批准，{ago(4).isoformat()}。"
    assert "日本：已批准" in desk.post(case_message(passed), {"text": text}).text


def test_what_is_not_recognised_is_said(desk: Client, passed: Application) -> None:
    where = reverse("cards:case_message", args=[passed.pk])
    page = desk.post(where, {"text": "您的申请有新的进展，请登录查看。"}).text
    assert "没有认出任何一步或经济体" in page
    assert "请登录查看" in page


def test_a_step_that_needs_more_leads_to_its_page_with_what_is_known(
    desk: Client, endorsed: Application
) -> None:
    where = reverse("cards:case_message", args=[endorsed.pk])
    name = endorsed.applicant.name
    text = f"{name}的申请已于{ago(4).isoformat()}提交成功，申请编号：SQ777。"
    page = desk.post(where, {"text": text}).text
    known = f"on={ago(4).isoformat()}&amp;number=SQ777&amp;source=mail"
    expected = f"{enter_address(endorsed, 'filed')}?{known}"
    assert expected in page
    form = desk.get(expected.replace("&amp;", "&")).text
    assert 'value="SQ777"' in form


def test_a_simple_step_is_entered_from_the_message(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.FILED, by=agent)
    where = reverse("cards:case_message", args=[endorsed.pk])
    text = f"{ago(60).isoformat()}，市外办审核通过。"
    page = desk.post(where, {"text": text}).text
    sent = {"text": text, "confirm": "1", "source": "mail", "take_0": "on"}
    desk.post(where, {**sent, **hidden(page), "on_0": ago(60).isoformat()})
    assert Filing.objects.get().accepted_on == ago(60)


def test_a_proposal_out_of_order_enters_nothing_at_all(
    desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.FILED, by=agent)
    where = reverse("cards:case_message", args=[endorsed.pk])
    # From a place where the city accepted it, nobody can collect a card.
    text = "市外办审核通过。卡片已制作完成。日本已批准。"
    day = ago(60).isoformat()
    page = desk.post(where, {"text": text}).text
    sent = {"text": text, "confirm": "1", "source": "mail", **hidden(page)}
    sent |= {
        "take_0": "on",
        "on_0": ago(60).isoformat(),
        "take_1": "on",
        "on_1": ago(92).isoformat(),
    }
    response = desk.post(where, sent)
    assert day
    assert "一项也没有登记" in response.text
    assert not EconomyApproval.objects.exists()
    assert Filing.objects.get().stage == "filed"


@pytest.mark.parametrize("text", ["", "日" * 100_001, "日本已批准\x00", "\x01\x02"])
def test_what_is_no_message_is_refused_in_words(
    text: str, desk: Client, endorsed: Application
) -> None:
    response = desk.post(reverse("cards:case_message", args=[endorsed.pk]), {"text": text})
    assert response.status_code in (200, 422)
    assert not FilingEvent.objects.exists()


# Early printing ------------------------------------------------------------------------------


def early_address(application: Application) -> str:
    return reverse("cards:early_print", args=[application.pk])


def test_before_any_economy_approved_there_is_nothing_to_decide(
    desk: Client, passed: Application
) -> None:
    assert "还没有一个经济体批准" in desk.get(early_address(passed)).text


def test_a_missing_economy_of_its_business_speaks_against_it(
    desk: Client, passed: Application, agent: User
) -> None:
    Material.objects.filter(application=passed, number=5).update(
        facts={"economy": "VNM", "evidence": "contract"}
    )
    report_economies(passed, [EconomyReport("JPN", "granted", ago(9))], source="mail", by=agent)
    page = desk.get(early_address(passed)).text
    assert "还缺贵单位往来的越南" in page
    assert f"材料5（{passed.applicant.name}的申请，合同）" in page
    assert "再缴720元" in page
    assert "不会自己加到卡上" in page
    report_economies(passed, [EconomyReport("VNM", "granted", ago(8))], source="mail", by=agent)
    assert "缺的都不是。急用的，可以申请提前制卡" in desk.get(early_address(passed)).text


def test_an_economy_that_only_the_ledger_knows_counts_as_dealt_with(
    desk: Client, passed: Application, agent: User
) -> None:
    report_economies(passed, [EconomyReport("JPN", "granted", ago(9))], source="mail", by=agent)
    DemandFactory.create(enterprise=passed.enterprise, economies=["PER", "JPN"])
    page = desk.get(early_address(passed)).text
    assert "<strong>秘鲁</strong>　依据：服务站的需求台账" in page
    assert "还缺贵单位往来的" in page
    # What is granted is not missing.
    assert "<strong>日本</strong>" not in page


def test_early_printing_is_asked_for_as_a_service_with_its_one_letter(
    desk: Client, passed: Application, agent: User, client_of: ClientOf, officer: User
) -> None:
    report_economies(passed, [EconomyReport("JPN", "granted", ago(9))], source="mail", by=agent)
    begin = reverse("cards:filing_service_begin", args=[passed.pk, "early_print"])
    page = desk.get(early_address(passed)).text
    assert f'href="{begin}"' in page
    assert "生成申请" not in page
    assert f'href="{early_address(passed)}"' in desk.get(begin).text
    assert f'href="{begin}"' not in client_of(officer).get(early_address(passed)).text


# Lists ---------------------------------------------------------------------------------------


def test_on_home_the_next_step_stands_first_and_what_others_have_below(
    desk: Client, endorsed: Application, enterprise: Enterprise, agent: User
) -> None:
    filed = endorse(ApplicantFactory.create(enterprise=enterprise, name="李样例"))
    walk(filed, StepCode.PASSED, by=agent)
    walk(endorsed, StepCode.ACCEPTED, by=agent)
    page = desk.get("/").text
    assert page.index("登记：已缴费") < page.index("等您办理") < page.index("国家系统办理中")
    assert page.index("国家系统办理中") < page.index("李样例")
    assert "由各经济体办" in page
    assert f'href="{address(filed)}"' in page


def test_once_issued_it_is_over(desk: Client, endorsed: Application, agent: User) -> None:
    walk(endorsed, StepCode.ISSUED, by=agent)
    page = desk.get("/").text
    assert page.index("已结束") < page.index("已发卡")


def test_what_others_have_leaves_the_top_of_the_list(
    desk: Client, endorsed: Application, enterprise: Enterprise, agent: User
) -> None:
    draft = ApplicantFactory.create(enterprise=enterprise, name="孙样例")
    desk.post(reverse("applications:start", args=[draft.pk]))
    listing = reverse("applications:list")
    assert desk.get(listing).text.index(endorsed.applicant.name) < desk.get(listing).text.index(
        "孙样例"
    )
    walk(endorsed, StepCode.FILED, by=agent)
    page = desk.get(listing).text
    assert page.index("孙样例") < page.index(endorsed.applicant.name)
    assert "已在国家系统提交，由市政府外办审核，贵单位无需操作" in page


def test_the_case_says_how_it_stands_beyond_the_portal(
    client_of: ClientOf, officer: User, desk: Client, endorsed: Application, agent: User
) -> None:
    walk(endorsed, StepCode.FILED, by=agent)
    assert f'href="{address(endorsed)}"' in desk.get(endorsed.get_absolute_url()).text
    case = client_of(officer).get(reverse("applications:pre_review", args=[endorsed.pk])).text
    assert f'href="{address(endorsed)}"' in case


@pytest.mark.parametrize("count", [1, 50])
def test_the_pages_cost_the_same_for_one_case_and_for_fifty(
    count: int,
    client_of: ClientOf,
    officer: User,
    agent: User,
    enterprise: Enterprise,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(count):
        case = endorse(ApplicantFactory.create(enterprise=enterprise))
        walk(case, StepCode.PASSED, by=agent)
    Filing.objects.update(last_entry_at="2026-01-01T00:00:00+08:00")
    client = client_of(officer)
    for where in (reverse("cards:filings"), address(case), board_address(case)):
        with django_assert_max_num_queries(12):
            answer = client.get(where)
        assert len(answer.content) < 60 * 1024, where
    desk = client_of(agent)
    desk.get("/")
    with django_assert_max_num_queries(12):
        answer = desk.get("/")
    assert len(answer.content) < 60 * 1024
