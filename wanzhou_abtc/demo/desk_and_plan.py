"""The demonstration's desk and plan: consultations of some days, meetings, talks, an article."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from accounts.models import Department, User
from core.dates import months_later
from enterprises.models import Demand, Enterprise
from outreach.articles.services import ask_for_check, post_article, publish_article, save_article
from outreach.desk.callers import Subject
from outreach.desk.services import Asker
from outreach.desk.taking import Asking, hand_on, take_down
from outreach.models import (
    Article,
    ArticlePost,
    Consultation,
    ConsultationTopic,
    PlanMeeting,
    PlanTalk,
    PlanTask,
    Question,
)
from outreach.plan.services import save_row

# Question, topic, channel, answer (none: it waits), how many days ago.
ASKED: Final = (
    ("服务业的公司能不能办？", "资格条件", "call", "可以，看有没有与APEC经济体的往来。", 20),
    ("社保在外地交的，算不算？", "资格条件", "call", "要在本企业连续参保满6个月。", 17),
    ("公函要不要法定代表人签字？", "材料准备", "counter", "要签字，并加盖公章。", 12),
    ("照片白底发灰行不行？", "材料准备", "mail", "不行，请用纯白底重拍，门户里有样例。", 9),
    ("提交以后几天出结果？", "审核表和部门意见", "call", "力争3个工作日。", 6),
    ("费用交给谁？", "费用和时间", "call", "直接交给外交部，服务站不收费。", 3),
    ("纳税证明要开哪一年的？", "材料准备", "call", "", 0),
    ("驾驶证翻译件能不能代替护照首页？", "材料准备", "counter", "", 0),
)
TALKS: Final = (
    ("foreign", "call", "提前制卡要哪些材料？", "写情况说明，附出访邀请函，由市里转报。", 40),
    ("commerce", "meeting", "全市重点外贸企业名单有没有更新？", "下月初发新的名单。", 18),
    ("foreign", "call", "明年的收费标准有没有变化？", "", 2),
)
SEEN: Final = "按方案做完。"


def fill_desk_and_plan(*, officer: User, head: User) -> None:
    """After the ledger and the cases: they are asked about."""
    _consultations(officer)
    _article(officer, head)
    _plan(officer)


def _consultations(officer: User) -> None:
    rows = list(Demand.objects.order_by("pk")[: len(ASKED)])
    signed_up = Enterprise.objects.order_by("pk")[0]
    for index, (text, topic, channel, answer, ago) in enumerate(ASKED):
        subject = Subject(signed_up) if index == len(ASKED) - 2 else Subject(None, rows[index])
        asking = Asking(
            Asker(f"样例来电人{index + 1}", f"139000{60100 + index}", ""),
            channel,
            timezone.now() - timedelta(days=ago, minutes=10),
            text,
            ConsultationTopic.objects.get(name=topic),
            subject,
        )
        made = take_down(
            asking,
            answer=answer,
            question=Question.objects.on_show().first() if index == 0 else None,
            wants_draft=index == len(ASKED) - 1,
            nonce=f"demonstration-consultation-{index}",
            by=officer,
        )
        if answer:
            # It was answered when it was asked.
            Consultation.objects.filter(pk=made.pk).update(closed_at=asking.asked_at)
    [waiting] = [one for one in Consultation.objects.open() if one.text.startswith("纳税证明")]
    hand_on(
        waiting,
        colleague=None,
        department=Department.objects.get(code="tax"),
        request="请说明要哪一年的、去哪里开。",
        nonce="demonstration-handing-0000001",
        by=officer,
    )


def _article(officer: User, head: User) -> None:
    today = timezone.localdate()
    article = Article(
        kind=Article.Kind.GUIDE,
        title="持APEC商务旅行卡怎样过关",
        body="持卡走**APEC专用通道**，出示护照和卡。\n\n"
        "- 出发前核对卡背面有没有要去的经济体\n- 护照换了，旧卡不能用，先换卡",
        source="服务站整理",
        is_important=True,
    )
    save_article(article, by=officer)
    ask_for_check(article, by=officer)
    review_by = months_later(today, 6)
    publish_article(article, shown_from=today, shown_until=None, review_by=review_by, by=head)
    Demand.objects.filter(pk__in=list(Demand.objects.values_list("pk", flat=True)[:9])).update(
        in_group_since=today - timedelta(days=60)
    )
    post_article(
        article,
        channel=ArticlePost.Channel.GROUP,
        posted_on=today,
        note="外贸企业交流群",
        nonce="demonstration-post-00000000001",
        by=officer,
    )


def _plan(officer: User) -> None:
    today = timezone.localdate()
    for task in PlanTask.objects.filter(phase__number__lt=3):
        task.state, task.result = PlanTask.State.DONE, SEEN
        task.done_on = task.due_on
        save_row(task, by=officer)
    for task in PlanTask.objects.filter(phase__number=4):
        task.state, task.owner = PlanTask.State.DOING, officer
        save_row(task, by=officer)
    meeting = save_row(
        PlanMeeting(
            held_on=today - timedelta(days=25),
            title="第三季度工作研判",
            attendees="区政府办公室、区商务委、各部门联络员",
            matters="审核时限总体稳定，个别部门第二天才看到；企业对换卡问得多。",
            decisions="一、每天上午催办一次。二、换卡写一篇指南。",
            next_on=today + timedelta(days=60),
            by=officer,
        ),
        by=officer,
        nonce="demonstration-meeting-000001",
    )
    for number, (title, days) in enumerate((("每天上午催办一次", -3), ("写一篇换卡指南", 10))):
        task = PlanTask(
            meeting=meeting,
            title=title,
            unit="服务站",
            owner=officer,
            due_on=today + timedelta(days=days),
        )
        save_row(task, by=officer, nonce=f"demonstration-task-{number:010d}")
    for number, (office, way, asked, learned, ago) in enumerate(TALKS):
        talk = PlanTalk(
            office=office,
            way=way,
            asked=asked,
            learned=learned,
            held_on=today - timedelta(days=ago),
            by=officer,
        )
        save_row(talk, by=officer, nonce=f"demonstration-talk-{number:010d}")
