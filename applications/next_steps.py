"""Next step of an application: who does what by when, for the agent and the officer."""

from accounts.departments import in_words, known
from applications.dossier.dossier import Dossier
from applications.models import Application
from applications.time_limits import due_words
from applications.workflow import BALL, Status, Turn
from core.dates import moment_label
from enterprises.documents import NextStep, station_promise

OURS = "贵单位经办人"
WHEN_READY = "没有期限，备齐后再提交"


def agents_step(dossier: Dossier) -> NextStep:
    """Who holds the ball, and what that person does with it."""
    if dossier.application.is_followed:
        return _afterwards(dossier.application)
    return (
        _while_suspended(dossier.application)
        or _agents_step_of_service(dossier.application)
        or _agents_step(dossier)
    )


def _while_suspended(application: Application) -> NextStep | None:
    """Of what could be handed in now, were the enterprise not suspended."""
    waits = application.state in (Status.DRAFT, Status.RETURNED)
    if not (waits and application.is_for_a_card and application.enterprise.is_suspended):
        return None
    return NextStep(application.enterprise.suspended_words, OURS, "恢复之后再提交")


def _agents_step(dossier: Dossier) -> NextStep:
    status = dossier.application.state
    when = due_words(dossier.application) or WHEN_READY
    match status:
        case Status.DRAFT if dossier.missing:
            return NextStep(
                f"还有{len(dossier.missing)}项材料没有准备好，备齐后核对、提交。", OURS, when
            )
        case Status.DRAFT if dossier.application.lacks_consent:
            return NextStep(
                "材料已备齐，还差申请人本人的同意：把链接发给本人，或上传本人签字的授权书。",
                "申请人本人",
                "没有期限，同意后再提交",
            )
        case Status.DRAFT:
            return NextStep("材料已备齐，请核对填写的内容后提交。", OURS, when)
        case Status.SUBMITTED:
            return NextStep(
                f"服务站逐页预审材料。需要补正的会一次性告知，齐全的送{in_words(known())}个部门审核。"
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
                f"{in_words(known())}个部门正在审核，贵单位无需操作。办结后会通知您下载审核表。",
                BALL[status],
                due_words(dossier.application),
            )
        case Status.SUPPLEMENTING:
            return NextStep(
                "请补充下面列出的内容后提交。补充期间审核的时限暂停，已签署的意见仍然有效。",
                OURS,
                f"{due_words(dossier.application) or '没有期限，请尽快'}；"
                "补充提交之前，等这些材料的审核一直暂停",
            )
        case Status.ENDORSED:
            return NextStep(
                "请下载审核表JPG，再到国家系统填报并上传。国家系统只收图片，带电子签名的PDF留存备查。",
                OURS,
            )
        case Status.DECLINED:
            return NextStep(
                "这件申请已办结，原因见下面的办理经过。情况变化后可以重新申请。", "无需办理"
            )
        case _:
            return NextStep(
                "贵单位已撤回这件申请，材料都还在。需要时可以用原来的材料重新开始。", "无需办理"
            )


def _agents_step_of_service(application: Application) -> NextStep | None:
    """Where a service differs from a first application: the station decides, and what follows."""
    status = application.state
    if status == Status.SUBMITTED and not application.needs_table:
        return NextStep(
            "服务站逐页预审材料。需要补正的会一次性告知，齐全的由服务站核准，不送各部门。"
            "结果会发邮件和站内通知。",
            BALL[status],
            station_promise("pre_review"),
        )
    if status == Status.ENDORSED and not application.is_first:
        return NextStep(application.service.after, OURS)
    if status == Status.WITHDRAWN and not application.is_first:
        return NextStep("贵单位已撤回这件申请。需要时请从卡片页重新开始。", "无需办理")
    return None


def _afterwards(application: Application) -> NextStep:
    """Beyond the portal: how it stands, as the room that follows the table entered it."""
    who = "无需办理" if application.afterwards == Turn.OVER else application.ball
    return NextStep(f"{application.afterwards_words}。", who)


def officers_step(application: Application) -> NextStep:
    """For the officer, whatever the status."""
    if application.is_followed:
        return _afterwards(application)
    status = application.state
    who = BALL[status]
    since = moment_label(application.status_since)
    match status:
        case Status.SUBMITTED if not application.needs_table:
            return NextStep(
                "请逐项核对填写的信息和材料。有问题的记下来，一次性退回补正；"
                f"没有问题的，由您核准，{application.service.label}不送各部门。",
                who,
                due_words(application) or f"企业{since}提交，请尽快办理",
            )
        case Status.SUBMITTED:
            return NextStep(
                "请逐项核对填写的信息和十项材料。有问题的记下来，一次性退回补正；"
                f"没有问题的，送{in_words(known())}个部门审核。",
                who,
                due_words(application) or f"企业{since}提交，请尽快办理",
            )
        case Status.RETURNED:
            return NextStep(
                "等企业补正后重新提交，届时会通知您。现在只能查看。", who, due_words(application)
            )
        case Status.IN_REVIEW:
            return NextStep(
                f"{in_words(known())}个部门正在审核，进度见“审核表”。材料现在只能查看。",
                who,
                due_words(application),
            )
        case Status.SUPPLEMENTING:
            return NextStep("等企业补充材料后提交，部门审核的时限暂停计算。", who)
        case Status.ENDORSED if not application.needs_table:
            return NextStep(
                f"服务站已核准{application.service.label}。{application.service.after}", who
            )
        case Status.ENDORSED:
            return NextStep(
                f"{in_words(known())}个部门签署完毕，审核通过。由企业下载审核表，到国家系统填报并上传。",
                who,
            )
        case Status.DECLINED:
            return NextStep(
                "已不予办理，原因已告知企业。情况变化后，企业可以重新申请。", "无需办理"
            )
        case _:
            return NextStep("企业已撤回这件申请，材料只供查看。", "无需办理")
