"""Addresses of briefings: public ones first, then the station's."""

from django.urls import path, register_converter

from outreach.briefings.views import attendance, door, inviting, planning, public, questions

PLACE = "briefings/places/<int:pk>/<slug:key>/"
SEAT = "briefings/seats/<int:pk>/<slug:key>/"
DOOR = "briefings/<int:pk>/door/<slug:key>/"
HERE = "outreach/briefings/<int:pk>/"
SIGN_UP = "outreach/sign-ups/<int:pk>/"
ATTENDANCE = "outreach/attendances/<int:pk>/"


class SignUpActConverter:
    """What an officer may do with a sign-up."""

    regex = "told|leave"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SignUpActConverter, "sign_up_act")

urlpatterns = [
    path("briefings/", public.briefings, name="briefings"),
    path("briefings/<int:pk>/", public.briefing_public, name="briefing_public"),
    path("briefings/<int:pk>/<slug:key>/", public.briefing_invited, name="briefing_invited"),
    path(PLACE, public.briefing_place, name="briefing_place"),
    path(f"{PLACE}leave/", public.briefing_leave, name="briefing_leave"),
    path(f"{PLACE}ask/", public.briefing_ask, name="briefing_ask"),
    path(DOOR, door.briefing_door, name="briefing_door"),
    path(f"{DOOR}walk-in/", door.briefing_walk_in, name="briefing_walk_in"),
    path(SEAT, door.briefing_seat, name="briefing_seat"),
    path(f"{SEAT}ask/", door.briefing_seat_ask, name="briefing_seat_ask"),
    path(f"{SEAT}feedback/", door.briefing_seat_feedback, name="briefing_seat_feedback"),
    path(
        f"{SEAT}materials/<int:material>/",
        door.briefing_seat_material,
        name="briefing_seat_material",
    ),
    path(
        "briefings/<int:pk>/feedback/<slug:key>/", door.briefing_feedback, name="briefing_feedback"
    ),
    path("outreach/briefings/", planning.briefing_list, name="briefing_list"),
    path("outreach/briefings/new/", planning.briefing_new, name="briefing_new"),
    path(HERE, planning.briefing, name="briefing"),
    path(f"{HERE}edit/", planning.briefing_edit, name="briefing_edit"),
    path(f"{HERE}cancel/", planning.briefing_cancel, name="briefing_cancel"),
    path(f"{HERE}poster.pdf", planning.briefing_poster, name="briefing_poster"),
    path(f"{HERE}list.pdf", planning.briefing_paper, name="briefing_paper"),
    path(f"{HERE}materials/", planning.briefing_material, name="briefing_material"),
    path(
        f"{HERE}materials/<int:material>/",
        planning.briefing_material_file,
        name="briefing_material_file",
    ),
    path(
        f"{HERE}materials/<int:material>/remove/",
        planning.briefing_material_remove,
        name="briefing_material_remove",
    ),
    path(f"{HERE}summary/", planning.briefing_summary, name="briefing_summary"),
    path(f"{HERE}article/", planning.briefing_article, name="briefing_article"),
    path(f"{HERE}invitations/", inviting.briefing_invitations, name="briefing_invitations"),
    path(f"{HERE}invite/", inviting.briefing_invite, name="briefing_invite"),
    path("outreach/demands/<int:pk>/invite/", inviting.demand_invite, name="demand_invite"),
    path("outreach/invitations/<int:pk>/call/", inviting.invitation_call, name="invitation_call"),
    path(
        "outreach/invitations/<int:pk>/reveal/",
        inviting.invitation_reveal,
        name="invitation_reveal",
    ),
    path(f"{HERE}sign-ups/", attendance.briefing_sign_ups, name="briefing_sign_ups"),
    path(f"{SIGN_UP}reveal/", attendance.sign_up_reveal, name="sign_up_reveal"),
    path(f"{SIGN_UP}tick/", attendance.sign_up_tick, name="sign_up_tick"),
    path(f"{SIGN_UP}<sign_up_act:act>/", attendance.sign_up_act, name="sign_up_act"),
    path(f"{HERE}attendance/", attendance.briefing_attendance, name="briefing_attendance"),
    path(f"{HERE}attendance/enter/", attendance.briefing_enter, name="briefing_enter"),
    path(f"{HERE}attendance/paper/", attendance.briefing_paper_tick, name="briefing_paper_tick"),
    path(f"{ATTENDANCE}undo/", attendance.attendance_undo, name="attendance_undo"),
    path(f"{ATTENDANCE}reveal/", attendance.attendance_reveal, name="attendance_reveal"),
    path(f"{ATTENDANCE}bind/", attendance.attendance_bind, name="attendance_bind"),
    path(f"{HERE}questions/", questions.briefing_questions, name="briefing_questions"),
    path(
        "outreach/briefing-questions/<int:pk>/answer/",
        questions.briefing_answer,
        name="briefing_answer",
    ),
    path(
        "outreach/briefing-questions/<int:pk>/common/",
        questions.briefing_question_common,
        name="briefing_question_common",
    ),
]
