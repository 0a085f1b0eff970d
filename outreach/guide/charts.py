"""Annexes 1 and 2 as flow charts: steps as data, and where a template draws them.

Narrow enough for a phone: 360 units wide, with letters of 15 and 13 units.
"""

from dataclasses import dataclass
from typing import Final

from accounts import departments
from materials.economies import ECONOMIES
from outreach.wording import StationWords

WIDTH: Final = 360
# Where box and branch begin; their widths, 226 and 104, stand in the template.
BOX_X, SIDE_X = 4, 252
LINE, SMALL_LINE = 21, 18
# Chinese characters that fit a line of the box, and of the branch beside it.
PER_LINE, PER_SIDE_LINE = 13, 6.5
GAP: Final = 26
# What must not begin a line.
CLOSING: Final = "，。、；：）”！？"


@dataclass(frozen=True)
class ChartStep:
    """Who does what; `branch` is what happens where it does not go on."""

    who: str
    what: str
    branch: str = ""


@dataclass(frozen=True)
class Text:
    x: int
    y: int
    words: str


@dataclass(frozen=True)
class Drawn:
    """One step where it stands; `foot` is where the arrow to the next begins."""

    step: ChartStep
    y: int
    height: int
    who: tuple[Text, ...]
    lines: tuple[Text, ...]
    side_y: int
    side_height: int
    side_lines: tuple[Text, ...]
    middle: int
    foot: int
    next_y: int
    is_last: bool


@dataclass(frozen=True)
class Chart:
    code: str
    title: str
    summary: str
    steps: tuple[ChartStep, ...]

    @property
    def drawn(self) -> list[Drawn]:
        found, y = [], 4
        for number, step in enumerate(self.steps, 1):
            one = _draw(step, number, y, is_last=number == len(self.steps))
            found.append(one)
            y = one.next_y
        return found

    @property
    def height(self) -> int:
        return self.drawn[-1].foot + 6

    @property
    def width(self) -> int:
        return WIDTH


def _draw(step: ChartStep, number: int, y: int, *, is_last: bool) -> Drawn:
    who = wrapped(f"{number}　{step.who}", PER_LINE)
    lines = wrapped(step.what, PER_LINE)
    side = wrapped(step.branch, PER_SIDE_LINE) if step.branch else []
    side_height = 14 + SMALL_LINE * len(side) if side else 0
    height = max(15 + LINE * (len(who) + len(lines)), side_height)
    foot, side_y = y + height, y + (height - side_height) // 2
    return Drawn(
        step,
        y,
        height,
        _column(who, BOX_X + 12, y + 22, LINE),
        _column(lines, BOX_X + 12, y + 22 + LINE * len(who), LINE),
        side_y,
        side_height,
        _column(side, SIDE_X + 10, side_y + 4 + SMALL_LINE, SMALL_LINE),
        y + height // 2,
        foot,
        foot + GAP,
        is_last,
    )


def _column(lines: list[str], x: int, y: int, leading: int) -> tuple[Text, ...]:
    return tuple(Text(x, y + leading * place, words) for place, words in enumerate(lines))


def wrapped(text: str, most: float) -> list[str]:
    """Lines of so many Chinese characters; letters and figures count half. No mark begins one."""
    lines, line, width = [], "", 0.0
    for character in text:
        size = 0.55 if character.isascii() else 1.0
        if width + size > most and character not in CLOSING:
            lines.append(line)
            line, width = "", 0.0
        line, width = line + character, width + size
    return [*lines, line]


def charts(words: StationWords) -> list[Chart]:
    """Both annexes as they hold today: departments, fee and economies are asked for."""
    parallel = departments.names(departments.parallel())
    last = departments.last_name()
    fee = words.words("cards.fee")
    cost = f"每张卡{fee}，直接交给外交部，上传缴费凭证" if fee else "直接交给外交部，上传缴费凭证"
    return [
        Chart(
            "way",
            "申办流程",
            "从准备材料到拿到卡，每一步由谁办。",
            (
                ChartStep("企业", "登记企业和申请人，备齐十项材料，在本门户提交"),
                ChartStep("服务站", "资格预审，材料初审", "不齐的，一次告知怎样补正"),
                ChartStep(parallel, "同时核实，分别在审核表上签署"),
                ChartStep(last, "审核，最后签署审核表", "不通过的，说明理由"),
                ChartStep("企业", "下载审核表的图片，到国家系统申报"),
                ChartStep("市政府外办", "审核", "退回的，改好再报"),
                ChartStep("企业", cost),
                ChartStep("外交部领事司", "审核"),
                ChartStep(
                    f"{len(ECONOMIES)}个经济体", "逐个审批，不能催促", "急用的，可以提前制卡"
                ),
                ChartStep("外交部", "制卡"),
                ChartStep("市政府外办", "通知领卡或邮寄"),
                ChartStep("企业", "领卡，登记在本门户，按管理办法保管和使用"),
            ),
        ),
        Chart(
            "service",
            "协办服务流程",
            "服务站在每一步为企业做什么。",
            (
                ChartStep("服务站", "摸底需求，建立台账和工作群"),
                ChartStep("服务站", "宣传政策：宣讲会、走访、公众号"),
                ChartStep("服务站", "受理咨询：热线、网上提问"),
                ChartStep("服务站", "资格预审", "不符合的，告知理由和怎样补上"),
                ChartStep("服务站", "发材料清单和参考文本，材料初审", "不全的，一次告知补正"),
                ChartStep(parallel, "审核表并联流转，力争3个工作日"),
                ChartStep(last, "审核签署"),
                ChartStep("服务站", "指导网上填报，跟踪进度"),
                ChartStep("服务站", "指导领卡和用卡"),
                ChartStep("服务站", "回访，督促企业建章立制"),
                ChartStep("服务站", "续办、换卡、补卡、注销"),
                ChartStep("服务站", "统计报告，建立申办档案"),
            ),
        ),
    ]
