"""Reads printed text and finds faces in a picture, with packages that may be absent.

The models come inside the packages' wheels; nothing is fetched. They take some 700 MB, so only
the recognition worker and `check_material` load them, on first use.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from files.pictures import read_picture

LONGEST_TEXT, LONGEST_PORTRAIT = 2000, 733
# Below this the recogniser guesses; upside-down lines come out here.
SURE = 0.9
# A page that stands upright yields many more sure characters than this.
ENOUGH_CHARACTERS = 40
QUARTERS = (0, 180, 90, 270)
# A face on a portrait is never narrower than this share of the picture's width.
LEAST_FACE = 0.18
CASCADE = "haarcascade_frontalface_default.xml"

Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class LineOfText:
    """A line of text. `score` is 0–1; `box` is in pixels of the picture as it was read."""

    text: str
    score: float
    box: Box


@dataclass(frozen=True)
class Reading:
    """What was seen. `turned` degrees counter-clockwise set the picture upright before reading.

    `width` and `height` are of the picture as it was read, in pixels.
    """

    width: int
    height: int
    turned: int
    lines: tuple[LineOfText, ...] = ()
    faces: tuple[Box, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reading":
        return cls(
            width=data["width"],
            height=data["height"],
            turned=data["turned"],
            lines=tuple(
                LineOfText(line["text"], line["score"], _box(line["box"])) for line in data["lines"]
            ),
            faces=tuple(_box(face) for face in data["faces"]),
        )


def read_text(data: bytes) -> Reading:
    """All lines of text, top to bottom; a page on its side or its head is turned first.

    Raises files.refusals.PictureRefused, and ImportError where the packages are absent.
    """
    upright = read_picture(data, max_bytes=len(data), longest=LONGEST_TEXT).image.convert("RGB")
    best: tuple[int, Image.Image, tuple[LineOfText, ...]] | None = None
    for turned in QUARTERS:
        image = upright.rotate(turned, expand=True) if turned else upright
        lines = _lines(image)
        if best is None or _sure_characters(lines) > _sure_characters(best[2]):
            best = turned, image, lines
        if _sure_characters(lines) >= ENOUGH_CHARACTERS:
            break
    assert best is not None  # noqa: S101 - QUARTERS is not empty
    turned, image, lines = best
    return Reading(image.width, image.height, turned, lines=lines)


def find_faces(data: bytes) -> Reading:
    """Faces that look into the camera; where none stands upright, the picture is turned."""
    upright = read_picture(data, max_bytes=len(data), longest=LONGEST_PORTRAIT).image.convert("L")
    for turned in QUARTERS:
        image = upright.rotate(turned, expand=True) if turned else upright
        faces = _faces(image)
        if faces:
            return Reading(image.width, image.height, turned, faces=faces)
    return Reading(upright.width, upright.height, 0)


def _lines(image: Image.Image) -> tuple[LineOfText, ...]:
    # The library works on OpenCV's order of channels. It is told not to turn single lines: the
    # long row of fillers in a passport's zone looks the same upside down, and it would.
    found = _reader()(np.asarray(image)[:, :, ::-1].copy(), use_cls=False)
    if found.boxes is None:
        return ()
    lines = []
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        left, top = (round(float(v)) for v in corners.min(axis=0))
        right, bottom = (round(float(v)) for v in corners.max(axis=0))
        lines.append(LineOfText(str(text), round(float(score), 3), (left, top, right, bottom)))
    return tuple(lines)


def _sure_characters(lines: Sequence[LineOfText]) -> int:
    """Characters in lines that lie across the page and were read for certain."""
    return sum(
        len(line.text)
        for line in lines
        if line.score >= SURE and line.box[2] - line.box[0] > line.box[3] - line.box[1]
    )


def _faces(image: Image.Image) -> tuple[Box, ...]:
    least = round(image.width * LEAST_FACE)
    found = _detector().detectMultiScale(
        np.asarray(image), scaleFactor=1.1, minNeighbors=6, minSize=(least, least)
    )
    boxes = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in found]
    widest = max((right - left for left, _, right, _ in boxes), default=0)
    # Ties and pockets are taken for small faces; a second person is about as large as the first.
    return tuple(box for box in boxes if (box[2] - box[0]) * 2 >= widest)


@cache
def _reader() -> Any:
    rapidocr = importlib.import_module("rapidocr")
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            # One thread: the pages that people wait for need the other processors.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


@cache
def _detector() -> Any:
    cv2 = importlib.import_module("cv2")
    cv2.setNumThreads(1)
    return cv2.CascadeClassifier(cv2.data.haarcascades + CASCADE)


def _box(values: Sequence[int]) -> Box:
    left, top, right, bottom = values
    return left, top, right, bottom
