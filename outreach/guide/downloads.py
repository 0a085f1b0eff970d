"""Templates to be filled in and stamped, of the station's own writing, as PDF."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings

from core.typesetting import lay_out, rendering, write

BLANK: Final = "＿＿＿＿＿＿"


@dataclass(frozen=True)
class Paper:
    """One template: `paragraphs` with blanks to be filled, `foot` the lines of signature."""

    code: str
    name: str
    use: str
    to: str
    paragraphs: tuple[str, ...]
    foot: tuple[str, ...]
    hints: tuple[str, ...] = ()


PAPERS: Final = (
    Paper(
        "application-letter",
        "申请公函及公司简介",
        "材料1：用企业正式文头纸打印，加盖公章。",
        f"{settings.STATION_NAME}：",
        (
            f"我公司{BLANK}（统一社会信用代码{BLANK}），注册在{settings.DISTRICT_NAME}，"
            f"成立于＿＿＿＿年，现有员工＿＿＿人，主要从事{BLANK}。",
            f"我公司与{BLANK}（写明经济体）有业务往来：近一年{BLANK}（进出口额、项目、合同或计划，"
            "写明对方单位和时间）。",
            "因业务需要，下列人员要经常前往上述经济体从事商务活动，特申请办理APEC商务旅行卡：",
            f"1．姓名{BLANK}，职务{BLANK}，护照号码{BLANK}；",
            f"2．姓名{BLANK}，职务{BLANK}，护照号码{BLANK}。",
            "上述人员均为我公司正式员工，没有犯罪记录，没有被拒绝签证的记录。我公司对所提供材料的"
            "真实性负责，并承担持卡人管理责任。",
        ),
        ("（单位名称，加盖公章）", "＿＿＿＿年＿＿月＿＿日"),
        (
            "单位名称与营业执照一致；申请人姓名、职务与申请表一致。",
            "写明往来的经济体；不写旅游、探亲。",
            "公司简介可以另附一页。",
        ),
    ),
    Paper(
        "commitment",
        "企业责任承诺书",
        "材料4之一：法定代表人签字，加盖公章。",
        f"{settings.STATION_NAME}：",
        (
            f"我公司{BLANK}为{BLANK}等人申请办理APEC商务旅行卡，郑重承诺：",
            "一、所提供的材料真实、完整、有效，如有虚假，愿承担一切后果。",
            "二、申请人是我公司正式员工，因商务活动需要经常出国，没有犯罪记录。",
            "三、建立并执行APEC商务旅行卡管理办法，指定专人保管，登记每次领用和归还。",
            "四、持卡人只在商务活动中使用，遵守各经济体的法律，不从事与商务无关的活动。",
            "五、持卡人离职、退休或身份变化的，立即收回卡并申请注销；卡遗失的，立即报案并报告。",
            "六、接受服务站和外事部门的检查和回访，按时报送管理与使用情况。",
        ),
        ("法定代表人（签字）：", "（单位名称，加盖公章）", "＿＿＿＿年＿＿月＿＿日"),
    ),
    Paper(
        "rules",
        "APEC商务旅行卡管理办法（参考）",
        "材料4之二：按企业的实际情况修改后盖章。",
        "",
        (
            "第一条　为规范本公司APEC商务旅行卡（以下称“卡”）的管理和使用，制定本办法。",
            f"第二条　{BLANK}部门负责卡的管理，指定{BLANK}为保管人。卡集中存放在{BLANK}，"
            "加锁保管，防火、防盗、防潮。个人不得自行保管。",
            "第三条　因商务需要出国的，填写领用登记，写明事由、前往的经济体和起止日期，"
            "经负责人批准后领取；领取时核对卡、护照和前往的经济体。",
            "第四条　持卡人回国后＿＿天内归还，保管人检查后登记。"
            "逾期不还的，保管人催收并报告负责人。",
            "第五条　卡只用于商务活动，不得用于旅游、探亲，不得转借他人。",
            "第六条　卡遗失或被盗的，持卡人立即报告，向公安机关报案或登报声明，"
            "由公司报告服务站并申请补卡。",
            "第七条　持卡人离职、退休或身份变化的，办理手续之前交回卡，由公司申请注销。",
            "第八条　保管人每季度核对一次，每季度末和年底"
            "填写《APEC商务旅行卡管理与使用情况登记表》，报送服务站。",
            "第九条　违反本办法的，视情节批评教育、停止使用或申请注销；造成后果的，依法追究责任。",
            "第十条　本办法自＿＿＿＿年＿＿月＿＿日起执行。",
        ),
        ("法定代表人（签字）：", "（单位名称，加盖公章）", "＿＿＿＿年＿＿月＿＿日"),
        ("归还的天数由企业定，各地做法为5至7天。",),
    ),
    Paper(
        "authorisation",
        "经办人授权书",
        "办理企业登记或移交经办人时用，加盖公章。",
        f"{settings.STATION_NAME}：",
        (
            f"兹授权我公司员工{BLANK}（身份证号码{BLANK}，手机号码{BLANK}）作为APEC商务旅行卡业务的"
            "经办人，代表我公司登记企业信息、填报申请、提交和补正材料、领取文件。",
            "经办人在授权范围内的行为，我公司予以承认。授权期限自＿＿＿＿年＿＿月＿＿日至"
            "＿＿＿＿年＿＿月＿＿日。经办人变动的，我公司及时书面告知。",
        ),
        ("法定代表人（签字）：", "（单位名称，加盖公章）", "＿＿＿＿年＿＿月＿＿日"),
    ),
    Paper(
        "explanation",
        "情况说明（换卡、补卡、注销）",
        "换卡、补卡、注销时用，加盖公章。",
        f"{settings.STATION_NAME}：",
        (
            f"我公司{BLANK}的持卡人{BLANK}（护照号码{BLANK}，卡号{BLANK}，到期日＿＿＿＿年＿＿月＿＿日），"
            "因下列原因（请勾选）：",
            "□更换护照　□卡损坏　□卡上内容有误　□遗失或被盗　□离职　□退休　□其他",
            f"具体情况：{BLANK}{BLANK}{BLANK}",
            "申请办理：□换卡　□补卡　□注销。",
            "以上情况属实。原卡（请勾选）：□已交回　□遗失，附报案回执或登报声明。",
        ),
        ("（单位名称，加盖公章）", "＿＿＿＿年＿＿月＿＿日"),
    ),
)
BY_CODE: Final = {paper.code: paper for paper in PAPERS}


@cache
def pdf_of(code: str) -> bytes:
    """Laid out once a process: the text changes only with the program and its settings."""
    context = {"paper": BY_CODE[code], "station_name": settings.STATION_NAME}
    context["hotline"] = settings.HOTLINE
    with rendering:
        return write(lay_out("outreach/pdf/paper.html", context, "letter.css"), tagged=True)
