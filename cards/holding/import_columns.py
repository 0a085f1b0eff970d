"""Columns of a table of cards: how each is called, what may stand in it, and what a blank means."""

from typing import Any, Final

from django.core.exceptions import ValidationError

from cards.holding.economies_read import read_economies, write_economies
from cards.models import Custody
from core.identifiers import validate_credit_code, validate_id_number, validate_passport_number
from core.masks import mask_card, mask_id_number, mask_passport
from imports.cells import CellRefused, day_of, line_of, name_of, number_of
from imports.kinds import Column
from imports.reading import Cell

CUSTODIES: Final = {label: value for value, label in Custody.choices} | {
    "企业": Custody.ENTERPRISE,
    "企业保管": Custody.ENTERPRISE,
    "单位": Custody.ENTERPRISE,
    "个人": Custody.HOLDER,
    "本人": Custody.HOLDER,
    "服务站": Custody.STATION,
}


def _checked(validate: Any) -> Any:
    """A reader whose number passes this validator; blank stays blank."""

    def read(cell: Cell) -> str:
        number = number_of(cell)
        if not number:
            return ""
        try:
            return str(validate(number))
        except ValidationError as error:
            raise CellRefused("".join(error.messages)) from None

    return read


def _day(cell: Cell) -> str:
    day = day_of(cell)
    return day.isoformat() if day else ""


def _economies(cell: Cell) -> str:
    return write_economies(read_economies(line_of(cell)))


def _custody(cell: Cell) -> str:
    words = line_of(cell).replace(" ", "")
    if words and words not in CUSTODIES:
        labels = "、".join(label for _, label in Custody.choices)
        raise CellRefused(f"应为{labels}之一。")
    return CUSTODIES[words] if words else ""


COLUMNS: Final = (
    Column(
        "credit_code", "统一社会信用代码", _checked(validate_credit_code), width=22,
        aliases=("信用代码", "企业信用代码", "单位信用代码", "社会信用代码"),
        note="用来找到企业。没有的，填企业名称。", example="91500101YYYY00012R",
    ),
    Column(
        "enterprise", "企业名称", name_of, width=34,
        aliases=("单位名称", "企业", "单位", "公司名称", "所属企业"),
        note="与门户中登记的一致；企业要先在门户登记。",
        example="重庆样例贸易有限公司",
    ),
    Column(
        "holder_name", "持卡人姓名", lambda cell: name_of(cell, most=50), is_needed=True,
        aliases=("持卡人", "姓名", "申请人", "申请人姓名"), example="张样例",
    ),
    Column(
        "id_number", "身份证号码", _checked(validate_id_number), mask=mask_id_number, width=22,
        aliases=("身份证号", "身份证", "公民身份号码", "证件号码"),
        note="可以不填。填了的，与门户中的申请人对上，也用来查一个人有没有两张卡。",
        example="500101198005120016",
    ),
    Column(
        "number", "卡号", number_of, is_needed=True, mask=mask_card,
        aliases=("商务旅行卡号", "APEC卡号", "APEC商务旅行卡号", "旅行卡号", "卡号码"),
        note="按卡正面的号码。已登记过的卡号，按这一行更新那张卡。", example="C12345678",
    ),
    Column(
        "issued_on", "发卡日期", _day, is_needed=True,
        aliases=("签发日期", "发证日期", "发卡日", "签发日", "制卡日期"), example="2026-03-02",
    ),
    Column(
        "card_until", "卡面有效期至", _day,
        aliases=(
            "有效期至", "卡有效期至", "卡有效期", "有效期", "到期日期", "到期日", "卡片有效期",
            "卡面有效期",
        ),
        note="不填的，按发卡日期加最长有效年数，并且不超过护照有效期。", example="2031-03-01",
    ),
    Column(
        "passport_number", "护照号码", _checked(validate_passport_number), is_needed=True,
        mask=mask_passport, aliases=("护照号", "护照", "绑定护照号码", "绑定的护照号码"),
        note="卡绑定的那一本护照。", example="EA1234567",
    ),
    Column(
        "passport_until", "护照有效期至", _day,
        aliases=("护照有效期", "护照到期日", "护照到期日期"), example="2029-06-10",
    ),
    Column(
        "economies", "经济体", _economies, width=40,
        aliases=("卡背面的经济体", "可通行经济体", "经济体及有效期", "签证经济体"),
        note="卡背面列出的经济体，用顿号分开；自己有更早有效期的，写在括号里。全部16个的，写“全部”。",
        example="日本、韩国、越南(2028-01-01)",
    ),
    Column(
        "custody", "保管", _custody,
        aliases=("保管方式", "保管方", "由谁保管"),
        note="企业集中保管、持卡人本人、服务站代存、已交回之一；不填的，算企业集中保管。",
        example="企业集中保管",
    ),
    Column(
        "custody_note", "保管人和地点", lambda cell: line_of(cell, most=100),
        aliases=("保管人", "保管地点", "存放地点"), example="综合部李样例，财务室保险柜",
    ),
)  # fmt: skip
EXPLANATIONS: Final = (
    "日期写成2026-03-02、2026年3月2日、2026/3/2都可以。",
    "身份证号码、信用代码这样的长号码，请把单元格格式设为“文本”，否则末尾会变成0。",
    "先检查，再写入：有一行不对，一行也不写入；写入以后可以整批撤销。",
    "已登记的卡，空白的单元格不改变原来的内容。",
)
