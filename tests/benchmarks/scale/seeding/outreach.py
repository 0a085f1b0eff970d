"""Outreach: consultations and calls back, articles, briefings, symposia, visits, the plan."""

from itertools import count as counting

from outreach.models import (
    Article,
    ArticlePost,
    ArticleReading,
    ArticleVersion,
    Attendance,
    Briefing,
    BriefingFeedback,
    BriefingQuestion,
    BriefingSignUp,
    CallBack,
    CompanyVisit,
    CompanyVisitTask,
    Consultation,
    ConsultationHanding,
    ConsultationTopic,
    DoorAttempt,
    Flow,
    Invitation,
    OutwardText,
    PlanMeeting,
    PlanPhase,
    PlanTalk,
    PlanTask,
    PreCheck,
    Symposium,
    SymposiumOpinion,
    SymposiumParticipant,
)
from tests.benchmarks.scale.plan import DAY, FIRST, HOUR, Case, day, moment, person
from tests.benchmarks.scale.seeding.room import Room

# Every so many cases asked something, wished to be called back, were looked at beforehand.
ASKED, CALLED_BACK, PRE_CHECKED, HANDED = 10, 50, 20, 20
OPEN = 30
ARTICLES, IMPORTANT, BRIEFINGS, SYMPOSIA, PLANNED = 120, 3, 60, 20, 40
COMING = 3
CHANNELS = ("call", "counter", "mail", "web")


