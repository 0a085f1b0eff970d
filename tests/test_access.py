"""Who gets in where: every address × every role, written out by hand.

One letter a person: A the enterprise's agent, B another enterprise's agent, O officer, T tax
liaison, F foreign affairs liaison, S the tax bureau's supervisor, H the station's head, Y system
administrator, C security administrator, U auditor, - a stranger. `allowed` get in, `hidden` get
404 (the object is not theirs), everybody else 403, and a stranger is led to the sign-in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from accounts.models import Department, Role, User
from applications.models import Application, ProposedPassport, ReturnReason
from applications.services.perform import perform
from applications.workflow import Action
from cards.filing.services import enter_step
from cards.models import Cancellation, Card, CardRequest, FilingPage
from cards.workflow import StepCode, StepEntry
from core.masks import mask_id_number, mask_passport
from enterprises.ledger.services import move_stage, note_contact
from enterprises.models import Enterprise, HandOver, ProofPage, SavedFilter
from files.models import StoredFile
from imports.models import ImportBatch
from letters.services import begin_letter
from outreach.models import ConsultationTopic, PlanPhase, PlanTask, Question
from outreach.self_test.services import begin_draft
from parameters.models import Parameter
from reports.models import ArchiveYear
from reports.stage.periods import Period
from reports.stage.services import ask_for
from reviews.models import Leave, Phrase
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.roots import own_roots
from rights import services as rights
from tests.cards import duty_parts
from tests.conftest import signed_in
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    CardFactory,
    CorrectionFactory,
    DemandFactory,
    EnterpriseFactory,
    ReviewTableFactory,
    UserFactory,
    agent_of,
    liaison,
    picture,
    stored_picture,
)
from tests.outreach import event_parts
from tests.outreach.factories import (
    ArticleFactory,
    CallBackFactory,
    ConsultationFactory,
    HandingFactory,
    MeetingFactory,
    TalkFactory,
)

pytestmark = pytest.mark.django_db
EVERYBODY = "ABOTFSHYCU-"
# Of an identity document and a passport, in full and as masked.
OPEN_NUMBER = re.compile(r"\b(?:\d{17}[\dX]|[A-Z]{2}\d{7})\b")
MASKED_NUMBER = re.compile(r"[A-Z0-9]{2,3}\*{5,}[0-9X]{2,4}")
SIGNED_IN = "ABOTFSHYCU"


@dataclass(frozen=True)
class Rule:
    allowed: str
    hidden: str = ""
    method: str = "get"


def get(allowed: str, hidden: str = "") -> Rule:
    return Rule(allowed, hidden)


def post(allowed: str, hidden: str = "") -> Rule:
    return Rule(allowed, hidden, "post")


ACCESS: dict[str, Rule] = {
    # Public
    "home": get(EVERYBODY),
    "find": get("OTFSH"),
    "privacy": get(EVERYBODY),
    "alive": get(EVERYBODY),
    "ready": get(EVERYBODY),
    # Only where mail is kept as files for trying the portal out.
    "demo_mailbox": get("", EVERYBODY),
    "accounts:sign_in": get(EVERYBODY),
    "accounts:sign_in_code": get(SIGNED_IN),
    "accounts:confirm": get(EVERYBODY),
    "accounts:password_forgotten": get(EVERYBODY),
    "accounts:password_forgotten_sent": get(EVERYBODY),
    "accounts:password_reset": get(EVERYBODY),
    "accounts:invitation": get(EVERYBODY),
    "enterprises:sign_up": get(EVERYBODY),
    "reviews:verify": get(EVERYBODY),
    "reviews:verify_code": get(EVERYBODY),
    "reviews:verify_viewers": get(EVERYBODY),
    "reviews:root_certificate": get(EVERYBODY),
    # One's own account and notices
    "accounts:sign_out": post(EVERYBODY),
    "accounts:me": get(SIGNED_IN),
    "accounts:kept_form": get(SIGNED_IN),
    "accounts:me_edit": get(SIGNED_IN),
    "accounts:mailbox_change": get("AB"),
    "accounts:mailbox_drop": post("AB"),
    "accounts:account_close": get("AB"),
    # None of these people has two roles.
    "accounts:role_choose": post(""),
    "accounts:password_change": get(SIGNED_IN),
    "accounts:second_factor": get(SIGNED_IN),
    "accounts:second_factor_needed": get(SIGNED_IN),
    "accounts:second_factor_cancel": post(SIGNED_IN),
    "accounts:passkey_list": get(SIGNED_IN),
    "accounts:passkey_new": get(SIGNED_IN),
    # None of these people has begun to add one.
    "accounts:passkey_new_options": post(""),
    "accounts:passkey_cancel": post(SIGNED_IN),
    "accounts:passkey_remove": get("", SIGNED_IN),
    "accounts:passkey_options": post(SIGNED_IN),
    # Where the station has a platform to sign on by.
    "accounts:sign_on": get("", EVERYBODY),
    "accounts:sign_on_back": get("", EVERYBODY),
    "accounts:sign_on_finish": post("", EVERYBODY),
    "accounts:sign_on_bind": get("", SIGNED_IN),
    "accounts:session_list": get(SIGNED_IN),
    "accounts:session_end": post("", SIGNED_IN),
    "accounts:session_end_others": post(SIGNED_IN),
    "accounts:recovery_codes": get(SIGNED_IN),
    "accounts:recovery_codes_new": get(SIGNED_IN),
    "notices:inbox": get(SIGNED_IN),
    "notices:read_all": post(SIGNED_IN),
    "notices:read": post("A", "BOTFSHYCU"),
    "notices:preferences": get(SIGNED_IN),
    # Those who run the station
    "notices:delivery_list": get("OY"),
    "notices:delivery_retry": post("OY"),
    "notices:robot_list": get("Y"),
    "notices:robot_new": get("Y"),
    "notices:robot_edit": get("", "Y"),
    "notices:robot_test": post("", "Y"),
    "health": get("OY"),
    # Deadlines in one's calendar: the address itself is the key.
    "reviews:feed_page": get("ABOTFSH"),
    "reviews:feed_give": post("ABOTFSH"),
    "reviews:feed_revoke": post("ABOTFSH"),
    "reviews:calendar_ics": get("", EVERYBODY),
    # The three administrators
    "accounts:user_list": get("Y"),
    "accounts:user_new": get("Y"),
    "accounts:user_edit": get("Y"),
    "accounts:user_password": post("Y"),
    "accounts:user_primary": post("Y"),
    "accounts:request_list": get("C"),
    "accounts:request_agree": post("", "C"),
    "accounts:request_disagree": post("", "C"),
    "accounts:lock_list": get("C"),
    "accounts:sign_in_unlock": post("C"),
    "accounts:signing_lock_lift": post("", "C"),
    # This agent has no second factor to reset.
    "accounts:second_factor_reset": get("", "C"),
    "accounts:audit_list": get("U"),
    "accounts:audit_check": post("U"),
    "accounts:audit_export": get("U"),
    # The public guide, the self-test, and what anybody may ask
    **{
        f"outreach:{page}": get(EVERYBODY)
        for page in (
            "card",
            "who",
            "steps",
            "materials",
            "cost",
            "questions",
            "downloads",
            "contact",
            "paper",
            "paper_docx",
            "search",
            "news",
            "article",
            "self_test",
            "call_back_ask",
            "ask",
        )
    },
    "outreach:answer": get("", EVERYBODY),
    "outreach:large_type": post(EVERYBODY),
    # Letters: an agent's own, any for the officer
    "letters:of_enterprise": get("AOH", "BS"),
    "letters:of_application": get("AOH", "BS"),
    "letters:begin_for_enterprise": post("AO", "B"),
    "letters:begin_for_application": post("AO", "B"),
    "letters:letter": get("AOH", "BS"),
    "letters:letter_file": get("AOH", "BS"),
    "letters:letter_delete": post("AO", "B"),
    "letters:receipt": get("AOH", "BS"),
    "letters:desk": get("ABO"),
    "letters:template_list": get("O"),
    "letters:template": get("O"),
    "letters:template_restore": post("O"),
    "letters:template_file": get("O"),
    "letters:template_sample": get("O"),
    # The station's side of it
    "outreach:desk": get("OSH"),
    "outreach:call_back_list": get("OSH"),
    "outreach:call_back": get("OH", "S"),
    "outreach:call_back_reveal": post("OH", "S"),
    "outreach:consultation_list": get("OSH"),
    "outreach:consultation": get("OH", "S"),
    "outreach:consultation_reveal": post("OH", "S"),
    "outreach:flow_list": get("OSH"),
    "outreach:flow_begin": post("O"),
    "outreach:flow": get("OH", "S"),
    "outreach:flow_preview": get("OH", "S"),
    "outreach:flow_publish": post("O"),
    "outreach:flow_drop": post("O"),
    "outreach:flow_example": post("O"),
    "outreach:flow_document": get("O"),
    "outreach:flow_question": get("O"),
    "outreach:flow_rule": get("O"),
    "outreach:pre_check": get("O"),
    "outreach:article_list": get("OSH"),
    "outreach:article_new": get("O"),
    "outreach:article_edit": get("OH", "S"),
    "outreach:article_write": get("O"),
    "outreach:article_publish": post("OH", "S"),
    "outreach:article_act": post("OH", "S"),
    "outreach:article_chase": post("O"),
    "outreach:article_post": get("O"),
    "outreach:desk_new": get("O"),
    "outreach:desk_look_up": post("O"),
    "outreach:desk_answers": get("O"),
    "outreach:topic_list": get("OSH"),
    "outreach:topic_new": get("O"),
    "outreach:topic_change": get("O"),
    "outreach:handing_list": get("OTFSH"),
    "outreach:handing": get("OTSH", "F"),
    "outreach:consultation_figures": get("OSH"),
    "outreach:consultation_sort": get("O"),
    "outreach:consultation_hand": get("O"),
    "outreach:consultation_draft": post("O"),
    "outreach:plan": get("OSH"),
    "outreach:plan_phase": get("O"),
    "outreach:plan_task": get("O"),
    # Without a phase, a meeting or a talk there is nothing to add to.
    "outreach:plan_task_new": get("", "O"),
    "outreach:plan_meetings": get("OSH"),
    "outreach:plan_meeting_new": get("O"),
    "outreach:plan_meeting": get("OH", "S"),
    "outreach:plan_meeting_change": get("O"),
    "outreach:plan_talks": get("OSH"),
    "outreach:plan_talk_new": get("O"),
    "outreach:plan_talk": get("OH", "S"),
    "outreach:plan_talk_change": get("O"),
    "outreach:plan_talk_article": post("O"),
    "outreach:article_read": post("AB"),
    "outreach:question_list": get("OSH"),
    "outreach:question_new": get("O"),
    "outreach:question_edit": get("O"),
    "outreach:link_list": get("OSH"),
    # Briefings: what anybody sees, the pages of who has the key, and the station's
    **{
        f"outreach:{page}": get(EVERYBODY)
        for page in (
            "briefings",
            "briefing_public",
            "briefing_invited",
            "briefing_place",
            "briefing_door",
            "briefing_walk_in",
            "briefing_seat",
            "briefing_seat_feedback",
            "briefing_seat_material",
            "briefing_feedback",
        )
    },
    "outreach:briefing_leave": post(EVERYBODY),
    "outreach:briefing_ask": post(EVERYBODY),
    "outreach:briefing_seat_ask": post(EVERYBODY),
    "outreach:briefing_list": get("OSH"),
    "outreach:briefing_new": get("O"),
    "outreach:briefing": get("OH", "S"),
    "outreach:briefing_edit": get("O"),
    "outreach:briefing_cancel": post("O"),
    "outreach:briefing_poster": get("OH", "S"),
    "outreach:briefing_paper": get("OH", "S"),
    "outreach:briefing_material": post("O"),
    "outreach:briefing_material_file": get("OH", "S"),
    "outreach:briefing_material_remove": post("O"),
    "outreach:briefing_summary": get("OH", "S"),
    "outreach:briefing_article": post("O"),
    "outreach:briefing_invitations": get("OH", "S"),
    "outreach:briefing_invite": get("O"),
    "outreach:demand_invite": get("O"),
    "outreach:invitation_call": get("O"),
    "outreach:invitation_reveal": post("O"),
    "outreach:briefing_sign_ups": get("OH", "S"),
    "outreach:sign_up_reveal": post("O"),
    "outreach:sign_up_tick": post("O"),
    "outreach:sign_up_act": post("O"),
    "outreach:briefing_attendance": get("OH", "S"),
    "outreach:briefing_enter": post("O"),
    "outreach:briefing_paper_tick": post("O"),
    "outreach:attendance_undo": get("O"),
    "outreach:attendance_reveal": post("O"),
    "outreach:attendance_bind": get("O"),
    "outreach:briefing_questions": get("OH", "S"),
    "outreach:briefing_answer": get("O"),
    "outreach:briefing_question_common": post("O"),
    # Company visits
    "outreach:visit_list": get("OSH"),
    "outreach:visit_plan": get("O"),
    "outreach:demand_visit": get("O"),
    "outreach:visit_day": get("OSH"),
    "outreach:visit": get("OH", "S"),
    "outreach:visit_note": post("O"),
    "outreach:visit_pictures": post("O"),
    "outreach:visit_rearrange": get("O"),
    "outreach:visit_drop": post("O"),
    "outreach:visit_task": post("O"),
    "outreach:visit_task_close": get("O"),
    "outreach:visit_picture": get("OH", "S"),
    "outreach:visit_thumbnail": get("OH", "S"),
    # Symposia
    "outreach:symposium_list": get("OSH"),
    "outreach:symposium_new": get("O"),
    "outreach:symposium": get("OH", "S"),
    "outreach:symposium_edit": get("O"),
    "outreach:symposium_cancel": post("O"),
    "outreach:symposium_seat": get("O"),
    "outreach:symposium_hold": post("O"),
    "outreach:opinion_new": post("O"),
    "outreach:participant_remove": post("O"),
    "outreach:opinion_list": get("OSH"),
    "outreach:opinion": get("OH", "S"),
    "outreach:opinion_told": post("O"),
    # Enterprises
    # A department's supervisor finds an empty list.
    "enterprises:list": get("OSH"),
    "enterprises:confirmation_resend": post("AB"),
    "enterprises:mine": get("AB"),
    "enterprises:detail": get("AOH", "BTFSYCU"),
    "enterprises:edit": get("A", "B"),
    "enterprises:station_detail": get("OH", "S"),
    "enterprises:reveal": post("OH", "S"),
    "enterprises:verify": post("O"),
    "enterprises:refuse": post("O"),
    "enterprises:agent_invite": get("AO", "B"),
    # To himself it is the closing of his own account.
    "enterprises:agent_remove": get("AO", "B"),
    "enterprises:agent_invite_again": post("AO", "B"),
    "enterprises:hand_over": get("O"),
    "enterprises:hand_over_drop": post("O"),
    "enterprises:proof_page": get("OH", "S"),
    # The address itself is the key.
    "enterprises:hand_over_object": get(EVERYBODY),
    "enterprises:document": get("A", "B"),
    "enterprises:document_validity": get("A", "B"),
    "enterprises:document_upload": post("A", "B"),
    "enterprises:licence_adopt": post("A", "B"),
    "enterprises:licence_confirm": post("A", "B"),
    "enterprises:page_file": get("AOH", "BTFSYCU"),
    "enterprises:page_thumb": get("AOH", "BTFSYCU"),
    "enterprises:page_remove": get("A", "B"),
    "enterprises:page_restore": post("A", "B"),
    "enterprises:page_move": post("A", "B"),
    "enterprises:page_turn": post("A", "B"),
    "enterprises:page_replace": get("A", "B"),
    # Demand ledger: the station's own; who leads a department finds none.
    "ledger:list": get("OH", "S"),
    "ledger:coverage": get("OH", "S"),
    "ledger:detail": get("OH", "S"),
    "ledger:reveal": post("OH", "S"),
    "ledger:export": post("OH", "S"),
    "ledger:filter_save": post("OH", "S"),
    "ledger:filter_delete": post("O", "SH"),
    "ledger:new": get("O"),
    "ledger:edit": get("O"),
    "ledger:batch": get("O"),
    "ledger:step": post("O"),
    "ledger:note": post("O"),
    # Applications
    "applications:list": get("ABO"),
    "applications:batch": get("AB"),
    "applications:material_reuse": post("A", "B"),
    "applications:applicants": get("AB"),
    "applications:applicant_new": get("AB"),
    # Nothing is chosen to be uploaded.
    "applications:passport_upload": post("AB"),
    "applications:passport_check": post("AB"),
    "applications:passport_file": get("A", "BOTFSHYCU"),
    "applications:passport_thumb": get("A", "BOTFSHYCU"),
    "applications:passport_remove": post("A", "B"),
    "applications:applicant_edit": get("A", "B"),
    "applications:applicant_delete": get("A", "B"),
    "applications:start": get("A", "B"),
    "applications:leave_to_table": post("A", "B"),
    "applications:detail": get("AOH", "BTFSYCU"),
    "applications:withdraw": get("A", "B"),
    "applications:take_back": get("A", "B"),
    "applications:begin_again": post("A", "B"),
    "applications:delete": get("A", "B"),
    "applications:resubmit": post("A", "B"),
    "applications:corrections_answer": post("A", "B"),
    "applications:check": get("A", "B"),
    "applications:check_reveal": post("A", "B"),
    "applications:submit": post("A", "B"),
    "applications:consent": get("A", "B"),
    "applications:consent_link_give": post("A", "B"),
    "applications:consent_link_revoke": post("A", "B"),
    "applications:consent_paper": get("A", "B"),
    "applications:consent_paper_upload": post("A", "B"),
    "applications:consent_page": get("AOH", "BS"),
    # The address is the key; one that nobody was given shows the same page to everybody.
    "applications:consent_link": get(EVERYBODY),
    "applications:consent_confirm": post(EVERYBODY),
    "applications:consent_material": get(EVERYBODY),
    "applications:consent_upload": post(EVERYBODY),
    "applications:consent_check": post(EVERYBODY),
    "applications:consent_thumb": get(EVERYBODY),
    "applications:material": get("A", "B"),
    "applications:material_upload": post("A", "B"),
    "applications:material_check": post("A", "B"),
    "applications:material_name": post("A", "B"),
    "applications:material_adopt": post("A", "B"),
    "applications:material_validity": get("A", "B"),
    "applications:material_choose": post("A", "B"),
    "applications:material_facts": post("A", "B"),
    "applications:passport_adopt": post("A", "B"),
    "applications:page_file": get("AOH", "BTFSYCU"),
    "applications:page_thumb": get("AOH", "BTFSYCU"),
    "applications:page_remove": get("A", "B"),
    "applications:page_restore": post("A", "B"),
    "applications:page_move": post("A", "B"),
    "applications:page_replace": get("A", "B"),
    # A photo of prescribed width and height is not turned, and this one was not cropped.
    "applications:page_turn": post("", "AB"),
    "applications:page_original": get("", "AOHBTFSYCU"),
    "applications:repair_propose": post("A", "B"),
    "applications:repair_accept": post("A", "B"),
    "applications:repair_reject": post("A", "B"),
    "applications:repair_picture": get("A", "B"),
    "applications:pre_review": get("OH", "S"),
    "applications:reveal": post("OH", "S"),
    "applications:correction_note": post("O"),
    "applications:compare": post("O"),
    "applications:correction_drop": post("O"),
    "applications:send_back": get("O"),
    "applications:decline": get("O"),
    "applications:approve": post("O"),
    "applications:approve_confirm": get("O"),
    "applications:reading_save": post("O"),
    "applications:next_case": get("O"),
    "applications:letter": get("AOH", "BS"),
    "applications:reasons": get("O"),
    "applications:reason_new": get("O"),
    "applications:reason_edit": get("O"),
    "archive": get("AB"),
    "archive_zip": get("AB"),
    # Who leads a department has its times on a page of their own.
    "stage:report_list": get("OH"),
    "stage:report": get("OH"),
    "stage:words": get("OH"),
    "stage:download": get("OH"),
    "stage:cases": get("OH"),
    "stage:yearly": get("OH"),
    "stage:yearly_download": get("OH"),
    # Packages hold every department's words: for the station alone.
    "archiving:year_list": get("OH"),
    "archiving:year": get("OH"),
    "archiving:year_zip": get("OH"),
    "archiving:case": get("OH"),
    "archiving:case_zip": get("OH"),
    "exports:export_list": get("O"),
    "exports:export": get("O"),
    # A department's leader: the cases of his department's tables, and no telephone of theirs.
    "case": get("OSH"),
    "case_reveal": post("OH", "S"),
    "dossier": get("OH", "S"),
    "dossier_zip": get("OH", "S"),
    # What is held of people; who leads a department has the public page.
    "rights:register": get("OSHYU"),
    "rights:register_export": post("OSHYU"),
    "rights:papers": get("OC"),
    "rights:assessment": post("OC"),
    "rights:incident": post("OC"),
    # Requests of a person; a link that nobody was given shows the same page to everybody.
    "rights:mine": get(SIGNED_IN),
    "rights:mine_copy": post(SIGNED_IN),
    "rights:link_ask": get(EVERYBODY),
    "rights:link": get(EVERYBODY),
    "rights:link_confirm": post(EVERYBODY),
    "rights:link_copy": post(EVERYBODY),
    "rights:request_list": get("OSH"),
    "rights:request_new": get("O"),
    "rights:request": get("OH", "S"),
    "rights:request_answer": post("O"),
    "rights:request_refuse": post("O"),
    "rights:request_prepare": post("O"),
    "rights:request_send_back": post("OH", "S"),
    "rights:request_finalise": post("OH", "S"),
    "rights:request_copy": post("O"),
    "rights:request_link": post("O"),
    "rights:request_letter": get("OH", "S"),
    "department_times": get("OSH"),
    "department_times_csv": get("OSH"),
    "reason_counts": get("OSH"),
    "reason_counts_csv": get("OSH"),
    # The review table
    # Before endorsement there is nothing to hand over.
    "cards:national": get("", "ABO"),
    "cards:national_reveal": post("", "ABO"),
    "cards:package": get("", "ABO"),
    "cards:card": get("AOH", "BS"),
    "cards:services": get("A", "B"),
    "cards:service_begin": get("A", "B"),
    "cards:services_of_applicant": get("A", "B"),
    # Before endorsement there is no filing to change.
    "cards:filing_services": get("", "AB"),
    "cards:filing_service_begin": get("", "AB"),
    "cards:service": get("AOH", "BS"),
    "cards:service_words": post("A", "B"),
    "cards:service_letter": get("AOH", "BS"),
    "cards:service_done": post("A", "B"),
    "cards:loss": get("A", "B"),
    "cards:loss_after": get("AOH", "BS"),
    "cards:loss_found": post("A", "B"),
    "cards:cancellations": get("ABOSH"),
    "cards:cancellation": get("AOH", "BS"),
    "cards:cancellation_hand_in": get("O"),
    "cards:cancellation_excuse": get("AO", "B"),
    "cards:cancellation_complete": get("O"),
    "cards:receipt": get("AOH", "BS"),
    # The enterprise's own duty, and the follow-up
    "cards:duty": get("ABOSH"),
    "cards:enterprise_duty": get("AOH", "BS"),
    "cards:rules_new": get("A", "B"),
    "cards:rules_upload": get("A", "B"),
    "cards:rules": get("AOH", "BS"),
    "cards:rules_pdf": get("AOH", "BS"),
    "cards:rules_page": get("AOH", "BS"),
    "cards:keeper_new": get("A", "B"),
    "cards:keeper_end": post("A", "B"),
    "cards:collection_letter_new": get("A", "B"),
    "cards:collection_letter": get("AOH", "BS"),
    "cards:collection_letter_pdf": get("AOH", "BS"),
    "cards:register": get("AOH", "BS"),
    "cards:lend": get("A", "B"),
    "cards:lending": get("AOH", "BS"),
    "cards:lending_return": get("A", "B"),
    "cards:lending_confirm": post("A", "B"),
    "cards:lending_link": post("A", "B"),
    # The address itself is the key; a wrong one is answered with 410.
    "cards:hand_confirm": get(EVERYBODY),
    "cards:feedback": get(EVERYBODY),
    "cards:missing_reports": get("OHS"),
    "cards:missing_reveal": post("O"),
    "cards:missing_remind": post("", "O"),
    "cards:reports_so_far": get("A", "B"),
    "cards:period_report": get("AOH", "BS"),
    "cards:report_fill": post("A", "B"),
    "cards:report_send": post("A", "B"),
    "cards:report_again": post("A", "B"),
    "cards:report_pdf": get("AOH", "BS"),
    "cards:breach_list": get("OHS"),
    "cards:breach_new": get("O"),
    "cards:breach": get("AOH", "BS"),
    "cards:breach_state": post("A", "B"),
    "cards:measure_new": post("O"),
    "cards:measure_review": post("O"),
    "cards:measure_lift": post("O"),
    "cards:breach_close": post("O"),
    "cards:breach_page": get("AOH", "BS"),
    "cards:text_list": get("O"),
    "cards:text_edit": get("O"),
    "cards:followup_month": get("OHS"),
    "cards:visit_new": get("O"),
    "cards:visit": get("AOH", "BS"),
    "cards:visit_arrange": post("O"),
    "cards:visit_checks": post("O"),
    "cards:visit_pictures": post("O"),
    "cards:visit_finish": post("O"),
    "cards:visit_drop": post("O"),
    "cards:visit_page": get("OH", "S"),
    "cards:finding_new": post("O"),
    "cards:finding": get("AOH", "BS"),
    "cards:finding_answer": post("A", "B"),
    "cards:finding_again": post("O"),
    "cards:finding_close": post("O"),
    "cards:finding_page": get("AOH", "BS"),
    "cards:feedback_link": post("AO", "B"),
    "cards:feedback_list": get("ABOSH"),
    "cards:filings": get("OSH"),
    "cards:message": get("ABO"),
    "cards:filing": get("AOH", "BS"),
    "cards:filing_enter": get("AO", "B"),
    "cards:filing_take_back": get("AO", "B"),
    "cards:filing_page": get("AOH", "BS"),
    "cards:board": get("AOH", "BS"),
    "cards:case_message": get("AO", "B"),
    "cards:early_print": get("AOH", "BS"),
    # An agent finds his own, a department's supervisor an empty list.
    "cards:list": get("ABOSH"),
    "cards:radar": get("ABOSH"),
    "cards:card_new": get("ABO"),
    # Not endorsed yet.
    "cards:card_of_application": get("", "ABO"),
    "cards:card_of_applicant": get("AO", "B"),
    "cards:card_reveal": post("AOH", "BS"),
    "cards:card_correct": get("AO", "B"),
    "cards:card_picture_upload": get("AO", "B"),
    "cards:card_picture": get("AOH", "BS"),
    "cards:card_settle": get("AO", "B"),
    "cards:holder_preview": get("AOH", "BS"),
    "cards:holder_link_give": post("AO", "B"),
    "cards:holder_link_revoke": post("AO", "B"),
    # The address is the key; one that nobody was given shows the same page to everybody.
    "cards:holder": get(EVERYBODY),
    "imports:of_kind": get("O"),
    "imports:template": get("O"),
    "imports:batch": get("O"),
    "imports:columns": post("O"),
    "imports:answers": post("O"),
    "imports:write": post("O"),
    "imports:undo": get("O"),
    "imports:drop": post("O"),
    "imports:problems": get("O"),
    "reviews:circulate_batch": get("O"),
    "signatures:certificate_list": get("C"),
    "signatures:certificate_issue": get("C"),
    "reviews:seal_register": get("C"),
    "reviews:seal_remove": get("C"),
    "signatures:certificate_revoke": get("C"),
    "applications:letter_pdf": get("AOH", "BS"),
    "reviews:table_list": get("OTFSH"),
    "reviews:table_detail": get("AOTFSH", "B"),
    "reviews:of_application": get("AOTFSH", "B"),
    "reviews:table_time": get("AOTFSH", "B"),
    "reviews:chase": post("OSH"),
    "reviews:chase_department": post("O"),
    "parameters:list": get("OSH"),
    "parameters:change": get("O"),
    "parameters:withdraw": post("O"),
    "workdays:calendar": get("O"),
    "workdays:calendar_import": get("O"),
    "workdays:calendar_close": post("O"),
    "workdays:calendar_template": get("O"),
    "workdays:calendar_reopen": post("O"),
    "reviews:jpg_of_application": get("", "ABOTFSH"),
    "reviews:pdf_of_application": get("", "ABOTFSH"),
    "reviews:table_pdf": get("OFH", "ABTS"),
    "reviews:table_jpg": get("OFH", "ABTS"),
    "reviews:revision_pdf": get("O"),
    "reviews:table_preview": get("OFH", "ABTS"),
    "reviews:wet_scan": get("O"),
    # There is no scan to confirm or to see.
    "reviews:wet_scan_confirm": post("", "O"),
    "reviews:wet_scan_remove": post("", "O"),
    "reviews:wet_scan_restore": post("", "O"),
    "reviews:wet_scan_page": get("", "ABOTFSH"),
    # Without a confirmed scan it leads back to the scan's page.
    "reviews:opinion_paper": get("O"),
    "reviews:recall": get("O"),
    "reviews:supplement_ask": get("O"),
    # Nothing is asked for: it leads back to the table.
    "reviews:supplement_cancel": get("OTF"),
    "reviews:circulate": post("O"),
    "reviews:circulate_confirm": get("O"),
    "reviews:supplement": post("A", "B"),
    "reviews:withdraw": get("A", "B"),
    "reviews:directory": get("OTFSHYCU"),
    "reviews:leave_list": get("OTFSH"),
    "reviews:leave_new": get("OT", "F"),
    "reviews:leave_cancel": post("OT", "F"),
    "reviews:phrase_list": get("TF"),
    "reviews:phrase_new": get("TF"),
    "reviews:phrase_edit": get("T", "F"),
    "reviews:opinion_transfer": get("T", "F"),
    "reviews:opinion_autosave": post("T", "F"),
    "reviews:opinion_edit": get("T", "F"),
    "reviews:opinion_reveal": post("T", "F"),
    "reviews:opinion_sign": get("T", "F"),
    # Nothing is signed yet.
    "reviews:opinion_signed": get("", "TF"),
    "reviews:opinion_preview": get("T", "F"),
    "reviews:opinion_batch": get("TF"),
    "reviews:opinion_repeat": post("T", "F"),
    "reviews:opinion_supplement": get("T", "F"),
    "reviews:opinion_page": get("T", "F"),
}


def card_arguments(
    application: Application, card_pk: int, officer: User, file: StoredFile
) -> dict[str, Any]:
    """Of a card of this application's applicant, and of an import that waits to be written."""
    card = Card.objects.get(pk=card_pk)
    page = card.pages.create(file=file, side="front", position=1)
    cards = ("card", "card_reveal", "card_correct", "card_picture_upload", "card_settle")
    links = ("holder_preview", "holder_link_give", "holder_link_revoke")
    batch = ImportBatch.objects.create(
        kind="cards", state="checked", sha256="0" * 64, head_hash="0" * 64, created_by=officer
    )
    batch.rows.create(line=2)
    return {
        **{f"cards:{what}": {"pk": card.pk} for what in (*cards, *links)},
        "cards:card_of_application": {"pk": application.pk},
        "cards:card_of_applicant": {"pk": application.applicant_id},
        "cards:card_picture": {"pk": card.pk, "page_pk": page.pk},
        "cards:holder": {"token": "wrong"},
        "imports:of_kind": {"code": "cards"},
        "imports:template": {"code": "cards"},
        **{
            f"imports:{what}": {"pk": batch.pk}
            for what in ("batch", "columns", "answers", "write", "undo", "drop", "problems")
        },
    }


