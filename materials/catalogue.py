"""The ten materials of Annex 3, as data."""

from dataclasses import dataclass
from typing import Literal

MEBIBYTE = 1_048_576

Owner = Literal["enterprise", "applicant"]


class UnknownMaterial(LookupError):
    """A number that Annex 3 does not have."""


@dataclass(frozen=True)
class MaterialKind:
    """One line of Annex 3 and what a machine can hold it to.

    `formats` are Pillow's names; `pixels` is the exact (width, height) where one is prescribed;
    `below_bytes` is a size that the file must stay under, apart from the portal's own limit.
    """

    number: int
    name: str
    owner: Owner
    rule: str
    hint: str
    replaceable: bool = False
    single_picture: bool = False
    formats: tuple[str, ...] = ("JPEG", "PNG")
    pixels: tuple[int, int] | None = None
    below_bytes: int | None = None

    @property
    def is_enterprises(self) -> bool:
        return self.owner == "enterprise"

    @property
    def accept(self) -> str:
        """For the browser's file picker; what arrives is judged by its content all the same."""
        return "image/jpeg,image/png" if "PNG" in self.formats else "image/jpeg"


CATALOGUE: tuple[MaterialKind, ...] = (
    MaterialKind(
        1,
        "企业申请公函及公司简介",
        "enterprise",
        "用企业正式文头纸，写明企业基本情况和与APEC经济体的往来情况，加盖公章。",
        "公函抬头应与营业执照名称一致；申请人姓名、职务应与填写的一致；每页一张图片。"
        "参考模板在重庆市政府外办官网 zfwb.cq.gov.cn 下载。",
    ),
    MaterialKind(
        2,
        "营业执照",
        "enterprise",
        "企业的工商营业执照，在有效期内，文字和二维码清晰。",
        "正本或副本均可；信息变更过的，请上传变更后的执照。",
    ),
    MaterialKind(
        3,
        "企业年度纳税证明",
        "enterprise",
        "上一年度的纳税证明，有税务机关印章。",
        "可以由审核表替代，由区税务局在审核表上填写。",
        replaceable=True,
    ),
    MaterialKind(
        4,
        "企业责任承诺书及管理办法",
        "enterprise",
        "企业责任承诺书和APEC商务旅行卡管理办法两份文件，法定代表人签字并加盖公章。",
        "管理办法应写明卡的保管、领用、归还、遗失、离职注销和违规处理。"
        "两份文件的参考模板在重庆市政府外办官网 zfwb.cq.gov.cn 下载。",
    ),
    MaterialKind(
        5,
        "业务往来证明",
        "applicant",
        "企业与APEC经济体业务往来的证明，如报关单、境外投资证书、合同、项目计划书，"
        "或申请人过去1年获发的APEC经济体商务签证。",
        "对方应在可免签的16个APEC经济体内；可以由审核表替代，由区商务委填写。",
        replaceable=True,
    ),
    MaterialKind(
        6,
        "无犯罪记录证明",
        "applicant",
        "申请人的无犯罪记录证明，姓名和身份证号与填写的一致。",
        "可以由审核表替代，由区公安局填写。",
        replaceable=True,
    ),
    MaterialKind(
        7,
        "与企业关系证明（社保）",
        "applicant",
        "申请人在本企业连续参加社会保险不少于6个月的记录。",
        "参保单位应与申请企业一致；可以由审核表替代，由区人力社保局填写。",
        replaceable=True,
    ),
    MaterialKind(
        8,
        "申请人照片",
        "applicant",
        "6个月内的白底免冠正面彩色登记照，JPG，宽550像素、高733像素。",
        "面目清晰，不戴有色眼镜，没有反光，不用翻拍的照片。",
        single_picture=True,
        formats=("JPEG",),
        pixels=(550, 733),
    ),
    MaterialKind(
        9,
        "申请人签名",
        "applicant",
        "白底的本人签名扫描件，JPG，宽550像素、高280像素。",
        "用黑色中粗笔签在白纸中间，四周留空，与护照上的签名一致。",
        single_picture=True,
        formats=("JPEG",),
        pixels=(550, 280),
    ),
    MaterialKind(
        10,
        "护照首页彩色扫描件",
        "applicant",
        "有效期不少于1年的护照首页彩色扫描件，JPG，小于1 MB。",
        "四角完整，没有反光，底部两行机读码清晰，持证人已签名。",
        single_picture=True,
        formats=("JPEG",),
        below_bytes=MEBIBYTE,
    ),
)

_BY_NUMBER = {kind.number: kind for kind in CATALOGUE}


def get(number: int) -> MaterialKind:
    """The material with this number of Annex 3; raises UnknownMaterial for any other."""
    try:
        return _BY_NUMBER[number]
    except KeyError:
        raise UnknownMaterial(f"没有编号为{number}的材料，附件3的材料编号为1至10。") from None
