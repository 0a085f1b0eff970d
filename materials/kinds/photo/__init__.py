"""Material 8: the applicant's portrait. What counts as white, sharp or recent is in `check`."""

from materials.findings import Finding
from materials.kind import MaterialKind
from materials.kinds.photo.check import PIXELS, check_photo
from materials.kinds.photo.faces import judge_faces
from materials.kinds.photo.facts import DATE_IN_FUTURE, DATE_UNKNOWN, TakenForm, shown_taken
from materials.kinds.photo.repair import crop_photo
from materials.numbers import MaterialNumber
from materials.rules.examples import Example, bad
from materials.rules.facts import FactRule
from materials.rules.recognition import RecognitionRule
from materials.rules.repair import RepairRule

PHOTO = MaterialKind(
    number=MaterialNumber.PHOTO,
    name="申请人照片",
    owner="applicant",
    rule="6个月内的白底免冠正面彩色登记照，JPG，宽550像素、高733像素。",
    hint="面目清晰，不戴有色眼镜，没有反光，不用翻拍的照片。",
    formats=("JPEG",),
    single_picture=True,
    pixels=PIXELS,
    picture_name="照片",
    check=check_photo,
    check_list=(
        "正面免冠，五官清晰，表情自然",
        "白底，没有阴影",
        "不戴有色眼镜，镜片没有反光，没有红眼",
        "头像大小合适，没有碰边",
        "不是翻拍的，是6个月内的照片",
    ),
    examples=(
        Example("8-good", "白底、正面、头部居中"),
        bad(
            "8-background",
            "背景不是白色",
            "background_not_white",
            "background_busy",
            "background_uneven",
        ),
        bad("8-grey", "黑白照片", "not_colour", "photo_blank"),
        bad("8-blurred", "模糊", "photo_blurred", "face_not_found"),
        bad("8-small", "头部太小，不在中间", "face_small", "face_off_centre", "wrong_size"),
        bad("8-large", "头部太大，没有留空", "face_large"),
        bad("8-turned", "横着的", "photo_turned", "rotated_by_mark"),
        bad("8-two", "不止一人", "face_several"),
    ),
    compared=("applicant",),
    must_hold=("不戴有色眼镜、没有反光，不是翻拍的",),
    facts=FactRule(
        TakenForm,
        shown=shown_taken,
        wanted_after=frozenset({DATE_UNKNOWN, DATE_IN_FUTURE}),
    ),
    repair=RepairRule(
        "photo",
        codes=frozenset({"wrong_size", "not_jpeg"}),
        longest=2400,
        make=crop_photo,
        wants_face=True,
    ),
    recognition=RecognitionRule(
        "face",
        judge=judge_faces,
        unread=Finding("not_recognised", "没能自动检查照片中的人脸。", "专员会人工核对。"),
    ),
)
