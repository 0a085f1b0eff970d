"""What later services ask for besides the ten: the old card, the statement, the sealed requests.

The lists are those of published guidance (Changzhou 2025-02-07, Liaocheng 2023-07-06, Shanghai
2025-02-12); which service asks for which stands in `applications.kinds`.
"""

from materials.kind import MaterialKind
from materials.kinds.papers import PAGES, check_page
from materials.numbers import MaterialNumber

CARD_FRONT = MaterialKind(
    number=MaterialNumber.CARD_FRONT,
    name="原卡正面",
    owner="applicant",
    rule="原商务旅行卡正面的彩色图片，姓名、卡号和有效期清楚。",
    hint="把卡平放，正上方拍照或扫描，四角完整，没有反光。卡已损坏的，照现状拍。",
    single_picture=True,
    check=check_page,
    check_list=("是申请人本人的卡", "卡号、有效期看得清，与登记的卡一致", "四角完整，没有反光"),
    examples=PAGES,
    compared=("applicant", "surname", "given_names", "passport_number"),
    must_hold=("卡号、姓名和有效期看得清",),
)
CARD_BACK = MaterialKind(
    number=MaterialNumber.CARD_BACK,
    name="原卡反面",
    owner="applicant",
    rule="原商务旅行卡反面的彩色图片，列出的经济体清楚。",
    hint="反面印有可以通行的经济体，拍清楚每一个三字码。",
    single_picture=True,
    check=check_page,
    check_list=("与正面是同一张卡", "列出的经济体看得清"),
    examples=PAGES,
    compared=("applicant",),
    must_hold=("列出的经济体逐个看得清",),
)
STATEMENT = MaterialKind(
    number=MaterialNumber.STATEMENT,
    is_written=True,
    name="情况说明",
    owner="applicant",
    rule="说明换卡或补卡的原因和经过，加盖公章。",
    hint="门户可以按登记的卡和您写的原因排好，打印、盖章后扫描上传。",
    check=check_page,
    check_list=(
        "写明持卡人、卡号和换卡或补卡的原因",
        "原因与选择的事由一致",
        "加盖公章，有落款日期",
    ),
    examples=PAGES,
    compared=("enterprise", "applicant", "passport_number"),
    must_hold=("原因和经过写清楚", "公章清晰，写明落款日期"),
)
OLD_PASSPORT = MaterialKind(
    number=MaterialNumber.OLD_PASSPORT,
    name="旧护照首页彩色扫描件",
    owner="applicant",
    rule="更换前那本护照的首页彩色扫描件。",
    hint="旧护照已经剪角、注销的也可以；手里没有旧护照的，用原来存的扫描件。新护照传在材料10。",
    single_picture=True,
    check=check_page,
    check_list=("是申请人本人更换前的护照", "号码看得清，与原卡所附的护照一致"),
    examples=PAGES,
    compared=("applicant", "surname", "given_names"),
    must_hold=("是更换前的那一本，不是新护照",),
)
LOSS_PROOF = MaterialKind(
    number=MaterialNumber.LOSS_PROOF,
    name="报案回执或遗失声明",
    owner="applicant",
    rule="公安机关的报案回执或挂失证明，或者刊登遗失声明的报纸。",
    hint="登报的，要拍到报纸名称、日期和声明全文。",
    check=check_page,
    check_list=(
        "是公安机关的回执、证明，或者登报的声明",
        "写明遗失的是APEC商务旅行卡，有持卡人姓名",
        "日期在遗失之后",
    ),
    examples=PAGES,
    compared=("applicant",),
    must_hold=("写明遗失的是APEC商务旅行卡、卡号和持卡人姓名",),
)
EARLY_PRINT_REQUEST = MaterialKind(
    number=MaterialNumber.EARLY_PRINT_REQUEST,
    is_written=True,
    name="提前制卡申请",
    owner="applicant",
    rule="写明申请人、护照号码、申请时间和提前制卡的原因，加盖公章。",
    hint="门户可以排好申请，打印、盖章后扫描上传。",
    check=check_page,
    check_list=(
        "写明申请人、护照号码、申请时间和原因",
        "写明尚未批复的经济体不是本单位的主要往来对象",
        "加盖公章，有落款日期",
    ),
    examples=PAGES,
    compared=("enterprise", "applicant", "passport_number"),
    must_hold=("写明知道没有批复的经济体不会印在卡上", "公章清晰，写明落款日期"),
)
CANCEL_REQUEST = MaterialKind(
    number=MaterialNumber.CANCEL_REQUEST,
    is_written=True,
    name="注销申请",
    owner="applicant",
    rule="写明注销原因、持卡人身份、护照号码、卡号、申办时间和到期时间，加盖公章。",
    hint="门户可以按登记的卡排好申请，打印、盖章后扫描上传。原卡交服务站，请市政府外办销毁。",
    check=check_page,
    check_list=(
        "写明注销原因、持卡人、护照号码、卡号",
        "写明申办时间和到期时间",
        "写明原卡交回，或交不回的原因",
        "加盖公章，有落款日期",
    ),
    examples=PAGES,
    compared=("enterprise", "applicant"),
    must_hold=("卡号、护照号码与卡面一致", "公章清晰，写明落款日期"),
)
LATER = (
    CARD_FRONT,
    CARD_BACK,
    STATEMENT,
    OLD_PASSPORT,
    LOSS_PROOF,
    EARLY_PRINT_REQUEST,
    CANCEL_REQUEST,
)