class Outreach(Room):
    def prepare(self) -> None:
        self._prepare_desk()
        self._prepare_articles()
        self._prepare_briefings()
        self._prepare_symposia()
        self._prepare_visits()

    # The desk ----------------------------------------------------------------------------------

    def _prepare_desk(self) -> None:
        self.topics = list(ConsultationTopic.objects.values_list("pk", flat=True))
        self.consultations = self.store.sheet(
            Consultation,
            "id", "name", "enterprise_id", "demand_id", "topic_id", "channel", "asked_at",
            "created_at", "due_at", "closed_at", "closed_by_id", "answer", "taken_by_id",
            "owner_id", "phone_key", "nonce",
            phone="13900001234", enterprise_name="样例公司",
            text="办卡要多久？没有社保的人能办吗？", token_hash=None, question_id=None,
            question_version=None, drafted_id=None,
        )  # fmt: skip
        self.asked_numbers = counting(FIRST)
        self.handings = self.store.sheet(
            ConsultationHanding,
            "consultation_id", "department_id", "at", "reply", "replied_by_id", "replied_at",
            "nonce",
            note="请看社保怎么证明", by_id=self.world.officers[0].pk,
        )  # fmt: skip
        self.call_backs = self.store.sheet(
            CallBack,
            "name", "created_at", "due_at", "closed_at", "closed_by_id", "note", "nonce",
            phone="13900001234", flow_number=1, answers={"size": "yes"}, outcome="yes",
        )  # fmt: skip
        flow = Flow.objects.order_by("pk").first()
        self.pre_checks = flow and self.store.sheet(
            PreCheck, "application_id", "by_id", "at", "nonce",
            flow_id=flow.pk, answers={"size": "yes"}, outcome="yes", reasons=[],
            word=PreCheck.Word.values[0], reason="",
        )  # fmt: skip

    def case(self, case: Case) -> None:
        if case.number % ASKED == 0:
            is_open = case.number >= self.plan.count - OPEN * ASKED
            self._consultation(case, is_open=is_open)
        if case.number % CALLED_BACK == 0:
            is_open = case.number >= self.plan.count - OPEN * CALLED_BACK // 2
            at = self.plan.now - HOUR if is_open else case.created
            closed = None if is_open else moment(at + DAY)
            self.call_backs.add((
                person(case.number), moment(at), moment(at + 2 * DAY), closed,
                None if is_open else self.world.officer(case.number),
                "" if is_open else "已回电", f"scale-{case.pk}",
            ))  # fmt: skip
        if self.pre_checks and case.number % PRE_CHECKED == 0 and not case.is_open:
            officer = self.world.officer(case.number)
            self.pre_checks.add((case.pk, officer, moment(case.submitted), f"scale-{case.pk}"))

    def _consultation(self, case: Case, *, is_open: bool) -> None:
        number = next(self.asked_numbers)
        asked = self.plan.now - (number % 50) * HOUR if is_open else case.created - 10 * DAY
        officer = self.world.officer(number)
        at, closed = moment(asked), None if is_open else moment(asked + DAY)
        self.consultations.add((
            number, person(case.number), case.firm, case.firm,
            self.topics[number % len(self.topics)], CHANNELS[number % 4], at, at,
            moment(asked + 2 * DAY), closed, None if is_open else officer,
            "" if is_open else "三个工作日内办结；社保由代理机构代缴的，请出具说明。", officer,
            officer if number % 3 else None, f"{number % 5000:032x}", f"scale-{number}",
        ))  # fmt: skip
        if number % HANDED == 0 or is_open:
            department = self.world.departments[number % 5]
            self.handings.add((
                number, department.pk, at, "" if is_open else "可以，按代缴说明办理",
                None if is_open else self.world.liaison(department, number), closed,
                f"scale-{number}",
            ))  # fmt: skip

    # Articles ----------------------------------------------------------------------------------

    def _prepare_articles(self) -> None:
        officer, other = self.world.officers[:2]
        body = "凡在万州区注册、与有关经济体有往来的企业，都可以申办。\n\n" * 30
        begun = self.plan.now - ARTICLES * 20 * DAY
        rows = [
            Article(
                title=f"关于第{place}批申办的通知", body=body, shown_title=f"第{place}批申办",
                shown_body=body, state="published", is_important=place >= ARTICLES - IMPORTANT,
                shown_important=place >= ARTICLES - IMPORTANT,
                shown_to={"audience": "all", "enterprise_kinds": [], "stages": [], "economies": []},
                edited_by=officer,
                published_by=other, shown_from=day(begun + place * 20 * DAY),
                published_at=f"{moment(begun + place * 20 * DAY)}+00:00",
            )
            for place in range(ARTICLES)
        ]  # fmt: skip
        self.articles = Article.objects.bulk_create(rows)
        ArticleVersion.objects.bulk_create(
            ArticleVersion(article=one, number=1, title=one.title, body=one.body, by=officer)
            for one in self.articles
        )
        ArticlePost.objects.bulk_create(
            ArticlePost(
                article=one, channel="account", posted_on=one.shown_from or "", by=officer,
                nonce=f"scale-{one.pk}",
            )
            for one in self.articles
        )  # fmt: skip
        self.readings = self.store.sheet(
            ArticleReading, "article_id", "enterprise_id", "told_at", "read_at", "read_by_id"
        )

    # Briefings ---------------------------------------------------------------------------------

    def _prepare_briefings(self) -> None:
        officer, now = self.world.officers[0], self.plan.now
        rows = []
        for place in range(BRIEFINGS):
            starts = now + (20 * DAY if place >= BRIEFINGS - COMING else (place - 60) * 30 * DAY)
            at = f"{moment(starts)}+00:00"
            is_over = starts < now
            rows.append(Briefing(
                title=f"第{place}场宣讲会", place="区商务委会议室", starts_at=at, doors_at=at,
                ends_at=f"{moment(starts + 2 * HOUR)}+00:00", sign_up_until=at, capacity=2000,
                created_by=officer, nonce=f"scale-{place}",
                summary="讲了申办条件。" if is_over else "",
                summed_up_at=at if is_over else None, summed_up_by=officer if is_over else None,
            ))  # fmt: skip
        self.briefings = Briefing.objects.bulk_create(rows)
        self.texts = self.store.sheet(
            OutwardText, "id", "cause", "created_at", "sent_at",
            phone="13900001234", text="宣讲会将于下周三举行。", state="sent", attempts=1,
        )  # fmt: skip
        self.invitations = self.store.sheet(
            Invitation, "briefing_id", "demand_id", "text_id", "created_at", "answer",
            channel="text", created_by_id=officer.pk,
        )  # fmt: skip
        self.sign_ups = self.store.sheet(
            BriefingSignUp,
            "id", "briefing_id", "demand_id", "enterprise_name", "name", "phone_hash",
            "created_at", "nonce",
            phone="13900001234", state="place",
        )  # fmt: skip
        self.attendances = self.store.sheet(
            Attendance,
            "id", "briefing_id", "demand_id", "enterprise_name", "name", "sign_up_id",
            "person_key", "at", "recorded_at", "nonce",
            phone="13900001234", way="door",
        )  # fmt: skip
        self.questions = self.store.sheet(
            BriefingQuestion,
            "briefing_id", "sign_up_id", "asked_at", "answered_at", "nonce",
            text="要交多少钱？", answer="以国家系统公布的为准。", answered_by_id=officer.pk,
        )  # fmt: skip
        self.feedbacks = self.store.sheet(
            BriefingFeedback, "briefing_id", "attendance_id", "given_at", "nonce",
            clear="yes", plan="soon",
        )  # fmt: skip
        DoorAttempt.objects.create(briefing=self.briefings[0], reason="twice", typed="样例公司")

    def firm(self, number: int) -> None:
        pk, now = FIRST + number, self.plan.now
        for place, article in enumerate(self.articles[-IMPORTANT:]):
            told = now - (IMPORTANT - place) * 20 * DAY
            is_read = (number + place) % 4 != 0
            read = moment(told + number % 9 * HOUR) if is_read else None
            self.readings.add((article.pk, pk, moment(told), read, pk if is_read else None))
        briefing = self.briefings[number % (BRIEFINGS - COMING)]
        at = moment(now - (BRIEFINGS - number % (BRIEFINGS - COMING)) * 30 * DAY)
        if number % 2 == 0:
            self.texts.add((pk, f"scale:{pk}", at, at))
            self.invitations.add((briefing.pk, pk, pk, at, "comes"))
            name = person(number)
            self.sign_ups.add((
                pk, briefing.pk, pk, f"样例{number}公司", name, f"{pk:064x}", at, f"scale-{pk}",
            ))  # fmt: skip
            self.attendances.add((
                pk, briefing.pk, pk, f"样例{number}公司", name, pk, f"{pk:064x}", at, at,
                f"scale-{pk}",
            ))  # fmt: skip
            if number % 10 == 0:
                self.questions.add((briefing.pk, pk, at, at, f"scale-{pk}"))
                self.feedbacks.add((briefing.pk, pk, at, f"scale-{pk}"))
        self._visit(pk, number)

    # Symposia, visits and the plan -------------------------------------------------------------

    def _prepare_symposia(self) -> None:
        officer, now = self.world.officers[0], self.plan.now
        self.symposia = Symposium.objects.bulk_create(
            Symposium(
                title=f"第{place}次座谈会", starts_at=f"{moment(now - place * 60 * DAY)}+00:00",
                place="区商务委", created_by=officer, nonce=f"scale-{place}",
                held_at=f"{moment(now - place * 60 * DAY)}+00:00",
            )
            for place in range(SYMPOSIA)
        )  # fmt: skip
        self.participants = self.store.sheet(
            SymposiumParticipant, "id", "symposium_id", "demand_id", "name", "created_at", came=True
        )
        self.opinions = self.store.sheet(
            SymposiumOpinion,
            "symposium_id", "participant_id", "due_on", "answer", "answered_at",
            "answered_by_id", "told_at", "created_at", "nonce",
            words="希望续办也能在网上办。", owner_id=officer.pk,
        )  # fmt: skip

    def _prepare_visits(self) -> None:
        self.visits = self.store.sheet(
            CompanyVisit,
            "id", "demand_id", "planned_on", "done_at", "done_by_id", "created_at",
            purpose="宣讲政策", told="讲了条件和材料", created_by_id=self.world.officers[0].pk,
        )  # fmt: skip
        self.visitors = self.store.sheet(
            CompanyVisit.officers.through, "companyvisit_id", "user_id"
        )
        self.tasks = self.store.sheet(
            CompanyVisitTask,
            "visit_id", "due_on", "done_at", "done_by_id", "created_at", "nonce",
            words="发一份材料清单", owner_id=self.world.officers[0].pk, outcome="已发",
        )  # fmt: skip

    def _visit(self, pk: int, number: int) -> None:
        now = self.plan.now
        is_open = number < min(OPEN, self.plan.enterprises // 3)
        if not is_open and number % 2:
            return
        planned = now + number % 10 * DAY if is_open else now - (number * 13 % 2000 + 20) * DAY
        officer = self.world.officer(number)
        done, by = (None, None) if is_open else (moment(planned), officer)
        self.visits.add((pk, pk, day(planned), done, by, moment(planned - 9 * DAY)))
        self.visitors.add((pk, officer))
        if not is_open and number % 4 == 0:
            self.tasks.add((pk, day(planned), done, by, moment(planned), f"scale-{pk}"))
        if number % 100 == 0:
            symposium = self.symposia[number // 100 % SYMPOSIA].pk
            self.participants.add((pk, symposium, pk, person(number), moment(planned)))
            self._opinion(pk, symposium, planned, by)

    def _opinion(self, pk: int, symposium: int, at: int, by: int | None) -> None:
        answered = None if by is None else moment(at)
        self.opinions.add((
            symposium, pk, day(at), "" if by is None else "已向市里反映", answered, by, answered,
            moment(at - DAY), f"scale-{pk}",
        ))  # fmt: skip

    def rest(self) -> None:
        officer, phase = self.world.officers[0], PlanPhase.objects.first()
        for place in range(PLANNED):
            on = day(self.plan.now - place * 20 * DAY)
            PlanMeeting.objects.create(
                held_on=on, title=f"第{place}次推进会", matters="研判申办情况", by=officer,
                nonce=f"scale-{place}",
            )  # fmt: skip
            PlanTalk.objects.create(
                office=PlanTalk.Office.values[0], held_on=on, asked="续办是否要重新面签",
                by=officer, nonce=f"scale-{place}",
            )  # fmt: skip
            PlanTask.objects.create(
                phase=phase, title=f"第{place}项任务", due_on=on, nonce=f"scale-{place}"
            )
