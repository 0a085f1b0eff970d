"""Numbers that no row has, wherever an address or a form takes one: never an error of ours."""

from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.test_access import ACCESS, Case, case  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
# No digit though it looks like one, a digit of another width, too large for a column, too long
# for int(), a NUL, and what is no whole number.
HOSTILE = ("²", str(2**63), "9" * 5000, "1\0", "-1", "1.0")
# By address, what is asked or posted there beside a form.
TAKES: dict[str, tuple[str, ...]] = {
    "accounts:audit_list": ("page", "actor", "object_id"),
    "accounts:lock_list": ("page", "q"),
    "accounts:user_list": ("page", "q", "department"),
    "applications:applicants": ("page",),
    "applications:batch": ("application",),
    "applications:compare": ("material", "page"),
    "applications:correction_note": ("page", "numbers", "pictures", "reasons"),
    "applications:list": ("page", "enterprise"),
    "applications:page_move": ("place",),
    "applications:page_turn": ("degrees",),
    "applications:pre_review": ("material", "page"),
    "applications:reading_save": ("next", "ticked"),
    "applications:send_back": ("correction",),
    "cards:breach_list": ("page", "all"),
    "cards:duty": ("page",),
    "cards:enterprise_duty": ("before",),
    "cards:feedback_list": ("page", "enterprise"),
    "cards:followup_month": ("page", "month"),
    "cards:lend": ("economies", "keeper", "out_at", "trip_ends_on", "nonce"),
    "cards:lending_confirm": ("what",),
    "cards:missing_remind": ("period", "report"),
    "cards:missing_reports": ("page", "period"),
    "cards:missing_reveal": ("page", "period"),
    "cards:period_report": ("seen_version",),
    "cards:register": ("page",),
    "cards:report_send": ("seen_version",),
    "cards:text_edit": ("seen_version",),
    "cards:visit_arrange": ("assigned_to", "seen_version"),
    "cards:visit_checks": ("seen_version", "answer0"),
    "cards:board": ("economies", "seen", "on"),
    "cards:case_message": ("text", "case", "take_0", "on_0", "confirm"),
    "cards:filing_enter": ("on", "number", "seen", "nonce", "reasons"),
    "cards:filings": ("show", "page"),
    "cards:message": ("text", "case"),
    "cards:card_correct": ("seen_version", "until_JPN", "number"),
    "cards:card_new": ("page", "q"),
    "cards:card_of_applicant": ("until_JPN", "issued_on", "number"),
    "cards:card_picture_upload": ("side",),
    "cards:card_settle": ("subject", "ends_on"),
    "cards:list": ("page", "q", "status", "ends"),
    "cards:radar": ("page",),
    "exports:export": ("first", "last", "form"),
    "letters:begin_for_application": ("nonce",),
    "letters:desk": ("page", "q"),
    "letters:letter": ("seen_version", "people", "field-0"),
    "letters:of_enterprise": ("page",),
    "letters:template": ("seen_version",),
    "letters:template_restore": ("seen_version", "version"),
    "imports:batch": ("page", "outcome"),
    "imports:columns": ("number",),
    "department_times": ("year",),
    "department_times_csv": ("year",),
    "enterprises:page_move": ("place",),
    "enterprises:list": ("page",),
    "enterprises:verify": ("seen_version",),
    "enterprises:refuse": ("seen_version",),
    "ledger:batch": ("row", "owner", "next_on"),
    "ledger:edit": ("seen_version", "intended_number"),
    "ledger:list": ("page", "edit", "owner", "unheard"),
    "ledger:new": ("q", "seen", "intended_number"),
    "ledger:step": ("seen_version", "owner"),
    "notices:delivery_list": ("page",),
    "notices:inbox": ("page",),
    "outreach:article_act": ("seen_version",),
    "outreach:article_edit": ("version",),
    "outreach:article_list": ("page",),
    "outreach:article_post": ("channel", "nonce"),
    "outreach:attendance_bind": ("demand",),
    "outreach:briefing_attendance": ("page",),
    "outreach:briefing_door": ("who", "heads", "nonce"),
    "outreach:briefing_edit": ("seen_version", "capacity"),
    "outreach:briefing_invitations": ("page",),
    "outreach:briefing_invite": ("page", "row", "q", "town", "narrow"),
    "outreach:briefing_list": ("page", "over"),
    "outreach:briefing_paper_tick": ("row", "at"),
    "outreach:briefing_public": ("heads", "phone", "nonce"),
    "outreach:briefing_invited": ("heads", "phone", "nonce"),
    "outreach:briefings": ("page",),
    "outreach:consultation_figures": ("first", "last"),
    "outreach:consultation_hand": ("to", "seen_version", "nonce"),
    "outreach:consultation_sort": ("subject", "topic", "seen_version", "words"),
    "outreach:desk_answers": ("q",),
    "outreach:desk_look_up": ("words", "subject", "question"),
    "outreach:desk_new": ("words", "subject", "topic", "question", "phone", "nonce"),
    "outreach:handing_list": ("page",),
    "outreach:plan_meetings": ("page",),
    "outreach:plan_phase": ("seen_version", "nonce"),
    "outreach:plan_talks": ("page",),
    "outreach:plan_task": ("owner", "goal", "position", "figure", "seen_version"),
    "outreach:plan_task_new": ("phase", "meeting", "talk", "goal"),
    "outreach:topic_change": ("position", "seen_version"),
    "outreach:call_back_list": ("page", "closed"),
    "outreach:demand_invite": ("briefing",),
    "outreach:opinion_list": ("page", "mine"),
    "outreach:opinion_new": ("participant", "owner", "due_on"),
    "outreach:symposium_hold": ("row", "seen_version"),
    "outreach:symposium_seat": ("page", "row", "q"),
    "outreach:visit_list": ("page", "over"),
    "outreach:visit_plan": ("page", "row", "officers", "planned_on"),
    "outreach:consultation": ("take", "question", "seen_version"),
    "outreach:consultation_list": ("page", "closed", "mine"),
    "outreach:news": ("page",),
    "outreach:question_new": ("consultation",),
    "outreach:search": ("q",),
    "outreach:self_test": ("place", "change", "asked"),
    "reason_counts": ("year",),
    "reason_counts_csv": ("year",),
    "reviews:chase": ("opinion",),
    "reviews:circulate": ("unread",),
    "reviews:circulate_batch": ("application", "sure", "asked"),
    "reviews:leave_list": ("page",),
    "reviews:leave_new": ("stand_in",),
    "reviews:opinion_autosave": ("seen_version",),
    "reviews:opinion_batch": ("opinion",),
    "reviews:opinion_edit": ("seen_version",),
    "reviews:opinion_repeat": ("seen_version",),
    "reviews:opinion_transfer": ("to",),
    "reviews:phrase_new": ("text",),
    "reviews:table_list": ("page", "awaited"),
    "reviews:verify": ("code",),
    "reviews:wet_scan_confirm": ("scan",),
    "reviews:wet_scan_remove": ("scan",),
    "reviews:wet_scan_restore": ("scan",),
    "accounts:sign_in": ("username", "password"),
    "accounts:sign_in_unlock": ("username",),
    "stage:cases": ("page", "part", "from", "to"),
    "stage:report_list": ("first", "last", "usual", "nonce"),
    "stage:words": ("seen_version",),
    "stage:yearly": ("year",),
    "stage:yearly_download": ("year",),
}
# Pages whose forms go to their own address.
POSTED_TOO = {
    "letters:letter",
    "accounts:sign_in",
    "applications:batch",
    "cards:lend",
    "cards:period_report",
    "cards:text_edit",
    "cards:board",
    "cards:case_message",
    "cards:filing_enter",
    "cards:message",
    "ledger:batch",
    "ledger:edit",
    "ledger:new",
    "outreach:article_post",
    "outreach:attendance_bind",
    "outreach:briefing_door",
    "outreach:briefing_edit",
    "outreach:briefing_invite",
    "outreach:briefing_public",
    "outreach:briefing_invited",
    "outreach:consultation",
    "outreach:consultation_hand",
    "outreach:consultation_sort",
    "outreach:demand_invite",
    "outreach:desk_new",
    "outreach:plan_phase",
    "outreach:plan_task",
    "outreach:symposium_seat",
    "outreach:topic_change",
    "outreach:visit_plan",
    "reviews:circulate_batch",
    "reviews:leave_new",
    "reviews:opinion_batch",
    "reviews:opinion_edit",
    "reviews:opinion_transfer",
    "reviews:phrase_new",
    "reviews:verify",
    "exports:export",
    "stage:report_list",
    "stage:words",
}


