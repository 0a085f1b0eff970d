"""The economies that a card's holder from China may enter without a visa, as data."""

from dataclasses import dataclass
from datetime import date

# Three city offices publish the same sixteen; Canada and the United States give no pre-clearance.
SOURCE = "淮安市外办《APEC商务旅行卡是什么》，与广州（2024）、深圳（2022）的指南一致"
AS_OF = date(2025, 8, 29)


@dataclass(frozen=True)
class Economy:
    """`code` is ISO 3166 alpha-3."""

    code: str
    name: str


ECONOMIES: tuple[Economy, ...] = (
    Economy("JPN", "日本"),
    Economy("KOR", "韩国"),
    Economy("MYS", "马来西亚"),
    Economy("IDN", "印度尼西亚"),
    Economy("BRN", "文莱"),
    Economy("PHL", "菲律宾"),
    Economy("SGP", "新加坡"),
    Economy("THA", "泰国"),
    Economy("VNM", "越南"),
    Economy("AUS", "澳大利亚"),
    Economy("NZL", "新西兰"),
    Economy("PNG", "巴布亚新几内亚"),
    Economy("CHL", "智利"),
    Economy("PER", "秘鲁"),
    Economy("MEX", "墨西哥"),
    Economy("RUS", "俄罗斯"),
)
NAMES = {economy.code: economy.name for economy in ECONOMIES}
