"""What a search offers to be added to the ledger: only where the words may be an enterprise."""

import re
from collections.abc import Sequence
from typing import Final

from core import text
from core.phones import PHONE, canonical_phone
from reports.finding.result import ResultGroup

# Results that are enterprises; of any other kind the words were a person, a number, an economy.
ENTERPRISES: Final = frozenset({"企业", "台账"})
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
# What ends or stands in names of enterprises and hardly in those of persons.
COMPANY: Final = re.compile(
    r"公司|集团|工厂|[厂店行社所部场]$|中心|合作社|合伙|企业|商贸|贸易|实业|科技|学校|医院|研究院"
    r"|\b(?:co|ltd|inc|llc|gmbh)\b",
    re.IGNORECASE,
)
# Two words of letters are a name; one alone is initials as likely.
LATIN: Final = re.compile(r"[A-Za-z]{2,}[\s.,&-]+[A-Za-z]{2,}")
PERSON: Final = re.compile(r"[\u4e00-\u9fff]{2,3}")
# The commonest surnames, nine persons of ten.
SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤牟冉"
)


def new_row_words(words: str, groups: Sequence[ResultGroup]) -> str:
    """The words of the button that begins a new row; empty where a new row would be none."""
    kinds = {result.kind for group in groups for result in group.results}
    if PHONE.fullmatch(canonical_phone(words)):
        return "" if groups else f"新建台账，联系电话{words}"
    if COMPANY.search(words) or LATIN.search(words):
        return _unless_there(words, groups)
    if not CHINESE.search(words) or kinds - ENTERPRISES:
        return ""
    if not groups and PERSON.fullmatch(words) and words[0] in SURNAMES:
        return f"“{words}”是单位名称的，在台账里新建"
    return _unless_there(words, groups)


def _unless_there(words: str, groups: Sequence[ResultGroup]) -> str:
    """The very name stands there already: a second row would be a double."""
    name = text.name(words)
    for group in groups:
        if any(one.kind in ENTERPRISES and one.label == name for one in group.results):
            return ""
    return f"新建台账：{words}"
