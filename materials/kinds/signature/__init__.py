"""Material 9: the applicant's signature."""

from materials.kind import MaterialKind
from materials.kinds.signature.check import PIXELS, check_signature
from materials.kinds.signature.repair import redraw_signature
from materials.numbers import MaterialNumber
from materials.rules.examples import Example, bad
from materials.rules.repair import RepairRule

SIGNATURE = MaterialKind(
    number=MaterialNumber.SIGNATURE,
    name="申请人签名",
    owner="applicant",
    rule="白底的本人签名扫描件，JPG，宽550像素、高280像素。",
    hint="用黑色中粗笔签在白纸中间，四周留空，与护照上的签名一致。",
    formats=("JPEG",),
    single_picture=True,
    pixels=PIXELS,
    picture_name="签名",
    check=check_signature,
    check_list=(
        "本人亲笔，与护照上的签名一致",
        "白底黑字，没有底纹和横格",
        "笔画清楚、粗细合适，居中，不碰边",
    ),
    examples=(
        Example("9-good", "白底黑字，居中，四周留空"),
        bad("9-edge", "笔画碰到边缘", "touches_edge", "close_to_edge", "wrong_size"),
        bad("9-pale", "笔迹太淡、太细", "ink_pale", "signature_thin", "signature_blank"),
        bad("9-ground", "底色发灰，有阴影", "ground_not_white", "ground_uneven"),
        bad("9-ruled", "有横格、底纹", "ground_ruled"),
        bad("9-red", "红笔、蓝笔，或盖了章", "ink_coloured", "ink_blue"),
        bad("9-small", "签名太小", "signature_small"),
        bad("9-solid", "涂满了，看不出签名", "signature_solid"),
    ),
    compared=("applicant",),
    must_hold=("申请人本人所签，与护照上的签名一致",),
    repair=RepairRule(
        "signature",
        codes=frozenset(
            {
                "wrong_size",
                "not_jpeg",
                "ground_not_white",
                "ground_ruled",
                "touches_edge",
                "ink_pale",
            }
        ),
        longest=1800,
        make=redraw_signature,
    ),
)
