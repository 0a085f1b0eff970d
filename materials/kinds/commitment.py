"""Material 4: the enterprise's commitment, and its rules for the cards."""

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
    return months_later(stated.dated_on or uploaded_on, settings.COMMITMENT_VALID_MONTHS)


COMMITMENT = MaterialKind(
    number=MaterialNumber.COMMITMENT,
    name="企业责任承诺书及管理办法",
    owner="enterprise",
    rule="企业责任承诺书和APEC商务旅行卡管理办法两份文件，法定代表人签字并加盖公章。",
    hint="管理办法应写明卡的保管、领用、归还、遗失、离职注销和违规处理。"
    "还没有写的，用门户的“函件”写：知道的自动填好，下载Word或PDF去签字盖章。",
    shelf_hint="两份文件，法定代表人签字并加盖公章。"
    "还没有写的，门户按登记的内容填好，下载Word或PDF去签字盖章。",
    check=check_page,
    check_list=(
        "承诺书和管理办法两份都有",
        "法定代表人签字，加盖公章",
        "管理办法写明保管、领用、归还天数、遗失、离职注销和违规处理",
    ),
    examples=(*PAGES, guide("4-guide", "法定代表人签字、公章、日期")),
    compared=("enterprise",),
    is_written=True,
    must_hold=("承诺书和管理办法两份都有法定代表人签字，都加盖公章",),
    validity=ValidityRule(
        fields=("dated_on",),
        asked="签署日期",
        date_label="承诺书签署日期",
        last_day=_last_day,
        basis=dated("签署"),
    ),
    options={"dated_on": "dated-on"},
)
