"""What is often sent back of what was typed, said beforehand. Only hints: practice differs.

The posts are those of published guidance for applicants; the age is APEC's, which no Chinese
page repeats.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Protocol

from django.utils import timezone

from core import text
from core.dates import months_later
from core.identifiers import birth_date_of, is_official_passport

ADULT_MONTHS = 18 * 12
SEVERAL_POSTS = re.compile(r"[、，,/／；;＋+&兼]")
NOT_A_POST = ("书记", "法人")
SELDOM_ACCEPTED = ("行政", "财务", "会计", "出纳", "翻译", "文员", "司机", "秘书", "后勤")
# Titles of people in a department, which has to be named with them.
BARE = frozenset(
    {
        "经理",
        "副经理",
        "主管",
        "主任",
        "副主任",
        "科长",
        "业务员",
        "职员",
        "员工",
        "工作人员",
        "助理",
    }
)


class Named(Protocol):
    @property
    def name(self) -> str: ...


class TypedPerson(Protocol):
    """What is typed of an applicant, as far as there is something to say of it."""

    @property
    def name(self) -> str: ...

    @property
    def post(self) -> str: ...

    @property
    def id_number(self) -> str: ...

    @property
    def passport_number(self) -> str: ...

    @property
    def enterprise(self) -> Named: ...


def hints_for(applicant: TypedPerson, *, today: date | None = None) -> dict[str, str]:
    """By field of the applicant: what to look at again before it is submitted."""
    today = today or timezone.localdate()
    found = {
        "name": name_hint(applicant.name),
        "post": post_hint(applicant.post, applicant.enterprise.name),
        "id_number": _age_hint(applicant.id_number, today),
        "passport_number": _passport_hint(applicant.passport_number),
    }
    return {field: hint for field, hint in found.items() if hint}


def post_hint(post: str, enterprise: str) -> str:
    return "".join(_of_post(text.name(post), text.name(enterprise)))


def _of_post(post: str, enterprise: str) -> Iterator[str]:
    if SEVERAL_POSTS.search(post):
        yield "职务只写一个，不写兼任的。"
    if enterprise in post or "公司" in post or "有限" in post:
        yield "职务不带公司名称。"
    for word in NOT_A_POST:
        if word in post:
            yield f"“{word}”不能作为职务，请写商务上的职务，例如总经理。"
    if post in BARE:
        yield "请写明部门，例如“销售部经理”。"
    unusual = [word for word in SELDOM_ACCEPTED if word in post]
    if unusual:
        yield f"{unusual[0]}岗位一般不直接开展对外商务，常被退回，请在公函中写明出国商务的需要。"


def name_hint(name: str) -> str:
    if re.search(r"[0-9A-Za-z\s]", name):
        return "姓名中有字母、数字或空格，请与身份证核对。"
    return ""


def _age_hint(id_number: str, today: date) -> str:
    if months_later(birth_date_of(id_number), ADULT_MONTHS) > today:
        return "申请人不满18周岁，商务旅行卡一般只发给成年的商务人员。"
    return ""


def _passport_hint(number: str) -> str:
    if is_official_passport(number):
        return "号码以P或S开头，是因公护照；因私出国请填写以E开头的普通护照。"
    return ""
