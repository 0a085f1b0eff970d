"""Briefings, visits and a symposium of the demonstration, with people of the ledger."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from accounts.models import User
from enterprises.ledger.services import add_demand
from enterprises.models import Demand
from outreach.briefings import asking, attending
from outreach.briefings.feedback import give_feedback
from outreach.briefings.inviting import invite
from outreach.briefings.planning import add_material, save_briefing, sum_up
from outreach.briefings.sign_ups import GuestFacts, sign_up
from outreach.models import Attendance, Briefing, CompanyVisit, Symposium
from outreach.symposia.services import (
    add_opinion,
    add_participants,
    answer_opinion,
    hold,
    save_symposium,
)
from outreach.visits.visiting import VisitNote, add_task, note_visit, plan

# Name, trade, town and person; invented, as are the numbers.
GUESTS: Final = (
    ("重庆市万州区江样柑橘出口有限公司", "农产品", "太安镇", "程样"),
    ("重庆市万州区峡样机电有限公司", "机电", "百安坝街道", "冉样"),
    ("重庆市万州区港样物流有限公司", "物流", "新田镇", "牟样"),
    ("重庆市万州区坝样纺织有限公司", "纺织", "高笋塘街道", "向样"),
    ("重庆市万州区岭样茶业有限公司", "农产品", "分水镇", "谭样"),
)
ABOUT: Final = "APEC商务旅行卡能做什么，谁能办，怎么办，要哪些材料。当场答疑，不收费。"


def play_events(officer: User) -> None:
    """One briefing to come, one that was; visits planned and made; a symposium with opinions."""
    rows = [_row(number, officer) for number in range(len(GUESTS))]
    _to_come(rows, officer)
    _over(rows, officer)
    _visits(rows, officer)
    _symposium(rows, officer)


def _row(number: int, officer: User) -> Demand:
    name, trade, town, person = GUESTS[number]
    return add_demand(
        by=officer,
        name=name,
        source=Demand.Source.TOWN,
        nonce=f"demonstration-guest-{number}",
        trade=trade,
        town=town,
        contact_name=person,
        contact_position="总经理",
        contact_phone=f"1380000520{number}",
        is_key=number < 3,
    )


def _at(days: int, hour: int) -> datetime:
    moment = timezone.localtime() + timedelta(days=days)
    return moment.replace(hour=hour, minute=30, second=0, microsecond=0)


def _briefing(title: str, starts: datetime, capacity: int, officer: User) -> Briefing:
    briefing = Briefing(
        title=title,
        about=ABOUT,
        for_whom="有进出口、境外投资或服务业务的企业",
        place="区政务服务中心三楼会议室",
        speaker="服务站专员",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        doors_at=starts - timedelta(minutes=30),
        sign_up_until=starts,
        capacity=capacity,
        nonce=f"demonstration-{starts:%Y%m%d%H%M}",
    )
    save_briefing(briefing, by=officer)
    return briefing


def _guest(number: int, heads: int = 1) -> GuestFacts:
    name, _, _, person = GUESTS[number]
    return GuestFacts(name, person, f"1380000520{number}", heads)


def _to_come(rows: list[Demand], officer: User) -> None:
    briefing = _briefing("外贸企业专场宣讲会", _at(6, 14), 4, officer)
    invite(briefing, rows, by=officer)
    for number, heads in ((0, 2), (1, 2), (2, 1)):
        question = "护照快到期了，先换护照还是先申办？" if number == 0 else ""
        sign_up(briefing, _guest(number, heads), question=question, nonce=f"demonstration-{number}")


def _over(rows: list[Demand], officer: User) -> None:
    briefing = _briefing("APEC商务旅行卡首场宣讲会", _at(-8, 9), 30, officer)
    add_material(briefing, title="申办一页纸", text=ABOUT, file=None, by=officer)
    for number, minutes in ((0, -10), (3, 5)):
        seat = attending.attend(
            briefing,
            _guest(number),
            way=Attendance.Way.DOOR,
            at=briefing.starts_at + timedelta(minutes=minutes),
            nonce=f"demonstration-seat-{number}",
            by=None,
        )
        give_feedback(
            briefing,
            clear="yes" if number else "partly",
            plan="soon",
            words="" if number else "希望多讲讲材料怎么准备",
            nonce=f"demonstration-said-{number}",
            attendance=seat,
        )
    asked = asking.ask(
        briefing,
        text="服务业企业没有进出口，能办吗？",
        asked_by=rows[3].name,
        nonce="demonstration-question",
        by=officer,
    )
    asking.answer(asked, words="有境外业务计划的可以，先做资格自测。", by=officer)
    sum_up(briefing, words="问得最多的是材料和时间。下一场多讲材料，带样例。", by=officer)


def _visits(rows: list[Demand], officer: User) -> None:
    today = timezone.localdate()
    plan(rows[1:2], on=today, officers=[officer], purpose="回访首次咨询", by=officer)
    tomorrow = today + timedelta(days=1)
    plan(rows[2:4], on=tomorrow, officers=[officer], purpose="讲政策，摸清拟办人数", by=officer)
    plan(rows[4:5], on=today, officers=[officer], purpose="讲政策", by=officer)
    made = CompanyVisit.objects.get(demand=rows[4])
    note = VisitNote(
        timezone.now(),
        "讲了申办条件、十项材料和大致时间。",
        "社保在主城缴，能不能办？",
        "谭样",
        "总经理",
    )
    note_visit(made, note, by=officer)
    add_task(
        made,
        words="送一份社保代缴说明的范本",
        owner=officer,
        due_on=today + timedelta(days=3),
        nonce="demonstration-task",
        by=officer,
    )


def _symposium(rows: list[Demand], officer: User) -> None:
    symposium = Symposium(
        title="外贸企业座谈会",
        topic="申办中的难处和建议",
        starts_at=_at(-3, 9),
        place="区商务委二楼会议室",
        host="服务站站长",
        nonce="demonstration-symposium",
    )
    save_symposium(symposium, by=officer)
    add_participants(symposium, rows[:3], by=officer)
    seats = list(symposium.participants.order_by("pk"))
    hold(symposium, [seats[0].pk, seats[1].pk], by=officer)
    today = timezone.localdate()
    said = (
        (seats[0], "照片要求看不懂，退了两次。", 7),
        (seats[1], "希望到镇上来办一次集中受理。", 2),
    )
    opinions = [
        add_opinion(
            symposium,
            words=words,
            participant=who,
            owner=officer,
            due_on=today + timedelta(days=days),
            nonce=f"demonstration-opinion-{days}",
            by=officer,
        )
        for who, words, days in said
    ]
    answer_opinion(opinions[0], words="上传时会自动裁切，并当场说明哪里不对。", by=officer)
