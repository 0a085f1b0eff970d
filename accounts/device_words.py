"""Words for a browser, as its owner would call it: “iPhone 上的微信”. Good for recognising it only.

No list of agents: people here use the browsers of phone makers and of chat applications, which
libraries of agents know little of, and two words are all that is needed.
"""

from typing import Final

# The first that stands in the agent; what pretends to be another stands before it.
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "鸿蒙设备"),
    ("OpenHarmony", "鸿蒙设备"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("UOS", "统信电脑"),
    ("Linux", "Linux 电脑"),
)
BROWSERS: Final = (
    ("wxwork/", "企业微信"),
    ("MicroMessenger/", "微信"),
    ("DingTalk/", "钉钉"),
    ("QQBrowser/", "QQ浏览器"),
    ("UCBrowser/", "UC浏览器"),
    ("HuaweiBrowser/", "华为浏览器"),
    ("MiuiBrowser/", "小米浏览器"),
    ("HeyTapBrowser/", "OPPO浏览器"),
    ("VivoBrowser/", "vivo浏览器"),
    ("360SE", "360浏览器"),
    ("360EE", "360浏览器"),
    ("QIHU", "360浏览器"),
    ("MetaSr", "搜狗浏览器"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
UNKNOWN: Final = "认不出的设备"


def device_words(agent: str) -> str:
    """From the header User-Agent; anybody may write there what he likes."""
    system = next((words for sign, words in SYSTEMS if sign in agent), "")
    browser = next((words for sign, words in BROWSERS if sign in agent), "")
    if system and browser:
        return f"{system}上的{browser}"
    return system or browser or UNKNOWN
