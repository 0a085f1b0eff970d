"""Chinese typefaces on this machine."""

import subprocess
from functools import cache
from pathlib import Path

from PIL import ImageFont

# Debian's fonts-noto-cjk and fonts-lxgw-wenkai. In the collections, face 2 is Simplified Chinese.
SANS = (("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),)
BOLD = (("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2),)
SERIF = (("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),)
MONO = (("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),)
HAND = (
    ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Medium.ttf", 0),
    ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),
    ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf", 0),
)

Faces = tuple[tuple[str, int], ...]


class FontMissing(RuntimeError):
    """No typeface with Chinese characters is installed."""


@cache
def font(faces: Faces, size: int) -> ImageFont.FreeTypeFont:
    """The first of `faces` that is installed, else any Chinese face that fontconfig knows."""
    for path, index in faces:
        if Path(path).is_file():
            return ImageFont.truetype(path, size, index=index)
    return ImageFont.truetype(_any_chinese_face(), size)


@cache
def _any_chinese_face() -> str:
    try:
        listed = subprocess.run(
            ["fc-list", "--format=%{file}\n", ":lang=zh-cn"],  # noqa: S607 - found by PATH
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        ).stdout.split("\n")
    except (OSError, subprocess.SubprocessError):
        listed = []
    found = sorted(filter(None, listed))
    if not found:
        raise FontMissing("没有找到中文字体。请安装 fonts-noto-cjk 和 fonts-lxgw-wenkai 后再试。")
    return found[0]
