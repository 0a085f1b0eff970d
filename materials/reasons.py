"""The seed of `ReturnReason`: R01 to R25 of the trade's dictionary. The rows are the truth."""

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
)
