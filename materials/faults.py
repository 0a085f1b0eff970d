"""Faults of a material that do not bar it: what is wrong with it in a few words, by finding.

Lists of materials say it in place of “已上传”. A finding without a name here is a note: there is
nothing to mend, as of a passport that ends before a card would.
"""

from collections.abc import Iterable
from typing import Final

FAULT_NAMES: Final = {
    "background_uneven": "背景不够白",
    "close_to_edge": "离边太近",
    "dealings_elsewhere": "中方单位不同",
    "dealings_old": "已超过1年",
    "face_large": "头部偏大",
    "face_not_found": "没有认出人脸",
    "face_off_centre": "头部不居中",
    "face_several": "不止一张人脸",
    "face_small": "头部偏小",
    "given_names_unsure": "姓名没有读准",
    "ground_uneven": "底色不够白",
    "ink_blue": "不是黑色",
    "insured_elsewhere": "参保单位不同",
    "licence_differs": "与填写不一致",
    "licence_unread": "信用代码没有读出",
    "maybe_cut_off": "可能不完整",
    "not_recognised": "没能自动检查",
    "page_blank": "像是空白页",
    "page_small": "字可能太小",
    "passport_blurred": "可能模糊",
    "passport_cut": "没有拍全",
    "passport_small": "字可能太小",
    "passport_turned": "方向不正",
    "photo_blurred": "可能模糊",
    "photo_turned": "方向不正",
    "record_old": "已超过6个月",
    "signature_small": "签名太小",
    "signature_thin": "笔画偏细",
    "surname_unsure": "姓名没有读准",
    "zone_unreadable": "机读码没有读出",
    "zone_unsure": "机读码没有读准",
}


def fault_names(codes: Iterable[str]) -> list[str]:
    """Each once, in the order of the findings."""
    return list(dict.fromkeys(FAULT_NAMES[code] for code in codes if code in FAULT_NAMES))
