"""All materials, gathered from `kinds`: the ten of Annex 3, and what later services ask for."""

from materials.kind import MaterialKind
from materials.kinds.commitment import COMMITMENT
from materials.kinds.criminal_record import CRIMINAL_RECORD
from materials.kinds.dealings import DEALINGS
from materials.kinds.insurance import INSURANCE
from materials.kinds.later import LATER
from materials.kinds.letter import LETTER
from materials.kinds.licence import LICENCE
from materials.kinds.passport import PASSPORT
from materials.kinds.photo import PHOTO
from materials.kinds.signature import SIGNATURE
from materials.kinds.tax import TAX_PROOF
from materials.numbers import MaterialNumber
from materials.rules.validity import ValidityRule

CATALOGUE: tuple[MaterialKind, ...] = (
    LETTER,
    LICENCE,
    TAX_PROOF,
    COMMITMENT,
    DEALINGS,
    CRIMINAL_RECORD,
    INSURANCE,
    PHOTO,
    SIGNATURE,
    PASSPORT,
)
# With what 换卡, 补卡, 提前制卡 and 注销 ask for besides.
EVERY_KIND: tuple[MaterialKind, ...] = (*CATALOGUE, *LATER)
# Plain numbers: they stand in constraints of the database.
LATER_NUMBERS = [int(kind.number) for kind in LATER]
# Materials 1 to 4 are the enterprise's own.
ENTERPRISE_NUMBERS = tuple(kind.number for kind in CATALOGUE if kind.is_enterprises)
# Of these, what names applicants serves those alone; the others serve every application.
NAMING_NUMBERS = tuple(kind.number for kind in CATALOGUE if kind.names_applicants)
SHARED_NUMBERS = tuple(kind.number for kind in CATALOGUE if kind.is_shared)

FACTS_NAME = "填写的信息"
FACTS_CHECK_LIST: tuple[str, ...] = (
    "单位名称、信用代码与营业执照一致",
    "住所或登记机关在本区",
    "姓名、身份证号码与护照、证明材料上的一致",
    "职务只写一个，不带公司名称，不写“书记”“法人”",
    "护照是普通护照，剩余有效期不少于1年",
)

_BY_NUMBER = {kind.number: kind for kind in EVERY_KIND}


class UnknownMaterial(LookupError):
    """A number that no material has."""


def get(number: int) -> MaterialKind:
    """The material with this number; raises UnknownMaterial where there is none."""
    try:
        return _BY_NUMBER[MaterialNumber(number)]
    except (KeyError, ValueError):
        raise UnknownMaterial(
            f"没有编号为{number}的材料，附件3的材料编号为1至10，换卡等服务另用12至18。"
        ) from None


def validity_of(number: int) -> ValidityRule:
    """How long a standing document serves; raises UnknownMaterial for what is not one."""
    rule = get(number).validity
    if rule is None:
        raise UnknownMaterial(f"材料{number}没有有效期。")
    return rule


def item_name(number: int) -> str:
    """What people call the thing with this number: the typed facts, or one of the ten."""
    if number == MaterialNumber.FACTS:
        return FACTS_NAME
    return f"材料{number} {get(number).name}"


def check_list(number: int) -> tuple[str, ...]:
    """What an officer holds the typed facts or a material to, rule by rule.

    What a machine can measure is not in it: its findings stand beside the picture.
    """
    return FACTS_CHECK_LIST if number == MaterialNumber.FACTS else get(number).check_list
