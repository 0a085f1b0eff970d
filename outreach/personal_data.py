"""What the desk, briefings, visits and symposia hold of people."""

from core.personal_data import (
    ANSWERING,
    HELPING,
    TELLING,
    WORK,
    DataRegister,
    DataSubject,
    HeldData,
)

VISITOR = (DataSubject.VISITOR,)
WHO = "name enterprise_name phone"
GUEST_WORDS = {
    "phone_hash": "电话的散列",
    "phone_key": "电话的散列",
    "token_hash": "查看答复的地址的散列",
    "person_key": "认出同一个人的散列",
    "note": "记下的话",
    "text": "问的话",
    "words": "写的话",
}

REGISTER = DataRegister(
    held=(
        HeldData(
            model="outreach.OutwardText",
            whose=VISITOR,
            purpose=TELLING,
            personal="phone text",
            plain="cause state attempts next_attempt_at sent_at last_error created_at",
            words={"text": "短信的文字"},
        ),
        HeldData(
            model="outreach.Briefing",
            whose=(DataSubject.STAFF,),
            purpose=ANSWERING,
            personal="speaker summary",
            plain="title about for_whom place starts_at ends_at doors_at sign_up_until capacity"
            " opens_by_number is_public cancelled_at cancel_words summed_up_at created_at nonce"
            " version",
        ),
        HeldData(
            model="outreach.BriefingMaterial",
            whose=(DataSubject.STAFF,),
            purpose=ANSWERING,
            personal="file",
            plain="title text removed_at created_at",
            words={"file": "宣讲材料（文件可能带作者姓名）"},
        ),
        HeldData(
            model="outreach.Invitation",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="answer note",
            plain="channel called_at created_at version",
            words={"answer": "来不来", **GUEST_WORDS},
        ),
        HeldData(
            model="outreach.BriefingSignUp",
            whose=VISITOR,
            purpose=ANSWERING,
            personal=f"{WHO} phone_hash",
            plain="heads state moved_up_at told_at cancelled_at created_at nonce",
            words=GUEST_WORDS,
        ),
        HeldData(
            model="outreach.Attendance",
            whose=VISITOR,
            purpose=ANSWERING,
            personal=f"{WHO} phone_hash person_key",
            plain="heads way at recorded_at undone_at undo_words nonce",
            words=GUEST_WORDS,
        ),
        HeldData(
            model="outreach.DoorAttempt",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="typed",
            plain="reason at",
            words={"typed": "门口填的内容"},
        ),
        HeldData(
            model="outreach.BriefingQuestion",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="asked_by text",
            plain="asked_at answer answered_at nonce version",
            words={"asked_by": "提问的人", **GUEST_WORDS},
        ),
        HeldData(
            model="outreach.BriefingFeedback",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="clear plan words",
            plain="given_at nonce",
            words={"clear": "听明白了没有", "plan": "打算什么时候办", "words": "评价时写的话"},
        ),
        HeldData(
            model="outreach.CompanyVisit",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="met_name met_position told asked",
            plain="planned_on route_order purpose done_at dropped_at drop_words created_at version",
        ),
        HeldData(
            model="outreach.CompanyVisitPage",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="file",
            plain="position warnings superseded_at",
            words={"file": "走访的照片"},
        ),
        HeldData(
            model="outreach.CallBack",
            whose=VISITOR,
            purpose=ANSWERING,
            personal=f"{WHO} when answers note",
            plain="created_at due_at closed_at nonce version flow_number outcome",
            words={"when": "什么时候方便", "answers": "自测时的回答", **GUEST_WORDS},
        ),
        HeldData(
            model="outreach.Consultation",
            whose=VISITOR,
            purpose=ANSWERING,
            personal=f"{WHO} text phone_key token_hash",
            plain="created_at due_at closed_at nonce version answer question_version channel"
            " asked_at",
            words=GUEST_WORDS,
        ),
        HeldData(
            model="outreach.ConsultationHanding",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="note reply",
            plain="at replied_at nonce",
            words={"note": "转办时写的话", "reply": "部门的回复"},
        ),
        HeldData(
            model="outreach.PreCheck",
            whose=(DataSubject.APPLICANT,),
            purpose=HELPING,
            personal="answers reason",
            plain="outcome reasons word at nonce",
            words={"answers": "预审时的回答", "reason": "与自动结论不同的原因"},
        ),
        HeldData(
            model="outreach.PlanMeeting",
            whose=(DataSubject.STAFF,),
            purpose=WORK,
            personal="attendees matters decisions",
            plain="held_on title next_on nonce version",
        ),
        HeldData(
            model="outreach.PlanTalk",
            whose=(DataSubject.STAFF,),
            purpose=WORK,
            personal="whom",
            plain="office way held_on asked learned nonce version",
        ),
        HeldData(
            model="outreach.Symposium",
            whose=(DataSubject.STAFF,),
            purpose=ANSWERING,
            personal="host summary",
            plain="title topic starts_at place held_at cancelled_at cancel_words created_at nonce"
            " version",
        ),
        HeldData(
            model="outreach.SymposiumParticipant",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="name position",
            plain="came removed_at created_at",
        ),
        HeldData(
            model="outreach.SymposiumOpinion",
            whose=VISITOR,
            purpose=ANSWERING,
            personal="words",
            plain="due_on answer answered_at told_at told_how created_at nonce version",
            words=GUEST_WORDS,
        ),
    ),
    none="outreach.Article outreach.ArticleVersion outreach.ArticlePost outreach.ArticleReading"
    " outreach.Question outreach.QuestionVersion outreach.CompanyVisit_officers"
    " outreach.CompanyVisitTask outreach.ConsultationTopic outreach.Flow outreach.PlanPhase"
    " outreach.PlanTask",
)
