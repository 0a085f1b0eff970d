"""What the tables of all pages need of briefings, visits and symposia: a row of each kind."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from files.models import StoredFile
from outreach.briefings.keys import (
    door_key,
    feedback_key,
    invitation_key,
    place_key,
    seat_key,
)
from outreach.models import (
    Attendance,
    Briefing,
    BriefingFeedback,
    BriefingMaterial,
    BriefingQuestion,
    BriefingSignUp,
    CompanyVisitPage,
    CompanyVisitTask,
    DoorAttempt,
    Invitation,
    OutwardText,
    SymposiumOpinion,
    SymposiumParticipant,
)
from tests.factories import DemandFactory
from tests.outreach.factories import BriefingFactory, CompanyVisitFactory, SymposiumFactory

BRIEFING = (
    "briefing", "briefing_edit", "briefing_cancel", "briefing_poster", "briefing_paper",
    "briefing_material", "briefing_summary", "briefing_article", "briefing_invitations",
    "briefing_invite", "briefing_sign_ups", "briefing_attendance", "briefing_enter",
    "briefing_paper_tick", "briefing_questions", "briefing_public",
)  # fmt: skip
VISIT = (
    "visit", "visit_note", "visit_pictures", "visit_rearrange", "visit_drop", "visit_task",
)  # fmt: skip
SYMPOSIUM = (
    "symposium", "symposium_edit", "symposium_cancel", "symposium_seat", "symposium_hold",
    "opinion_new",
)  # fmt: skip


def guest_rows(briefing: Briefing) -> tuple[BriefingSignUp, Attendance]:
    """Somebody who signed up, and came."""
    facts: dict[str, Any] = {
        "briefing": briefing,
        "enterprise_name": "样例外贸公司",
        "name": "周样例",
        "phone": "13800001234",
        "phone_hash": "p",
    }
    sign_up = BriefingSignUp.objects.create(**facts, state="place", nonce="s" * 20)
    seat = Attendance.objects.create(
        **facts,
        sign_up=sign_up,
        way="door",
        person_key="k",
        at=timezone.now(),
        nonce="a" * 20,
    )
    return sign_up, seat


def arguments(file: StoredFile, by: User) -> dict[str, dict[str, Any]]:
    """Of each address of these parts, what stands in it."""
    briefing = BriefingFactory.create(now=True)
    demand = DemandFactory.create(contact_phone="13900001234")
    text = OutwardText.objects.create(cause="c", phone="13900001234", text="请您参加")
    invitation = Invitation.objects.create(
        briefing=briefing, demand=demand, channel="text", text=text, created_by=by
    )
    sign_up, seat = guest_rows(briefing)
    material = BriefingMaterial.objects.create(briefing=briefing, title="指南", file=file)
    question = BriefingQuestion.objects.create(
        briefing=briefing, sign_up=sign_up, text="要多久？", nonce="q" * 20
    )
    BriefingFeedback.objects.create(
        briefing=briefing, attendance=seat, clear="yes", plan="soon", words="好", nonce="f" * 20
    )
    DoorAttempt.objects.create(briefing=briefing, reason="unknown", typed="样例")
    visit = CompanyVisitFactory.create(demand=demand)
    picture = CompanyVisitPage.objects.create(visit=visit, file=file, position=1)
    soon = timezone.localdate() + timedelta(days=7)
    task = CompanyVisitTask.objects.create(
        visit=visit, words="送一份指南", owner=by, due_on=soon, nonce="t" * 20
    )
    symposium = SymposiumFactory.create()
    participant = SymposiumParticipant.objects.create(symposium=symposium, demand=demand)
    opinion = SymposiumOpinion.objects.create(
        symposium=symposium,
        participant=participant,
        words="材料太多",
        owner=by,
        due_on=soon,
        answer="已压减",
        answered_at=timezone.now(),
        answered_by=by,
        nonce="o" * 20,
    )
    pk = {
        **dict.fromkeys(BRIEFING, briefing),
        **dict.fromkeys(VISIT, visit),
        **dict.fromkeys(SYMPOSIUM, symposium),
        **dict.fromkeys(("demand_invite", "demand_visit"), demand),
        **dict.fromkeys(("invitation_call", "invitation_reveal"), invitation),
        **dict.fromkeys(("sign_up_reveal", "sign_up_tick"), sign_up),
        **dict.fromkeys(("attendance_undo", "attendance_reveal", "attendance_bind"), seat),
        **dict.fromkeys(("briefing_answer", "briefing_question_common"), question),
        **dict.fromkeys(("visit_picture", "visit_thumbnail"), picture),
        "visit_task_close": task,
        "participant_remove": participant,
        **dict.fromkeys(("opinion", "opinion_told"), opinion),
    }
    place = {"pk": sign_up.pk, "key": place_key(sign_up)}
    came = {"pk": seat.pk, "key": seat_key(seat)}
    door = {"pk": briefing.pk, "key": door_key(briefing)}
    given = {"pk": briefing.pk, "material": material.pk}
    found: dict[str, dict[str, Any]] = {
        **{name: {"pk": row.pk} for name, row in pk.items()},
        **dict.fromkeys(("briefing_place", "briefing_leave", "briefing_ask"), place),
        **dict.fromkeys(("briefing_seat", "briefing_seat_ask", "briefing_seat_feedback"), came),
        "briefing_seat_material": {**came, "material": material.pk},
        **dict.fromkeys(("briefing_door", "briefing_walk_in"), door),
        "briefing_feedback": {"pk": briefing.pk, "key": feedback_key(briefing)},
        "briefing_invited": {"pk": briefing.pk, "key": invitation_key(briefing)},
        **dict.fromkeys(("briefing_material_file", "briefing_material_remove"), given),
        "sign_up_act": {"pk": sign_up.pk, "act": "leave"},
        "visit_day": {"day": f"{visit.planned_on:%Y-%m-%d}"},
    }
    return {f"outreach:{name}": each for name, each in found.items()}
