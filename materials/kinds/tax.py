"""Material 3: the proof of the past year's taxes.

It serves until 31 December of the year after; `materials.rules.validity.ASK_DAYS_AHEAD` (30) days
before, and once when it has lapsed, the enterprise is asked for the next (`enterprises.lapsing`).
"""

from datetime import date

from materials.kind import MaterialKind
from materials.kinds.papers import PAGES, check_page
from materials.numbers import MaterialNumber
from materials.rules.validity import Stated, ValidityRule


def _last_day(stated: Stated, uploaded_on: date) -> date:
    """The proof of the year before is wanted: that of 2025 serves until the end of 2026.

    Where no year was stated, a proof uploaded in 2026 counts as that of 2025.
    """
    return date((stated.tax_year or uploaded_on.year - 1) + 1, 12, 31)


def _basis(stated: Stated) -> str:
    return f"{stated.tax_year}年度的证明"


TAX_PROOF = MaterialKind(
    number=MaterialNumber.TAX_PROOF,
    name="企业年度纳税证明",
    owner="enterprise",
    rule="上一年度的纳税证明，有税务机关印章。",
    hint="可以由审核表替代，由税务部门在审核表上填写。",
    shelf_hint="上一年度的纳税证明。也可以在申请时选择由审核表替代，不用上传。",
    check=check_page,
    check_list=(
        "是上一年度的纳税证明",
        "有税务机关印章或电子章",
        "没有欠税",
        "企业名称一致",
    ),
    examples=PAGES,
    compared=("enterprise", "credit_code"),
    filled_in_by="tax",
    validity=ValidityRule(
        fields=("tax_year",),
        asked="纳税年度",
        last_day=_last_day,
        basis=_basis,
        wanted=lambda today: f"{today.year - 1}年度纳税证明",
    ),
    options={"tax_year": "tax-year"},
)
