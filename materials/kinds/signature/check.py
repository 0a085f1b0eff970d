"""The checks of a signature: ground, ink and margins, with their thresholds."""

from datetime import date

from files.pictures import Picture
from materials import measures
from materials.findings import Findings, MaterialFacts

# Width and height in pixels, as Annex 3 prescribes them.
PIXELS = (550, 280)
LOWEST_GROUND = 215
GOOD_GROUND = 235
LOWEST_SHADOW = 200
HIGHEST_TINT = 24
LEAST_INK = 0.003
MOST_INK = 0.25
THIN_INK = 0.008
PALEST_INK = 120
MOST_SHADE = 0.12
MOST_COLOURED = 0.08
CLOSE_TO_EDGE = 8


def check_signature(
    picture: Picture, findings: Findings, _facts: MaterialFacts, _today: date
) -> None:
    ink = measures.measure_ink(picture.image)
    # A large dark block is no paper in shadow, though the paper around it cannot be seen.
    if ink.dark_share > MOST_INK and (ink.share > MOST_INK or ink.dark_level <= PALEST_INK):
        findings.refuse(
            "signature_solid",
            f"画面中深色占{ink.dark_share:.0%}，不像签名（一般不超过25%）。",
            "请确认选对了文件，只扫描白纸上的签名。",
        )
        return
    _check_ground(ink, findings)
    if ink.share < LEAST_INK:
        _report_blank(ink, findings)
    else:
        _check_strokes(ink, picture, findings)


def _check_ground(ink: measures.Ink, findings: Findings) -> None:
    coloured, shadowed = ink.tint > HIGHEST_TINT, ink.ground >= LOWEST_GROUND
    if coloured or not shadowed or ink.darkest_ground < LOWEST_SHADOW:
        found = "带有颜色" if coloured else "有阴影" if shadowed else "偏暗"
        level = min(ink.ground, ink.darkest_ground) if shadowed else ink.ground
        findings.refuse(
            "ground_not_white",
            f"签名的底色{found}（亮度{level:.0f}，白色应接近255），应为白底。",
            "请用黑色笔签在白纸上，在光线均匀处重新扫描或拍照。",
        )
    elif ink.ground < GOOD_GROUND or ink.shade_share > MOST_SHADE:
        findings.warn(
            "ground_uneven",
            "签名的底色有些发灰或有阴影。",
            "如方便，请重新扫描，让底色更白。",
        )
    if ink.is_ruled:
        findings.refuse(
            "ground_ruled",
            "签名底下有横线、格子或折痕，应为没有底纹的白纸。",
            "请签在没有横格的白纸上重新扫描，或裁掉横线。",
        )


def _report_blank(ink: measures.Ink, findings: Findings) -> None:
    # Strokes that are lighter than ink still darken the paper: faint, not absent.
    if ink.share + ink.shade_share >= LEAST_INK:
        findings.refuse(
            "ink_pale",
            "签名的笔迹太淡，几乎看不清。",
            "请用黑色中粗笔重新签名后扫描。",
        )
    else:
        findings.refuse(
            "signature_blank",
            "图片里没有看到签名，几乎是空白的。",
            "请确认选对了文件，签名后再扫描上传。",
        )


def _check_strokes(ink: measures.Ink, picture: Picture, findings: Findings) -> None:
    _check_colour(ink, findings)
    if ink.level > PALEST_INK:
        findings.refuse(
            "ink_pale",
            f"签名的笔迹太淡（深浅为{ink.level:.0f}，黑色接近0，不应高于{PALEST_INK}）。",
            "请用黑色中粗笔重新签名后扫描。",
        )
    if ink.touching:
        findings.refuse(
            "touches_edge",
            "签名的笔画碰到了图片边缘，或扫进了边框。",
            "请重新裁剪，让签名四周都留出空白。",
        )
        return
    if ink.share < THIN_INK:
        findings.warn(
            "signature_thin", "签名的笔画偏细或偏小。", "如看不清楚，请用中粗笔重新签名。"
        )
    if ink.box is None:
        return
    left, top, right, bottom = ink.box
    if min(left, top, picture.width - right, picture.height - bottom) < CLOSE_TO_EDGE:
        findings.warn("close_to_edge", "签名离图片边缘很近。", "请重新裁剪，让签名四周都留出空白。")
    elif right - left < picture.width * 0.3 and bottom - top < picture.height * 0.3:
        findings.warn(
            "signature_small", "签名在图片中显得太小。", "请裁剪得更紧一些，让签名居中、大小合适。"
        )


def _check_colour(ink: measures.Ink, findings: Findings) -> None:
    if ink.coloured <= MOST_COLOURED:
        return
    red, _, blue = ink.hue
    if blue > red:
        findings.warn("ink_blue", "签名是蓝色的，应为白底黑字。", "建议用黑色笔重新签名。")
    else:
        findings.refuse(
            "ink_coloured",
            "画面中有红色或其他颜色的笔迹、印章，应为白底黑字的本人签名。",
            "请用黑色笔在白纸上签名，不要盖章。",
        )
