"""The usual reasons for returning an application, as data: R01 to R25 of the trade's dictionary.

The officer ticks one instead of writing it anew; the enterprise reads defect and mend together.
"""

from dataclasses import dataclass

from applications.materials import CATALOGUE
from applications.models import FACTS

EVERY_MATERIAL = tuple(kind.number for kind in CATALOGUE)
# Payment and the place of collection are entered in the national system, after pre-review.
LATER: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reason:
    """`numbers` are the materials in which it occurs; 0 stands for the typed facts."""

    code: str
    numbers: tuple[int, ...]
    defect: str
    mend: str

    @property
    def words(self) -> str:
        return self.defect + self.mend


REASONS: tuple[Reason, ...] = (
    Reason(
        "R01",
        (8,),
        "照片的尺寸或格式不符合要求。",
        "请换成宽550像素、高733像素的JPG照片。",
    ),
    Reason(
        "R02",
        (8,),
        "照片不是白底，或戴有色眼镜，或拍摄已超过6个月。",
        "请上传6个月内拍摄的白底免冠正面照。",
    ),
    Reason(
        "R03",
        (8,),
        "照片模糊、有反光，或是翻拍的。",
        "请上传照相馆或手机直接拍摄的清晰照片，不要翻拍纸质照片。",
    ),
    Reason(
        "R04",
        (9,),
        "签名碰到边框、写出边框，或者太细、太小。",
        "请用黑色中粗笔在白纸中间重新签名，四周留空，扫描后上传。",
    ),
    Reason(
        "R05",
        (9,),
        "签名不是白底黑字、有底纹，或不是申请人本人所签。",
        "请由申请人本人在白纸上用黑笔签名，与护照上的签名一致，扫描后上传。",
    ),
    Reason(
        "R06",
        (10,),
        "护照扫描件不完整、有反光或是黑白的。",
        "请重新彩色扫描护照首页，四角完整，底部两行机读码清晰，文件小于1 MB。",
    ),
    Reason(
        "R07",
        (FACTS, 10),
        "护照剩余有效期不足1年。",
        "请先换发护照，再填写新护照的号码和有效期，并上传新护照的扫描件。",
    ),
    Reason(
        "R08",
        (FACTS, 10),
        "护照上的号码、姓名或出生日期与填写的不一致。",
        "请对照护照逐项核对，改正填写的信息，或上传正确的护照扫描件。",
    ),
    Reason(
        "R09",
        (FACTS, 10),
        "护照种类不对。",
        "因私出国的，请填写普通护照的号码，并上传这本护照的首页扫描件。",
    ),
    Reason(
        "R10",
        (FACTS, 1),
        "职务写得不规范。",
        "请只写一个职务，不加公司名称；部门人员写明部门，如“销售部经理”。",
    ),
    Reason(
        "R11",
        (1,),
        "公函的抬头、公章、日期，或申请人姓名、职务与填写的不一致。",
        "请用正式文头纸重新出具公函，加盖公章，写明近期日期，姓名和职务与填写的一致。",
    ),
    Reason(
        "R12",
        (FACTS, 2),
        "营业执照与填写的企业名称、信用代码不符，或者执照已经变更。",
        "请上传现行的营业执照，并按执照改正填写的企业信息。",
    ),
    Reason(
        "R13",
        (1, 5),
        "没有与APEC经济体往来的内容，或者对方不在可免签的16个经济体内。",
        "请补充与这16个经济体业务往来的证明，并在公函中列明往来的经济体。",
    ),
    Reason(
        "R14",
        (5,),
        "报关单的抬头是代理公司，没有代理协议。",
        "请补充本企业与代理公司的代理协议。",
    ),
    Reason(
        "R15",
        (3,),
        "纳税证明的年度不对，或显示欠税，或纳税信用低于M级。",
        "请上传上一年度的纳税证明；有欠税的，请缴清后再提交。",
    ),
    Reason(
        "R16",
        (7,),
        "社保不足6个月、中间断缴，或者参保单位与申请企业不一致。",
        "请上传在本企业连续参保不少于6个月的记录；异地或代缴的，请附说明。",
    ),
    Reason(
        "R17",
        (6,),
        "无犯罪记录证明已经过期，或者姓名、身份证号码不符。",
        "请重新开具近期的证明后上传，也可以改为由审核表替代。",
    ),
    Reason(
        "R18",
        (4,),
        "承诺书或管理办法缺少法定代表人签字或公章。",
        "请由法定代表人签字并加盖公章，两份文件都要上传。",
    ),
    Reason(
        "R19",
        (FACTS,),
        "申请人的旧卡还没有注销。",
        "请先申请注销旧卡，再提交新的申请，并在公函中写明旧卡号码。",
    ),
    Reason(
        "R20",
        (FACTS,),
        "填写的信息与国家系统中的申请不一致。",
        "请核对两处的企业名称、姓名、职务和证件号码，改成一致。",
    ),
    Reason(
        "R21",
        EVERY_MATERIAL,
        "这一项里上传的不是这份材料。",
        "请删除放错的文件，上传正确的材料。",
    ),
    Reason(
        "R22",
        (FACTS, 2),
        "企业的注册地不在本区。",
        "请核对营业执照上的住所和登记机关；确已迁出的，请向注册地的服务站申请。",
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
        (FACTS, 1),
        "没有如实填报拒签记录。",
        "请在公函中写明申请人历次出国情况和有无被拒签。",
    ),
)


def usual_for(number: int) -> list[Reason]:
    """The reasons that occur in this material (0: in the typed facts)."""
    return [reason for reason in REASONS if number in reason.numbers]
