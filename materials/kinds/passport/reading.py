"""What a machine reads on the passport's page: whether it is whole, upright, and its zone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from files.recognition import LineOfText, Reading
from materials.findings import Findings, MaterialFacts
from materials.kinds.passport import mrz
from materials.kinds.passport.zone import check_zone

# Of the zone's width: on a whole page some 0.06 lie left and right of it, 0.58 above, 0.08 below.
LEAST_BESIDE, LEAST_ABOVE, LEAST_BELOW = 0.015, 0.54, 0.02


def judge_passport(reading: Reading, findings: Findings, facts: MaterialFacts, today: date) -> None:
    """Hold the zone that was read against `facts`, and say where the page is cut or turned."""
    check_zone(findings, replace(facts, mrz_text=zone_text(reading.lines)), today)
    check_whole(reading, findings)
    if reading.turned:
        findings.warn(
            "passport_turned", "扫描件方向不正，是横着或倒着的。", "请旋转成正向后重新上传。"
        )


def check_whole(reading: Reading, findings: Findings) -> None:
    """The whole page: how much of it lies around the zone, whose place on it is prescribed."""
    zone = [line.box for line in reading.lines if mrz.zone_line(line.text)]
    if not zone:
        return
    left, top = min(box[0] for box in zone), min(box[1] for box in zone)
    right, bottom = max(box[2] for box in zone), max(box[3] for box in zone)
    width = right - left
    room = (
        ("左边", left, LEAST_BESIDE),
        ("右边", reading.width - right, LEAST_BESIDE),
        ("上边", top, LEAST_ABOVE),
        ("下边", reading.height - bottom, LEAST_BELOW),
    )
    cut = [side for side, found, least in room if found < least * width]
    if cut:
        findings.warn(
            "passport_cut",
            f"护照首页的{'、'.join(cut)}好像没有拍全。",
            "请把整页放进画面，四个角都要看得到，再重新扫描或拍照。",
        )


def zone_text(lines: Sequence[LineOfText]) -> str:
    """The lines top to bottom, what stands side by side joined: a gap may split the zone."""
    rows: list[list[LineOfText]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        if rows and _continues(line, rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return "\n".join(
        "".join(line.text for line in sorted(row, key=lambda line: line.box[0])) for row in rows
    )


def _continues(line: LineOfText, row: Sequence[LineOfText]) -> bool:
    """On the height of the row's last line, and beside them all: of two sloping lines that lie
    below each other the boxes meet as well."""
    left, top, right, bottom = line.box
    height, last = bottom - top, row[-1].box
    is_level = abs(last[1] + last[3] - top - bottom) < height
    return is_level and all(
        min(right, other.box[2]) - max(left, other.box[0]) < height for other in row
    )
