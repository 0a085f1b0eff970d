"""Material 10: the passport's data page, with its machine-readable zone (机读码)."""

from materials.findings import Finding
from materials.kind import MaterialKind
from materials.kinds.passport.check import BELOW_BYTES, check_passport
from materials.kinds.passport.reading import judge_passport
from materials.kinds.passport.repair import compress_passport
from materials.numbers import MaterialNumber
from materials.rules.examples import Example, bad, guide
from materials.rules.recognition import RecognitionRule
from materials.rules.repair import RepairRule

# Findings in which the zone differs from what was typed.
DIFFERENCES = (
    "number_differs",
    "surname_differs",
    "given_names_differs",
    "birth_date_differs",
    "sex_differs",
    "expires_on_differs",
)

PASSPORT = MaterialKind(
    number=MaterialNumber.PASSPORT,
    name="护照首页彩色扫描件",
    owner="applicant",
    rule="有效期不少于1年的护照首页彩色扫描件，JPG，小于1 MB。",
    hint="四角完整，没有反光，底部两行机读码清晰，持证人已签名。",
    formats=("JPEG",),
    single_picture=True,
    below_bytes=BELOW_BYTES,
    longest_decoded=1600,
    check=check_passport,
    check_list=(
        "四角完整，没有反光，是彩色的",
        "底部两行机读码清晰",
        "号码、姓名、有效期与填写的一致",
        "持证人已签名",
    ),
    examples=(
        Example("10-good", "四角完整，彩色，底部两行清楚"),
        bad(
            "10-cut",
            "没有拍全，缺了边角或底部机读码",
            "zone_unreadable",
            "passport_cut",
            "maybe_cut_off",
            "passport_small",
        ),
        bad("10-glare", "反光，字看不清", "zone_unsure"),
        bad("10-grey", "黑白扫描", "not_colour", "passport_blank"),
        bad("10-blurred", "模糊", "passport_blurred"),
        bad("10-turned", "方向不正", "passport_turned", "rotated_by_mark"),
        guide("10-guide", "号码、拼音、出生日期、有效期，与底部机读码一致", *DIFFERENCES),
    ),
    compared=("applicant", "surname", "given_names", "passport_number", "passport_expires_on"),
    repair=RepairRule(
        "passport",
        codes=frozenset({"over_1_mb", "not_jpeg"}),
        longest=3200,
        make=compress_passport,
    ),
    recognition=RecognitionRule(
        "text",
        judge=judge_passport,
        unread=Finding(
            "zone_unreadable",
            "没能自动读出护照底部的机读码。",
            "请确认扫描件底部两行完整清晰；专员会人工核对。",
        ),
        source="填写的出生日期和性别来自身份证号码。",
    ),
)
