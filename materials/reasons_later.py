"""The seed of usual reasons for the materials of 换卡, 补卡, 提前制卡 and 注销. The rows count."""

from materials.numbers import MaterialNumber as M
from materials.reasons import Reason

STAMPED = (M.STATEMENT, M.EARLY_PRINT_REQUEST, M.CANCEL_REQUEST)

REASONS: tuple[Reason, ...] = (
    Reason(
        "R62",
        (M.CARD_FRONT, M.CARD_BACK),
        "原卡的图片不清楚。",
        "请把卡平放，正上方重新拍照或扫描，不要反光。",
        "正面看得清卡号和有效期，反面逐个看得清三字码。",
    ),
    Reason(
        "R63",
        (M.CARD_FRONT, M.CARD_BACK),
        "图片不是登记的这张卡。",
        "请核对卡号，换成这张卡的图片；卡登记错了的，请先更正登记。",
    ),
    Reason("R64", STAMPED, "没有加盖公章。", "请加盖公章后重新扫描上传。"),
    Reason("R65", STAMPED, "公章看不清楚。", "请重新盖章或重新扫描，印文清晰、不压字。"),
    Reason(
        "R66",
        (M.STATEMENT,),
        "情况说明没有写清原因和经过。",
        "请写明持卡人、卡号，何时、怎样发生，现在要办什么。",
    ),
    Reason(
        "R67",
        (M.OLD_PASSPORT,),
        "上传的不是更换前的护照。",
        "请换成更换前那本护照的首页；新护照传在材料10。",
    ),
    Reason(
        "R68",
        (M.LOSS_PROOF,),
        "不是报案回执、挂失证明或登报声明。",
        "请向公安机关报案挂失，或者登报声明遗失，把回执或报纸拍照上传。",
    ),
    Reason(
        "R69",
        (M.LOSS_PROOF,),
        "没有写明遗失的是APEC商务旅行卡。",
        "请重新声明，写明卡的名称、卡号和持卡人姓名。",
    ),
    Reason(
        "R70",
        (M.EARLY_PRINT_REQUEST,),
        "没有写明提前制卡的原因。",
        "请写明去哪里、办什么业务、为什么等不及，盖章后重新上传。",
    ),
    Reason(
        "R71",
        (M.EARLY_PRINT_REQUEST,),
        "没有写明知道未批复的经济体不会印在卡上。",
        "请补写这一句，盖章后重新上传。",
    ),
    Reason(
        "R72",
        (M.CANCEL_REQUEST,),
        "注销申请里卡的内容不全。",
        "请照卡面写明护照号码、卡号、申办时间和到期时间，盖章后重新上传。",
    ),
    Reason(
        "R73",
        (M.CANCEL_REQUEST,),
        "没有写明原卡怎样交回。",
        "请写明原卡何时交到服务站；遗失的写明遗失的经过。",
    ),
)
