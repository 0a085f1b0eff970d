"""What the enterprise reads of an application: what happens next, and what has happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from applications.dossier import Dossier
from applications.models import Application
from applications.time_limits import due_words
from applications.workflow import BALL, Action, Status
from enterprises.documents import station_promise

OURS = "贵单位经办人"
WHEN_READY = "没有期限，备齐后再提交"


@dataclass(frozen=True)
class NextStep:
    what: str
    who: str
    when: str = ""


def next_step(dossier: Dossier) -> NextStep:
    """Who holds the ball, and what that person does with it."""
    status = dossier.application.state
    match status:
        case Status.DRAFT if dossier.missing:
            return NextStep(
                f"还有{len(dossier.missing)}项材料没有准备好，备齐后核对、提交。", OURS, WHEN_READY
            )
        case Status.DRAFT:
            return NextStep("材料已备齐，请核对填写的内容后提交。", OURS, WHEN_READY)
        case Status.SUBMITTED:
            return NextStep(
                "服务站逐页预审材料。需要补正的会一次性告知，齐全的送五个部门审核。"
                "结果会发邮件和站内通知。",
                BALL[status],
                station_promise("pre_review"),
            )
        case Status.RETURNED:
            return NextStep(
                "请只改下面列出的内容，其余不用动，改完后重新提交。",
                OURS,
                due_words(dossier.application),
            )
        case Status.IN_REVIEW:
            return NextStep(
                "五个部门正在审核，贵单位无需操作。办结后会通知您下载审核表。",
                BALL[status],
                due_words(dossier.application),
            )
        case Status.SUPPLEMENTING:
            return NextStep(
                "请补充下面列出的内容后提交。补充期间审核的时限暂停，已签署的意见仍然有效。",
                OURS,
                f"{due_words(dossier.application) or '没有期限，请尽快'}；补充提交之前审核一直暂停",
            )
        case Status.ENDORSED:
            return NextStep(
                "请下载审核表，再到国家系统填报并上传。国家系统只收图片，请上传JPG。", OURS
            )
        case Status.DECLINED:
            return NextStep(
                "这件申请已办结，原因见下面的办理经过。情况变化后可以重新申请。", "无需办理"
            )
        case _:
            return NextStep("贵单位已撤回这件申请。需要时可以重新申请。", "无需办理")


@dataclass(frozen=True)
class Event:
    """One line of the history; `words` are what was said with it."""

    at: datetime
    what: str
    who: str
    words: str = ""


STATION, DEPARTMENTS = "服务站", "有关部门"
PUBLIC_ACTIONS: dict[tuple[Action, Status], tuple[str, str]] = {
    (Action.SUBMIT, Status.SUBMITTED): ("提交申请", OURS),
    (Action.RETURN, Status.RETURNED): ("预审后退回，请贵单位补正", STATION),
    (Action.RESUBMIT, Status.SUBMITTED): ("补正后重新提交", OURS),
    (Action.DECLINE, Status.DECLINED): ("不予办理", STATION),
    (Action.CIRCULATE, Status.IN_REVIEW): ("通过预审，送五个部门审核", STATION),
    (Action.ASK_SUPPLEMENT, Status.SUPPLEMENTING): ("要求贵单位补充材料", DEPARTMENTS),
    (Action.SUPPLEMENT, Status.IN_REVIEW): ("提交补充材料", OURS),
    (Action.RECALL, Status.RETURNED): ("撤回审核表，请贵单位改正", STATION),
    (Action.CONCLUDE, Status.ENDORSED): ("五个部门签署完毕，审核通过", DEPARTMENTS),
    (Action.CONCLUDE, Status.DECLINED): ("五个部门签署完毕，结论为不同意", DEPARTMENTS),
    (Action.WITHDRAW, Status.WITHDRAWN): ("撤回申请", OURS),
}


def history(application: Application) -> Sequence[Event]:
    """Everything that happened, oldest first, in the enterprise's words."""
    events = [Event(application.created_at, "开始准备申请", OURS)]
    for change in application.changes.all():
        what, who = PUBLIC_ACTIONS[Action(change.action), Status(change.to_status)]
        events.append(Event(change.at, what, who, change.reason))
    return events
