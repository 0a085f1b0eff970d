"""Several applicants of one enterprise are signed for at once; each gets its own signature."""

import pytest

from accounts.models import AuditEvent, User
from applications.models import Application
from enterprises.models import Enterprise
from reviews.cells import Cell
from reviews.models import Opinion, ReviewTable
from reviews.revisions import load
from reviews.services import circulation
from reviews.services.sign_batch import ready_to_sign, sign_each
from reviews.signatures.identities import identity_for
from reviews.verdict import judge
from tests.conftest import ClientOf
from tests.factories import PASSWORD, SHEETS, ApplicantFactory, ApplicationFactory, liaison
from tests.reviews.conftest import Station

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(station: Station, enterprise: Enterprise, agent: User) -> list[Opinion]:
    """The tax office's drafts on three applicants of one enterprise."""
    drafts = []
    for _ in range(3):
        applicant = ApplicantFactory.create(enterprise=enterprise)
        application: Application = ApplicationFactory.create(applicant=applicant, submitted=True)
        form = circulation.circulate(application, by=station.officer, despite_unread=SHEETS)
        drafts.append(station.draft(form, "tax"))
    return drafts


def seen(opinion: Opinion, by: User) -> str:
    certificate = identity_for(opinion.department).certificate
    return Cell(opinion, certificate, by).pack()


def signed_ones(opinions: list[Opinion]) -> list[bool]:
    found = [Opinion.objects.get(pk=opinion.pk) for opinion in opinions]
    return [opinion.is_signed for opinion in found]


def test_each_gets_its_own_valid_signature_and_its_own_row_in_the_trail(
    station: Station, three: list[Opinion]
) -> None:
    by = station.liaisons["tax"]
    outcomes = sign_each([(opinion, seen(opinion, by)) for opinion in three], by=by)
    assert [outcome.problem for outcome in outcomes] == ["", "", ""]
    for opinion in three:
        verdict = judge(load(opinion.table.newest_revision()))
        assert [line.signer for line in verdict.signatures] == ["服务站", f"区税务局 {by.name}"]
    assert AuditEvent.objects.filter(action="opinion.sign").count() == 3


def test_one_that_fails_does_not_stop_the_rest_and_is_named(
    station: Station, three: list[Opinion]
) -> None:
    by = station.liaisons["tax"]
    looked_at = [(opinion, seen(opinion, by)) for opinion in three]
    circulation.recall(three[1].table, reason="职务有误", by=station.officer)
    outcomes = sign_each(looked_at, by=by)
    assert signed_ones(three) == [True, False, True]
    assert outcomes[1].name.startswith(three[1].table.facts["applicant_name"])
    assert "已经作废" in outcomes[1].problem
    assert not outcomes[0].problem
    assert not outcomes[2].problem


def test_only_finished_drafts_of_one_s_own_department_are_ready(
    station: Station, three: list[Opinion], enterprise: Enterprise
) -> None:
    Opinion.objects.filter(pk=three[0].pk).update(conclusion="")
    assert {o.pk for o in ready_to_sign(station.liaisons["tax"], enterprise)} == {
        three[1].pk,
        three[2].pk,
    }
    assert ready_to_sign(station.liaisons["police"], enterprise) == []


def test_the_page_shows_each_cell_and_signs_what_is_ticked(
    station: Station, three: list[Opinion], enterprise: Enterprise, client_of: ClientOf
) -> None:
    client = client_of(station.liaisons["tax"])
    url = f"/reviews/enterprises/{enterprise.pk}/sign/"
    page = client.get(url)
    assert page.text.count("<img") == 3
    previews_shown = {f"preview-{o.pk}": preview for o, preview, *_ in page.context["rows"]}
    none = client.post(url, {"password": PASSWORD} | previews_shown)
    assert "请至少勾选一份" in none.text
    chosen = {"opinion": [three[0].pk, three[2].pk], "password": "wrong"} | previews_shown
    wrong = client.post(url, chosen)
    assert "密码不正确" in wrong.text
    assert wrong.text.count("checked") == 2
    right = client.post(url, chosen | {"password": PASSWORD}, follow=True)
    assert "已签署2份" in right.text
    assert signed_ones(three) == [True, False, True]
    assert right.context["rows"][0][0] == three[1]


def test_the_liaison_s_home_page_leads_there(
    station: Station, three: list[Opinion], enterprise: Enterprise, client_of: ClientOf
) -> None:
    url = f"/reviews/enterprises/{enterprise.pk}/sign/"
    home = client_of(station.liaisons["tax"]).get("/").text
    assert "3份意见已填好" in home
    assert url in home
    of_police = client_of(station.liaisons["police"]).get("/").text
    assert "区公安局联络员，今天要办的事" in of_police
    assert url not in of_police


def test_a_cell_that_was_not_looked_at_is_not_signed(
    station: Station, three: list[Opinion], enterprise: Enterprise, client_of: ClientOf
) -> None:
    client = client_of(station.liaisons["tax"])
    url = f"/reviews/enterprises/{enterprise.pk}/sign/"
    sent = {"opinion": [o.pk for o in three], "password": PASSWORD}
    sent[f"preview-{three[0].pk}"] = seen(three[0], station.liaisons["tax"])
    answer = client.post(url, sent, follow=True)
    assert signed_ones(three) == [True, False, False]
    assert answer.text.count("没有收到预览的内容") == 2


def test_another_department_s_opinions_are_not_signed_by_naming_them(
    station: Station, three: list[Opinion], enterprise: Enterprise, client_of: ClientOf
) -> None:
    client = client_of(station.liaisons["police"])
    sent = {"opinion": [three[0].pk], "password": PASSWORD}
    client.post(f"/reviews/enterprises/{enterprise.pk}/sign/", sent)
    assert signed_ones(three) == [False, False, False]


def test_foreign_affairs_concludes_several_at_once(
    station: Station, three: list[Opinion], enterprise: Enterprise
) -> None:
    by = station.liaisons["foreign_affairs"]
    form: ReviewTable = three[0].table
    station.sign(form, "commerce", "tax", "police", "social")
    last = station.draft(form, "foreign_affairs")
    assert ready_to_sign(by, enterprise) == [last]
    assert sign_each([(last, seen(last, by))], by=by)[0].problem == ""
    form.application.refresh_from_db()
    assert form.application.status == "endorsed"


def test_while_the_enterprise_supplements_foreign_affairs_has_nothing_to_conclude(
    station: Station, three: list[Opinion], enterprise: Enterprise
) -> None:
    by, form = station.liaisons["foreign_affairs"], three[0].table
    station.sign(form, "commerce", "tax", "police", "social")
    last = station.draft(form, "foreign_affairs")
    circulation.ask_supplement(form, {10: "请重新扫描。"}, by=station.officer)
    assert ready_to_sign(by, enterprise) == []
    # The other departments sign meanwhile.
    assert len(ready_to_sign(station.liaisons["tax"], enterprise)) == 2
    assert not Opinion.objects.get(pk=last.pk).is_signed


def test_a_colleague_may_sign_what_another_drafted_once(
    station: Station, three: list[Opinion]
) -> None:
    colleague = liaison("tax", name="税务同事")
    looked_at = [(three[0], seen(three[0], colleague))]
    assert sign_each(looked_at, by=colleague)[0].problem == ""
    again = sign_each([(three[0], seen(three[0], station.liaisons["tax"]))], by=station.officer)
    assert "预览的不是这份意见" in again[0].problem
    assert Opinion.objects.get(pk=three[0].pk).signed_by == colleague
