"""What is typed beside materials 5, 6, 7 and 8."""

from datetime import date

import pytest
import time_machine

from applications.dossier.loading import load_dossier
from applications.services import intake, moves
from applications.services.pages import stack_of
from applications.services.perform import MoveRefused
from tests.factories import material_page

pytestmark = pytest.mark.django_db

NOON = "2026-11-23T12:00:00+08:00"


@pytest.fixture
def uploaded(draft):
    """A draft with pages in 5, 6, 7 and 8, and nothing typed beside them."""
    for number in (5, 6, 7, 8):
        material_page(draft, number)
    draft.materials.update(facts={})
    page = draft.materials.get(number=8).pages.get()
    page.warnings = [{"code": "photo_date_unknown", "message": "照片里没有记录拍摄日期。"}]
    page.save()
    return draft


@pytest.fixture
def send(uploaded, agent, client_of):
    client = client_of(agent)

    def post(number, **typed):
        fields = {f"facts-{name}": value for name, value in typed.items()}
        return client.post(f"/applications/{uploaded.pk}/materials/{number}/facts/", fields)

    return post


def facts(application, number):
    return application.materials.get(number=number).facts


def test_pages_alone_are_not_enough_where_facts_are_asked_for(uploaded):
    labels = {number: load_dossier(uploaded).item(number).label for number in (5, 6, 7, 8)}
    assert labels == dict.fromkeys((5, 6, 7, 8), "还要填写")


def test_a_photo_from_the_future_asks_like_one_without_a_date(uploaded, send):
    page = uploaded.materials.get(number=8).pages.get()
    page.warnings = [{"code": "photo_date_in_future", "message": "拍摄日期晚于今天。"}]
    page.save()
    assert load_dossier(uploaded).item(8).label == "还要填写"
    send(8, taken_recently="on")
    item = load_dossier(uploaded).item(8)
    assert (item.is_complete, item.warnings) == (True, [])


def test_what_the_review_table_stands_in_for_needs_no_facts(uploaded, agent):
    intake.choose_review_table(uploaded, 7, chosen=True, by=agent)
    assert load_dossier(uploaded).item(7).is_complete


def test_submitting_names_what_is_still_to_be_typed(ready_draft, agent):
    ready_draft.materials.filter(number=5).update(facts={})
    with pytest.raises(MoveRefused, match="材料5 业务往来证明（还要填写）"):
        moves.submit(ready_draft, by=agent)


DEALINGS = {
    "economy": "VNM",
    "evidence": "contract",
    "company": "重庆市万州区样例贸易有限公司",
    "dated_on": "2026-06-01",
}


def test_the_counterpart_is_one_of_the_sixteen(send, uploaded):
    assert send(5, **DEALINGS).status_code == 302
    assert facts(uploaded, 5) == DEALINGS
    refused = send(5, **DEALINGS | {"economy": "USA"})
    assert refused.status_code == 422
    assert "对方不在可免签的16个经济体内" in refused.content.decode()
    assert len(load_dossier(uploaded).item(5).facts) == 4


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(("day", "status"), [("2025-11-23", 302), ("2025-11-22", 422)])
def test_a_visa_is_of_the_past_year(send, day, status):
    answer = send(5, **DEALINGS | {"evidence": "visa", "dated_on": day})
    assert answer.status_code == status
    assert ("已超过1年" in answer.content.decode()) is (status == 422)


@time_machine.travel(NOON, tick=False)
def test_an_old_contract_and_anothers_customs_paper_are_taken_with_warnings(send, uploaded):
    send(5, **DEALINGS | {"dated_on": "2025-11-22", "company": "样例进出口代理有限公司"})
    warnings = load_dossier(uploaded).item(5).fact_warnings
    assert [warning.code for warning in warnings] == ["dealings_elsewhere", "dealings_old"]
    assert "代理协议" in warnings[0].mend


def test_a_day_in_the_future_is_refused(send):
    page = send(5, **DEALINGS | {"dated_on": "2099-01-01"}).content.decode()
    assert "晚于今天" in page


def test_what_was_typed_before_more_was_asked_still_shows(uploaded):
    uploaded.materials.filter(number=5).update(facts={"economy": "VNM", "evidence": "contract"})
    item = load_dossier(uploaded).item(5)
    assert (len(item.facts), item.fact_warnings, item.is_complete) == (2, (), True)


