"""Material 2: the business licence."""

from datetime import date

from materials.findings import Finding
from materials.kind import MaterialKind
from materials.kinds.licence.reading import judge_licence
from materials.kinds.papers import check_page
from materials.numbers import MaterialNumber
from materials.rules.examples import Example, bad, guide
from materials.rules.recognition import RecognitionRule
from materials.rules.validity import Stated, ValidityRule


def _last_day(stated: Stated, _uploaded_on: date) -> date | None:
    """The end of the term of business; None where it has none, or none was stated."""
    return stated.ends_on


LICENCE = MaterialKind(
    number=MaterialNumber.LICENCE,
    name="营业执照",
    owner="enterprise",
    rule="企业的工商营业执照，在有效期内，文字和二维码清晰。",
    hint="正本或副本均可；信息变更过的，请上传变更后的执照。",
    shelf_hint="正本或副本均可，在有效期内，文字和二维码清晰。",
    check=check_page,
    check_list=(
        "名称、信用代码、法定代表人与填写的一致",
        "住所或登记机关在本区",
        "在营业期限内，是变更后的执照",
        "文字和二维码清晰，四角完整",
    ),
    examples=(
        Example("2-good", "四边完整，文字和二维码清楚"),
        bad("2-glare", "反光、模糊，代码读不出", "licence_unread", "page_small", "page_blank"),
        bad("2-cut", "没有拍全", "maybe_cut_off"),
        guide(
            "2-guide", "代码、名称、住所、期限、登记机关", "licence_differs", "licence_confirmed"
        ),
    ),
    compared=("enterprise", "credit_code", "authority", "address"),
    validity=ValidityRule(fields=("ends_on", "is_endless"), asked="营业期限", last_day=_last_day),
    recognition=RecognitionRule(
        "text",
        judge=judge_licence,
        unread=Finding("not_recognised", "没能自动读出营业执照上的文字。", "专员会人工核对。"),
    ),
    options={"ends_on": "ends-on", "is_endless": "endless"},
)
