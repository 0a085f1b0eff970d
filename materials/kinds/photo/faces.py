"""The face on a portrait, as a detector frames it."""

from datetime import date

from files.recognition import Reading
from materials.findings import Findings, MaterialFacts

# The detector frames a face from brow to chin, somewhat wider than the cheeks. Shares of the
# picture's width and height that a portrait of a studio stays well within.
NARROWEST_FACE, WIDEST_FACE = 0.30, 0.78
LEFTMOST, RIGHTMOST = 0.38, 0.62
HIGHEST, LOWEST = 0.25, 0.60


def judge_faces(reading: Reading, findings: Findings, _facts: MaterialFacts, _today: date) -> None:
    """One upright face of a sensible size in a sensible place. Only warnings: a detector errs."""
    if not reading.faces:
        findings.warn(
            "face_not_found",
            "没有认出正面的人脸，可能是头部倾斜、被遮挡，或照片不清楚。",
            "请看一看是否为正面免冠照片；专员会人工核对。",
        )
    elif len(reading.faces) > 1:
        findings.warn(
            "face_several",
            f"照片里好像有{len(reading.faces)}张人脸，应只有申请人一人。",
            "请裁剪或重新拍摄，只留申请人。",
        )
    elif reading.turned:
        findings.warn(
            "photo_turned",
            "照片是横着或倒着的。",
            "请旋转成正向，再按宽550、高733像素裁剪。",
        )
    else:
        _check_face(reading, findings)


def _check_face(reading: Reading, findings: Findings) -> None:
    left, top, right, bottom = reading.faces[0]
    width = (right - left) / reading.width
    across, down = (left + right) / 2 / reading.width, (top + bottom) / 2 / reading.height
    if width < NARROWEST_FACE:
        findings.warn(
            "face_small",
            f"头部在照片中偏小（脸宽约占{width:.0%}，一般在一半左右）。",
            "请裁剪得更近一些，露出双肩上部即可。",
        )
    elif width > WIDEST_FACE:
        findings.warn(
            "face_large",
            f"头部在照片中偏大（脸宽约占{width:.0%}，一般在一半左右）。",
            "请裁剪得远一些，头顶和两侧要留出空白。",
        )
    elif not (LEFTMOST < across < RIGHTMOST and HIGHEST < down < LOWEST):
        findings.warn(
            "face_off_centre",
            "头部不在照片中间。",
            "请重新裁剪，让头部左右居中，头顶上方留少许空白。",
        )
