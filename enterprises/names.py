"""The core of a company's name: what is left without place and legal form, for comparing.

Raw similarity fails for Chinese company names, which share district and form: two that are the
same differ there, and two strangers agree there.
"""

import re
from typing import Final

from django.conf import settings

from core import text

SIGNS: Final = re.compile(r"[（）()\[\]【】·.,，、\-—\s\"“”'&]")
# The longest first: 股份有限公司 is not left as 股份.
FORMS: Final = (
    "股份有限公司", "有限责任公司", "有限公司", "集团公司", "分公司", "责任公司", "公司",
    "合伙企业普通合伙", "合伙企业有限合伙", "普通合伙", "有限合伙", "个人独资企业", "集团",
)  # fmt: skip


# Province and city at the beginning, whichever they are.
PLACE: Final = re.compile(r"^(?:[\u4e00-\u9fff]{2,3}省)?(?:[\u4e00-\u9fff]{2,3}市)?")


def core_of(name: str) -> str:
    """样例贸易 of 重庆市万州区样例贸易有限公司; the whole name where nothing else is left."""
    plain = SIGNS.sub("", text.name(name)).lower()
    core = PLACE.sub("", plain)
    for place in (settings.DISTRICT_NAME, settings.STATION_SHORT):
        core = core.replace(place, "")
    for form in FORMS:
        if core.endswith(form):
            core = core.removesuffix(form)
            break
    return core or plain
