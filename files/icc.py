"""Colour profile (ICC.1, three primaries and a curve) of a picture that names its primaries only.

HEIC files of many phones carry no profile but the numbers of ISO/IEC 23091-2 ("nclx"): where red,
green, blue and white lie in CIE 1931, and which curve the values follow.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Final

Matrix = Sequence[Sequence[float]]

D50: Final = (0.9642, 1.0, 0.8249)
# Bradford's adaptation of what was seen under D65 to D50, the white of a profile.
D65_TO_D50: Final = (
    (1.0478112, 0.0228866, -0.0501270),
    (0.0295424, 0.9904844, -0.0170491),
    (-0.0092345, 0.0150436, 0.7521316),
)
D65: Final = (0.3127, 0.3290)
NEAR: Final = 0.002
# BT.709, BT.601, BT.2020 and sRGB: all near sRGB's curve. PQ and HLG, of HDR, are not.
ORDINARY_CURVES: Final = frozenset({1, 6, 13, 14, 15})
# sRGB's curve as a parametric one: exponent, a, b, c, and where the straight part ends.
CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def profile_of(nclx: Mapping[str, float] | None) -> bytes | None:
    """A profile for these numbers, as pillow_heif gives them; None where none can be made.

    So of other whites than D65, of HDR, and where nothing is said.
    """
    if not nclx or nclx.get("transfer_characteristics") not in ORDINARY_CURVES:
        return None
    try:
        red, green, blue, white = (
            (nclx[f"color_primary_{name}_x"], nclx[f"color_primary_{name}_y"])
            for name in ("red", "green", "blue", "white")
        )
    except KeyError:
        return None
    is_d65 = all(abs(one - other) < NEAR for one, other in zip(white, D65, strict=True))
    if not is_d65 or not all(0 < y < 1 for _, y in (red, green, blue)):
        return None
    spread = [(x / y, 1.0, (1 - x - y) / y) for x, y in (red, green, blue)]
    # On one line they span no colours.
    return _profile(_columns(spread)) if abs(_determinant(spread)) > NEAR else None


def _columns(spread: Matrix) -> Matrix:
    """Red, green and blue as XYZ under D50, scaled so that together they are white."""
    white = (D65[0] / D65[1], 1.0, (1 - D65[0] - D65[1]) / D65[1])
    scales = _solved([[column[row] for column in spread] for row in range(3)], white)
    scaled = [[scale * part for part in one] for scale, one in zip(scales, spread, strict=True)]
    return [[_dot(row, one) for row in D65_TO_D50] for one in scaled]


def _solved(rows: Matrix, right: Sequence[float]) -> list[float]:
    """By Cramer's rule."""
    whole = _determinant(rows)
    return [
        _determinant(
            [[*row[:at], value, *row[at + 1 :]] for row, value in zip(rows, right, strict=True)]
        )
        / whole
        for at in range(3)
    ]


def _determinant(rows: Matrix) -> float:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


def _profile(columns: Matrix) -> bytes:
    name = b"primaries\x00"
    curve = b"para" + bytes(4) + struct.pack(">HH", 3, 0) + _fixed(*CURVE)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name)) + name + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\x00",
        b"wtpt": b"XYZ " + bytes(4) + _fixed(*D50),
        **{
            tag: b"XYZ " + bytes(4) + _fixed(*column)
            for tag, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
        },
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size, version = start + len(body), 0x04000000
    head = struct.pack(
        ">I4sI4s4s4s12x4s", size, b"", version, b"mntr", b"RGB ", b"XYZ ", b"acsp"
    ).ljust(68, b"\x00")
    return head + _fixed(*D50) + bytes(48) + table + body


def _fixed(*values: float) -> bytes:
    """Numbers as a profile writes them: 16 bits before the point and 16 behind it."""
    return struct.pack(f">{len(values)}i", *(round(65536 * value) for value in values))
