"""The seed of `ReturnReason`: R01 to R25 of the trade's dictionary. The rows are the truth.

Where an entry of the dictionary bundles several faults, the station is offered its parts instead,
so that a letter names the right one; the entry stays, out of use, for what was told by it.
"""

from dataclasses import dataclass

from materials.catalogue import CATALOGUE
from materials.numbers import MaterialNumber

EVERY_MATERIAL = tuple(kind.number for kind in CATALOGUE)
# Payment and the place of collection are entered in the national system, after pre-review.
LATER: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reason:
    """`numbers` are the materials in which it occurs; 0 stands for the typed facts. `pictures` are
    names of drawn examples.
    """

    code: str
    numbers: tuple[int, ...]
    defect: str
    mend: str
    example: str = ""
    pictures: tuple[str, ...] = ()


REASONS: tuple[Reason, ...] = (
    Reason(
        "R01",
        (MaterialNumber.PHOTO,),
        "照片的尺寸或格式不符合要求。",
        "请换成宽550像素、高733像素的JPG照片。",
        "手机照片多为3000×4000像素，要裁剪并缩小到550×733像素。",
        pictures=("8-small",),
    ),
    Reason(
        "R02",
        (MaterialNumber.PHOTO,),
        "照片不是白底，或戴有色眼镜，或拍摄已超过6个月。",
        "请上传6个月内拍摄的白底免冠正面照。",
        "浅蓝、浅灰或有阴影的背景都不算白底。",
        pictures=("8-background",),
    ),
    Reason(
        "R03",
        (MaterialNumber.PHOTO,),
        "照片模糊、有反光，或是翻拍的。",
        "请上传照相馆或手机直接拍摄的清晰照片，不要翻拍纸质照片。",
        "脸上有亮斑、照片边缘有相框或屏幕纹路，都要重拍。",
        pictures=("8-blurred",),
    ),
    Reason(
        "R04",
        (MaterialNumber.SIGNATURE,),
        "签名碰到边框、写出边框，或者太细、太小。",
        "请用黑色中粗笔在白纸中间重新签名，四周留空，扫描后上传。",
        "签名约占图片宽度的三分之二，上下左右都留白。",
        pictures=("9-edge", "9-small", "9-pale"),
    ),
    Reason(
        "R05",
        (MaterialNumber.SIGNATURE,),
        "签名不是白底黑字、有底纹，或不是申请人本人所签。",
        "请由申请人本人在白纸上用黑笔签名，与护照上的签名一致，扫描后上传。",
        "用黑色签字笔写在A4白纸上，不要用蓝笔、铅笔或横格纸。",
        pictures=("9-ground", "9-ruled", "9-red"),
    ),
    Reason(
        "R06",
        (MaterialNumber.PASSPORT,),
        "护照扫描件不完整、有反光或是黑白的。",
        "请重新彩色扫描护照首页，四角完整，底部两行机读码清晰，文件小于1 MB。",
        "四个角都在画面内，照片和两行机读码上没有亮斑。",
        pictures=("10-cut", "10-glare", "10-grey"),
    ),
    Reason(
        "R07",
        (MaterialNumber.FACTS, MaterialNumber.PASSPORT),
        "护照剩余有效期不足1年。",
        "请先换发护照，再填写新护照的号码和有效期，并上传新护照的扫描件。",
        "护照2027年5月到期，2026年11月申请，剩余不足1年。",
        pictures=("10-guide",),
    ),
    Reason(
        "R08",
        (MaterialNumber.FACTS, MaterialNumber.PASSPORT),
        "护照上的号码、姓名或出生日期与填写的不一致。",
        "请对照护照逐项核对，改正填写的信息，或上传正确的护照扫描件。",
        "护照上的拼音是LYU，填写的是LV，以护照为准。",
        pictures=("10-guide",),
    ),
    Reason(
        "R09",
        (MaterialNumber.FACTS, MaterialNumber.PASSPORT),
        "护照种类不对。",
        "因私出国的，请填写普通护照的号码，并上传这本护照的首页扫描件。",
        "公务护照号码以P或S开头，普通护照号码以E开头。",
    ),
    Reason(
        "R10",
        (MaterialNumber.FACTS, MaterialNumber.LETTER),
        "职务写得不规范。",
        "请只写一个职务，不加公司名称；部门人员写明部门，如“销售部经理”。",
        "写“销售部经理”，不写“某某公司销售部经理兼法人”。",
    ),
    Reason(
        "R11",
        (MaterialNumber.LETTER,),
        "公函的抬头、公章、日期，或申请人姓名、职务与填写的不一致。",
        "请用正式文头纸重新出具公函，加盖公章，写明近期日期，姓名和职务与填写的一致。",
        "抬头应与营业执照上的名称一字不差，包括“重庆市”“有限公司”。",
        pictures=("1-guide",),
    ),
    Reason(
        "R12",
        (MaterialNumber.FACTS, MaterialNumber.LICENCE),
        "营业执照与填写的企业名称、信用代码不符，或者执照已经变更。",
        "请上传现行的营业执照，并按执照改正填写的企业信息。",
        pictures=("2-guide",),
    ),
    Reason(
        "R13",
        (MaterialNumber.LETTER, MaterialNumber.DEALINGS),
        "没有与APEC经济体往来的内容，或者对方不在可免签的16个经济体内。",
        "请补充与这16个经济体业务往来的证明，并在公函中列明往来的经济体。",
        "列明国家和业务，例如“越南，出口柑橘罐头，2025年12批”。",
        pictures=("1-guide",),
    ),
    Reason(
        "R14",
        (MaterialNumber.DEALINGS,),
        "报关单的抬头是代理公司，没有代理协议。",
        "请补充本企业与代理公司的代理协议。",
    ),
    Reason(
        "R15",
        (MaterialNumber.TAX_PROOF,),
        "纳税证明的年度不对，或显示欠税，或纳税信用低于M级。",
        "请上传上一年度的纳税证明；有欠税的，请缴清后再提交。",
        "2026年申请，上传2025年度的纳税证明。",
    ),
    Reason(
        "R16",
        (MaterialNumber.INSURANCE,),
        "社保不足6个月、中间断缴，或者参保单位与申请企业不一致。",
        "请上传在本企业连续参保不少于6个月的记录；异地或代缴的，请附说明。",
        "2026年11月申请，社保记录至少从2026年5月起连续。",
    ),
    Reason(
        "R17",
        (MaterialNumber.CRIMINAL_RECORD,),
        "无犯罪记录证明已经过期，或者姓名、身份证号码不符。",
        "请重新开具近期的证明后上传，也可以改为由审核表替代。",
    ),
    Reason(
        "R18",
        (MaterialNumber.COMMITMENT,),
        "承诺书或管理办法缺少法定代表人签字或公章。",
        "请由法定代表人签字并加盖公章，两份文件都要上传。",
        "两份文件的末页都要有法定代表人签字和企业公章。",
        pictures=("4-guide",),
    ),
    Reason(
        "R19",
        (MaterialNumber.FACTS,),
        "申请人的旧卡还没有注销。",
        "请先申请注销旧卡，再提交新的申请，并在公函中写明旧卡号码。",
    ),
    Reason(
        "R20",
        (MaterialNumber.FACTS,),
        "填写的信息与国家系统中的申请不一致。",
        "请核对两处的企业名称、姓名、职务和证件号码，改成一致。",
    ),
    Reason(
        "R21",
        EVERY_MATERIAL,
        "这一项里上传的不是这份材料。",
        "请删除放错的文件，上传正确的材料。",
        "护照扫描件放到了“申请人照片”一项里。",
    ),
    Reason(
        "R22",
        (MaterialNumber.FACTS, MaterialNumber.LICENCE),
        "企业的注册地不在本区。",
        "请核对营业执照上的住所和登记机关；确已迁出的，请向注册地的服务站申请。",
        pictures=("2-guide",),
    ),
    Reason(
        "R23",
        LATER,
        "缴费凭证不清楚、金额不符或没有上传。",
        "请在国家系统中重新上传清晰的缴费凭证。",
    ),
    Reason(
        "R24",
        LATER,
        "代办点或单位客户号选错。",
        "请在国家系统中改选正确的代办点。",
    ),
    Reason(
        "R25",
        (MaterialNumber.FACTS, MaterialNumber.LETTER),
        "没有如实填报拒签记录。",
        "请在公函中写明申请人历次出国情况和有无被拒签。",
        "写明“2024年申请某国签证被拒一次，原因为材料不全”，没有的写“无拒签记录”。",
        pictures=("1-guide",),
    ),
    # The parts of what bundles several faults, see PARTS.
    Reason(
        "R26",
        (MaterialNumber.PHOTO,),
        "照片不是白底。",
        "请上传白色背景、没有阴影的照片。",
        "浅蓝、浅灰或有阴影的背景都不算白底。",
        pictures=("8-background",),
    ),
    Reason(
        "R27",
        (MaterialNumber.PHOTO,),
        "照片中戴有色眼镜。",
        "请摘下有色眼镜，重新拍摄后上传。",
        "墨镜、变色镜都不可以。",
    ),
    Reason(
        "R28",
        (MaterialNumber.PHOTO,),
        "照片拍摄已超过6个月。",
        "请上传6个月内拍摄的免冠正面照。",
    ),
    Reason(
        "R29",
        (MaterialNumber.PHOTO,),
        "照片模糊。",
        "请上传对焦清楚、五官清晰的照片。",
        "放大后眉眼的轮廓应仍然清楚。",
        pictures=("8-blurred",),
    ),
    Reason(
        "R30",
        (MaterialNumber.PHOTO,),
        "照片上有反光。",
        "请换一个光线均匀的地方重新拍摄，脸上和镜片上不要有亮斑。",
    ),
    Reason(
        "R31",
        (MaterialNumber.PHOTO,),
        "照片是翻拍的。",
        "请上传照相馆或手机直接拍摄的照片，不要翻拍纸质照片或屏幕。",
        "照片边缘有相框或屏幕纹路，都要重拍。",
    ),
    Reason(
        "R32",
        (MaterialNumber.SIGNATURE,),
        "签名碰到边框或写出边框。",
        "请在白纸中间重新签名，四周留空，扫描后上传。",
        "签名约占图片宽度的三分之二，上下左右都留白。",
        pictures=("9-edge",),
    ),
    Reason(
        "R33",
        (MaterialNumber.SIGNATURE,),
        "签名的笔画太细或太淡。",
        "请用黑色中粗笔在白纸上重新签名，扫描后上传。",
        pictures=("9-pale",),
    ),
    Reason(
        "R34",
        (MaterialNumber.SIGNATURE,),
        "签名太小。",
        "请签得大一些，扫描后裁剪到签名周围再上传。",
        "签名约占图片宽度的三分之二。",
        pictures=("9-small",),
    ),
    Reason(
        "R35",
        (MaterialNumber.SIGNATURE,),
        "签名不是白底黑字。",
        "请在白纸上用黑笔重新签名，扫描后上传。",
        "不要用蓝笔、红笔或铅笔。",
        pictures=("9-ground", "9-red"),
    ),
    Reason(
        "R36",
        (MaterialNumber.SIGNATURE,),
        "签名的纸上有底纹或横格。",
        "请在没有横格、底纹的白纸上重新签名，扫描后上传。",
        pictures=("9-ruled",),
    ),
    Reason(
        "R37",
        (MaterialNumber.SIGNATURE,),
        "签名不是申请人本人所签。",
        "请由申请人本人签名，与护照上的签名一致，扫描后上传。",
    ),
    Reason(
        "R38",
        (MaterialNumber.PASSPORT,),
        "护照扫描件不完整。",
        "请重新扫描护照首页，四角完整，底部两行机读码都在画面内。",
        pictures=("10-cut",),
    ),
    Reason(
        "R39",
        (MaterialNumber.PASSPORT,),
        "护照扫描件有反光。",
        "请重新扫描护照首页，照片和两行机读码上不要有亮斑。",
        pictures=("10-glare",),
    ),
    Reason(
        "R40",
        (MaterialNumber.PASSPORT,),
        "护照扫描件是黑白的。",
        "请重新彩色扫描护照首页后上传。",
        pictures=("10-grey",),
    ),
    Reason(
        "R41",
        (MaterialNumber.FACTS, MaterialNumber.PASSPORT),
        "护照上的号码与填写的不一致。",
        "请对照护照核对号码，改正填写的信息，或上传正确的护照扫描件。",
        pictures=("10-guide",),
    ),
    Reason(
        "R42",
        (MaterialNumber.FACTS, MaterialNumber.PASSPORT),
        "护照上的姓名与填写的不一致。",
        "请对照护照核对姓名和拼音，改正填写的信息，或上传正确的护照扫描件。",
        "护照上的拼音是LYU，填写的是LV，以护照为准。",
        pictures=("10-guide",),
    ),
    Reason(
        "R43",
        (MaterialNumber.PASSPORT,),
        "护照上的出生日期与身份证号码不一致。",
        "请核对身份证号码和护照；护照有误的，请先换发护照。",
        pictures=("10-guide",),
    ),
    Reason(
        "R44",
        (MaterialNumber.LETTER,),
        "公函的抬头不对。",
        "请用正式文头纸重新出具公函，抬头与营业执照上的名称一致。",
        "抬头应与营业执照上的名称一字不差，包括“重庆市”“有限公司”。",
        pictures=("1-guide",),
    ),
    Reason(
        "R45",
        (MaterialNumber.LETTER,),
        "公函没有清晰的公章。",
        "请在公函上重新加盖公章，印文清晰，扫描后上传。",
        pictures=("1-guide",),
    ),
    Reason(
        "R46",
        (MaterialNumber.LETTER,),
        "公函没有近期的日期。",
        "请重新出具公函，写明近期日期。",
        pictures=("1-guide",),
    ),
    Reason(
        "R47",
        (MaterialNumber.LETTER,),
        "公函上的申请人姓名、职务与填写的不一致。",
        "请核对姓名和职务，改正填写的信息，或重新出具公函。",
        pictures=("1-guide",),
    ),
    Reason(
        "R48",
        (MaterialNumber.FACTS, MaterialNumber.LICENCE),
        "营业执照与填写的企业名称、信用代码不符。",
        "请按执照改正填写的企业信息，或上传正确的营业执照。",
        pictures=("2-guide",),
    ),
    Reason(
        "R49",
        (MaterialNumber.LICENCE,),
        "营业执照已经变更。",
        "请上传变更后现行的营业执照。",
        pictures=("2-guide",),
    ),
    Reason(
        "R50",
        (MaterialNumber.LETTER, MaterialNumber.DEALINGS),
        "没有与APEC经济体往来的内容。",
        "请补充业务往来的证明，并在公函中列明往来的国家和业务。",
        "列明国家和业务，例如“越南，出口柑橘罐头，2025年12批”。",
        pictures=("1-guide",),
    ),
    Reason(
        "R51",
        (MaterialNumber.LETTER, MaterialNumber.DEALINGS),
        "往来的对方不在可免签的16个经济体内。",
        "请补充与这16个经济体业务往来的证明，并在公函中列明。",
        "美国、加拿大、中国香港、中国台湾不在其内。",
    ),
    Reason(
        "R52",
        (MaterialNumber.TAX_PROOF,),
        "纳税证明的年度不对。",
        "请上传上一年度的纳税证明。",
        "2026年申请，上传2025年度的纳税证明。",
    ),
    Reason(
        "R53",
        (MaterialNumber.TAX_PROOF,),
        "纳税证明显示欠税。",
        "请缴清欠税后，重新开具纳税证明上传。",
    ),
    Reason(
        "R54",
        (MaterialNumber.TAX_PROOF,),
        "纳税信用低于M级。",
        "请先向税务部门申请修复纳税信用，修复后再上传证明。",
    ),
    Reason(
        "R55",
        (MaterialNumber.INSURANCE,),
        "在本企业连续参保不足6个月。",
        "请上传在本企业连续参保不少于6个月的记录；不足的，请满6个月后再申请。",
        "2026年11月申请，社保记录至少从2026年5月起连续。",
    ),
    Reason(
        "R56",
        (MaterialNumber.INSURANCE,),
        "参保记录中间断缴。",
        "请上传连续参保、没有断缴的记录；已补缴的，请附补缴的证明。",
    ),
    Reason(
        "R57",
        (MaterialNumber.INSURANCE,),
        "参保单位与申请企业不一致。",
        "请上传在本企业参保的记录；分公司参保、异地或代缴的，请附说明。",
    ),
    Reason(
        "R58",
        (MaterialNumber.CRIMINAL_RECORD,),
        "无犯罪记录证明已经过期。",
        "请重新开具近期的证明后上传，也可以改为由审核表替代。",
    ),
    Reason(
        "R59",
        (MaterialNumber.CRIMINAL_RECORD,),
        "无犯罪记录证明上的姓名或身份证号码不符。",
        "请核对后重新开具证明上传，也可以改为由审核表替代。",
    ),
    Reason(
        "R60",
        (MaterialNumber.COMMITMENT,),
        "承诺书或管理办法缺少法定代表人签字。",
        "请由法定代表人在两份文件上签字后上传。",
        "两份文件的末页都要有法定代表人签字。",
        pictures=("4-guide",),
    ),
    Reason(
        "R61",
        (MaterialNumber.COMMITMENT,),
        "承诺书或管理办法缺少公章。",
        "请在两份文件上加盖公章后上传。",
        "两份文件的末页都要有企业公章。",
        pictures=("4-guide",),
    ),
)

# By code of what bundles several faults: the reasons that are offered in its place.
PARTS: dict[str, tuple[str, ...]] = {
    "R02": ("R26", "R27", "R28"),
    "R03": ("R29", "R30", "R31"),
    "R04": ("R32", "R33", "R34"),
    "R05": ("R35", "R36", "R37"),
    "R06": ("R38", "R39", "R40"),
    "R08": ("R41", "R42", "R43"),
    "R11": ("R44", "R45", "R46", "R47"),
    "R12": ("R48", "R49"),
    "R13": ("R50", "R51"),
    "R15": ("R52", "R53", "R54"),
    "R16": ("R55", "R56", "R57"),
    "R17": ("R58", "R59"),
    "R18": ("R60", "R61"),
}
