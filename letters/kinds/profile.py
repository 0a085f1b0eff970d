"""公司简介, which goes with the letter of application."""

from applications.kinds import Kind
from applications.models import Application
from letters.codes import LetterCode
from letters.kind import DATE, Facts, Field, LetterKind
from letters.known import economies_of
from materials.numbers import MaterialNumber

FOUNDED = Field("成立年份", "2009", help="四位年份，与营业执照一致。")
TRADE = Field("主营业务", "汽车零部件的研发、生产和出口", help="一句话，写主要的产品或服务。")
ECONOMIES = Field(
    "往来经济体",
    "新加坡、泰国、越南",
    help="写APEC的经济体，用顿号隔开。已填过业务往来证明的会自动带出。",
)
DEALINGS = Field(
    "往来情况",
    "近一年对新加坡出口1200万元，与泰国客户签有三年供货合同",
    help="近一年的进出口额、合同、项目或计划，写明对方单位和时间。",
    is_long=True,
)


class CompanyProfile(LetterKind):
    code = LetterCode.PROFILE
    use = "材料1的附件：介绍企业的规模、业务和与APEC经济体的往来。"
    after = "打印、盖公章，与申请公函一起扫描上传到材料1。"
    title = "{单位名称}简介"
    body = (
        "{单位名称}成立于{成立年份}年，注册资本{注册资本}万元，住所在{住所}，现有员工{员工人数}人。\n"
        "公司主要从事{主营业务}。{主要产品或服务}\n"
        "上一年度营业收入{上年营业收入}万元，进出口额{上年进出口额}万元。\n"
        "公司与{往来经济体}有业务往来：{往来情况}。\n"
        "{资质和荣誉}"
    )
    sign = ("{单位名称}（公章）", "{落款日期}")
    fields = (
        FOUNDED,
        Field("注册资本", "5000", help="单位：万元，与营业执照一致。"),
        Field("员工人数", "260"),
        TRADE,
        Field("主要产品或服务", "主要产品有制动盘和轮毂。", is_long=True, help="一两句话。"),
        Field("上年营业收入", "18000", help="单位：万元。"),
        Field("上年进出口额", "1200", help="单位：万元。没有的写0。"),
        ECONOMIES,
        DEALINGS,
        Field(
            "资质和荣誉",
            "公司是高新技术企业。",
            help="可以不写。",
            is_optional=True,
            is_long=True,
            blank="",
        ),
        DATE,
    )
    hints = ("一页纸为宜；各项数字与纳税、报关材料一致。",)
    material = MaterialNumber.LETTER

    def fits(self, application: Application) -> bool:
        return application.kind in (Kind.NEW, Kind.RENEW)

    def known(self, facts: Facts) -> dict[str, str]:
        return {"往来经济体": economies_of(facts.application)}
