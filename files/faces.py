"""Face finder: the box of the one upright face of a picture, while people wait."""

import json
import logging
import subprocess
import sys

from files.apart import run_apart
from files.recognition import Box, Reading
from files.recognition_packages import is_available

FINDER = [sys.executable, "-m", "files.face_finder"]
TIMEOUT_SECONDS = 10
LAST_WORDS = 300  # of a failed program, for the log

logger = logging.getLogger(__name__)


def find_face(data: bytes) -> tuple[Box, tuple[int, int]] | None:
    """Box and size of the picture that it was found in, in pixels.

    None where there is no face, or more than one, or nothing to find it with.
    """
    if not is_available():
        return None
    try:
        finished = run_apart(FINDER, data, seconds=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        logger.warning("找人脸超过%s秒，按画面裁剪。", TIMEOUT_SECONDS)
        return None
    if finished.returncode != 0:
        logger.warning(
            "找人脸的程序失败（%s），按画面裁剪：%s",
            finished.returncode,
            finished.stderr.decode(errors="replace")[-LAST_WORDS:].strip(),
        )
        return None
    reading = Reading.from_json(json.loads(finished.stdout))
    if len(reading.faces) != 1 or reading.turned:
        return None
    return reading.faces[0], (reading.width, reading.height)
