"""The one next step of a filing: what to do, who does it, and by which button it is entered."""

from dataclasses import dataclass

from cards.models import Card, Filing
from cards.workflow import AGENT, BALL, STEPS, Stage, StepCode
from core.dates import day_words
from enterprises.models import Enterprise
from parameters.values import Parameters

OUR_AGENT = "贵单位经办人"
BY_LICENCE = (
    "用电子营业执照登录国家系统：法定代表人先在“电子营业执照”小程序里授权经办人，经办人扫码登录，"
    "再设置企业邮箱和密码，以后用邮箱和密码登录。"
)
BY_CITY_OFFICE = (
    "外商独资、中外合资和港澳台企业不能自行注册，请先联系市政府外办开通账户，再用开通的账户登录。"
)
# Everybody asks; those who offer to do it for money are not of the state.
PAYMENT_WARNING = (
    "只在国家系统里向外交部缴费。没有任何中介、旅行社可以代办，也不用向个人或本站转账；"
    "有人要您转账的，请打本站热线核实。"
)


@dataclass(frozen=True)
class NextEntry:
    """`steps` are entered here; the first is the expected one and has the main button."""

    what: str
    who: str
    when: str = ""
    steps: tuple[StepCode, ...] = ()
    warning: str = ""

    @property
    def buttons(self) -> list[tuple[str, str]]:
        return [(code.value, STEPS[code].act) for code in self.steps]


def next_entry(filing: Filing, parameters: Parameters, *, is_agent: bool) -> NextEntry:
    """What there is to do now, for the agent in his words."""
    who = OUR_AGENT if is_agent and BALL[filing.at] == AGENT else BALL[filing.at]
    enterprise = filing.application.enterprise
    match filing.at:
        case Stage.TO_REGISTER:
            return NextEntry(
                _register_words(enterprise),
                who,
                "尽快",
                (
                    StepCode.REGISTERED,
                    StepCode.FILED,
                ),
            )
        case Stage.TO_FILE:
            return NextEntry(
                "下载材料包，对照填报信息在国家系统逐项填写、上传，提交后把申请编号登记在这里。",
                who,
                "尽快，审核表的有效期以市政府外办的要求为准",
                (StepCode.FILED,),
            )
        case Stage.FILED:
            return NextEntry(
                f"{day_words(filing.filed_on)}已在国家系统提交，等市政府外办审核。"
                "国家系统有消息时会发到企业和经办人的邮箱，请把消息登记在这里。",
                who,
                "",
                (StepCode.ACCEPTED, StepCode.RETURNED),
            )
        case Stage.RETURNED:
            return NextEntry(
                "市政府外办退回了这件申请，原因见下面的登记。请在国家系统里修改后重新提交。",
                who,
                "尽快",
                (StepCode.REFILED,),
            )
        case Stage.ACCEPTED:
            fee = parameters.row("cards.fee")
            return NextEntry(
                f"在国家系统里向外交部缴费{fee.words}（{fee.source_words}），上传缴费凭证；"
                "凭证也存一份在这里。",
                who,
                "尽快，缴费后外交部才审核",
                (StepCode.PAID,),
                PAYMENT_WARNING,
            )
        case Stage.PAID:
            return NextEntry(
                f"{day_words(filing.paid_on)}已缴费，等外交部审核。",
                who,
                "",
                (StepCode.PASSED, StepCode.RETURNED),
            )
        case _:
            return _after_the_ministry(filing, who, is_agent=is_agent)


def _register_words(enterprise: Enterprise) -> str:
    """By kind of enterprise; whoever is neither state-owned nor private asks the city office."""
    if enterprise.kind == Enterprise.Kind.OTHER:
        return f"{BY_CITY_OFFICE}其他企业：{BY_LICENCE}"
    return f"{BY_LICENCE}{BY_CITY_OFFICE}"


def card_of(filing: Filing) -> Card | None:
    """The card that was entered of it; lists fetch it with `application__card`."""
    return getattr(filing.application, "card", None)


def _after_the_ministry(filing: Filing, who: str, *, is_agent: bool) -> NextEntry:
    match filing.at:
        case Stage.PASSED:
            return NextEntry(
                "外交部审核通过，各经济体正在各自审批，谁也催不了。每有一个经济体批准，"
                "国家系统会发一条消息，请登记在“各经济体审批情况”。",
                who,
                "",
                (StepCode.PRINTED, StepCode.READY),
            )
        case Stage.PRINTED:
            return NextEntry(
                "卡已制好，等市政府外办通知到哪里领。",
                who,
                "",
                (StepCode.READY, StepCode.COLLECTED),
            )
        case Stage.READY:
            return NextEntry(
                f"请派人到{filing.ready_place or '通知的地点'}领卡，带单位介绍信和领卡人身份证"
                "（以通知为准）。",
                who,
                "尽快",
                (StepCode.COLLECTED,),
            )
        case Stage.COLLECTED:
            if card_of(filing):
                return NextEntry(
                    "卡已登记，由专人保管。请交付持卡人使用，交付以后登记在这里。",
                    who,
                    "用卡之前",
                    (StepCode.ISSUED,),
                )
            return NextEntry(
                "请登记这张卡（号码、有效期、背面的经济体），由专人保管，再交付持卡人使用。",
                who,
                "领卡当天",
                (StepCode.ISSUED,),
            )
        case Stage.ISSUED:
            if card_of(filing) is None:
                return NextEntry(
                    "卡已交付，还没有登记。请登记这张卡，到期、护照和借还才有人提醒。",
                    OUR_AGENT if is_agent else AGENT,
                    "尽快",
                )
            return NextEntry("这件申请全部办完。卡的使用、到期和续办见卡的页面。", "无需办理")
        case _:
            return NextEntry("这件申请在国家系统不再办理，原因见下面的登记。", "无需办理")
