"""企业责任承诺书, the first half of material 4."""

from applications.kinds import Kind
from applications.models import Application
from letters.codes import LetterCode
from letters.kind import DATE, LetterKind, Names
from materials.numbers import MaterialNumber


class Commitment(LetterKind):
    code = LetterCode.COMMITMENT
    use = "材料4之一：企业承诺材料真实、管好卡、离职收回、接受检查。"
    after = "打印后法定代表人签字、盖公章，与管理办法一起扫描上传到材料4。"
    title = "企业责任承诺书"
    to = "{服务站}："
    body = (
        "{单位名称}为{申请人姓名}申请办理APEC商务旅行卡，郑重承诺：\n"
        "一、所提供的材料真实、完整、有效，如有虚假，愿承担一切后果。\n"
        "二、申请人是我单位正式员工，因商务活动需要经常出国，没有犯罪记录。\n"
        "三、建立并执行APEC商务旅行卡管理办法，指定专人保管，登记每次领用和归还。\n"
        "四、持卡人只在商务活动中使用，遵守各经济体的法律，不从事与商务无关的活动。\n"
        "五、持卡人离职、退休或身份变化的，立即收回卡并申请注销；卡遗失的，立即报案并报告。\n"
        "六、接受服务站和外事部门的检查和回访，按时报送管理与使用情况。"
    )
    sign = ("法定代表人（签字）：　　　　　　　　", "{单位名称}（公章）", "{落款日期}")
    names = Names.SEVERAL
    fields = (DATE,)
    hints = ("法定代表人要亲笔签字，只盖章不行。",)
    material = MaterialNumber.COMMITMENT

    def fits(self, application: Application) -> bool:
        return application.kind in (Kind.NEW, Kind.RENEW)
