"""Makes rows of the outreach room for tests."""

from datetime import timedelta

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from accounts.models import Department
from core.crypto import keyed_hash
from outreach.models import (
    Article,
    Briefing,
    CallBack,
    CompanyVisit,
    Consultation,
    ConsultationHanding,
    PlanMeeting,
    PlanTalk,
    Symposium,
)
from tests.factories import DemandFactory, UserFactory


class CallBackFactory(DjangoModelFactory[CallBack]):
    class Meta:
        model = CallBack

    name = Sequence(lambda n: f"来电人{n + 1}")
    phone = "13800001234"
    due_at = LazyFunction(lambda: timezone.now() + timedelta(days=2))
    nonce = Sequence(lambda n: f"call-back-{n:026d}")


class ConsultationFactory(DjangoModelFactory[Consultation]):
    class Meta:
        model = Consultation

    name = Sequence(lambda n: f"提问人{n + 1}")
    phone = "13800001234"
    text = "服务业能办吗？"
    due_at = LazyFunction(lambda: timezone.now() + timedelta(days=2))
    nonce = Sequence(lambda n: f"consultation-{n:023d}")
    token_hash = LazyAttribute(lambda row: keyed_hash(row.nonce))


class HandingFactory(DjangoModelFactory[ConsultationHanding]):
    """To a department, which has not replied; `replied=True` by whoever handed it on."""

    class Meta:
        model = ConsultationHanding

    class Params:
        replied = Trait(
            reply="按上一年度。",
            replied_by=LazyAttribute(lambda handing: handing.by),
            replied_at=LazyFunction(timezone.now),
        )

    consultation = SubFactory(ConsultationFactory)
    department = LazyFunction(lambda: Department.objects.get(code="tax"))
    note = "请说明要哪一年的。"
    by = SubFactory(UserFactory, officer=True)
    nonce = Sequence(lambda n: f"handing-{n:028d}")


class MeetingFactory(DjangoModelFactory[PlanMeeting]):
    class Meta:
        model = PlanMeeting

    held_on = LazyFunction(timezone.localdate)
    title = Sequence(lambda n: f"第{n + 1}次研判")
    matters = "审核时限"
    by = SubFactory(UserFactory, officer=True)
    nonce = Sequence(lambda n: f"meeting-{n:028d}")


class TalkFactory(DjangoModelFactory[PlanTalk]):
    class Meta:
        model = PlanTalk

    office = PlanTalk.Office.FOREIGN
    held_on = LazyFunction(timezone.localdate)
    asked = "费用有没有变？"
    by = SubFactory(UserFactory, officer=True)
    nonce = Sequence(lambda n: f"talk-{n:031d}")


class ArticleFactory(DjangoModelFactory[Article]):
    """A draft; `checking=True` waits for its check, `published=True` is on show since today."""

    class Meta:
        model = Article

    class Params:
        checking = Trait(state=Article.State.CHECKING)
        published = Trait(
            state=Article.State.PUBLISHED,
            shown_from=LazyFunction(timezone.localdate),
            review_by=LazyFunction(lambda: timezone.localdate() + timedelta(days=180)),
            published_by=SubFactory(UserFactory, officer=True),
            published_at=LazyFunction(timezone.now),
            shown_title=LazyAttribute(lambda article: article.title),
            shown_body=LazyAttribute(lambda article: article.body),
            shown_important=LazyAttribute(lambda article: article.is_important),
            shown_to=LazyAttribute(
                lambda article: {
                    "audience": article.audience,
                    "enterprise_kinds": article.enterprise_kinds,
                    "stages": article.stages,
                    "economies": article.economies,
                }
            ),
        )

    audience = "all"
    is_important = False
    enterprise_kinds: list[str] = []
    stages: list[str] = []
    economies: list[str] = []
    title = Sequence(lambda n: f"关于第{n + 1}项安排的通知")
    body = "请各企业**及时**办理。"
    edited_by = SubFactory(UserFactory, officer=True)


class BriefingFactory(DjangoModelFactory[Briefing]):
    """In a week; `now=True` has its doors open and begins in ten minutes; `over=True` was."""

    class Meta:
        model = Briefing

    class Params:
        now = Trait(starts_at=LazyFunction(lambda: timezone.now() + timedelta(minutes=10)))
        over = Trait(starts_at=LazyFunction(lambda: timezone.now() - timedelta(hours=5)))

    title = Sequence(lambda n: f"第{n + 1}场APEC商务旅行卡宣讲会")
    place = "样例大厦三楼会议室"
    starts_at = LazyFunction(lambda: timezone.now() + timedelta(days=7))
    ends_at = LazyAttribute(lambda briefing: briefing.starts_at + timedelta(hours=2))
    doors_at = LazyAttribute(lambda briefing: briefing.starts_at - timedelta(minutes=30))
    sign_up_until = LazyAttribute(lambda briefing: briefing.starts_at)
    capacity = 50
    created_by = SubFactory(UserFactory, officer=True)
    nonce = Sequence(lambda n: f"briefing-{n:026d}")


class CompanyVisitFactory(DjangoModelFactory[CompanyVisit]):
    class Meta:
        model = CompanyVisit

    demand = SubFactory(DemandFactory)
    planned_on = LazyFunction(timezone.localdate)
    created_by = SubFactory(UserFactory, officer=True)


class SymposiumFactory(DjangoModelFactory[Symposium]):
    """An hour ago; who came was not noted yet."""

    class Meta:
        model = Symposium

    title = Sequence(lambda n: f"第{n + 1}次外贸企业座谈会")
    place = "样例大厦二楼"
    starts_at = LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    created_by = SubFactory(UserFactory, officer=True)
    nonce = Sequence(lambda n: f"symposium-{n:025d}")
