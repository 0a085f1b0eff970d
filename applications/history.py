"""History of an application, in the enterprise's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.departments import counted
from applications.models import Application
from applications.next_steps import OURS
from applications.workflow import Action, Status


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
    (Action.TAKE_BACK, Status.DRAFT): ("撤回修改", OURS),
    (Action.RETURN, Status.RETURNED): ("预审后退回，请贵单位补正", STATION),
    (Action.RESUBMIT, Status.SUBMITTED): ("补正后重新提交", OURS),
    (Action.DECLINE, Status.DECLINED): ("不予办理", STATION),
    (Action.CIRCULATE, Status.IN_REVIEW): (counted("通过预审，送{}个部门审核"), STATION),
    (Action.APPROVE, Status.ENDORSED): ("通过预审，服务站核准", STATION),
    (Action.ASK_SUPPLEMENT, Status.SUPPLEMENTING): ("要求贵单位补充材料", DEPARTMENTS),
    (Action.SUPPLEMENT, Status.IN_REVIEW): ("提交补充材料", OURS),
    (Action.DROP_SUPPLEMENT, Status.IN_REVIEW): ("取消补充要求，继续审核", DEPARTMENTS),
    (Action.RECALL, Status.RETURNED): ("撤回审核表，请贵单位改正", STATION),
    (Action.CONCLUDE, Status.ENDORSED): (counted("{}个部门签署完毕，审核通过"), DEPARTMENTS),
    (Action.CONCLUDE, Status.DECLINED): (
        counted("{}个部门签署完毕，结论为不同意"),
        DEPARTMENTS,
    ),
    (Action.WITHDRAW, Status.WITHDRAWN): ("撤回申请", OURS),
}


def history(application: Application) -> Sequence[Event]:
    """Everything that happened, oldest first, in the enterprise's words."""
    events = [Event(application.created_at, "开始准备申请", OURS)]
    for change in application.changes.all():
        what, who = PUBLIC_ACTIONS[Action(change.action), Status(change.to_status)]
        events.append(Event(change.at, str(what), who, change.reason))
    return events