def ask(client: Client, method: str, url: str, sent: dict[str, str]) -> str:
    """Empty, or what went wrong; what is sent stands in the address as well."""
    address = f"{url}?{urlencode(sent)}"
    try:
        with transaction.atomic():
            response = client.post(address, sent) if method == "post" else client.get(address)
            if response.streaming:
                response.getvalue()
            transaction.set_rollback(True)
    except Exception as error:
        return f"{method} {address[:80]}: {error!r:.100}"
    if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return ""
    return f"{method} {address[:80]}: {response.status_code}"


def test_an_address_with_a_number_that_no_row_has_leads_nowhere(
    case: Case,  # noqa: F811
) -> None:
    wrong = []
    for name, rule in ACCESS.items():
        given = case.arguments.get(name, {})
        for key in [key for key, value in given.items() if isinstance(value, int)]:
            client = case.client((rule.allowed + rule.hidden or "O")[0])
            for number in (2**31, 2**63):
                url = reverse(name, kwargs={**given, key: number})
                wrong.append(ask(client, rule.method, url, {}))
    assert len(wrong) > 100
    assert [one for one in wrong if one] == []


def test_what_is_sent_beside_a_form_is_never_an_error_of_ours(
    case: Case,  # noqa: F811
) -> None:
    wrong = []
    for name, fields in TAKES.items():
        rule = ACCESS[name]
        url = reverse(name, kwargs=case.arguments.get(name))
        for method in {rule.method, "post" if name in POSTED_TOO else rule.method}:
            for field in fields:
                client = case.client((rule.allowed + rule.hidden or "O")[0])
                wrong += [ask(client, method, url, {field: text}) for text in HOSTILE]
    assert [one for one in wrong if one] == []
