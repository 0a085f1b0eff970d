"""受理回执: the station has received an application, with which materials, and answers by a day."""

from django.conf import settings

from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.workflow import Status
from core.dates import day_words
from letters.codes import LetterCode
from letters.kind import Facts, Field, LetterKind, Names, Writer


class Receipt(LetterKind):
    code = LetterCode.RECEIPT
    use = "每件已提交的申请：编号、收到的材料、承诺的日子、服务站和热线。"
    after = "交给企业留存；企业在申请页也能自己下载。"
    title = "APEC商务旅行卡申办受理回执"
    to = "{单位名称}："
    body = (
        "贵单位为{姓名}提交的{事项}申请，我站已于{收到日期}收到，受理编号{受理编号}。\n"
        "收到的材料：{材料清单}。\n"
        "{承诺}\n"
        "{备注}\n"
        "凭受理编号，可以登录门户查看进度，也可以拨打咨询热线{热线}。"
        "本站不收取任何费用；国家系统的费用由企业在国家系统直接缴纳。"
    )
    sign = ("{服务站}", "{出具日期}")
    person_line = "{姓名}，{职务}"
    names = Names.ONE
    writer = Writer.STATION
    letterhead = "服务站"
    fields = (
        Field("姓名", "张样例", is_typed=False),
        Field("受理编号", f"{settings.STATION_SHORT}-2026-00012", is_typed=False),
        Field("事项", "APEC商务旅行卡新办", is_typed=False),
        Field("收到日期", "2026年11月23日", is_typed=False),
        Field("材料清单", "材料1企业申请公函及公司简介（2页）", is_typed=False),
        Field(
            "承诺",
            "我站将于2026年11月25日前完成预审。",
            is_typed=False,
            is_optional=True,
            blank="",
        ),
        Field("出具日期", "2026年11月23日", is_typed=False),
        Field("备注", "", is_optional=True, is_long=True, blank="", help="可以不写。"),
    )

    def fits(self, application: Application) -> bool:
        return application.submitted_at is not None

    def known(self, facts: Facts) -> dict[str, str]:
        application = facts.application
        if application is None or application.submitted_at is None:
            return {}
        return {
            "姓名": application.applicant.name,
            "受理编号": application.reference,
            "事项": f"APEC商务旅行卡{application.service.label}",
            "收到日期": day_words(application.submitted_at),
            "材料清单": received(application),
            "承诺": promise(application),
            "出具日期": day_words(application.submitted_at),
        }


def received(application: Application) -> str:
    """The materials that are there, each with its pages."""
    found = []
    for item in load_dossier(application).items:
        if item.material.by_review_table:
            found.append(f"材料{item.number}{item.kind.name}（由审核表替代）")
        elif item.pages:
            found.append(f"材料{item.number}{item.kind.name}（{len(item.pages)}页）")
    return "；".join(found) or "没有附页"


def promise(application: Application) -> str:
    """Until when who does what; what is over needs no promise."""
    whole = settings.TARGET_DAYS["whole"]
    then = f"材料合格的，送各部门并联审核，自送审起{whole}个工作日内办结。"
    after = then if application.needs_table else "材料合格的，由我站核准。"
    if application.state == Status.SUBMITTED and application.due_at:
        return f"我站将于{day_words(application.due_at)}前完成预审，需要补正的一次性告知。{after}"
    if application.due_at and application.is_open:
        return f"现由{application.ball}办理，时限{day_words(application.due_at)}。{after}"
    return f"我站收到后即进行预审，需要补正的一次性告知。{after}" if application.is_open else ""