@time_machine.travel(NOON, tick=False)
def test_of_a_criminal_record_only_name_and_day_are_kept(send, uploaded):
    assert send(6, name="张样例", issued_on="2026-10-12", words="无").status_code == 302
    assert facts(uploaded, 6) == {"name": "张样例", "issued_on": "2026-10-12"}
    page = send(6, name="李样例", issued_on="2026-12-01").content.decode()
    assert "证明上的姓名是“李样例”，申请人是“张样例”，不一致。" in page
    assert "出具日期是2026年12月1日，晚于今天。" in page


@time_machine.travel(NOON, tick=False)
def test_an_old_criminal_record_is_taken_with_a_warning(send, uploaded):
    send(6, name="张样例", issued_on="2026-05-22")
    [warning] = load_dossier(uploaded).item(6).fact_warnings
    assert warning.code == "record_old"


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(("since", "status"), [("2026-05-23", 302), ("2026-05-24", 422)])
def test_insurance_of_six_months_to_the_day_is_enough(send, since, status):
    answer = send(7, company="重庆市万州区样例贸易有限公司", since=since)
    assert answer.status_code == status
    if status == 422:
        assert "不满6个月" in answer.content.decode()


def test_insurance_with_another_firm_is_shown_to_the_officer(send, uploaded, officer, client_of):
    send(7, company="样例人力有限公司", since="2020-01-01")
    uploaded.status = "submitted"
    uploaded.save()
    page = client_of(officer).get(f"/applications/{uploaded.pk}/pre-review/?material=7")
    assert "参保单位是“样例人力有限公司”，不是申请企业" in page.content.decode()
    assert "2020年1月1日" in page.content.decode()


def test_the_agent_confirms_that_a_photo_without_a_day_is_recent(send, uploaded, agent):
    assert "请勾选确认" in send(8).content.decode()
    assert send(8, taken_recently="on").status_code == 302
    item = load_dossier(uploaded).item(8)
    assert (item.is_complete, item.warnings) == (True, [])
    assert item.facts[0].value == "经办人确认是6个月内拍摄的"


def test_a_photo_that_names_its_day_needs_no_confirmation(draft):
    material_page(draft, 8)
    assert load_dossier(draft).item(8).is_complete


def test_another_photo_is_to_be_confirmed_anew(send, uploaded, agent):
    send(8, taken_recently="on")
    stored = material_page(uploaded, 9).file
    stack = stack_of(uploaded, 8)
    stack.lock()
    stack.put(stored, position=1, warnings=[], original=None, by=agent)
    assert facts(uploaded, 8) == {}


def test_facts_that_a_colleague_typed_meanwhile_are_not_overwritten_unread(
    uploaded, agent, client_of
):
    client = client_of(agent)
    where = f"/applications/{uploaded.pk}/materials/7/"
    opened = client.get(where).context["seen_facts"]
    theirs = {"company": "重庆市万州区另一家有限公司", "since": "2020-01-01"}
    uploaded.materials.filter(number=7).update(facts=theirs)
    mine = {"facts-company": "重庆市万州区样例贸易有限公司", "facts-since": "2021-02-03"}

    answer = client.post(f"{where}facts/", mine | {"seen": opened})

    assert answer.status_code == 422
    assert facts(uploaded, 7) == theirs
    for shown in ("现在存着的是", "重庆市万州区另一家有限公司", "重庆市万州区样例贸易有限公司"):
        assert shown in answer.text
    client.post(f"{where}facts/", mine | {"seen": answer.context["seen_facts"]})
    assert facts(uploaded, 7)["since"] == "2021-02-03"


def test_a_locked_material_keeps_what_was_typed(submitted, agent, client_of):
    typed = {f"facts-{name}": value for name, value in (DEALINGS | {"economy": "THA"}).items()}
    client_of(agent).post(f"/applications/{submitted.pk}/materials/5/facts/", typed)
    assert facts(submitted, 5) == DEALINGS


def test_materials_without_facts_have_no_form(agent, draft, client_of):
    assert client_of(agent).post(f"/applications/{draft.pk}/materials/9/facts/").status_code == 404


def test_days_are_kept_as_days(send, uploaded):
    send(7, company="甲", since="2020-01-01")
    assert date.fromisoformat(facts(uploaded, 7)["since"]) == date(2020, 1, 1)
