"""The pages of the public guide as data: for the head's menu, the home page and the search."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class GuidePage:
    """`template` holds the text of the page, which the search reads as well."""

    code: str
    label: str
    title: str
    summary: str
    icon: str
    template: str

    @property
    def url_name(self) -> str:
        return f"outreach:{self.code}"


PAGES: Final = (
    GuidePage(
        "card",
        "这张卡",
        "这张卡能做什么",
        "去哪里、待多久、怎样过关",
        "globe-asia-australia",
        "outreach/guide/_card.html",
    ),
    GuidePage(
        "who",
        "谁能办",
        "谁可以申办",
        "企业和申请人的条件",
        "person-check",
        "outreach/guide/_who.html",
    ),
    GuidePage(
        "steps",
        "怎么办",
        "怎样办理",
        "两张流程图，每一步由谁办",
        "signpost-split",
        "outreach/guide/_steps.html",
    ),
    GuidePage(
        "materials",
        "材料",
        "十项材料",
        "合格和不合格的样子",
        "file-earmark-text",
        "outreach/guide/_materials.html",
    ),
    GuidePage(
        "cost",
        "费用时间",
        "费用和时间",
        "交多少、交给谁、要多久",
        "cash-coin",
        "outreach/guide/_cost.html",
    ),
    GuidePage(
        "questions",
        "问答",
        "常见问题",
        "大家问得最多的",
        "question-circle",
        "outreach/guide/_questions.html",
    ),
    GuidePage(
        "downloads",
        "下载",
        "下载参考文本",
        "公函、承诺书、管理办法",
        "download",
        "outreach/guide/_downloads.html",
    ),
    GuidePage(
        "contact",
        "联系",
        "服务站在哪里",
        "地址、时间、热线",
        "geo-alt",
        "outreach/guide/_contact.html",
    ),
)
BY_CODE: Final = {page.code: page for page in PAGES}
