"""Answer to “我的申请到哪了”: one sentence to be read to the caller, without numbers of his own."""

from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from accounts.departments import in_words, known
from applications.models import Application
from applications.workflow import Status, Turn
from cards.filing.next_steps import NextEntry
from cards.models import Filing
from core.dates import near_day_words, near_moment_words

NOTHING_TO_DO: Final = "现在不用您做什么。"


def spoken(
    application: Application,
    *,
    waiting: Sequence[str] = (),
    signed: int = 0,
    asked: Sequence[str] = (),
    reason: str = "",
    entry: NextEntry | None = None,
) -> str:
    """Where it stands, who acts by when, and what the caller himself has to do.

    `waiting` and `signed` are the departments of the open round, `asked` the materials that the
    enterprise is to put right, `reason` why it was declined, `entry` the next step of its filing.
    """
    since = near_day_words(application.status_since, near=timezone.now())
    by = f"{near_moment_words(application.due_at)}前" if application.due_at else ""
    match application.state:
        case Status.DRAFT:
            return "您的申请还没有提交，材料还在贵单位手里。备齐以后，请经办人在门户里提交。"
        case Status.SUBMITTED:
            return f"您的申请{since}收到了，服务站正在预审，{by or '尽快'}有结果。{NOTHING_TO_DO}"
        case Status.RETURNED:
            what = f"您的申请{since}退回补正，{_to_mend(asked)}"
            return f"{what}请{by or '尽快'}改好，在门户里重新提交。"
        case Status.IN_REVIEW:
            return f"{_at_departments(since, waiting, signed)}，{by}办完。{NOTHING_TO_DO}"
        case Status.SUPPLEMENTING:
            return (
                f"部门审核时要贵单位补充材料，{_to_mend(asked)}请{by or '尽快'}在门户里补充提交；"
                "补充之前审核暂停，已经签署的意见仍然有效。"
            )
        case Status.ENDORSED:
            return _endorsed(application, since, entry)
        case Status.DECLINED:
            why = f"，原因是：{reason.rstrip('。')}" if reason else ""
            return f"您的申请{since}没有通过{why}。情况变化以后，可以重新申请。"
        case _:
            return f"这件申请{since}由贵单位撤回了，材料都还在，需要时可以重新开始。"


def _to_mend(asked: Sequence[str]) -> str:
    if not asked:
        return ""
    return f"有{len(asked)}处要改：{'、'.join(dict.fromkeys(asked))}。"


def _at_departments(since: str, waiting: Sequence[str], signed: int) -> str:
    """How many have signed, and for whom it waits."""
    so_far = f"已有{signed}个签署" if signed else "还没有部门签署"
    names = f"，正在等{'、'.join(waiting)}" if waiting else ""
    return f"您的申请{since}送{in_words(known())}个部门审核，{so_far}{names}"


def _endorsed(application: Application, since: str, entry: NextEntry | None) -> str:
    if entry is None:
        return f"您的申请{since}由服务站核准了。{application.service.after}"
    filing = Filing.of(application)
    stage_on = near_day_words(filing.stage_on, near=timezone.localdate())
    if not filing.is_open:
        return f"您的申请审核已经通过。{entry.what}"
    whose = "现在轮到贵单位" if filing.turn == Turn.AGENT else f"现在由{filing.ball}办理"
    return (
        f"您的申请审核已经通过，国家系统里{stage_on}起是“{filing.at.label}”，{whose}：{entry.what}"
    )
