"""申请公函, material 1: the enterprise asks for cards for the applicants whom it names."""

from applications.kinds import Kind
from applications.models import Applicant, Application
from letters.codes import LetterCode
from letters.kind import DATE, PEOPLE, Facts, Field, LetterKind, Names
from letters.kinds.profile import DEALINGS, ECONOMIES, FOUNDED, TRADE
from letters.known import earlier_card, economies_of
from materials.numbers import MaterialNumber


class ApplicationLetter(LetterKind):
    code = LetterCode.APPLICATION
    use = "材料1：企业向市政府外办申请，写明企业情况、往来的经济体和每一位申请人。"
    after = "用贵单位正式文头纸打印，核对后盖公章，扫描上传到材料1；公司简介一并上传。"
    title = "关于为{申请人姓名}申办APEC商务旅行卡的函"
    to = "重庆市人民政府外事办公室："
    body = (
        "{单位名称}（统一社会信用代码{统一社会信用代码}）注册在{区县}，成立于{成立年份}年，"
        "主要从事{主营业务}，上一年度进出口额{上年进出口额}万元。\n"
        "我单位与{往来经济体}有业务往来：{往来情况}。因业务需要，申请为下列人员办理APEC商务旅行卡：\n"
        f"{PEOPLE}\n"
        "上述人员均为我单位正式员工。以上情况属实，我单位将按《APEC商务旅行卡管理办法》管理和使用，"
        "并承担持卡人管理责任。\n"
        "附件：公司简介"
    )
    person_line = (
        "{姓名}，{职务}，身份证号码{身份证号码}，护照号码{护照号码}。负责{负责的业务}，"
        "需经常前往{前往的经济体}开展商务活动。近三年出国（境）情况：{出国情况}。{拒签情况}。"
        "{持卡情况}。"
    )
    names = Names.SEVERAL
    fields = (
        FOUNDED,
        TRADE,
        Field("上年进出口额", "1200", help="单位：万元。没有的写0。"),
        ECONOMIES,
        DEALINGS,
        DATE,
    )
    person_fields = (
        Field("负责的业务", "东南亚市场销售"),
        Field("前往的经济体", "新加坡、泰国"),
        Field("出国情况", "2024年赴新加坡2次", help="没有的写“无”。", is_long=True),
        Field("拒签情况", "无拒签记录", help="没有的写“无拒签记录”；有的写明何时被哪里拒签。"),
        Field("持卡情况", "首次申办", help="办过的写旧卡号码。{原卡号}下载时换成号码。"),
        Field("原卡号", "C10200031", is_typed=False, is_secret=True, is_optional=True),
    )
    hints = (
        "单位名称与营业执照一致；姓名、职务与门户登记的一致。",
        "写明往来的经济体，在可免签的16个之内；不写旅游、探亲。",
    )
    material = MaterialNumber.LETTER

    def fits(self, application: Application) -> bool:
        return application.kind in (Kind.NEW, Kind.RENEW)

    def known(self, facts: Facts) -> dict[str, str]:
        return {"往来经济体": economies_of(facts.application)}

    def known_of(self, person: Applicant, facts: Facts) -> dict[str, str]:
        card = earlier_card(person)
        return {
            "前往的经济体": economies_of(facts.application),
            "持卡情况": "曾持卡，原卡号{原卡号}，已注销" if card else "首次申办",
            "原卡号": card.number if card else "",
        }
