"""Material 1: the enterprise's letter of application, with its profile."""

from datetime import date

from django.conf import settings

from core.dates import months_later
from materials.kind import MaterialKind
from materials.kinds.papers import PAGES, check_page
from materials.numbers import MaterialNumber
from materials.rules.examples import guide
from materials.rules.validity import Stated, ValidityRule, dated


def _last_day(stated: Stated, uploaded_on: date) -> date:
    """Where no date was stated, the months count from the upload."""
    return months_later(stated.dated_on or uploaded_on, settings.LETTER_VALID_MONTHS)


LETTER = MaterialKind(
    number=MaterialNumber.LETTER,
    name="企业申请公函及公司简介",
    owner="enterprise",
    rule="用企业正式文头纸，写明企业基本情况和与APEC经济体的往来情况，加盖公章。",
    hint="公函只给正文写明的申请人用：一份公函可以只写一位，也可以同时写明几位。每页一张图片。"
    "还没有写的，用门户的“函件”写：知道的自动填好，下载Word或PDF，打印在文头纸上盖章。",
    shelf_hint="用企业正式文头纸，写明企业基本情况和与APEC经济体的往来情况，加盖公章。"
    "还没有写的，门户按登记的内容填好，下载Word或PDF，打印在文头纸上盖章。",
    check=check_page,
    check_list=(
        "用企业正式文头纸，抬头与营业执照一致",
        "加盖公章，印文清晰，日期在有效期内",
        "写明的人里有本件申请人，姓名、职务与填写的一致",
        "列明往来的经济体，并在可免签的16个之内",
        "事由是商务，不写旅游、探亲；写明历次出国和有无拒签",
        "附有公司简介",
    ),
    examples=(*PAGES, guide("1-guide", "抬头、姓名和职务、经济体、公章、日期")),
    compared=("enterprise", "applicant", "post"),
    must_hold=(
        "抬头与营业执照名称一致，用企业正式文头纸",
        "每一位申请人的姓名、职务，与门户填写的一致",
        "与哪些APEC经济体有什么往来，事由是商务",
        "每一位申请人历次出国的情况，有没有被拒签；没有的写“无拒签记录”",
        "办过这张卡的，写明旧卡号码，旧卡已经注销",
        "落款日期是近期的，公章清晰、不压字；附公司简介",
    ),
    names_applicants=True,
    is_written=True,
    validity=ValidityRule(
        fields=("dated_on",),
        asked="落款日期",
        date_label="公函落款日期",
        last_day=_last_day,
        basis=dated("落款"),
    ),
    options={"dated_on": "dated-on"},
)