def names(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        elif isinstance(pattern, URLResolver):
            room = f"{pattern.app_name}:" if pattern.app_name else ""
            yield from names(pattern.url_patterns, prefix + room)


def test_every_address_is_in_the_table() -> None:
    assert set(names(get_resolver().url_patterns)) == set(ACCESS)


@dataclass(frozen=True)
class Case:
    """A case in review of the agent's enterprise, and everybody who may want to see it.

    `arguments` are those of the addresses, `cookies` those of who has signed in, by letter.
    """

    arguments: dict[str, Any]
    cookies: dict[str, str]

    def client(self, letter: str) -> Client:
        """A browser of its own in which this person has signed in, or nobody."""
        client = Client()
        if letter in self.cookies:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[letter]
        return client


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[Case]:
    """Made once: what a test does to it is taken back with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = everybody()
        name = settings.SESSION_COOKIE_NAME
        cookies = {letter: signed_in(one).cookies[name].value for letter, one in people.items()}
        yield Case(arguments_of(people), cookies)
        transaction.set_rollback(True)


def everybody() -> dict[str, User]:
    tax = Department.objects.get(code="tax")
    people = [
        agent_of(EnterpriseFactory.create()),
        agent_of(EnterpriseFactory.create()),
        UserFactory.create(officer=True),
        liaison("tax"),
        liaison("foreign_affairs"),
        UserFactory.create(role=Role.SUPERVISOR, department=tax),
        UserFactory.create(station_head=True),
        UserFactory.create(role=Role.SYSTEM_ADMIN),
        UserFactory.create(role=Role.SECURITY_ADMIN),
        UserFactory.create(role=Role.AUDITOR),
    ]
    return dict(zip(SIGNED_IN, people, strict=True))


def arguments_of_letters(application: Application, agent: User) -> dict[str, Any]:
    enterprise = application.enterprise
    written = begin_letter("profile", enterprise=enterprise, application=application, by=agent)
    letter, kind = {"pk": written.pk}, {"code": "profile"}
    return {
        "letters:of_enterprise": {"pk": enterprise.pk},
        "letters:of_application": {"pk": application.pk},
        "letters:begin_for_enterprise": {"pk": enterprise.pk, **kind},
        "letters:begin_for_application": {"pk": application.pk, **kind},
        "letters:letter": letter,
        "letters:letter_file": {**letter, "ending": "docx"},
        "letters:letter_delete": letter,
        "letters:receipt": {"pk": application.pk, "ending": "docx"},
        "letters:template": kind,
        "letters:template_restore": kind,
        "letters:template_file": {**kind, "version": 0},
        "letters:template_sample": kind,
    }


def arguments_of(people: dict[str, User]) -> dict[str, Any]:
    """Arguments of the addresses."""
    agent, officer, tax_liaison = people["A"], people["O"], people["T"]
    submitted = ApplicationFactory.create(
        applicant__enterprise=agent.agency.enterprise, created_by=agent, submitted=True
    )
    perform(submitted, Action.CIRCULATE, by=officer)
    form = ReviewTableFactory.create(application=submitted)
    certificate = authority.ensure()[0]
    opinion = form.opinions.get(department__code="tax")
    opinion.answers = {"tax_total": "1.00", "has_arrears": False}
    opinion.words, opinion.conclusion = "同意。", "agree"
    opinion.save()
    told = submitted.changes.create(
        action=Action.RETURN, from_status="submitted", to_status="returned", by=officer
    )
    CorrectionFactory.create(application=submitted, sent=True, told_in=told)
    passport = ProposedPassport.objects.create(
        enterprise=submitted.enterprise, by=agent, file=stored_picture(picture(10)), position=1
    )
    proposed = {"page_pk": passport.pk}
    today = timezone.localdate()
    leave = Leave.objects.create(
        user=tax_liaison, first_day=today, last_day=today, entered_by=tax_liaison
    )
    asked = rights.ask(
        "delete", way="link", words="", nonce="n" * 16, applicant=submitted.applicant
    )
    standing = submitted.enterprise.current_document(2)
    assert standing is not None
    photo = submitted.materials.get(number=8).pages.get()
    begun = HandOver.objects.create(
        enterprise=submitted.enterprise,
        name="新经办人",
        email="next@example.com",
        phone="13800000000",
        reason="原经办人离职",
        asked_by=officer,
        takes_effect_at=timezone.now() + timedelta(days=3),
    )
    ProofPage.objects.create(hand_over=begun, file=photo.file, position=1)
    page = {"pk": submitted.pk, "number": 8, "page_pk": photo.pk}
    repair = submitted.repairs.create(number=8, original=photo.file, created_by=agent)
    offered = {"pk": submitted.pk, "number": 8, "repair_pk": repair.pk}
    document = {"pk": submitted.enterprise_id, "kind": 2}
    standing_page = {"pk": submitted.enterprise_id, "page_pk": standing.pages.get().pk}
    enterprise = {"pk": submitted.enterprise_id}
    person = {"pk": agent.pk}
    paper = submitted.consents.get().pages.create(file=photo.file, position=1)
    shown = {"token": "wrong", "number": 8}
    endorsed = ApplicationFactory.create(
        applicant__enterprise=submitted.enterprise, submitted=True, status="endorsed"
    )
    entry = StepEntry(on=today, number="SQ1")
    filed = enter_step(endorsed, StepCode.FILED, entry, by=agent)
    receipt = FilingPage.objects.create(event=filed, file=photo.file, position=1)
    parameter = Parameter.objects.create(code="test.fee", group="费用", name="收费", unit="yuan")
    call_back = CallBackFactory.create()
    consultation = ConsultationFactory.create()
    handing = HandingFactory.create(
        consultation=consultation, department=tax_liaison.department, by=officer
    )
    meeting, talk = MeetingFactory.create(by=officer), TalkFactory.create(by=officer)
    news = {"pk": ArticleFactory.create(published=True).pk}
    flow = {"pk": begin_draft(by=officer).pk}
    tax_licence = {"pk": opinion.pk, "number": 2, "page_pk": standing.pages.get().pk}
    card = {"pk": CardFactory.create(applicant=submitted.applicant).pk}
    demand = DemandFactory.create(next_step="走访", contact_phone="13900001234")
    note_contact(
        demand=demand, by=officer, kind="call", at=timezone.now(), words="介绍了政策。",
        is_telling=True, nonce="telling",
    )  # fmt: skip
    move_stage(demand=demand, to="not_needed", by=officer, reason="没有计划")
    handed_in = cancelling(submitted.enterprise, agent, officer)
    this_month = Period(today.replace(day=1), today)
    report = {"pk": ask_for(this_month, by=officer, nonce="report").pk}
    withdrawn = ApplicationFactory.create(submitted=True, status="withdrawn")
    packages = {"pk": ArchiveYear.objects.create(year=2026, state="ready", created_by=officer).pk}
    return {
        "stage:report": report,
        "stage:words": report,
        "stage:download": {**report, "form": "xlsx"},
        "stage:cases": {"code": "applications.submitted"},
        "stage:yearly_download": {"form": "xlsx"},
        "archiving:year": packages,
        "archiving:year_zip": packages,
        "archiving:case": {"pk": withdrawn.pk},
        "archiving:case_zip": {"pk": withdrawn.pk},
        "exports:export": {"code": "cards"},
        "cards:card": card,
        "cards:services": card,
        "cards:service_begin": {**card, "kind": "replace"},
        "cards:services_of_applicant": {"pk": submitted.applicant_id},
        "cards:filing_services": {"pk": submitted.pk},
        "cards:filing_service_begin": {"pk": submitted.pk, "kind": "passport_only"},
        **{
            f"cards:{what}": {"pk": handed_in.application_id}
            for what in ("service", "service_words", "service_letter", "service_done")
        },
        **{f"cards:{what}": card for what in ("loss", "loss_after", "loss_found")},
        **{
            f"cards:{what}": {"pk": handed_in.pk}
            for what in (
                "cancellation",
                "cancellation_hand_in",
                "cancellation_excuse",
                "cancellation_complete",
                "receipt",
            )
        },
        **arguments_of_duty(submitted, card["pk"], officer, photo.file),
        **card_arguments(submitted, card["pk"], officer, photo.file),
        "accounts:confirm": {"token": "wrong"},
        "accounts:password_reset": {"uid": "wrong", "token": "wrong"},
        "accounts:invitation": {"token": "wrong"},
        "accounts:user_edit": person,
        "accounts:user_password": person,
        "accounts:user_primary": person,
        "accounts:second_factor_reset": person,
        "accounts:passkey_remove": {"pk": 0},
        "accounts:session_end": {"pk": 0},
        "accounts:request_agree": {"pk": 0},
        "accounts:request_disagree": {"pk": 0},
        "accounts:signing_lock_lift": {"pk": 0},
        "notices:read": {"pk": agent.notices.get().pk},
        "notices:delivery_retry": {"pk": agent.notices.get().deliveries.get().pk},
        "notices:robot_edit": {"pk": 0},
        "notices:robot_test": {"pk": 0},
        "reviews:calendar_ics": {"token": "wrong"},
        "enterprises:detail": enterprise,
        "enterprises:edit": enterprise,
        "enterprises:station_detail": enterprise,
        "enterprises:reveal": enterprise,
        "enterprises:verify": enterprise,
        "enterprises:refuse": enterprise,
        **{
            f"ledger:{what}": {"pk": demand.pk}
            for what in ("detail", "edit", "step", "note", "reveal")
        },
        "ledger:filter_delete": {"pk": SavedFilter.objects.create(owner=officer, name="我的").pk},
        "enterprises:document": document,
        "enterprises:document_upload": document,
        "enterprises:document_validity": document,
        "enterprises:licence_adopt": enterprise,
        "enterprises:licence_confirm": enterprise,
        "enterprises:page_file": standing_page,
        "enterprises:page_thumb": standing_page,
        **{
            f"enterprises:page_{what}": standing_page
            for what in ("remove", "restore", "move", "turn", "replace")
        },
        "applications:consent_page": {"pk": submitted.pk, "page_pk": paper.pk},
        "applications:consent_link": {"token": "wrong"},
        "applications:consent_confirm": {"token": "wrong"},
        **{
            f"applications:consent_{what}": shown
            for what in ("material", "upload", "check", "thumb")
        },
        "enterprises:agent_invite": enterprise,
        "enterprises:agent_invite_again": {**enterprise, "agent_pk": agent.pk},
        "enterprises:agent_remove": {**enterprise, "agent_pk": agent.pk},
        "enterprises:hand_over": enterprise,
        "enterprises:hand_over_drop": {"pk": begun.pk},
        "enterprises:hand_over_object": {"token": "wrong"},
        "enterprises:proof_page": {"pk": begun.pages.get().pk},
        "applications:applicant_delete": {"pk": submitted.applicant_id},
        "applications:applicant_edit": {"pk": submitted.applicant_id},
        "applications:start": {"pk": submitted.applicant_id},
        "applications:correction_drop": {"pk": submitted.pk, "correction_pk": 0},
        "applications:reading_save": {"pk": submitted.pk, "number": 8},
        "applications:letter": {"pk": submitted.pk, "change_pk": told.pk},
        "applications:reason_edit": {"pk": ReturnReason.objects.get(code="R01").pk},
        "parameters:change": {"pk": parameter.pk},
        "parameters:withdraw": {"pk": 0},
        "outreach:paper": {"code": "commitment"},
        "outreach:paper_docx": {"code": "commitment"},
        **arguments_of_letters(submitted, agent),
        "outreach:answer": {"token": "wrong"},
        **{f"outreach:call_back{what}": {"pk": call_back.pk} for what in ("", "_reveal")},
        **{
            f"outreach:consultation{what}": {"pk": consultation.pk}
            for what in ("", "_reveal", "_sort", "_hand", "_draft")
        },
        "outreach:handing": {"pk": handing.pk},
        "outreach:topic_change": {"pk": ConsultationTopic.objects.all()[0].pk},
        "outreach:plan_phase": {"pk": PlanPhase.objects.all()[0].pk},
        "outreach:plan_task": {"pk": PlanTask.objects.all()[0].pk},
        **{f"outreach:plan_meeting{what}": {"pk": meeting.pk} for what in ("", "_change")},
        **{f"outreach:plan_talk{what}": {"pk": talk.pk} for what in ("", "_change", "_article")},
        **{
            f"outreach:flow{what}": flow
            for what in ("", "_preview", "_publish", "_drop", "_example", "_document")
        },
        "outreach:flow_question": {**flow, "code": "place"},
        "outreach:flow_rule": {**flow, "code": "registered"},
        "outreach:pre_check": {"pk": submitted.pk},
        **{
            f"outreach:article{what}": news
            for what in ("", "_edit", "_write", "_publish", "_chase", "_read", "_post")
        },
        "outreach:article_act": {**news, "act": "withdraw"},
        "outreach:question_edit": {"pk": Question.objects.all()[0].pk},
        **event_parts.arguments(photo.file, officer),
        "applications:material_reuse": {"pk": submitted.pk},
        "reviews:circulate_batch": enterprise,
        "reviews:circulate_confirm": {"pk": submitted.pk},
        "applications:letter_pdf": {"pk": told.pk},
        "applications:correction_note": {"pk": submitted.pk, "number": 8},
        "applications:material": {"pk": submitted.pk, "number": 8},
        "applications:passport_file": proposed,
        "applications:passport_thumb": proposed,
        "applications:passport_remove": proposed,
        "applications:material_upload": {"pk": submitted.pk, "number": 8},
        "applications:material_check": {"pk": submitted.pk, "number": 8},
        "applications:material_choose": {"pk": submitted.pk, "number": 6},
        "applications:material_name": {"pk": submitted.pk, "number": 1},
        "applications:material_adopt": {"pk": submitted.pk, "number": 1},
        "applications:material_validity": {"pk": submitted.pk, "number": 1},
        "applications:material_facts": {"pk": submitted.pk, "number": 7},
        "applications:compare": {"pk": submitted.pk, "number": 10},
        "applications:passport_adopt": {"pk": submitted.pk},
        "applications:page_file": page,
        "applications:page_thumb": page,
        **{
            f"applications:page_{what}": page
            for what in ("remove", "restore", "move", "turn", "replace", "original")
        },
        **{f"applications:repair_{what}": offered for what in ("propose", "accept", "reject")},
        "applications:repair_picture": {**offered, "which": "original"},
        "reviews:leave_new": {"pk": tax_liaison.pk},
        "reviews:leave_cancel": {"pk": leave.pk},
        "reviews:phrase_edit": {"pk": Phrase.objects.filter(department__code="tax")[0].pk},
        "case": {"pk": submitted.pk},
        "case_reveal": {"pk": submitted.pk},
        "dossier": enterprise,
        "dossier_zip": enterprise,
        "rights:register_export": {"form": "csv"},
        **{f"rights:{what}": {"token": "wrong"} for what in ("link", "link_confirm", "link_copy")},
        **{
            f"rights:request{what}": {"pk": asked.pk}
            for what in (
                "",
                "_answer",
                "_refuse",
                "_prepare",
                "_send_back",
                "_finalise",
                "_copy",
                "_link",
                "_letter",
            )
        },
        "reviews:table_detail": {"pk": form.pk},
        "reviews:opinion_batch": enterprise,
        "reviews:opinion_signed": {"pk": opinion.pk},
        "signatures:certificate_issue": {"owner": "tax"},
        "reviews:seal_register": {"owner": "tax"},
        "reviews:seal_remove": {"owner": "tax"},
        "signatures:certificate_revoke": {"pk": certificate.pk},
        "reviews:table_time": {"pk": form.pk},
        "reviews:chase": {"pk": form.pk},
        "reviews:chase_department": {"code": "tax"},
        "workdays:calendar_reopen": {"pk": 0},
        "workdays:calendar_template": {"year": 2027},
        "reviews:recall": {"pk": form.pk},
        "reviews:supplement_ask": {"pk": form.pk},
        "reviews:supplement_cancel": {"pk": form.pk},
        "reviews:table_pdf": {"pk": form.pk},
        "reviews:table_jpg": {"pk": form.pk, "page": 1},
        "reviews:revision_pdf": {"pk": form.pk, "sequence": 0},
        "reviews:table_preview": {"pk": form.pk},
        "reviews:wet_scan": {"pk": form.pk},
        **{
            f"reviews:wet_scan_{what}": {"pk": form.pk} for what in ("confirm", "remove", "restore")
        },
        "reviews:wet_scan_page": {"pk": form.pk, "page_pk": 0},
        "reviews:verify_code": {"code": form.verification_code},
        "reviews:root_certificate": {"pk": own_roots()[0].pk},
        "reviews:opinion_page": tax_licence,
        **{
            f"reviews:opinion_{what}": {"pk": opinion.pk}
            for what in (
                "edit",
                "autosave",
                "transfer",
                "repeat",
                "reveal",
                "sign",
                "paper",
                "preview",
                "supplement",
            )
        },
        **{
            f"cards:{what}": {"pk": submitted.pk}
            for what in ("national", "national_reveal", "package")
        },
        **{
            f"cards:{what}": {"pk": filed.filing.application_id}
            for what in (
                "filing",
                "filing_take_back",
                "board",
                "case_message",
                "early_print",
            )
        },
        "cards:filing_enter": {"pk": filed.filing.application_id, "step": "accepted"},
        "cards:filing_page": {"pk": filed.filing.application_id, "page_pk": receipt.pk},
        **{
            f"reviews:{what}": {"pk": submitted.pk}
            for what in (
                "of_application",
                "jpg_of_application",
                "pdf_of_application",
                "circulate",
                "supplement",
                "withdraw",
            )
        },
        **{
            f"applications:{what}": {"pk": submitted.pk}
            for what in (
                "detail",
                "corrections_answer",
                "take_back",
                "begin_again",
                "delete",
                "withdraw",
                "resubmit",
                "leave_to_table",
                "check",
                "check_reveal",
                "consent",
                "consent_link_give",
                "consent_link_revoke",
                "consent_paper",
                "consent_paper_upload",
                "submit",
                "pre_review",
                "next_case",
                "reveal",
                "send_back",
                "decline",
                "approve",
                "approve_confirm",
            )
        },
    }


def cancelling(enterprise: Enterprise, agent: User, officer: User) -> Cancellation:
    """A colleague's card that was handed in to be cancelled."""
    applicant = ApplicantFactory.create(enterprise=enterprise)
    application = ApplicationFactory.create(
        applicant=applicant, kind="cancel", cause="left", submitted=True
    )
    card = CardFactory.create(applicant=applicant)
    CardRequest.objects.create(application=application, card=card)
    today = timezone.localdate()
    return Cancellation.objects.create(
        card=card,
        application=application,
        happened_on=today,
        due_on=today,
        reported_by=agent,
        handed_in_on=today,
        handed_in_by="张三",
        received_by=officer,
        received_at=timezone.now(),
    )


def arguments_of_duty(
    submitted: Application, card_pk: int, officer: User, file: StoredFile
) -> dict[str, Any]:
    """Arguments of the addresses of duty and follow-up."""
    own, agent = submitted.enterprise, submitted.created_by
    today = timezone.localdate()
    rules = own.management_rules.create(
        way="upload", return_days=7, in_force_since=today, created_by=agent
    )
    keeper = duty_parts.keeper_of(own, agent)
    letter = own.collection_letters.create(
        collector="王领卡", phone="1", holders="张样例", collects_on=today, text="承诺",
        text_version=1, created_by=agent,
    )  # fmt: skip
    card = Card.objects.get(pk=card_pk)
    lending = duty_parts.lent(card, keeper, agent)
    report = duty_parts.report_of(own)
    breach = own.breaches.create(
        kind="other", happened_on=today, facts="事实", statement_by=today, created_by=officer
    )
    measure = breach.measures.create(kind="talk", starts_on=today, words="约谈", decided_by=officer)
    visit = duty_parts.visit_to(own, planned_for=today, due_on=today)
    finding = visit.findings.create(enterprise=own, words="没有登记", due_on=today)
    entry = finding.entries.create(kind="answered", words="已登记", by=agent)
    pages = {
        "rules_page": rules.pages.create(file=file, position=1),
        "breach_page": breach.pages.create(file=file, position=1),
        "visit_page": visit.pages.create(file=file, position=1),
        "finding_page": entry.pages.create(file=file, position=1),
    }
    named = {
        own: "enterprise_duty rules_new rules_upload keeper_new collection_letter_new register "
        "breach_new visit_new reports_so_far",
        rules: "rules rules_pdf",
        keeper: "keeper_end",
        letter: "collection_letter collection_letter_pdf",
        card: "lend lending_return feedback_link",
        lending: "lending lending_confirm lending_link",
        report: "period_report report_fill report_send report_again report_pdf",
        breach: "breach breach_state measure_new breach_close",
        measure: "measure_review measure_lift",
        visit: "visit visit_arrange visit_checks visit_pictures visit_finish visit_drop "
        "finding_new",
        finding: "finding finding_answer finding_again finding_close",
    }
    return {
        **{
            f"cards:{name}": {"pk": row.pk}
            for row, names in named.items()
            for name in names.split()
        },
        **{f"cards:{name}": {"pk": page.pk} for name, page in pages.items()},
        "cards:hand_confirm": {"token": "wrong"},
        "cards:feedback": {"token": "wrong"},
        "cards:text_edit": {"code": "rules"},
    }


def outcome(response: HttpResponse) -> str:
    if response.streaming:
        response.getvalue()  # read to its end, so that the file behind it is closed
    if response.status_code == 302 and response["Location"].startswith("/accounts/sign-in/?next="):
        return "sign in"
    if response.status_code in (403, 404):
        return str(response.status_code)
    assert response.status_code < 500 or response.status_code == 503
    if not response.streaming and response.headers["Content-Type"].startswith("text/html"):
        assert not (found := open_beside_masked(response.text)), f"掩码旁边有完整号码：{found}"
    return "in"


def open_beside_masked(page: str) -> set[str]:
    """Personal numbers that the page shows in full although it masks them elsewhere."""
    masked = set(MASKED_NUMBER.findall(page))
    return {
        number
        for number in OPEN_NUMBER.findall(page)
        if mask_id_number(number) in masked or mask_passport(number) in masked
    }


def expected(rule: Rule, letter: str) -> str:
    if letter in rule.allowed:
        return "in"
    if letter in rule.hidden:
        return "404"
    return "sign in" if letter == "-" else "403"


@pytest.mark.parametrize("name", ACCESS)
def test_who_gets_in(name: str, case: Case) -> None:
    rule = ACCESS[name]
    url = reverse(name, kwargs=case.arguments.get(name))
    found = {}
    for letter in EVERYBODY:
        with transaction.atomic():
            found[letter] = outcome(getattr(case.client(letter), rule.method)(url))
            transaction.set_rollback(True)
    wrong = {
        letter: f"{got}, not {expected(rule, letter)}"
        for letter, got in found.items()
        if got != expected(rule, letter)
    }
    assert not wrong, f"{name}: {wrong}"


@pytest.mark.parametrize("name", [name for name, rule in ACCESS.items() if rule.method == "get"])
def test_head_says_what_get_would(name: str, case: Case) -> None:
    """RFC 9110: HEAD is answered as GET, without the content."""
    letter = (ACCESS[name].allowed or EVERYBODY)[0]
    url = reverse(name, kwargs=case.arguments.get(name))
    answers = []
    for method in ("get", "head"):
        with transaction.atomic():
            answer = getattr(case.client(letter), method)(url)
            answers.append((outcome(answer), answer.status_code, answer.headers["Content-Type"]))
            transaction.set_rollback(True)
    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", [name for name, rule in ACCESS.items() if rule.method == "post"])
def test_head_of_an_action_is_refused_with_the_page_that_get_gives(name: str, case: Case) -> None:
    url = reverse(name, kwargs=case.arguments.get(name))
    letter = (ACCESS[name].allowed or EVERYBODY)[0]
    with transaction.atomic():
        got, head = case.client(letter).get(url), case.client(letter).head(url)
        transaction.set_rollback(True)
    assert (head.status_code, head.headers["Content-Type"]) == (
        got.status_code,
        got.headers["Content-Type"],
    )
