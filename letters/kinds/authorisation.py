"""授权书: who acts for the enterprise before the station."""

from applications.models import Application
from letters.codes import LetterCode
from letters.kind import BLANK_DAY, DATE, Facts, Field, LetterKind


class Authorisation(LetterKind):
    code = LetterCode.AUTHORISATION
    use = "企业登记、经办人移交时用：企业授权哪一位代表它办理。"
    after = "打印后法定代表人签字、盖公章，登记或移交时交给服务站。"
    title = "经办人授权书"
    to = "{服务站}："
    # An identity number is written by hand: the portal keeps none of agents.
    body = (
        "兹授权{单位名称}员工{被授权人}（身份证号码＿＿＿＿＿＿＿＿＿＿＿＿，手机号码{被授权人手机}）"
        "作为APEC商务旅行卡业务的经办人，代表我单位登记企业信息、填报申请、提交和补正材料、领取文件。\n"
        "经办人在授权范围内的行为，我单位予以承认。授权期限自{授权起}至{授权止}。"
        "经办人变动的，我单位及时书面告知。"
    )
    sign = ("法定代表人（签字）：　　　　　　　　", "{单位名称}（公章）", "{落款日期}")
    fields = (
        Field("被授权人", "张样例", help="经办人的姓名。"),
        Field("被授权人手机", "＿＿＿＿＿＿", is_optional=True, help="可以不填，打印后手写。"),
        Field("授权起", "2026年12月1日", help="写成2026年12月1日这样。", blank=BLANK_DAY),
        Field("授权止", "2028年11月30日", blank=BLANK_DAY),
        DATE,
    )
    hints = ("经办人的身份证号码打印后手写，门户不留存。",)

    def fits(self, application: Application) -> bool:
        return False

    def known(self, facts: Facts) -> dict[str, str]:
        by = facts.by
        return {"被授权人": by.name if by and by.is_agent else ""}
