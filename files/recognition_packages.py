"""Presence of the recognition packages. Light: the supervisor and every web page ask it."""

import importlib.util
from functools import cache

from django.conf import settings

PACKAGES = ("rapidocr", "onnxruntime", "cv2")


def is_available() -> bool:
    """RECOGNITION is on, off, or auto: on where the packages are installed."""
    if settings.RECOGNITION == "auto":
        return _is_installed()
    return bool(settings.RECOGNITION == "on")


@cache
def _is_installed() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in PACKAGES)
